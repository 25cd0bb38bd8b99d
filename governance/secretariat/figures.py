"""The record of a period in figures, for the follow-ups."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.model.action import ActionItem
from governance.model.body import Body, Municipality
from governance.model.decision import Decision
from governance.model.duties import Evidence
from governance.model.follow_up import ActionFigures, BodyFigures
from governance.papers.swedish import count, short_date
from governance.secretariat.actions import as_decision, as_item
from governance.store import minute_book, queries
from governance.store.tables import Action, AttendanceRow, DecisionRow, Installation, Occasion

HELD = ("held", "closed")
OPENING_WORDS = ("dagordning", "föredragningslista", "justerare")  # in the titles of items that open every meeting


def body_figures(session: Session, municipality: Municipality, first: date, last: date) -> tuple[BodyFigures, ...]:
    """Every own body's meetings over the period, in the config's order; bodies that met nothing are there too."""
    own = [body for body in municipality.bodies.values() if not body.external and body.status == "active"]
    return tuple(_figures(session, municipality, body, first, last) for body in own)


def _figures(session: Session, municipality: Municipality, body: Body, first: date, last: date) -> BodyFigures:
    meetings = queries.occasions(session, municipality.id, key=body.id, first=first, last=last)
    held = [each for each in meetings if each.status in HELD]
    missed = [each for each in meetings if each.status in {"cancelled", "not-held"}]
    decisions = session.scalar(
        select(func.count(DecisionRow.id)).where(
            DecisionRow.municipality == municipality.id,
            DecisionRow.body == body.id,
            DecisionRow.decided.between(first, last),
        )
    )
    return BodyFigures(
        body=body.name,
        planned=len(meetings),
        held=len(held),
        cancelled=len(missed),
        moved=sum(1 for each in held if each.moved_from is not None),
        attendance=_attendance(session, held),
        decisions=decisions or 0,
        notes=tuple(f"Mötet den {short_date(each.day)} blev inte av: {_as_clause(each.reason)}." for each in missed),
    )


def _as_clause(reason: str) -> str:
    return (reason[:1].lower() + reason[1:]).rstrip(".") if reason else "ingen orsak antecknad"


def _attendance(session: Session, held: list[Occasion]) -> float | None:
    rows = session.execute(
        select(AttendanceRow.presence, func.count(AttendanceRow.id))
        .where(AttendanceRow.occasion_id.in_([each.id for each in held]))
        .group_by(AttendanceRow.presence)
    )
    by_presence = {row[0]: row[1] for row in rows}
    total = sum(by_presence.values())
    return by_presence.get("present", 0) / total if total else None


def action_figures(session: Session, municipality: Municipality, first: date, last: date) -> ActionFigures:
    """Actions made and closed in the period, and those open at its end."""
    rows = [each for each in minute_book.actions(session, municipality.id) if each.made <= last]
    still = [each for each in rows if each.closed is None or each.closed > last]
    ended = [each for each in rows if each.closed and first <= each.closed <= last]
    return ActionFigures(
        made=sum(1 for each in rows if each.made >= first),
        closed=sum(1 for each in ended if each.status == "done"),
        dropped=sum(1 for each in ended if each.status == "dropped"),
        open=len(still),
        late=sum(1 for each in still if each.due is not None and each.due < last),
    )


def actions_of_period(
    session: Session, municipality: Municipality, first: date, last: date
) -> tuple[tuple[ActionItem, ...], tuple[ActionItem, ...]]:
    """(closed in the period, open at its end), those of secret items without their text."""
    secret = minute_book.secret_items(session, municipality.id)
    rows: list[Action] = [each for each in minute_book.actions(session, municipality.id) if each.made <= last]
    closed = [each for each in rows if each.closed and first <= each.closed <= last]
    still = [each for each in rows if each.closed is None or each.closed > last]
    closed.sort(key=lambda each: (each.closed or last, each.sequence))
    return (
        tuple(as_item(session, municipality, each, last, secret) for each in closed),
        tuple(as_item(session, municipality, each, last, secret) for each in still),
    )


def evidence_of(session: Session, municipality: Municipality) -> tuple[Evidence, ...]:
    """What the archive shows of duties carried out."""
    return tuple(
        Evidence(row.duty, row.done, row.area, municipality.body_name(row.body), row.decision)
        for row in queries.duty_evidence(session, municipality.id)
    )


def telling_decisions(
    session: Session, municipality: Municipality, first: date, last: date, tiers: frozenset[str]
) -> tuple[Decision, ...]:
    """A period's decisions in bodies of these tiers, without secret ones and those every meeting opens with."""
    return tuple(
        as_decision(municipality, row)
        for row in minute_book.open_decisions(session, municipality.id, first, last)
        if row.body in municipality.bodies
        and municipality.bodies[row.body].tier in tiers
        and not any(word in row.title.casefold() for word in OPENING_WORDS)
    )


def agreement_lines(municipality: Municipality, day: date) -> tuple[str, ...]:
    """The agreements in force on a day and those that ended in the year before, as sentences."""
    lines: list[str] = []
    for each in municipality.agreements.values():
        if each.valid_from <= day <= each.valid_until:
            lines.append(f"{each.title} gäller till och med den {short_date(each.valid_until)}.")
        elif 0 <= (day - each.valid_until).days <= 365:
            lines.append(f"{each.title} löpte ut den {short_date(each.valid_until)}.")
    return tuple(lines)


def findings(
    session: Session, municipality: Municipality, figures: tuple[BodyFigures, ...], first: date
) -> tuple[str, ...]:
    """What a reader of the figures must know: shortfalls, and from when there is a record at all."""
    lines: list[str] = []
    for each in figures:
        if each.cancelled:
            lines.append(f"{each.body} höll {each.held} av {each.planned} planerade möten.")
        unrecorded = each.planned - each.held - each.cancelled
        if unrecorded:
            words = count(unrecorded, "möte är ännu inte antecknat", "möten är ännu inte antecknade")
            lines.append(f"{each.body}: {words}.")
    begun = session.scalar(select(Installation.begun))
    if begun and begun.astimezone(municipality.timezone).date() > first:
        day = short_date(begun.astimezone(municipality.timezone).date())
        lines.append(f"Uppgifterna är förda från och med den {day}; vad som hänt dessförinnan ingår inte.")
    return tuple(lines)
