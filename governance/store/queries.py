"""Questions about meetings, steps, status, duties and the governance, by name; see also minute_book and paper_shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from governance.store.tables import (
    LIVE,
    Arrival,
    Dispatch,
    DutyEvidence,
    GovernanceVersion,
    Moment,
    Occasion,
    StatusReply,
    StatusRequest,
    Step,
)

_STEPS, _OCCASIONS, _OUTBOX = Step.__table__, Occasion.__table__, Dispatch.__table__
_DUE = func.coalesce(_STEPS.c.retry, _STEPS.c.due, type_=Moment)
_OWED = _STEPS.join(_OCCASIONS, _OCCASIONS.c.id == _STEPS.c.occasion_id)
# What is asked often is built once: building a question takes longer than the answer to most of them.
# A step is tried again only after it was due, so that the index on `due` finds what waits: a few rows of thousands.
_DUE_STEPS = (
    select(_STEPS.c.id, _STEPS.c.kind)
    .select_from(_OWED)
    .where(
        _OCCASIONS.c.municipality == bindparam("municipality"),
        _STEPS.c.done.is_(None),
        _STEPS.c.due <= bindparam("now"),
        bindparam("now", type_=Moment) >= _DUE,
    )
    .order_by(_STEPS.c.due, _STEPS.c.kind, _OCCASIONS.c.key, _OCCASIONS.c.slot)
)
_UNDONE = and_(
    _OCCASIONS.c.municipality.in_(bindparam("municipalities", expanding=True)),
    _STEPS.c.done.is_(None),
)
_NEXT_MOMENT = select(
    select(_STEPS.c.due)
    .select_from(_OWED)
    .where(_UNDONE, _STEPS.c.due > bindparam("now"))
    .order_by(_STEPS.c.due)
    .limit(1)
    .scalar_subquery(),
    select(func.min(_STEPS.c.retry))
    .select_from(_OWED)
    .where(_UNDONE, _STEPS.c.due <= bindparam("now"), _STEPS.c.retry > bindparam("now"))
    .scalar_subquery(),
    select(func.min(_OUTBOX.c.retry))
    .where(
        _OUTBOX.c.municipality.in_(bindparam("municipalities", expanding=True)),
        _OUTBOX.c.state == "queued",
        _OUTBOX.c.retry > bindparam("now"),
    )
    .scalar_subquery(),
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


_MEETING_NAMED = (
    select(Occasion)
    .where(
        Occasion.municipality == bindparam("municipality"),
        Occasion.kind == "meeting",
        Occasion.key == bindparam("body"),
        or_(Occasion.slot == bindparam("day"), Occasion.day == bindparam("day")),
    )
    .order_by(case((Occasion.slot == bindparam("day"), 0), else_=1))
    .limit(1)
)


def meeting_named(session: Session, municipality: str, body: str, day: date) -> Occasion | None:
    """A body's meeting by its slot or, failing that, its actual date."""
    return session.scalar(_MEETING_NAMED, {"municipality": municipality, "body": body, "day": day})


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


_LIVE_OF_BODY = select(Occasion).where(
    Occasion.municipality == bindparam("municipality"),
    Occasion.kind == "meeting",
    Occasion.key == bindparam("body"),
    Occasion.status.in_(LIVE),
)
_BEFORE = _LIVE_OF_BODY.where(Occasion.day < bindparam("day")).order_by(Occasion.day.desc()).limit(1)
_AFTER = _LIVE_OF_BODY.where(Occasion.day > bindparam("day")).order_by(Occasion.day).limit(1)


def neighbour(session: Session, meeting: Occasion, *, before: bool) -> Occasion | None:
    """The body's meeting next before or after this one, cancelled ones and those not held left out."""
    asked = {"municipality": meeting.municipality, "body": meeting.key, "day": meeting.day}
    return session.scalar(_BEFORE if before else _AFTER, asked)


def due_steps(asking: Connection, municipality: str, now: datetime) -> list[tuple[int, str]]:
    """(id, kind) of undone steps due by `now`, the oldest first."""
    rows = asking.execute(_DUE_STEPS, {"municipality": municipality, "now": now})
    return [(row[0], row[1]) for row in rows]


_STEP = select(Step, Occasion).join(Occasion, Occasion.id == Step.occasion_id).where(Step.id == bindparam("step"))


