"""Every question asked of the archive, by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from governance.store.tables import (
    Action,
    ActionEvent,
    Arrival,
    AttendanceRow,
    DecisionRow,
    Dispatch,
    DutyEvidence,
    GovernanceVersion,
    Item,
    MeetingRecord,
    Moment,
    Occasion,
    Paper,
    StatusReply,
    StatusRequest,
    Step,
)

CLOSED = ("done", "dropped")
LIVE = ("planned", "convened", "held", "closed")
DUE = func.coalesce(Step.retry, Step.due, type_=Moment)


# --- occasions and steps ---------------------------------------------------------------------------------------


def occasion(session: Session, municipality: str, kind: str, key: str, slot: date) -> Occasion | None:
    """The occasion with this natural key."""
    return session.scalar(select(Occasion).filter_by(municipality=municipality, kind=kind, key=key, slot=slot))


def meeting_named(session: Session, municipality: str, body: str, day: date) -> Occasion | None:
    """A body's meeting by its slot or, failing that, its actual date."""
    return session.scalars(
        select(Occasion)
        .filter_by(municipality=municipality, kind="meeting", key=body)
        .where(or_(Occasion.slot == day, Occasion.day == day))
        .order_by(case((Occasion.slot == day, 0), else_=1))
    ).first()


def occasions(
    session: Session,
    municipality: str,
    kind: str = "meeting",
    key: str = "",
    first: date | None = None,
    last: date | None = None,
    statuses: Sequence[str] = (),
) -> list[Occasion]:
    """Occasions in order of day and time, bounded by day (both ends included)."""
    question = select(Occasion).filter_by(municipality=municipality, kind=kind)
    if key:
        question = question.filter_by(key=key)
    if first:
        question = question.where(Occasion.day >= first)
    if last:
        question = question.where(Occasion.day <= last)
    if statuses:
        question = question.where(Occasion.status.in_(statuses))
    return list(session.scalars(question.order_by(Occasion.day, Occasion.starts, Occasion.key)))


def neighbour(session: Session, meeting: Occasion, *, before: bool) -> Occasion | None:
    """The body's meeting next before or after this one, cancelled ones and those not held left out."""
    bound: ColumnElement[bool] = Occasion.day < meeting.day if before else Occasion.day > meeting.day
    order = Occasion.day.desc() if before else Occasion.day.asc()
    return session.scalars(
        select(Occasion)
        .filter_by(municipality=meeting.municipality, kind="meeting", key=meeting.key)
        .where(bound, Occasion.status.in_(LIVE))
        .order_by(order)
    ).first()


def due_steps(session: Session, municipality: str, now: datetime) -> list[tuple[int, str]]:
    """(id, kind) of undone steps due by `now`, the oldest first."""
    rows = session.execute(
        select(Step.id, Step.kind)
        .join(Occasion, Occasion.id == Step.occasion_id)
        .where(Occasion.municipality == municipality, Step.done.is_(None), now >= DUE)
        .order_by(Step.due, Step.kind, Occasion.key, Occasion.slot)
    )
    return [(row[0], row[1]) for row in rows]


def claim(session: Session, step_id: int) -> Step | None:
    """Takes a step for this transaction, or None where somebody else has done it meanwhile."""
    taken = session.execute(
        update(Step).where(Step.id == step_id, Step.done.is_(None)).values(attempts=Step.attempts + 1)
    )
    return session.get(Step, step_id) if taken.rowcount else None  # type: ignore[attr-defined]


def next_due(session: Session, municipalities: Sequence[str], after: datetime) -> datetime | None:
    """The next moment at which a step falls due."""
    return session.scalar(
        select(func.min(DUE))
        .join(Occasion, Occasion.id == Step.occasion_id)
        .where(Occasion.municipality.in_(municipalities), Step.done.is_(None), after < DUE)
    )


def steps_of(session: Session, occasion_id: int) -> dict[str, Step]:
    """An occasion's steps by kind."""
    return {step.kind: step for step in session.scalars(select(Step).filter_by(occasion_id=occasion_id))}


def ledger(
    session: Session, municipality: str, first: date | None = None, last: date | None = None
) -> list[tuple[Step, Occasion]]:
    """Every step with its occasion, by due moment; `first` and `last` bound the occasion's day."""
    question = select(Step, Occasion).join(Occasion, Occasion.id == Step.occasion_id)
    question = question.where(Occasion.municipality == municipality)
    if first:
        question = question.where(Occasion.day >= first)
    if last:
        question = question.where(Occasion.day <= last)
    rows = session.execute(question.order_by(Step.due, Occasion.key, Occasion.slot, Step.kind))
    return [(row[0], row[1]) for row in rows]


# --- status ----------------------------------------------------------------------------------------------------


def requests_of(session: Session, occasion_id: int) -> list[StatusRequest]:
    """Who was asked before a meeting, in the order they were asked."""
    return list(session.scalars(select(StatusRequest).filter_by(occasion_id=occasion_id).order_by(StatusRequest.id)))


def replies_of(session: Session, occasion_id: int) -> list[tuple[StatusRequest, StatusReply]]:
    """Every answer to every question before a meeting."""
    rows = session.execute(
        select(StatusRequest, StatusReply)
        .join(StatusReply, StatusReply.request_id == StatusRequest.id)
        .where(StatusRequest.occasion_id == occasion_id)
        .order_by(StatusRequest.id, StatusReply.id)
    )
    return [(row[0], row[1]) for row in rows]


