"""Calendar objects: invitation, change, cancellation (iTIP, RFC 5546) and a feed of many meetings (RFC 5545).

One VEVENT with one UID for each meeting, never a series: Outlook reads few recurrence rules and Nextcloud's
exceptions still fail in Outlook (nextcloud/calendar#4727). Times are wall time in Europe/Stockholm.
Every function gives the same bytes for the same arguments, so an invitation sent again changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Event, vText

from governance.papers.address import checked_address

ZONE = "Europe/Stockholm"

# A rule in place of icalendar's list of dates: ical.js and Outlook read only the first date of such a list
# and then put every summer meeting one hour late (MS-STANOICAL 2.2.47).
EUROPE_STOCKHOLM = b"""\
BEGIN:VTIMEZONE\r
TZID:Europe/Stockholm\r
BEGIN:DAYLIGHT\r
DTSTART:19810329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:CEST\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:CET\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
END:VTIMEZONE\r
"""

_OPENING = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//kadens//kadens//SV\r\nMETHOD:%s\r\n"
_CLOSING = b"END:VCALENDAR\r\n"
_END_EVENT = b"END:VEVENT\r\n"

InviteeRole = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]
_Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED", ""]


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    """One version of a meeting. `uid` never changes; `sequence` rises with each change of time, place or state.

    `stamp` is the moment this version was made, in UTC: the same for all recipients and when sent again.
    `starts` and `ends` carry the zone Europe/Stockholm.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    summary: str
    description: str
    location: str
    organizer_name: str
    organizer_email: str
    cancelled: bool = False
    tentative: bool = False

    def __post_init__(self) -> None:
        for moment in (self.starts, self.ends):
            if not isinstance(moment.tzinfo, ZoneInfo) or moment.tzinfo.key != ZONE:
                raise ValueError(f"Mötestider anges i tidszonen {ZONE}, inte {moment.tzinfo}.")
        if self.ends <= self.starts:
            raise ValueError(f"Mötet slutar {self.ends:%Y-%m-%d %H.%M}, innan det börjar.")
        if self.stamp.tzinfo is None:
            raise ValueError("Versionens tidpunkt saknar tidszon.")
        if self.sequence < 0:
            raise ValueError(f"Versionsnumret är {self.sequence}, men det räknas från 0.")


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody called to the meeting; those co-opted are OPT-PARTICIPANT."""

    name: str
    email: str
    role: InviteeRole = "REQ-PARTICIPANT"


def request(meeting: CalendarMeeting, recipient: Invitee, others: Sequence[Invitee] = ()) -> bytes:
    """The invitation, or the changed one, for one recipient; `others` are listed where members see each other.

    Raises ValueError for a cancelled meeting (use `cancel`) and for an address that cannot be written to.
    """
    if meeting.cancelled:
        raise ValueError("Ett inställt möte går inte att kalla till.")
    lines = [_attendee(person, awaited=True) for person in _each_once(recipient, others)]
    return _object(b"REQUEST", meeting, "TENTATIVE" if meeting.tentative else "CONFIRMED", lines)


def cancel(meeting: CalendarMeeting, recipient: Invitee, others: Sequence[Invitee] = ()) -> bytes:
    """What takes the meeting out of the recipient's calendar.

    Where the meeting itself stands (`cancelled` is False) the recipient alone is called off, and nothing says
    that the meeting is cancelled (RFC 5546 3.2.5; nextcloud/server#43802).
    """
    lines = [_attendee(person, awaited=False) for person in _each_once(recipient, others)]
    return _object(b"CANCEL", meeting, "CANCELLED" if meeting.cancelled else "", lines)


def publish(
    meetings: Iterable[CalendarMeeting],
    name: str,
    *,
    source: str = "",
    color: str = "",
    refresh_hours: int = 6,
) -> bytes:
    """A calendar of many meetings to read or subscribe to; nobody is listed, so no client asks for an answer.

    `source` is the address the feed is read from, `color` a CSS colour name (RFC 7986). Meetings stand in
    order of time, then UID, whatever order they are given in.
    """
    text = _escaped(name)
    lines = [f"NAME:{text}", f"X-WR-CALNAME:{text}", f"X-WR-TIMEZONE:{ZONE}"]
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H", f"X-PUBLISHED-TTL:PT{refresh_hours}H"]
    if color:
        lines.append(f"COLOR:{_escaped(color)}")
    if source:
        lines.append(f"SOURCE;VALUE=URI:{_one_line(source)}")
    parts = [_OPENING % b"PUBLISH", *map(_folded, lines), EUROPE_STOCKHOLM]
    for meeting in sorted(meetings, key=lambda each: (each.starts, each.uid)):
        status: _Status = "CANCELLED" if meeting.cancelled else "TENTATIVE" if meeting.tentative else "CONFIRMED"
        parts += [_event(meeting, status), _END_EVENT]
    return b"".join([*parts, _CLOSING])


def meeting_uid(body: str, slot: date, installation: str, municipality: str, domain: str) -> str:
    """The meeting's identity: from its body and the date its rhythm wished for, not the date it is held.

    `installation` is drawn once for each database, so that two trials never write to the same calendar entry.
    """
    named = f"{installation}\x1f{municipality}\x1f{body}\x1f{slot.isoformat()}"
    digest = blake2b(named.encode(), digest_size=8).hexdigest()
    plain = unicodedata.normalize("NFKD", body).encode("ascii", "ignore").decode()
    label = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60]
    return f"{label}-{slot.isoformat()}-{digest}@{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    ascii_domain = domain.encode("idna").decode("ascii")
    checked_address(f"mote@{ascii_domain}")
    return ascii_domain


def _object(method: bytes, meeting: CalendarMeeting, status: _Status, attendees: list[bytes]) -> bytes:
    """One calendar object: one method and exactly one VEVENT, with its time zone (RFC 6047)."""
    return b"".join([_OPENING % method, EUROPE_STOCKHOLM, _event(meeting, status), *attendees, _END_EVENT, _CLOSING])


class _PlainText(vText):
    r"""Text as RFC 5545 3.3.11 escapes it; icalendar 7.3 turns `\N` (`C:\Nytt`) into a line break."""

    def to_ical(self) -> bytes:
        return _escaped(str(self)).encode()


@lru_cache(maxsize=2048)
def _event(meeting: CalendarMeeting, status: _Status) -> bytes:
    """The VEVENT up to its attendees, which differ between recipients and are spliced in after it."""
    summary = f"Inställt: {meeting.summary}" if status == "CANCELLED" else meeting.summary
    event = Event.new(
        uid=meeting.uid,
        stamp=meeting.stamp.astimezone(UTC).replace(microsecond=0),
        start=meeting.starts.replace(microsecond=0),
        end=meeting.ends.replace(microsecond=0),
        sequence=meeting.sequence,
    )
    if status:
        event.add("status", status)
    event.add("summary", _PlainText(summary))
    if meeting.description:
        event.add("description", _PlainText(meeting.description))
    if meeting.location:
        event.add("location", _PlainText(meeting.location))
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    busy = {"CANCELLED": "FREE", "TENTATIVE": "TENTATIVE"}.get(status, "BUSY")
    event.add("x-microsoft-cdo-busystatus", busy)
    organizer = f"ORGANIZER;CN={_parameter(meeting.organizer_name)}:mailto:{checked_address(meeting.organizer_email)}"
    octets: bytes = event.to_ical()
    return octets.removesuffix(_END_EVENT) + _folded(organizer)


def _each_once(recipient: Invitee, others: Sequence[Invitee]) -> list[Invitee]:
    """The recipient first, then the others; addresses differing in case alone are one person's."""
    by_address = {recipient.email.casefold(): recipient}
    for person in others:
        by_address.setdefault(person.email.casefold(), person)
    return list(by_address.values())


@lru_cache(maxsize=4096)
def _attendee(person: Invitee, *, awaited: bool) -> bytes:
    """The line of one person; `awaited` asks for an answer."""
    answer = ";PARTSTAT=NEEDS-ACTION" if awaited else ""
    rsvp = ";RSVP=TRUE" if awaited else ""
    return _folded(
        f"ATTENDEE;CN={_parameter(person.name)};CUTYPE=INDIVIDUAL{answer};ROLE={person.role}{rsvp}"
        f":mailto:{checked_address(person.email)}"
    )


def _parameter(text: str) -> str:
    """A quoted parameter value; quotes and carets written the way of RFC 6868."""
    return '"' + _one_line(text).replace("^", "^^").replace('"', "^'") + '"'


def _one_line(text: str) -> str:
    return " ".join("".join(" " if _is_control(c) else c for c in text).split())


def _escaped(text: str) -> str:
    r"""A TEXT value (RFC 5545 3.3.11): `\ ; ,` and line breaks escaped, control characters left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(c for c in lines if c in "\n\t" or not _is_control(c))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char < "\xa0"


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, never parting the octets of a letter (RFC 5545 3.1)."""
    octets = line.encode("utf-8", "replace")
    pieces: list[bytes] = []
    limit = 75
    while len(octets) > limit:
        cut = limit
        while octets[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(octets[:cut])
        octets = octets[cut:]
        limit = 74
    return b"\r\n ".join([*pieces, octets]) + b"\r\n"
