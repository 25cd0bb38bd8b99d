"""The law section by section, with and without something to show."""

from __future__ import annotations

from dataclasses import replace

from governance.model.agreement import CooperationAgreement
from governance.model.body import Municipality
from governance.model.duties import ActionPlanDuty, Evidence, LawDuties, SituationPictureDuty
from governance.model.law import duty_states, has_gap
from governance.model.people import Person, Seat
from tests.model.town import body, day, town, weekly

TODAY = day("2027-01-15")
FULL = LawDuties(
    SituationPictureDuty(day("2025-06-10")), ActionPlanDuty(day("2025-06-17"), "ks", case_number="KS 2025-7")
)


def whole() -> Municipality:
    """A municipality that can show everything."""
    council = body(weekly(), "rad", fulfils=("strategic-council",), seats=(Seat("chair", held_by=("anna",)),))
    lead = body(weekly(), "ks")
    agreement = CooperationAgreement(
        "a", "Överenskommelsen", ("p",), day("2026-01-01"), day("2027-12-31"), ("Mål",), ("Torget",)
    )
    return replace(
        town([council, lead]),
        people={"anna": Person("anna", "Anna Ek", "anna@storan.example", "k")},
        coordination_function=("anna",),
        lead_committee="ks",
        duties=FULL,
        agreements={"a": agreement},
    )


def states(municipality: Municipality, *evidence: Evidence) -> list[tuple[str, str]]:
    return [(row.section, row.state) for row in duty_states(municipality, evidence, TODAY)]


def test_municipality_that_can_show_everything_has_each_section_in_the_laws_order() -> None:
    assert states(whole(), Evidence("report-to-assembly", day("2026-11-20"), decision="§ 9")) == [
        ("4 §", "shown"),
        ("5 §", "shown"),
        ("6 §", "due"),
        ("6 §", "due"),
        ("9 §", "shown"),
        ("10 §", "shown"),
        ("11 §", "shown"),
        ("12 §", "shown"),
        ("13 §", "shown"),
    ]


def test_what_is_done_later_shows_nothing_yet_and_hides_nothing_done_before() -> None:
    """An archive may hold what a trial run of the coming year has written."""
    later = (Evidence("situation-picture", day("2027-06-07")), Evidence("report-to-assembly", day("2027-11-20")))
    assert states(whole(), *later) == states(whole())


def test_municipality_with_nothing_has_gaps_where_nobody_carries_a_section() -> None:
    found = duty_states(town(), (), TODAY)
    assert [(row.section, row.state) for row in found] == [
        ("4 §", "not-shown"),
        ("5 §", "not-shown"),
        ("9 §", "not-shown"),
        ("10 §", "not-shown"),
        ("11 §", "not-shown"),
        ("12 §", "shown"),
        ("13 §", "not-shown"),
    ]
    assert [row.section for row in found if has_gap(row)] == ["4 §", "5 §", "9 §", "10 §", "11 §", "13 §"]


def test_clock_that_has_run_out_is_late_and_a_gap() -> None:
    found = duty_states(whole(), (), day("2027-06-11"))
    assert [(row.section, row.state, has_gap(row)) for row in found if row.section == "6 §"] == [
        ("6 §", "late", True),
        ("6 §", "due", False),
    ]


def test_evidence_of_a_section_names_the_organ_and_the_paragraph() -> None:
    done = [
        Evidence("situation-picture", day("2026-06-08"), body="Ks", decision="§ 86"),
        Evidence("action-plan", day("2026-06-08"), body="Ks", decision="§ 87"),
    ]
    found = [row.evidence.replace("\xa0", " ") for row in duty_states(whole(), done, TODAY)[:4]]
    assert found == [
        "Fastställd 8 juni 2026 av ks, § 86",
        "Beslutad 8 juni 2026, § 87, dnr KS 2025-7",
        "Gjordes 8 juni 2026 av ks, § 86",
        "Gjordes 8 juni 2026 av ks, § 87",
    ]


def test_evidence_of_one_area_is_not_shown_for_another() -> None:
    duties = LawDuties(SituationPictureDuty(None, ("Norr", "Söder")))
    done = [
        Evidence("situation-picture", day("2026-06-08"), "Norr", "Ks", "§ 1"),
        Evidence("situation-picture", day("2026-06-08"), "Söder", "Ks", "§ 2"),
    ]
    found = duty_states(replace(town(), duties=duties), done, TODAY)[:2]
    assert [(row.area, row.evidence.rpartition(", ")[2]) for row in found] == [("Norr", "§ 1"), ("Söder", "§ 2")]


def test_agreement_without_purposes_or_past_its_end_shows_nothing() -> None:
    municipality = whole()
    (agreement,) = municipality.agreements.values()
    for flawed in (replace(agreement, purposes=()), replace(agreement, valid_until=day("2026-12-31"))):
        assert ("9 §", "not-shown") in states(replace(municipality, agreements={"a": flawed}))


def test_council_without_a_chair_is_not_shown() -> None:
    council = body(weekly(), "rad", fulfils=("strategic-council",))
    (state,) = [row for row in duty_states(town([council]), (), TODAY) if row.section == "10 §"]
    assert (state.state, state.evidence) == ("not-shown", "Ordförande vakant")
