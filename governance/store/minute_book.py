"""Questions about what meetings did: items, records, attendance, decisions and actions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from governance.store.tables import (
    LIVE,
    Action,
    ActionEvent,
    Arrival,
    AttendanceRow,
    DecisionRow,
    Item,
    MeetingRecord,
    Occasion,
)

CLOSED = ("done", "dropped")


def items_of(session: Session, occasion_id: int) -> list[Item]:
    """The opened agenda's items in order."""
    return list(session.scalars(select(Item).filter_by(occasion_id=occasion_id).order_by(Item.number)))


def secret_items(session: Session, municipality: str) -> frozenset[int]:
    """The ids of every item that is marked secret: who was not called is not to read of it."""
    return frozenset(
        session.scalars(
            select(Item.id)
            .join(Occasion, Occasion.id == Item.occasion_id)
            .where(Occasion.municipality == municipality, Item.confidentiality == "secret")
        )
    )


def record_of(session: Session, occasion_id: int) -> MeetingRecord | None:
    """What was recorded of a meeting, None until it has been."""
    return session.scalar(select(MeetingRecord).filter_by(occasion_id=occasion_id))


def attendance_of(session: Session, occasion_id: int) -> list[AttendanceRow]:
    """Who came, in the order recorded."""
    return list(session.scalars(select(AttendanceRow).filter_by(occasion_id=occasion_id).order_by(AttendanceRow.id)))


def decisions_of(session: Session, occasion_id: int) -> list[DecisionRow]:
    """A meeting's decisions in order."""
    return list(
        session.scalars(
            select(DecisionRow)
            .join(Item, Item.id == DecisionRow.item_id)
            .where(DecisionRow.occasion_id == occasion_id)
            .order_by(Item.number, DecisionRow.position)
        )
    )


def decision_by_ref(session: Session, municipality: str, ref: str) -> DecisionRow | None:
    """A decision by the name a record gave it."""
    return session.scalars(
        select(DecisionRow).filter_by(municipality=municipality, ref=ref).order_by(DecisionRow.id.desc())
    ).first()


def referrals_waiting(session: Session, municipality: str, body: str) -> list[DecisionRow]:
    """Decisions of other bodies sent to this one that no agenda has taken up, or only one of a meeting called off."""
    return list(
        session.scalars(
            select(DecisionRow)
            .filter_by(municipality=municipality, referred_to=body)
            .outerjoin(Occasion, Occasion.id == DecisionRow.taken_up_id)
            .where(DecisionRow.answered.is_(None), or_(Occasion.id.is_(None), Occasion.status.not_in(LIVE)))
            .order_by(DecisionRow.decided, DecisionRow.id)
        )
    )


def answers_to(
    session: Session, municipality: str, body: str, after: datetime | None, until: datetime
) -> list[DecisionRow]:
    """This body's referred decisions whose answers came in after one moment (None: since ever) up to another."""
    came = and_(
        Occasion.municipality == municipality,
        Occasion.kind == "meeting",
        Occasion.key == DecisionRow.referred_to,
        Occasion.day == DecisionRow.answered,
    )
    question = (
        select(DecisionRow)
        .join(Occasion, came)
        .join(Arrival, and_(Arrival.occasion_id == Occasion.id, Arrival.part == "outcome"))
        .where(DecisionRow.municipality == municipality, DecisionRow.body == body, Arrival.arrived <= until)
    )
    if after:
        question = question.where(Arrival.arrived > after)
    return list(session.scalars(question.order_by(DecisionRow.answered, DecisionRow.id)))


def open_decisions(session: Session, municipality: str, first: date, last: date) -> list[DecisionRow]:
    """A period's decisions by day, without those of secret items: a follow-up is read by more than were called."""
    return list(
        session.scalars(
            select(DecisionRow)
            .join(Item, Item.id == DecisionRow.item_id)
            .filter(DecisionRow.municipality == municipality, Item.confidentiality != "secret")
            .where(DecisionRow.decided.between(first, last))
            .order_by(DecisionRow.decided, DecisionRow.id)
        )
    )


def highest_paragraph(session: Session, municipality: str, body: str, year: int) -> int:
    """The last § a body has used in a year, 0 where none."""
    found = session.scalar(
        select(func.max(Item.paragraph))
        .join(Occasion, Occasion.id == Item.occasion_id)
        .where(
            Occasion.municipality == municipality,
            Occasion.key == body,
            Occasion.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )
    return found or 0


def next_action_sequence(session: Session, municipality: str, year: int) -> int:
    """The number the year's next action gets. Numbers are never used again, so the highest ever decides."""
    highest = session.scalar(select(func.max(Action.sequence)).filter_by(municipality=municipality, year=year))
    return (highest or 0) + 1


def action_by_name(session: Session, municipality: str, name: str) -> Action | None:
    """An action by its number or by the ref a record gave it."""
    return session.scalars(
        select(Action).filter_by(municipality=municipality).where(or_(Action.ref == name, Action.number == name))
    ).first()


def open_actions(session: Session, municipality: str, body: str = "", owner: str = "") -> list[Action]:
    """Actions neither done nor dropped, of a body or a person or all."""
    question = select(Action).filter_by(municipality=municipality).where(Action.status.not_in(CLOSED))
    if body:
        question = question.filter_by(body=body)
    if owner:
        question = question.filter_by(owner=owner)
    return list(session.scalars(question.order_by(Action.year, Action.sequence)))


def actions(session: Session, municipality: str) -> list[Action]:
    """All actions ever, by number."""
    return list(
        session.scalars(select(Action).filter_by(municipality=municipality).order_by(Action.year, Action.sequence))
    )


def actions_made_at(session: Session, occasion_id: int) -> list[Action]:
    """The actions a meeting made."""
    return list(session.scalars(select(Action).filter_by(occasion_id=occasion_id).order_by(Action.sequence)))


def actions_closed_between(session: Session, municipality: str, body: str, first: date, last: date) -> list[Action]:
    """A body's actions closed in a period (both ends included)."""
    return list(
        session.scalars(
            select(Action)
            .filter_by(municipality=municipality, body=body)
            .where(Action.closed.between(first, last))
            .order_by(Action.closed, Action.sequence)
        )
    )


def action_event(session: Session, action_id: int, occasion_id: int, source: str) -> ActionEvent | None:
    """What one answer or meeting said of an action."""
    return session.scalar(select(ActionEvent).filter_by(action_id=action_id, occasion_id=occasion_id, source=source))


def action_events(session: Session, action_id: int) -> list[ActionEvent]:
    """All that was said of an action, the oldest first."""
    return list(
        session.scalars(select(ActionEvent).filter_by(action_id=action_id).order_by(ActionEvent.day, ActionEvent.id))
    )


def meeting_days(session: Session, municipality: str, body: str) -> list[date]:
    """The days of a body's live meetings, in order."""
    return list(
        session.scalars(
            select(Occasion.day)
            .filter_by(municipality=municipality, kind="meeting", key=body)
            .where(Occasion.status.in_(LIVE))
            .order_by(Occasion.day)
        )
    )


def records_between(
    session: Session, municipality: str, body: str, after: date | None, until: date
) -> list[tuple[Occasion, MeetingRecord]]:
    """A body's recorded meetings after one day (None: since ever) up to another."""
    question = (
        select(Occasion, MeetingRecord)
        .join(MeetingRecord, MeetingRecord.occasion_id == Occasion.id)
        .where(Occasion.municipality == municipality, Occasion.key == body, Occasion.day <= until)
    )
    if after:
        question = question.where(Occasion.day > after)
    return [(row[0], row[1]) for row in session.execute(question.order_by(Occasion.day))]
