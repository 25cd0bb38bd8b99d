"""The follow-ups: planned backwards from their clocks, prefilled from the record, handed over, and shown as done."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.model.back_planning import BackPlan, back_plan, period_before
from governance.model.body import Municipality, Product
from governance.model.cadence import Relative
from governance.model.dates import add_years
from governance.model.deadlines import LeadTime, before, step_days
from governance.model.duties import Clock, clocks, earliest_due
from governance.model.follow_up import AnnualFollowUp, DutyState, StatusFigures, TwoYearFollowUp
from governance.model.law import duty_states
from governance.model.occurrence import calendar_of
from governance.model.people import Person
from governance.model.placement import place_all, place_products
from governance.model.steps import MORNING
from governance.papers.swedish import listing, short_date
from governance.secretariat.figures import (
    action_figures,
    actions_of_period,
    agreement_lines,
    body_figures,
    evidence_of,
    findings,
    telling_decisions,
)
from governance.secretariat.governance_log import governance_changes
from governance.secretariat.members import keepers
from governance.secretariat.office import Desk, Done, Office
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.papers import Heading, keep_paper
from governance.secretariat.steps import (
    CALLED_OFF,
    TWO_YEAR,
    call_off,
    close,
    owe,
    reopen_lapsed,
    subject_of,
    take_due,
)
from governance.store import queries
from governance.store.tables import Occasion, Paper, Step

OTHER_PLAN = "utgick: planen ser annorlunda ut nu"
PAPER_HOUR = time(10, 0)  # before the agenda of the same day, which carries the paper
EXTERNAL_LEAD = LeadTime(21, "days")  # an organ with its papers elsewhere closes its agenda about three weeks ahead
LEADING = frozenset({"council", "steering", "committee", "assembly"})
WARNINGS = (LeadTime(6, "months"), LeadTime(3, "months"))  # before the meeting that passes the two-year follow-up


# --- planning --------------------------------------------------------------------------------------------------


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
    meetings = {each: queries.meeting_days(session, municipality.id, each) for each, _ in organs}
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


# --- the steps -------------------------------------------------------------------------------------------------


def make_follow_ups(office: Office, municipality: Municipality) -> list[Done]:
    """Makes every follow-up that is due and sends every reminder of one."""
    handlers = {"paper_*": _make, "start": _start, "duty_reminder_*": _warn, "deadline": _overdue}
    return take_due(office, municipality, "follow_up", handlers)


def _make(desk: Desk) -> Done:
    body = desk.step.kind.removeprefix("paper_")
    if body not in desk.municipality.bodies or desk.occasion.key not in {TWO_YEAR, *desk.municipality.products}:
        return _gone(desk)
    paper = _two_year(desk, body) if desk.occasion.key == TWO_YEAR else _annual(desk, body)
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
        "receivers": listing([municipality.body_name(each) for each in product.to]),
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


# --- the papers ------------------------------------------------------------------------------------------------


def _contact(municipality: Municipality) -> str:
    contact = municipality.contact
    return ", ".join(filter(None, [contact.name, contact.email, contact.phone]))


def _annual(desk: Desk, body: str) -> Paper:
    session, municipality = desk.session, desk.municipality
    first, last = period_before(desk.occasion.day)
    figures = body_figures(session, municipality, first, last)
    closed, still = actions_of_period(session, municipality, first, last)
    asked, answered = queries.status_figures(session, municipality.id, first, last)
    product = municipality.products[desk.occasion.key]
    receiver = municipality.body_name(body)
    name = f"{product.title} {period_words(first, last)}"
    paper = AnnualFollowUp(
        municipality=municipality.name,
        year=last.year,
        period_start=first,
        period_end=last,
        to=receiver,
        meeting_date=desk.occasion.day,
        prepared_by=municipality.body_name(product.prepared_by) or municipality.contact.name,
        proposal=(
            f"{receiver} godkänner uppföljningen för {period_words(first, last)}.",
            f"{receiver} lägger uppföljningen till grund för inriktningen av det fortsatta arbetet.",
        ),
        bodies=figures,
        actions=action_figures(session, municipality, first, last),
        closed_actions=closed,
        open_actions=still,
        decisions=telling_decisions(session, municipality, first, last, LEADING | {"preparatory"}),
        status=StatusFigures(asked, answered),
        governance_changes=tuple(governance_changes(session, municipality, first, last)),
        duties=duty_states(municipality, evidence_of(session, municipality), desk.today),
        agreements=agreement_lines(municipality, desk.today),
        pictures=len(queries.papers_of_kind(session, municipality.id, "situation", first - timedelta(days=1), last)),
        findings=findings(session, municipality, figures, first),
        contact=_contact(municipality),
        made=desk.today,
    )
    heading = Heading(receiver, product.title, desk.occasion.day)
    return keep_paper(desk, "annual_follow_up", paper, heading, title=name)


def period_words(first: date, last: date) -> str:
    """A period as a title says it: `2026` for a calendar year, else `1 oktober 2026–30 september 2027`."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return str(first.year)
    return f"{short_date(first)}–{short_date(last)}"


