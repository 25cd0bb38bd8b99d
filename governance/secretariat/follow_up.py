"""Carries out the follow-ups: makes each for the organ it goes to, starts the work, and warns of the law's dates."""

from __future__ import annotations

from datetime import date, datetime

from governance.model.body import Municipality
from governance.model.duties import Clock, clocks
from governance.model.follow_up import DutyState
from governance.model.people import Person
from governance.model.steps import MORNING
from governance.model.words import in_running_text
from governance.papers.swedish import listing
from governance.secretariat.editions import two_year_plan
from governance.secretariat.figures import (
    evidence_of,
)
from governance.secretariat.follow_up_papers import annual_follow_up, two_year_follow_up
from governance.secretariat.members import keepers
from governance.secretariat.office import Desk, Done, Office
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.steps import (
    TWO_YEAR,
    subject_of,
    take_due,
)
from governance.store.tables import Paper


def make_follow_ups(office: Office, municipality: Municipality) -> list[Done]:
    """Makes every follow-up that is due and sends every reminder of one."""
    handlers = {"paper_*": _make, "start": _start, "duty_reminder_*": _warn, "deadline": _overdue}
    return take_due(office, municipality, "follow_up", handlers)


def _make(desk: Desk) -> Done:
    body = desk.step.kind.removeprefix("paper_")
    if body not in desk.municipality.bodies or desk.occasion.key not in {TWO_YEAR, *desk.municipality.products}:
        return _gone(desk)
    paper = two_year_follow_up(desk, body) if desk.occasion.key == TWO_YEAR else annual_follow_up(desk, body)
    receiver = desk.municipality.bodies[body]
    mails = 0
    if receiver.external:
        mails = _hand_to_external(desk, body, paper)
    what = f"{paper.title}, version {paper.version}, till {receiver.name}"
    return Done("follow_up", desk.municipality.id, subject_of(desk.municipality, desk.occasion), what, 1, mails)


def _gone(desk: Desk) -> Done:
    subject = subject_of(desk.municipality, desk.occasion)
    return Done("follow_up", desk.municipality.id, subject, "utgick: finns inte längre i konfigurationen")


def _hand_to_external(desk: Desk, body: str, paper: Paper) -> int:
    """An organ with its papers elsewhere: the coordinator gets the document to hand in."""
    context = {
        "paper_title": paper.title,
        "municipality": desk.municipality.name,
        "receiver": desk.municipality.body_name(body),
        "meeting_date": _meeting_day(desk, body),
    }
    return sum(
        post(desk, "hand_in", person, context, mark=f"_{body}", version=paper.version, attachments=[attached(paper)])
        for person in _coordinators(desk)
    )


def _meeting_day(desk: Desk, body: str) -> date:
    """The day a body handles the paper: its own place in the chain, else the edition's day."""
    plan = two_year_plan(desk.session, desk.municipality, desk.today) if desk.occasion.key == TWO_YEAR else None
    return dict(plan.chain).get(body, desk.occasion.day) if plan else desk.occasion.day


def _coordinators(desk: Desk) -> list[Person]:
    return known(desk.municipality, keepers(desk.municipality, None, desk.today))


def _start(desk: Desk) -> Done:
    municipality, occasion = desk.municipality, desk.occasion
    product = municipality.products.get(occasion.key)
    if product is None:
        return _gone(desk)
    body = municipality.bodies.get(product.prepared_by)
    context = {
        "municipality": municipality.name,
        "product_title": product.title,
        "due": occasion.day,
        "receivers": listing([in_running_text(municipality.body_name(each)) for each in product.to]),
        "made_by_kadens": product.kind == "annual-follow-up",
    }
    people = known(municipality, keepers(municipality, body, desk.today))
    mails = sum(post(desk, "product_start", person, context) for person in people)
    return Done(
        "follow_up",
        municipality.id,
        subject_of(municipality, occasion),
        f"{mails} {'påmind' if mails == 1 else 'påminda'} om arbetet",
        mails=mails,
    )


def _warn(desk: Desk) -> Done:
    plan = two_year_plan(desk.session, desk.municipality, desk.today)
    zone = desk.municipality.timezone
    meetings = tuple(
        (desk.municipality.body_name(body), datetime.combine(day, MORNING, zone))
        for body, day in (plan.chain if plan else ())
    )
    context = {
        "municipality": desk.municipality.name,
        "duty": _two_year_duty(desk),
        "meetings": meetings,
        "problem": desk.occasion.reason,
    }
    mark = desk.step.kind.removeprefix("duty_reminder")
    mails = sum(post(desk, "duty_reminder", person, context, mark=mark) for person in _coordinators(desk))
    what = f"påminnelse om frist {desk.occasion.slot}"
    return Done("follow_up", desk.municipality.id, subject_of(desk.municipality, desk.occasion), what, mails=mails)


def _two_year_duty(desk: Desk) -> DutyState:
    """The two clocks of 6 § as one, the way the follow-up takes them."""
    municipality, due = desk.municipality, desk.occasion.slot
    plan = municipality.duties.action_plan
    organ = municipality.body_name((plan.decided_by if plan else "") or municipality.lead_committee)
    done = max((clock.last_done for clock in _clocks(desk) if clock.last_done), default=None)
    text = "uppdatera lägesbilden och följa upp åtgärdsplanen"
    return DutyState("6 §", text, organ, "", done, due, "late" if due < desk.today else "due")


def _clocks(desk: Desk) -> tuple[Clock, ...]:
    return clocks(desk.municipality.duties, evidence_of(desk.session, desk.municipality))


def _overdue(desk: Desk) -> Done:
    context = {"municipality": desk.municipality.name, "duty": _two_year_duty(desk)}
    mails = sum(post(desk, "overdue", person, context) for person in _coordinators(desk))
    what = f"försenad: fristen {desk.occasion.slot} har gått ut utan antecknat beslut"
    return Done("follow_up", desk.municipality.id, subject_of(desk.municipality, desk.occasion), what, mails=mails)
