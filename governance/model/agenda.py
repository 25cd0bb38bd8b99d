"""The agenda: `Kallelse och dagordning` for councils and statutory organs, `Dagordning` for groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from governance.model.action import ActionItem
from governance.model.body import Body, Confidentiality, ItemKind, ItemSource, StandingItem
from governance.model.decision import Decision
from governance.model.meeting import MeetingFacts
from governance.model.status import StatusAnswer


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One numbered item. What the item gathers of its own accord stands in the last four fields."""

    number: int
    title: str
    kind: ItemKind
    presenter: str = ""
    starts: time | None = None  # from the meeting's start and the time boxes before; None where any lacks one
    minutes: int | None = None
    text: str = ""
    proposal: str = ""
    source: ItemSource | None = None
    confidentiality: Confidentiality = "public"
    referral: Decision | None = None  # what another body decided and sent here
    answers: tuple[StatusAnswer, ...] = ()
    unanswered: tuple[str, ...] = ()  # names of those asked who have not answered
    points: tuple[str, ...] = ()  # sentences gathered: duties due, pictures since last time, previous decisions


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything the agenda paper shows. `version` counts from 1; a new one replaces the former."""

    document_name: str  # "Kallelse och dagordning" | "Dagordning"
    facts: MeetingFacts
    items: tuple[AgendaItem, ...]
    open_actions: tuple[ActionItem, ...]  # late first, then by due date
    coming: tuple[datetime, ...] = ()  # the body's next meetings
    made: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the archive holds for a meeting's agenda, each part already in words, by the source it fills."""

    points: Mapping[str, tuple[str, ...]]  # by source
    answers: tuple[StatusAnswer, ...] = ()
    unanswered: tuple[str, ...] = ()


# Items with nothing to gather are left out; the others stand also when there is nothing new.
_ONLY_WHEN_FILLED = frozenset({"referred", "follow-up"})


def draft_items(body: Body, gathered: Gathered, start: datetime) -> tuple[AgendaItem, ...]:
    """The agenda's items: the body's standing ones, filled from their sources, numbered and timed from `start`.

    What is gathered for a source the body has no standing item for gets an item of its own before the last one.
    """
    drafts = [_filled(item, gathered) for item in body.agenda if _stands(item, gathered)]
    standing = {item.source for item in body.agenda}
    missing = [
        StandingItem(title, kind, source)
        for source, (title, kind) in _UNASKED.items()
        if source not in standing and gathered.points.get(source)
    ]
    place = max(len(drafts) - 1, 0)
    drafts[place:place] = [_filled(item, gathered) for item in missing]
    return timed(drafts, start)


_UNASKED: dict[ItemSource, tuple[str, ItemKind]] = {
    "referred": ("Frågor från andra organ", "discussion"),
    "follow-up": ("Uppföljning", "follow-up"),
}


def _stands(item: StandingItem, gathered: Gathered) -> bool:
    return item.source not in _ONLY_WHEN_FILLED or bool(gathered.points.get(item.source))


def _filled(item: StandingItem, gathered: Gathered) -> AgendaItem:
    status = item.source == "status"
    return AgendaItem(
        number=0,
        title=item.title,
        kind=item.kind,
        presenter=item.presenter,
        minutes=item.minutes,
        text=item.text,
        proposal=item.proposal,
        source=item.source,
        confidentiality=item.confidentiality,
        answers=gathered.answers if status else (),
        unanswered=gathered.unanswered if status else (),
        points=gathered.points.get(item.source, ()) if item.source else (),
    )


def timed(drafts: Sequence[AgendaItem], start: datetime) -> tuple[AgendaItem, ...]:
    """Numbers the items; clock times stand only as far as every item before has a time box."""
    items: list[AgendaItem] = []
    clock: datetime | None = start
    for number, draft in enumerate(drafts, start=1):
        items.append(replace(draft, number=number, starts=clock.time() if clock and draft.minutes else None))
        clock = clock + timedelta(minutes=draft.minutes) if clock and draft.minutes else None
    return tuple(items)


def boxed(items: Sequence[AgendaItem]) -> int:
    """How many minutes the time boxes take together."""
    return sum(item.minutes or 0 for item in items)


def overrun(items: Sequence[AgendaItem], start: datetime, end: datetime) -> int:
    """By how many minutes the time boxes pass the meeting's end, 0 where they fit."""
    return max(0, boxed(items) - int((end - start).total_seconds() // 60))


def rearranged(order: Sequence[int], which: int, place: int) -> tuple[int, ...]:
    """The ids in their new order, when one of them goes to a place counted from 1, at most to an end."""
    rest = [each for each in order if each != which]
    before = min(max(place - 1, 0), len(rest))
    return (*rest[:before], which, *rest[before:])


def next_year(day: date) -> date:
    """The same weekday 52 weeks later, from when something is to be taken up again.

    A rhythm of weeks comes there exactly, one of nth weekdays there or a week later; the calendar day would miss both.
    """
    return day + timedelta(weeks=52)
