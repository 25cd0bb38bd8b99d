"""The slots of a rhythm: the dates its rule wishes for, before days off, recess and changes have their say.

A slot depends on the rule and the calendar alone, never on the range that was asked for: the slots of a
shorter range are those of a longer one, cut. `Relative` has no slots of its own; see `following`.
"""

from __future__ import annotations

from datetime import date, timedelta

from governance.model.cadence import (
    Cadence,
    Dates,
    DayOfMonth,
    MonthDay,
    Monthly,
    NearestWeekday,
    NthWeekday,
    NthWorkingDay,
    Recess,
    Span,
    Spread,
    TermOfOffice,
    Weekly,
    WorkCalendar,
)
from governance.model.holidays import days_off_between, is_working_day
from governance.model.recess import first_monday, recess_days, span_dates

Slot = tuple[date, Span | None]

LAST_WORKING_DAY = NthWorkingDay(-1)  # where a month is named and no day of it
TERM_MONTH = 2  # a new term's boards are seated by February of its first year
TERM_YEARS, FIRST_TERM = 4, 2023  # KL 6:18: from 1 January of the year after the election


def slots(cadence: Cadence, first: date, last: date, calendar: WorkCalendar) -> list[Slot]:
    """The slots from `first` to `last`, both included, in order, each with the clock times written for it.

    `Relative` and `OnDemand` give none. `calendar` is used by rules that speak of working days.
    """
    if isinstance(cadence, Dates):
        return sorted(((day, span or cadence.at) for day, span in cadence.dates if first <= day <= last), key=_day)
    at = getattr(cadence, "at", None)
    return [(day, at) for day in slot_dates(cadence, first, last, calendar)]


def _day(slot: Slot) -> date:
    return slot[0]


def slot_dates(cadence: Cadence, first: date, last: date, calendar: WorkCalendar) -> list[date]:
    """As `slots`, the dates alone."""
    if first > last:
        return []
    if isinstance(cadence, Weekly):
        return _weekly(cadence, first, last)
    if isinstance(cadence, Monthly | TermOfOffice):
        return _monthly(cadence, first, last, calendar)
    if isinstance(cadence, Spread):
        return _spread(cadence, first, last, calendar)
    if isinstance(cadence, Dates):
        return [day for day, _ in slots(cadence, first, last, calendar)]
    return []


