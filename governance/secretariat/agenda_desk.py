"""The agenda in the making as the secretary sees it: its items and times, what waits, whether it may still change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import cast, get_args

from sqlalchemy.orm import Session

from governance.model.agenda import AgendaItem, boxed, overrun, timed
from governance.model.body import Body, Confidentiality, ItemKind, Municipality, StandingItem
from governance.secretariat.agenda import draft
from governance.secretariat.office import Desk, Office, ends_at, starts_at
from governance.store import agenda_book, minute_book, queries
from governance.store.desk_tables import AgendaEntry
from governance.store.tables import Item, Occasion, Step

OPEN = ("planned", "convened")  # the states of a meeting whose agenda may still change
GATHERED = frozenset({"referred", "follow-up"})  # items that come and go with what there is to gather


class NotHere(LookupError):
    """What a form names is not there, or belongs to another meeting, body or municipality."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item on the desk. `ref` names it in forms: `e12` an entry, `s3` the third of the standing agenda."""

    ref: str
    title: str
    kind: str
    source: str = ""
    presenter: str = ""
    minutes: int | None = None
    text: str = ""
    proposal: str = ""
    confidentiality: str = "public"
    number: int = 0
    starts: time | None = None
    by: str = ""  # the name of who added it, where somebody did
    added: datetime | None = None
    late: bool = False
    origin: str = ""
    not_before: date | None = None

    def words(self) -> tuple[object, ...]:
        """What of it a reader of the agenda sees."""
        shown = (self.title, self.kind, self.presenter, self.minutes)
        return (*shown, self.text, self.proposal, self.confidentiality)


@dataclass(frozen=True, slots=True)
class AgendaOnDesk:
    """What the page of an agenda in the making shows."""

    lines: tuple[Line, ...]
    proposals: tuple[Line, ...]  # wait to be taken in
    parked: tuple[Line, ...]  # of the body; those whose time has come first
    boxed: int  # minutes shared out
    length: int  # the meeting's, in minutes
    over: int  # by how many minutes the boxes pass its end
    version: int  # the newest that is made, 0 where none is
    leaves: datetime | None  # when the next version is made; None where none is owed
    changed: bool  # since the newest version was made
    locked: str  # why nothing may change, "" where it may

    @property
    def timely(self) -> tuple[Line, ...]:
        """The parked items put away until a day that has come."""
        return tuple(each for each in self.parked if each.not_before is not None)


