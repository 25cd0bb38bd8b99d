"""What people write is only ever text: no value becomes markup, structure, a tag or a broken file."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.model.minutes import MinutesItem
from governance.papers.accessibility import check_docx
from governance.papers.templates import Templates
from tests.papers import samples

TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])

# value -> what stands in the Word file where the value went
HOSTILE = {
    "<w:p/>&<script>alert(1)</script>": "<w:p/>&<script>alert(1)</script>",
    "&amp; &nbsp; <b>": "&amp; &nbsp; <b>",
    "a\x00b\x0bc\x1bd": "abcd",
    "lone \ud800 surrogate": "lone surrogate",
    "\ufffe\uffffok": "ok",
    "# not a heading": "# not a heading",
    "| a | b |": "| a | b |",
    "{.forslag}": "{.forslag}",
    "::: tabell": "::: tabell",
    "**bold** _it_ `code` [x](y)": "**bold** _it_ `code` [x](y)",
    "{{ 7*7 }} {% raw %} {# x #}": "{{ 7*7 }} {% raw %} {# x #}",
    "]]> <!-- -->": "]]> <!-- -->",
    "\U000f0000\U000f0001private": "private",
    "\ue000keep\ue003": "keep",
    "\u202egnal\u202c": "gnal",
    "  two  blanks\tand tab ": "two blanks and tab",
    "\" ' ”citat” ’": "\" ' ”citat” ’",
    "åäö ÅÄÖ 😀 漢字": "åäö ÅÄÖ 😀 漢字",
}


@pytest.mark.parametrize("value", HOSTILE, ids=[ascii(v) for v in HOSTILE])
def test_value_stands_as_text_in_heading_cell_and_proposal(value: str) -> None:
    agenda = samples.agenda(1)
    item = replace(agenda.items[1], title=value, presenter=value, proposal=value, text=value, points=(value,))
    action = replace(agenda.open_actions[0], text=value, comment="")
    data = TEMPLATES.docx("agenda", paper=replace(agenda, items=(item,), open_actions=(action,)))
    document = docx.Document(io.BytesIO(data))
    shown = HOSTILE[value]
    texts = {str(p.style.name): p.text for p in document.paragraphs}
    assert texts["Ärende"] == f"2\t{shown}"
    assert texts["Förslag till beslut"] == f"Förslag till beslut: {shown}"
    assert texts["Ärendepunkt"] == shown
    assert document.tables[1].cell(1, 1).text == shown


@pytest.mark.parametrize("value", HOSTILE, ids=[ascii(v) for v in HOSTILE])
def test_value_never_becomes_an_element_of_the_page(value: str) -> None:
    plain = TEMPLATES.html("agenda", paper=_with_title("x"))
    page = TEMPLATES.html("agenda", paper=_with_title(value))
    assert page.count("<") == plain.count("<")
    assert (
        TEMPLATES.text("agenda", paper=_with_title(value)).isprintable() is False
    )  # newlines, and nothing worse below
    assert "\x00" not in page


def _with_title(title: str) -> object:
    agenda = samples.agenda(1)
    return replace(agenda, items=(replace(agenda.items[0], title=title),))


def test_newline_in_a_value_is_a_break_in_word_and_page() -> None:
    agenda = samples.agenda(1)
    paper = replace(agenda, items=(replace(agenda.items[1], proposal="en rad\r\ntvå rader"),))
    document = docx.Document(io.BytesIO(TEMPLATES.docx("agenda", paper=paper)))
    proposal = [p.text for p in document.paragraphs if p.style.name == "Förslag till beslut"]
    assert proposal == ["Förslag till beslut: en rad\ntvå rader"]
    assert "en rad<br>två rader" in TEMPLATES.html("agenda", paper=paper)


@pytest.mark.parametrize("blank", ["", "   ", "\x00", "\n\n", "\u200b\ufeff"[1:]])
def test_blank_values_leave_no_empty_paragraphs(blank: str) -> None:
    agenda = samples.agenda(1)
    item = replace(agenda.items[1], text=blank, points=(blank, "ett"), presenter=blank)
    data = TEMPLATES.docx("agenda", paper=replace(agenda, items=(item,)))
    points = [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.style.name == "Ärendepunkt"]
    assert points == ["ett"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_account_gives_a_file_that_opens_and_keeps_the_rules(account: str) -> None:
    notes = samples.minutes_notes()
    paper = replace(notes, items=(MinutesItem("1", "Rapport", "information", account), *notes.items[1:]))
    data = TEMPLATES.docx("minutes", paper=paper)
    assert check_docx(data) == []
    assert len(docx.Document(io.BytesIO(data)).tables) == 4
