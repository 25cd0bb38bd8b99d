"""The owed-ledger: every step that is due, late or done, and in words what waits for somebody's hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.words import in_running_text
from governance.papers.swedish import long_date, short_date
from governance.secretariat.editions import two_year_plan
from governance.secretariat.office import Office, starts_at
from governance.secretariat.steps import subject_of
from governance.store import queries
from governance.store.tables import DecisionRow, Dispatch, Occasion, Step

State = Literal["done", "lapsed", "late", "due", "coming"]


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of the ledger. `due` is local and aware."""

    municipality: str
    body: str
    meeting: str  # the slot, ISO
    kind: str
    due: datetime
    state: State
    evidence: str


def ledger(office: Office, municipality: Municipality) -> list[Owed]:
    """Every step of every occasion, by due moment."""
    with office.archive.read() as session:
        return [
            Owed(
                municipality.id,
                occasion.key,
                occasion.slot.isoformat(),
                step.kind,
                step.due.astimezone(municipality.timezone),
                _state(step, office.now),
                step.evidence,
            )
            for step, occasion in queries.ledger(session, municipality.id)
        ]


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
            *_unrecorded(session, office, municipality),
            *_unapproved(session, office, municipality),
            *_unanswered_referrals(session, municipality),
            *_undelivered(session, municipality),
            *_duties(session, office, municipality),
        ]


def _failed(session: Session, office: Office, municipality: Municipality) -> list[str]:
    rows = session.execute(
        select(Step, Occasion)
        .join(Occasion, Occasion.id == Step.occasion_id)
        .where(Occasion.municipality == municipality.id, Step.done.is_(None), Step.due <= office.now, Step.attempts > 0)
        .order_by(Step.due)
    )
    return [f"{subject_of(municipality, occasion)}, {step.kind}: {step.evidence}" for step, occasion in rows]


def _unrecorded(session: Session, office: Office, municipality: Municipality) -> list[str]:
    days = [
        f"{municipality.body_name(each.key)} {long_date(each.day)}"
        for each in queries.occasions(session, municipality.id, last=office.today, statuses=("convened", "planned"))
        if each.key in municipality.bodies
        and not municipality.bodies[each.key].external
        and starts_at(each, municipality) < office.now
    ]
    return [f"Mötet är inte antecknat: {each}." for each in days]


def _unapproved(session: Session, office: Office, municipality: Municipality) -> list[str]:
    lines: list[str] = []
    for each in queries.occasions(session, municipality.id, last=office.today, statuses=("held",)):
        body = municipality.bodies.get(each.key)
        step = queries.steps_of(session, each.id).get("approval")
        if body is not None and step is not None and step.due < office.now:
            lines.append(f"Protokollet är inte justerat: {body.name} {long_date(each.day)}.")
    return lines


def _unanswered_referrals(session: Session, municipality: Municipality) -> list[str]:
    rows = session.scalars(
        select(DecisionRow)
        .filter_by(municipality=municipality.id, answered=None)
        .where(DecisionRow.referred_to != "")
        .order_by(DecisionRow.decided)
    )
    return [
        f"{municipality.body_name(row.referred_to)} har inte svarat på en fråga från "
        f"{in_running_text(municipality.body_name(row.body))} den {short_date(row.decided)}."
        for row in rows
    ]


def _undelivered(session: Session, municipality: Municipality) -> list[str]:
    rows = session.scalars(
        select(Dispatch).filter_by(municipality=municipality.id).where(Dispatch.state == "failed").order_by(Dispatch.id)
    )
    return [f"Mejlet ”{row.subject}” till {row.address} kom inte fram: {row.problem}" for row in rows]


def _duties(session: Session, office: Office, municipality: Municipality) -> list[str]:
    plan = two_year_plan(session, municipality, office.today)
    if plan is None:
        return ["Ingen lägesbild eller åtgärdsplan är antecknad: fristerna i 6 § lagen (2023:196) kan inte räknas."]
    if plan.due < office.today:
        return [f"Fristen i 6 § lagen (2023:196) gick ut den {short_date(plan.due)}."]
    return [plan.problem] if plan.problem else []
