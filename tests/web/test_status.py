"""Status answers through the pages: with the link of a mail, signed in; who has answered; reminders; links revoked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from governance.secretariat.mail_replies import take_reply
from governance.store.door_tables import AuditEntry
from governance.store.tables import Action, StatusRequest
from tests.secretariat.test_links import LINKED, token
from tests.secretariat.test_mail_replies import reply
from tests.web.conftest import Pages, counted, hall_of
from tests.world import World, at, blank, plain

MEETING = "organ/gruppen/2027-01-12"
ACTIONS = """
- meeting: gruppen 2027-01-12
  answers:
    - {from: bo.hus, received: 2027-01-08 10:00, answers: {Brott: Tre inbrott i källare.}}
  present: [kia.holm]
  items:
    Beslut:
      account: Vi talade.
      actions:
        - {text: Laga stängslet, owner: bo.hus, due: 2027-01-18}
        - {text: Ringa skolan, owner: pia.polis, due: 2027-02-01}
"""


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory, blank_archive: Path) -> dict[str, Path]:
    """The data of two worlds that have walked to where the tests begin: walking is what costs time."""
    found = {}
    for name in ("asked", "carried"):
        folder = tmp_path_factory.mktemp(name)
        blank(blank_archive, folder)
        world = World(folder, LINKED)
        if name == "asked":
            world.go("2027-01-05 08:00")
        else:
            world.until("2027-01-13", ACTIONS)
        world.close()
        found[name] = folder / "data"
    return found


def begun(walked: dict[str, Path], name: str, folder: Path, moment: str) -> Iterator[Pages]:
    shutil.copytree(walked[name], folder / "data")
    world = World(folder, LINKED, at(moment))
    yield Pages(world, hall_of(world))
    world.close()


@pytest.fixture
def asked(walked: dict[str, Path], tmp_path: Path) -> Iterator[Pages]:
    """The pages when the first status questions have gone out."""
    yield from begun(walked, "asked", tmp_path, "2027-01-05 08:00")


@pytest.fixture
def carried(walked: dict[str, Path], tmp_path: Path) -> Iterator[Pages]:
    """The pages when the second meeting's questions are out, with an answer last time and actions since."""
    yield from begun(walked, "carried", tmp_path, "2027-01-14 09:00")


def link(made: Pages, person: str, day: str = "2027-01-12") -> str:
    return f"/svar/{token(made.world, person, day=day)}"


def saved(made: Pages, person: str, day: str = "2027-01-12") -> dict[str, object]:
    """What the archive holds of somebody's answer."""
    meeting = made.world.meeting("gruppen", day)
    with made.world.read() as session:
        row = session.scalars(select(StatusRequest).filter_by(occasion_id=meeting.id, person=person)).one()
    everything = made.world.everything()
    replies = {each[2]: each[3] for each in everything["status_replies"] if each[1] == row.id}
    return {"choice": row.choice, "late": row.late, "answered": row.answered is not None, "replies": replies}


def changed(**fields: str) -> dict[str, str]:
    return {"val": "changed", **fields}


# --- the link ------------------------------------------------------------------------------------------------------


def test_link_shows_meeting_person_and_the_choices_without_signing_in(asked: Pages) -> None:
    answer = asked.visitor().get(link(asked, "bo.hus"))
    text = plain(answer.text)
    assert answer.status_code == 200
    assert "tisdag 12 januari 2027 kl. 09.00–10.00" in text
    assert "Du svarar som Bo Hus , Provbostäder AB." in text
    assert text.index("Inget att rapportera") < text.index("Ändrat") < text.index("Nämn aldrig enskilda personer")
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("same-origin", "no-store")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "Huvudmeny" not in answer.text


def test_looking_twice_changes_nothing(asked: Pages) -> None:
    visitor, path = asked.visitor(), link(asked, "bo.hus")
    before = asked.world.everything()
    first = visitor.get(path)
    assert visitor.get(path).text == first.text
    assert visitor.head(path).status_code == 200
    assert asked.world.everything() == before


