"""The clocks of 6 § lag (2023:196): date to date from what the municipality's own record shows."""

from __future__ import annotations

import pytest

from governance.model.dates import add_years, month_end
from governance.model.duties import (
    ActionPlanDuty,
    Clock,
    Evidence,
    LawDuties,
    SituationPictureDuty,
    clocks,
    earliest_due,
)
from tests.model.town import day

PICTURE = SituationPictureDuty(day("2023-07-01"))
PLAN = ActionPlanDuty(day("2024-07-01"), "ks")


def test_clock_runs_two_years_from_date_to_date() -> None:
    assert clocks(LawDuties(PICTURE, PLAN), ()) == (
        Clock("situation-picture", "hela kommunen", day("2023-07-01"), day("2025-07-01")),
        Clock("action-plan-follow-up", "", day("2024-07-01"), day("2026-07-01")),
    )


def test_leap_day_is_due_on_the_twenty_eighth() -> None:
    assert add_years(day("2024-02-29"), 2) == day("2026-02-28")
    assert add_years(day("2024-02-29"), 4) == day("2028-02-29")


@pytest.mark.parametrize(
    ("first", "last"), [("2027-02-10", "2027-02-28"), ("2028-02-29", "2028-02-29"), ("2027-12-01", "2027-12-31")]
)
def test_month_ends_on_its_last_day(first: str, last: str) -> None:
    assert month_end(day(first)) == day(last)


def test_evidence_winds_the_clock_up_again_however_early() -> None:
    done = [Evidence("situation-picture", day("2024-03-01")), Evidence("action-plan-follow-up", day("2025-01-15"))]
    assert [clock.next_due for clock in clocks(LawDuties(PICTURE, PLAN), done)] == [
        day("2026-03-01"),
        day("2027-01-15"),
    ]


def test_new_plan_is_followed_up_within_two_years_of_its_own_day() -> None:
    (clock,) = clocks(LawDuties(None, PLAN), [Evidence("action-plan", day("2025-06-01"))])
    assert clock.next_due == day("2027-06-01")


def test_older_evidence_does_not_turn_the_clock_back() -> None:
    (clock,) = clocks(LawDuties(PICTURE), [Evidence("situation-picture", day("2022-01-01"))])
    assert clock.last_done == day("2023-07-01")


def test_each_area_has_a_clock_and_evidence_without_area_winds_all() -> None:
    duty = LawDuties(SituationPictureDuty(day("2024-02-28"), ("Norr", "Söder")))
    one = clocks(duty, [Evidence("situation-picture", day("2025-01-10"), "Söder")])
    assert [(clock.area, clock.next_due) for clock in one] == [
        ("Norr", day("2026-02-28")),
        ("Söder", day("2027-01-10")),
    ]
    assert earliest_due(one) == day("2026-02-28")
    whole = clocks(duty, [Evidence("situation-picture", day("2025-01-10"))])
    assert {clock.next_due for clock in whole} == {day("2027-01-10")}


def test_what_was_never_shown_has_no_date_and_is_owed() -> None:
    found = clocks(LawDuties(SituationPictureDuty(None)), ())
    assert [(clock.last_done, clock.next_due) for clock in found] == [(None, None)]
    assert earliest_due(found) is None
    assert clocks(LawDuties(), ()) == ()
