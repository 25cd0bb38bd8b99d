"""The log of what was done through the pages: append-only, each row chained to the one before by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.secretariat.office import Office
from governance.store.door_tables import AuditEntry

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something, in which role, in which request. Empty names mean nobody known."""

    person: str = ""
    role: str = ""
    municipality: str = ""
    body: str = ""
    request: str = ""
    means: str = ""  # how they signed in


def fingerprint(text: str) -> str:
    """What the log keeps of a text: enough to see that it was another, nothing of what it said."""
    return sha256(text.encode()).hexdigest() if text else ""


def note(
    session: Session, office: Office, doer: Doer, action: str, thing: str = "", before: str = "", after: str = ""
) -> None:
    """Writes down that `doer` did `action` to `thing`; `before` and `after` are texts, kept only as fingerprints.

    In the transaction of what is done, so that nothing is done unnoted.
    """
    previous = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or BEGINNING
    row = AuditEntry(
        at=office.now,
        municipality=doer.municipality,
        person=doer.person,
        role=doer.role,
        body=doer.body,
        action=action,
        object=thing[:200],
        before=fingerprint(before),
        after=fingerprint(after),
        request=doer.request,
        previous=previous,
        hash="",
    )
    row.hash = _link(row)
    session.add(row)
    session.flush()


# What a row's hash is of, beside the hash before it.
_TOLD = ("at", "municipality", "person", "role", "body", "action", "object", "before", "after", "request")


def _link(row: Any) -> str:
    told = row.at.astimezone(UTC).isoformat(), *(getattr(row, name) for name in _TOLD[1:])
    return sha256("\x1f".join((row.previous, *told)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that was done, as the log's page shows it."""

    at: datetime
    person: str
    role: str
    body: str
    action: str
    thing: str


def latest(session: Session, municipality: str, most: int) -> list[Noted]:
    """What was done last in a municipality, the newest first."""
    row = AuditEntry
    found = session.execute(
        select(row.at, row.person, row.role, row.body, row.action, row.object)
        .where(row.municipality == municipality)
        .order_by(row.at.desc(), row.id.desc())
        .limit(most)
    )
    return [Noted(*each) for each in found]


def broken_at(session: Session) -> int | None:
    """The id of the first row that does not follow from the one before it; None where the chain is whole."""
    columns = [*(getattr(AuditEntry, name) for name in _TOLD), AuditEntry.id, AuditEntry.previous, AuditEntry.hash]
    previous = BEGINNING
    for row in session.execute(select(*columns).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if row.previous != previous or row.hash != _link(row):
            return int(row.id)
        previous = row.hash
    return None
