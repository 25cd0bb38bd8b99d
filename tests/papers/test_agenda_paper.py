"""The agenda as a paper: Word, page and text say the same."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from governance.papers.templates import Templates
from tests.papers import samples

FOLDER = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates([FOLDER])


def test_agenda_opens_in_python_docx_with_its_items_as_headings(templates: Templates) -> None:
    document = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda())))
    items = [p.text for p in document.paragraphs if p.style.name == "Ärende"]
    assert items[:3] == ["1\tMötets öppnande", "2\tVal av justerare", "3\tGodkännande av dagordningen"]
    assert len(items) == 12
    assert len(document.tables[1].rows) == 26


def test_agenda_bytes_are_the_same_each_time(templates: Templates) -> None:
    again = Templates([FOLDER])
    assert again.docx("agenda", paper=samples.agenda()) == templates.docx("agenda", paper=samples.agenda())


def test_letter_has_subject_text_and_page(templates: Templates) -> None:
    letter = templates.letter(
        "example", municipality="Å & Ö", name="Åke", url="https://x.example/a?b=1&c=2", contact="Anna"
    )
    assert letter.subject == "Prov från Å & Ö"
    assert letter.text.startswith("Hej Åke!\n\nDet här brevet visar att Å & Ö kan skicka post härifrån.")
    assert '<a href="https://x.example/a?b=1&amp;c=2">Öppna sidan</a>' in letter.html
