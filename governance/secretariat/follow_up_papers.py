"""The yearly and the two-year follow-up, prefilled from the record."""

from __future__ import annotations

from datetime import date, timedelta

from governance.model.back_planning import BackPlan, period_before
from governance.model.body import Municipality
from governance.model.dates import add_years
from governance.model.duties import clocks
from governance.model.follow_up import AnnualFollowUp, StatusFigures, TwoYearFollowUp
from governance.model.law import duty_states
from governance.model.words import in_running_text
from governance.papers.swedish import count, listing, sentence, short_date, week
from governance.secretariat.editions import two_year_plan
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
from governance.secretariat.office import Desk
from governance.secretariat.outbox import known
from governance.secretariat.papers import Heading, keep_paper
from governance.store import minute_book, paper_shelf, queries
from governance.store.tables import Occasion, Paper

LEADING = frozenset({"council", "steering", "committee", "assembly"})


def _contact(municipality: Municipality) -> str:
    contact = municipality.contact
    return ", ".join(filter(None, [contact.name, contact.email, contact.phone]))


def annual_follow_up(desk: Desk, body: str) -> Paper:
    """Makes and keeps the yearly follow-up for a body's meeting."""
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
            f"{receiver} godkänner uppföljningen för {_inside(period_words(first, last))}.",
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
        pictures=len(_weekly(desk, first, last)),
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


def _inside(period: str) -> str:
    """A period's words inside a sentence: `2026`, `perioden 1 oktober 2026–30 september 2027`."""
    return period if period.isdigit() else f"perioden {period}"


def two_year_follow_up(desk: Desk, body: str) -> Paper:
    """Makes and keeps the two-year follow-up (6 §) in the version that goes to a body."""
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
    weekly = _weekly(desk, first, last)
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
            f"{person.name} ({in_running_text(person.title)})" if person.title else person.name
            for person in known(municipality, municipality.coordination_function)
        ),
        sources=_sources(municipality, len(weekly), queries.answerers(session, municipality.id, first, last)),
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
        f"{receiver} överlämnar ärendet till {in_running_text(organ)} för beslut.",
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


def _weekly(desk: Desk, first: date, last: date) -> list[Occasion]:
    """The meetings of a period that a weekly situation picture was made for."""
    before = first - timedelta(days=1)
    return paper_shelf.papers_of_kind(desk.session, desk.municipality.id, "situation", before, last)


def _picture_lines(desk: Desk, weekly: list[Occasion]) -> tuple[str, ...]:
    """What the groups judged together in the weekly pictures, the latest first."""
    lines: list[str] = []
    for meeting in reversed(weekly[-12:]):
        record = minute_book.record_of(desk.session, meeting.id)
        if record and record.assessment:
            lines.append(f"{sentence(week(meeting.day))}: {record.assessment}")
    return tuple(lines)


def _sources(municipality: Municipality, pictures: int, answerers: set[str]) -> tuple[str, ...]:
    """What the follow-up rests on; of the organisations, those that answered before a meeting in the period."""
    heard = {person.organisation for person in municipality.people.values() if person.id in answerers}
    names = [each.name for each in municipality.organisations.values() if each.id in heard]
    lines: list[str] = []
    if pictures:
        words = count(pictures, "veckolägesbild", "veckolägesbilder", neuter=False)
        lines.append(f"{sentence(words)}.")
    if names:
        lines.append(f"Lägesrapporter från {listing(names)}.")
    lines.append("Anteckningar, protokoll och åtgärdslistor från de organ som redovisas i avsnitt D.")
    return tuple(lines)
