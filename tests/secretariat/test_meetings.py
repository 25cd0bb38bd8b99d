"""The plan: what the config's rhythms make of the stored meetings, and who is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from governance.secretariat.meetings import HORIZON, planned_changes
from tests.conftest import MakeWorld
from tests.world import EXTERNAL, TUESDAYS, WEEKLY, World, at, with_bodies

CANCELLED = "\n    changes: {2027-01-12: {cancelled: Utbildningsdag}}"
COUNCIL = 'rhythm: {in: [february, may, september, november], on: second wednesday, at: "13:00-15:00"}'


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """The town with its group meeting every Tuesday."""
    return make_world(WEEKLY)


def lines(world: World, *changes: str) -> list[tuple[str, str, str]]:
    """The plan's lines of these kinds: (change, body, slot)."""
    found = planned_changes(world.office, world.municipality)
    return [(line.change, line.body, str(line.slot)) for line in found if line.change in changes]


def test_meetings_are_planned_eighteen_months_ahead_and_not_on_days_off(world: World) -> None:
    world.plan()
    days = world.meetings("gruppen")
    last = world.office.today + HORIZON
    assert days[0] == date(2027, 1, 12)
    assert last - timedelta(days=7) < days[-1] <= last
    assert {day.isocalendar().week for day in days} & set(range(28, 32)) == set()
    assert world.meetings("radet", "planned") == [
        date(2027, 2, 10),
        date(2027, 5, 12),
        date(2027, 9, 8),
        date(2027, 11, 10),
        date(2028, 2, 9),
        date(2028, 5, 10),
    ]


def test_plan_made_again_changes_nothing(world: World) -> None:
    world.plan()
    before = world.everything()
    assert world.plan() == []
    assert world.everything() == before


def test_plan_shown_stores_nothing(world: World) -> None:
    assert lines(world, "new")[0] == ("new", "gruppen", "2027-01-12")
    assert world.meetings("gruppen") == []


def test_plan_says_in_words_what_it_did(world: World) -> None:
    (done,) = world.plan()
    new = len(world.meetings("gruppen")) + len(world.meetings("radet"))
    assert (done.verb, done.what, done.mails) == ("plan", f"{new} nya", 0)


def test_untouched_meetings_keep_their_place_in_the_plan(world: World) -> None:
    world.plan()
    assert lines(world, "new", "moved", "cancelled") == []
    assert lines(world, "untouched")[0] == ("untouched", "gruppen", "2027-01-12")


def test_meeting_nobody_is_called_to_follows_the_config(world: World) -> None:
    world.plan()
    world.reconfigure(TUESDAYS, TUESDAYS.replace("09:00-10:00", "10:00-11:30"))
    world.plan()
    meeting = world.meeting("gruppen", "2027-01-26")
    assert (f"{meeting.starts:%H:%M}", f"{meeting.ends:%H:%M}", meeting.sequence) == ("10:00", "11:30", 0)
    assert world.dispatches() == []


def test_moved_meeting_takes_its_steps_along(world: World) -> None:
    world.plan()
    world.reconfigure(COUNCIL, COUNCIL + "\n    changes: {2027-09-08: {to: 2027-09-22, reason: Valet}}")
    world.plan()
    meeting = world.meeting("radet", "2027-09-08")
    assert (meeting.day, meeting.moved_from, meeting.reason) == (date(2027, 9, 22), date(2027, 9, 8), "Valet")
    assert world.steps(meeting)["agenda"].due == at("2027-09-15 13:00")


def test_meeting_the_rhythm_no_longer_wishes_for_is_cancelled_with_its_steps(world: World) -> None:
    world.plan()
    world.reconfigure(COUNCIL, COUNCIL.replace("may, ", ""))
    world.plan()
    meeting = world.meeting("radet", "2027-05-12")
    assert (meeting.status, meeting.reason) == ("cancelled", "Rytmen i konfigurationen har ändrats")
    assert {step.evidence for step in world.steps(meeting).values()} == {
        "utgick: inställt, Rytmen i konfigurationen har ändrats"
    }
    assert world.dispatches() == []


