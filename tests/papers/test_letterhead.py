"""The letterhead: found by style names, the municipality's own first, told what is missing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from governance.papers.draw_letterhead import build
from governance.papers.letterhead import Letterhead, LetterheadProblem
from governance.papers.package import Part, pack
from governance.papers.templates import Templates
from tests.papers import samples

FOLDER = Path(__file__).parents[2] / "templates"


def changed(path: Path, changes: dict[str, str]) -> Templates:
    """Templates whose own letterhead differs from the one that ships."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(build())) as source, zipfile.ZipFile(data, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            for old, new in changes.items() if name.endswith(".xml") else ():
                content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    (path / "letterhead.docx").write_bytes(data.getvalue())
    return Templates([path, FOLDER])


def test_shipped_letterhead_is_the_one_the_script_draws() -> None:
    assert (FOLDER / "letterhead.docx").read_bytes() == build()


def test_letterhead_is_light() -> None:
    assert len(build()) < 14_000


def test_styles_are_found_by_name_whatever_their_ids(tmp_path: Path) -> None:
    templates = changed(tmp_path, {'"Forslag"': '"Frslagtillbeslut"'})
    document = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda())))
    assert len([p for p in document.paragraphs if p.style.name == "Förslag till beslut"]) == 3


def test_missing_styles_are_named(tmp_path: Path) -> None:
    templates = changed(tmp_path, {'w:name w:val="Notis"': 'w:name w:val="Fotnot"'})
    with pytest.raises(LetterheadProblem, match="saknar formatmallarna Notis; lägg till dem i Word"):
        templates.docx("agenda", paper=samples.agenda())


def test_file_that_is_no_word_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "letterhead.docx").write_bytes(b"PK not a zip")
    with pytest.raises(LetterheadProblem, match="går inte att läsa som en Word-fil"):
        Templates([tmp_path, FOLDER]).docx("agenda", paper=samples.agenda())


def test_fields_are_filled_where_only_their_names_are_left(tmp_path: Path) -> None:
    """As LibreOffice saves it: the control is gone, its text stands."""
    data = changed(tmp_path, {"w:tag": "w:gone"}).docx("agenda", paper=samples.agenda())
    header = docx.Document(io.BytesIO(data)).sections[0].header._element
    assert header.xpath(".//w:t/text()")[:2] == ["Storåns kommun", "Kallelse och dagordning"]


def test_letterhead_without_fields_is_refused(tmp_path: Path) -> None:
    templates = changed(tmp_path, {"<w:tag ": "<w:gone ", "[": "("})
    with pytest.raises(LetterheadProblem, match="har inget fält att fylla i"):
        templates.docx("agenda", paper=samples.agenda())


def test_given_letterhead_wins_over_the_papers_own() -> None:
    head = Letterhead("Ån & Co", "Rådet", "Kallelse", "i dag", "KS 1", "a <b>")
    data = Templates([FOLDER]).docx("agenda", paper=replace(samples.agenda(), made=None), letterhead=head)
    header = docx.Document(io.BytesIO(data)).sections[0].header._element
    assert header.xpath(".//w:sdtContent//w:t/text()") == ["Ån & Co", "Kallelse", "Rådet", "i dag", "KS 1"]


def test_zip_is_read_by_the_standard_library() -> None:
    data = pack([Part("å/a.txt", b"x" * 1000), Part("b.png", b"raw", store=True)])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        assert {i.filename: (package.read(i), i.compress_type) for i in package.infolist()} == {
            "å/a.txt": (b"x" * 1000, zipfile.ZIP_DEFLATED),
            "b.png": (b"raw", zipfile.ZIP_STORED),
        }