@pytest.mark.parametrize("path", ["/svar/" + "x" * 43, "/svar/kort", "/svar/%00"])
def test_unknown_link_is_told_kindly(asked: Pages, path: str) -> None:
    for method in ("GET", "POST"):
        answer = asked.visitor().request(method, path, data={"val": "nothing"} if method == "POST" else None)
        assert answer.status_code == 404
        assert "Länken gäller inte längre" in answer.text
        assert "Svara direkt på mejlet" in answer.text


def test_old_link_takes_nothing_in(asked: Pages) -> None:
    path = link(asked, "bo.hus")
    asked.world.set("2027-01-27 00:00")
    before = asked.world.everything()
    assert asked.visitor().post(path, data={"val": "nothing"}).status_code == 404
    assert asked.world.everything() == before


def test_form_of_another_site_is_refused(asked: Pages) -> None:
    answer = asked.visitor().post(
        link(asked, "bo.hus"), data={"val": "nothing"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


# --- answering -----------------------------------------------------------------------------------------------------


def test_nothing_to_report_is_kept_thanked_for_and_logged_as_the_links(asked: Pages) -> None:
    path, visitor = link(asked, "bo.hus"), asked.visitor()
    answer = visitor.post(path, data={"val": "nothing"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?klart=svar")
    text = plain(visitor.get(answer.headers["location"]).text)
    assert "Tack! Ditt svar är sparat." in text
    assert "Det här har du svarat Inget att rapportera tisdag 5 januari 2027 kl. 08.00" in text
    assert "till och med tisdag 26 januari 2027" in text
    assert saved(asked, "bo.hus") == {"choice": "nothing", "late": False, "answered": True, "replies": {}}
    with asked.world.read() as session:
        row = session.scalars(select(AuditEntry)).one()
    assert (row.person, row.role, row.action, row.object) == ("bo.hus", "link", "status.answer", "gruppen 2027-01-12")


def test_the_same_post_twice_changes_nothing_also_after_closing(asked: Pages) -> None:
    path, visitor = link(asked, "bo.hus"), asked.visitor()
    sent = changed(**{"svar:Brott": "Ett inbrott.\r\nPå Norrby."})
    visitor.post(path, data=sent)
    before = asked.world.everything()
    asked.world.set("2027-01-11 15:00")
    assert visitor.post(path, data=sent).status_code == 303
    assert asked.world.everything() == before
    assert saved(asked, "bo.hus")["replies"] == {"Brott": "Ett inbrott.\nPå Norrby."}


def test_changed_answer_replaces_the_former_and_is_prefilled(asked: Pages) -> None:
    path, visitor = link(asked, "bo.hus"), asked.visitor()
    visitor.post(path, data=changed(**{"svar:Brott": "Ett inbrott.", "svar:Otrygghet": "Mörkt."}))
    assert "Ett inbrott.</textarea>" in visitor.get(path).text
    visitor.post(path, data=changed(**{"svar:Brott": "Två inbrott.", "svar:Otrygghet": ""}))
    assert saved(asked, "bo.hus")["replies"] == {"Brott": "Två inbrott."}
    visitor.post(path, data={"val": "nothing", "svar:Brott": "Två inbrott."})
    assert saved(asked, "bo.hus") == {"choice": "nothing", "late": False, "answered": True, "replies": {}}


def test_answer_after_the_agenda_is_late_and_the_page_says_so(asked: Pages) -> None:
    path, visitor = link(asked, "bo.hus"), asked.visitor()
    asked.world.go("2027-01-11 13:00")
    assert "Dagordningen har redan skickats. Ditt svar sparas ändå och märks som sent." in visitor.get(path).text
    visitor.post(path, data={"val": "nothing"})
    assert saved(asked, "bo.hus")["late"] is True
    assert "Sent" in plain(visitor.get(path).text)


def test_changed_without_words_is_drawn_again_with_what_to_do(asked: Pages) -> None:
    answer = asked.visitor().post(link(asked, "bo.hus"), data=changed(**{"svar:Brott": " "}))
    assert answer.status_code == 422
    assert "<title>Fel: Hur är läget?" in answer.text
    assert '<a href="#fraga-1">Skriv vad som har ändrats' in answer.text
    assert saved(asked, "bo.hus")["answered"] is False


def test_nothing_chosen_keeps_the_words(asked: Pages) -> None:
    answer = asked.visitor().post(link(asked, "bo.hus"), data={"svar:Brott": "Ett inbrott."})
    assert answer.status_code == 422
    assert "Välj ett av svaren." in answer.text
    assert "Ett inbrott.</textarea>" in answer.text


def test_new_words_under_another_choice_are_not_thrown_away(asked: Pages) -> None:
    answer = asked.visitor().post(link(asked, "bo.hus"), data={"val": "nothing", "svar:Brott": "Ett inbrott."})
    assert answer.status_code == 422
    assert "Du har skrivit något nytt." in answer.text
    assert "Ett inbrott.</textarea>" in answer.text


def test_as_last_time_is_offered_only_where_there_was_one(asked: Pages) -> None:
    visitor, path = asked.visitor(), link(asked, "bo.hus")
    assert "Som förra gången" not in visitor.get(path).text
    assert visitor.post(path, data={"val": "as-last-time"}).status_code == 422


def test_as_last_time_shows_and_repeats_what_was_said(carried: Pages) -> None:
    visitor, path = carried.visitor(), link(carried, "bo.hus", "2027-01-19")
    assert "Förra gången, 12 januari 2027: Brott Tre inbrott i källare." in plain(visitor.get(path).text)
    visitor.post(path, data={"val": "as-last-time"})
    kept = saved(carried, "bo.hus", "2027-01-19")
    assert (kept["choice"], kept["replies"]) == ("as-last-time", {"Brott": "Tre inbrott i källare."})
    before = carried.world.everything()
    visitor.post(path, data={"val": "as-last-time"})
    assert carried.world.everything() == before


def test_too_long_text_is_refused_and_kept(asked: Pages) -> None:
    answer = asked.visitor().post(link(asked, "bo.hus"), data=changed(**{"svar:Brott": "x" * 10_001}))
    assert answer.status_code == 422
    assert "högst 10000 tecken" in answer.text


def test_question_no_longer_asked_keeps_its_words_as_a_general_remark(asked: Pages) -> None:
    asked.visitor().post(link(asked, "bo.hus"), data=changed(**{"svar:Borttagen": "Viktigt."}))
    assert saved(asked, "bo.hus")["replies"] == {"": "Viktigt."}


def test_personal_number_is_kept_but_warned_about(asked: Pages) -> None:
    visitor, path = asked.visitor(), link(asked, "bo.hus")
    assert visitor.post(path, data=changed(**{"svar:Brott": "Han (811228-9874) igen."})).status_code == 303
    text = plain(visitor.get(path).text)
    assert "Det ser ut att stå ett personnummer i svaret: 811228-****." in text
    secretary = asked.visitor("siv.sand").get(f"/{asked.town}/{MEETING}/laget")
    assert "Det ser ut att stå ett personnummer här: 811228-****." in plain(secretary.text)


def test_what_is_written_is_text_and_nothing_else(asked: Pages) -> None:
    visitor, path = asked.visitor(), link(asked, "bo.hus")
    visitor.post(path, data=changed(**{"svar:Brott": "</textarea><script>alert(1)</script>"}))
    assert "<script>alert" not in visitor.get(path).text
    assert "<script>alert" not in asked.visitor("siv.sand").get(f"/{asked.town}/{MEETING}/laget").text


# --- actions -------------------------------------------------------------------------------------------------------

STALL = {"lage:Å-2027-001": "not-started", "datum:Å-2027-001": "2027-01-18", "kommentar:Å-2027-001": ""}


def action(made: Pages, number: str = "Å-2027-001") -> tuple[str, str, str]:
    with made.world.read() as session:
        row = session.scalars(select(Action).filter_by(number=number)).one()
    return row.status, str(row.due), row.comment


def test_only_ones_own_actions_are_shown(carried: Pages) -> None:
    text = plain(carried.visitor().get(link(carried, "bo.hus", "2027-01-19")).text)
    assert ("Laga stängslet" in text, "Ringa skolan" in text) == (True, False)


def test_state_date_and_comment_of_an_action_are_kept_and_can_be_taken_back(carried: Pages) -> None:
    visitor, path = carried.visitor(), link(carried, "bo.hus", "2027-01-19")
    told = {
        "lage:Å-2027-001": "in-progress",
        "datum:Å-2027-001": "2027-03-01",
        "kommentar:Å-2027-001": "Beställt.",
    }
    assert visitor.post(path, data=changed(**told)).status_code == 303
    assert action(carried) == ("in-progress", "2027-03-01", "Beställt.")
    before = carried.world.everything()
    visitor.post(path, data=changed(**told))
    assert carried.world.everything() == before
    visitor.post(path, data=changed(**told | {"lage:Å-2027-001": "done", "kommentar:Å-2027-001": ""}))
    assert action(carried) == ("done", "2027-03-01", "")
    assert "Laga stängslet" in visitor.get(path).text  # still there to be changed
    visitor.post(path, data=changed(**told | {"lage:Å-2027-001": "not-started"}))
    assert action(carried) == ("not-started", "2027-03-01", "Beställt.")


def test_untouched_action_is_no_change(carried: Pages) -> None:
    answer = carried.visitor().post(link(carried, "bo.hus", "2027-01-19"), data=changed(**STALL))
    assert answer.status_code == 422
    assert action(carried) == ("not-started", "2027-01-18", "")


def test_somebody_elses_action_is_not_there(carried: Pages) -> None:
    before = carried.world.everything()
    for number in ("Å-2027-002", "Å-2027-999", ""):
        answer = carried.visitor().post(
            link(carried, "bo.hus", "2027-01-19"), data=changed(**{f"lage:{number}": "done"})
        )
        assert answer.status_code == 404
    assert carried.world.everything() == before


@pytest.mark.parametrize("field", [{"lage:Å-2027-001": "dropped"}, {"datum:Å-2027-001": "i morgon"}])
def test_action_that_cannot_be_read_is_drawn_again(carried: Pages, field: dict[str, str]) -> None:
    sent = changed(**STALL | {"kommentar:Å-2027-001": "På väg."} | field)
    answer = carried.visitor().post(link(carried, "bo.hus", "2027-01-19"), data=sent)
    assert answer.status_code == 422
    assert 'value="På väg."' in answer.text
    assert action(carried) == ("not-started", "2027-01-18", "")


def test_secret_action_is_veiled_behind_a_link(carried: Pages) -> None:
    with carried.world.office.archive.write() as session:
        session.execute(Action.__table__.update().where(Action.number == "Å-2027-001").values(comment="Ormen heter Kå"))
        session.connection().exec_driver_sql(
            "UPDATE items SET confidentiality = 'secret' WHERE id = (SELECT item_id FROM actions WHERE sequence = 1)"
        )
    text = carried.visitor().get(link(carried, "bo.hus", "2027-01-19")).text
    assert ("Laga stängslet" in text, "Ormen" in text, "Åtgärd i ett ärende med sekretess" in text) == (
        False,
        False,
        True,
    )


# --- signed in -----------------------------------------------------------------------------------------------------


def test_member_answers_signed_in_by_the_same_form(asked: Pages) -> None:
    visitor, path = asked.visitor("bo.hus"), f"/{asked.town}/{MEETING}/svar"
    assert "Inget att rapportera" in visitor.get(path).text
    assert visitor.post(path, data={"val": "nothing"}).status_code == 303
    assert saved(asked, "bo.hus")["choice"] == "nothing"
    with asked.world.read() as session:
        assert session.scalars(select(AuditEntry.role)).all() == ["member"]


def test_who_has_no_seat_has_nothing_to_answer(asked: Pages) -> None:
    path = f"/{asked.town}/organ/radet/2027-02-10/svar"
    assert asked.visitor("bo.hus").get(path).status_code == 404
    assert asked.visitor().get(path).status_code == 303


def test_called_off_meeting_takes_no_answer(asked: Pages) -> None:
    with asked.world.office.archive.write() as session:
        session.merge(asked.world.meeting("gruppen", "2027-01-12")).status = "cancelled"
    visitor, path = asked.visitor("bo.hus"), f"/{asked.town}/{MEETING}/svar"
    assert "Mötet blir inte av" in visitor.get(path).text
    before = asked.world.everything()
    assert visitor.post(path, data={"val": "nothing"}).status_code == 422
    assert asked.world.everything() == before


# --- who has answered ----------------------------------------------------------------------------------------------


def test_secretary_sees_who_answered_what_and_who_is_silent(asked: Pages) -> None:
    asked.visitor().post(link(asked, "bo.hus"), data=changed(**{"svar:Brott": "Ett inbrott."}))
    text = plain(asked.visitor("siv.sand").get(f"/{asked.town}/{MEETING}/laget").text)
    assert "1 av 3 2 har inte svarat än" in text
    assert "Ett inbrott." in text
    assert re.search(r"Pia Polis Polismyndigheten Inget svar frågad 5 januari 2027", text)


def test_member_sees_how_many_but_no_names(asked: Pages) -> None:
    asked.visitor().post(link(asked, "bo.hus"), data=changed(**{"svar:Brott": "Ett inbrott."}))
    text = plain(asked.visitor("pia.polis").get(f"/{asked.town}/{MEETING}/laget").text)
    assert "1 av 3" in text
    assert [word in text for word in ("Ett inbrott.", "Kia Holm", "Påminn", "Återkalla")] == [False] * 4


def test_pages_ask_at_most_six_questions(carried: Pages) -> None:
    carried.visitor().post(link(carried, "bo.hus", "2027-01-19"), data=changed(**{"svar:Brott": "Ett inbrott."}))
    siv, bo = carried.visitor("siv.sand"), carried.visitor("bo.hus")
    meeting = f"/{carried.town}/organ/gruppen/2027-01-19"
    visits: list[tuple[TestClient, str]] = [
        (carried.visitor(), link(carried, "bo.hus", "2027-01-19")),
        (bo, f"{meeting}/svar"),
        (bo, f"{meeting}/laget"),
        (siv, f"{meeting}/laget"),
        (siv, f"{meeting}/inkommet"),
    ]
    asked = {}
    for visitor, path in visits:
        with counted(carried) as questions:
            assert visitor.get(path).status_code == 200
        asked[path] = len([each for each in questions if each.lstrip().upper().startswith("SELECT")])
    assert {path: amount for path, amount in asked.items() if amount > 6} == {}


# --- reminders and links -------------------------------------------------------------------------------------------


def test_reminder_is_read_before_it_leaves_and_leaves_once_a_day(asked: Pages) -> None:
    visitor, path = asked.visitor("siv.sand"), f"/{asked.town}/{MEETING}/laget/paminn"
    before = asked.world.everything()
    shown = plain(visitor.get(f"{path}?till=alla").text)
    assert "Påminnelsen går till Kia Holm, Pia Polis och Bo Hus." in shown
    assert "Påminnelse: Hur är läget? Inför gruppen tisdag 12 januari 2027" in shown
    assert token(asked.world, "kia.holm") not in shown
    assert asked.world.everything() == before
    answer = visitor.post(path, data={"till": "alla"})
    assert answer.headers["location"] == f"/{asked.town}/{MEETING}/laget?klart=paminda"
    meeting = asked.world.meeting("gruppen", "2027-01-12")
    assert asked.world.told("status_reminder", meeting) == ["bo.hus", "kia.holm", "pia.polis"]
    again = visitor.post(path, data={"till": "alla"})
    assert again.headers["location"].endswith("ingen-att-paminna")
    assert len(asked.world.dispatches("status_reminder", meeting)) == 3
    asked.world.set("2027-01-06 09:00")
    asked.visitor("siv.sand").post(path, data={"till": "bo.hus"})
    assert asked.world.told("status_reminder", meeting) == ["bo.hus", "bo.hus", "kia.holm", "pia.polis"]


def test_who_has_answered_is_not_reminded(asked: Pages) -> None:
    asked.visitor().post(link(asked, "bo.hus"), data={"val": "nothing"})
    visitor, path = asked.visitor("siv.sand"), f"/{asked.town}/{MEETING}/laget/paminn"
    assert visitor.get(f"{path}?till=bo.hus").headers["location"].endswith("ingen-att-paminna")
    visitor.post(path, data={"till": "alla"})
    assert asked.world.told("status_reminder") == ["kia.holm", "pia.polis"]


def test_nobody_outside_the_asked_is_reminded_and_nobody_once_the_meeting_has_begun(asked: Pages) -> None:
    visitor, path = asked.visitor("siv.sand"), f"/{asked.town}/{MEETING}/laget/paminn"
    assert visitor.get(f"{path}?till=siv.sand").status_code == 404
    assert visitor.post(path, data={"till": "siv.sand"}).status_code == 404
    asked.world.set("2027-01-12 09:00")
    asked.visitor("siv.sand").post(path, data={"till": "alla"})
    assert asked.world.told("status_reminder") == []


def test_revoked_link_is_dead_until_it_is_opened_again(asked: Pages) -> None:
    path, siv = link(asked, "bo.hus"), asked.visitor("siv.sand")
    form = f"/{asked.town}/{MEETING}/laget/lank"
    assert siv.post(form, data={"person": "bo.hus", "gor": "aterkalla"}).status_code == 303
    assert asked.visitor().get(path).status_code == 404
    siv.post(form, data={"person": "bo.hus", "gor": "oppna"})
    assert asked.visitor().get(path).status_code == 200
    assert siv.post(form, data={"person": "siv.sand"}).status_code == 404


@pytest.mark.parametrize("path", ["laget/paminn", "laget/lank", "inkommet"])
def test_member_may_not_touch_others(asked: Pages, path: str) -> None:
    visitor = asked.visitor("pia.polis")
    assert visitor.post(f"/{asked.town}/{MEETING}/{path}", data={"till": "alla", "person": "bo.hus"}).status_code == 403


# --- what came by mail ---------------------------------------------------------------------------------------------


def test_secretary_takes_a_reply_by_mail_in_or_leaves_it(asked: Pages) -> None:
    asked.world.set("2027-01-06 10:00")
    for person in ("bo.hus", "pia.polis"):
        raw = reply(asked.world, f"Svar från {person} 811228-9874", person, Message_ID=f"<{person}@x.example>")
        assert take_reply(asked.world.office, raw).state == "unreviewed"
    visitor, path = asked.visitor("siv.sand"), f"/{asked.town}/{MEETING}/inkommet"
    assert "Inkomna mejl (2 att läsa)" in visitor.get(f"/{asked.town}/{MEETING}/laget").text
    before = asked.world.everything()
    text = plain(visitor.get(path).text)
    assert "Bo Hus, Provbostäder AB Att läsa" in text
    assert "Det ser ut att stå ett personnummer här: 811228-****." in text
    assert asked.world.everything() == before
    taken = {"svar": "1", "gor": "infor", "fraga": "Brott", "text": "Svar från Bo"}
    assert visitor.post(path, data=taken).headers["location"] == f"{path}?klart=mejl-infort"
    visitor.post(path, data={"svar": "2", "gor": "lamna"})
    assert saved(asked, "bo.hus")["replies"] == {"Brott": "Svar från Bo"}
    assert saved(asked, "pia.polis")["answered"] is False
    assert visitor.post(path, data={"svar": "3", "gor": "lamna"}).status_code == 404
    elsewhere = f"/{asked.town}/organ/gruppen/2027-01-19/inkommet"
    assert visitor.post(elsewhere, data=taken).status_code == 404
