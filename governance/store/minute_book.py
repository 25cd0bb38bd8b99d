"""Questions about what meetings did: items, records, attendance, decisions and actions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select
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


# What is asked often is built once, beside its function: building a question takes longer than most answers.
_ITEMS_OF = select(Item).where(Item.occasion_id == bindparam("occasion")).order_by(Item.number)


def items_of(session: Session, occasion_id: int) -> list[Item]:
    """The opened agenda's items in order."""
    return list(session.scalars(_ITEMS_OF, {"occasion": occasion_id}))


_SECRET_ITEMS = (
    select(Item.id)
    .join(Occasion, Occasion.id == Item.occasion_id)
    .where(Occasion.municipality == bindparam("municipality"), Item.confidentiality == "secret")
)


def secret_items(session: Session, municipality: str) -> frozenset[int]:
    """The ids of every item that is marked secret: who was not called is not to read of it."""
    return frozenset(session.scalars(_SECRET_ITEMS, {"municipality": municipality}))


_RECORD_OF = select(MeetingRecord).where(MeetingRecord.occasion_id == bindparam("occasion"))


def record_of(session: Session, occasion_id: int) -> MeetingRecord | None:
    """What was recorded of a meeting, None until it has been."""
    return session.scalar(_RECORD_OF, {"occasion": occasion_id})


_ATTENDANCE_OF = (
    select(AttendanceRow).where(AttendanceRow.occasion_id == bindparam("occasion")).order_by(AttendanceRow.id)
)


def attendance_of(session: Session, occasion_id: int) -> list[AttendanceRow]:
    """Who came, in the order recorded."""
    return list(session.scalars(_ATTENDANCE_OF, {"occasion": occasion_id}))


_DECISIONS_OF = (
    select(DecisionRow)
    .join(Item, Item.id == DecisionRow.item_id)
    .where(DecisionRow.occasion_id == bindparam("occasion"))
    .order_by(Item.number, DecisionRow.position)
)


def decisions_of(session: Session, occasion_id: int) -> list[DecisionRow]:
    """A meeting's decisions in order."""
    return list(session.scalars(_DECISIONS_OF, {"occasion": occasion_id}))


def decision_by_ref(session: Session, municipality: str, ref: str) -> DecisionRow | None:
    """A decision by the name a record gave it."""
    return session.scalars(
        select(DecisionRow).filter_by(municipality=municipality, ref=ref).order_by(DecisionRow.id.desc()).limit(1)
    ).first()


_REFERRALS = (
    select(DecisionRow)
    .outerjoin(Occasion, Occasion.id == DecisionRow.taken_up_id)
    .where(
        DecisionRow.municipality == bindparam("municipality"),
        DecisionRow.referred_to == bindparam("body"),
        DecisionRow.answered.is_(None),
        or_(Occasion.id.is_(None), Occasion.status.not_in(LIVE), Occasion.id == bindparam("meeting")),
    )
    .order_by(DecisionRow.decided, DecisionRow.id)
)


def referrals_waiting(session: Session, meeting: Occasion) -> list[DecisionRow]:
    """Decisions of other bodies sent to this one that its agenda takes up.

    No agenda has taken them up before, only one of a meeting called off, or an earlier version of this very one.
    """
    asked = {"municipality": meeting.municipality, "body": meeting.key, "meeting": meeting.id}
    return list(session.scalars(_REFERRALS, asked))


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


_ACTION_NAMED = select(Action).where(
    Action.municipality == bindparam("municipality"),
    or_(Action.ref == bindparam("name"), Action.number == bindparam("name")),
)


def action_by_name(session: Session, municipality: str, name: str) -> Action | None:
    """An action by its number or by the ref a record gave it."""
    return session.scalars(_ACTION_NAMED, {"municipality": municipality, "name": name}).first()


_OPEN_ACTIONS = (
    select(Action)
    .where(Action.municipality == bindparam("municipality"), Action.status.not_in(CLOSED))
    .order_by(Action.year, Action.sequence)
)
_OPEN_ACTIONS_OF_BODY = _OPEN_ACTIONS.where(Action.body == bindparam("body"))


def open_actions(session: Session, municipality: str, body: str = "") -> list[Action]:
    """Actions neither done nor dropped, of a body or all."""
    question = _OPEN_ACTIONS_OF_BODY if body else _OPEN_ACTIONS
    return list(session.scalars(question, {"municipality": municipality, "body": body}))


def actions(session: Session, municipality: str) -> list[Action]:
    """All actions ever, by number."""
    return list(
        session.scalars(select(Action).filter_by(municipality=municipality).order_by(Action.year, Action.sequence))
    )


_MADE_AT = select(Action).where(Action.occasion_id == bindparam("occasion")).order_by(Action.sequence)


def actions_made_at(session: Session, occasion_id: int) -> list[Action]:
    """The actions a meeting made."""
    return list(session.scalars(_MADE_AT, {"occasion": occasion_id}))


_CLOSED_BETWEEN = (
    select(Action)
    .where(
        Action.municipality == bindparam("municipality"),
        Action.body == bindparam("body"),
        Action.closed.between(bindparam("first"), bindparam("last")),
    )
    .order_by(Action.closed, Action.sequence)
)


def actions_closed_between(session: Session, municipality: str, body: str, first: date, last: date) -> list[Action]:
    """A body's actions closed in a period (both ends included)."""
    asked = {"municipality": municipality, "body": body, "first": first, "last": last}
    return list(session.scalars(_CLOSED_BETWEEN, asked))


_EVENTS = select(ActionEvent).where(ActionEvent.action_id == bindparam("action"))
_EVENT = _EVENTS.where(ActionEvent.occasion_id == bindparam("occasion"), ActionEvent.source == bindparam("source"))
_EVENTS_IN_ORDER = _EVENTS.order_by(ActionEvent.day, ActionEvent.id)


def action_event(session: Session, action_id: int, occasion_id: int, source: str) -> ActionEvent | None:
    """What one answer or meeting said of an action."""
    return session.scalar(_EVENT, {"action": action_id, "occasion": occasion_id, "source": source})


def action_events(session: Session, action_id: int) -> list[ActionEvent]:
    """All that was said of an action, the oldest first."""
    return list(session.scalars(_EVENTS_IN_ORDER, {"action": action_id}))


_MEETING_DAYS = (
    select(Occasion.key, Occasion.day)
    .where(
        Occasion.municipality == bindparam("municipality"),
        Occasion.kind == "meeting",
        Occasion.status.in_(LIVE),
        Occasion.day <= bindparam("until"),
    )
    .order_by(Occasion.day)
)


def meeting_days(session: Session, municipality: str, until: date = date.max) -> dict[str, list[date]]:
    """The days of every body's live meetings up to a day, in order; nothing for a body that has none."""
    found: dict[str, list[date]] = {}
    for body, day in session.execute(_MEETING_DAYS, {"municipality": municipality, "until": until}):
        found.setdefault(body, []).append(day)
    return found


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
