"""Questions about agendas in the making, what is parked, and whether a body's mail is held back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from governance.store.desk_tables import AgendaEntry, DraftMode, MinutesField
from governance.store.tables import Item, MeetingRecord, Occasion, Paper

_ENTRIES_OF = (
    select(AgendaEntry)
    .where(AgendaEntry.occasion_id == bindparam("occasion"), AgendaEntry.proposed.is_(False))
    .order_by(AgendaEntry.position, AgendaEntry.id)
)


def entries_of(session: Session, occasion_id: int) -> list[AgendaEntry]:
    """A meeting's own agenda in order; empty where it is to be the body's standing one."""
    return list(session.scalars(_ENTRIES_OF, {"occasion": occasion_id}))


def on_the_desk(session: Session, meeting: Occasion) -> list[AgendaEntry]:
    """A meeting's own items and what was proposed for it, and all that its body has parked."""
    parked = and_(
        AgendaEntry.municipality == meeting.municipality,
        AgendaEntry.body == meeting.key,
        AgendaEntry.occasion_id.is_(None),
    )
    question = select(AgendaEntry).where(or_(AgendaEntry.occasion_id == meeting.id, parked))
    return list(session.scalars(question.order_by(AgendaEntry.position, AgendaEntry.id)))


def parked(session: Session, municipality: str, body: str) -> list[AgendaEntry]:
    """What a body has parked: what may be taken up at once first, then by the day it may be."""
    question = (
        select(AgendaEntry)
        .filter_by(municipality=municipality, body=body, occasion_id=None)
        .order_by(func.coalesce(AgendaEntry.not_before, date.min), AgendaEntry.id)
    )
    return list(session.scalars(question))


def entry(session: Session, municipality: str, body: str, entry_id: int) -> AgendaEntry | None:
    """An entry of a body, None where there is none or it is another's."""
    return session.scalar(select(AgendaEntry).filter_by(id=entry_id, municipality=municipality, body=body))


def last_position(session: Session, occasion_id: int) -> int:
    """The last place on a meeting's agenda, 0 where it has none of its own."""
    return session.scalar(select(func.max(AgendaEntry.position)).filter_by(occasion_id=occasion_id)) or 0


def how_far(session: Session, occasion_id: int) -> tuple[int, bool]:
    """(the newest version of the agenda, 0 where none is made; whether the minutes have begun to be written).

    They have begun also where the agenda was opened at the meeting and none was ever made.
    """
    version = select(func.max(Paper.version)).filter_by(occasion_id=occasion_id, kind="agenda").scalar_subquery()
    fields = select(MinutesField.id).filter_by(occasion_id=occasion_id).limit(1).scalar_subquery()
    record = select(MeetingRecord.id).filter_by(occasion_id=occasion_id).scalar_subquery()
    items = select(Item.id).filter_by(occasion_id=occasion_id).limit(1).scalar_subquery()
    row = session.execute(select(version, func.coalesce(fields, record), items)).one()
    return row[0] or 0, row[1] is not None or (not row[0] and row[2] is not None)


_DRAFT_MODE = select(DraftMode.id).where(
    DraftMode.municipality == bindparam("municipality"), DraftMode.body == bindparam("body")
)


def draft_mode(session: Session, municipality: str, body: str) -> bool:
    """Whether a body's mail is held back to be read first."""
    return session.scalar(_DRAFT_MODE, {"municipality": municipality, "body": body}) is not None
