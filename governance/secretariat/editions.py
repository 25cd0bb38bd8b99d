"""The occasions of papers: editions planned with their steps, the two-year follow-up backwards from its clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.model.back_planning import BackPlan, back_plan
from governance.model.body import Municipality, Product
from governance.model.cadence import Relative
from governance.model.deadlines import LeadTime, before, step_days
from governance.model.duties import clocks, earliest_due
from governance.model.occurrence import calendar_of
from governance.model.placement import place_all, place_products
from governance.model.steps import MORNING
from governance.secretariat.figures import (
    evidence_of,
)
from governance.secretariat.office import Office
from governance.secretariat.steps import (
    CALLED_OFF,
    TWO_YEAR,
    call_off,
    close,
    owe,
    reopen_lapsed,
)
from governance.store import minute_book, paper_shelf, queries
from governance.store.tables import Occasion, Paper, Step

OTHER_PLAN = "utgick: planen ser annorlunda ut nu"
PAPER_HOUR = time(10, 0)  # before the agenda of the same day, which carries the paper
EXTERNAL_LEAD = LeadTime(21, "days")  # an organ with its papers elsewhere closes its agenda about three weeks ahead
WARNINGS = (LeadTime(6, "months"), LeadTime(3, "months"))  # before the meeting that passes the two-year follow-up


def plan_editions(session: Session, office: Office, municipality: Municipality) -> int:
    """Stores the editions that lie ahead, with their steps; the number of new ones."""
    new = _plan_two_year(session, office, municipality)
    today, horizon = office.today, office.today + timedelta(days=400)
    placed = place_all(municipality, today - timedelta(days=100), horizon)
    others = place_products(municipality, today, horizon, placed)
    for product in municipality.products.values():
        if isinstance(product.cadence, Relative) and product.kind == "annual-follow-up":
            new += _plan_annual(session, office, municipality, product, product.cadence)
        else:
            for occurrence in others.get(product.id, ()):
                if occurrence.status == "planned" and occurrence.date >= today:
                    new += _plan_product(session, municipality, product, occurrence.slot, occurrence.date)
    return new


def _edition(session: Session, municipality: Municipality, key: str, slot: date, day: date) -> tuple[Occasion, bool]:
    found = queries.occasion(session, municipality.id, "edition", key, slot)
    if found is not None:
        if found.status == "planned":
            found.day = day
        return found, False
    edition = Occasion(
        municipality=municipality.id, kind="edition", key=key, slot=slot, day=day, starts=MORNING, ends=MORNING
    )
    session.add(edition)
    session.flush()
    return edition, True


def _moment(municipality: Municipality, day: date, clock: time = MORNING) -> datetime:
    return datetime.combine(day, clock, municipality.timezone)


def _plan_annual(
    session: Session, office: Office, municipality: Municipality, product: Product, rhythm: Relative
) -> int:
    """One edition for each meeting of the receiving body in the product's months."""
    new = 0
    body = municipality.bodies[rhythm.body]
    for meeting in queries.occasions(session, municipality.id, key=body.id, first=office.today):
        if rhythm.months and meeting.day.month not in rhythm.months:
            continue
        if meeting.status not in {"planned", "convened"}:
            _lapse(session, office, municipality, product, meeting)
            continue
        edition, made = _edition(session, municipality, product.id, meeting.slot, meeting.day)
        new += made
        if edition.status == "cancelled":  # the meeting is on again
            edition.status, edition.day = "planned", meeting.day
            for kind in queries.steps_of(session, edition.id):
                reopen_lapsed(session, edition, kind, CALLED_OFF)
        start = before(LeadTime(product.lead_time_days, "days"), meeting.day, municipality.calendar)
        owe(session, edition, "start", _moment(municipality, start))
        _owe_paper(session, municipality, edition, body.id, meeting.day)
    return new


def _lapse(session: Session, office: Office, municipality: Municipality, product: Product, meeting: Occasion) -> None:
    """The edition for a meeting that is called off makes no paper."""
    edition = queries.occasion(session, municipality.id, "edition", product.id, meeting.slot)
    if edition is not None and meeting.status == "cancelled":
        edition.status = "cancelled"
        call_off(session, edition, office.now, meeting.reason)


def _owe_paper(session: Session, municipality: Municipality, edition: Occasion, body: str, meeting: date) -> None:
    receiver = municipality.bodies[body]
    if receiver.external:
        day = before(EXTERNAL_LEAD, meeting, municipality.calendar)
    else:
        day = step_days(receiver.lead_times, meeting, calendar_of(receiver, municipality.calendar)).agenda
    kind = f"paper_{body}"
    reopen_lapsed(session, edition, kind, OTHER_PLAN)
    owe(session, edition, kind, _moment(municipality, day, PAPER_HOUR))


