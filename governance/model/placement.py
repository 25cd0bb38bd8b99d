"""Placement: slot -> changes (they win) -> recess (dropped, never shifted) -> clash rule.

A shift never crosses into a recess or onto the next slot: it is reported as a problem, not guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from governance.model.body import Body, Municipality
from governance.model.cadence import Dates, Relative, WorkCalendar
from governance.model.clash import REACH, DaysToAvoid, days_to_avoid, shift
from governance.model.following import follow, reach
from governance.model.occurrence import (
    NO_REASON_GIVEN,
    Occurrence,
    PlacementRules,
    body_rules,
    product_rules,
)
from governance.model.slots import Slot, slots
from governance.model.words import long_date

__all__ = ["Occurrence", "place", "place_all", "place_products"]


def place(
    body: Body,
    calendar: WorkCalendar,
    first: date,
    last: date,
    parent: Sequence[Occurrence] = (),
    parent_name: str = "",
) -> list[Occurrence]:
    """The body's occurrences with slots from `first` to `last`, both included, in order of slot.

    `parent` are the occurrences of the body that a `Relative` rhythm follows, over a range wide enough
    (`following.reach`); `parent_name` is that body's name in reasons. A body that is under development or
    paused has none.
    """
    return _place(body_rules(body, calendar), first, last, parent, parent_name) if body.status == "active" else []


def _place(
    rules: PlacementRules, first: date, last: date, parent: Sequence[Occurrence], parent_name: str
) -> list[Occurrence]:
    first = max(first, rules.starts) if rules.starts else first
    last = min(last, rules.ends) if rules.ends else last
    if first > last:
        return []
    if isinstance(rules.cadence, Relative):
        return [_changed(rules, occurrence) for occurrence in follow(rules, parent, first, last, parent_name)]
    return _place_slots(rules, first, last)


def _place_slots(rules: PlacementRules, first: date, last: date) -> list[Occurrence]:
    # A little more than asked for, so that a shift at either end knows its neighbour.
    margin = timedelta(days=REACH)
    low = max(first - margin, rules.starts) if rules.starts else first - margin
    high = min(last + margin, rules.ends) if rules.ends else last + margin
    wished = slots(rules.cadence, low, high, rules.calendar)
    avoid = days_to_avoid(rules.calendar, first, last)
    off, recess, changes = avoid.off, avoid.recess, rules.changes
    written = isinstance(rules.cadence, Dates)
    begin, end = bisect_left(wished, first, key=_slot_day), bisect_right(wished, last, key=_slot_day)
    placed: list[Occurrence] = []
    span, (starts, ends) = None, rules.times(None)
    for index in range(begin, end):
        slot, own = wished[index]
        if own is not span:
            span, (starts, ends) = own, rules.times(own)
        if slot in changes or written:
            planned = Occurrence(slot, slot, starts, ends, "planned", None, "", _flag(slot, avoid) if written else "")
            placed.append(_changed(rules, planned, avoid))
        elif slot in recess:
            placed.append(Occurrence(slot, slot, starts, ends, "skipped", None, recess[slot], ""))
        elif slot in off or slot.weekday() > 4:
            after = wished[index - 1][0] if index else None
            before = wished[index + 1][0] if index + 1 < len(wished) else None
            day, problem = shift(slot, rules.on_clash, avoid, after, before)
            placed.append(_shifted(Occurrence(slot, slot, starts, ends), day, avoid.off_reason(slot), problem))
        else:
            placed.append(Occurrence(slot, slot, starts, ends, "planned", None, "", ""))
    return placed


def _slot_day(slot: Slot) -> date:
    return slot[0]


def _shifted(planned: Occurrence, day: date | None, cause: str, problem: str) -> Occurrence:
    if day is None:
        return replace(planned, status="skipped", reason=cause, problem=problem)
    if day == planned.slot:
        return replace(planned, problem=problem)
    return replace(planned, date=day, moved_from=planned.slot, reason=cause)


def _changed(rules: PlacementRules, planned: Occurrence, avoid: DaysToAvoid | None = None) -> Occurrence:
    """The occurrence as a line under `changes` has it, if there is one: it wins over recess and clash rule."""
    change = rules.changes.get(planned.slot)
    if change is None:
        return planned
    slot, reason = planned.slot, change.reason or NO_REASON_GIVEN
    start, end = rules.times(change.span) if change.span else (planned.start, planned.end)
    if change.cancelled:
        return Occurrence(slot, slot, start, end, "cancelled", None, reason)
    day = change.to or slot
    flag = _flag(day, avoid or days_to_avoid(rules.calendar, day, day))
    return Occurrence(slot, day, start, end, "planned", slot if day != slot else None, reason, flag)


def _flag(day: date, avoid: DaysToAvoid) -> str:
    """A word of warning where a date written by hand is no day for meetings; the date stands."""
    cause = avoid.recess.get(day, "") or avoid.off_reason(day)
    return f"Ett möte är utsatt till {long_date(day)}: {cause}." if cause else ""


def place_all(municipality: Municipality, first: date, last: date) -> dict[str, list[Occurrence]]:
    """Every body's occurrences with slots from `first` to `last`, by body id in the config's order.

    Bodies that follow others are placed after them. Raises ValueError where they follow each other in a ring;
    a body that the config does not know is followed into nothing.
    """
    bodies = municipality.bodies
    relative = {key: body.cadence for key, body in bodies.items() if isinstance(body.cadence, Relative)}
    wide = timedelta(days=sum(reach(cadence) for cadence in relative.values()))
    leaders = {cadence.body for cadence in relative.values()}
    placed: dict[str, list[Occurrence]] = {}
    for key in _followers_last(bodies, relative):
        margin = wide if key in relative or key in leaders else timedelta()
        leader = relative[key].body if key in relative else ""
        placed[key] = place(
            bodies[key],
            municipality.calendar,
            first - margin,
            last + margin,
            placed.get(leader, ()),
            municipality.body_name(leader),
        )
    return {key: [o for o in placed[key] if first <= o.slot <= last] for key in bodies}


def _followers_last(bodies: Mapping[str, Body], relative: Mapping[str, Relative]) -> list[str]:
    order: dict[str, None] = {}
    for key in bodies:
        chain: list[str] = []
        at = key
        while at in bodies and at not in order:
            if at in chain:
                raise ValueError(f"rytmerna går i ring: {' → '.join([*chain[chain.index(at) :], at])}")
            chain.append(at)
            at = relative[at].body if at in relative else ""
        order |= dict.fromkeys(reversed(chain))
    return list(order)


def place_products(
    municipality: Municipality, first: date, last: date, placed: Mapping[str, Sequence[Occurrence]]
) -> dict[str, list[Occurrence]]:
    """Every product's occurrences with slots from `first` to `last`, by product id; `date` is the day it is due.

    `placed` are the bodies' occurrences over the same range. A product that is due some time before or after a
    meeting looks past the range for it.
    """
    relative = [p.cadence for p in municipality.products.values() if isinstance(p.cadence, Relative)]
    if any(cadence.amount for cadence in relative):
        margin = timedelta(days=max(reach(cadence) for cadence in relative))
        placed = place_all(municipality, first - margin, last + margin)
    due: dict[str, list[Occurrence]] = {}
    for key, product in municipality.products.items():
        leader = product.cadence.body if isinstance(product.cadence, Relative) else ""
        rules = product_rules(product, municipality.calendar)
        due[key] = _place(rules, first, last, placed.get(leader, ()), municipality.body_name(leader))
    return due
