"""How often: every rhythm the config can say, and the slots (wished dates) that follow from it.

A *slot* is the date the rule wished for. It is a meeting's identity and never changes; `placement` decides
what becomes of it when it falls on a day off, in a recess, or is changed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

Weekday = Literal[0, 1, 2, 3, 4, 5, 6]  # Monday is 0, as in date.weekday()


@dataclass(frozen=True, slots=True)
class Span:
    """Clock times of a meeting, local wall time in the municipality's zone; `end` None means the body's default."""

    start: time
    end: time | None = None


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`second wednesday`: the nth (1 to 5), or with -1 the last, such weekday of a month."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class NearestWeekday:
    """`tuesday nearest 15`: the weekday closest to that day of the month; of two equally near, the earlier."""

    weekday: int
    day: int


@dataclass(frozen=True, slots=True)
class NthWorkingDay:
    """`first working day` (1) or `last working day` (-1) of a month."""

    nth: int


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """`15`: a day of the month; a month without that day gives no slot."""

    day: int


MonthDay = NthWeekday | NearestWeekday | NthWorkingDay | DayOfMonth


@dataclass(frozen=True, slots=True)
class Weekly:
    """`every: week`, `odd week`, `even week`, `2 weeks` (anchored at `start`), on one or more weekdays.

    Parity follows ISO 8601 week numbers, so odd week 53 of 2026 is followed by odd week 1 of 2027.
    """

    weekdays: tuple[int, ...]
    interval: int = 1
    parity: Literal["odd", "even"] | None = None
    start: date | None = None
    at: Span | None = None
    except_months: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Monthly:
    """Days of a month, in every nth month, or in named months, in every nth year.

    `every: month`, `every: 4 months, from: 2027-02`, `every: quarter, on: second wednesday of second month`,
    `in: [april, october]` and `every: 2 years, from: 2025, in: march` are all this: `months` None means all;
    `interval` counts months from `start` (year, month); `year_interval` counts years from `start`'s year.
    """

    on: tuple[MonthDay, ...]
    months: frozenset[int] | None = None
    interval: int = 1
    year_interval: int = 1
    start: tuple[int, int] | None = None
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """`times: 3, per: semester`: a count evenly spread over each window, on a weekday.

    `per` is `semester` (counts by `spring` and `autumn`, which may differ) or `year`.
    """

    per: Literal["semester", "year"]
    spring: int
    autumn: int
    per_year: int
    weekday: int
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """`dates: [...]`: dates written out, each with its own time or the common one."""

    dates: tuple[tuple[date, Span | None], ...]
    at: Span | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """`before: styrgrupp, by: 10 days`: follows the other body's actual dates, and moves with them.

    `amount` counts `unit`; `minutes` lies on the same day, ending (before) or starting (after) that long
    from the other meeting. `months` None means every meeting of the other body.
    """

    body: str
    direction: Literal["before", "after"]
    amount: int
    unit: Literal["minutes", "days", "working-days", "weeks"]
    at: Span | None = None
    months: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class OnDemand:
    """`on demand` (vid behov): no dates until someone calls a meeting."""


@dataclass(frozen=True, slots=True)
class TermOfOffice:
    """`every: term-of-office` (mandatperiod): once in each of 2023-2026, 2027-2030, … (KL 6:18)."""

    on: tuple[MonthDay, ...] = ()
    months: frozenset[int] | None = None
    at: Span | None = None


Cadence = Weekly | Monthly | Spread | Dates | Relative | OnDemand | TermOfOffice


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """`week 28-31`: ISO weeks, both ends included, each year; may pass a year's end (`week 51-1`)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DaySpan:
    """`12-21..01-06`: (month, day) to (month, day), both ends included, each year; may pass the year's end."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """`2027-03-01..2027-03-05`: these very dates, both ends included."""

    first: date
    last: date


Recess = WeekSpan | DaySpan | DateSpan

ClashRule = Literal["skip", "next-working-day", "previous-working-day", "same-week", "next-week", "keep"]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The municipality's working days: which days are off, when it is in recess, what happens on a clash."""

    public_holidays: bool = True
    eves: bool = True
    squeeze_days: bool = False
    extra_days_off: frozenset[date] = frozenset()
    recess: tuple[Recess, ...] = ()
    on_clash: ClashRule = "next-working-day"
    spring: WeekSpan | DaySpan = field(default_factory=lambda: WeekSpan(3, 22))
    autumn: WeekSpan | DaySpan = field(default_factory=lambda: WeekSpan(34, 50))


@dataclass(frozen=True, slots=True)
class Change:
    """A line under `changes`: the slot is cancelled, or moved to another date and maybe time, for a reason."""

    cancelled: bool = False
    to: date | None = None
    span: Span | None = None
    reason: str = ""
