"""Plans backwards from a legal date to the last meetings that can still pass what it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from governance.model.words import in_running_text, long_date

FORESIGHT = timedelta(days=548)  # meetings are planned 18 months ahead
FRESH = timedelta(days=274)  # a follow-up passed earlier than this before its date would wind up the clock too soon


@dataclass(frozen=True, slots=True)
class BackPlan:
    """The chain of meetings, first to last: (body, day). `late` where the last one lies after the date."""

    due: date
    chain: tuple[tuple[str, date], ...]
    late: bool = False
    problem: str = ""  # a Swedish sentence where no meeting can pass it in time

    @property
    def decision_day(self) -> date | None:
        """The day of the meeting that passes it."""
        return self.chain[-1][1] if self.chain else None


def back_plan(
    due: date, organs: Sequence[tuple[str, str]], meetings: Mapping[str, Sequence[date]], today: date
) -> BackPlan:
    """The last meeting of each organ that can still pass it, so that each comes before the next organ's.

    `organs` are (body id, name) in the order they handle the matter, the deciding one last; `meetings` the known
    days of each body. A date further off than `FORESIGHT` is not planned yet, for the meetings before it are not
    known. Where the deciding organ has no meeting in the last nine months before `due`, its first one after is
    taken, with the problem said, early enough to call one.
    """
    if due > today + FORESIGHT:
        return BackPlan(due, ())
    if not organs:
        return BackPlan(due, (), late=False, problem="Inget organ är angivet som ska fatta beslutet.")
    decider, name = organs[-1]
    days = sorted(day for day in meetings.get(decider, ()) if day >= today)
    if due < today:
        return _overdue(due, decider, name, days)
    in_time = [day for day in days if due - FRESH <= day <= due]
    if in_time:
        decision, problem = in_time[-1], ""
    elif later := [day for day in days if day > due]:
        decision = later[0]
        problem = (
            f"{name} har inget möte före fristen {long_date(due)}; nästa är {long_date(decision)}. Kalla ett möte."
        )
    else:
        text = f"Inget möte i {in_running_text(name)} är känt före fristen {long_date(due)}."
        return BackPlan(due, (), problem=f"{text} Lägg in organets datum i konfigurationen.")
    chain = [(decider, decision)]
    for body, _ in reversed(organs[:-1]):
        earlier = [day for day in meetings.get(body, ()) if today <= day < chain[0][1]]
        if earlier:
            chain.insert(0, (body, max(earlier)))
    return BackPlan(due, tuple(chain), late=decision > due, problem=problem)


def _overdue(due: date, decider: str, name: str, days: Sequence[date]) -> BackPlan:
    """The date has passed: the deciding organ's next meeting is the one."""
    if not days:
        text = f"Fristen {long_date(due)} har gått ut och inget kommande möte i {in_running_text(name)} är känt."
        return BackPlan(due, (), late=True, problem=f"{text} Lägg in organets datum i konfigurationen.")
    text = f"Fristen {long_date(due)} har gått ut. Nästa möte i {in_running_text(name)} är {long_date(days[0])}."
    return BackPlan(due, ((decider, days[0]),), late=True, problem=text)


def period_before(meeting: date) -> tuple[date, date]:
    """The year a follow-up covers: the calendar year before a meeting in January to April, else twelve whole months."""
    if meeting.month <= 4:
        return date(meeting.year - 1, 1, 1), date(meeting.year - 1, 12, 31)
    last = date(meeting.year, meeting.month, 1) - timedelta(days=1)
    first = date(last.year - 1, last.month, 28) + timedelta(days=4)
    return date(first.year, first.month, 1), last
