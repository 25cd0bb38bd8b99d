"""Lag (2023:196) section by section: what each asks, who carries it here, and what shows that it is done.

The statute was read in full, state through 2025. It names no supervisory authority, no format and no meeting
frequency; what is checked here is what it says and no more. 14 § is a right, not a duty, and has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from governance.model.body import Municipality
from governance.model.duties import Clock, Evidence, clocks
from governance.model.follow_up import DutyState
from governance.model.words import day_month, in_running_text

SOON = timedelta(days=183)  # a clock that runs out within half a year is shown as due


def duty_states(municipality: Municipality, evidence: Sequence[Evidence], today: date) -> tuple[DutyState, ...]:
    """How the municipality stands to each section on `today`, in the law's order; later evidence shows nothing yet."""
    evidence = [each for each in evidence if each.done <= today]
    return (
        *_picture(municipality, evidence, today),
        _plan(municipality, evidence),
        *_clock_states(municipality, evidence, today),
        _agreements(municipality, today),
        _council(municipality, today),
        _coordination(municipality),
        _contact_point(municipality),
        _lead(municipality, evidence),
    )


def has_gap(state: DutyState) -> bool:
    """Whether a duty is late or has nobody to carry it: what `kadens duties` ends with 1 for."""
    return state.state == "late" or not state.carrier


def _coordinators(municipality: Municipality) -> str:
    return ", ".join(municipality.person_name(each) for each in municipality.coordination_function)


def _picture(municipality: Municipality, evidence: Sequence[Evidence], today: date) -> list[DutyState]:
    carrier = _coordinators(municipality)
    found = [clock for clock in clocks(municipality.duties, evidence) if clock.duty == "situation-picture"]
    if not found:
        return [_state("4 §", "Ta fram en lägesbild av brottsligheten i kommunen", carrier, "", "not-shown")]
    return [
        _state(
            "4 §",
            "Ta fram en lägesbild av brottsligheten i kommunen",
            carrier,
            _shown_by("situation-picture", clock, evidence, "Fastställd"),
            "shown" if clock.last_done and clock.last_done <= today else "not-shown",
            area=clock.area,
            done=clock.last_done,
        )
        for clock in found
    ]


def _plan(municipality: Municipality, evidence: Sequence[Evidence]) -> DutyState:
    plan = municipality.duties.action_plan
    text = "Besluta om en plan för åtgärderna, med lägesbilden som grund"
    decided = [each for each in evidence if each.duty == "action-plan"]
    last = max([*(each.done for each in decided), *([plan.decided] if plan and plan.decided else [])], default=None)
    carrier = municipality.body_name((plan.decided_by if plan else "") or municipality.lead_committee)
    if last is None:
        return _state("5 §", text, carrier, "", "not-shown")
    shown = f"Beslutad {_day(last)}"
    if decided and decided[-1].decision:
        shown += f", {decided[-1].decision}"
    if plan and plan.case_number:
        shown += f", dnr {plan.case_number}"
    return _state("5 §", text, carrier, shown, "shown", done=last)


def _clock_states(municipality: Municipality, evidence: Sequence[Evidence], today: date) -> list[DutyState]:
    texts = {
        "situation-picture": ("Uppdatera lägesbilden minst vartannat år", "Gjordes"),
        "action-plan-follow-up": ("Följa upp åtgärdsplanen minst vartannat år", "Gjordes"),
    }
    plan = municipality.duties.action_plan
    organ = municipality.body_name((plan.decided_by if plan else "") or municipality.lead_committee)
    states: list[DutyState] = []
    for clock in clocks(municipality.duties, evidence):
        text, word = texts[clock.duty]
        if clock.next_due is None or clock.next_due < today:
            state = "late"
        else:
            state = "due" if clock.next_due <= today + SOON else "shown"
        shown = _shown_by(clock.duty, clock, evidence, word)
        states.append(
            _state("6 §", text, organ, shown, state, area=clock.area, done=clock.last_done, due=clock.next_due)
        )
    return states


# What winds up each clock again: a new plan decided is followed up within two years, too.
_WINDS = {
    "situation-picture": ("situation-picture",),
    "action-plan-follow-up": ("action-plan", "action-plan-follow-up"),
}


def _shown_by(duty: str, clock: Clock, evidence: Sequence[Evidence], word: str) -> str:
    if clock.last_done is None:
        return ""
    here = [
        each
        for each in evidence
        if each.duty in _WINDS[duty] and each.done == clock.last_done and each.area in {"", clock.area}
    ]
    by = f" av {in_running_text(here[-1].body)}" if here and here[-1].body else ""
    decision = f", {here[-1].decision}" if here and here[-1].decision else ""
    return f"{word} {_day(clock.last_done)}{by}{decision}"


def _agreements(municipality: Municipality, today: date) -> DutyState:
    text = "Verka för skriftliga överenskommelser som anger syften och områden"
    valid = [each for each in municipality.agreements.values() if each.valid_from <= today <= each.valid_until]
    whole = [each for each in valid if each.purposes and each.areas]
    shown = "; ".join(f"{each.title}, gäller till och med {_day(each.valid_until)}" for each in whole)
    return _state("9 §", text, _coordinators(municipality), shown, "shown" if whole else "not-shown")


def _council(municipality: Municipality, today: date) -> DutyState:
    text = "Verka för ett strategiskt råd som leds av kommunen"
    for body in municipality.bodies.values():
        if "strategic-council" in body.fulfils and (body.ends is None or body.ends >= today):
            chair = municipality.person_name(body.holder("chair", today)) or "vakant"
            state = "shown" if body.holder("chair", today) else "not-shown"
            return _state("10 §", text, body.name, f"Ordförande {chair}", state)
    return _state("10 §", text, "", "", "not-shown")


def _coordination(municipality: Municipality) -> DutyState:
    text = "Ha en funktion för samordning"
    names = _coordinators(municipality)
    return _state("11 §", text, names, names, "shown" if names else "not-shown")


def _contact_point(municipality: Municipality) -> DutyState:
    contact = municipality.contact
    text = "Samordna och stödja arbetet, vara kontaktpunkt och sprida information"
    return _state("12 §", text, contact.name, contact.email, "shown" if contact.email else "not-shown")


def _lead(municipality: Municipality, evidence: Sequence[Evidence]) -> DutyState:
    text = "Leda arbetet och kontinuerligt rapportera till kommunfullmäktige"
    reports = [each for each in evidence if each.duty == "report-to-assembly"]
    last = reports[-1] if reports else None
    shown = f"Senaste rapport {_day(last.done)}" + (f", {last.decision}" if last.decision else "") if last else ""
    carrier = municipality.body_name(municipality.lead_committee)
    return _state("13 §", text, carrier, shown, "shown" if last else "not-shown", done=last.done if last else None)


def _day(day: date) -> str:
    return f"{day_month(day)} {day.year}"


def _state(
    section: str,
    text: str,
    carrier: str,
    evidence: str,
    state: str,
    *,
    area: str = "",
    done: date | None = None,
    due: date | None = None,
) -> DutyState:
    return DutyState(section, text, carrier, evidence, done, due, state, area)
