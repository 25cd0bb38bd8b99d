"""The table of Swedish days off, held to the `holidays` package."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from governance.model.cadence import WorkCalendar
from governance.model.holidays import (
    day_off_reason,
    days_off,
    easter_sunday,
    eves,
    is_working_day,
    public_holidays,
    squeeze_days,
)

YEARS = range(2005, 2101)


def oracle(year: int, category: str) -> dict[date, str]:
    found = holidays.country_holidays("SE", years=year, language="sv", categories=(category,), include_sundays=False)
    return {day: ", ".join(sorted(name.casefold().split("; "))) for day, name in found.items()}


def plain(named: dict[date, str]) -> dict[date, str]:
    return {day: ", ".join(sorted(name.casefold().split(", "))) for day, name in named.items()}


def test_public_holidays_equal_the_holidays_package_for_a_century() -> None:
    assert [plain(public_holidays(year)) for year in YEARS] == [oracle(year, holidays.PUBLIC) for year in YEARS]


def test_eves_equal_the_holidays_package_for_a_century() -> None:
    assert [plain(eves(year)) for year in YEARS] == [oracle(year, holidays.DE_FACTO) for year in YEARS]


def test_public_holidays_keep_the_capitals_of_proper_names() -> None:
    assert list(public_holidays(2027).values()) == [
        "nyårsdagen",
        "trettondedag jul",
        "långfredagen",
        "påskdagen",
        "annandag påsk",
        "första maj",
        "Kristi himmelsfärdsdag",
        "pingstdagen",
        "nationaldagen",
        "midsommardagen",
        "alla helgons dag",
        "juldagen",
        "annandag jul",
    ]


def test_public_holidays_that_fall_together_keep_both_names() -> None:
    assert public_holidays(2008)[date(2008, 5, 1)] == "första maj, Kristi himmelsfärdsdag"


def test_easter_is_right_at_its_extremes() -> None:
    assert [easter_sunday(year) for year in (2008, 2011, 2038)] == [
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2038, 4, 25),
    ]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, ["2/1", "5/1", "15/5"]),
        (2027, ["7/5"]),
        (2028, ["7/1", "26/5", "5/6"]),
        (2030, ["31/5", "7/6", "23/12", "27/12", "30/12"]),
    ],
)
def test_squeeze_days_are_single_days_between_days_off(year: int, days: list[str]) -> None:
    assert [f"{day.day}/{day.month}" for day in squeeze_days(year)] == days


def test_days_off_follow_the_calendar() -> None:
    own = date(2027, 3, 5)
    bare = WorkCalendar(public_holidays=False, eves=False, extra_days_off=frozenset({own, date(2026, 3, 5)}))
    assert days_off(bare, 2027) == {own: "ledig dag enligt kalendern"}
    assert len(days_off(WorkCalendar(), 2027)) == 16
    assert days_off(WorkCalendar(squeeze_days=True), 2027)[date(2027, 5, 7)] == "klämdag"


def test_day_off_reason_names_the_holiday_before_the_weekday() -> None:
    days = [date(2026, 1, 6), date(2026, 1, 10), date(2026, 6, 20), date(2026, 1, 7)]
    assert [day_off_reason(day, WorkCalendar()) for day in days] == ["trettondedag jul", "lördag", "midsommardagen", ""]
    assert [is_working_day(day, WorkCalendar()) for day in days] == [False, False, False, True]
