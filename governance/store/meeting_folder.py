"""All that a meeting's own page shows, in few questions; and a meeting's mails and papers by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Integer, Select, String, Text, Time, and_, cast, exists, func, literal, null, or_, select
from sqlalchemy.orm import Session, undefer

from governance.store.desk_tables import DraftMode
from governance.store.tables import (
    LIVE,
    Action,
    AttendanceRow,
    DecisionRow,
    Dispatch,
    Item,
    MeetingRecord,
    Moment,
    Occasion,
    Paper,
    StatusRequest,
    Step,
)

# The mails that carry minutes, the telling ones first in the alphabet too: `min` finds them.
_MINUTES_MAILS = ("approved", "minutes", "missing_record")


@dataclass(frozen=True, slots=True)
class Folder:
    """A meeting's steps, its record, its neighbours (slot, day), and whether its mail is held back."""

    steps: tuple[Step, ...]
    record: MeetingRecord | None
    before: tuple[date, date] | None
    after: tuple[date, date] | None
    draft_mode: bool
    held: int  # mails


def folder(session: Session, meeting: Occasion) -> Folder:
    """The meeting as it stands, in one question."""
    live = select(Occasion.slot, Occasion.day).where(
        Occasion.municipality == meeting.municipality,
        Occasion.kind == "meeting",
        Occasion.key == meeting.key,
        Occasion.status.in_(LIVE),
    )
    before = live.where(Occasion.day < meeting.day).order_by(Occasion.day.desc()).limit(1)
    after = live.where(Occasion.day > meeting.day).order_by(Occasion.day).limit(1)
    mode = select(DraftMode.id).filter_by(municipality=meeting.municipality, body=meeting.key)
    held = select(func.count(Dispatch.id)).where(
        Dispatch.municipality == meeting.municipality, Dispatch.occasion_id == meeting.id, Dispatch.state == "held"
    )
    this = Occasion.__table__.alias("this")
    rows = session.execute(
        select(
            Step,
            MeetingRecord,
            *(each.with_only_columns(column).scalar_subquery() for each in (before, after) for column in _WHEN),
            mode.scalar_subquery(),
            held.scalar_subquery(),
        )
        .select_from(this)
        .outerjoin(Step, Step.occasion_id == this.c.id)
        .outerjoin(MeetingRecord, MeetingRecord.occasion_id == this.c.id)
        .where(this.c.id == meeting.id)
        .order_by(Step.due, Step.id)
    ).all()
    first = rows[0]
    return Folder(
        steps=tuple(row[0] for row in rows if row[0] is not None),
        record=first[1],
        before=(first[2], first[3]) if first[2] else None,
        after=(first[4], first[5]) if first[4] else None,
        draft_mode=first[6] is not None,
        held=first[7],
    )


_WHEN = (Occasion.slot, Occasion.day)


def outcome(session: Session, meeting: Occasion) -> list[tuple[Item, DecisionRow | None, Action | None]]:
    """Every item with each of its decisions and each of its actions, in order; a row for every pair of them."""
    rows = session.execute(
        select(Item, DecisionRow, Action)
        .outerjoin(DecisionRow, DecisionRow.item_id == Item.id)
        .outerjoin(Action, Action.item_id == Item.id)
        .where(Item.occasion_id == meeting.id)
        .order_by(Item.number, DecisionRow.position, Action.sequence)
    )
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper without its bytes; `mailed` is the kind of mail that carried it, for minutes."""

    id: int
    kind: str
    title: str
    version: int
    made: datetime
    mailed: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked for their status."""

    person: str
    answered: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody on the list of attendance."""

    person: str
    presence: str
    arrived: time | None
    left: time | None


def sheets_and_people(session: Session, meeting: Occasion) -> tuple[list[Sheet], list[Asked], list[Came]]:
    """The meeting's papers, who was asked before it, and who came, in one question."""
    no_time, no_moment = cast(null(), Time), cast(null(), Moment)
    papers = _sheets(meeting).add_columns(no_time, no_time)
    requests = select(
        literal("request"),
        StatusRequest.id,
        StatusRequest.person,
        cast(literal(""), Text),
        cast(StatusRequest.late, Integer),
        StatusRequest.answered,
        cast(literal(""), Text),
        no_time,
        no_time,
    ).where(StatusRequest.occasion_id == meeting.id)
    came = select(
        literal("came"),
        AttendanceRow.id,
        AttendanceRow.person,
        AttendanceRow.presence,
        literal(0),
        no_moment,
        cast(literal(""), Text),
        AttendanceRow.arrived,
        AttendanceRow.left,
    ).where(AttendanceRow.occasion_id == meeting.id)
    rows = sorted(session.execute(papers.union_all(requests, came)).all(), key=lambda row: (row[0], row[1]))
    return (
        [_sheet(row) for row in rows if row[0] == "paper"],
        [Asked(row[2], row[5], bool(row[4])) for row in rows if row[0] == "request"],
        [Came(row[2], row[3], row[7], row[8]) for row in rows if row[0] == "came"],
    )


