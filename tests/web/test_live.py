"""The page of the minutes: what it shows to whom, saving field by field, and the whole story with the script off."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from governance.secretariat import live
from governance.secretariat.audit import Doer
from governance.store import queries
from tests.web.conftest import Pages, counted
from tests.world import TOWN, World, at, plain

SECRET = (
    TOWN.replace(
        "- {title: Lägesbild, kind: information,", "- {title: Lägesbild, confidentiality: secret, kind: information,"
    )
    + "access: {admin: [adam.adm], reader: [lasse.las]}\n"
)
SECRET = SECRET.replace(
    "bodies:\n",
    "  adam.adm: {name: Adam Adm, email: adam.adm@prov.example, organisation: kommunen}\n"
    "  lasse.las: {name: Lasse Läs, email: lasse.las@prov.example, organisation: kommunen}\nbodies:\n",
    1,
)


class Sitting:
    """The council's meeting of 10 February 2027 under way, and the paths of its pages."""

    def __init__(self, made: Pages) -> None:
        self.pages, self.world = made, made.world
        made.world.plan()
        made.world.set("2027-02-10 13:10")
        with made.world.read() as session:
            found = queries.occasion(session, made.town, "meeting", "radet", at("2027-02-10 00:00").date())
        assert found is not None
        self.occasion = found
        live.open_sheet(made.world.office, made.world.municipality, found, Doer("siv.sand"))
        self.base = f"/{made.town}/organ/radet/2027-02-10/anteckna"

    def items(self) -> dict[str, int]:
        with self.world.read() as session:
            sheet = live.sheet_of(session, self.world.municipality, self.occasion, self.world.office.now, inside=True)
        return {item.title: item.id for item in sheet.items}

    def put(self, client: TestClient, name: str, text: str, version: int = 0):  # type: ignore[no-untyped-def]
        headers = {"If-Match": str(version), "Content-Type": "text/plain", "Accept": "application/json"}
        return client.put(f"{self.base}/falt/{name}", content=text.encode(), headers=headers)


@pytest.fixture
def sitting(pages: Callable[..., Pages]) -> Sitting:
    return Sitting(pages())


def test_sheet_is_writable_for_the_secretary_and_to_read_for_a_member(sitting: Sitting) -> None:
    write = sitting.pages.visitor("siv.sand").get(sitting.base).text
    read = sitting.pages.visitor("pia.polis").get(sitting.base).text
    assert ("<textarea" in write, "/static/live.js" in write) == (True, True)
    assert ("<textarea" in read, "/static/live.js" in read) == (False, False)
    assert "Skriv protokoll" in write
    assert "Så här långt är det skrivet kl. 13.10" in plain(read)


def test_sheet_asks_the_database_six_times_at_most(sitting: Sitting) -> None:
    client = sitting.pages.visitor("siv.sand")
    sitting.put(client, "attendance:kia.holm", "presence: present")
    client.get(sitting.base)
    with counted(sitting.pages) as asked:
        client.get(sitting.base)
    assert len([each for each in asked if not each.startswith(("BEGIN", "ROLLBACK"))]) <= 6


def test_field_is_saved_with_its_version_and_tells_what_followed(sitting: Sitting) -> None:
    client, item = sitting.pages.visitor("siv.sand"), sitting.items()["Lagens krav"]
    for person in ("kia.holm", "pia.polis"):
        sitting.put(client, f"attendance:{person}", "presence: present")
    told = sitting.put(client, f"item:{item}:decisions", "Rådet beslutar.\n→ Kyrkan").json()
    assert told == {
        "version": 1,
        "at": "13.10",
        "also": {f"item:{item}:quorum": {"version": 1, "text": "2 av 2 ledamöter deltog i beslutet."}},
        "quorum": "2 av 2 ledamöter, beslutsför",
        "actions": [],
        "problems": ["Det finns inget organ som heter ”Kyrkan”."],
        "warning": "",
    }


