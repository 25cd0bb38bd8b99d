"""The registers: whose actions and decisions somebody sees, how they are chosen, what a file of them holds, search."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from governance.secretariat.audit import broken_at
from governance.store.door_tables import AuditEntry
from governance.store.tables import Action
from tests.web.conftest import Pages, counted, hall_of
from tests.world import TOWN, World, at, blank, plain

Make = Callable[..., Pages]

REPORTS = "      - {title: Rapporter, kind: information, source: status}\n"
SECRET = TOWN.replace(REPORTS, f"{REPORTS}      - {{title: Enskilt ärende, kind: decision, confidentiality: secret}}\n")
READER = "access: {reader: [eva.gast]}\n"
GUEST = "  eva.gast: {name: Eva Gäst, email: eva.gast@prov.example, organisation: kommunen}\nbodies:"

RECORD = """
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand, pia.polis, bo.hus]
  items:
    Beslut:
      account: Belysningen vid torget är trasig. Idén är att byta till LED.
      decisions: [{ref: fraga, text: Gruppen frågar rådet om en åtgärdsplan för torget, refer_to: radet}]
      actions:
        - {ref: lampor, text: Beställa lampor till Örnens park, owner: bo.hus, due: 2027-01-20}
        - {ref: staket, text: Laga staketet, owner: pia.polis, due: 2027-03-01}
        - {ref: moms, text: "=SUM(A1:A9) @siv", owner: siv.sand}
- meeting: gruppen 2027-01-19
  present: [kia.holm, siv.sand]
  actions: {staket: {status: done, comment: Klart och betalt}}
- meeting: radet 2027-02-10
  present: [kia.holm, pia.polis]
  items:
    Öppnande:
      account: Kia öppnade med en hälsning från 100 % av medlemmarna.
      decisions: [{text: Rådet bifaller åtgärdsplanen, answers: fraga}]
    Enskilt ärende:
      account: Hemligheten om Herr Åskådare.
      decisions: [{text: Hemligt beslut}]
      actions:
        - {ref: hemlig, text: Ringa herr Åskådare, owner: bo.hus, due: 2027-04-01}
        - {ref: hemlig2, text: Skriva till herr Åskådare, owner: pia.polis}
