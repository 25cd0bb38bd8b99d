"""Keeps the meetings planned: the config's rhythms placed 18 months ahead and held against what is stored.

A change is a plan first. Meetings nobody has been called to follow the config; one already called moves or
is called off only on confirmation, and then everybody concerned gets the update or the cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.cadence import OnDemand
from governance.model.occurrence import Occurrence, calendar_of
from governance.model.placement import place_all
from governance.model.steps import meeting_steps
from governance.papers.swedish import listing, short_date
from governance.secretariat.editions import plan_editions
from governance.secretariat.governance_log import note_governance
from governance.secretariat.invitation import (
    changed_attendees,
    new_uid,
    send_attendee_changes,
    send_cancellation,
    send_change,
)
from governance.secretariat.members import attendees, facts_of
from governance.secretariat.office import Desk, Done, Office, ends_at, starts_at
from governance.secretariat.outbox import known
from governance.secretariat.steps import call_off, owe_all
from governance.store import paper_shelf, queries
from governance.store.tables import Occasion, Step

HORIZON = timedelta(days=548)  # 18 months
MARGIN = timedelta(days=100)  # a slot may be shifted into the horizon, or follow a meeting outside it

_WORDS = {  # for one, for several
    "new": ("nytt", "nya"),
    "moved": ("flyttat", "flyttade"),
    "cancelled": ("inställt", "inställda"),
    "attendees": ("med andra deltagare", "med andra deltagare"),
    "waiting": ("väntar på bekräftelse", "väntar på bekräftelse"),
    "editions": ("uppföljning planerad", "uppföljningar planerade"),
}

ChangeKind = Literal["new", "moved", "cancelled", "attendees", "untouched"]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What the config would do to one meeting. `called` means that people have been invited: it wants confirmation."""

    change: ChangeKind
    municipality: str
    body: str
    slot: date
    old: datetime | None
    new: datetime | None
    reason: str
    called: bool = False
    mails: int = 0


@dataclass(frozen=True, slots=True)
class _Wish:
    line: PlanLine
    occurrence: Occurrence | None
    stored: Occasion | None


def planned_changes(office: Office, municipality: Municipality) -> list[PlanLine]:
    """What `plan_meetings` would do now, by day and body."""
    with office.archive.read() as session:
        return [wish.line for wish in _wishes(session, office, municipality)]


def plan_meetings(office: Office, municipality: Municipality, *, confirm: bool = False) -> list[Done]:
    """Stores new meetings, moves and cancels changed ones; those already called only with `confirm`."""
    with office.archive.write() as session:
        wishes = _wishes(session, office, municipality)
        counts: dict[str, int] = {"new": 0, "moved": 0, "cancelled": 0, "attendees": 0, "waiting": 0}
        mails = 0
        # One question for hundreds of meetings.
        session.info["steps"] = queries.steps_from(session, municipality.id, office.today - MARGIN)
        for wish in wishes:
            if wish.line.called and wish.line.change != "untouched" and not confirm:
                counts["waiting"] += 1
                continue
            mails += _carry_out(session, office, municipality, wish)
            if wish.line.change != "untouched":
                counts[wish.line.change] += 1
        note_governance(session, office, municipality)
        session.flush()
        editions = plan_editions(session, office, municipality)
    counts["editions"] = editions
    what = ", ".join(f"{count} {_WORDS[kind][count > 1]}" for kind, count in counts.items() if count)
    if not what:
        return []
    return [
        Done("plan", municipality.id, f"Möten till och med {short_date(office.today + HORIZON)}", what, mails=mails)
    ]


def _wishes(session: Session, office: Office, municipality: Municipality) -> list[_Wish]:
    today, last = office.today, office.today + HORIZON
    placed = place_all(municipality, today - MARGIN, last + MARGIN)
    stored = {(each.key, each.slot): each for each in queries.occasions(session, municipality.id, first=today - MARGIN)}
    wishes: list[_Wish] = []
    for body, occurrences in placed.items():
        for occurrence in occurrences:
            found = stored.pop((body, occurrence.slot), None)
            if occurrence.date < today and found is None:
                continue
            if occurrence.date > last and found is None:
                continue
            if found is not None and found.day < today:
                continue
            wish = _compare(municipality, body, occurrence, found)
            if wish is not None:
                wishes.append(_with_mails(session, municipality, _with_attendees(session, municipality, wish)))
    dropped = _dropped(municipality, stored.values(), today, last)
    wishes += [_with_mails(session, municipality, wish) for wish in dropped]
    return sorted(wishes, key=lambda each: (each.line.new or each.line.old or office.now, each.line.body))


def _compare(municipality: Municipality, body: str, wished: Occurrence, found: Occasion | None) -> _Wish | None:
    new = datetime.combine(wished.date, wished.start, municipality.timezone)
    if found is None:
        if wished.status != "planned":
            return None
        line = PlanLine("new", municipality.id, body, wished.slot, None, new, wished.reason)
        return _Wish(line, wished, None)
    old = starts_at(found, municipality)
    called = found.status == "convened"
    if wished.status != "planned":
        return _cancel(municipality, found, wished.reason) if found.status in {"planned", "convened"} else None
    if found.status not in {"planned", "convened", "cancelled"}:
        return None
    same = (found.day, found.starts, found.ends) == (wished.date, wished.start, wished.end)
    change: ChangeKind = "untouched" if same and found.status != "cancelled" else "moved"
    # A meeting called off and wished for again: the same UID with a higher sequence brings it back (calendar.md 1.3).
    again = found.status == "cancelled" and found.stamp is not None
    line = PlanLine(change, municipality.id, body, wished.slot, old, new, wished.reason, called or again)
    return _Wish(line, wished, found)


