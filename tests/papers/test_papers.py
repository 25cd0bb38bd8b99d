"""The five papers: Word, page and text say the same, and nothing is lost or stranded on the way."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest

from governance.model.agenda import AgendaItem
from governance.papers.accessibility import check_docx
from governance.papers.templates import Templates
from tests.papers import samples

FOLDER = Path(__file__).parents[2] / "templates"
PAPERS: dict[str, tuple[str, Any]] = {
    "agenda": ("agenda", samples.agenda()),
    "agenda without anything": (
        "agenda",
        replace(samples.agenda(0), items=(), coming=(), facts=replace(samples.FACTS, convened=(), co_opted=())),
    ),
    "protocol": ("minutes", samples.minutes()),
    "protocol to fill in": ("minutes", samples.minutes_draft()),
    "statutory protocol": (
        "minutes",
        replace(samples.minutes(), facts=replace(samples.FACTS, formality="statutory"), approved_on=None),
    ),
    "notes": ("minutes", samples.minutes_notes()),
    "situation": ("situation", samples.situation()),
    "situation of an empty week": (
        "situation",
        replace(
            samples.situation(), sources=(), sections=(), assessment="", ongoing=(), new=(), decisions=(), ahead=()
        ),
    ),
    "annual": ("annual_follow_up", samples.annual_follow_up()),
    "annual without a record": (
        "annual_follow_up",
        replace(
            samples.annual_follow_up(),
            proposal=(),
            bodies=(),
            closed_actions=(),
            open_actions=(),
            decisions=(),
            duties=(),
            agreements=(),
            governance_changes=(),
            findings=(),
            ended=False,
        ),
    ),
    "two-year": ("two_year_follow_up", samples.two_year_follow_up()),
    "two-year without dates": (
        "two_year_follow_up",
        replace(
            samples.two_year_follow_up(),
            picture_established=None,
            picture_due=None,
            plan_decided=None,
            plan_due=None,
            proposal=(),
            picture_lines=(),
            decisions=(),
            bodies=(),
            duties=(),
            agreements=(),
            coordination=(),
            sources=(),
            gaps=(),
        ),
    ),
}


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates([FOLDER])


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    """(style, text) of each paragraph outside tables."""
    return [(str(p.style.name), p.text) for p in docx.Document(io.BytesIO(data)).paragraphs]


def words(text: str) -> list[str]:
    """The words of a text, whatever stands between them."""
    return re.findall(r"[\w§–-]+", text)


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.skip = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.skip = tag in ("style", "title", "caption")

    def handle_endtag(self, tag: str) -> None:
        self.skip = False

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.text.append(data)


def all_words_of_word_file(data: bytes) -> list[str]:
    """Every word of the body in reading order, tables included."""
    out: list[str] = []
    for block in docx.Document(io.BytesIO(data)).iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                for cell in row.cells:
                    out += words(cell.text)
        else:
            out += words(block.text)
    return out


@pytest.mark.parametrize("case", PAPERS)
def test_word_file_keeps_every_rule(templates: Templates, case: str) -> None:
    name, paper = PAPERS[case]
    assert check_docx(templates.docx(name, paper=paper)) == []


@pytest.mark.parametrize("case", PAPERS)
def test_word_and_page_have_the_same_words_in_the_same_order(templates: Templates, case: str) -> None:
    name, paper = PAPERS[case]
    page = templates.html(name, paper=paper)
    main = page.partition("<main>")[2].partition("</main>")[0]
    assert words(" ".join(_Page(main).text)) == all_words_of_word_file(templates.docx(name, paper=paper))


@pytest.mark.parametrize("case", PAPERS)
def test_page_is_marked_up_for_screen_readers(templates: Templates, case: str) -> None:
    name, paper = PAPERS[case]
    tags = _Page(templates.html(name, paper=paper)).tags
    names = [tag for tag, _ in tags]
    assert [attributes for tag, attributes in tags if tag == "html"] == [{"lang": "sv"}]
    assert names.count("h1") == 1
    assert [attributes.get("scope") for tag, attributes in tags if tag == "th"].count(None) == 0
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


@pytest.mark.parametrize("case", PAPERS)
def test_same_paper_gives_the_same_bytes(templates: Templates, case: str) -> None:
    name, paper = PAPERS[case]
    assert templates.docx(name, paper=paper) == Templates([FOLDER]).docx(name, paper=paper)


@pytest.mark.parametrize("case", PAPERS)
def test_text_version_fits_a_mail(templates: Templates, case: str) -> None:
    name, paper = PAPERS[case]
    text = templates.text(name, paper=paper)
    assert max(len(line) for line in text.splitlines()) <= 76
    assert "\n\n\n" not in text


def test_agenda_item_shows_kind_presenter_time_and_proposal(templates: Templates) -> None:
    item = AgendaItem(
        3,
        "Kameror vid resecentrum",
        "decision",
        "Per Sjögren",
        samples.time(10, 35),
        20,
        "Frågan kommer från beredningsgruppen.\n\nUnderlaget:\n- karta\n- kostnader",
        "Rådet tillstyrker.",
    )
    paper = replace(samples.agenda(0), items=(item,), coming=())
    assert paragraphs(templates.docx("agenda", paper=paper))[2:] == [
        ("Heading 1", "Ärenden"),
        ("Ärende", "3\tKameror vid resecentrum"),
        ("Ärenderad", "Beslut · Per Sjögren · kl.\u00a010.35–10.55 (20\u00a0min)"),
        ("Ärendetext", "Frågan kommer från beredningsgruppen."),
        ("Ärendetext", "Underlaget:"),
        ("Ärendepunkt", "karta"),
        ("Ärendepunkt", "kostnader"),
        ("Förslag till beslut", "Förslag till beslut: Rådet tillstyrker."),
    ]


def test_secret_item_bears_its_mark(templates: Templates) -> None:
    document = paragraphs(templates.docx("agenda", paper=samples.agenda()))
    assert [text for _, text in document if "Sekretess" in text] == [
        "Information · Leila Haddad, enhetschef socialtjänsten · kl.\u00a010.55–11.05 (10\u00a0min) · Sekretess"
    ]


def test_agenda_of_a_group_has_the_groups_title(templates: Templates) -> None:
    paper = replace(samples.agenda(), document_name="Dagordning", facts=replace(samples.FACTS, body="EST-gruppen"))
    assert templates.render("agenda", paper=paper).title == "Dagordning för EST-gruppen"


def test_protocol_says_when_it_was_approved_and_by_whom(templates: Templates) -> None:
    status = [t for style, t in paragraphs(templates.docx("minutes", paper=samples.minutes())) if style == "Statusrad"]
    assert status == ["Justerat den 18\u00a0februari 2027 av Karin Åhlén och Henrik Dahl"]


def test_protocol_names_its_paragraphs(templates: Templates) -> None:
    assert "\nParagrafer: §§\u00a01–12\n" in templates.text("minutes", paper=samples.minutes())
    assert "Paragrafer" not in templates.text("minutes", paper=samples.minutes_notes())


def test_unapproved_protocol_is_called_a_draft(templates: Templates) -> None:
    paper = replace(samples.minutes(), approved_on=None, approved_by=())
    status = [t for style, t in paragraphs(templates.docx("minutes", paper=paper)) if style == "Statusrad"]
    assert status == ["Ojusterat utkast, version 2"]


def test_notes_have_no_signatures(templates: Templates) -> None:
    headings = [t for s, t in paragraphs(templates.docx("minutes", paper=samples.minutes_notes())) if s == "Heading 1"]
    assert headings == ["Närvaro", "Beslut i korthet", "Ärenden", "Åtgärdslista", "Nästa möte"]


def test_unrecorded_protocol_has_room_under_each_item(templates: Templates) -> None:
    document = docx.Document(io.BytesIO(templates.docx("minutes", paper=samples.minutes_draft())))
    rooms = [[cell.text for cell in table.columns[0].cells] for table in document.tables[2:-1]]
    assert len(rooms) == 12
    assert rooms[:2] == [["Anteckningar"], ["Redovisning", "Beslut", "Åtgärd, ansvarig, klart senast"]]
    assert {cell.text for table in document.tables[2:-1] for cell in table.columns[1].cells} == {""}


def test_attendance_shows_the_part_of_the_meeting(templates: Templates) -> None:
    table = docx.Document(io.BytesIO(templates.docx("minutes", paper=samples.minutes()))).tables[1]
    assert [cell.text for cell in table.rows[4].cells] == [
        "Eva Holm",
        "Storåns Bostäder AB",
        "Ledamot",
        "kl.\u00a009.20–11.00",
    ]


def test_two_year_follow_up_traces_every_section_of_the_law(templates: Templates) -> None:
    document = docx.Document(io.BytesIO(templates.docx("two_year_follow_up", paper=samples.two_year_follow_up())))
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert rows[0] == ["Lagrum", "Krav", "Ansvarig", "Underlag", "Läge"]
    assert [row[0].replace("\u00a0", " ") for row in rows[1:]] == [duty.section for duty in samples.DUTIES]
    assert rows[-1] == [
        "13\u00a0§",
        "Rapportera löpande till kommunfullmäktige",
        "Ingen utsedd",
        "Inget underlag",
        "Underlag saknas",
    ]


def test_numbered_lists_start_at_one_in_every_paper(templates: Templates) -> None:
    document = docx.Document(io.BytesIO(templates.docx("two_year_follow_up", paper=samples.two_year_follow_up())))
    numbers = {p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"}
    known = document.part.numbering_part.element
    assert [num.lvlOverride_lst[0].startOverride.val for num in known.num_lst if num.numId in numbers] == [1]


def test_long_tables_repeat_their_header_and_keep_rows_whole(templates: Templates) -> None:
    table = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda()))).tables[1]
    marks = [(len(r._tr.xpath("w:trPr/w:tblHeader")), len(r._tr.xpath("w:trPr/w:cantSplit"))) for r in table.rows]
    assert marks == [(1, 1)] + [(0, 1)] * 25


def test_heading_never_stands_alone_before_a_table(templates: Templates) -> None:
    body = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda()))).element.body
    table = body.xpath("w:tbl")[1]
    before = table.getprevious()
    kept = [len(row.xpath(".//w:keepNext")) for row in table.xpath("w:tr")]
    assert len(before.xpath("w:pPr/w:keepNext")) == 1
    assert kept == [5, 5, *[0] * 22, 5, 0]


def test_account_stays_with_its_decision_and_nothing_holds_the_next_item(templates: Templates) -> None:
    first, second = samples.minutes().items[5], samples.minutes().items[7]
    told = replace(second, account="Ett.\n\nTvå.")
    paper = replace(samples.minutes(), items=(told, first))
    document = docx.Document(io.BytesIO(templates.docx("minutes", paper=paper)))
    kept = [(p.text[:6], len(p._p.xpath("w:pPr/w:keepNext"))) for p in document.paragraphs]
    start = kept.index(("Ett.", 0))
    assert kept[start : start + 3] == [("Ett.", 0), ("Två.", 1), ("Beslut", 0)]


def test_rendered_paper_is_made_only_when_asked_for(templates: Templates) -> None:
    made = templates.render("situation", paper=samples.situation())
    assert "docx" not in vars(made)
    assert made.title == "Veckolägesbild, vecka 2 2027"
    assert made.docx == templates.docx("situation", paper=samples.situation())


def test_header_and_footer_are_filled_from_the_paper(templates: Templates) -> None:
    section = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda()))).sections[0]
    lines = ["|".join(p.xpath(".//w:t/text()")) for p in section.first_page_header._element.xpath("w:p")]
    assert lines == [
        "\u00a0\u00a0|Storåns kommun",
        "Brottsförebyggande rådet|Kallelse och dagordning",
        "onsdag 10\u00a0februari 2027",
        "KS 2027-0098",
    ]
    assert section.footer._element.xpath("string(.//w:sdtContent)") == (
        "Storåns kommun · Trygghetssamordnaren · trygghet@storan.example · 0123-45 60 00"
    )


def test_document_properties_name_the_paper(templates: Templates) -> None:
    properties = docx.Document(io.BytesIO(templates.docx("agenda", paper=samples.agenda()))).core_properties
    assert (properties.title, properties.language, properties.author) == (
        "Kallelse till brottsförebyggande rådet",
        "sv-SE",
        "Storåns kommun",
    )
    assert properties.created == datetime(2027, 2, 3, tzinfo=properties.created.tzinfo)


def test_moved_meeting_says_so(templates: Templates) -> None:
    facts = replace(samples.FACTS, moved_from=date(2027, 2, 3), reason="krock med fullmäktige")
    text = templates.text("agenda", paper=replace(samples.agenda(), facts=facts))
    assert "Ändrat datum: Flyttat från onsdag 3\u00a0februari: krock med fullmäktige\n" in text