def _plan_product(session: Session, municipality: Municipality, product: Product, slot: date, day: date) -> int:
    edition, made = _edition(session, municipality, product.id, slot, day)
    start = before(LeadTime(product.lead_time_days, "days"), day, municipality.calendar)
    owe(session, edition, "start", _moment(municipality, start))
    return int(made)


def two_year_plan(session: Session, municipality: Municipality, today: date) -> BackPlan | None:
    """The next two-year follow-up planned back from its clock; None where no clock runs."""
    due = earliest_due(clocks(municipality.duties, evidence_of(session, municipality)))
    if due is None:
        return None
    plan = municipality.duties.action_plan
    decider = (plan.decided_by if plan else "") or municipality.lead_committee
    chain = [plan.prepared_by, plan.endorsed_by, decider] if plan else [decider]
    organs = [(each, municipality.body_name(each)) for each in chain if each]
    days = minute_book.meeting_days(session, municipality.id)
    meetings = {each: days.get(each, []) for each, _ in organs}
    return back_plan(due, organs, meetings, today)


def _plan_two_year(session: Session, office: Office, municipality: Municipality) -> int:
    _close_finished(session, office, municipality)
    plan = two_year_plan(session, municipality, office.today)
    if plan is None:
        return 0
    edition, new = _edition(session, municipality, TWO_YEAR, plan.due, plan.decision_day or plan.due)
    edition.reason = plan.problem
    for body, day in plan.chain:
        _owe_paper(session, municipality, edition, body, day)
    for kind in queries.steps_of(session, edition.id):
        if kind.startswith("paper_") and kind.removeprefix("paper_") not in dict(plan.chain):
            close(session, edition, kind, office.now, OTHER_PLAN)
    last = plan.decision_day or plan.due
    days = [before(lead, last, municipality.calendar) for lead in WARNINGS]
    for nth, day in enumerate(days, start=1):
        if all(later > office.today for later in days[nth:]):  # of two that are due already, the last says it all
            owe(session, edition, f"duty_reminder_{nth}", _moment(municipality, day))
    owe(session, edition, "deadline", _moment(municipality, plan.due + timedelta(days=1)))
    return int(new)


def _close_finished(session: Session, office: Office, municipality: Municipality) -> None:
    """Editions whose clocks have all been wound up again are done; those of a date that is no more lapse."""
    due = earliest_due(clocks(municipality.duties, evidence_of(session, municipality)))
    for edition in queries.occasions(session, municipality.id, kind="edition", key=TWO_YEAR, statuses=("planned",)):
        if due is not None and due > edition.slot:
            finish(session, edition, office.now, "genomförd: fristerna räknas om")
        elif due != edition.slot:
            finish(session, edition, office.now, "utgick: fristen är en annan enligt konfigurationen")


def finish(session: Session, edition: Occasion, now: datetime, evidence: str) -> None:
    """Closes an edition and whatever it still owes."""
    edition.status = "closed"
    for kind in queries.steps_of(session, edition.id):
        close(session, edition, kind, now, evidence)


def close_handled(session: Session, meeting: Occasion, now: datetime) -> None:
    """The yearly follow-ups handed over at a meeting that is now recorded are done."""
    handled = session.scalars(
        select(Occasion)
        .join(Step, Step.occasion_id == Occasion.id)
        .where(
            Occasion.municipality == meeting.municipality,
            Occasion.kind == "edition",
            Occasion.key != TWO_YEAR,  # that one ends with the decision that winds up its clocks
            Occasion.slot == meeting.slot,
            Occasion.status == "planned",
            Step.kind == f"paper_{meeting.key}",
            Step.done.is_not(None),
        )
    )
    for edition in list(handled):
        finish(session, edition, now, f"behandlad {meeting.day}")


def handed_over(
    session: Session, municipality: Municipality, meeting: Occasion, since: datetime
) -> list[tuple[Occasion, Paper]]:
    """The follow-ups made for this body since a moment, which its agenda hands over: (edition, newest paper)."""
    steps = session.execute(
        select(Occasion)
        .join(Step, Step.occasion_id == Occasion.id)
        .where(
            Occasion.municipality == municipality.id,
            Occasion.kind == "edition",
            Occasion.status == "planned",
            Step.kind == f"paper_{meeting.key}",
            Step.done.is_not(None),
            Step.done > since,
        )
        .order_by(Occasion.slot)
    )
    found: list[tuple[Occasion, Paper]] = []
    for (edition,) in steps:
        kind = "two_year_follow_up" if edition.key == TWO_YEAR else "annual_follow_up"
        paper = paper_shelf.latest_paper(session, edition.id, kind)
        if paper is not None:
            found.append((edition, paper))
    return found
