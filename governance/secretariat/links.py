"""Signed links: one page for one person and one meeting, without signing in (status answers; never an approval).

A token is made from the installation's secret and what it is for, so that a step done twice writes the same mail; the
archive keeps only its SHA-256. It is good until two weeks after the meeting, as long as its person has the seat.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from hmac import digest

from sqlalchemy.orm import Session

from governance.model.body import Body, Municipality
from governance.model.people import Person
from governance.secretariat import audit
from governance.secretariat.members import asked
from governance.secretariat.office import Office
from governance.secretariat.secret import secret_of
from governance.store import status_book
from governance.store.door_tables import SignedLink
from governance.store.tables import Occasion

STATUS = "status"
LASTING = timedelta(days=14)  # after the meeting; people reopen their mail
OFF = ("cancelled", "not-held")


class DeadLink(Exception):
    """A link that leads nowhere; the message says why, in Swedish, to whoever opened it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a link leads."""

    municipality: Municipality
    body: Body
    meeting: Occasion
    person: Person


def base_of(municipality: Municipality) -> str:
    """The address of the pages: the config's `base_url`, else $KADENS_BASE_URL, else "": then no mail has links."""
    return municipality.base_url or os.environ.get("KADENS_BASE_URL", "").rstrip("/")


def token_for(office: Office, meeting: Occasion, person: str) -> str:
    """The token of a person's link to answer before a meeting."""
    secret = office.pristine.setdefault("secret", None) or secret_of(office.folder)
    office.pristine["secret"] = secret
    assert isinstance(secret, bytes)
    about = f"{STATUS}|{meeting.municipality}|{meeting.key}|{meeting.slot}|{person}"
    return urlsafe_b64encode(digest(secret, about.encode(), "sha256")).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()


def open_until(meeting: Occasion, municipality: Municipality) -> datetime:
    """Until when an answer before a meeting can be given and changed: the end of the fourteenth day after it."""
    return datetime.combine(meeting.day + LASTING + timedelta(days=1), time(), municipality.timezone)


def answer_url(session: Session, office: Office, municipality: Municipality, meeting: Occasion, person: str) -> str:
    """The address where a person answers, its link stored; "" where there are no pages, or the link is revoked."""
    base = base_of(municipality)
    if not base:
        return ""
    links = _links(session, meeting)
    token = token_for(office, meeting, person)
    link = links.get(person)
    if link is None:
        link = links[person] = SignedLink(
            purpose=STATUS,
            municipality=municipality.id,
            occasion_id=meeting.id,
            person=person,
            token_hash=hashed(token),
            made=office.now,
            expires=open_until(meeting, municipality),
        )
        session.add(link)
    link.token_hash = hashed(token)  # another than before where the secret was changed
    return "" if link.revoked else f"{base}/svar/{token}"


def _links(session: Session, meeting: Occasion) -> dict[str, SignedLink]:
    """The meeting's links, read once for all mails of a step."""
    known = ("status links", meeting.id)
    if known not in session.info:
        session.info[known] = status_book.links_of(session, STATUS, meeting.id)
    found: dict[str, SignedLink] = session.info[known]
    return found


def follow(session: Session, office: Office, token: str) -> Followed:
    """Where a token leads. Raises DeadLink for one that is unknown, revoked, too old, or whose person left the body."""
    found = status_book.link_by_hash(session, STATUS, hashed(token))
    if found is None:
        raise DeadLink("Vi känner inte igen länken. Kanske kom inte hela adressen med när den kopierades.")
    link, meeting = found
    municipality = next((each for each in office.municipalities if each.id == link.municipality), None)
    body = municipality.bodies.get(meeting.key) if municipality else None
    if link.revoked or municipality is None or body is None:
        raise DeadLink("Länken har återkallats.")
    if meeting.status in OFF:
        raise DeadLink("Mötet som länken gäller blir inte av, så inget svar behövs.")
    # A meeting that was moved forward takes its link along; what was once promised stays.
    if office.now >= max(link.expires, open_until(meeting, municipality)):
        raise DeadLink("Det har gått mer än två veckor sedan mötet, så det går inte längre att svara.")
    if link.person not in {each.id for each in asked(municipality, body, meeting.day)}:
        raise DeadLink(f"Länken hörde till en plats i {body.name} som inte längre är din.")
    return Followed(municipality, body, meeting, municipality.people[link.person])


def revoke(office: Office, doer: audit.Doer, meeting_id: int, person: str, *, again: bool = False) -> None:
    """Makes a person's link to a meeting lead nowhere, or with `again` lets it be good once more.

    Raises ValueError, in Swedish, where there is no such link.
    """
    with office.archive.write() as session:
        link = status_book.links_of(session, STATUS, meeting_id).get(person)
        if link is None:
            raise ValueError("Personen har ingen svarslänk till mötet.")
        if (link.revoked is None) == again:
            return
        link.revoked = None if again else office.now
        meeting = session.get_one(Occasion, meeting_id)
        verb = "link.restore" if again else "link.revoke"
        audit.note(session, office, doer, verb, f"{meeting.key} {meeting.slot} {person}")
