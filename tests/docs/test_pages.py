"""The pages hang together: links resolve, code names exist, verbs and keys are documented, records load."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs.build import TEXTS, readme_config
from governance.cli.arguments import VERBS, build_parser
from governance.config import load
from governance.config.record import read_record
from tests.docs.pages import PAGES, ROOT, anchors, blocks, commands, links, named, without_code

PROSE = [page for page in PAGES if page.parent.name != "reference"]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_pages_resolve(page: Path) -> None:
    broken = []
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", TEXTS)
def test_generated_text_is_as_the_build_makes_it(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == TEXTS[name](), "run: make docs"


def test_readme_yaml_loads_without_an_error_and_has_the_four_bodies(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(readme_config(), "utf-8")
    loaded = load(config)
    assert [problem for problem in loaded.problems if problem.severity == "error"] == []
    (town,) = loaded.municipalities
    assert list(town.bodies) == ["operativ-grupp", "beredningsgrupp", "brottsforebyggande-rad", "styrgrupp"]


def test_readme_yaml_has_the_rhythms_of_the_bundled_config(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(readme_config(), "utf-8")
    (short,), (whole,) = load(config).municipalities, load(ROOT / "config.yaml").municipalities
    assert {key: body.cadence for key, body in short.bodies.items()} == {
        key: body.cadence for key, body in whole.bodies.items() if not body.external
    }


def test_readme_picture_is_small_enough_for_a_first_screen() -> None:
    picture = ROOT / "docs/pictures/agenda.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size < 200_000


def test_every_verb_has_its_section_in_the_reference() -> None:
    page = (ROOT / "docs/reference/command.md").read_text("utf-8")
    documented = re.findall(r"^## kadens (\S+)$", page, re.MULTILINE)
    assert set(documented) == {verb.name for verb in VERBS}


def test_every_config_key_has_its_row_in_the_reference() -> None:
    page = (ROOT / "docs/reference/config.md").read_text("utf-8")
    said = subprocess.run([sys.executable, "-m", "governance", "schema"], check=True, capture_output=True, cwd=ROOT)
    schema = json.loads(said.stdout)
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    assert sorted(key for key in keys if f"| `{key}` |" not in page) == []


@pytest.mark.parametrize("page", PROSE, ids=named)
def test_every_command_on_a_page_is_one_that_kadens_takes(page: Path) -> None:
    parser = build_parser()
    for language, content in blocks(page):
        for command in commands(content) if language == "console" else ():
            program, *words = command.words.split()
            if program == "kadens" and words:
                assert parser.parse_args([_day(word) for word in words]).verb in VERBS, command.words


@pytest.mark.parametrize("page", PROSE, ids=named)
def test_every_command_named_in_a_sentence_exists(page: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    verbs = {verb.name for verb in VERBS}
    named_here = set(re.findall(r"`kadens (?:--[\w-]+ [\w.…-]+ )*([a-z]+)", text))
    planned = {"backup", "restore", "doctor"}
    assert named_here - verbs - planned == set()


def _day(word: str) -> str:
    """A placeholder as something that the parser takes."""
    return {"DATE": "2027-01-01", "DATUM": "2027-01-01", "NUMMER": "1"}.get(word, word)


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/handbok/*.md")), ids=named)
def test_record_files_in_the_handbook_load(page: Path, tmp_path: Path) -> None:
    towns = load(ROOT / "config.yaml").municipalities
    for language, content in blocks(page):
        if language == "yaml" and content.startswith("- meeting:"):
            file = tmp_path / "record.yaml"
            file.write_text(content, "utf-8")
            read = read_record(file, towns)
            assert [str(problem) for problem in read.problems if problem.severity == "error"] == []
            assert read.entries


def test_glossary_names_only_words_of_the_code() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]*) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    words = {word for cell in rows for word in re.findall(r"`([^`]+)`", cell)}
    code = "\n".join(path.read_text("utf-8") for path in ROOT.glob("governance/**/*.py"))
    assert len(words) > 50
    assert sorted(word for word in words if not re.search(rf"\b{re.escape(word)}\b", code)) == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/decisions/*.md")), ids=named)
def test_decisions_are_short_and_have_context_options_and_outcome(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.splitlines()) < 40
    missing = [part for part in ("Context", "Option", "Outcome") if part not in text]
    assert missing == [] or page.name == "0002-dependencies.md"


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text("utf-8")
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = told["project"]["optional-dependencies"].values()
    wanted = [*told["project"]["dependencies"], *told["dependency-groups"]["dev"], *itertools.chain(*extras)]
    names = {name[0] for each in wanted if (name := re.match(r"[\w.-]+", each))}
    covered = re.sub(r"`types-\*`", " ".join(name for name in names if name.startswith("types-")), page)
    assert {"prefect", "pytest", "psycopg"} <= names
    assert sorted(name for name in names if name not in covered) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pages_have_one_title_and_skip_no_heading_level(page: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_prose_leaves_no_work_behind() -> None:
    marks = [
        named(page) for page in PAGES if re.search(r"\b(TODO|FIXME|XXX|lorem)\b", without_code(page.read_text("utf-8")))
    ]
    assert marks == []
