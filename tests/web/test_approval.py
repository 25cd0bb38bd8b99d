"""The page of approval: what each role sees and does, from draft to approved, corrected, announced and published."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from httpx import Response

from governance.store import approval_book, minute_book
from governance.store.tables import MeetingRecord
from tests.secretariat.test_approval import CHANGED, COUNCIL, NOTES
from tests.web.conftest import Pages, counted
from tests.world import TOWN

ACCESS = "access: {admin: [adam.adm], reader: [lasse.las]}\n"
PEOPLE = """\
  adam.adm: {name: Adam Adm, email: adam.adm@prov.example, organisation: kommunen}
  lasse.las: {name: Lasse Läs, email: lasse.las@prov.example, organisation: kommunen}
"""
TOWN_WITH_ALL = TOWN.replace("bodies:\n", f"{PEOPLE}bodies:\n", 1) + ACCESS
STATUTORY = TOWN_WITH_ALL.replace("formality: regulated", "formality: statutory")
SECRET = TOWN_WITH_ALL.replace(
    "      - {title: Lägesbild, kind: information, source: situation-picture}",
    "      - {title: Hotbilden, kind: decision, confidentiality: secret}",
)
SECRET_COUNCIL = COUNCIL.replace(
    "    Rapporter:", "    Hotbilden: {account: Vittnet bor på Dolda gatan.}\n    Rapporter:"
)
PATH = "/organ/radet/2027-02-10/justering"


def council(pages: Callable[..., Pages], config: str = TOWN_WITH_ALL, record: str = COUNCIL) -> Pages:
    """The pages of a town whose council's minutes are written and mailed."""
    made = pages(config)
    made.world.until("2027-02-22", record)
    return made


def get(made: Pages, person: str, more: str = "") -> Response:
    return made.visitor(person).get(f"/{made.town}{PATH}{more}")


def post(made: Pages, person: str, more: str = "", **data: object) -> Response:
    return made.visitor(person).post(f"/{made.town}{PATH}{more}", data=data)


def shown(made: Pages, person: str) -> str:
    """The hash of the version that the page asks somebody to approve."""
    return re.findall(r'name="sha256" value="([0-9a-f]{64})"', get(made, person).text)[0]


def record(made: Pages) -> MeetingRecord:
    with made.world.read() as session:
        found = minute_book.record_of(session, made.world.meeting("radet", "2027-02-10").id)
    assert found is not None
    return found


def approve(made: Pages, person: str) -> Response:
    return post(made, person, sha256=shown(made, person), last="ja")


def approved(made: Pages) -> Pages:
    approve(made, "kia.holm")
    approve(made, "pia.polis")
    made.world.go("2027-02-23 00:05")
    return made


# --- approving -----------------------------------------------------------------------------------------------------