def claim(session: Session, step_id: int) -> tuple[Step, Occasion] | None:
    """Takes a step for this transaction, with its occasion; None where somebody else has done it meanwhile."""
    taken = session.execute(_CLAIM, {"step": step_id})
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    step, occasion = session.execute(_STEP, {"step": step_id}).one()
    return step, occasion


def next_moment(asking: Connection, municipalities: Sequence[str], after: datetime) -> datetime | None:
    """When next a step falls due, one that failed is tried again, or a mail that could not leave."""
    found = asking.execute(_NEXT_MOMENT, {"municipalities": list(municipalities), "now": after}).one()
    return min(filter(None, found), default=None)


def steps_from(session: Session, municipality: str, first: date) -> dict[int, dict[str, Step]]:
    """The steps of all occasions from a day on, by occasion and kind."""
    steps = select(Step).join(Occasion, Occasion.id == Step.occasion_id)
    found: dict[int, dict[str, Step]] = {}
    for step in session.scalars(steps.where(Occasion.municipality == municipality, Occasion.day >= first)):
        found.setdefault(step.occasion_id, {})[step.kind] = step
    return found


_STEPS_OF = select(Step).where(Step.occasion_id == bindparam("occasion"))


def steps_of(session: Session, occasion_id: int) -> dict[str, Step]:
    """An occasion's steps by kind."""
    return {step.kind: step for step in session.scalars(_STEPS_OF, {"occasion": occasion_id})}


_STEP_OF = _STEPS_OF.where(Step.kind == bindparam("kind"))


def step_of(session: Session, occasion_id: int, kind: str) -> Step | None:
    """An occasion's step of a kind, None where it owes none."""
    return session.scalar(_STEP_OF, {"occasion": occasion_id, "kind": kind})


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


_ARRIVAL = select(Arrival).where(Arrival.occasion_id == bindparam("occasion"), Arrival.part == bindparam("part"))


def arrival(session: Session, occasion_id: int, part: str) -> Arrival | None:
    """What came in of a meeting (`part`: its outcome, a person's answer), None where nothing did."""
    return session.scalar(_ARRIVAL, {"occasion": occasion_id, "part": part})


# --- status ----------------------------------------------------------------------------------------------------


_REQUESTS_OF = (
    select(StatusRequest).where(StatusRequest.occasion_id == bindparam("occasion")).order_by(StatusRequest.id)
)


def requests_of(session: Session, occasion_id: int) -> list[StatusRequest]:
    """Who was asked before a meeting, in the order they were asked."""
    return list(session.scalars(_REQUESTS_OF, {"occasion": occasion_id}))


_REQUEST_TO = _REQUESTS_OF.where(StatusRequest.person == bindparam("person"))


def request_to(session: Session, occasion_id: int, person: str) -> StatusRequest | None:
    """What a person was asked before a meeting, None where they were not."""
    return session.scalar(_REQUEST_TO, {"occasion": occasion_id, "person": person})


_REPLIES_OF = (
    select(StatusRequest, StatusReply)
    .join(StatusReply, StatusReply.request_id == StatusRequest.id)
    .where(StatusRequest.occasion_id == bindparam("occasion"))
    .order_by(StatusRequest.id, StatusReply.id)
)


def replies_of(session: Session, occasion_id: int) -> list[tuple[StatusRequest, StatusReply]]:
    """Every answer to every question before a meeting."""
    return [(row[0], row[1]) for row in session.execute(_REPLIES_OF, {"occasion": occasion_id})]


_REPLIES_TO = select(StatusReply).where(StatusReply.request_id == bindparam("request")).order_by(StatusReply.id)


def replies_to(session: Session, request_id: int) -> list[StatusReply]:
    """A person's answers to what they were asked, in the order kept."""
    return list(session.scalars(_REPLIES_TO, {"request": request_id}))


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
        .limit(1)
    ).first()
    return replies_to(session, request.id) if request else []


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


_EVIDENCE = (
    select(DutyEvidence).where(DutyEvidence.municipality == bindparam("municipality")).order_by(DutyEvidence.done)
)


def duty_evidence(session: Session, municipality: str) -> list[DutyEvidence]:
    """What shows that duties were carried out, oldest first."""
    return list(session.scalars(_EVIDENCE, {"municipality": municipality}))


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
