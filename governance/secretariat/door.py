"""Sessions of the pages: who is signed in, kept in the archive so that they can be ended from here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

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


def begin_session(office: Office, address: str, means: str) -> str:
    """Opens a session for an address and returns its key, which is stored nowhere."""
    key = secrets.token_urlsafe(32)
    with office.archive.write() as session:
        session.add(
            WebSession(
                key_hash=hashed(key),
                address=address.casefold(),
                means=means,
                made=office.now,
                seen=office.now,
            )
        )
    return key


def signed_in(session: Session, key: str, now: datetime) -> SignedIn | None:
    """The session with this key; None where there is none, or it has ended or been idle too long."""
    row = session.execute(
        select(WebSession.id, WebSession.address, WebSession.means, WebSession.made, WebSession.seen).where(
            WebSession.key_hash == hashed(key), WebSession.ended.is_(None)
        )
    ).first()
    if row is None or now - row.seen > IDLE or now - row.made > LONGEST:
        return None
    return SignedIn(row.id, row.address, row.means, now - row.seen > SLIDE)


def keep_open(office: Office, session_id: int) -> None:
    """Notes that somebody is still there."""
    with office.archive.write() as session:
        session.execute(update(WebSession).where(WebSession.id == session_id).values(seen=office.now))


def end_session(office: Office, session_id: int) -> None:
    """Signs out here."""
    with office.archive.write() as session:
        session.execute(update(WebSession).where(WebSession.id == session_id).values(ended=office.now))


def end_all(office: Office, address: str) -> int:
    """Signs an address out everywhere; how many sessions were open."""
    with office.archive.write() as session:
        ended = session.execute(
            update(WebSession).where(WebSession.address == address, WebSession.ended.is_(None)).values(ended=office.now)
        )
        return int(ended.rowcount)  # type: ignore[attr-defined]
