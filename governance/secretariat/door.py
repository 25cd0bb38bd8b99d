"""Sessions of the pages: who is signed in, kept in the archive so that they can be ended from here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from governance.model.body import Municipality, SignIn
from governance.model.people import Person
from governance.secretariat import audit
from governance.secretariat.office import Office
from governance.store.door_tables import WebSession

IDLE = timedelta(hours=2)  # since the last page or autosave
LONGEST = timedelta(hours=12)  # since signing in
SLIDE = timedelta(minutes=5)  # how seldom `seen` is written


def hashed(secret: str) -> str:
    """What is stored of a token, a code or a session key."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open session: its row, the address that signed in and by what means."""

    id: int
    address: str
    means: str
    stale: bool  # `seen` should be written again
    issuer: str = ""  # oidc: who vouched for them


def admits(door: SignIn, means: str, issuer: str = "") -> bool:
    """Whether a municipality takes a session's means: its own door's, and no other issuer's word than its own's."""
    if means == "mail-link":
        return door.door == "mail-link" or door.mail_link
    return door.door == means and (means != "oidc" or door.issuer == issuer)


def persons(office: Office, address: str, means: str, issuer: str = "") -> tuple[tuple[Municipality, Person], ...]:
    """Where an address (in small letters) belongs to somebody, among the municipalities that take the means."""
    return tuple(
        (town, person)
        for town in office.municipalities
        if admits(town.sign_in, means, issuer)
        for person in town.people.values()
        if person.email.casefold() == address
    )


def begin_session(office: Office, address: str, means: str, issuer: str = "") -> str:
    """Opens a session for an address and returns its key, which is stored nowhere."""
    with office.archive.write() as session:
        return open_session(session, office, address, means, issuer)


def open_session(session: Session, office: Office, address: str, means: str, issuer: str = "") -> str:
    """The same in a transaction that has begun."""
    key = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            key_hash=hashed(key),
            address=address.casefold(),
            means=means,
            issuer=issuer,
            made=office.now,
            seen=office.now,
        )
    )
    return key


def signed_in(session: Session, key: str, now: datetime) -> SignedIn | None:
    """The session with this key; None where there is none, or it has ended or been idle too long."""
    row = session.execute(
        select(
            WebSession.id, WebSession.address, WebSession.means, WebSession.issuer, WebSession.made, WebSession.seen
        ).where(WebSession.key_hash == hashed(key), WebSession.ended.is_(None))
    ).first()
    if row is None or now - row.seen > IDLE or now - row.made > LONGEST:
        return None
    return SignedIn(row.id, row.address, row.means, now - row.seen > SLIDE, row.issuer)


def keep_open(office: Office, session_id: int) -> None:
    """Notes that somebody is still there."""
    with office.archive.write() as session:
        session.execute(update(WebSession).where(WebSession.id == session_id).values(seen=office.now))


def end_session(office: Office, signed: SignedIn, request: str = "") -> None:
    """Signs out here."""
    with office.archive.write() as session:
        session.execute(update(WebSession).where(WebSession.id == signed.id).values(ended=office.now))
        note_for(session, office, signed, "session.end", request)


def end_all(office: Office, signed: SignedIn, request: str = "") -> int:
    """Signs an address out everywhere; how many sessions were open."""
    with office.archive.write() as session:
        ended = session.execute(
            update(WebSession)
            .where(WebSession.address == signed.address, WebSession.ended.is_(None))
            .values(ended=office.now)
        )
        note_for(session, office, signed, "session.end-all", request)
        return int(ended.rowcount)  # type: ignore[attr-defined]


def note_for(session: Session, office: Office, signed: SignedIn, action: str, request: str) -> None:
    """Notes what somebody did at the door, in the log of each municipality they belong to."""
    for town, person in persons(office, signed.address, signed.means, signed.issuer):
        doer = audit.Doer(person.id, municipality=town.id, request=request, means=signed.means)
        audit.note(session, office, doer, action, signed.means)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of somebody's open sessions, as their own page shows it."""

    id: int
    means: str
    made: datetime
    seen: datetime


def open_sessions(session: Session, address: str, now: datetime) -> list[OpenSession]:
    """The sessions of an address that still hold, the newest first."""
    rows = session.execute(
        select(WebSession.id, WebSession.means, WebSession.made, WebSession.seen)
        .where(
            WebSession.address == address,
            WebSession.ended.is_(None),
            WebSession.made >= now - LONGEST,
            WebSession.seen >= now - IDLE,
        )
        .order_by(WebSession.made.desc(), WebSession.id.desc())
    )
    return [OpenSession(*row) for row in rows]
