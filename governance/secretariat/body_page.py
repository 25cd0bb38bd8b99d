"""A body as its page shows it: who sits in it, when it meets, to whom it reports, and what waits on its desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from governance.model.access import may, roles_in
from governance.model.body import Body, Municipality
from governance.model.people import Seat
from governance.papers import labels
from governance.papers.rhythms import rhythm_sentence
from governance.secretariat.overview import Viewer, YearMeeting, as_meeting, lagging
from governance.store import page_questions

ENDS_SOON = timedelta(days=183)  # a term that runs out within half a year is pointed at
NEXT = 5  # dates told after the rhythm


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat, or one holder of it; without name it is vacant. `ends_soon` points at a term about to run out."""

    role: str  # in words
    name: str
    title: str
    organisation: str
    starts: date | None
    ends: date | None
    ends_soon: bool
    coming: bool  # the term has not begun
    note: str = ""

    @property
    def term(self) -> bool:
        """Whether the term has a first or a last day."""
        return self.starts is not None or self.ends is not None


@dataclass(frozen=True, slots=True)
class BodySeen:
    """Everything a body's page shows."""

    body: Body
    tier: str
    rhythm: str
    following: tuple[YearMeeting, ...]
    meetings: tuple[YearMeeting, ...]
    seats: tuple[SeatLine, ...]
    parent: Body | None  # None also where it may not be seen
    parent_name: str
    children: tuple[Body, ...]
    parked: int | None  # None: not this visitor's to know
    drafts_since: datetime | None

    @property
    def vacant(self) -> int:
        """How many seats nobody holds."""
        return sum(1 for each in self.seats if not each.name)


@dataclass(frozen=True, slots=True)
class Link:
    """A body in the chain of reporting: `depth` counts from the body everybody else reports to."""

    body: Body
    depth: int
    tier: str
    rhythm: str
    following: date | None


TIERS = {
    "assembly": "Fullmäktige",
    "committee": "Nämnd",
    "steering": "Styrgrupp",
    "council": "Råd",
    "preparatory": "Beredningsgrupp",
    "operational": "Operativ grupp",
    "working-group": "Arbetsgrupp",
    "area": "Områdesgrupp",
}


def chain(session: Session, who: Viewer) -> tuple[Link, ...]:
    """The bodies somebody may see, each under the one it reports to."""
    town = who.town
    days = page_questions.next_days(session.connection(), town.id, who.bodies, who.today)
    seen = [town.bodies[each] for each in who.bodies]
    found: list[Link] = []

    def hang(body: Body, depth: int) -> None:
        if any(each.body is body for each in found):  # a chain that bites its tail
            return
        rhythm = rhythm_sentence(body.cadence, town, body)
        found.append(Link(body, depth, TIERS[body.tier], rhythm, days.get(body.id)))
        for child in seen:
            if child.reports_to == body.id:
                hang(child, depth + 1)

    for body in seen:
        if body.reports_to not in who.bodies:
            hang(body, 0)
    for body in seen:  # those that report in a circle
        hang(body, 0)
    return tuple(found)


def look(session: Session, who: Viewer, body: Body, year: int) -> BodySeen:
    """A body and its year, as somebody sees it."""
    town, today = who.town, who.today
    asking = session.connection()
    own = (body.id,) if body.id in who.own else ()
    approved = (body.id,) if body.id in who.approved else ()
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = page_questions.meetings(
        asking, town.id, (body.id,), first, last, today, own=own, approved=approved, most=NEXT
    )
    parked, drafts_since = page_questions.desk_of(asking, town.id, body.id)
    clock = who.now.time().replace(tzinfo=None)
    ended = [row for row in rows if row.day < today or (row.day == today and row.ends <= clock)]
    late, over = frozenset(lagging(who, ended)), frozenset(row.id for row in ended)
    meetings = [as_meeting(town, row, late, over) for row in rows]
    roles = roles_in(town, body, who.person, today)
    parent = town.bodies.get(body.reports_to)
    return BodySeen(
        body,
        TIERS[body.tier],
        rhythm_sentence(body.cadence, town, body),
        following=tuple(each for each in meetings if each.state in {"planned", "convened"})[:NEXT],
        meetings=tuple(each for each in meetings if each.day.year == year),
        seats=tuple(_seats(town, body, today)),
        parent=parent if parent is not None and parent.id in who.bodies else None,
        parent_name=parent.name if parent is not None else body.reports_to,
        children=tuple(each for each in town.bodies.values() if each.reports_to == body.id and each.id in who.bodies),
        parked=parked if may(roles, "drafts", "L") else None,
        drafts_since=drafts_since if may(roles, "drafts", "L") else None,
    )


def _seats(town: Municipality, body: Body, today: date) -> list[SeatLine]:
    """Each holder of each seat in the config's order; terms that have run out are left away, those to come stand."""
    found: list[SeatLine] = []
    for seat in body.seats:
        if seat.ends is not None and seat.ends < today:
            continue
        holders: Sequence[str] = seat.held_by or ("",)
        found += [_seat(town, seat, holder, today) for holder in holders]
    return found


def _seat(town: Municipality, seat: Seat, holder: str, today: date) -> SeatLine:
    person = town.people.get(holder)
    organisation = seat.organisation or (person.organisation if person else "")
    notes = []
    if seat.substitute_for:
        notes.append(f"ersätter {town.person_name(seat.substitute_for)}")
    if seat.leading_position:
        notes.append("ledande ställning i sin organisation (10 §)")
    return SeatLine(
        role=labels.role(seat.role),
        name=person.name if person else holder,
        title=seat.title or (person.title if person else ""),
        organisation=town.organisation_name(organisation) if organisation else "",
        starts=seat.starts,
        ends=seat.ends,
        ends_soon=seat.ends is not None and seat.ends <= today + ENDS_SOON,
        coming=seat.starts is not None and seat.starts > today,
        note=", ".join(notes),
    )
