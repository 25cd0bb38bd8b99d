"""Planning back from a date of the law: worked examples of domain.md 1.3."""

from __future__ import annotations

import pytest

from governance.model.back_planning import BackPlan, back_plan, period_before
from tests.model.town import day

ORGANS = [("rad", "Rådet"), ("styr", "Styrgruppen"), ("ks", "Kommunstyrelsen")]


def days(*texts: str) -> list:
    return [day(text) for text in texts]


def test_last_meeting_before_a_date_in_the_summer_is_the_one_in_june() -> None:
    meetings = {
        "rad": days("2026-02-11", "2026-05-13", "2026-09-09"),
        "styr": days("2026-03-19", "2026-05-28"),
        "ks": days("2026-04-13", "2026-06-08", "2026-08-31"),
    }
    assert back_plan(day("2026-07-01"), ORGANS, meetings, day("2026-01-01")) == BackPlan(
        day("2026-07-01"),
        (("rad", day("2026-05-13")), ("styr", day("2026-05-28")), ("ks", day("2026-06-08"))),
    )


def test_each_organ_comes_strictly_before_the_next() -> None:
    meetings = {"rad": days("2026-05-13", "2026-06-08"), "styr": days("2026-05-13"), "ks": days("2026-06-08")}
    plan = back_plan(day("2026-07-01"), ORGANS, meetings, day("2026-01-01"))
    assert plan.chain == (("styr", day("2026-05-13")), ("ks", day("2026-06-08")))


def test_meeting_on_the_very_date_is_in_time() -> None:
    plan = back_plan(day("2026-06-08"), ORGANS[-1:], {"ks": days("2026-06-08")}, day("2026-06-08"))
    assert (plan.decision_day, plan.late, plan.problem) == (day("2026-06-08"), False, "")


def test_meetings_that_have_been_are_not_planned_for() -> None:
    meetings = {"rad": days("2026-05-13"), "ks": days("2026-06-08")}
    assert back_plan(day("2026-07-01"), [ORGANS[0], ORGANS[2]], meetings, day("2026-05-14")).chain == (
        ("ks", day("2026-06-08")),
    )


def test_organ_that_meets_only_after_the_date_is_late_and_said() -> None:
    plan = back_plan(day("2026-07-01"), ORGANS[-1:], {"ks": days("2026-08-31")}, day("2026-01-01"))
    assert (plan.decision_day, plan.late) == (day("2026-08-31"), True)
    assert plan.problem.replace("\xa0", " ") == (
        "Kommunstyrelsen har inget möte före fristen onsdag 1 juli 2026; nästa är måndag 31 augusti 2026. "
        "Kalla ett möte."
    )


def test_organ_without_known_meetings_is_said() -> None:
    plan = back_plan(day("2026-07-01"), ORGANS[-1:], {}, day("2026-01-01"))
    assert (plan.chain, plan.problem.replace("\xa0", " ")) == (
        (),
        (
            "Inget möte i kommunstyrelsen är känt före fristen onsdag 1 juli 2026. "
            "Lägg in organets datum i konfigurationen."
        ),
    )


def test_meeting_long_before_the_date_is_not_the_last_one() -> None:
    plan = back_plan(day("2026-07-01"), ORGANS[-1:], {"ks": days("2025-09-01")}, day("2025-08-01"))
    assert plan.chain == ()


def test_date_further_off_than_the_meetings_are_planned_is_left_alone() -> None:
    assert back_plan(day("2029-06-07"), ORGANS, {"ks": days("2027-11-01")}, day("2027-06-08")) == BackPlan(
        day("2029-06-07"), ()
    )


@pytest.mark.parametrize(
    ("known", "problem"),
    [
        (
            ("2026-08-31",),
            "Fristen onsdag 1 juli 2026 har gått ut. Nästa möte i kommunstyrelsen är måndag 31 augusti 2026.",
        ),
        (
            (),
            (
                "Fristen onsdag 1 juli 2026 har gått ut och inget kommande möte i kommunstyrelsen är känt. "
                "Lägg in organets datum i konfigurationen."
            ),
        ),
    ],
)
def test_date_that_has_passed_is_said_to_have(known: tuple[str, ...], problem: str) -> None:
    plan = back_plan(day("2026-07-01"), ORGANS[-1:], {"ks": days(*known)}, day("2026-07-02"))
    assert (plan.late, plan.problem.replace("\xa0", " ")) == (True, problem)


def test_no_organ_at_all_is_said() -> None:
    assert back_plan(day("2026-07-01"), [], {}, day("2026-01-01")).problem == (
        "Inget organ är angivet som ska fatta beslutet."
    )


@pytest.mark.parametrize(
    ("meeting", "first", "last"),
    [
        ("2027-01-20", "2026-01-01", "2026-12-31"),
        ("2027-04-30", "2026-01-01", "2026-12-31"),
        ("2027-05-01", "2026-05-01", "2027-04-30"),
        ("2027-10-21", "2026-10-01", "2027-09-30"),
        ("2027-12-01", "2026-12-01", "2027-11-30"),
        ("2029-03-01", "2028-01-01", "2028-12-31"),
        ("2028-05-10", "2027-05-01", "2028-04-30"),
    ],
)
def test_period_before_a_meeting(meeting: str, first: str, last: str) -> None:
    assert period_before(day(meeting)) == (day(first), day(last))
