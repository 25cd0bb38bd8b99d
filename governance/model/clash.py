"""The clash rules: where a slot on a day off goes, and when it may not go there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from governance.model.cadence import ClashRule, WorkCalendar
from governance.model.holidays import days_off_between
from governance.model.recess import recess_days
from governance.model.words import WEEKDAYS, long_date

REACH = 28  # days: no shift goes further than this
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysToAvoid:
    """Days off and days of recess with their Swedish reasons, over a run of years; weekends apart."""

    off: Mapping[date, str]
    recess: Mapping[date, str]

    def off_reason(self, day: date) -> str:
        """Why `day` is off, or "" on a working day."""
        return self.off.get(day, "") or (WEEKDAYS[day.weekday()] if day.weekday() > 4 else "")


def days_to_avoid(calendar: WorkCalendar, first: date, last: date) -> DaysToAvoid:
    """What to avoid between two dates, and a year to either side for shifts across New Year."""
    first_year, last_year = first.year - 1, last.year + 1
    recess = recess_days(calendar.recess, first_year, last_year) if calendar.recess else {}
    return DaysToAvoid(days_off_between(calendar, first_year, last_year), recess)


def shift(
    slot: date, rule: ClashRule, avoid: DaysToAvoid, after: date | None, before: date | None
) -> tuple[date | None, str]:
    """Where `slot`, a day off, goes by `rule`, strictly between `after` and `before` (its neighbours' slots).

    Returns the date and "", or None and a Swedish sentence that says why it cannot be moved; with the rule
    `skip`, None and "".
    """
    if rule == "keep":
        return slot, f"Mötet ligger kvar på en ledig dag: {long_date(slot)} ({avoid.off_reason(slot)})."
    if rule == "skip":
        return None, ""
    for day in _candidates(slot, rule):
        if rule in {"next-working-day", "previous-working-day"} and day in avoid.recess:
            return None, _stuck(slot, f"närmaste arbetsdag ligger bortom {avoid.recess[day]}", avoid)
        if avoid.off_reason(day) or day in avoid.recess:
            continue
        if obstacle := _obstacle(slot, day, avoid, after, before):
            return None, _stuck(slot, obstacle, avoid)
        return day, ""
    nothing = "veckan har ingen arbetsdag" if rule == "same-week" else "ingen ledig arbetsdag finns i närheten"
    return None, _stuck(slot, nothing, avoid)


def _candidates(slot: date, rule: ClashRule) -> Iterable[date]:
    """Days to try, best first."""
    if rule == "next-week":
        return (slot + timedelta(weeks=n) for n in (1, 2, 3))
    if rule == "same-week":
        monday = slot - timedelta(days=slot.weekday())
        days = [monday + timedelta(days=n) for n in range(5)]
        return sorted(days, key=lambda day: (abs(day - slot), day))
    step = _DAY if rule == "next-working-day" else -_DAY
    return (slot + n * step for n in range(1, REACH))


def _obstacle(slot: date, day: date, avoid: DaysToAvoid, after: date | None, before: date | None) -> str:
    """What stands between `slot` and `day`, as the end of a sentence; "" where the way is free."""
    if before and day >= before:
        return f"nästa möte är redan {long_date(before)}"
    if after and day <= after:
        return f"förra mötet är redan {long_date(after)}"
    low, high = sorted((slot, day))
    between = (date.fromordinal(number) for number in range(low.toordinal() + 1, high.toordinal()))
    crossed = next((avoid.recess[d] for d in between if d in avoid.recess), "")
    return f"flytten skulle korsa {crossed}" if crossed else ""


def _stuck(slot: date, why: str, avoid: DaysToAvoid) -> str:
    return f"Mötet {long_date(slot)} ({avoid.off_reason(slot)}) kan inte flyttas: {why}."
