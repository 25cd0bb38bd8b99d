"""The log of what was done through the pages: append-only, each row chained to the one before by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256

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


def _link(row: AuditEntry) -> str:
    told = (
        row.at.astimezone(UTC).isoformat(),
        row.municipality,
        row.person,
        row.role,
        row.body,
        row.action,
        row.object,
    )
    chained = "\x1f".join((row.previous, *told, row.before, row.after, row.request))
    return sha256(chained.encode()).hexdigest()


def broken_at(session: Session) -> int | None:
    """The id of the first row that does not follow from the one before it; None where the chain is whole."""
    previous = BEGINNING
    for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if row.previous != previous or row.hash != _link(row):
            return row.id
        previous = row.hash
    return None
