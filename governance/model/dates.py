"""Dates that calendars need and the standard library lacks."""

from __future__ import annotations

from datetime import date


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 28 February in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
