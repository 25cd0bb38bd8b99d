"""Swedish days off: the thirteen public holidays, the three eves, the squeeze days, and the municipality's own.

Public holidays follow lagen (1989:253) om allmänna helgdagar as it reads since 2005, the eves
semesterlagen (1977:480) 7 §. Earlier years are answered by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from governance.model.cadence import WorkCalendar
from governance.model.words import WEEKDAYS

SQUEEZE_DAY = "klämdag"
OWN_DAY_OFF = "ledig dag enligt kalendern"

_DAY = timedelta(days=1)


def easter_sunday(year: int) -> date:
    """Påskdagen by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _first_saturday(year: int, month: int, day: int) -> date:
    earliest = date(year, month, day)
    return earliest + timedelta(days=(5 - earliest.weekday()) % 7)


def public_holidays(year: int) -> dict[date, str]:
    """The thirteen public holidays of `year` that are not plain Sundays, in date order, as a sentence names them."""
    easter = easter_sunday(year)
    named = {
        date(year, 1, 1): "nyårsdagen",
        date(year, 1, 6): "trettondedag jul",
        easter - timedelta(days=2): "långfredagen",
        easter: "påskdagen",
        easter + _DAY: "annandag påsk",
        date(year, 5, 1): "första maj",
        date(year, 6, 6): "nationaldagen",
        _first_saturday(year, 6, 20): "midsommardagen",
        _first_saturday(year, 10, 31): "alla helgons dag",
        date(year, 12, 25): "juldagen",
        date(year, 12, 26): "annandag jul",
    }
    for after_easter, name in ((39, "Kristi himmelsfärdsdag"), (49, "pingstdagen")):
        day = easter + timedelta(days=after_easter)
        # In 2008 Kristi himmelsfärdsdag is första maj, and pingstdagen can be nationaldagen: both names stand.
        named[day] = f"{named[day]}, {name}" if day in named else name
    return dict(sorted(named.items()))


def eves(year: int) -> dict[date, str]:
    """Midsommarafton, julafton and nyårsafton: as good as public holidays by semesterlagen 7 §."""
    return {
        _first_saturday(year, 6, 20) - _DAY: "midsommarafton",
        date(year, 12, 24): "julafton",
        date(year, 12, 31): "nyårsafton",
    }


def squeeze_days(year: int) -> dict[date, str]:
    """Klämdagar: single working days between two days off, with the eves counted as off."""
    red = {**public_holidays(year), **eves(year), date(year - 1, 12, 31): "", date(year + 1, 1, 1): ""}

    def off(day: date) -> bool:
        return day.weekday() > 4 or day in red

    neighbours = {day + step for day in red for step in (-_DAY, _DAY)}
    squeezed = (d for d in neighbours if d.year == year and not off(d) and off(d - _DAY) and off(d + _DAY))
    return dict.fromkeys(sorted(squeezed), SQUEEZE_DAY)


@lru_cache(maxsize=1024)
def _days_off(calendar: WorkCalendar, year: int) -> dict[date, str]:
    named = {day: OWN_DAY_OFF for day in calendar.extra_days_off if day.year == year}
    if calendar.squeeze_days:
        named |= squeeze_days(year)
    if calendar.eves:
        named |= eves(year)
    if calendar.public_holidays:
        named |= public_holidays(year)
    return dict(sorted(named.items()))


def days_off(calendar: WorkCalendar, year: int) -> Mapping[date, str]:
    """The days off of `year` with their names, in date order, weekends apart. Kept, so do not alter it."""
    return _days_off(calendar, year)


@lru_cache(maxsize=256)
def days_off_between(calendar: WorkCalendar, first_year: int, last_year: int) -> Mapping[date, str]:
    """The days off of several years, both ends included, as `days_off` has them."""
    named: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        named |= _days_off(calendar, year)
    return named


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    """Whether people are at work: Monday to Friday and no day off. A recess does not count here."""
    return day.weekday() < 5 and day not in _days_off(calendar, day.year)


def day_off_reason(day: date, calendar: WorkCalendar) -> str:
    """Why `day` is off, such as `trettondedag jul` or `lördag`; "" on a working day."""
    name = _days_off(calendar, day.year).get(day, "")
    return name or (WEEKDAYS[day.weekday()] if day.weekday() > 4 else "")
