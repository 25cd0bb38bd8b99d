"""Takes what is due: each step in a transaction of its own, claimed first, so that two runs never do it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jinja2 import TemplateError
from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.steps import BEFORE_MEETING
from governance.papers.letterhead import LetterheadProblem
from governance.papers.templates import TemplateProblem, UnfitPaper
from governance.secretariat.office import Desk, Done, Office, starts_at
from governance.store import queries
from governance.store.database import ArchiveProblem
from governance.store.tables import Occasion, Step

Handler = Callable[[Desk], Done]
# What these say is said in Swedish to the user.
_SPOKEN = (TemplateProblem, TemplateError, UnfitPaper, LetterheadProblem, ValueError)
TWO_YEAR = "two-year-follow-up"
CALLED_OFF = "utgick: inställt"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The steps due at a moment, and after how many transactions that was so."""

    asked: tuple[datetime, int]
    steps: list[tuple[int, str]]


def occasion_name(municipality: Municipality, key: str) -> str:
    """What an occasion is of: a body's name, a product's title, the two-year follow-up."""
    product = municipality.products.get(key)
    return "Tvåårsuppföljning" if key == TWO_YEAR else product.title if product else municipality.body_name(key)


def subject_of(municipality: Municipality, occasion: Occasion) -> str:
    """What an occasion is called in tables: `Styrgruppen 2027-03-18`, `Årlig uppföljning 2027-10-21`."""
    return f"{occasion_name(municipality, occasion.key)} {occasion.day}"


def take_due(office: Office, municipality: Municipality, verb: str, handlers: Mapping[str, Handler]) -> list[Done]:
    """Does every due step whose kind `handlers` names (`status_reminder*` names all that begin so), oldest first.

    A step that fails keeps its place: the reason is written on it, the others go on, and the next sweep tries again.
    """
    return [
        done
        for step_id, kind in _due(office, municipality)
        if (handler := handler_of(handlers, kind)) and (done := _take(office, municipality, verb, handler, step_id))
    ]


def _due(office: Office, municipality: Municipality) -> list[tuple[int, str]]:
    """What is due now, of every kind; asked for again when something has been written since."""
    key, asked = f"due {municipality.id}", (office.now, office.archive.writes)
    known = office.pristine.get(key)
    if isinstance(known, _Waiting) and known.asked == asked:
        return known.steps
    with office.archive.ask() as asking:
        steps = queries.due_steps(asking, municipality.id, office.now)
    office.pristine[key] = _Waiting(asked, steps)
    return steps


def handler_of(handlers: Mapping[str, Handler], kind: str) -> Handler | None:
    """Who does a kind of step, or None where it is another verb's."""
    if kind in handlers:
        return handlers[kind]
    patterns = ((pattern[:-1], handler) for pattern, handler in handlers.items() if pattern[-1] == "*")
    return next((handler for begins, handler in patterns if kind.startswith(begins)), None)


def _take(office: Office, municipality: Municipality, verb: str, handler: Handler, step_id: int) -> Done | None:
    try:
        with office.archive.write() as session:
            claimed = queries.claim(session, step_id)
            if claimed is None:
                return None
            step, occasion = claimed
            desk = Desk(session, office, municipality, occasion, step)
            done = _lapsed(desk, verb) or handler(desk)
            step.done = office.now
            step.evidence = done.what
            return done
    except ArchiveProblem:
        raise
    except _SPOKEN as problem:
        return _failed(office, municipality, verb, step_id, str(problem))
    except Exception as problem:  # noqa: BLE001 - one step must never stand in the way of the others
        return _failed(office, municipality, verb, step_id, f"{type(problem).__name__}: {problem}")


def _lapsed(desk: Desk, verb: str) -> Done | None:
    """Steps before a meeting that has begun, or of one that is called off, are closed without being done."""
    occasion = desk.occasion
    subject = subject_of(desk.municipality, occasion)
    if occasion.kind == "meeting" and occasion.key not in desk.municipality.bodies:
        return Done(verb, desk.municipality.id, subject, "utgick: organet finns inte längre i konfigurationen")
    if occasion.status in {"cancelled", "not-held"}:
        return Done(verb, desk.municipality.id, subject, "utgick: mötet blev inte av")
    before = desk.step.kind.startswith(BEFORE_MEETING)
    if occasion.kind == "meeting" and before and desk.now >= starts_at(occasion, desk.municipality):
        return Done(verb, desk.municipality.id, subject, "utgick: mötet hade redan börjat")
    return None


def _failed(office: Office, municipality: Municipality, verb: str, step_id: int, problem: str) -> Done | None:
    with office.archive.write() as session:
        claimed = queries.claim(session, step_id)
        if claimed is None:  # another run has done it meanwhile
            return None
        step, occasion = claimed
        step.retry = office.now + timedelta(hours=min(2 ** (step.attempts - 1), 24))
        step.evidence = f"misslyckades: {problem}"
        return Done(verb, municipality.id, subject_of(municipality, occasion), step.evidence, failed=True)


def owe(session: Session, occasion: Occasion, kind: str, due: datetime) -> None:
    """Adds a step, or moves it where it is not done yet."""
    step = queries.step_of(session, occasion.id, kind)
    if step is None:
        session.add(Step(occasion_id=occasion.id, kind=kind, due=due))
    else:
        _move(step, due)


def owe_all(
    session: Session, occasion: Occasion, steps: Mapping[str, datetime], now: datetime, known: Mapping[str, Step]
) -> None:
    """Makes an occasion, whose steps so far are `known`, owe exactly these.

    New ones are added, undone ones moved, those not named lapse; what lapsed because the meeting was called off
    is owed again.
    """
    found = dict(known)
    new = [{"occasion_id": occasion.id, "kind": kind, "due": due} for kind, due in steps.items() if kind not in found]
    if new:
        session.execute(insert(Step), new)
    for kind, due in steps.items():
        step = found.pop(kind, None)
        if step is not None and step.evidence.startswith(CALLED_OFF):
            step.done, step.evidence = None, ""
        if step is not None:
            _move(step, due)
    for step in found.values():
        if step.done is None:
            step.done, step.evidence = now, "utgick: görs inte längre enligt konfigurationen"


def call_off(session: Session, occasion: Occasion, now: datetime, reason: str) -> None:
    """Lets everything an occasion still owes lapse."""
    for step in queries.steps_of(session, occasion.id).values():
        if step.done is None:
            step.done, step.evidence = now, ", ".join(filter(None, [CALLED_OFF, reason]))


def _move(step: Step, due: datetime) -> None:
    if step.done is None and step.due != due:
        step.due, step.retry = due, None


def reopen(session: Session, occasion: Occasion, kind: str, due: datetime) -> None:
    """Makes a done step due again: what it made no longer tells everything."""
    step = queries.step_of(session, occasion.id, kind)
    if step is not None and step.done is not None:
        step.done, step.due, step.retry = None, due, None


def reopen_lapsed(session: Session, occasion: Occasion, kind: str, why: str) -> None:
    """Owes a step again that lapsed for a reason that begins like this."""
    step = queries.step_of(session, occasion.id, kind)
    if step is not None and step.evidence.startswith(why):
        step.done, step.evidence = None, ""


def close(session: Session, occasion: Occasion, kind: str, now: datetime, evidence: str) -> None:
    """Marks a step as done by something other than its flow, or as no longer needed."""
    step = queries.step_of(session, occasion.id, kind)
    if step is not None and step.done is None:
        step.done, step.evidence = now, evidence
