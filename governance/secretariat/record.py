"""Takes in what happened: status answers, attendance, notes, decisions, actions, approvals, duties carried out.

Each arrival is one transaction and is known again by its fingerprint: the same again changes nothing, a corrected one
replaces what it said before. Numbers once given (§, Å-) stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.occurrence import calendar_of
from governance.model.record import (
    AnswerEntry,
    ApprovalEntry,
    MeetingEntry,
)
from governance.model.steps import status_closes
from governance.secretariat.answer import take_answer
from governance.secretariat.office import Done, Office
from governance.secretariat.outcome import take_approval, take_outcome
from governance.secretariat.steps import subject_of
from governance.store import queries
from governance.store.tables import (
    Arrival,
    Occasion,
)

WRITTEN_UP = timedelta(hours=1)  # a meeting's outcome is there an hour after it, unless the entry says otherwise
USUAL_HOUR = time(8, 30)
APPROVAL_HOUR = time(9, 0)

Taking = Callable[[Session, Office, Municipality, Occasion, datetime], str]  # what was taken in, in words


@dataclass(frozen=True, slots=True)
class Incoming:
    """One arrival: when it comes in, what it is, and what taking it in does."""

    moment: datetime
    part: str  # "answer:anna.lind", "outcome", "approval"
    entry: MeetingEntry
    fingerprint: str
    take: Taking


def arrivals(municipality: Municipality, entries: Sequence[MeetingEntry]) -> list[Incoming]:
    """Everything the entries hold, in the order it comes in."""
    found = [incoming for entry in entries for incoming in _of_entry(municipality, entry)]
    return sorted(found, key=lambda each: (each.moment, each.entry.body, each.part))


def _of_entry(municipality: Municipality, entry: MeetingEntry) -> list[Incoming]:
    body = municipality.bodies[entry.body]
    span = _clock_of(municipality, entry)
    found: list[Incoming] = []
    for answer in entry.answers:
        closes = status_closes(body, span[0], calendar_of(body, municipality.calendar))
        usual = datetime.combine(closes.date(), USUAL_HOUR, municipality.timezone)
        found.append(
            Incoming(
                answer.received or usual,
                f"answer:{answer.person}",
                entry,
                _fingerprint(answer),
                _answer_of(answer),
            )
        )
    if entry.has_outcome or entry.not_held:
        moment = entry.recorded or span[1] + WRITTEN_UP
        outcome = (entry.attendance, entry.items, sorted(entry.actions.items()), entry.assessment, entry.ahead)
        more = (entry.to_parent, entry.approvers, entry.not_held, entry.completed)
        found.append(Incoming(moment, "outcome", entry, _fingerprint((outcome, more)), _outcome_of(entry)))
    if entry.approved is not None:
        moment = datetime.combine(entry.approved.on, APPROVAL_HOUR, municipality.timezone)
        found.append(Incoming(moment, "approval", entry, _fingerprint(entry.approved), _approval_of(entry.approved)))
    return found


def _clock_of(municipality: Municipality, entry: MeetingEntry) -> tuple[datetime, datetime]:
    """The meeting's times as far as the entry alone can tell: the body's usual ones on the entry's day."""
    body = municipality.bodies[entry.body]
    span = getattr(body.cadence, "at", None)
    start = datetime.combine(entry.day, span.start if span else body.default_start, municipality.timezone)
    if span and span.end:
        return start, datetime.combine(entry.day, span.end, municipality.timezone)
    return start, start + timedelta(minutes=body.duration)


def _fingerprint(content: object) -> str:
    return sha256(repr(content).encode()).hexdigest()


def take_in(office: Office, municipality: Municipality, incoming: Incoming) -> Done | None:
    """Takes one arrival in at the office's moment; None where it is known already."""
    entry = incoming.entry
    subject = f"{municipality.body_name(entry.body)} {entry.day}"
    try:
        with office.archive.write() as session:
            meeting = queries.meeting_named(session, municipality.id, entry.body, entry.day)
            if meeting is None:
                problem = f"{municipality.body_name(entry.body)} har inget planerat möte den {entry.day}."
                return _not_taken(municipality, subject, entry, problem)
            subject = subject_of(municipality, meeting)
            known = queries.arrival(session, meeting.id, incoming.part)
            if known is not None and known.fingerprint == incoming.fingerprint:
                return None
            what = incoming.take(session, office, municipality, meeting, min(incoming.moment, office.now))
            if known is None:
                known = Arrival(occasion_id=meeting.id, part=incoming.part)
                session.add(known)
            known.fingerprint, known.arrived = incoming.fingerprint, office.now
            return Done("record", municipality.id, subject, what)
    except ValueError as problem:  # nothing of it is kept
        return _not_taken(municipality, subject, entry, str(problem))


def _not_taken(municipality: Municipality, subject: str, entry: MeetingEntry, problem: str) -> Done:
    return Done("record", municipality.id, subject, f"{entry.file}:{entry.line}: {problem}", failed=True)


def _answer_of(answer: AnswerEntry) -> Taking:
    def take(session: Session, _office: Office, municipality: Municipality, meeting: Occasion, at: datetime) -> str:
        return take_answer(session, municipality, meeting, at, answer)

    return take


def _outcome_of(entry: MeetingEntry) -> Taking:
    def take(session: Session, office: Office, municipality: Municipality, meeting: Occasion, at: datetime) -> str:
        return take_outcome(session, office, municipality, meeting, at, entry)

    return take


def _approval_of(approval: ApprovalEntry) -> Taking:
    def take(session: Session, office: Office, _town: Municipality, meeting: Occasion, at: datetime) -> str:
        return take_approval(session, office, meeting, at, approval)

    return take
