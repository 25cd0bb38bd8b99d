"""A meeting's steps as moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from governance.model.body import Body
from governance.model.deadlines import LeadTime, default_lead_times
from governance.model.steps import meeting_steps, status_closes
from tests.model.town import CALENDAR, body, weekly

ZONE = ZoneInfo("Europe/Stockholm")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def steps(of: Body, start: str = "2027-03-16 09:00", end: str = "2027-03-16 10:00") -> list[tuple[str, str]]:
    found = meeting_steps(of, moment(start), moment(end), CALENDAR)
    return [(step.kind, f"{step.due:%m-%d %H:%M}") for step in found]


def test_steps_of_a_group_that_asks_and_makes_a_picture_come_in_order() -> None:
    assert steps(body(weekly(), asks=("Läget",), produces=("weekly-situation-picture",))) == [
        ("invitation", "02-02 08:00"),
        ("status_request", "03-10 08:00"),
        ("status_reminder_1", "03-12 08:00"),
        ("agenda", "03-15 13:00"),
        ("situation", "03-16 13:00"),
        ("minutes", "03-18 08:00"),
    ]


def test_body_that_asks_nothing_owes_no_question() -> None:
    assert [kind for kind, _ in steps(body(weekly()))] == ["invitation", "agenda", "minutes"]


def test_body_with_rules_owes_an_approval() -> None:
    council = replace(body(weekly()), formality="regulated", lead_times=default_lead_times("regulated"))
    assert steps(council)[-1] == ("approval", "03-30 08:00")


def test_agenda_of_the_same_day_is_out_half_an_hour_before() -> None:
    quick = replace(body(weekly()), lead_times=replace(default_lead_times("informal"), agenda=LeadTime(0, "days")))
    assert ("agenda", "03-16 08:30") in steps(quick)


def test_answers_close_at_noon_or_an_hour_before_a_meeting_the_same_morning() -> None:
    group = body(weekly(), asks=("Läget",))
    assert status_closes(group, moment("2027-03-16 09:00"), CALENDAR) == moment("2027-03-15 12:00")
    same = replace(
        group, lead_times=replace(group.lead_times, status_close=LeadTime(0, "days"), agenda=LeadTime(0, "days"))
    )
    assert status_closes(same, moment("2027-03-16 09:00"), CALENDAR) == moment("2027-03-16 08:00")


def test_steps_keep_their_clock_time_over_summer_time() -> None:
    found = dict(steps(body(weekly(), asks=("Läget",)), "2027-03-30 09:00", "2027-03-30 10:00"))
    assert (found["agenda"], found["invitation"]) == ("03-25 13:00", "02-16 08:00")