def _with_attendees(session: Session, municipality: Municipality, wish: _Wish) -> _Wish:
    """A meeting that stays where it is, but whose seats have other holders than were called to it."""
    if wish.line.change != "untouched" or not wish.line.called or wish.stored is None:
        return wish
    joining, leaving = changed_attendees(session, municipality, wish.stored)
    names = [f"{municipality.person_name(each)} kallas" for each in joining]
    names += [f"{municipality.person_name(each)} avbokas" for each in leaving]
    if not names:
        return wish
    return replace(wish, line=replace(wish.line, change="attendees", reason=listing(names), mails=len(names)))


def _with_mails(session: Session, municipality: Municipality, wish: _Wish) -> _Wish:
    """A meeting people are called to that moves or is called off, with how many will hear of it."""
    body = municipality.bodies.get(wish.line.body)
    if not wish.line.called or wish.stored is None or body is None:
        return wish
    if wish.line.change == "moved" and wish.occurrence is not None:
        told = len(attendees(municipality, body, wish.occurrence.date))
    elif wish.line.change == "cancelled":
        told = len(known(municipality, sorted(paper_shelf.still_called(session, wish.stored))))
    else:
        return wish
    return replace(wish, line=replace(wish.line, mails=told))


def _cancel(municipality: Municipality, found: Occasion, reason: str) -> _Wish:
    called = found.status == "convened"
    old = starts_at(found, municipality)
    line = PlanLine("cancelled", municipality.id, found.key, found.slot, old, None, reason, called)
    return _Wish(line, None, found)


def _dropped(municipality: Municipality, left: Iterable[Occasion], today: date, last: date) -> list[_Wish]:
    """Stored meetings that the config no longer wishes for."""
    gone: list[_Wish] = []
    for each in left:
        body = municipality.bodies.get(each.key)
        if body is not None and isinstance(body.cadence, OnDemand):
            continue
        if each.status in {"planned", "convened"} and today <= each.day <= last:
            gone.append(_cancel(municipality, each, "Rytmen i konfigurationen har ändrats"))
    return gone


def _carry_out(session: Session, office: Office, municipality: Municipality, wish: _Wish) -> int:
    if wish.line.change == "untouched" and wish.stored is not None:
        _owe_steps(session, office, municipality, wish.stored)  # lead times may have changed
    elif wish.line.change == "new" and wish.occurrence is not None:
        _store(session, office, municipality, wish.line.body, wish.occurrence)
    elif wish.line.change == "moved" and wish.occurrence is not None and wish.stored is not None:
        return _move(session, office, municipality, wish.stored, wish.occurrence)
    elif wish.line.change == "attendees" and wish.stored is not None:
        _owe_steps(session, office, municipality, wish.stored)
        return send_attendee_changes(_desk(session, office, municipality, wish.stored))
    elif wish.line.change == "cancelled" and wish.stored is not None:
        return _call_off(session, office, municipality, wish.stored, wish.line.reason)
    return 0


def _store(session: Session, office: Office, municipality: Municipality, body: str, wished: Occurrence) -> None:
    occasion = Occasion(
        municipality=municipality.id,
        kind="meeting",
        key=body,
        slot=wished.slot,
        day=wished.date,
        starts=wished.start,
        ends=wished.end,
        status="planned",
        moved_from=wished.moved_from,
        reason=wished.reason,
        uid=new_uid(office, municipality, body, wished.slot),
        sequence=0,
    )
    session.add(occasion)
    session.flush()
    _owe_steps(session, office, municipality, occasion)


def _owe_steps(session: Session, office: Office, municipality: Municipality, occasion: Occasion) -> None:
    body = municipality.bodies[occasion.key]
    if body.external:
        return
    start, end = starts_at(occasion, municipality), ends_at(occasion, municipality)
    steps = meeting_steps(body, start, end, calendar_of(body, municipality.calendar))
    owe_all(
        session,
        occasion,
        {step.kind: step.due for step in steps},
        office.now,
        session.info["steps"].get(occasion.id, {}),
    )


def _desk(session: Session, office: Office, municipality: Municipality, occasion: Occasion) -> Desk:
    return Desk(session, office, municipality, occasion, Step(occasion_id=occasion.id, kind="plan", due=office.now))


def _move(session: Session, office: Office, municipality: Municipality, found: Occasion, wished: Occurrence) -> int:
    called = found.stamp is not None
    old = facts_of(municipality, found)
    found.day, found.starts, found.ends = wished.date, wished.start, wished.end
    found.moved_from = wished.moved_from or (old.starts.date() if old.starts.date() != wished.date else None)
    found.reason = wished.reason
    found.status = "convened" if called else "planned"
    _owe_steps(session, office, municipality, found)
    if not called:
        return 0
    found.sequence, found.stamp = found.sequence + 1, office.now
    return send_change(_desk(session, office, municipality, found), old)


def _call_off(session: Session, office: Office, municipality: Municipality, found: Occasion, reason: str) -> int:
    called = found.stamp is not None
    found.status, found.reason = "cancelled", reason
    call_off(session, found, office.now, reason)
    if not called or found.key not in municipality.bodies:
        return 0
    found.sequence, found.stamp = found.sequence + 1, office.now
    return send_cancellation(_desk(session, office, municipality, found))
