"""A meeting's states, its facts as a paper shows them, and who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from governance.model.body import Formality

MeetingStatus = Literal["planned", "convened", "held", "closed", "cancelled", "not-held"]
Presence = Literal["present", "excused", "absent"]


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person called to a meeting, by name, as a paper shows it; `role` is the seat's."""

    id: str
    name: str
    organisation: str
    role: str
    title: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether somebody came, and from when to when if not for the whole meeting."""

    attendee: Attendee
    presence: Presence
    arrived: time | None = None
    left: time | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The facts table that opens every paper of a meeting. Times are local and carry their zone."""

    municipality: str
    body: str
    formality: Formality
    starts: datetime
    ends: datetime
    place: str = ""
    chair: str = ""
    secretary: str = ""
    convened: tuple[Attendee, ...] = ()  # members and substitutes
    co_opted: tuple[Attendee, ...] = ()
    case_number: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    moved_from: date | None = None
    reason: str = ""