def test_personal_number_is_saved_and_warned_of(sitting: Sitting) -> None:
    client, item = sitting.pages.visitor("siv.sand"), sitting.items()["Lagens krav"]
    told = sitting.put(client, f"item:{item}:account", "Samtal med 811228-9874.").json()
    assert told["warning"] == "Det här ser ut som ett personnummer: 811228-****. Ta bort det om det inte behövs."


def test_action_line_is_told_as_who_when_what(sitting: Sitting) -> None:
    client, item = sitting.pages.visitor("siv.sand"), sitting.items()["Lagens krav"]
    told = sitting.put(client, f"item:{item}:actions", "@Pia 1/3 Skriva planen").json()["actions"]
    assert [(each["who"], each["when"], each["what"]) for each in told] == [
        ("Pia Polis", "måndag 1\xa0mars 2027", "Skriva planen")
    ]


def test_newer_text_is_answered_with_412_and_both_are_kept(sitting: Sitting) -> None:
    siv, kia = sitting.pages.visitor("siv.sand"), sitting.pages.visitor("kia.holm")
    name = f"item:{sitting.items()['Lagens krav']}:account"
    sitting.put(siv, name, "Sivs text")
    answer = sitting.put(kia, name, "Kias text")
    assert answer.status_code == 412
    assert answer.json() == {"version": 1, "text": "Sivs text", "by": "Siv Sand", "words": "Sivs text"}
    versions = plain(siv.get(f"{sitting.base}/versioner").text)
    assert ("Kias text" in versions, "krockade med en nyare text" in versions) == (True, True)


def test_others_see_which_version_a_field_is_in_and_whose(sitting: Sitting) -> None:
    siv, pia = sitting.pages.visitor("siv.sand"), sitting.pages.visitor("pia.polis")
    name = f"item:{sitting.items()['Lagens krav']}:account"
    sitting.put(siv, name, "Text")
    assert pia.get(f"{sitting.base}/lage").json()["fields"] == {name: [1, "Siv Sand", 0]}
    assert pia.get(f"{sitting.base}/falt/{name}").json() == {
        "version": 1,
        "text": "Text",
        "by": "Siv Sand",
        "at": "13.10",
    }


@pytest.mark.parametrize(("person", "status"), [("", 401), ("bo.hus", 404), ("pia.polis", 403), ("kia.holm", 200)])
def test_saving_is_for_those_who_keep_the_minutes_and_refused_in_json(
    sitting: Sitting, person: str, status: int
) -> None:
    answer = sitting.put(sitting.pages.visitor(person), "meeting:begun", "13:00")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({}, b"x", 428),
        ({"If-Match": "x"}, b"x", 428),
        ({"If-Match": "0"}, b"\xff", 400),
        ({"If-Match": "0"}, b"\x00", 400),
    ],
)
def test_what_cannot_be_read_is_refused(sitting: Sitting, headers: dict[str, str], content: bytes, status: int) -> None:
    client = sitting.pages.visitor("siv.sand")
    answer = client.put(f"{sitting.base}/falt/meeting:begun", content=content, headers=headers)
    assert answer.status_code == status


def test_secret_item_is_veiled_for_an_admin_who_was_not_called(pages: Callable[..., Pages]) -> None:
    sitting = Sitting(pages(SECRET))
    item = sitting.items()["Lägesbild"]
    sitting.put(sitting.pages.visitor("siv.sand"), f"item:{item}:account", "Det hemliga")
    admin = sitting.pages.visitor("adam.adm")
    shown = [admin.get(f"{sitting.base}{path}").text for path in ("", "/versioner", "/lage", "/avsluta")]
    assert [("Det hemliga" in each or "Lägesbild" in each or f"item:{item}:" in each) for each in shown] == [False] * 4
    assert "Ärende med sekretess" in shown[0]
    assert sitting.put(admin, f"item:{item}:account", "x", 1).status_code == 404
    assert admin.get(f"{sitting.base}/las-upp?arende={item}").status_code == 404
    assert admin.get(f"{sitting.base}/falt/item:{item}:account").status_code == 404
    assert sitting.pages.visitor("lasse.las").get(sitting.base).status_code == 403


# --- with the script off -----------------------------------------------------------------------------------------


