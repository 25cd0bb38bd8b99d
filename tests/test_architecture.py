"""The house stands as docs/architecture.md draws it: directions, purity, sizes, words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*ROOT.glob("governance/**/*.py"), *ROOT.glob("flows/**/*.py")])
CODE = sorted([*SOURCES, *ROOT.glob("bench/*.py"), *ROOT.glob("docs/*.py"), *ROOT.glob("migrations/**/*.py")])
LONGEST_FILE = 550  # lines; the questions to the archive stand together
LONGEST_FUNCTION = 55  # lines, from the first after its docstring; half of them have six or fewer

# What no text of the project names: whoever reads it has another machine and another mirror.
FOREIGN = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp)/|pypi\.org|pythonhosted|npmjs\.(?:org|com)")
CEREMONY = re.compile(r"(?:Manager|Helper|Util|Utils|Handler)$")


def named(path: Path) -> str:
    """The file as a test's id."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Every module that the file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of the function's body, its docstring apart."""
    first = function.body[1:2] if ast.get_docstring(function) else function.body[:1]
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0


def texts() -> list[Path]:
    """Every text of the project: what git tracks in a clone, but the locks and these tests."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if listed.returncode:
        pytest.skip("no clone: git knows no files here")
    binary = {".docx", ".png", ".lock"}
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix not in binary and path.exists() and path != Path(__file__)]


def test_import_contracts_hold() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout


def test_model_imports_the_standard_library_alone() -> None:
    model = [path for path in SOURCES if path.parent.name == "model"]
    names = {name for path in model for name in imported(path) if not name.startswith("governance.model")}
    assert len(model) > 20
    assert sorted(name for name in names if name.partition(".")[0] not in sys.stdlib_module_names) == []


def test_model_reads_no_clock_and_no_files() -> None:
    calls = re.compile(r"\b(?:date\.today|datetime\.now|datetime\.utcnow|time\.time|open|Path)\(")
    reading = [named(path) for path in SOURCES if path.parent.name == "model" and calls.search(path.read_text("utf-8"))]
    assert reading == []


def test_prefect_is_imported_in_flows_alone() -> None:
    users = {path.parts[len(ROOT.parts)] for path in CODE if any(name.startswith("prefect") for name in imported(path))}
    assert users == {"flows"}


def test_nothing_runs_when_the_command_is_imported() -> None:
    """--help answers at once: none of what takes long to import is there after it."""
    heavy = "{'prefect', 'sqlalchemy', 'pydantic', 'jinja2', 'lxml', 'icalendar', 'rich', 'yaml'}"
    asked = f"import sys, governance.cli.arguments as a; a.build_parser(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", CODE, ids=named)
def test_file_says_what_it_is_for_and_stays_readable(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= LONGEST_FILE


def test_functions_stay_short() -> None:
    long = [
        f"{named(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_public_functions_and_classes_say_what_they_are_for() -> None:
    silent = []
    for path in SOURCES:
        for node in ast.parse(path.read_text("utf-8")).body:
            is_named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if is_named and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{named(path)}:{node.name}")
    assert silent == []


def test_names_are_plain_words() -> None:
    names = {
        (named(path), node.name)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    assert sorted(pair for pair in names if CEREMONY.search(pair[1]) or pair[1].lower() == "bra") == []


def test_no_file_only_forwards() -> None:
    """A module other than a package's front says something of its own."""
    forwarding = []
    for path in SOURCES:
        body = ast.parse(path.read_text("utf-8")).body[1:]
        if path.name in {"__init__.py", "__main__.py"}:
            continue
        if all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
            forwarding.append(named(path))
    assert forwarding == []


def test_no_text_names_a_machine_or_a_registry() -> None:
    found = []
    for path in texts():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{named(path)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_every_address_in_the_examples_is_invented() -> None:
    pages = [ROOT / "config.yaml", *ROOT.glob("examples/**/*.yaml"), *ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    addresses = {
        found for path in pages for found in re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]*\w", path.read_text("utf-8"))
    }
    assert len(addresses) > 20
    assert sorted(each for each in addresses if not each.endswith(".example")) == []


def test_one_word_for_each_paper_on_every_floor() -> None:
    for word in ("agenda", "minutes", "situation", "follow_up"):
        floors = [ROOT / floor / f"{word}.py" for floor in ("governance/model", "governance/secretariat", "flows")]
        assert [named(path) for path in floors if not path.exists()] == []
        assert list((ROOT / "templates").glob(f"*{word}.md.j2"))
