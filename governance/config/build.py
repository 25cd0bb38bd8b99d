"""A validated configuration as the model's dataclasses. Words that make no rhythm or lead time become problems."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from governance.config import words
from governance.config.problem import Path
from governance.config.rhythm import cadence_of
from governance.config.rhythm_words import Wrong
from governance.config.schema import (
    AgreementKeys,
    BodyKeys,
    Config,
    LeadTimeKeys,
    ProductKeys,
    RhythmKeys,
    SeatKeys,
    SignInKeys,
)
from governance.config.source import Source
from governance.model.agreement import CooperationAgreement
from governance.model.body import Body, Contact, Delivery, Municipality, Product, SignIn, StandingItem
from governance.model.cadence import Cadence, Change, OnDemand, WorkCalendar
from governance.model.deadlines import LeadTime, LeadTimes, default_lead_times, parse_lead_time
from governance.model.duties import ActionPlanDuty, LawDuties, SituationPictureDuty
from governance.model.people import Organisation, Person, Seat

_TITLES = {
    "weekly-situation-picture": "Veckolägesbild",
    "in-depth-analysis": "Fördjupad analys",
    "annual-follow-up": "Årlig uppföljning",
    "two-year-follow-up": "Tvåårsuppföljning",
    "promise-report": "Redovisning av medborgarlöfte",
    "operational-plan": "Verksamhetsplan",
    "report-to-assembly": "Rapport till kommunfullmäktige",
    "other": "Handling",
}


def build(config: Config, source: Source) -> Municipality:
    """The municipality. Where something could not be made, `source` has a problem and the value is a stand-in."""
    keys = config.municipality
    people = {
        id_: Person(id_, person.name, person.email, person.organisation, person.title, person.phone)
        for id_, person in config.people.items()
    }
    return Municipality(
        id=keys.id or words.slug(keys.name),
        name=keys.name,
        contact=Contact(**keys.contact.model_dump()),
        calendar=_calendar(config),
        organisations={id_: Organisation(id_, it.name, it.type) for id_, it in config.organisations.items()},
        people=people,
        bodies={id_: _body(id_, body, people, source) for id_, body in config.bodies.items()},
        products={id_: _product(id_, product, source) for id_, product in config.products.items()},
        duties=_duties(config),
        agreements={id_: _agreement(id_, agreement) for id_, agreement in config.agreements.items()},
        delivery=Delivery(**config.delivery.model_dump()),
        timezone=_timezone(keys.timezone, source),
        language=keys.language,
        lead_committee=keys.lead_committee,
        case_number=keys.case_number,
        base_url=keys.base_url.rstrip("/"),
        publish=keys.publish,
        coordination_function=keys.coordination_function,
        report_to_assembly=keys.report_to_assembly.removeprefix("every "),
        access={role: holders for role, holders in config.access if holders},
        retention=config.retention,
        sign_in=_sign_in(config.sign_in),
    )


def _sign_in(keys: SignInKeys) -> SignIn:
    given = keys.model_dump(exclude={"from_", "issuer"})
    return SignIn(**given, issuer=keys.issuer, sources=keys.from_)


def _timezone(name: str, source: Source) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        source.report(("municipality", "timezone"), f'"{name}" är ingen tidszon; skriv Europe/Stockholm')
        return ZoneInfo("Europe/Stockholm")


def _calendar(config: Config) -> WorkCalendar:
    keys, usual = config.calendar, WorkCalendar()
    return WorkCalendar(
        public_holidays="public-holidays" in keys.days_off,
        eves="eves" in keys.days_off,
        squeeze_days="squeeze-days" in keys.days_off,
        extra_days_off=frozenset(day for day in keys.days_off if isinstance(day, date)),
        recess=keys.recess,
        on_clash=keys.on_clash,
        spring=keys.semesters.spring or usual.spring,
        autumn=keys.semesters.autumn or usual.autumn,
    )


def _body(id_: str, keys: BodyKeys, people: dict[str, Person], source: Source) -> Body:
    path: Path = ("bodies", id_)
    return Body(
        id=id_,
        cadence=_cadence((*path, "rhythm"), keys.rhythm, source, external=keys.external),
        lead_times=_lead_times(path, keys, source),
        seats=tuple(_seat(seat, people) for seat in keys.seats),
        agenda=tuple(
            StandingItem(
                item.title,
                item.kind,
                item.source,
                item.presenter,
                item.time,
                item.text,
                item.proposal,
                item.confidentiality,
            )
            for item in keys.agenda
        ),
        changes=_changes(path, keys, source),
        numbering=keys.numbering or ("yearly-paragraph" if keys.formality == "statutory" else "per-meeting"),
        **{name: getattr(keys, name) for name in _SAME_IN_BODY},
    )


_SAME_IN_BODY: Any = (
    *("name", "tier", "formality", "asks", "produces", "reports_to", "mandate", "scope", "aliases", "place"),
    *("attendee_list", "external", "fulfils", "starts", "ends", "appointed_by", "succeeds", "status", "recess"),
    *("on_clash", "duration", "address"),
)


def _cadence(path: Path, keys: RhythmKeys, source: Source, paper: bool = False, external: bool = False) -> Cadence:
    try:
        return cadence_of(keys, paper, external)
    except Wrong as wrong:
        where = (*path, wrong.key) if wrong.key else path
        if not source.clouded(where):
            source.report(where, wrong.message)
        return OnDemand()


def _seat(keys: SeatKeys, people: dict[str, Person]) -> Seat:
    holder = people.get(keys.held_by[0]) if keys.held_by else None
    return Seat(
        role=keys.role,
        title=keys.title,
        organisation=keys.organisation or (holder.organisation if holder else ""),
        held_by=tuple(dict.fromkeys(keys.held_by)),
        starts=keys.from_,
        ends=keys.until,
        presenter=keys.presenter or keys.role == "presenter",
        leading_position=keys.leading_position,
        substitute_for=keys.for_,
        alternate=keys.alternate,
    )


def _lead_time(path: Path, text: str, source: Source) -> LeadTime | None:
    try:
        return parse_lead_time(text)
    except ValueError:
        message = (
            f'"{text}" är ingen frist; skriv ett antal och days, working days, weeks eller months, till exempel 7 days'
        )
        source.report(path, message)
        return None


def _lead_times(path: Path, keys: BodyKeys, source: Source) -> LeadTimes:
    usual = default_lead_times(keys.formality)
    given: dict[str, LeadTime] = {}
    for name in LeadTimeKeys.model_fields:
        text = getattr(keys.lead_times, name)
        given[name] = (_lead_time((*path, "lead_times", name), text, source) if text else None) or getattr(usual, name)
    if "reminders" not in keys.model_fields_set:
        return LeadTimes(**given, reminders=usual.reminders)
    reminders = (_lead_time((*path, "reminders", n), text, source) for n, text in enumerate(keys.reminders))
    return LeadTimes(**given, reminders=tuple(lead for lead in reminders if lead))


def _changes(path: Path, keys: BodyKeys, source: Source) -> dict[date, Change]:
    found: dict[date, Change] = {}
    for text, change in keys.changes.items():
        where = (*path, "changes", text)
        try:
            slot = words.parse_day(text)
            where = (*where, "to") if change.to else where
            day, span = words.parse_moment(change.to) if change.to else (None, None)
        except ValueError as error:
            source.report(where, str(error))
            continue
        if bool(change.cancelled) == bool(day):
            message = "skriv antingen cancelled med ett skäl eller to med ett nytt datum"
            source.report((*path, "changes", text), message)
            continue
        found[slot] = Change(bool(change.cancelled), day, span, change.cancelled or change.reason)
    return found


def _product(id_: str, keys: ProductKeys, source: Source) -> Product:
    path: Path = ("products", id_)
    lead = _lead_time((*path, "lead_time"), keys.lead_time, source) if keys.lead_time else None
    days = {"days": 1.0, "working-days": 1.4, "weeks": 7.0, "months": 30.0}
    return Product(
        id=id_,
        kind=keys.kind,
        title=keys.title or _TITLES[keys.kind],
        cadence=_cadence(path, keys, source, paper=True),
        prepared_by=keys.prepared_by,
        endorsed_by=keys.endorsed_by,
        decided_by=keys.decided_by,
        to=keys.to,
        public=keys.public,
        lead_time_days=round(lead.amount * days[lead.unit]) if lead else 28,
    )


def _duties(config: Config) -> LawDuties:
    law = config.duties.law_2023_196
    picture, plan = law.situation_picture, law.action_plan
    return LawDuties(
        SituationPictureDuty(picture.established, picture.areas) if picture else None,
        ActionPlanDuty(**plan.model_dump()) if plan else None,
    )


def _agreement(id_: str, keys: AgreementKeys) -> CooperationAgreement:
    return CooperationAgreement(
        id=id_,
        title=keys.title or id_,
        parties=keys.parties,
        valid_from=keys.valid[0],
        valid_until=keys.valid[1],
        purposes=keys.purposes,
        areas=keys.areas,
        succeeds=keys.succeeds,
        signed=keys.signed,
        case_number=keys.case_number,
        plan_every=keys.plan.every if keys.plan else "",
        plan_decided_by=keys.plan.decided_by if keys.plan else "",
    )