def controls(page: str, place: str) -> dict[str, str]:
    """The fields of one part's form as a browser would send them, by name."""
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{place}"' in each)
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    found |= dict(re.findall(r'<input type="(?:text|time)"[^>]*name="([^"]+)"[^>]* value="([^"]*)"', form))
    for each in re.findall(r'<input type="(?:radio|checkbox)"[^>]* checked>', form):
        name, value = (re.search(rf'{key}="([^"]*)"', each) for key in ("name", "value"))
        if name and value:
            found[name[1]] = value[1]
    return {unescape(name): unescape(value) for name, value in found.items()}


def fill(client: TestClient, base: str, place: str, **more: str):  # type: ignore[no-untyped-def]
    return client.post(base, data=controls(client.get(base).text, place) | more)


def test_meeting_is_run_and_closed_without_the_script(sitting: Sitting) -> None:
    client, base, items = sitting.pages.visitor("siv.sand"), sitting.base, sitting.items()
    item = items["Lagens krav"]
    key, place = f"item:{item}", f"arende-{item}"
    here = {f"attendance:{person}|presence": "present" for person in ("kia.holm", "siv.sand", "pia.polis")}
    answer = fill(client, base, "narvaro", **here, **{"meeting:begun": "13:00", "attendance:pia.polis|from": "13:05"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{base}?klart=sparat#narvaro")
    fill(client, base, "narvaro", guest="Bo Hus")
    fill(client, base, "narvaro", guest="Gäst Gästsson")
    more = {
        f"{key}:account": "Samordnaren redovisar.",
        f"{key}:decisions": "Rådet beslutar.",
        f"{key}:actions": "@Pia 1/3 Skriva",
    }
    fill(client, base, place, **more)
    fill(client, base, "avslutning", **{"meeting:approvers": "pia.polis"})
    page = client.get(base).text
    assert controls(page, place)[f"{key}:quorum"] == "2 av 2 ledamöter deltog i beslutet."
    assert "Inget saknas." in client.get(f"{base}/avsluta").text
    closed = client.post(f"{base}/avsluta")
    assert closed.headers["location"] == f"/{sitting.pages.town}/organ/radet/2027-02-10?klart=avslutat"
    sitting.world.go("2027-02-25 08:00")
    text = sitting.world.text("minutes", sitting.occasion)
    told = ("Gäst Gästsson", "Bo Hus", "från kl. 13.05", "Rådet beslutar.", "Skriva")
    assert [words for words in told if words not in text] == []


def test_two_who_write_without_the_script_choose_between_both_texts(sitting: Sitting) -> None:
    siv, kia, item = (
        sitting.pages.visitor("siv.sand"),
        sitting.pages.visitor("kia.holm"),
        sitting.items()["Lagens krav"],
    )
    name, place = f"item:{item}:account", f"arende-{item}"
    stale = controls(kia.get(sitting.base).text, place)
    fill(siv, sitting.base, place, **{name: "Sivs text"})
    answer = kia.post(sitting.base, data=stale | {name: "Kias text", f"item:{item}:actions": "@Kia 1/3 Ringa"})
    assert answer.status_code == 409
    assert ("Sivs text" in answer.text, "Kias text" in answer.text) == (True, True)
    choice = {"place": place, f"v|{name}": "1", f"mine|{name}": "Kias text", f"theirs|{name}": "Sivs text"}
    kia.post(sitting.base, data=choice | {f"choice|{name}": "both"})
    now = controls(siv.get(sitting.base).text, place)
    assert (now[name], now[f"item:{item}:actions"]) == ("Sivs text\n\nKias text", "@Kia 1/3 Ringa")


def test_untouched_fields_of_an_old_page_do_not_conflict(sitting: Sitting) -> None:
    siv, kia, item = (
        sitting.pages.visitor("siv.sand"),
        sitting.pages.visitor("kia.holm"),
        sitting.items()["Lagens krav"],
    )
    place = f"arende-{item}"
    stale = controls(kia.get(sitting.base).text, place)
    fill(siv, sitting.base, place, **{f"item:{item}:account": "Sivs text"})
    answer = kia.post(sitting.base, data=stale | {f"item:{item}:decisions": "Rådet beslutar."})
    assert answer.status_code == 303
    now = controls(siv.get(sitting.base).text, place)
    assert (now[f"item:{item}:account"], now[f"item:{item}:decisions"]) == ("Sivs text", "Rådet beslutar.")


def test_former_text_is_restored_from_the_versions(sitting: Sitting) -> None:
    client = sitting.pages.visitor("siv.sand")
    name = f"item:{sitting.items()['Lagens krav']}:account"
    sitting.put(client, name, "Det första")
    sitting.put(client, name, "Det andra", 1)
    page = client.get(f"{sitting.base}/versioner").text
    form = next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Det första" in each)
    found = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) | {f"mine|{name}": "Det första"}
    client.post(sitting.base, data=found)
    assert client.get(f"{sitting.base}/falt/{name}").json()["text"] == "Det första"


def test_meeting_with_gaps_is_closed_only_with_a_tick(sitting: Sitting) -> None:
    client = sitting.pages.visitor("siv.sand")
    refused = client.post(f"{sitting.base}/avsluta")
    assert (refused.status_code, "Närvaron är inte antecknad." in refused.text) == (422, True)
    assert "Fyll i det som saknas, eller kryssa i att du vill avsluta ändå." in refused.text
    assert client.post(f"{sitting.base}/avsluta", data={"anyway": "1"}).status_code == 303


def test_decision_is_read_out_with_who_leaves_for_bias(sitting: Sitting) -> None:
    client, item = sitting.pages.visitor("siv.sand"), sitting.items()["Lagens krav"]
    sitting.put(client, f"item:{item}:decisions", "Rådet beslutar.")
    sitting.put(client, f"item:{item}:recused", "pia.polis")
    page = plain(client.get(f"{sitting.base}/las-upp?arende={item}").text)
    assert ("Rådet beslutar." in page, "Pia Polis deltar inte på grund av jäv." in page) == (True, True)
    assert "6. Lagens krav" in plain(client.get(f"{sitting.base}/las-upp").text)
    assert client.get(f"{sitting.base}/las-upp?arende=99999").status_code == 404


def test_item_that_came_up_is_added_and_one_without_title_is_told(sitting: Sitting) -> None:
    client = sitting.pages.visitor("siv.sand")
    added = client.post(f"{sitting.base}/arende", data={"title": "En ny fråga"})
    assert added.headers["location"] == f"{sitting.base}#arende-{sitting.items()['En ny fråga']}"
    again = client.post(f"{sitting.base}/arende", data={"title": "En ny fråga"})
    assert (again.status_code, "Det finns redan ett ärende" in again.text) == (422, True)


def test_agenda_not_made_is_offered_to_be_opened(pages: Callable[..., Pages]) -> None:
    made = pages()
    made.world.plan()
    made.world.set("2027-02-10 12:30")
    base = f"/{made.town}/organ/radet/2027-02-10/anteckna"
    client = made.visitor("siv.sand")
    assert "Öppna dagordningen" in client.get(base).text
    assert client.post(f"{base}/oppna").headers["location"] == base
    assert "Lagens krav" in client.get(base).text


def test_approved_minutes_are_to_read_and_refuse_to_be_written(sitting: Sitting) -> None:
    client, world = sitting.pages.visitor("siv.sand"), sitting.world
    client.post(f"{sitting.base}/avsluta", data={"anyway": "1"})
    approve(world, sitting.base)
    client = sitting.pages.visitor("siv.sand")
    page = client.get(sitting.base).text
    assert ("<textarea" in page, "kan inte ändras här" in page) == (False, True)
    answer = sitting.put(client, "meeting:begun", "13:00")
    assert (answer.status_code, "justerades" in answer.json()["why"]) == (422, True)


def approve(world: World, base: str) -> None:
    """Says in a record file that the council's minutes are approved."""
    assert "/radet/" in base
    record = "- meeting: radet 2027-02-10\n  approved: {on: 2027-02-20, by: [kia.holm]}\n"
    world.until("2027-02-21", record)
