"""Who is called to a meeting, and its facts as papers show them."""

from __future__ import annotations

from datetime import date

from governance.model.body import Body, Municipality
from governance.model.meeting import Attendee, MeetingFacts
from governance.papers.ics import Invitee
from governance.secretariat.office import ends_at, starts_at
from governance.store.tables import Occasion

CO_OPTED = ("standing-co-opted", "co-opted", "presenter")


def attendees(municipality: Municipality, body: Body, day: date) -> list[Attendee]:
    """Everyone with a seat in the body on the day, once each, the first seat giving the role."""
    found: dict[str, Attendee] = {}
    for seat in body.seats_on(day):
        for holder in seat.held_by:
            person = municipality.people.get(holder)
            if person is None or holder in found:
                continue
            organisation = municipality.organisation_name(seat.organisation or person.organisation)
            title = seat.title or person.title
            found[holder] = Attendee(holder, person.name, organisation, seat.role, title, person.email)
    return list(found.values())


def facts_of(municipality: Municipality, occasion: Occasion) -> MeetingFacts:
    """The facts table of a meeting. The config's seats on the meeting's day decide who is called."""
    body = municipality.bodies[occasion.key]
    called = attendees(municipality, body, occasion.day)
    by_role = {each.role: each.name for each in reversed(called)}
    return MeetingFacts(
        municipality=municipality.name,
        body=body.name,
        formality=body.formality,
        starts=starts_at(occasion, municipality),
        ends=ends_at(occasion, municipality),
        place=body.place,
        chair=by_role.get("chair", ""),
        secretary=by_role.get("secretary", "") or by_role.get("convener", ""),
        convened=tuple(each for each in called if each.role not in CO_OPTED),
        co_opted=tuple(each for each in called if each.role in CO_OPTED),
        contact_name=municipality.contact.name,
        contact_email=body.address or municipality.contact.email,
        contact_phone=municipality.contact.phone,
        moved_from=occasion.moved_from,
        reason=occasion.reason,
    )


def asked(municipality: Municipality, body: Body, day: date) -> list[Attendee]:
    """Those whose status is asked for: all but the secretary, who compiles it, and substitutes."""
    return [each for each in attendees(municipality, body, day) if each.role not in {"secretary", "substitute"}]


def keepers(municipality: Municipality, body: Body | None, day: date) -> list[str]:
    """The person ids that look after a body's papers: its secretary, else convener, else the coordination function."""
    if body is not None:
        for role in ("secretary", "convener", "chair"):
            holder = body.holder(role, day)
            if holder in municipality.people:
                return [holder]
    return [each for each in municipality.coordination_function if each in municipality.people]


def invitee(attendee: Attendee) -> Invitee:
    """An attendee as the calendar object names them (RFC 5545 3.2.16)."""
    if attendee.role == "chair":
        return Invitee(attendee.name, attendee.email, "CHAIR")
    optional = attendee.role in CO_OPTED or attendee.role == "substitute"
    return Invitee(attendee.name, attendee.email, "OPT-PARTICIPANT" if optional else "REQ-PARTICIPANT")
