"""Questions about what was made and what leaves: papers and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, undefer

from governance.store.tables import (
    Dispatch,
    Moment,
    Occasion,
    Paper,
)

_OUTBOX = Dispatch.__table__
# Asked at every moment of a walk, and therefore built once.
_QUEUED = (
    select(_OUTBOX.c.id, _OUTBOX.c.name, _OUTBOX.c.data)
    .where(
        _OUTBOX.c.municipality == bindparam("municipality"),
        _OUTBOX.c.state == "queued",
        _OUTBOX.c.retry <= bindparam("now", type_=Moment),
    )
    .order_by(_OUTBOX.c.id)
    .limit(bindparam("most"))
)


_LATEST = (
    select(Paper)
    .where(Paper.occasion_id == bindparam("occasion"), Paper.kind == bindparam("kind"))
    .order_by(Paper.version.desc())
    .limit(1)
)
_LATEST_VERSION = _LATEST.with_only_columns(Paper.version)


def latest_paper(session: Session, occasion_id: int, kind: str) -> Paper | None:
    """The newest version of an occasion's paper of a kind."""
    return session.scalar(_LATEST, {"occasion": occasion_id, "kind": kind})


def latest_version(session: Session, occasion_id: int, kind: str) -> int:
    """The number of the newest version of an occasion's paper of a kind, 0 where none is made."""
    return session.scalar(_LATEST_VERSION, {"occasion": occasion_id, "kind": kind}) or 0


def papers(session: Session, municipality: str) -> list[tuple[Paper, Occasion]]:
    """Every paper made, in the order they were made."""
    rows = session.execute(
        select(Paper, Occasion)
        .join(Occasion, Occasion.id == Paper.occasion_id)
        .where(Paper.municipality == municipality)
        .order_by(Paper.made, Paper.id)
    )
    return [(row[0], row[1]) for row in rows]


def paper_names(session: Session, municipality: str) -> list[tuple[int, str]]:
    """(id, name) of every paper, without its bytes."""
    rows = session.execute(select(Paper.id, Paper.name).filter_by(municipality=municipality).order_by(Paper.id))
    return [(row[0], row[1]) for row in rows]


def paper(session: Session, paper_id: int) -> Paper:
    """A paper whole. Raises NoResultFound where there is none."""
    return session.get_one(Paper, paper_id)


def papers_of_kind(session: Session, municipality: str, kind: str, after: date | None, until: date) -> list[Occasion]:
    """The occasions whose papers of a kind were made for days after one day up to another, once each."""
    question = (
        select(Occasion)
        .join(Paper, Paper.occasion_id == Occasion.id)
        .where(Paper.municipality == municipality, Paper.kind == kind, Occasion.day <= until)
        .distinct()
    )
    if after:
        question = question.where(Occasion.day > after)
    return list(session.scalars(question.order_by(Occasion.day)))


# The municipality is named with the occasion, for the index is on both: without it all mails ever made are read.
_ABOUT = and_(
    Dispatch.municipality == bindparam("municipality"),
    Dispatch.occasion_id == bindparam("occasion"),
)
_MESSAGES = select(Dispatch.key, Dispatch.person, Dispatch.message_id).where(_ABOUT).order_by(Dispatch.id)
_CALLS = (
    select(Dispatch.person, Dispatch.kind)
    .where(_ABOUT, Dispatch.kind.in_(("invitation", "change", "withdrawal")))
    .order_by(Dispatch.id)
)


def _about(occasion: Occasion) -> dict[str, object]:
    return {"municipality": occasion.municipality, "occasion": occasion.id}


def messages_of(session: Session, occasion: Occasion) -> list[tuple[str, str, str]]:
    """(key, person, Message-ID) of every mail about an occasion, the oldest first."""
    return [(row[0], row[1], row[2]) for row in session.execute(_MESSAGES, _about(occasion))]


def still_called(session: Session, occasion: Occasion) -> set[str]:
    """Everyone an invitation to the meeting has been made for and not taken back."""
    last = {row[0]: row[1] for row in session.execute(_CALLS, _about(occasion))}
    return {person for person, kind in last.items() if kind != "withdrawal"}


def withdrawals(session: Session, occasion: Occasion, person: str) -> int:
    """How many times an invitation was taken back from a person."""
    count = select(func.count(Dispatch.id)).where(_ABOUT).filter_by(person=person, kind="withdrawal")
    return session.scalar(count, _about(occasion)) or 0


def called_at(session: Session, occasion: Occasion, person: str) -> str:
    """The address a person was last called at."""
    addresses = select(Dispatch.address).where(_ABOUT, Dispatch.kind.in_(("invitation", "change")))
    newest = addresses.filter_by(person=person).order_by(Dispatch.id.desc()).limit(1)
    return session.scalar(newest, _about(occasion)) or ""


_PUT = insert(_OUTBOX)  # type: ignore[arg-type]  # a mapped class's table is a Table


def put_in_outbox(session: Session, **columns: object) -> None:
    """Stores a finished mail, a row of `Dispatch`; straight into the table, for nothing more is done with it here."""
    session.execute(_PUT, columns)


def queued(session: Session, municipality: str, now: datetime, limit: int) -> list[int]:
    """The outbox rows to deliver now, the oldest first."""
    return list(
        session.scalars(
            select(Dispatch.id)
            .filter_by(municipality=municipality, state="queued")
            .where(Dispatch.retry <= now)
            .order_by(Dispatch.id)
            .limit(limit)
        )
    )


def lease(session: Session, dispatch: int, now: datetime, until: datetime) -> Dispatch | None:
    """Takes a queued mail to be sent now, so that no other run sends it before `until`; None where it is taken."""
    taken = session.execute(
        update(Dispatch)
        .where(Dispatch.id == dispatch, Dispatch.state == "queued", Dispatch.retry <= now)
        .values(retry=until, attempts=Dispatch.attempts + 1)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    return session.get_one(Dispatch, dispatch, options=[undefer(Dispatch.data)])


_MARK_SENT = (
    update(_OUTBOX)  # type: ignore[arg-type]
    .where(_OUTBOX.c.id.in_(bindparam("ids", expanding=True)), _OUTBOX.c.state == "queued")
    .values(state="sent", sent=bindparam("now"), attempts=_OUTBOX.c.attempts + 1)
)


def mark_sent(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Marks what still is queued: another run may have laid the same files meanwhile. The number marked."""
    marked = session.execute(_MARK_SENT, {"ids": list(ids), "now": now})
    return int(marked.rowcount)  # type: ignore[attr-defined]


def queued_mails(asking: Connection, municipality: str, now: datetime, limit: int) -> list[tuple[int, str, bytes]]:
    """(id, file name, bytes) of the outbox rows to deliver now, the oldest first."""
    rows = asking.execute(_QUEUED, {"municipality": municipality, "now": now, "most": limit})
    return [(row[0], row[1], row[2]) for row in rows]
