"""Approving minutes: whose it is, and the law's days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from governance.model.approval import (
    TERMS,
    Milestones,
    appeal_ends,
    approvers,
    is_announced,
    left_to_approve,
    timers,
)
from governance.model.body import Body
from governance.model.cadence import OnDemand
from governance.model.deadlines import default_lead_times
from governance.model.people import Seat

MEETING = date(2027, 2, 10)
DAYS = Milestones(MEETING, date(2027, 2, 24))
COUNCIL = Body(
    "radet",
    "Rådet",
    "council",
    "regulated",
    OnDemand(),
    default_lead_times("regulated"),
    seats=(
        Seat("chair", held_by=("kia",)),
        Seat("vice-chair", held_by=("vera",)),
        Seat("secretary", held_by=("siv",)),
        Seat("member", held_by=("pia",)),
    ),
)


def states(formality: str, days: Milestones, today: date) -> list[tuple[str, date | None, str]]:
    found = timers(formality, days, today)  # type: ignore[arg-type]
    return [(each.term.what, each.due, each.state(today)) for each in found]


def test_statutory_minutes_are_approved_within_fourteen_days_of_the_meeting() -> None:
    assert states("statutory", DAYS, date(2027, 2, 24))[0] == ("approve", date(2027, 2, 24), "running")
    assert states("statutory", DAYS, date(2027, 2, 25))[0] == ("approve", date(2027, 2, 24), "late")


def test_terms_that_nothing_has_begun_wait() -> None:
    assert [state for _, _, state in states("statutory", DAYS, MEETING)] == ["running", "waiting", "waiting"]


def test_notice_is_put_up_by_the_second_day_after_approval() -> None:
    approved = replace(DAYS, approved=date(2027, 2, 22))
    assert states("statutory", approved, date(2027, 2, 24))[:2] == [
        ("approve", date(2027, 2, 24), "done"),
        ("announce", date(2027, 2, 24), "running"),
    ]
    assert states("statutory", approved, date(2027, 2, 25))[1][2] == "late"
    posted = replace(approved, posted=date(2027, 2, 25))
    assert states("statutory", posted, date(2027, 2, 26))[1][2] == "done-late"


def test_appeal_runs_three_weeks_from_the_notice_and_is_over_the_day_after() -> None:
    posted = replace(DAYS, approved=date(2027, 2, 22), posted=date(2027, 2, 23))
    assert states("statutory", posted, date(2027, 3, 16))[2] == ("appeal", date(2027, 3, 16), "running")
    assert states("statutory", posted, date(2027, 3, 17))[2] == ("appeal", date(2027, 3, 16), "done")


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2027, 2, 23), date(2027, 3, 16)),  # a Tuesday
        (date(2027, 2, 20), date(2027, 3, 15)),  # a Saturday goes on to Monday
        (date(2027, 6, 4), date(2027, 6, 28)),  # Midsummer's eve, its day and the Sunday
        (date(2026, 12, 3), date(2026, 12, 28)),  # Christmas Eve, Christmas, Boxing Day, Sunday
        (date(2026, 12, 10), date(2027, 1, 4)),  # New Year's Eve, New Year's Day, a weekend
    ],
)
def test_appeal_that_would_end_on_a_day_off_goes_on_to_the_next_weekday(posted: date, last: date) -> None:
    assert appeal_ends(posted) == last


def test_notice_of_what_was_approved_before_a_correction_does_not_announce_the_new_approval() -> None:
    again = replace(DAYS, approved=date(2027, 3, 10), posted=date(2027, 2, 23))
    assert states("statutory", again, date(2027, 3, 11))[1:] == [
        ("announce", date(2027, 3, 12), "running"),
        ("appeal", None, "waiting"),
    ]


def test_regulated_body_follows_its_own_lead_time_and_a_group_has_none() -> None:
    own = replace(DAYS, own_limit=date(2027, 3, 3))
    assert states("regulated", own, date(2027, 3, 4)) == [("approve", date(2027, 3, 3), "late")]
    assert states("informal", own, date(2027, 3, 4)) == []


def test_days_left_are_told_until_it_is_done() -> None:
    (timer,) = timers("regulated", DAYS, MEETING)
    assert (timer.days_left(MEETING), timer.days_left(date(2027, 2, 26))) == (14, -2)
    (timer,) = timers("regulated", replace(DAYS, approved=MEETING), MEETING)
    assert timer.days_left(MEETING) is None


def test_only_statutory_minutes_are_announced_and_every_term_of_the_law_names_its_section() -> None:
    assert [each for each in TERMS if is_announced(each)] == ["statutory"]
    assert [term.source for term in TERMS["statutory"]] == [
        "5 kap. 69 § kommunallagen",
        "8 kap. 12 § kommunallagen",
        "13 kap. 5 § kommunallagen",
    ]


def test_chair_and_those_chosen_approve_once_each() -> None:
    assert approvers(COUNCIL, MEETING, ["pia", "kia"]) == ("kia", "pia")


def test_vice_chair_who_led_the_meeting_approves_in_the_chairs_place() -> None:
    assert approvers(COUNCIL, MEETING, ["pia"], away=("kia",)) == ("vera", "pia")
    assert approvers(COUNCIL, MEETING, ["pia"], away=("kia", "vera")) == ("kia", "pia")


def test_nobody_approves_a_groups_notes() -> None:
    assert approvers(replace(COUNCIL, formality="informal"), MEETING, ["pia"]) == ()


def test_vacant_chair_leaves_it_to_those_chosen() -> None:
    assert approvers(replace(COUNCIL, seats=COUNCIL.seats[2:]), MEETING, ["pia"]) == ("pia",)


def test_who_has_approved_is_not_asked_again() -> None:
    assert left_to_approve(("kia", "pia"), {"kia"}) == ("pia",)
