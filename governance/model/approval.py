"""Approving minutes (justering): whose it is to do, by when, and until when the notice of it stays up.

What the law asks is a table. `kommunallagen` is 2017:725: 5 kap. 69 § asks that minutes are approved within fourteen
days, and 6 kap. 35 § says that this holds for committees too; 8 kap. 12 § that the notice is put up by the second day
after; 13 kap. 5 § gives three weeks from that day to appeal, and the notice must be up all that time. Bodies with rules
of their own follow their lead time; a group's notes are approved by nobody, its secretary says when they are settled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from governance.model.body import Body, Formality
from governance.model.holidays import eves, public_holidays

What = Literal["approve", "announce", "appeal"]
Began = Literal["meeting", "approval", "notice"]
TimerState = Literal["waiting", "running", "late", "done", "done-late"]

_DAY = timedelta(days=1)
OWN_LEAD_TIME = "organets ledtid"


@dataclass(frozen=True, slots=True)
class Term:
    """What is to be done within `days` of the day something began; None where the body's own lead time counts."""

    what: What
    began: Began
    days: int | None
    source: str


TERMS: Mapping[Formality, tuple[Term, ...]] = {
    "statutory": (
        Term("approve", "meeting", 14, "5 kap. 69 § kommunallagen"),
        Term("announce", "approval", 2, "8 kap. 12 § kommunallagen"),
        Term("appeal", "notice", 21, "13 kap. 5 § kommunallagen"),
    ),
    "regulated": (Term("approve", "meeting", None, OWN_LEAD_TIME),),
    "informal": (),
}


@dataclass(frozen=True, slots=True)
class Milestones:
    """The days things happened; None for what has not. `own_limit` is when the body's lead time for approval ends."""

    meeting: date
    own_limit: date
    approved: date | None = None
    posted: date | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """One term, running from a known day or still waiting for it."""

    term: Term
    due: date | None  # None: what it runs from has not happened
    done: date | None

    def state(self, today: date) -> TimerState:
        """Where it stands on a day. The last day itself is in time."""
        if self.due is None:
            return "waiting"
        if self.done is not None:
            return "done" if self.done <= self.due else "done-late"
        return "late" if today > self.due else "running"

    def days_left(self, today: date) -> int | None:
        """Days from today to the last one, negative when it has passed; None where nothing runs."""
        return None if self.due is None or self.done is not None else (self.due - today).days


def timers(formality: Formality, days: Milestones, today: date) -> tuple[Timer, ...]:
    """The terms of a meeting's minutes. The time to appeal is done when its last day is over."""
    return tuple(_timer(term, days, today) for term in TERMS[formality])


def _timer(term: Term, days: Milestones, today: date) -> Timer:
    posted = days.posted if days.approved and days.posted and days.posted >= days.approved else None
    if term.what == "appeal":
        last = appeal_ends(posted, term.days or 0) if posted else None
        return Timer(term, last, last if last and last < today else None)
    start = days.meeting if term.began == "meeting" else days.approved
    due = None if start is None else days.own_limit if term.days is None else start + timedelta(days=term.days)
    return Timer(term, due, days.approved if term.what == "approve" else posted)


def appeal_ends(posted: date, days: int = 21) -> date:
    """The last day to appeal, and the last the notice must be up.

    A time that ends on a Saturday, Sunday, public holiday or eve goes on to the next weekday: 2 § lag (1930:173) om
    beräkning av lagstadgad tid. The times to approve and announce are told by the stricter reading, without it.
    """
    day = posted + timedelta(days=days)
    while day.weekday() > 4 or day in public_holidays(day.year) or day in eves(day.year):
        day += _DAY
    return day


def is_announced(formality: Formality) -> bool:
    """Whether the law asks that the approval is announced on the board."""
    return any(term.what == "announce" for term in TERMS[formality])


def approvers(body: Body, day: date, chosen: Sequence[str], away: Collection[str] = ()) -> tuple[str, ...]:
    """Whose it is to approve a meeting's minutes: who led it, and those chosen. Nobody's in an informal group.

    A chair who was away (`away`: recorded as excused or absent) did not lead it; a vice-chair who was there did.
    """
    if body.formality == "informal":
        return ()
    leaders = [body.holder(role, day) for role in ("chair", "vice-chair")]
    led = next((each for each in leaders if each and each not in away), leaders[0])
    return tuple(dict.fromkeys(each for each in (led, *chosen) if each))


def left_to_approve(asked: Sequence[str], approved: Collection[str]) -> tuple[str, ...]:
    """Those who have not approved yet."""
    return tuple(each for each in asked if each not in approved)
