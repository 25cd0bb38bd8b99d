"""The owed-ledger: every step that is due, late or done, and what waits for somebody's hand, as rows and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.words import in_running_text
from governance.papers.swedish import count, long_date, number_word, sentence, short_date
from governance.secretariat.editions import two_year_plan
from governance.secretariat.office import Office, ends_at, starts_at
from governance.secretariat.steps import TWO_YEAR, subject_of
from governance.store import queries
from governance.store.tables import DecisionRow, Dispatch, Occasion, Step

State = Literal["done", "lapsed", "late", "due", "coming"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of the ledger. `due` is local and aware."""

    municipality: str
    body: str  # or a product's key, or the two-year follow-up's
    meeting: str  # the slot, ISO
    kind: str  # a step's; or record, approve, answer, mail, duty: what no step does, but a person
    due: datetime
    state: State
    evidence: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits for a person: the ledger's row and the sentence for the end of a run."""

    row: Owed
    sentence: str


def ledger(office: Office, municipality: Municipality) -> list[Owed]:
    """Every step of every occasion, and what waits for a person without being a step, by due moment."""
    with office.archive.read() as session:
        steps = [
            _owed(municipality, occasion, step.kind, step.due, _state(step, office.now), step.evidence)
            for step, occasion in queries.ledger(session, municipality.id)
        ]
        waiting = [each.row for each in _by_hand(session, office, municipality)]
    return sorted([*steps, *waiting], key=lambda each: each.due)


def _owed(
    municipality: Municipality, occasion: Occasion, kind: str, due: datetime, state: State, evidence: str = ""
) -> Owed:
    local = due.astimezone(municipality.timezone)
    return Owed(municipality.id, occasion.key, occasion.slot.isoformat(), kind, local, state, evidence)


def _state(step: Step, now: datetime) -> State:
    if step.done is not None:
        return "lapsed" if step.evidence.startswith("utgick") else "done"
    if step.due > now:
        return "coming"
    return "late" if step.attempts else "due"


def waiting_on(office: Office, municipality: Municipality, person: str) -> set[tuple[str, str]]:
    """(body, slot) of the meetings whose status question a person has not answered."""
    with office.archive.read() as session:
        return {
            (occasion.key, occasion.slot.isoformat())
            for occasion in queries.unanswered(session, municipality.id, person)
        }


def owed_in_words(office: Office, municipality: Municipality) -> list[str]:
    """What waits for a person, as Swedish sentences: the end of every run says it."""
    with office.archive.read() as session:
        return [
            *_failed(session, office, municipality),
            *_in_few_words(municipality, list(_by_hand(session, office, municipality))),
        ]


def _in_few_words(municipality: Municipality, waiting: Sequence[_Waiting]) -> Iterator[str]:
    """A sentence each, but the unrecorded meetings of a body in one."""
    unrecorded: dict[str, list[_Waiting]] = {}
    for each in waiting:
        if each.row.kind == "record":
            unrecorded.setdefault(each.row.body, []).append(each)
    for body, mine in unrecorded.items():
        if len(mine) == 1:
            yield mine[0].sentence
        else:
            first = long_date(mine[0].row.due.date())
            name = municipality.body_name(body)
            yield f"{name}: {number_word(len(mine))} möten är inte antecknade, det första {first}."
    yield from (each.sentence for each in waiting if each.row.kind != "record")


def _failed(session: Session, office: Office, municipality: Municipality) -> list[str]:
    rows = session.execute(
        select(Step, Occasion)
        .join(Occasion, Occasion.id == Step.occasion_id)
        .where(Occasion.municipality == municipality.id, Step.done.is_(None), Step.due <= office.now, Step.attempts > 0)
        .order_by(Step.due)
    )
    return [f"{subject_of(municipality, occasion)}, {step.kind}: {step.evidence}" for step, occasion in rows]


def _by_hand(session: Session, office: Office, municipality: Municipality) -> Iterator[_Waiting]:
    yield from _unrecorded(session, office, municipality)
    yield from _unapproved(session, office, municipality)
    yield from _unanswered_referrals(session, office, municipality)
    yield from _undelivered(session, municipality)
    yield from _held(session, municipality)
    yield from _duties(session, office, municipality)


