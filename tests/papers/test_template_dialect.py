"""The templates' language: what it refuses names the file and the line; a municipality's folder comes first."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from governance.papers.blocks import HEADINGS, LISTS, PARAGRAPHS, TABLES
from governance.papers.templates import TemplateProblem, Templates
from tests.papers import samples

FOLDER = Path(__file__).parents[2] / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Templates]:
    """Templates whose first folder holds an agenda of one's own."""

    def make(source: str) -> Templates:
        (tmp_path / "agenda.md.j2").write_text(source, encoding="utf-8")
        return Templates([tmp_path, FOLDER])

    return make


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("# T\n\nText. {.forslg}\n", 3, "okänd klass {.forslg}; menade du forslag?"),
        ("# T\n\n### Hopp\n", 3, "rubriken hoppar över en nivå; skriv ## i stället för ###"),
        ("# T\n\n| A | |\n|---|---|\n| x | y |\n", 3, "varje kolumn i tabellen behöver en rubrik i första raden"),
        (
            '# T\n\n{.tabell bredder="50 40"}\n| A | B |\n|---|---|\n| x | y |\n',
            4,
            "bredder ska vara 2 tal som tillsammans är 100",
        ),
        ("# T\n\n![](bild.png)\n", 3, "bilder används inte i mallarna; märket står i brevmallen"),
        (
            "# T\n\n[x](javascript:alert)\n",
            3,
            "länken 'javascript:alert' behöver börja med https:, http:, mailto: eller tel:",
        ),
        ("# T\n\n{% macro x() %}{% endmacro %}\n", 3, "taggen {% macro %} används inte i mallarna"),
        ("# T\n\n\n{% if paper %}\ntext\n", 4, "Jinja-taggen går inte att läsa"),
        ("# T\n\n{{ paper.document_name | storstor }}\n", 3, "No filter named 'storstor'"),
        ("# T\n\nHej\n\n{{ paper.dokumentnamn }}\n", 5, "mallen kan inte fyllas i: "),
        ("# T\n\nBesked: {{ paper.document_name | md }}\n", 3, "text genom md eller super() ger egna stycken"),
        ("# T\n\n{% if paper %}Hej\n\n{% endif %}\n", 3, "{% if %} stängs inte i samma stycke"),
        ("# T\n\n{.forslag}\n", 3, "{.forslag} står inte före något"),
        ("# T\n\n- a\n\n  b\n", 3, "en punkt i en lista är ett enda stycke"),
    ],
)
def test_mistake_is_told_with_file_line_and_remedy(
    own: Callable[..., Templates], tmp_path: Path, source: str, line: int, text: str
) -> None:
    with pytest.raises(TemplateProblem) as caught:
        own(source).docx("agenda", paper=samples.agenda())
    assert str(caught.value).startswith(f"{tmp_path / 'agenda.md.j2'}:{line}: {text}")


@pytest.mark.parametrize(
    "expression",
    [
        "paper.__class__",
        "paper.document_name.__class__.__mro__",
        "''.join(['a'])",
        "'a' * 1000000000",
        "2 ** 100000",
        "'%1000000000d' % 1",
        "'{:1000000000}'.format(1)",
        "'x'.ljust(1000000000)",
        "'x' | center(1000000000)",
        "range(3)",
        "cycler",
        "lipsum(9)",
        "paper.items.append(1)",
    ],
)
def test_template_cannot_reach_out_or_grow(own: Callable[..., Templates], expression: str) -> None:
    with pytest.raises(TemplateProblem):
        own(f"# T\n\n{{{{ {expression} }}}}\n").text("agenda", paper=samples.agenda())


def test_template_name_cannot_leave_its_folder(own: Callable[..., Templates]) -> None:
    with pytest.raises(TemplateProblem):
        own("# T\n").text("../agenda", paper=samples.agenda())


def test_own_folder_comes_first_and_the_others_fill_in(own: Callable[..., Templates]) -> None:
    templates = own("# Vår egen dagordning\n\nHej {{ paper.facts.body }}!\n")
    assert templates.text("agenda", paper=samples.agenda()).endswith("\nHej Brottsförebyggande rådet!\n")
    assert templates.render("situation", paper=samples.situation()).title == "Veckolägesbild, vecka 2 2027"


def test_own_part_changes_every_paper_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "proposal.md.j2").write_text("Egen text.\n", encoding="utf-8")
    text = Templates([tmp_path, FOLDER]).text("annual_follow_up", paper=samples.annual_follow_up())
    assert "Förslag till beslut\n-------------------\n\nEgen text.\n" in text


def test_own_template_extends_a_block_of_the_one_that_ships(tmp_path: Path) -> None:
    base, own = tmp_path / "base", tmp_path / "own"
    base.mkdir()
    own.mkdir()
    (base / "note.md.j2").write_text("# T\n\n{% block middle %}\nFörst.\n{% endblock %}\n\nSist.\n", encoding="utf-8")
    (own / "note.md.j2").write_text(
        '{% extends "kadens/note.md.j2" %}\n{% block middle %}\n{{ super() }}\n\nEget.\n{% endblock %}\n',
        encoding="utf-8",
    )
    assert Templates([own, base]).text("note", paper=None) == "T\n=\n\nFörst.\n\nEget.\n\nSist.\n"


def test_letter_has_subject_text_and_page(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "hello.md.j2").write_text(
        "subject: Till {{ name }} från {{ town }}\n\nHej {{ name }}!\n\n[Öppna sidan]({{ url }})\n", encoding="utf-8"
    )
    letter = Templates([tmp_path, FOLDER]).letter(
        "hello", name="Åke\nBcc: x", town="Å & Ö", url="https://x.example/?a=1&b=2"
    )
    assert letter.subject == "Till Åke Bcc: x från Å & Ö"
    assert letter.text == "Hej Åke\nBcc: x!\n\nÖppna sidan <https://x.example/?a=1&b=2>\n"
    assert '<a href="https://x.example/?a=1&amp;b=2">Öppna sidan</a>' in letter.html


def test_link_to_elsewhere_than_the_web_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "hello.md.j2").write_text("subject: x\n\n[Öppna]({{ url }})\n", encoding="utf-8")
    with pytest.raises(TemplateProblem, match=r"hello\.md\.j2:3: .*behöver börja med https:"):
        Templates([tmp_path, FOLDER]).letter("hello", url="javascript:alert(1)")


def test_loop_around_points_is_one_list(own: Callable[..., Templates]) -> None:
    source = "# T\n\n{% for item in paper.items %}\n1. {{ item.title }}\n{% endfor %}\n"
    page = own(source).html("agenda", paper=samples.agenda())
    assert (page.count("<ol>"), page.count("<li>")) == (1, 12)
    document = docx.Document(io.BytesIO(own(source).docx("agenda", paper=samples.agenda())))
    assert len({p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"}) == 1


def test_readme_names_every_class_and_filter() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    classes = {*re.findall(r"\{\.([a-z]+)", readme)} - {"forslg"}
    assert classes == PARAGRAPHS | LISTS | HEADINGS | TABLES
    templates = Templates([FOLDER])
    templates.text("agenda", paper=samples.agenda(1))
    filters = set(templates._environments["text"].filters) - {"md", "d"}
    assert {*re.findall(r"`([a-z_]+)`", readme.partition("## Filter")[2])} == filters