def last_replies(session: Session, meeting: Occasion, person: str) -> list[StatusReply]:
    """What a person answered the last time before this meeting, for `as last time`."""
    request = session.scalars(
        select(StatusRequest)
        .join(Occasion, Occasion.id == StatusRequest.occasion_id)
        .where(
            Occasion.municipality == meeting.municipality,
            Occasion.key == meeting.key,
            Occasion.day < meeting.day,
            StatusRequest.person == person,
            StatusRequest.answered.is_not(None),
        )
        .order_by(Occasion.day.desc())
    ).first()
    if request is None:
        return []
    return list(session.scalars(select(StatusReply).filter_by(request_id=request.id).order_by(StatusReply.id)))


def unanswered(session: Session, municipality: str, person: str) -> list[Occasion]:
    """The meetings a person was asked about and has not answered for."""
    return list(
        session.scalars(
            select(Occasion)
            .join(StatusRequest, StatusRequest.occasion_id == Occasion.id)
            .where(
                Occasion.municipality == municipality,
                StatusRequest.person == person,
                StatusRequest.answered.is_(None),
            )
            .order_by(Occasion.day)
        )
    )


# --- agenda, record, decisions, actions ------------------------------------------------------------------------


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


# --- papers and the outbox -------------------------------------------------------------------------------------


def latest_paper(session: Session, occasion_id: int, kind: str) -> Paper | None:
    """The newest version of an occasion's paper of a kind."""
    return session.scalars(
        select(Paper).filter_by(occasion_id=occasion_id, kind=kind).order_by(Paper.version.desc())
    ).first()


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


def messages_of(session: Session, occasion_id: int) -> list[tuple[str, str, str]]:
    """(key, person, Message-ID) of every mail about an occasion, the oldest first."""
    rows = session.execute(
        select(Dispatch.key, Dispatch.person, Dispatch.message_id)
        .filter_by(occasion_id=occasion_id)
        .order_by(Dispatch.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def still_called(session: Session, occasion_id: int) -> set[str]:
    """Everyone an invitation to the meeting has been made for and not taken back."""
    rows = session.execute(
        select(Dispatch.person, Dispatch.kind)
        .filter_by(occasion_id=occasion_id)
        .where(Dispatch.kind.in_(("invitation", "change", "withdrawal")))
        .order_by(Dispatch.id)
    )
    last = {row[0]: row[1] for row in rows}
    return {person for person, kind in last.items() if kind != "withdrawal"}


def withdrawals(session: Session, occasion_id: int, person: str) -> int:
    """How many times an invitation was taken back from a person."""
    found = session.scalar(
        select(func.count(Dispatch.id)).filter_by(occasion_id=occasion_id, person=person, kind="withdrawal")
    )
    return found or 0


def called_at(session: Session, occasion_id: int, person: str) -> str:
    """The address a person was last called at."""
    return (
        session.scalars(
            select(Dispatch.address)
            .filter_by(occasion_id=occasion_id, person=person)
            .where(Dispatch.kind.in_(("invitation", "change")))
            .order_by(Dispatch.id.desc())
        ).first()
        or ""
    )


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


def mails(session: Session, ids: Sequence[int]) -> list[tuple[int, str, bytes]]:
    """(id, file name, bytes) of outbox rows, in order."""
    rows = session.execute(
        select(Dispatch.id, Dispatch.name, Dispatch.data).where(Dispatch.id.in_(ids)).order_by(Dispatch.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def next_retry(session: Session, municipalities: Sequence[str], after: datetime) -> datetime | None:
    """The next moment a deferred mail is tried again."""
    return session.scalar(
        select(func.min(Dispatch.retry)).where(
            Dispatch.municipality.in_(municipalities), Dispatch.state == "queued", Dispatch.retry > after
        )
    )


# --- duties and governance -------------------------------------------------------------------------------------


def duty_evidence(session: Session, municipality: str) -> list[DutyEvidence]:
    """What shows that duties were carried out, oldest first."""
    return list(session.scalars(select(DutyEvidence).filter_by(municipality=municipality).order_by(DutyEvidence.done)))


def governance_on(session: Session, municipality: str, day: datetime) -> GovernanceVersion | None:
    """What the config said at a moment: the last version adopted by then, else the first ever."""
    versions = select(GovernanceVersion).filter_by(municipality=municipality)
    found = session.scalars(
        versions.where(GovernanceVersion.adopted <= day).order_by(
            GovernanceVersion.adopted.desc(), GovernanceVersion.id.desc()
        )
    ).first()
    return found or session.scalars(versions.order_by(GovernanceVersion.adopted)).first()


def latest_governance(session: Session, municipality: str) -> GovernanceVersion | None:
    """What the config said the last time it was looked at."""
    return session.scalars(
        select(GovernanceVersion)
        .filter_by(municipality=municipality)
        .order_by(GovernanceVersion.adopted.desc(), GovernanceVersion.id.desc())
    ).first()


def answerers(session: Session, municipality: str, first: date, last: date) -> set[str]:
    """The people who answered a status question before a meeting of the period."""
    return set(
        session.scalars(
            select(StatusRequest.person)
            .join(Occasion, Occasion.id == StatusRequest.occasion_id)
            .where(
                Occasion.municipality == municipality,
                Occasion.day.between(first, last),
                StatusRequest.answered.is_not(None),
            )
        )
    )


def status_figures(session: Session, municipality: str, first: date, last: date) -> tuple[int, int]:
    """(asked, answered) over the meetings of a period."""
    row = session.execute(
        select(func.count(StatusRequest.id), func.count(StatusRequest.answered))
        .join(Occasion, Occasion.id == StatusRequest.occasion_id)
        .where(and_(Occasion.municipality == municipality, Occasion.day.between(first, last)))
    ).one()
    return row[0], row[1]
