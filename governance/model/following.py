"""Rhythms that follow another body: `before: styrgrupp, by: 10 days`.

The slot is counted from the other meeting's slot and so never changes; the date is counted from its actual
date and moves with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from governance.model.cadence import Relative
from governance.model.clash import DaysToAvoid, days_to_avoid, shift
from governance.model.occurrence import Occurrence, PlacementRules, later


def reach(cadence: Relative) -> int:
    """The most days that can lie between a meeting and the one it follows, for asking far enough around."""
    return {"minutes": 0, "days": 1, "weeks": 7, "working-days": 3}[cadence.unit] * cadence.amount + 14


def follow(
    rules: PlacementRules, parent: Sequence[Occurrence], first: date, last: date, parent_name: str = ""
) -> list[Occurrence]:
    """Occurrences that follow `parent`'s, with slots from `first` to `last`; the caller applies the changes."""
    cadence = rules.cadence
    assert isinstance(cadence, Relative)
    name = parent_name or cadence.body
    if not parent:
        return []
    days = [day for other in parent for day in (other.slot, other.date)]
    avoid = days_to_avoid(rules.calendar, min(first, *days), max(last, *days))
    found: dict[date, Occurrence] = {}
    for other in parent:
        if cadence.months and other.slot.month not in cadence.months:
            continue
        slot = _counted(cadence, other.slot, avoid)
        if first <= slot <= last and slot not in found:
            found[slot] = _one(rules, cadence, slot, other, avoid, name)
    return [found[slot] for slot in sorted(found)]


def _counted(cadence: Relative, day: date, avoid: DaysToAvoid) -> date:
    """The day so long before or after `day`, with no regard to days off."""
    sign = -1 if cadence.direction == "before" else 1
    if cadence.unit == "working-days":
        return _working_days_on(day, sign * cadence.amount, avoid)
    days = {"minutes": 0, "days": 1, "weeks": 7}[cadence.unit] * cadence.amount
    return day + timedelta(days=sign * days)


def _working_days_on(day: date, amount: int, avoid: DaysToAvoid) -> date:
    """`amount` working days on from `day`, back where negative."""
    step, left = timedelta(days=1 if amount > 0 else -1), abs(amount)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in avoid.off
    return day


def _one(
    rules: PlacementRules, cadence: Relative, slot: date, other: Occurrence, avoid: DaysToAvoid, name: str
) -> Occurrence:
    start, end = _times(rules, cadence, other)
    if other.status != "planned":
        reason = f"inget möte i {name}: {other.reason}"
        return Occurrence(slot, slot, start or time(), end or time(23, 59), other.status, None, reason)
    if start is None or end is None:
        reason = f"ryms inte samma dygn som mötet i {name}"
        return Occurrence(slot, slot, time(), time(23, 59), "skipped", None, reason, f"Mötet {reason}.")
    day = slot if other.date == other.slot else _counted(cadence, other.date, avoid)
    reason, problem = f"{name} flyttat: {other.reason}" if day != slot else "", ""
    if cadence.unit != "minutes" and cadence.amount:  # else it shares the other meeting's day, whatever day that is
        if day in avoid.recess:
            return Occurrence(slot, slot, start, end, "skipped", None, avoid.recess[day])
        if cause := avoid.off_reason(day):
            before, after = (other.date, None) if cadence.direction == "before" else (None, other.date)
            landed, problem = shift(day, rules.on_clash, avoid, after, before)
            if landed is None:
                return Occurrence(slot, slot, start, end, "skipped", None, cause, problem)
            day, reason = landed, reason or cause
    moved = day != slot
    return Occurrence(slot, day, start, end, "planned", slot if moved else None, reason if moved else "", problem)


def _times(rules: PlacementRules, cadence: Relative, other: Occurrence) -> tuple[time | None, time | None]:
    if cadence.unit != "minutes":
        if not cadence.amount and not cadence.at:
            return other.start, other.end
        return rules.times(cadence.at)
    if cadence.direction == "before":
        end = later(other.start, -cadence.amount)
        return (later(end, -rules.duration) if end else None), end
    start = later(other.end, cadence.amount)
    return start, (later(start, rules.duration) if start else None)
