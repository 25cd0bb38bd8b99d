"""The year's rows, counts and promises."""

from __future__ import annotations

import pytest

from governance.model.cadence import (
    Cadence,
    Change,
    Dates,
    DayOfMonth,
    Monthly,
    NthWeekday,
    OnDemand,
    Spread,
    Weekly,
)
from governance.model.dates import add_years
from governance.model.year import YearCount, promised_count, year_counts, year_rows
from tests.model.town import MON, STEERING, TUE, body, day, town, weekly

FIRST_TUESDAY = (NthWeekday(1, TUE),)


@pytest.mark.parametrize(
    ("cadence", "promised"),
    [
        (Monthly(FIRST_TUESDAY), 12),
        (Monthly(FIRST_TUESDAY, frozenset(range(1, 13)) - {7}), 11),
        (Monthly(FIRST_TUESDAY, frozenset((2, 5, 8, 11))), 4),
        (Monthly(FIRST_TUESDAY, interval=4, start=(2027, 2)), 3),
        (Monthly((NthWeekday(1, TUE), NthWeekday(3, TUE))), 24),
        (Spread("semester", 2, 1, 0, MON), 3),
        (Spread("year", 0, 0, 6, MON), 6),
        (Monthly((NthWeekday(5, TUE),)), None),
        (Monthly((DayOfMonth(31),)), None),
        (Monthly(FIRST_TUESDAY, frozenset((3,)), year_interval=2, start=(2025, 1)), None),
        (Monthly(FIRST_TUESDAY, interval=5, start=(2027, 2)), None),
        (Weekly((TUE,)), None),
        (OnDemand(), None),
        (Dates(((day("2027-02-11"), None),)), None),
    ],
)
def test_promise_of_any_year(cadence: Cadence, promised: int | None) -> None:
    assert promised_count(cadence) == promised


@pytest.mark.parametrize(
    ("cadence", "counts"),
    [
        (Monthly(FIRST_TUESDAY, frozenset((3,)), year_interval=2, start=(2027, 1)), [0, 1, 0, 1]),
        (Monthly(FIRST_TUESDAY, interval=5, start=(2027, 2)), [0, 3, 2, 2]),
        (Monthly(FIRST_TUESDAY, interval=3, start=(2027, 5)), [0, 3, 4, 4]),
        (Dates(((day("2027-02-11"), None), (day("2027-05-11"), None))), [0, 2, 0, 0]),
    ],
)
def test_promise_of_a_certain_year(cadence: Cadence, counts: list[int]) -> None:
    assert [promised_count(cadence, year) for year in range(2026, 2030)] == counts


def test_year_lists_every_body_by_date_with_what_was_dropped() -> None:
    changes = {
        day("2027-10-21"): Change(cancelled=True, reason="Val"),
        day("2026-12-15"): Change(to=day("2027-01-08"), reason="Sjukdom"),
    }
    group = body(
        Dates(((day("2026-12-15"), None), (day("2027-10-21"), None), (day("2027-03-18"), None))),
        "grupp",
        changes=changes,
    )
    municipality = town([group, body(STEERING, "styrgrupp"), body(OnDemand(), "vid-behov")])
    rows = year_rows(municipality, 2027)
    assert [(row.date, row.body, row.occurrence.status) for row in rows] == [
        (day("2027-01-08"), "grupp", "planned"),
        (day("2027-03-18"), "grupp", "planned"),
        (day("2027-03-18"), "styrgrupp", "planned"),
        (day("2027-10-21"), "grupp", "cancelled"),
        (day("2027-10-21"), "styrgrupp", "planned"),
    ]
    assert year_counts(municipality, rows, 2027) == {
        "grupp": YearCount(planned=2, moved=1, skipped=0, cancelled=1, promised=2),
        "styrgrupp": YearCount(planned=2, moved=0, skipped=0, cancelled=0, promised=2),
        "vid-behov": YearCount(planned=0, moved=0, skipped=0, cancelled=0, promised=None),
    }


def test_promise_that_the_calendar_breaks_is_seen() -> None:
    municipality = town([body(Monthly(FIRST_TUESDAY), "rad"), body(weekly(), "grupp")])
    counts = year_counts(municipality, year_rows(municipality, 2027), 2027)
    assert (counts["rad"].planned, counts["rad"].skipped, counts["rad"].short) == (
        10,
        2,
        2,
    )  # 5 January and 3 August lie in recess
    assert counts["grupp"].short == 0


def test_body_promises_for_whole_years_of_its_life_only() -> None:
    quarterly = Monthly(FIRST_TUESDAY, frozenset((2, 5, 8, 11)))
    bodies = [
        body(quarterly, "hela", starts=day("2027-01-01"), ends=day("2027-12-31")),
        body(quarterly, "sen", starts=day("2027-06-01")),
        body(quarterly, "kort", ends=day("2027-06-01")),
        body(quarterly, "vilande", status="paused"),
    ]
    counts = year_counts(town(bodies), (), 2027)
    assert {key: count.promised for key, count in counts.items()} == {
        "hela": 4,
        "sen": None,
        "kort": None,
        "vilande": None,
    }


def test_add_years_is_safe_on_leap_days() -> None:
    assert add_years(day("2028-02-29"), 2) == day("2030-02-28")
    assert add_years(day("2028-02-29"), 4) == day("2032-02-29")
    assert add_years(day("2025-06-10"), 2) == day("2027-06-10")
