"""Questions about the minutes being written: their fields, every text ever written in them, and what stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from governance.store.desk_tables import MinutesField, MinutesRevision
from governance.store.tables import Action, DecisionRow, Item, MeetingRecord, Occasion, Paper

_FIELDS = select(MinutesField).where(MinutesField.occasion_id == bindparam("occasion")).order_by(MinutesField.id)
_FIELD = _FIELDS.where(MinutesField.name == bindparam("name"))


def fields_of(session: Session, occasion_id: int) -> dict[str, MinutesField]:
    """Every field of a meeting's minutes as last saved, by name."""
    return {row.name: row for row in session.scalars(_FIELDS, {"occasion": occasion_id})}


def field_of(session: Session, occasion_id: int, name: str) -> MinutesField | None:
    """One field, None where nothing was ever written in it."""
    return session.scalar(_FIELD, {"occasion": occasion_id, "name": name})


def revisions_of(session: Session, occasion_id: int, name: str = "") -> list[tuple[str, MinutesRevision]]:
    """Every text ever written in a meeting's minutes, or in one field of them: (field's name, text), oldest first."""
    question = (
        select(MinutesField.name, MinutesRevision)
        .join(MinutesField, MinutesField.id == MinutesRevision.field_id)
        .where(MinutesField.occasion_id == occasion_id)
        .order_by(MinutesRevision.id)
    )
    if name:
        question = question.where(MinutesField.name == name)
    return [(row[0], row[1]) for row in session.execute(question)]


def text_in(session: Session, occasion_id: int, name: str, version: int) -> str:
    """What a field said in a version; "" in version 0, before anybody wrote."""
    found = session.scalar(
        select(MinutesRevision.text)
        .join(MinutesField, MinutesField.id == MinutesRevision.field_id)
        .where(
            MinutesField.occasion_id == occasion_id,
            MinutesField.name == name,
            MinutesRevision.version == version,
            MinutesRevision.refused.is_(False),
        )
    )
    return found or ""


def items_with_referrals(session: Session, occasion_id: int) -> tuple[list[Item], list[DecisionRow]]:
    """A meeting's items in order, and the decisions of other bodies that its agenda took up; one question."""
    taken_up = and_(DecisionRow.taken_up_id == Item.occasion_id, Item.number == 1)  # once, beside the first item
    rows = session.execute(
        select(Item, DecisionRow)
        .outerjoin(DecisionRow, taken_up)
        .where(Item.occasion_id == occasion_id)
        .order_by(Item.number, DecisionRow.decided, DecisionRow.id)
    ).all()
    return list(dict.fromkeys(row[0] for row in rows)), [row[1] for row in rows if row[1] is not None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a meeting's minutes stand beside: its record's state, its agenda as sent, the next meeting's day."""

    recorded: bool
    approved_on: date | None
    agenda: str  # HTML, "" where none was made
    next_day: date | None


def beside(session: Session, meeting: Occasion) -> Beside:
    """Whether the meeting is recorded and approved, and its newest agenda; one question."""
    later = (
        select(func.min(Occasion.day))
        .where(
            Occasion.municipality == meeting.municipality,
            Occasion.kind == "meeting",
            Occasion.key == meeting.key,
            Occasion.day > meeting.day,
            Occasion.status.in_(("planned", "convened")),
        )
        .scalar_subquery()
    )
    row = session.execute(
        select(MeetingRecord.id, MeetingRecord.approved_on, Paper.html, later)
        .select_from(Occasion)
        .outerjoin(MeetingRecord, MeetingRecord.occasion_id == Occasion.id)
        .outerjoin(Paper, and_(Paper.occasion_id == Occasion.id, Paper.kind == "agenda"))
        .where(Occasion.id == meeting.id)
        .order_by(Paper.version.desc())
        .limit(1)
    ).one()
    return Beside(row[0] is not None, row[1], row[2] or "", row[3])


def actions_at(session: Session, meeting: Occasion, named: Sequence[str]) -> list[tuple[Action, str]]:
    """The body's actions that a meeting may settle, with the secrecy of the item that made each.

    Those open that it did not make itself, and those of the numbers `named`, which it has written of already.
    """
    open_still = and_(
        Action.body == meeting.key, Action.status.not_in(("done", "dropped")), Action.occasion_id != meeting.id
    )
    rows = session.execute(
        select(Action, Item.confidentiality)
        .outerjoin(Item, Item.id == Action.item_id)
        .where(
            Action.municipality == meeting.municipality,
            Action.body == meeting.key,
            open_still | Action.number.in_(named) if named else open_still,
        )
        .order_by(Action.due.is_(None), Action.due, Action.year, Action.sequence)
    )
    return [(row[0], row[1] or "public") for row in rows]
