"""Slots: equal to dateutil's rrule where RRULE can say the rhythm, and to the calendar where it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from dateutil import rrule as du
from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.model.cadence import (
    Cadence,
    Dates,
    DayOfMonth,
    DaySpan,
    Monthly,
    NearestWeekday,
    NthWeekday,
    NthWorkingDay,
    OnDemand,
    Relative,
    Spread,
    TermOfOffice,
    Weekly,
    WeekSpan,
    WorkCalendar,
)
from governance.model.slots import slot_dates, slots
from tests.model.town import CALENDAR, FRI, MON, NO_RECESS, SAT, SUN, THU, TUE, WED, day, span

FIRST, LAST = date(2026, 1, 1), date(2055, 12, 31)
SINCE, UNTIL = datetime(2026, 1, 1), datetime(2055, 12, 31)
NOT_JULY = frozenset(range(1, 13)) - {7}

SAID_BY_RRULE: dict[str, tuple[Cadence, Callable[[], rrule]]] = {
    "every week": (Weekly((TUE,)), lambda: rrule(WEEKLY, SINCE, byweekday=du.TU, until=UNTIL)),
    "two weekdays": (Weekly((FRI, TUE)), lambda: rrule(WEEKLY, SINCE, byweekday=(du.TU, du.FR), until=UNTIL)),
    "a weekend": (Weekly((SAT, SUN)), lambda: rrule(WEEKLY, SINCE, byweekday=(du.SA, du.SU), until=UNTIL)),
    "2 weeks": (
        Weekly((THU,), 2, start=date(2027, 1, 14)),
        lambda: rrule(WEEKLY, datetime(2027, 1, 14), interval=2, byweekday=du.TH, until=UNTIL),
    ),
    "3 weeks, days before and after the anchor's": (
        Weekly((MON, FRI), 3, start=date(2027, 1, 13)),
        lambda: rrule(WEEKLY, datetime(2027, 1, 13), interval=3, byweekday=(du.MO, du.FR), until=UNTIL),
    ),
    "not july": (
        Weekly((TUE,), except_months=frozenset((7,))),
        lambda: rrule(WEEKLY, SINCE, byweekday=du.TU, bymonth=sorted(NOT_JULY), until=UNTIL),
    ),
    "odd week": (
        Weekly((WED,), parity="odd"),
        lambda: rrule(YEARLY, SINCE, byweekno=range(1, 54, 2), byweekday=du.WE, until=UNTIL),
    ),
    "first tuesday": (Monthly((NthWeekday(1, TUE),)), lambda: rrule(MONTHLY, SINCE, byweekday=du.TU(1), until=UNTIL)),
    "first tuesday, not july": (
        Monthly((NthWeekday(1, TUE),), NOT_JULY),
        lambda: rrule(MONTHLY, SINCE, byweekday=du.TU(1), bymonth=sorted(NOT_JULY), until=UNTIL),
    ),
    "first and third tuesday": (
        Monthly((NthWeekday(3, TUE), NthWeekday(1, TUE))),
        lambda: rrule(MONTHLY, SINCE, byweekday=(du.TU(1), du.TU(3)), until=UNTIL),
    ),
    "fifth monday": (Monthly((NthWeekday(5, MON),)), lambda: rrule(MONTHLY, SINCE, byweekday=du.MO(5), until=UNTIL)),
    "last friday": (Monthly((NthWeekday(-1, FRI),)), lambda: rrule(MONTHLY, SINCE, byweekday=du.FR(-1), until=UNTIL)),
    "next to last friday": (
        Monthly((NthWeekday(-2, FRI),)),
        lambda: rrule(MONTHLY, SINCE, byweekday=du.FR(-2), until=UNTIL),
    ),
    "the 31st": (Monthly((DayOfMonth(31),)), lambda: rrule(MONTHLY, SINCE, bymonthday=31, until=UNTIL)),
    "29 february": (
        Monthly((DayOfMonth(29),), frozenset((2,))),
        lambda: rrule(YEARLY, SINCE, bymonth=2, bymonthday=29, until=UNTIL),
    ),
    "4 months": (
        Monthly((NthWeekday(2, WED),), interval=4, start=(2027, 2)),
        lambda: rrule(MONTHLY, datetime(2027, 2, 1), interval=4, byweekday=du.WE(2), until=UNTIL),
    ),
    "5 months": (
        Monthly((NthWeekday(2, WED),), interval=5, start=(2027, 2)),
        lambda: rrule(MONTHLY, datetime(2027, 2, 1), interval=5, byweekday=du.WE(2), until=UNTIL),
    ),
    "quarter": (
        Monthly((NthWeekday(2, WED),), frozenset((2, 5, 8, 11))),
        lambda: rrule(MONTHLY, SINCE, bymonth=(2, 5, 8, 11), byweekday=du.WE(2), until=UNTIL),
    ),
    "twice a year": (
        Monthly((NthWeekday(3, THU),), frozenset((4, 10))),
        lambda: rrule(MONTHLY, SINCE, bymonth=(4, 10), byweekday=du.TH(3), until=UNTIL),
    ),
    "tuesday nearest 15": (
        Monthly((NearestWeekday(TUE, 15),), frozenset((2, 5, 9, 11))),
        lambda: rrule(MONTHLY, SINCE, bymonth=(2, 5, 9, 11), bymonthday=range(12, 19), byweekday=du.TU, until=UNTIL),
    ),
    "2 years": (
        Monthly((NthWeekday(-1, FRI),), frozenset((3,)), year_interval=2, start=(2025, 1)),
        lambda: rrule(YEARLY, datetime(2025, 1, 1), interval=2, bymonth=3, byweekday=du.FR(-1), until=UNTIL),
    ),
    "term of office": (
        TermOfOffice((NthWeekday(1, TUE),), frozenset((3,))),
        lambda: rrule(YEARLY, datetime(2027, 1, 1), interval=4, bymonth=3, byweekday=du.TU(1), until=UNTIL),
    ),
}


@pytest.mark.parametrize(("cadence", "rule"), SAID_BY_RRULE.values(), ids=SAID_BY_RRULE)
def test_slots_equal_rrule_over_thirty_years(cadence: Cadence, rule: Callable[[], rrule]) -> None:
    theirs = [moment.date() for moment in rule() if moment.date() >= FIRST]
    assert slot_dates(cadence, FIRST, LAST, NO_RECESS) == theirs
    assert theirs


def test_odd_week_53_is_followed_by_odd_week_1() -> None:
    found = slot_dates(Weekly((WED,), parity="odd"), day("2026-12-16"), day("2027-01-20"), NO_RECESS)
    assert [slot.isocalendar().week for slot in found] == [51, 53, 1, 3]
    even = slot_dates(Weekly((WED,), parity="even"), day("2026-12-16"), day("2027-01-20"), NO_RECESS)
    assert [slot.isocalendar().week for slot in even] == [52, 2]


def test_last_working_day_minds_eves_and_weekends() -> None:
    found = slot_dates(Monthly((NthWorkingDay(-1),)), day("2027-10-01"), day("2028-01-31"), NO_RECESS)
    assert found == [day("2027-10-29"), day("2027-11-30"), day("2027-12-30"), day("2028-01-31")]


def test_first_working_day_minds_holidays() -> None:
    found = slot_dates(Monthly((NthWorkingDay(1),), frozenset((1, 5))), day("2027-01-01"), day("2027-12-31"), NO_RECESS)
    assert found == [day("2027-01-04"), day("2027-05-03")]


def test_working_day_that_a_month_lacks_gives_no_slot() -> None:
    assert slot_dates(Monthly((NthWorkingDay(24),)), day("2027-01-01"), day("2027-12-31"), NO_RECESS) == []


def test_nearest_weekday_may_lie_in_the_month_before() -> None:
    cadence = Monthly((NearestWeekday(THU, 1),), frozenset((1, 8)))
    found = slot_dates(cadence, day("2026-12-25"), day("2027-12-31"), NO_RECESS)
    assert found == [day("2026-12-31"), day("2027-07-29"), day("2027-12-30")]


def test_spread_is_even_and_keeps_to_working_time() -> None:
    autumn_leave = WorkCalendar(recess=(WeekSpan(44, 44),))
    found = slot_dates(Spread("semester", 3, 3, 0, MON), day("2027-01-01"), day("2027-12-31"), autumn_leave)
    weeks = [slot.isocalendar().week for slot in found]
    assert weeks == [6, 12, 19, 36, 42, 48]
    assert {slot.weekday() for slot in found} == {MON}


def test_spread_counts_may_differ_between_semesters() -> None:
    found = slot_dates(Spread("semester", 2, 1, 0, MON), day("2027-01-01"), day("2027-12-31"), CALENDAR)
    assert found == [day("2027-02-15"), day("2027-05-03"), day("2027-10-18")]


def test_spread_over_a_year_avoids_recess() -> None:
    found = slot_dates(Spread("year", 0, 0, 6, WED), day("2027-01-01"), day("2027-12-31"), CALENDAR)
    assert len(found) == 6
    assert not [slot for slot in found if slot.isocalendar().week in range(28, 32)]


def test_spread_in_a_window_with_too_few_days_gives_those_it_has() -> None:
    short = WorkCalendar(spring=DaySpan((2, 1), (2, 14)))
    found = slot_dates(Spread("semester", 3, 0, 0, MON), day("2027-01-01"), day("2027-12-31"), short)
    assert found == [day("2027-02-01"), day("2027-02-08")]


def test_dates_are_sorted_and_carry_their_own_time() -> None:
    cadence = Dates(((day("2027-05-04"), span("10:00")), (day("2027-02-11"), None)), span("09:00-11:30"))
    assert slots(cadence, day("2027-01-01"), day("2027-12-31"), NO_RECESS) == [
        (day("2027-02-11"), span("09:00-11:30")),
        (day("2027-05-04"), span("10:00")),
    ]


def test_rhythms_without_slots_of_their_own_give_none() -> None:
    for cadence in (OnDemand(), Relative("styrgrupp", "before", 10, "days")):
        assert slots(cadence, FIRST, LAST, NO_RECESS) == []


def test_term_of_office_without_a_day_comes_in_february_of_the_first_year() -> None:
    assert slot_dates(TermOfOffice(), FIRST, day("2035-12-31"), NO_RECESS) == [
        day("2027-02-26"),
        day("2031-02-28"),
        day("2035-02-28"),
    ]


MONTH_DAYS = st.one_of(
    st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(0, 6)),
    st.builds(NearestWeekday, st.integers(0, 6), st.integers(1, 31)),
    st.builds(NthWorkingDay, st.sampled_from([1, 2, -1])),
    st.builds(DayOfMonth, st.integers(1, 31)),
)
MONTHS = st.none() | st.frozensets(st.integers(1, 12), min_size=1)
STARTS = st.dates(date(2020, 1, 1), date(2028, 1, 1))
CADENCES: st.SearchStrategy[Cadence] = st.one_of(
    st.builds(
        Weekly,
        st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(1, 5),
        st.none(),
        STARTS,
    ),
    st.builds(Weekly, st.integers(0, 6).map(lambda n: (n,)), st.just(1), st.sampled_from(["odd", "even"])),
    st.builds(
        Monthly,
        st.lists(MONTH_DAYS, min_size=1, max_size=2).map(tuple),
        MONTHS,
        st.integers(1, 7),
        st.integers(1, 3),
        st.none() | STARTS.map(lambda start: (start.year, start.month)),
    ),
    st.builds(
        Spread,
        st.sampled_from(["semester", "year"]),
        st.integers(0, 6),
        st.integers(0, 6),
        st.integers(1, 12),
        st.integers(0, 4),
    ),
    st.builds(TermOfOffice, st.lists(MONTH_DAYS, max_size=1).map(tuple), MONTHS),
)


@settings(max_examples=60, deadline=None)
@given(CADENCES, st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 500))
def test_slots_of_a_part_are_the_slots_of_the_whole_cut(cadence: Cadence, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    whole = slots(cadence, date(2025, 1, 1), date(2032, 12, 31), CALENDAR)
    assert slots(cadence, first, last, CALENDAR) == [slot for slot in whole if first <= slot[0] <= last]
    assert len({slot for slot, _ in whole}) == len(whole)
