"""Calls a meeting: one calendar object and one mail for each attendee; later the change or the cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.meeting import MeetingFacts
from governance.model.people import Person
from governance.papers import ics
from governance.papers.swedish import clock_range, moved_sentence
from governance.secretariat.members import attendees, facts_of, invitee
from governance.secretariat.office import Desk, Done, Office, ends_at, starts_at
from governance.secretariat.outbox import CalendarPart, domain_of, known, post, sender_of
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import paper_shelf
from governance.store.tables import Occasion


def send_invitations(office: Office, municipality: Municipality) -> list[Done]:
    """Sends every invitation that is due."""
    return take_due(office, municipality, "invitation", STEPS)


def calendar_meeting(municipality: Municipality, occasion: Occasion, stamp: datetime) -> ics.CalendarMeeting:
    """A stored meeting as a calendar object; a pure function of its stored version (calendar.md 1.3)."""
    body = municipality.bodies[occasion.key]
    name, email = sender_of(municipality, body)
    lines = [f"{body.name}, {municipality.name}.", "Dagordningen kommer i ett eget mejl före mötet."]
    if occasion.moved_from:
        lines.insert(1, f"{moved_sentence(occasion.moved_from, occasion.reason)}.")
    return ics.CalendarMeeting(
        uid=occasion.uid,
        sequence=occasion.sequence,
        stamp=occasion.stamp or stamp,
        starts=starts_at(occasion, municipality),
        ends=ends_at(occasion, municipality),
        summary=body.name,
        description="\n".join(lines),
        location=body.place,
        organizer_name=name,
        organizer_email=email,
        cancelled=occasion.status == "cancelled",
    )


def _invite(desk: Desk) -> Done:
    occasion = desk.occasion
    occasion.stamp = occasion.stamp or desk.now
    mails = _call(desk, "invitation", {"facts": facts_of(desk.municipality, occasion)})
    if occasion.status == "planned":
        occasion.status = "convened"
    return Done(
        "invitation",
        desk.municipality.id,
        subject_of(desk.municipality, occasion),
        f"{mails} kallade till {clock_range(occasion.starts, occasion.ends)}",
        mails=mails,
    )


STEPS: Mapping[str, Handler] = {"invitation": _invite}


def _call(desk: Desk, kind: str, context: dict[str, object]) -> int:
    called = attendees(desk.municipality, desk.body, desk.occasion.day)
    meeting = calendar_meeting(desk.municipality, desk.occasion, desk.now)
    everyone = [invitee(each) for each in called] if desk.body.attendee_list == "all" else []
    mails = 0
    for each, person in zip(called, known(desk.municipality, [each.id for each in called]), strict=True):
        data = ics.request(meeting, invitee(each), [other for other in everyone if other.email != each.email])
        part = CalendarPart(data, "REQUEST")
        mails += post(desk, kind, person, context, version=desk.occasion.sequence + 1, calendar=part)
    return mails


def send_change(desk: Desk, old: MeetingFacts) -> int:
    """Tells everyone of a new time or date, after the meeting's sequence was raised; the number of mails."""
    context: dict[str, object] = {
        "facts": facts_of(desk.municipality, desk.occasion),
        "old_starts": old.starts,
        "old_ends": old.ends,
        "old_place": old.place,
        "reason": desk.occasion.reason,
    }
    return _call(desk, "change", context)


def send_cancellation(desk: Desk) -> int:
    """Calls the meeting off with everyone who was ever called to it; the number of mails."""
    meeting = calendar_meeting(desk.municipality, desk.occasion, desk.now)
    by_id = {each.id: each for each in attendees(desk.municipality, desk.body, desk.occasion.day)}
    context = {"facts": facts_of(desk.municipality, desk.occasion), "reason": desk.occasion.reason}
    mails = 0
    for person in known(desk.municipality, sorted(paper_shelf.still_called(desk.session, desk.occasion))):
        to = invitee(by_id[person.id]) if person.id in by_id else ics.Invitee(person.name, person.email)
        part = CalendarPart(ics.cancel(meeting, to), "CANCEL")
        mails += post(desk, "cancellation", person, context, version=desk.occasion.sequence + 1, calendar=part)
    return mails


def changed_attendees(session: Session, municipality: Municipality, occasion: Occasion) -> tuple[list[str], list[str]]:
    """(who holds a seat and was not called, who was called and no longer holds one) for a meeting already called."""
    called = paper_shelf.still_called(session, occasion)
    seated = [each.id for each in attendees(municipality, municipality.bodies[occasion.key], occasion.day)]
    return [each for each in seated if each not in called], sorted(called - set(seated))


def send_attendee_changes(desk: Desk) -> int:
    """Calls those who have come to hold a seat, at the meeting's present sequence, and lets those who left one know.

    Nobody else hears of it: another request would ask them all to answer again (calendar.md 1.3).
    """
    joining, leaving = changed_attendees(desk.session, desk.municipality, desk.occasion)
    meeting = calendar_meeting(desk.municipality, desk.occasion, desk.now)
    seated = {each.id: each for each in attendees(desk.municipality, desk.body, desk.occasion.day)}
    everyone = [invitee(each) for each in seated.values()] if desk.body.attendee_list == "all" else []
    context: dict[str, object] = {"facts": facts_of(desk.municipality, desk.occasion)}
    version = desk.occasion.sequence + 1
    mails = 0
    for person in known(desk.municipality, joining):
        to = invitee(seated[person.id])
        part = CalendarPart(ics.request(meeting, to, [each for each in everyone if each.email != to.email]), "REQUEST")
        mails += post(desk, "invitation", person, context, version=version, mark=_again(desk, person), calendar=part)
    for left in leaving:
        person = _last_known(desk, left)
        part = CalendarPart(ics.cancel(meeting, ics.Invitee(person.name, person.email)), "CANCEL")
        mails += post(desk, "withdrawal", person, context, version=version, mark=_again(desk, person), calendar=part)
    return mails


def _again(desk: Desk, person: Person) -> str:
    """Tells a second invitation or withdrawal of the same person from the first."""
    before = paper_shelf.withdrawals(desk.session, desk.occasion, person.id)
    return f"-{before + 1}" if before else ""


def _last_known(desk: Desk, person: str) -> Person:
    """A person as the config has them, or by the address they were called at where it no longer does."""
    found = desk.municipality.people.get(person)
    address = paper_shelf.called_at(desk.session, desk.occasion, person)
    return found or Person(person, address, address, "")


def new_uid(office: Office, municipality: Municipality, body: str, slot: date) -> str:
    """The UID a meeting keeps for life."""
    return ics.meeting_uid(body, slot, office.installation, municipality.id, domain_of(municipality))
