"""An occurrence: what became of a slot when the calendar and the changes had their say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from datetime import date as day
from typing import Literal

from governance.model.body import Body, Product
from governance.model.cadence import Cadence, Change, ClashRule, Relative, Span, WorkCalendar

OccurrenceStatus = Literal["planned", "skipped", "cancelled"]

NO_REASON_GIVEN = "ingen orsak angiven"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot and where it landed. Times are local wall time; `date` equals `slot` where nothing moved it.

    `reason` is the cause alone, in Swedish (`trettondedag jul`), and is there whenever the occurrence is moved,
    skipped or cancelled. `problem` is a Swedish sentence where something is left for a person to settle.
    """

    slot: day
    date: day
    start: time
    end: time
    status: OccurrenceStatus = "planned"
    moved_from: day | None = None
    reason: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PlacementRules:
    """What placement needs to know of a body or a product; `calendar` carries its own recess and clash rule."""

    cadence: Cadence
    calendar: WorkCalendar
    on_clash: ClashRule
    changes: Mapping[date, Change] = field(default_factory=dict)
    starts: date | None = None
    ends: date | None = None
    duration: int = 60  # minutes
    default_start: time = time(9, 0)

    def times(self, span: Span | None) -> tuple[time, time]:
        """Start and end for the clock times of a slot; a meeting never runs past midnight."""
        start = span.start if span else self.default_start
        return start, (span and span.end) or later(start, self.duration) or time(23, 59)


def later(clock: time, minutes: int) -> time | None:
    """The wall time so many minutes later (or earlier); None where that is another day."""
    total = clock.hour * 60 + clock.minute + minutes
    return time(*divmod(total, 60)) if 0 <= total < 24 * 60 else None


def calendar_of(body: Body, calendar: WorkCalendar) -> WorkCalendar:
    """The calendar with the body's own recess and clash rule, where it has any."""
    if body.recess is None and body.on_clash is None:
        return calendar
    recess = calendar.recess if body.recess is None else body.recess
    return replace(calendar, recess=recess, on_clash=body.on_clash or calendar.on_clash)


def body_rules(body: Body, calendar: WorkCalendar) -> PlacementRules:
    """The placement rules of a body."""
    own = calendar_of(body, calendar)
    return PlacementRules(
        cadence=body.cadence,
        calendar=own,
        on_clash=body.on_clash or _safe_side(body.cadence, own.on_clash),
        changes=body.changes,
        starts=body.starts,
        ends=body.ends,
        duration=body.duration,
        default_start=body.default_start,
    )


def product_rules(product: Product, calendar: WorkCalendar) -> PlacementRules:
    """The placement rules of a product: days off move it, but a recess is for meetings and drops no paper."""
    return PlacementRules(product.cadence, replace(calendar, recess=()), _safe_side(product.cadence, calendar.on_clash))


def _safe_side(cadence: Cadence, otherwise: ClashRule) -> ClashRule:
    """What comes before another meeting moves earlier and what comes after it later, so that both stay so."""
    if not isinstance(cadence, Relative):
        return otherwise
    return "previous-working-day" if cadence.direction == "before" else "next-working-day"