"""

APPROVED = "- meeting: radet 2027-02-10\n  approved: {on: 2027-02-12, by: [kia.holm]}\n"


@pytest.fixture(scope="module")
def walked(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the town has come to the twelfth of February: walked once for all tests."""
    folder = tmp_path_factory.mktemp("walked")
    blank(blank_archive, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KADENS_INSTALLATION", "provinstallation")
        world = World(folder, SECRET.replace("bodies:", GUEST, 1) + READER)
        world.until("2027-02-12", RECORD)
        world.close()
    return folder


@pytest.fixture
def town(walked: Path, tmp_path: Path) -> Iterator[Pages]:
    """The town in the morning of that day, on a copy of its own."""
    folder = tmp_path / "town"
    (folder / "data").mkdir(parents=True)
    shutil.copy(walked / "data" / "kadens.db", folder / "data")
    world = World(folder, (walked / "config.yaml").read_text("utf-8"), at("2027-02-12 09:00"))
    yield Pages(world, hall_of(world))
    world.close()


def rows(html: str) -> list[list[str]]:
    """The cells of a page's table, row by row."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("<tr>")[1:]]
    return [[plain(cell) for cell in row] for row in found]


def numbers(town: Pages, person: str, query: str = "") -> list[str]:
    answer = town.visitor(person).get(f"/{town.town}/atgarder{query}")
    assert answer.status_code == 200
    return [row[0] for row in rows(answer.text)]


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- actions -------------------------------------------------------------------------------------------------------


def test_actions_stand_late_first_with_their_age_and_only_the_open_ones(town: Pages) -> None:
    answer = town.visitor("siv.sand").get(f"/{town.town}/atgarder")
    assert [(row[0], row[3], row[4], row[5]) for row in rows(answer.text)] == [
        ("Å-2027-001", "20 januari 2027", "försenad", "tre möten"),
        ("Å-2027-004", "1 april 2027", "ej påbörjad", "ny"),
        ("Å-2027-003", "inget datum", "ej påbörjad", "tre möten"),
        ("Å-2027-005", "inget datum", "ej påbörjad", "ny"),
    ]
    assert "Fyra åtgärder , varav en försenad." in plain(answer.text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?visa=forsenade", ["001"]),
        ("?visa=klara", ["002"]),
        ("?visa=alla&ordning=nummer", ["001", "002", "003", "004", "005"]),
        ("?visa=alla&ordning=-nummer", ["005", "004", "003", "002", "001"]),
        ("?organ=radet", ["004", "005"]),
        ("?ansvarig=pia.polis&visa=alla", ["005", "002"]),
        ("?q=ÖRNENS+lampor", ["001"]),
        ("?q=betalt&visa=alla", ["002"]),
        ("?q=%25", []),
        ("?ar=2026&visa=alla", []),
        ("?ar=2027&visa=okänt&ordning=okänd&q=lampor", ["001"]),
    ],
)
def test_actions_are_chosen_and_sorted_by_what_the_address_says(town: Pages, query: str, found: list[str]) -> None:
    assert numbers(town, "siv.sand", query) == [f"Å-2027-{each}" for each in found]


def test_a_member_of_one_body_sees_its_actions_and_their_own_of_another_veiled(town: Pages) -> None:
    client = town.visitor("bo.hus")
    shown = rows(client.get(f"/{town.town}/atgarder?visa=alla&ordning=nummer").text)
    assert [row[0] for row in shown] == ["Å-2027-001", "Å-2027-002", "Å-2027-003", "Å-2027-004"]
    assert shown[3][1] == "Åtgärd i ett ärende med sekretess"
    assert client.get(f"/{town.town}/atgarder?organ=radet").status_code == 404
    assert client.get(f"/{town.town}/atgarder/Å-2027-005").status_code == 404
    assert "herr Åskådare" not in client.get(f"/{town.town}/atgarder/Å-2027-004").text
    assert numbers(town, "bo.hus", "?q=Åskådare") == []


def test_a_reader_sees_no_secret_and_nothing_of_a_protocol_that_is_not_approved(town: Pages) -> None:
    assert numbers(town, "eva.gast") == ["Å-2027-001", "Å-2027-003"]
    town.world.record("2027-02-12 10:00", APPROVED)
    shown = rows(town.visitor("eva.gast").get(f"/{town.town}/atgarder?ordning=nummer").text)
    assert [(row[0], row[1]) for row in shown[2:]] == [
        ("Å-2027-004", "Åtgärd i ett ärende med sekretess"),
        ("Å-2027-005", "Åtgärd i ett ärende med sekretess"),
    ]


def test_actions_as_csv_hold_the_same_rows_and_no_formula(town: Pages) -> None:
    answer = town.visitor("siv.sand").get(f"/{town.town}/atgarder.csv?organ=gruppen&ordning=nummer")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{town.town}-atgarder.csv"'
    found = read_csv(answer.text)
    assert [(row["number"], row["text"], row["late"]) for row in found] == [
        ("Å-2027-001", "Beställa lampor till Örnens park", "true"),
        ("Å-2027-003", "'=SUM(A1:A9) @siv", "false"),
    ]


def test_actions_as_json_hold_dates_and_plain_text(town: Pages) -> None:
    found = town.visitor("siv.sand").get(f"/{town.town}/atgarder.json?q=SUM").json()
    assert [(row["number"], row["text"], row["due"], row["owner"]) for row in found] == [
        ("Å-2027-003", "=SUM(A1:A9) @siv", None, "siv.sand")
    ]
    late = town.visitor("bo.hus").get(f"/{town.town}/atgarder.json?visa=forsenade").json()
    assert [row["due"] for row in late] == ["2027-01-20"]


def test_a_long_list_comes_in_pages_of_a_hundred_but_whole_in_a_file(pages: Make) -> None:
    many = "\n".join(f"        - {{ref: a{n}, text: Sak {n}, owner: bo.hus}}" for n in range(205))
    record = f"- meeting: gruppen 2027-01-12\n  present: [kia.holm]\n  items:\n    Beslut:\n      actions:\n{many}\n"
    town = pages()
    town.world.until("2027-01-13", record)
    assert len(numbers(town, "siv.sand")) == 100
    assert numbers(town, "siv.sand", "?sida=3&ordning=nummer") == [f"Å-2027-{n}" for n in range(201, 206)]
    assert numbers(town, "siv.sand", "?sida=99&ordning=nummer") == numbers(town, "siv.sand", "?sida=3&ordning=nummer")
    text = town.visitor("siv.sand").get(f"/{town.town}/atgarder?sida=2&q=sak").text
    assert "Sida 2 av 3" in text
    assert "?q=sak&amp;sida=3" in text
    assert len(read_csv(town.visitor("siv.sand").get(f"/{town.town}/atgarder.csv").text)) == 205


# --- one action ----------------------------------------------------------------------------------------------------


def change(town: Pages, person: str, number: str, **fields: str) -> int:
    return town.visitor(person).post(f"/{town.town}/atgarder/{number}", data=fields).status_code


def test_an_owner_updates_their_own_action_and_its_past_shows_it(town: Pages) -> None:
    number = "Å-2027-001"
    assert change(town, "bo.hus", number, lage="in-progress", klart="2027-03-05", kommentar="Lamporna är på väg") == 303
    page = plain(town.visitor("bo.hus").get(f"/{town.town}/atgarder/{number}").text)
    assert "12 februari 2027 Bo Hus här på sidan Läge: pågår. Klart senast 5 mars 2027. Lamporna är på väg" in page
    with town.world.read() as session:
        action = session.scalar(select(Action).filter_by(number=number))
        assert action is not None
        assert (action.status, str(action.due), action.comment) == ("in-progress", "2027-03-05", "Lamporna är på väg")
        notes = session.scalars(select(AuditEntry).filter_by(action="action.change")).all()
        assert [(note.object, note.person, note.body, note.role) for note in notes] == [
            (number, "bo.hus", "gruppen", "member")
        ]
        assert broken_at(session) is None


def test_the_same_posted_twice_is_said_once_and_a_second_word_keeps_the_first(town: Pages) -> None:
    for comment in ("Ringt", "Ringt", "Fått svar"):
        assert change(town, "bo.hus", "Å-2027-001", lage="not-started", kommentar=comment) == 303
    page = plain(town.visitor("siv.sand").get(f"/{town.town}/atgarder/Å-2027-001").text)
    history = page.partition("Historik")[2]
    assert re.findall("Ringt|Fått svar", history) == ["Fått svar", "Ringt"]


def test_what_was_not_changed_on_the_form_does_not_undo_what_others_said_meanwhile(town: Pages) -> None:
    assert change(town, "siv.sand", "Å-2027-001", lage="done", **{"lage-fore": "not-started"}) == 303
    late = {"lage": "not-started", "lage-fore": "not-started", "kommentar": "Samtidigt"}
    assert change(town, "bo.hus", "Å-2027-001", **late) == 303
    with town.world.read() as session:
        action = session.scalar(select(Action).filter_by(number="Å-2027-001"))
        assert action is not None
        assert (action.status, action.comment, str(action.closed)) == ("done", "Samtidigt", "2027-02-12")


def test_only_owner_secretary_and_chair_change_an_action(town: Pages) -> None:
    fields = {"lage": "in-progress"}
    assert change(town, "pia.polis", "Å-2027-001", **fields) == 403
    assert change(town, "bo.hus", "Å-2027-005", **fields) == 404
    assert change(town, "eva.gast", "Å-2027-001", **fields) == 403
    assert change(town, "kia.holm", "Å-2027-001", **fields) == 303
    assert change(town, "bo.hus", "Å-2027-004", **fields) == 303
    assert change(town, "siv.sand", "Å-1999-001", **fields) == 404


def test_a_day_that_cannot_be_meant_is_said_at_the_field_and_what_was_typed_stays(town: Pages) -> None:
    sent = {"klart": "2027-02-01", "kommentar": "Mina ord", "lage": "not-started"}
    answer = town.visitor("bo.hus").post(f"/{town.town}/atgarder/Å-2027-001", data=sent)
    assert answer.status_code == 422
    assert "<title>Fel: Å-2027-001" in answer.text
    assert 'href="#klart">Välj en dag från och med i dag' in answer.text
    assert ">Mina ord</textarea>" in answer.text
    sent = {"klart": "i morgon", "lage": "not-started"}
    answer = town.visitor("bo.hus").post(f"/{town.town}/atgarder/Å-2027-001", data=sent)
    assert "är inget datum" in answer.text
    answer = town.visitor("bo.hus").post(f"/{town.town}/atgarder/Å-2027-001", data={"lage": "bogus"})
    assert 'href="#lage">Välj ett av lägena' in answer.text


# --- decisions -----------------------------------------------------------------------------------------------------


def test_decisions_tell_where_they_went_and_what_was_answered(town: Pages) -> None:
    text = plain(town.visitor("siv.sand").get(f"/{town.town}/beslut").text)
    assert "Gruppen frågar rådet om en åtgärdsplan för torget Skickat till rådet. Svar 10 februari 2027:" in text
    assert "Rådet bifaller åtgärdsplanen" in text
    assert "Hemligt beslut" in text
    assert "Tre beslut ." in text


def test_decisions_of_a_body_one_does_not_see_and_of_secret_items_do_not_leak(town: Pages) -> None:
    mine = town.visitor("bo.hus").get(f"/{town.town}/beslut")
    assert re.findall(r"<h2>(.*?)</h2>", mine.text) == ["Beslut"]
    assert town.visitor("bo.hus").get(f"/{town.town}/beslut?organ=radet").status_code == 404
    town.world.record("2027-02-12 10:00", APPROVED)
    client = town.visitor("eva.gast")
    for path in ("beslut", "beslut.json", "beslut.csv"):
        text = client.get(f"/{town.town}/{path}").text
        assert "Beslut i ett ärende med sekretess" in text
        assert ("Hemligt beslut" in text, "Enskilt ärende" in text) == (False, False)
    assert client.get(f"/{town.town}/beslut.json?q=hemligt").json() == []


def test_decisions_are_chosen_by_body_year_words_and_what_waits(town: Pages) -> None:
    client = town.visitor("siv.sand")

    def found(query: str) -> list[str]:
        return [row["number"] for row in client.get(f"/{town.town}/beslut.json{query}").json()]

    assert found("?organ=gruppen") == ["4"]
    assert found("?visa=hanskjutna") == ["4"]
    assert found("?visa=obesvarade") == []
    assert len(found("?q=ÅTGÄRDSPLAN")) == 2
    assert found("?ar=2026") == []
    assert found("?ordning=aldst")[0] == "4"


# --- search --------------------------------------------------------------------------------------------------------


def hits(town: Pages, person: str, query: str, **more: str) -> list[str]:
    answer = town.visitor(person).get(f"/{town.town}/sok", params={"q": query, **more})
    assert answer.status_code == 200
    return [unescape(re.sub("<[^>]+>", "", each)) for each in re.findall(r"<h2>(.*?)</h2>", answer.text)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("BELYSNINGEN torget", ["Beslut"]),  # every word, in any order and case
        ("torget belysningen saknas", []),
        ("örnens", ["Beslut"]),  # in an action
        ("ÅTGÄRDSPLAN", ["Öppnande", "Beslut"]),  # in decisions, the newest first
        ("iden", ["Beslut"]),  # idén
        ("atgardsplan", []),  # å and ä are letters of their own
        ("100 %", ["Öppnande"]),
        ("%%", []),
        ("__", []),
        ("öppnade hälsning", ["Öppnande"]),
        ("åskådare", ["Enskilt ärende"]),
    ],
)
def test_search_finds_every_word_whatever_its_case(town: Pages, query: str, found: list[str]) -> None:
    assert hits(town, "siv.sand", query) == found


def test_search_leaks_neither_other_bodies_nor_secrets_nor_what_is_not_approved(town: Pages) -> None:
    assert hits(town, "bo.hus", "åtgärdsplan") == ["Beslut"]
    assert hits(town, "bo.hus", "öppnade") == []
    assert hits(town, "eva.gast", "öppnade") == []
    town.world.record("2027-02-12 10:00", APPROVED)
    assert hits(town, "eva.gast", "öppnade") == ["Öppnande"]
    assert hits(town, "eva.gast", "åskådare") == []
    assert hits(town, "siv.sand", "åtgärdsplan", organ="radet") == ["Öppnande"]


def test_search_marks_the_words_in_an_excerpt_and_escapes_them(town: Pages) -> None:
    text = town.visitor("siv.sand").get(f"/{town.town}/sok?q=torget").text
    assert "Belysningen vid <mark>torget</mark> är trasig." in unescape(text)
    evil = town.visitor("siv.sand").get(f"/{town.town}/sok", params={"q": '"><script>x</script>'}).text
    assert "<script" not in evil


@pytest.mark.parametrize("query", ["", "  ", "a", "å b"])
def test_search_for_nothing_or_too_little_is_answered_kindly(town: Pages, query: str) -> None:
    text = plain(town.visitor("siv.sand").get(f"/{town.town}/sok", params={"q": query}).text)
    assert ("Skriv minst två tecken" in text) is bool(query.strip())
    assert "träff" not in text.replace("hittar", "")


@pytest.mark.parametrize(
    "path", ["atgarder", "atgarder.csv", "atgarder/Å-2027-001", "beslut", "beslut.json", "sok?q=torget"]
)
def test_register_pages_ask_the_database_six_questions_at_most(town: Pages, path: str) -> None:
    client = town.visitor("siv.sand")
    with counted(town) as asked:
        assert client.get(f"/{town.town}/{path}").status_code == 200
    assert 1 < len(asked) <= 6
