"""Questions about meetings, steps, status, duties and the governance, by name; see also minute_book and paper_shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from governance.store.tables import (
    LIVE,
    DutyEvidence,
    GovernanceVersion,
    Moment,
    Occasion,
    StatusReply,
    StatusRequest,
    Step,
)

_STEPS, _OCCASIONS = Step.__table__, Occasion.__table__
_DUE = func.coalesce(_STEPS.c.retry, _STEPS.c.due, type_=Moment)
_OWED = _STEPS.join(_OCCASIONS, _OCCASIONS.c.id == _STEPS.c.occasion_id)
# Asked at every moment of a walk, and therefore built once.
_DUE_STEPS = (
    select(_STEPS.c.id, _STEPS.c.kind)
    .select_from(_OWED)
    .where(
        _OCCASIONS.c.municipality == bindparam("municipality"),
        _STEPS.c.done.is_(None),
        bindparam("now", type_=Moment) >= _DUE,
    )
    .order_by(_STEPS.c.due, _STEPS.c.kind, _OCCASIONS.c.key, _OCCASIONS.c.slot)
)
_NEXT_DUE = (
    select(func.min(_DUE))
    .select_from(_OWED)
    .where(
        _OCCASIONS.c.municipality.in_(bindparam("municipalities", expanding=True)),
        _STEPS.c.done.is_(None),
        bindparam("now", type_=Moment) < _DUE,
    )
)
_CLAIM = (
    update(_STEPS)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(_STEPS.c.id == bindparam("step"), _STEPS.c.done.is_(None))
    .values(attempts=_STEPS.c.attempts + 1)
)


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


def due_steps(asking: Connection, municipality: str, now: datetime) -> list[tuple[int, str]]:
    """(id, kind) of undone steps due by `now`, the oldest first."""
    rows = asking.execute(_DUE_STEPS, {"municipality": municipality, "now": now})
    return [(row[0], row[1]) for row in rows]


def claim(session: Session, step_id: int) -> Step | None:
    """Takes a step for this transaction, or None where somebody else has done it meanwhile."""
    taken = session.execute(_CLAIM, {"step": step_id})
    return session.get(Step, step_id) if taken.rowcount else None  # type: ignore[attr-defined]


def next_due(asking: Connection, municipalities: Sequence[str], after: datetime) -> datetime | None:
    """The next moment at which a step falls due."""
    found: datetime | None = asking.scalar(_NEXT_DUE, {"municipalities": list(municipalities), "now": after})
    return found


def steps_from(session: Session, municipality: str, first: date) -> dict[int, dict[str, Step]]:
    """The steps of all occasions from a day on, by occasion and kind."""
    steps = select(Step).join(Occasion, Occasion.id == Step.occasion_id)
    found: dict[int, dict[str, Step]] = {}
    for step in session.scalars(steps.where(Occasion.municipality == municipality, Occasion.day >= first)):
        found.setdefault(step.occasion_id, {})[step.kind] = step
    return found


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