def _weekly(cadence: Weekly, first: date, last: date) -> list[date]:
    if cadence.start and cadence.start > first:
        first = cadence.start
    low, high = first.toordinal(), last.toordinal()
    weekdays = sorted(cadence.weekdays) or ([cadence.start.weekday()] if cadence.start else [])
    from_ordinal = date.fromordinal
    if cadence.parity:
        mondays = _mondays_of_parity(cadence.parity == "odd", first, last)
        days = [from_ordinal(m + w) for m in mondays for w in weekdays if low <= m + w <= high]
    else:
        # Ordinal 1 is a Monday; it anchors a rule that names no start.
        anchor = cadence.start.toordinal() - cadence.start.weekday() if cadence.start else 1
        step = 7 * cadence.interval
        begin = anchor + (low - 6 - anchor) // step * step
        if len(weekdays) == 1:
            begin += weekdays[0]
            begin += -(-(low - begin) // step) * step if begin < low else 0
            days = [from_ordinal(number) for number in range(begin, high + 1, step)]
        else:
            weeks = range(begin, high + 1, step)
            days = [from_ordinal(m + w) for m in weeks for w in weekdays if low <= m + w <= high]
    if cadence.except_months:
        return [day for day in days if day.month not in cadence.except_months]
    return days


def _mondays_of_parity(odd: bool, first: date, last: date) -> list[int]:
    """Ordinals of the Mondays of odd (or even) ISO weeks that may hold a day of the range."""
    mondays: list[int] = []
    for year in range(first.year - 1, last.year + 2):
        begin, end = first_monday(year).toordinal(), first_monday(year + 1).toordinal()
        mondays.extend(range(begin if odd else begin + 7, end, 14))
    return mondays


def _monthly(cadence: Monthly | TermOfOffice, first: date, last: date, calendar: WorkCalendar) -> list[date]:
    on = cadence.on or (LAST_WORKING_DAY,)
    # "monday nearest 1" may lie in the month before, "nearest 31" in the month after.
    margin = 1 if any(isinstance(rule, NearestWeekday) for rule in on) else 0
    begin, end = first.year * 12 + first.month - 1 - margin, last.year * 12 + last.month + margin
    found: list[date] = []
    for index in _month_indexes(cadence, begin, end):
        year, month = index // 12, index % 12 + 1
        for rule in on:
            day = day_in_month(rule, year, month, calendar)
            if day and first <= day <= last:
                found.append(day)
    return sorted(set(found)) if len(on) > 1 or margin else found


def _month_indexes(cadence: Monthly | TermOfOffice, begin: int, end: int) -> list[int]:
    """Months as year * 12 + month - 1, in which the rule has days, from `begin` up to but not `end`."""
    if isinstance(cadence, TermOfOffice):
        months = cadence.months or frozenset((TERM_MONTH,))
        of_term = (i for i in range(begin, end) if (i // 12 - FIRST_TERM) % TERM_YEARS == 0)
        return [i for i in of_term if i % 12 + 1 in months]
    start_year, start_month = cadence.start or (0, 1)
    start = start_year * 12 + start_month - 1
    begin = max(begin, start)
    begin += (start - begin) % cadence.interval
    indexes = range(begin, end, cadence.interval)
    if cadence.months is None and cadence.year_interval == 1:
        return list(indexes)
    months, every = cadence.months or frozenset(range(1, 13)), cadence.year_interval
    return [i for i in indexes if i % 12 + 1 in months and (i // 12 - start_year) % every == 0]


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def day_in_month(rule: MonthDay, year: int, month: int, calendar: WorkCalendar) -> date | None:
    """The day that `rule` names in a month (or next to it, for `nearest`); None where the month has none."""
    if isinstance(rule, NthWeekday):
        if rule.nth > 0:
            opening = date(year, month, 1)
            number = (rule.weekday - opening.weekday()) % 7 + 7 * rule.nth - 6
            return opening.replace(day=number) if number <= _month_length(year, month) else None
        closing = date(year, month, _month_length(year, month))
        return closing - timedelta(days=(closing.weekday() - rule.weekday) % 7 - 7 * (rule.nth + 1))
    if isinstance(rule, NthWorkingDay):
        return _nth_working_day(rule.nth, year, month, calendar)
    length = _month_length(year, month)
    if isinstance(rule, DayOfMonth):
        return date(year, month, rule.day) if rule.day <= length else None
    wished = date(year, month, min(rule.day, length))
    # Three days either way reach every weekday, so no two are equally near.
    return wished + timedelta(days=(rule.weekday - wished.weekday() + 3) % 7 - 3)


def _nth_working_day(nth: int, year: int, month: int, calendar: WorkCalendar) -> date | None:
    length = _month_length(year, month)
    left = abs(nth)
    for number in range(1, length + 1) if nth > 0 else range(length, 0, -1):
        day = date(year, month, number)
        left -= is_working_day(day, calendar)
        if left == 0:
            return day
    return None


def _spread(cadence: Spread, first: date, last: date, calendar: WorkCalendar) -> list[date]:
    found: list[date] = []
    for year in range(first.year - 1, last.year + 1):
        windows: list[tuple[int, tuple[date, date] | None]] = [
            (cadence.per_year, (date(year, 1, 1), date(year, 12, 31)))
        ]
        if cadence.per == "semester":
            halves: tuple[tuple[int, Recess], ...] = (
                (cadence.spring, calendar.spring),
                (cadence.autumn, calendar.autumn),
            )
            windows = [(count, span_dates(half, year)) for count, half in halves]
        for count, window in windows:
            if window and window[1] >= first and window[0] <= last:
                found += [day for day in _evenly(count, *window, cadence.weekday, calendar) if first <= day <= last]
    return sorted(found)


def _evenly(count: int, first: date, last: date, weekday: int, calendar: WorkCalendar) -> list[date]:
    """The middle of each of `count` equal parts of the window's weekdays that are neither off nor in recess.

    A window with fewer such days than `count` gives those it has.
    """
    recess = recess_days(calendar.recess, first.year, last.year)
    off = days_off_between(calendar, first.year, last.year)
    begin = first.toordinal() + (weekday - first.weekday()) % 7
    days = map(date.fromordinal, range(begin, last.toordinal() + 1, 7))
    free = [day for day in days if day not in recess and day not in off]
    if count >= len(free):
        return free
    return [free[(2 * part + 1) * len(free) // (2 * count)] for part in range(count)]
