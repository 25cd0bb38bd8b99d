"""Recess (uppehåll) and semesters: spans of the year, resolved to dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from governance.model.cadence import DateSpan, DaySpan, Recess, WeekSpan
from governance.model.words import day_month


def first_monday(year: int) -> date:
    """Monday of ISO week 1: the week that holds 4 January."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=fourth.weekday())


def _week_span(span: WeekSpan, year: int) -> tuple[date, date]:
    end_year = year if span.last >= span.first else year + 1
    weeks = (first_monday(end_year + 1) - first_monday(end_year)).days // 7
    # A last week 53 means the year's last week; a first week 53 that the year lacks is the week after it.
    last = first_monday(end_year) + timedelta(weeks=min(span.last, weeks), days=-1)
    return first_monday(year) + timedelta(weeks=span.first - 1), last


def _month_day(year: int, month: int, day: int, missing: int) -> date:
    """A day of the year; 29 February of a common year is 1 March (`missing` 1) or 28 February (0)."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28) + timedelta(days=missing)


def span_dates(span: Recess, year: int) -> tuple[date, date] | None:
    """First and last date of `span` as it begins in `year`; None where it does not occur."""
    if isinstance(span, DateSpan):
        return (span.first, span.last) if span.first.year == year else None
    if isinstance(span, WeekSpan):
        first, last = _week_span(span, year)
    else:
        end_year = year if span.last >= span.first else year + 1
        first, last = _month_day(year, *span.first, missing=1), _month_day(end_year, *span.last, missing=0)
    return (first, last) if first <= last else None


def recess_reason(span: Recess) -> str:
    """The cause as a reader is told it: `uppehåll vecka 28–31`, `uppehåll 21 december–6 januari`."""
    if isinstance(span, WeekSpan):
        weeks = str(span.first) if span.first == span.last else f"{span.first}–{span.last}"
        return f"uppehåll vecka {weeks}"
    first, last = span.first, span.last
    if isinstance(span, DaySpan):
        first, last = date(2000, *span.first), date(2000, *span.last)
    assert isinstance(first, date)
    assert isinstance(last, date)
    year = f" {last.year}" if isinstance(span, DateSpan) else ""
    if first == last:
        return f"uppehåll {day_month(first)}{year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"uppehåll {first.day}–{day_month(last)}{year}"
    first_year = f" {first.year}" if first.year != last.year else ""
    return f"uppehåll {day_month(first)}{first_year}–{day_month(last)}{year}"


@lru_cache(maxsize=256)
def recess_days(recess: tuple[Recess, ...], first_year: int, last_year: int) -> Mapping[date, str]:
    """Every date of recess in these years, with its reason. Kept, so do not alter it."""
    named: dict[date, str] = {}
    for span in recess:
        reason = recess_reason(span)
        for year in range(first_year - 1, last_year + 1):
            if dates := span_dates(span, year):
                for number in range(dates[0].toordinal(), dates[1].toordinal() + 1):
                    named.setdefault(date.fromordinal(number), reason)
    return named