def agenda_on_desk(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> AgendaOnDesk:
    """A meeting's agenda as it stands: four questions."""
    body = municipality.bodies[meeting.key]
    entries = agenda_book.on_the_desk(session, meeting)
    version, begun = agenda_book.how_far(session, meeting.id)
    step = queries.step_of(session, meeting.id, "agenda")
    items = minute_book.items_of(session, meeting.id) if version else []
    own = [each for each in entries if each.occasion_id and not each.proposed]
    drafts = [line_of(municipality, each) for each in own] or standing_lines(body, items)
    start, end = starts_at(meeting, municipality), ends_at(meeting, municipality)
    times = clocked(drafts, start)
    return AgendaOnDesk(
        lines=tuple(
            replace(line, number=item.number, starts=item.starts) for line, item in zip(drafts, times, strict=True)
        ),
        proposals=tuple(line_of(municipality, each) for each in entries if each.occasion_id and each.proposed),
        parked=_by_time(municipality, (each for each in entries if each.occasion_id is None), meeting.day),
        boxed=boxed(times),
        length=int((end - start).total_seconds() // 60),
        over=overrun(times, start, end),
        version=version,
        leaves=_local(municipality, step),
        changed=bool(version and own) and differs(drafts, items),
        locked=why_locked(office, municipality, meeting, begun=begun),
    )


def _local(municipality: Municipality, step: Step | None) -> datetime | None:
    return step.due.astimezone(municipality.timezone) if step is not None and step.done is None else None


def why_locked(office: Office, municipality: Municipality, meeting: Occasion, *, begun: bool) -> str:
    """Why an agenda may no longer change, in Swedish; "" while it may."""
    if municipality.bodies[meeting.key].external:
        return "Organet gör sin egen dagordning."
    if meeting.status == "cancelled":
        return "Mötet är inställt."
    if meeting.status not in OPEN:
        return "Mötet är över och dagordningen ligger fast."
    if begun:
        return "Mötet har börjat antecknas och dagordningen ligger fast. Nya ärenden tas upp i anteckningarna."
    if office.now >= starts_at(meeting, municipality):
        return "Mötet har börjat och dagordningen ligger fast. Nya ärenden tas upp i anteckningarna."
    return ""


def differs(lines: Sequence[Line], items: Sequence[Item]) -> bool:
    """Whether the items on the desk say anything else than those that were sent."""
    sent = [_of_item(each).words() for each in items if each.source not in GATHERED]
    return [line.words() for line in lines if line.source not in GATHERED] != sent


def clocked(lines: Sequence[Line], start: datetime) -> tuple[AgendaItem, ...]:
    """The items numbered, with the times their boxes give."""
    return timed(
        [AgendaItem(0, line.title, cast("ItemKind", line.kind), minutes=line.minutes) for line in lines], start
    )


def line_of(municipality: Municipality, entry: AgendaEntry) -> Line:
    """An entry as the pages show it."""
    return Line(
        ref=f"e{entry.id}",
        title=entry.title,
        kind=entry.kind,
        source=entry.source,
        presenter=entry.presenter,
        minutes=entry.minutes,
        text=entry.text,
        proposal=entry.proposal,
        confidentiality=entry.confidentiality,
        by=municipality.person_name(entry.added_by) if entry.added_by else "",
        added=entry.added.astimezone(municipality.timezone),
        late=entry.late,
        origin=entry.origin,
        not_before=entry.not_before,
    )


def standing_lines(body: Body, items: Sequence[Item]) -> list[Line]:
    """What stands while nobody has changed anything: the items that were sent, else the body's standing ones."""
    found = [_of_item(each) for each in items] or [_of_standing(each) for each in body.agenda]
    return [replace(line, ref=f"s{place}") for place, line in enumerate(found, start=1)]


def _of_item(item: Item) -> Line:
    return Line(
        "",
        item.title,
        item.kind,
        item.source,
        item.presenter,
        item.minutes,
        item.text,
        item.proposal,
        item.confidentiality,
    )


def _of_standing(item: StandingItem) -> Line:
    return Line(
        "",
        item.title,
        item.kind,
        item.source or "",
        item.presenter,
        item.minutes,
        item.text,
        item.proposal,
        item.confidentiality,
    )


def _by_time(municipality: Municipality, entries: Iterable[AgendaEntry], day: date) -> tuple[Line, ...]:
    """The parked items: put away until a day that has come, then those without such a day, then those to come."""

    def rank(line: Line) -> tuple[int, date]:
        if line.not_before is None:
            return 1, date.min
        return (0 if line.not_before <= day else 2), line.not_before

    return tuple(sorted((line_of(municipality, each) for each in entries), key=rank))


def backlog(session: Session, municipality: Municipality, body: Body) -> tuple[Line, ...]:
    """What a body has parked."""
    return tuple(line_of(municipality, each) for each in agenda_book.parked(session, municipality.id, body.id))


def own_proposals(session: Session, municipality: Municipality, meeting: Occasion, person: str) -> tuple[Line, ...]:
    """What somebody has proposed for a meeting and nobody has taken in yet."""
    entries = agenda_book.on_the_desk(session, meeting)
    return tuple(line_of(municipality, each) for each in entries if each.proposed and each.added_by == person)


def preview(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> str:
    """The agenda paper as it would be made now, as a whole HTML page. Nothing is stored.

    Raises TemplateProblem where the template cannot be filled in.
    """
    desk = Desk(session, office, municipality, meeting, Step(occasion_id=meeting.id, kind="agenda", due=office.now))
    agenda, _ = draft(desk)
    return office.templates.html("agenda", paper=agenda)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a form says of an item."""

    title: str
    kind: str = "discussion"
    presenter: str = ""
    minutes: str = ""  # as typed
    text: str = ""
    proposal: str = ""
    confidentiality: str = "public"

    @classmethod
    def of(cls, item: Line | Item | AgendaEntry) -> Wording:
        """What a form begins with for an item that is there."""
        minutes = str(item.minutes or "")
        return cls(item.title, item.kind, item.presenter, minutes, item.text, item.proposal, item.confidentiality)

    @property
    def length(self) -> int | None:
        """The time box in minutes, None where none is given."""
        return int(self.minutes) if self.minutes else None

    def problems(self) -> list[tuple[str, str]]:
        """(field, what is wrong), in the order of the form."""
        found: list[tuple[str, str]] = []
        if not self.title:
            found.append(("title", "Skriv en rubrik."))
        elif len(self.title) > 200 or "\n" in self.title:
            found.append(("title", "Rubriken ska stå på en rad och ha högst 200 tecken."))
        if self.kind not in get_args(ItemKind):
            found.append(("kind", "Välj vilken typ av ärende det är."))
        if len(self.presenter) > 200:
            found.append(("presenter", "Föredragande får ha högst 200 tecken."))
        if self.minutes and not (re.fullmatch("[0-9]{1,3}", self.minutes) and 0 < int(self.minutes) <= 480):
            found.append(("minutes", "Skriv tiden i hela minuter, 1 till 480."))
        if len(self.text) > 10_000:
            found.append(("text", "Beskrivningen får ha högst 10 000 tecken."))
        if len(self.proposal) > 2_000:
            found.append(("proposal", "Förslaget får ha högst 2 000 tecken."))
        if self.confidentiality not in get_args(Confidentiality):
            found.append(("confidentiality", "Välj vem som får läsa."))
        return found