def _two_year(desk: Desk, body: str) -> Paper:
    session, municipality = desk.session, desk.municipality
    evidence = evidence_of(session, municipality)
    duties = municipality.duties
    plan, picture = duties.action_plan, duties.situation_picture
    back = two_year_plan(session, municipality, desk.today)
    chain = _whole_chain(desk, back)
    decider = (plan.decided_by if plan else "") or municipality.lead_committee
    found = clocks(duties, evidence)
    by_duty = {clock.duty: clock for clock in reversed(found)}
    last = desk.today
    first = min((clock.last_done for clock in found if clock.last_done), default=add_years(last, -2))
    figures = body_figures(session, municipality, first, last)
    closed, still = actions_of_period(session, municipality, first, last)
    organ = municipality.body_name(decider)
    receiver = municipality.body_name(body)
    weekly = queries.papers_of_kind(session, municipality.id, "situation", first - timedelta(days=1), last)
    paper = TwoYearFollowUp(
        municipality=municipality.name,
        picture_established=by_duty["situation-picture"].last_done if picture else None,
        picture_due=by_duty["situation-picture"].next_due if picture else None,
        plan_decided=plan.decided if plan else None,
        plan_decided_by=organ,
        plan_followed_up=plan.followed_up if plan else None,
        plan_due=by_duty["action-plan-follow-up"].next_due if plan else None,
        areas=picture.areas if picture else (),
        handled_by=organ,
        handled_on=back.decision_day if back else None,
        prepared=tuple(each for each in chain if each[0] != organ),
        proposal=_two_year_proposal(receiver, organ, handled=body == decider),
        period_start=first,
        period_end=last,
        pictures=len(weekly),
        picture_lines=_picture_lines(desk, weekly),
        actions=action_figures(session, municipality, first, last),
        closed_actions=closed,
        open_actions=still,
        decisions=telling_decisions(session, municipality, first, last, LEADING),
        bodies=figures,
        duties=duty_states(municipality, evidence, desk.today),
        agreements=agreement_lines(municipality, desk.today),
        coordination=tuple(
            ", ".join(filter(None, [person.name, person.title]))
            for person in known(municipality, municipality.coordination_function)
        ),
        sources=_sources(municipality, len(weekly)),
        gaps=findings(session, municipality, figures, first),
        case_number=plan.case_number if plan else "",
        contact=_contact(municipality),
        made=desk.today,
    )
    heading = Heading(receiver, "Tvåårsuppföljning", desk.today, paper.case_number)
    return keep_paper(desk, "two_year_follow_up", paper, heading, title="Tvåårsuppföljning enligt 6 § lagen (2023:196)")


def _two_year_proposal(receiver: str, organ: str, *, handled: bool) -> tuple[str, ...]:
    if handled:
        return (
            f"{organ} fastställer den uppdaterade lägesbilden.",
            f"{organ} godkänner uppföljningen av åtgärdsplanen.",
        )
    return (
        f"{receiver} ställer sig bakom den uppdaterade lägesbilden och uppföljningen av åtgärdsplanen.",
        f"{receiver} överlämnar ärendet till {organ} för beslut.",
    )


def _whole_chain(desk: Desk, back: BackPlan | None) -> tuple[tuple[str, date], ...]:
    """The chain as it was handled so far and as it is planned: what is done stays in it."""
    days: dict[str, date] = dict(back.chain) if back else {}
    for kind, step in queries.steps_of(desk.session, desk.occasion.id).items():
        body = kind.removeprefix("paper_")
        if kind != body and step.done is not None and body not in days:
            for meeting in queries.occasions(desk.session, desk.municipality.id, key=body, first=step.done.date()):
                days[body] = meeting.day
                break
    ordered = sorted(days.items(), key=lambda each: each[1])
    return tuple((desk.municipality.body_name(body), day) for body, day in ordered)


def _picture_lines(desk: Desk, weekly: list[Occasion]) -> tuple[str, ...]:
    """What the groups judged together in the weekly pictures, the latest first."""
    lines: list[str] = []
    for meeting in reversed(weekly[-12:]):
        record = queries.record_of(desk.session, meeting.id)
        if record and record.assessment:
            lines.append(
                f"Vecka {meeting.day.isocalendar().week}, {meeting.day.isocalendar().year}: {record.assessment}"
            )
    return tuple(lines)


def _sources(municipality: Municipality, pictures: int) -> tuple[str, ...]:
    names = listing([each.name for each in municipality.organisations.values()])
    lines = [f"Lägesrapporter från {names}."]
    if pictures:
        lines.insert(0, f"{pictures} veckolägesbilder.")
    lines.append("Anteckningar, protokoll och åtgärdslistor från de organ som redovisas i avsnitt D.")
    return tuple(lines)


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
        paper = queries.latest_paper(session, edition.id, kind)
        if paper is not None:
            found.append((edition, paper))
    return found