def _sheets(meeting: Occasion) -> Select[Any]:
    mailed = (
        select(func.min(Dispatch.kind))
        .where(
            Dispatch.municipality == meeting.municipality,
            Dispatch.occasion_id == Paper.occasion_id,
            Dispatch.kind.in_(_MINUTES_MAILS),
            Dispatch.key.like(literal("%/") + Dispatch.kind + "/" + cast(Paper.version, String) + "/%"),
        )
        .scalar_subquery()
    )
    columns = (Paper.id, Paper.kind, Paper.title, Paper.version, Paper.made, func.coalesce(mailed, ""))
    return select(literal("paper"), *columns).where(Paper.occasion_id == meeting.id)


def _sheet(row: Sequence[object]) -> Sheet:
    return Sheet(*row[1:7])  # type: ignore[arg-type]


def sheet(session: Session, meeting: Occasion, paper_id: int) -> Sheet | None:
    """One of the meeting's papers, None where there is none with that id."""
    row = session.execute(_sheets(meeting).where(Paper.id == paper_id)).first()
    return _sheet(row) if row else None


def secrets_near(session: Session, meeting: Occasion) -> bool:
    """Whether the meeting's papers can tell of secret items.

    Its own, those of the meeting before it, and those whose actions were still open then: an agenda tells of all three.
    """
    earlier = select(func.max(Occasion.day)).where(
        Occasion.municipality == meeting.municipality,
        Occasion.kind == "meeting",
        Occasion.key == meeting.key,
        Occasion.status.in_(LIVE),
        Occasion.day < meeting.day,
    )
    first = func.coalesce(earlier.scalar_subquery(), meeting.day)
    carried = exists().where(Action.item_id == Item.id, or_(Action.closed.is_(None), Action.closed >= first))
    secret = (
        select(Item.id)
        .join(Occasion, Occasion.id == Item.occasion_id)
        .where(
            Occasion.municipality == meeting.municipality,
            Occasion.key == meeting.key,
            Item.confidentiality == "secret",
            Occasion.day <= meeting.day,
            or_(Occasion.day >= first, carried),
        )
        .limit(1)
    )
    return session.scalar(secret) is not None


# --- mails -------------------------------------------------------------------------------------------------------


def mails(session: Session, meeting: Occasion) -> list[Dispatch]:
    """Every mail about a meeting, the newest first, without its bytes."""
    about = and_(Dispatch.municipality == meeting.municipality, Dispatch.occasion_id == meeting.id)
    return list(session.scalars(select(Dispatch).where(about).order_by(Dispatch.id.desc())))


def mail(session: Session, meeting: Occasion, mail_id: int, *, whole: bool = False) -> Dispatch | None:
    """A mail about the meeting, with its bytes where `whole`; None where there is none with that id."""
    question = select(Dispatch).filter_by(id=mail_id, municipality=meeting.municipality, occasion_id=meeting.id)
    return session.scalar(question.options(undefer(Dispatch.data)) if whole else question)


def made_since(session: Session, meeting: Occasion, last: int) -> list[Dispatch]:
    """The mails about a meeting that came after one, with their bytes, in order."""
    about = and_(Dispatch.municipality == meeting.municipality, Dispatch.occasion_id == meeting.id, Dispatch.id > last)
    return list(session.scalars(select(Dispatch).where(about).order_by(Dispatch.id).options(undefer(Dispatch.data))))
