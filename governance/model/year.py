"""The year as planned: every body's occurrences in one list, and what the rhythms promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from governance.model.body import Body, Municipality
from governance.model.cadence import Cadence, Dates, DayOfMonth, Monthly, NthWeekday, Spread
from governance.model.occurrence import Occurrence
from governance.model.placement import place_all


@dataclass(frozen=True, slots=True)
class YearRow:
    """One line of the year: a body's occurrence, skipped and cancelled ones included with their reason."""

    body: str  # id
    name: str
    occurrence: Occurrence

    @property
    def date(self) -> date:
        """The day it lands on; a skipped or cancelled one stands on its slot."""
        return self.occurrence.date


@dataclass(frozen=True, slots=True)
class YearCount:
    """A body's year in figures; `promised` is None where the rhythm promises no count."""

    planned: int
    moved: int
    skipped: int
    cancelled: int
    promised: int | None

    @property
    def short(self) -> int:
        """How many meetings of the promised are missing from the plan."""
        return max(0, (self.promised or 0) - self.planned)


def year_rows(municipality: Municipality, year: int) -> list[YearRow]:
    """All bodies' occurrences that land in `year`, by date and start, then in the config's order of bodies."""
    placed = place_all(municipality, date(year - 1, 1, 1), date(year + 1, 12, 31))
    rows = (
        YearRow(body, municipality.body_name(body), occurrence)
        for body, occurrences in placed.items()
        for occurrence in occurrences
        if occurrence.date.year == year
    )
    return sorted(rows, key=lambda row: (row.date, row.occurrence.start))


def year_counts(municipality: Municipality, rows: Iterable[YearRow], year: int) -> dict[str, YearCount]:
    """Counts for each body, by id; bodies that meet nothing are there too."""
    by_body: dict[str, list[Occurrence]] = {body: [] for body in municipality.bodies}
    for row in rows:
        by_body[row.body].append(row.occurrence)
    return {
        body: YearCount(
            planned=sum(o.status == "planned" for o in found),
            moved=sum(o.status == "planned" and o.moved_from is not None for o in found),
            skipped=sum(o.status == "skipped" for o in found),
            cancelled=sum(o.status == "cancelled" for o in found),
            promised=_promised(municipality.bodies[body], year),
        )
        for body, found in by_body.items()
    }


def _promised(body: Body, year: int) -> int | None:
    """A body promises for whole years of its life only."""
    begins_late = body.starts is not None and body.starts > date(year, 1, 1)
    ends_early = body.ends is not None and body.ends < date(year, 12, 31)
    return None if body.status != "active" or begins_late or ends_early else promised_count(body.cadence, year)


def promised_count(cadence: Cadence, year: int | None = None) -> int | None:
    """How many meetings the rhythm promises in a year: 4 for a quarterly one; None where it promises no count.

    Weekly rhythms promise none (years have 52 or 53 weeks). `year` is needed for dates written out and for rhythms
    that skip years.
    """
    if isinstance(cadence, Spread):
        return cadence.per_year if cadence.per == "year" else cadence.spring + cadence.autumn
    if isinstance(cadence, Dates):
        return None if year is None else sum(day.year == year for day, _ in cadence.dates)
    if isinstance(cadence, Monthly):
        return _promised_by_months(cadence, year)
    return None


def _promised_by_months(cadence: Monthly, year: int | None) -> int | None:
    some_months_lack_it = any(
        (isinstance(rule, NthWeekday) and rule.nth == 5) or (isinstance(rule, DayOfMonth) and rule.day > 28)
        for rule in cadence.on
    )
    if some_months_lack_it or (year is None and (cadence.year_interval > 1 or 12 % cadence.interval)):
        return None
    start_year, start_month = cadence.start or (0, 1)
    if year is None:
        year = start_year + 1
    elif cadence.year_interval > 1 and (year < start_year or (year - start_year) % cadence.year_interval):
        return 0
    months = cadence.months or range(1, 13)
    since_start = (year * 12 + month - (start_year * 12 + start_month) for month in months)
    return sum(n >= 0 and n % cadence.interval == 0 for n in since_start) * max(1, len(cadence.on))