def _unrecorded(session: Session, office: Office, municipality: Municipality) -> Iterator[_Waiting]:
    for each in queries.occasions(session, municipality.id, last=office.today, statuses=("convened", "planned")):
        body = municipality.bodies.get(each.key)
        if body is None or body.external or starts_at(each, municipality) >= office.now:
            continue
        yield _Waiting(
            _owed(municipality, each, "record", ends_at(each, municipality), "due"),
            f"Mötet är inte antecknat: {body.name} {long_date(each.day)}.",
        )


def _unapproved(session: Session, office: Office, municipality: Municipality) -> Iterator[_Waiting]:
    for each in queries.occasions(session, municipality.id, last=office.today, statuses=("held",)):
        body = municipality.bodies.get(each.key)
        step = queries.steps_of(session, each.id).get("approval")
        if body is not None and step is not None and step.due < office.now:
            yield _Waiting(
                _owed(municipality, each, "approve", step.due, "late"),
                f"Protokollet är inte justerat: {body.name} {long_date(each.day)}.",
            )


def _unanswered_referrals(session: Session, office: Office, municipality: Municipality) -> Iterator[_Waiting]:
    rows = session.execute(
        select(DecisionRow, Occasion)
        .join(Occasion, Occasion.id == DecisionRow.occasion_id)
        .where(
            DecisionRow.municipality == municipality.id,
            DecisionRow.answered.is_(None),
            DecisionRow.referred_to != "",
            DecisionRow.decided <= office.today,
        )
        .order_by(DecisionRow.decided)
    )
    for row, occasion in rows:
        asker = in_running_text(municipality.body_name(row.body))
        asked = _owed(municipality, occasion, "answer", ends_at(occasion, municipality), "due", f"fråga från {asker}")
        yield _Waiting(
            replace(asked, body=row.referred_to),
            f"{municipality.body_name(row.referred_to)} har inte svarat på en fråga från {asker} "
            f"den {short_date(row.decided)}.",
        )


def _undelivered(session: Session, municipality: Municipality) -> Iterator[_Waiting]:
    rows = session.execute(
        select(Dispatch, Occasion)
        .join(Occasion, Occasion.id == Dispatch.occasion_id)
        .where(Dispatch.municipality == municipality.id, Dispatch.state == "failed")
        .order_by(Dispatch.id)
    )
    for row, occasion in rows:
        yield _Waiting(
            _owed(municipality, occasion, "mail", row.made, "late", f"{row.address}: {row.problem}"),
            f"Mejlet ”{row.subject}” till {row.address} kom inte fram: {row.problem}",
        )


def _held(session: Session, municipality: Municipality) -> Iterator[_Waiting]:
    """The mails of a body in draft mode: they wait for somebody to read and release them."""
    rows = session.execute(
        select(Occasion, func.count(Dispatch.id), func.min(Dispatch.made))
        .join(Dispatch, Dispatch.occasion_id == Occasion.id)
        .where(Dispatch.municipality == municipality.id, Dispatch.state == "held")
        .group_by(Occasion.id)
        .order_by(Occasion.day, Occasion.key)
    )
    for occasion, mails, made in rows:
        told = count(mails, "mejl", "mejl")
        yield _Waiting(
            _owed(municipality, occasion, "mail", made, "due", f"{told} hålls inne: utkastläge"),
            f"{sentence(told)} om {subject_of(municipality, occasion)} hålls inne: utkastläge.",
        )


def _duties(session: Session, office: Office, municipality: Municipality) -> Iterator[_Waiting]:
    plan = two_year_plan(session, municipality, office.today)
    if plan is None:
        said = "Ingen lägesbild eller åtgärdsplan är antecknad: fristerna i 6 § lagen (2023:196) kan inte räknas."
        yield _duty(municipality, office.today, "due", said)
    elif plan.due < office.today:
        said = f"Fristen i 6 § lagen (2023:196) gick ut den {short_date(plan.due)}."
        yield _duty(municipality, plan.due, "late", said)
    elif plan.problem:
        yield _duty(municipality, plan.due, "due", plan.problem)


def _duty(municipality: Municipality, day: date, state: State, said: str) -> _Waiting:
    due = datetime.combine(day, time(), municipality.timezone)
    return _Waiting(Owed(municipality.id, TWO_YEAR, day.isoformat(), "duty", due, state, said), said)
