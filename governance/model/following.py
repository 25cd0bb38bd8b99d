"""Rhythms that follow another body: `before: styrgrupp, by: 10 days`.

The slot is counted from the other meeting's slot and so never changes; the date is counted from its actual
date and moves with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from governance.model.cadence import Relative
from governance.model.clash import DaysToAvoid, days_to_avoid, shift
from governance.model.holidays import is_working_day
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
    avoid = days_to_avoid(rules.calendar, first, last)
    found: dict[date, Occurrence] = {}
    for other in parent:
        if cadence.months and other.slot.month not in cadence.months:
            continue
        slot = _counted(cadence, other.slot, rules)
        if first <= slot <= last and slot not in found:
            found[slot] = _one(rules, cadence, slot, other, avoid, parent_name or cadence.body)
    return [found[slot] for slot in sorted(found)]


def _counted(cadence: Relative, day: date, rules: PlacementRules) -> date:
    """The day so long before or after `day`, with no regard to days off."""
    sign = -1 if cadence.direction == "before" else 1
    if cadence.unit == "working-days":
        return count_working_days(day, sign * cadence.amount, rules)
    days = {"minutes": 0, "days": 1, "weeks": 7}[cadence.unit] * cadence.amount
    return day + timedelta(days=sign * days)


def count_working_days(day: date, amount: int, rules: PlacementRules) -> date:
    """`amount` working days on from `day`, back where negative."""
    step, left = timedelta(days=1 if amount > 0 else -1), abs(amount)
    while left:
        day += step
        left -= is_working_day(day, rules.calendar)
    return day


def _one(
    rules: PlacementRules, cadence: Relative, slot: date, other: Occurrence, avoid: DaysToAvoid, name: str
) -> Occurrence:
    start, end = _times(rules, cadence, other)
    planned = Occurrence(slot, slot, start or time(), end or time(23, 59))
    if other.status != "planned":
        return replace(planned, status=other.status, reason=f"inget möte i {name}: {other.reason}")
    if start is None or end is None:
        problem = f"Mötet ryms inte samma dygn som mötet i {name}."
        return replace(planned, status="skipped", reason=problem.rstrip(".").lower(), problem=problem)
    day = _counted(cadence, other.date, rules)
    reason = f"{name} flyttat: {other.reason}" if day != slot else ""
    if cadence.unit != "minutes" and cadence.amount:  # else it shares the other meeting's day, whatever day that is
        if day in avoid.recess:
            return replace(planned, status="skipped", reason=avoid.recess[day])
        if cause := avoid.off_reason(day):
            before = other.date if cadence.direction == "before" else None
            after = other.date if cadence.direction == "after" else None
            landed, problem = shift(day, rules.on_clash, avoid, after, before)
            if landed is None:
                return replace(planned, status="skipped", reason=cause, problem=problem)
            planned, day, reason = replace(planned, problem=problem), landed, reason or cause
    if day == slot:
        return planned
    return replace(planned, date=day, moved_from=slot, reason=reason)


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