def test_called_meeting_is_not_moved_without_confirmation(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure(TUESDAYS, TUESDAYS.replace("09:00-10:00", "10:00-11:00"))
    before = len(world.dispatches())
    (done,) = world.plan()
    assert done.what.endswith("2 väntar på bekräftelse")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert (f"{meeting.starts:%H:%M}", meeting.sequence, len(world.dispatches())) == ("09:00", 0, before)


def test_called_meeting_moved_on_confirmation_tells_everyone_with_a_higher_sequence(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure(TUESDAYS, TUESDAYS.replace("09:00-10:00", "10:00-11:00"))
    world.set("2027-01-05 09:00")
    world.plan(confirm=True)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("change", meeting) == ["bo.hus", "kia.holm", "pia.polis", "siv.sand"]
    called, changed = (
        world.calendar(next(row for row in world.dispatches(kind, meeting) if row.person == "bo.hus"))
        for kind in ("invitation", "change")
    )
    kept = re.compile(r"^(?:UID|SEQUENCE|METHOD|DTSTART;TZID.*?|STATUS|DTSTAMP):.*", re.MULTILINE)
    assert sorted(kept.findall(called)) == sorted(
        [
            "METHOD:REQUEST",
            f"UID:{meeting.uid}",
            "DTSTAMP:20270104T070000Z",
            "DTSTART;TZID=Europe/Stockholm:20270112T090000",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
        ]
    )
    assert sorted(kept.findall(changed)) == sorted(
        [
            "METHOD:REQUEST",
            f"UID:{meeting.uid}",
            "DTSTAMP:20270105T080000Z",
            "DTSTART;TZID=Europe/Stockholm:20270112T100000",
            "SEQUENCE:1",
            "STATUS:CONFIRMED",
        ]
    )


def test_called_meeting_cancelled_on_confirmation_tells_everyone_who_was_called(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure(TUESDAYS, TUESDAYS + CANCELLED)
    world.plan()
    assert world.meeting("gruppen", "2027-01-12").status == "convened"
    world.plan(confirm=True)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert (meeting.status, meeting.reason, meeting.sequence) == ("cancelled", "Utbildningsdag", 1)
    assert world.told("cancellation", meeting) == world.told("invitation", meeting)
    mail = world.dispatches("cancellation", meeting)[0]
    calendar = world.calendar(mail)
    assert "METHOD:CANCEL\n" in calendar
    assert f"UID:{meeting.uid}\n" in calendar
    assert "SEQUENCE:1\n" in calendar
    assert "Skäl: Utbildningsdag." in world.letter(mail)


def test_cancelled_meeting_does_nothing_more(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure(TUESDAYS, TUESDAYS + CANCELLED)
    world.plan(confirm=True)
    world.until("2027-01-16")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.papers(occasion=meeting) == []
    assert sorted({row.kind for row in world.dispatches(occasion=meeting)}) == [
        "cancellation",
        "invitation",
        "status_request",
    ]


def test_reinstated_meeting_keeps_its_uid_and_owes_its_steps_again(world: World) -> None:
    world.go("2027-01-04 08:00")
    off = TUESDAYS + CANCELLED
    world.reconfigure(TUESDAYS, off)
    world.plan(confirm=True)
    uid = world.meeting("gruppen", "2027-01-12").uid
    world.reconfigure(off, TUESDAYS)
    world.plan()
    assert world.meeting("gruppen", "2027-01-12").status == "cancelled"  # people were told: it wants confirmation
    world.plan(confirm=True)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert (meeting.status, meeting.sequence, meeting.uid, meeting.reason) == ("convened", 2, uid, "")
    assert world.told("change", meeting) == world.told("invitation", meeting)
    assert "SEQUENCE:2\n" in world.calendar(world.dispatches("change", meeting)[0])
    open_steps = [kind for kind, step in world.steps(meeting).items() if step.done is None]
    assert open_steps == ["status_reminder_1", "agenda", "situation", "minutes"]
    world.until("2027-01-16")
    assert [paper.kind for paper in world.papers(occasion=meeting)] == ["agenda", "situation", "minutes"]


def test_changed_lead_time_moves_what_is_not_done_yet(world: World) -> None:
    world.plan()
    assert world.steps(world.meeting("radet", "2027-05-12"))["agenda"].due == at("2027-05-05 13:00")
    world.reconfigure("    asks: [Händelser]\n", "    asks: [Händelser]\n    lead_times: {agenda: 14 days}\n")
    world.plan()
    assert world.steps(world.meeting("radet", "2027-05-12"))["agenda"].due == at("2027-04-28 13:00")


def test_body_that_no_longer_asks_owes_no_status_question(world: World) -> None:
    world.plan()
    world.reconfigure("    asks: [Händelser]\n", "")
    world.plan()
    meeting = world.meeting("radet", "2027-05-12")
    assert [kind for kind, step in world.steps(meeting).items() if step.done is None] == [
        "invitation",
        "agenda",
        "minutes",
        "approval",
    ]


def test_external_body_has_meetings_and_no_steps(make_world: MakeWorld) -> None:
    world = make_world(with_bodies(EXTERNAL))
    world.plan()
    assert world.meetings("namnden") == [date(2027, 2, 1), date(2027, 6, 7), date(2027, 9, 6)]
    assert world.steps(world.meeting("namnden", "2027-02-01")) == {}


def test_meeting_of_the_past_is_left_as_it_is(world: World) -> None:
    world.until("2027-02-15")
    world.reconfigure(TUESDAYS, TUESDAYS.replace("09:00-10:00", "10:00-11:00"))
    world.plan(confirm=True)
    assert f"{world.meeting('gruppen', '2027-02-09').starts:%H:%M}" == "09:00"


def test_person_called_who_has_left_the_body_is_told_of_the_cancellation(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure("role: member, title: Områdeschef, held_by: bo.hus", "role: member, title: Vakant")
    world.reconfigure(TUESDAYS, TUESDAYS + CANCELLED)
    world.plan(confirm=True)
    # Bo has left the group, but has the meeting in his calendar: he must hear that it is off.
    assert "bo.hus" in world.told("cancellation", world.meeting("gruppen", "2027-01-12"))


BO = "role: member, title: Områdeschef, held_by: bo.hus"
FRIDA = "  frida.ny: {name: Frida Ny, email: frida.ny@bostader.example, organisation: bostader}\n"


def replaced(world: World) -> None:
    """Frida takes Bo's seat in the group after everybody was called."""
    world.go("2027-01-04 08:00")
    world.reconfigure("bodies:\n  gruppen:", f"{FRIDA}bodies:\n  gruppen:")
    world.reconfigure(BO, BO.replace("bo.hus", "frida.ny"))


def test_new_holder_of_a_seat_is_called_on_confirmation_and_the_former_let_go(world: World) -> None:
    replaced(world)
    assert [row for row in lines(world, "attendees") if row[2] == "2027-01-12"] == [
        ("attendees", "gruppen", "2027-01-12")
    ]
    world.plan()
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("withdrawal", meeting) == []
    world.plan(confirm=True)
    assert world.told("withdrawal", meeting) == ["bo.hus"]
    assert world.told("invitation", meeting) == ["bo.hus", "frida.ny", "kia.holm", "pia.polis", "siv.sand"]
    assert world.meeting("gruppen", "2027-01-12").sequence == 0


def test_withdrawal_cancels_for_the_one_who_left_and_not_the_meeting(world: World) -> None:
    replaced(world)
    world.plan(confirm=True)
    meeting = world.meeting("gruppen", "2027-01-12")
    calendar = world.calendar(world.dispatches("withdrawal", meeting)[0])
    assert ("METHOD:CANCEL\n" in calendar, "STATUS:CANCELLED" in calendar) == (True, False)
    assert [line for line in calendar.splitlines() if line.startswith(("UID:", "SEQUENCE:"))] == [
        f"UID:{meeting.uid}",
        "SEQUENCE:0",
    ]


def test_attendee_changes_confirmed_again_send_nothing(world: World) -> None:
    replaced(world)
    world.plan(confirm=True)
    before = world.everything()
    assert lines(world, "attendees") == []
    assert world.plan(confirm=True) == []
    assert world.everything() == before


def test_one_who_comes_back_is_called_again(world: World) -> None:
    replaced(world)
    world.plan(confirm=True)
    world.reconfigure(BO.replace("bo.hus", "frida.ny"), BO)
    world.plan(confirm=True)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("withdrawal", meeting) == ["bo.hus", "frida.ny"]
    assert [row.person for row in world.dispatches("invitation", meeting)].count("bo.hus") == 2


def test_one_who_left_the_config_altogether_is_let_go_at_the_address_called(world: World) -> None:
    world.go("2027-01-04 08:00")
    world.reconfigure(f"      - {{{BO}}}\n", "")
    world.reconfigure(
        "  bo.hus: {name: Bo Hus, email: bo.hus@bostader.example, organisation: bostader, title: Områdeschef}\n", ""
    )
    world.plan(confirm=True)
    (mail,) = world.dispatches("withdrawal", world.meeting("gruppen", "2027-01-12"))
    assert (mail.person, mail.address) == ("bo.hus", "bo.hus@bostader.example")