def test_all_approve_on_the_page_and_the_meeting_is_closed(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    assert "justerar du den längst ner" in get(made, "kia.holm").text
    first = approve(made, "kia.holm")
    assert (first.status_code, first.headers["location"]) == (303, f"/{made.town}{PATH}?klart=justerat")
    assert approve(made, "pia.polis").headers["location"].endswith("?klart=justerat-av-alla")
    assert record(made).approved_by == ["kia.holm", "pia.polis"]
    made.world.go("2027-02-23 00:05")
    text = get(made, "siv.sand").text
    assert "Protokollet justerades den 22\xa0februari 2027 av Kia Holm och Pia Polis." in text
    assert "Justerade 22\xa0februari 2027" in text


def test_text_below_is_said_to_be_the_approved_one_until_its_own_version_is_made(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    approve(made, "kia.holm")
    approve(made, "pia.polis")
    waits = "Den justerade versionen är inte gjord än. Texten nedan är den som justerades."
    assert waits in get(made, "siv.sand").text
    made.world.go("2027-02-23 00:05")
    assert "inte gjord än" not in get(made, "siv.sand").text


@pytest.mark.parametrize(
    ("body", "day", "record", "words"),
    [
        ("radet", "2027-02-10", COUNCIL, "Protokollet är inte gjort än. Det görs måndag 22\xa0februari 2027."),
        ("gruppen", "2027-01-12", NOTES, "Anteckningarna är inte gjorda än. De görs torsdag 14\xa0januari 2027."),
    ],
)
def test_before_the_first_version_the_day_it_is_made_is_told(
    pages: Callable[..., Pages], body: str, day: str, record: str, words: str
) -> None:
    made = pages(TOWN_WITH_ALL)
    made.world.until(day)
    made.world.record(f"{day} 23:59", record)
    text = made.visitor("siv.sand").get(f"/{made.town}/organ/{body}/{day}/justering").text
    assert words in text
    assert "En ändring är antecknad" not in text


def test_who_has_not_ticked_that_it_was_read_has_not_approved(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    answer = post(made, "kia.holm", sha256=shown(made, "kia.holm"))
    assert answer.status_code == 422
    assert "Kryssa i att du har läst texten." in answer.text
    assert "<title>Fel: Justering" in answer.text


def test_version_changed_since_the_page_was_opened_is_not_approved(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    old = shown(made, "kia.holm")
    made.world.record("2027-02-22 23:59", CHANGED)
    made.world.go("2027-02-22 23:59")
    answer = post(made, "kia.holm", sha256=old, last="ja")
    assert answer.status_code == 422
    assert "Protokollet har ändrats sedan du öppnade sidan." in answer.text
    assert "stora torget" in answer.text


def test_member_who_was_not_chosen_and_the_secretary_cannot_approve(pages: Callable[..., Pages]) -> None:
    made = council(pages, record=COUNCIL.replace("approvers: [pia.polis]", "approvers: []"))
    sha256 = shown(made, "kia.holm")
    for person in ("pia.polis", "siv.sand"):
        assert "Jag har läst texten" not in get(made, person).text
        answer = post(made, person, sha256=sha256, last="ja")
        assert (answer.status_code, "Du är inte utsedd" in answer.text) == (422, True), person


ROLES = {"siv.sand": 200, "kia.holm": 200, "pia.polis": 200, "lasse.las": 200, "adam.adm": 200, "bo.hus": 404, "": 303}


def test_page_by_role(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    assert {person: get(made, person).status_code for person in ROLES} == ROLES
    reads = {person: "Vi talade om torget." in get(made, person).text for person in ROLES}
    assert reads == {person: person in {"siv.sand", "kia.holm", "pia.polis", "adam.adm"} for person in ROLES}
    approved(made)
    assert "Vi talade om torget." in get(made, "lasse.las").text


WRITES = ("/synpunkt/klar", "/fardig", "/justerare", "/paminn", "/rattelse", "/rattelse/angra", "/offentlig", "/anslag")


def test_what_is_the_secretarys_is_refused_to_others_and_changes_nothing(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    before = made.world.everything()
    refused = {
        (person, more): post(made, person, more).status_code
        for person in ("pia.polis", "lasse.las", "bo.hus", "")
        for more in WRITES
    }
    assert {code for (person, _), code in refused.items() if person in {"pia.polis", "lasse.las"}} == {403}
    assert {code for (person, _), code in refused.items() if person == "bo.hus"} == {404}
    assert {code for (person, _), code in refused.items() if person == ""} == {401}
    assert [post(made, person).status_code for person in ("lasse.las", "adam.adm")] == [403, 403]
    after = made.world.everything()
    assert {name: rows for name, rows in after.items() if name != "web_sessions"} == {
        name: rows for name, rows in before.items() if name != "web_sessions"
    }


def test_form_of_another_site_approves_nothing(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    sha256 = shown(made, "kia.holm")
    client = made.visitor("kia.holm")
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post(f"/{made.town}{PATH}", data={"sha256": sha256, "last": "ja"}, headers=headers)
    assert answer.status_code == 403


def test_page_asks_six_questions_at_most_and_changes_nothing(pages: Callable[..., Pages]) -> None:
    made = approved(council(pages, STATUTORY))
    client = made.visitor("siv.sand")
    before = made.world.everything()
    for more in ("", "/anslag"):
        with counted(made) as asked:
            assert client.get(f"/{made.town}{PATH}{more}").status_code == 200
        assert len([each for each in asked if each.startswith("SELECT")]) <= 6
    assert made.world.everything() == before


def test_secrets_are_shown_to_those_called_alone(pages: Callable[..., Pages]) -> None:
    made = approved(council(pages, SECRET, SECRET_COUNCIL))
    reads = {each: "Vittnet bor" in get(made, each).text for each in ("siv.sand", "pia.polis", "lasse.las", "adam.adm")}
    assert reads == {"siv.sand": True, "pia.polis": True, "lasse.las": False, "adam.adm": False}
    assert "visas bara för dem som är kallade" in get(made, "lasse.las").text
    assert post(made, "siv.sand", "/offentlig").headers["location"].endswith("?klart=offentlig")
    text = get(made, "lasse.las").text
    assert "Offentlig version." in text
    assert "Vi talade om torget." in text
    assert "Vittnet bor" not in text
    (copy,) = made.world.papers("public_minutes")
    whole = f"/{made.town}/organ/radet/2027-02-10"
    reader = made.visitor("lasse.las")
    assert reader.get(f"{whole}/handlingar/{copy.id}").status_code == 200
    full = made.world.papers("minutes", made.world.meeting("radet", "2027-02-10"))[-1]
    assert reader.get(f"{whole}/handlingar/{full.id}").status_code == 403


# --- the secretary's tools -----------------------------------------------------------------------------------------


def test_secretary_chooses_approvers_among_those_who_came(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    answer = post(made, "siv.sand", "/justerare", justerare=["siv.sand", "pia.polis"])
    assert answer.status_code == 303
    assert record(made).approvers == ["siv.sand", "pia.polis"]
    wrong = post(made, "siv.sand", "/justerare", justerare=["bo.hus"])
    assert (wrong.status_code, "Bo Hus var inte det" in wrong.text) == (422, True)


def test_reminder_is_one_mail_a_day(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    assert post(made, "siv.sand", "/paminn").headers["location"].endswith("?klart=paminda")
    assert post(made, "siv.sand", "/paminn").headers["location"].endswith("?klart=justering-redan-paminda")
    assert made.world.told("approval") == ["kia.holm", "pia.polis"]


def test_remark_is_shown_to_the_secretary_and_seen_to(pages: Callable[..., Pages]) -> None:
    made = council(pages)
    assert post(made, "pia.polis", "/synpunkt", synpunkt="").status_code == 422
    post(made, "pia.polis", "/synpunkt", synpunkt="Det var <b>torsdag</b>.")
    text = get(made, "siv.sand").text
    assert "Det var &lt;b&gt;torsdag&lt;/b&gt;." in text
    number = re.findall(r'name="synpunkt" value="(\d+)"', text)[0]
    assert post(made, "siv.sand", "/synpunkt/klar", synpunkt=number).status_code == 303
    assert '<span class="pill good">Klar</span>' in get(made, "siv.sand").text
    assert "Det var &lt;b&gt;" not in get(made, "lasse.las").text


def test_remark_of_another_meeting_is_not_found(pages: Callable[..., Pages]) -> None:
    made = pages(TOWN_WITH_ALL)
    second = COUNCIL.replace("2027-02-10", "2027-05-12")
    made.world.until("2027-05-25", COUNCIL + second)
    post(made, "pia.polis", "/synpunkt", synpunkt="Det var torsdag.")
    other = f"/{made.town}/organ/radet/2027-05-12/justering/synpunkt/klar"
    assert made.visitor("siv.sand").post(other, data={"synpunkt": "1"}).status_code == 404


def test_correction_cycle_on_the_page(pages: Callable[..., Pages]) -> None:
    made = approved(council(pages))
    wrong = post(made, "siv.sand", "/rattelse", skal=" ")
    assert (wrong.status_code, "Skriv skälet." in wrong.text) == (422, True)
    assert post(made, "siv.sand", "/rattelse", skal="Fel torg.").status_code == 303
    assert "En rättelse är öppen." in get(made, "kia.holm").text
    client = made.visitor("siv.sand")
    links = re.findall(rf'href="(/{made.town}/[^"#]*)"', client.get(f"/{made.town}{PATH}").text)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert post(made, "siv.sand", "/rattelse/angra").status_code == 303
    post(made, "siv.sand", "/rattelse", skal="Fel torg.")
    made.world.record("2027-02-23 09:00", CHANGED)
    made.world.go("2027-02-23 09:05")
    text = get(made, "kia.holm").text
    assert "Rättelse:</strong> Fel torg." in text
    assert "senast tisdag 9\xa0mars 2027" in text  # as long as the first time, from the correction
    assert "stora torget" in text
    approve(made, "kia.holm")
    approve(made, "pia.polis")
    assert str(record(made).approved_on) == "2027-02-23"


def test_groups_notes_are_settled_by_the_secretary(pages: Callable[..., Pages]) -> None:
    made = pages(TOWN_WITH_ALL)
    made.world.until("2027-01-15", NOTES)
    path = f"/{made.town}/organ/gruppen/2027-01-12/justering"
    client = made.visitor("siv.sand")
    text = client.get(path).text
    assert "Anteckningarna justeras inte." in text
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', text)[0]
    assert client.post(path + "/fardig", data={"sha256": sha256}).status_code == 303
    assert "Anteckningarna färdigställdes den 15\xa0januari 2027." in client.get(path).text
    assert client.get(path + "/anslag").headers["location"] == path


# --- the board -----------------------------------------------------------------------------------------------------


def test_notice_is_posted_with_its_days_and_printed(pages: Callable[..., Pages]) -> None:
    made = council(pages, STATUTORY)
    assert get(made, "siv.sand", "/anslag").headers["location"] == f"/{made.town}{PATH}"
    approved(made)
    assert "senast onsdag 24\xa0februari 2027" in get(made, "siv.sand").text
    late = post(made, "siv.sand", "/anslag", uppsatt="2027-03-01")
    assert (late.status_code, "då protokollet justerades, till i dag" in late.text) == (422, True)
    assert post(made, "siv.sand", "/anslag", uppsatt="2027-02-23").status_code == 303
    assert "till och med tisdag 16\xa0mars 2027" in get(made, "siv.sand").text
    text = get(made, "lasse.las", "/anslag").text
    for words in ("Justerat protokoll: Rådet", "§§ 1–7", "senast tisdag 16\xa0mars 2027", "8 kap. 12 §"):
        assert words in text


@pytest.mark.parametrize(
    ("day", "words"),
    [("2027-02-24", "Sista dagen i dag"), ("2027-02-26", "Försenat 2 dagar")],
)
def test_notice_that_is_not_posted_in_time_is_late(pages: Callable[..., Pages], day: str, words: str) -> None:
    made = approved(council(pages, STATUTORY))
    made.world.set(f"{day} 12:00")
    assert words in get(made, "siv.sand").text


def test_unrecorded_meeting_has_nothing_to_approve(pages: Callable[..., Pages]) -> None:
    made = pages(TOWN_WITH_ALL)
    made.world.until("2027-02-22")
    assert "Mötet är inte antecknat än." in get(made, "siv.sand").text
    answer = post(made, "kia.holm", sha256="0" * 64, last="ja")
    assert (answer.status_code, "inte antecknat" in answer.text) == (422, True)
    with made.world.read() as session:
        assert approval_book.approvals_of(session, made.world.meeting("radet", "2027-02-10").id) == []
