"""Minutes to Word and back: what is found in an edited file, and what confirming it does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document

from governance.papers.docx_reading import Line, UnreadableWord, read_word
from governance.papers.word_minutes import read_minutes
from tests.web.conftest import Pages, counted

RECORD = """\
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand, {person: pia.polis, from: "09:20"}]
  excused: [bo.hus]
  items:
    Läget:
      account: |
        Polisen redovisar fyra inbrott.

        - Norrby
        - Centrum
      actions:
        - {ref: las, text: Byta lås i källaren, owner: bo.hus, due: 2027-02-05}
    Beslut:
      account: Gruppen talade om lås.
      decisions:
        - {text: Gruppen beslutar att byta lås.}
  assessment: Läget är stabilt.
"""
PATH = "organ/gruppen/2027-01-12/word"


@pytest.fixture
def made(pages: Callable[..., Pages]) -> Pages:
    """Gruppen has met, and its notes are written and sent."""
    found = pages()
    found.world.plan()
    found.world.go("2027-01-11 09:00")
    found.world.record("2027-01-12 11:00", RECORD)
    found.world.go("2027-01-14 09:00")
    return found


def edited(data: bytes, *changes: tuple[str, str], add: tuple[str, str] | None = None) -> bytes:
    """The file after somebody wrote in it: texts replaced, and a paragraph put in after one that holds a text."""
    document = Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        for old, new in changes:
            if old in paragraph.text.replace("\xa0", " "):
                text = paragraph.text.replace("\xa0", " ").replace(old, new)
                for run in paragraph.runs[1:]:
                    run.text = ""
                paragraph.runs[0].text = text
    if add:
        spot = next(each for each in document.paragraphs if add[0] in each.text)
        following = spot.insert_paragraph_before(add[1], spot.style)
        spot._p.addprevious(following._p)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def send(made: Pages, data: bytes, person: str = "siv.sand") -> tuple[int, str]:
    """Sends a file in; the status and where it leads."""
    client = made.visitor(person)
    answer = client.post(f"/{made.town}/{PATH}", files={"file": ("C:\\Mina filer\\anteckningar.docx", data)})
    return answer.status_code, answer.headers.get("location", answer.text)


def fetched(made: Pages) -> bytes:
    return bytes(made.visitor("siv.sand").get(f"/{made.town}/{PATH}/hamta").content)


def test_untouched_file_says_nothing_new(made: Pages) -> None:
    status, path = send(made, fetched(made))
    assert status == 303
    page = made.visitor("siv.sand").get(path).text
    assert "Det finns inget att föra in" in page
    assert "Anteckningarna görs sedan om" not in page


def test_edited_fields_are_shown_one_by_one_and_change_nothing_yet(made: Pages) -> None:
    before = made.world.papers("minutes")
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott"), ("byta lås.", "byta alla lås i källaren."))
    status, path = send(made, data)
    page = made.visitor("siv.sand").get(path).text
    assert status == 303
    assert page.count('class="card change"') == 2
    assert "Läget: redovisning" in page
    assert "Polisen redovisar fem inbrott." in page
    assert "Beslut: beslut" in page
    assert len(made.world.papers("minutes")) == len(before)


def test_personal_number_is_warned_of_beside_its_change_and_can_be_taken_in(made: Pages) -> None:
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott av 811228-9874"), ("byta lås.", "byta alla lås."))
    _, path = send(made, data)
    client = made.visitor("siv.sand")
    page = client.get(path).text
    assert page.count("personnummer") == 1
    assert (
        page.index("Läget: redovisning") < page.index("personnummer här: 811228-****.") < page.index("Beslut: beslut")
    )
    assert client.post(path, data={"do": "take", "take": ["0"]}).status_code == 303


def test_stranger_among_those_who_came_is_refused_as_a_name(made: Pages) -> None:
    document = Document(io.BytesIO(fetched(made)))
    cells = [cell for table in document.tables for cell in table._cells]
    (named,) = [each for cell in cells for each in cell.paragraphs if each.text.replace("\xa0", " ") == "Pia Polis"]
    named.runs[0].text = "Ingen Sådan"
    for run in named.runs[1:]:
        run.text = ""
    out = io.BytesIO()
    document.save(out)
    _, path = send(made, out.getvalue())
    refused = made.visitor("siv.sand").post(path, data={"do": "take", "take": ["0"]})
    assert refused.status_code == 422
    assert "Namnet ”Ingen Sådan” finns inte bland dem som kan väljas. Skriv hela namnet." in refused.text


def test_confirmed_edits_are_in_the_record_and_survive_the_next_version(made: Pages) -> None:
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott"), ("byta lås.", "byta alla lås."))
    _, path = send(made, data)
    answer = made.visitor("siv.sand").post(path, data={"do": "take", "take": ["0", "1"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{made.town}/{PATH}?klart=word-infort")
    meeting = made.world.meeting("gruppen", "2027-01-12")
    for moment in ("2027-01-14 10:00", "2027-01-14 11:00"):
        made.world.go(moment)
    assert [each.version for each in made.world.papers("minutes", meeting)] == [1, 2]
    text = made.world.text("minutes", meeting)
    assert "Polisen redovisar fem inbrott. Norrby Centrum" in text
    assert "Gruppen beslutar att byta alla lås." in text
    assert "Pia Polis Polismyndigheten Ledamot från kl. 09.20" in text
    assert "Byta lås i källaren. Ansvarig: Bo Hus" in text


def test_bias_and_who_decided_are_no_part_of_an_items_account() -> None:
    lines = [
        Line("heading 1", "Ärenden"),
        Line("ärende", "§ 4\tStöd"),
        Line("ärendetext", "Jäv: Bo Hus deltog inte i handläggningen."),
        Line("ärendetext", "Rådet talade om stödet."),
        Line("ärendetext", "2 av 3 ledamöter deltog i beslutet."),
    ]
    assert [each.account for each in read_minutes(lines, ["Stöd"]).items] == ["Rådet talade om stödet."]


def test_a_change_left_unticked_is_not_taken_in(made: Pages) -> None:
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott"), ("byta lås.", "byta alla lås."))
    _, path = send(made, data)
    made.visitor("siv.sand").post(path, data={"do": "take", "take": ["1"]})
    made.world.go("2027-01-14 10:00")
    text = made.world.text("minutes", made.world.meeting("gruppen", "2027-01-12"))
    assert "fyra inbrott" in text
    assert "byta alla lås" in text


def test_new_action_with_a_day_that_must_be_guessed_is_asked_about(made: Pages) -> None:
    new = "Ny åtgärd: Märka cyklar. Ansvarig: Pia, klart senast 15/4."
    _, path = send(made, edited(fetched(made), add=("Ny åtgärd Å-2027-001", new)))
    client = made.visitor("siv.sand")
    assert "Vilken dag är ”15/4”?" in client.get(path).text
    refused = client.post(path, data={"do": "take", "take": ["0"]})
    assert refused.status_code == 422
    assert "Vilken dag är ”15/4”?" in refused.text
    line = {"due-0-0": "2027-04-15", "owner-0-0": "pia.polis"}
    assert client.post(path, data={"do": "take", "take": ["0"], **line}).status_code == 303
    made.world.go("2027-01-14 10:00")
    text = made.world.text("minutes", made.world.meeting("gruppen", "2027-01-12"))
    assert "Ny åtgärd Å-2027-002: Märka cyklar. Ansvarig: Pia Polis, klart senast den 15 april 2027." in text
    assert "Ny åtgärd Å-2027-001: Byta lås i källaren." in text


def test_record_that_moved_on_meanwhile_is_shown_and_not_ticked(made: Pages) -> None:
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott"))
    _, first = send(made, edited(fetched(made), ("fyra inbrott", "sex inbrott")))
    made.visitor("siv.sand").post(first, data={"do": "take", "take": ["0"]})
    _, second = send(made, data)
    page = made.visitor("siv.sand").get(second).text
    assert "Som det står nu" in page
    assert "sex inbrott" in page
    assert 'value="0" checked' not in page


def test_same_file_twice_is_one_upload_and_confirming_twice_is_refused(made: Pages) -> None:
    data = edited(fetched(made), ("fyra inbrott", "fem inbrott"))
    assert send(made, data) == send(made, data)
    _, path = send(made, data)
    client = made.visitor("siv.sand")
    assert client.post(path, data={"do": "take", "take": ["0"]}).status_code == 303
    again = client.post(path, data={"do": "take", "take": ["0"]})
    assert (again.status_code, "Filen är redan hanterad." in again.text) == (422, True)


def test_member_may_neither_fetch_nor_send(made: Pages) -> None:
    client = made.visitor("pia.polis")
    assert client.get(f"/{made.town}/{PATH}").status_code == 403
    assert send(made, b"", "pia.polis")[0] == 403


def test_upload_of_another_meeting_is_not_there(made: Pages) -> None:
    _, path = send(made, fetched(made))
    other = path.replace("2027-01-12", "2027-01-19")
    assert made.visitor("siv.sand").get(other).status_code == 404
    assert made.visitor("siv.sand").post(other, data={"do": "take"}).status_code == 404


def test_page_asks_the_database_at_most_six_times(made: Pages) -> None:
    client = made.visitor("siv.sand")
    _, path = send(made, edited(fetched(made), ("fyra inbrott", "fem inbrott")))
    for page in (f"/{made.town}/{PATH}", path):
        with counted(made) as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= 6


# --- files that are not what they seem -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Välj en fil först."),
        (b"not a zip", "Filen går inte att öppna som Word-dokument."),
        (b"PK\x05\x06" + b"\0" * 18, "Filen är inget Word-dokument."),
    ],
)
def test_file_that_is_no_word_document_is_told_so(made: Pages, data: bytes, words: str) -> None:
    status, page = send(made, data)
    assert status == 422
    assert words in page


def test_word_document_about_something_else_is_told_so(made: Pages) -> None:
    document = Document()
    document.add_paragraph("Semesterlista")
    out = io.BytesIO()
    document.save(out)
    status, page = send(made, out.getvalue())
    assert status == 422
    assert "I filen finns inget av ärendena från mötet" in page


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(f"word/{name}.xml", data)
    return out.getvalue()


def test_zip_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    with pytest.raises(UnreadableWord, match="för stor när den packas upp"):
        read_word(zipped(document=b"<a>" + b" " * 60_000_000 + b"</a>"))


def test_entities_are_refused_and_never_read() -> None:
    xml = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    with pytest.raises(UnreadableWord, match="läses inte"):
        read_word(zipped(document=xml))


def test_marked_insertions_count_and_marked_deletions_do_not() -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = (
        f"<w:document {w}><w:body><w:sdt><w:sdtContent><w:p><w:r><w:t>Ett </w:t></w:r>"
        "<w:ins><w:r><w:t>nytt</w:t></w:r></w:ins><w:del><w:r><w:delText>gammalt</w:delText></w:r></w:del>"
        "<w:r><w:t> ord</w:t></w:r></w:p></w:sdtContent></w:sdt></w:body></w:document>"
    )
    assert [each.text for each in read_word(zipped(document=xml.encode()))] == ["Ett nytt ord"]  # type: ignore[union-attr]
