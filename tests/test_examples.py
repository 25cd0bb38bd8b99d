"""The example municipalities load without errors and say what their source documents say (rows 000-1 to 004-14)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from governance.config import load
from governance.model.body import Body, Municipality
from governance.model.cadence import Monthly, OnDemand, Relative, Spread
from governance.model.occurrence import Occurrence
from governance.model.placement import place_all, place_products

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ("lulea", "lilla-edet", "linkoping")


@cache
def municipality(name: str) -> Municipality:
    """The example as the model has it. Fails where the file has errors."""
    loaded = load(EXAMPLES / f"{name}.yaml")
    assert [str(problem) for problem in loaded.errors] == []
    return loaded.municipalities[0]


@cache
def placed(name: str) -> dict[str, list[Occurrence]]:
    """Every body's occurrences of 2027."""
    return place_all(municipality(name), date(2027, 1, 1), date(2027, 12, 31))


def met(name: str, body: str) -> list[date]:
    """The dates on which a body is planned to meet in 2027."""
    return [occurrence.date for occurrence in placed(name)[body] if occurrence.status == "planned"]


def due(name: str, product: str) -> list[date]:
    """The dates on which a product is due in 2027."""
    placed_products = place_products(municipality(name), date(2027, 1, 1), date(2027, 12, 31), placed(name))
    return [occurrence.date for occurrence in placed_products[product] if occurrence.status == "planned"]


def organisations(name: str, body: str) -> list[str]:
    """The organisations of those who sit in a body in 2027, sorted, once each."""
    found = municipality(name)
    members = found.bodies[body].members_on(date(2027, 6, 1))
    return sorted({found.people[person].organisation for person in members})


def titles(body: Body, *roles: str) -> list[str]:
    """The titles of a body's seats with one of the roles, in 2027."""
    return [seat.title for seat in body.seats_on(date(2027, 6, 1)) if seat.role in roles]


# Every example


@pytest.mark.parametrize("name", NAMES)
def test_example_loads_without_errors(name: str) -> None:
    loaded = load(EXAMPLES / f"{name}.yaml")
    assert [str(problem) for problem in loaded.errors] == []
    assert len(loaded.municipalities) == 1


def test_examples_folder_loads_as_three_municipalities() -> None:
    loaded = load(EXAMPLES)
    assert [found.id for found in loaded.municipalities] == ["lilla-edets-kommun", "linkopings-kommun", "lulea-kommun"]


@pytest.mark.parametrize("name", NAMES)
def test_example_has_addresses_that_no_mail_can_reach(name: str) -> None:
    found = municipality(name)
    addresses = [found.contact.email, *(person.email for person in found.people.values())]
    assert [address for address in addresses if not address.endswith(".example")] == []


@pytest.mark.parametrize("name", NAMES)
def test_example_has_one_strategic_council_led_by_the_municipality(name: str) -> None:
    found = municipality(name)
    councils = [body for body in found.bodies.values() if "strategic-council" in body.fulfils]
    leaders = [found.people[body.holder("chair", date(2027, 6, 1))].organisation for body in councils]
    assert leaders == ["kommunen"]


@pytest.mark.parametrize("name", NAMES)
def test_example_proposes_a_decision_for_every_decision_item(name: str) -> None:
    items = [(body.id, item) for body in municipality(name).bodies.values() for item in body.agenda]
    assert [(body, item.title) for body, item in items if item.kind == "decision" and not item.proposal] == []


@pytest.mark.parametrize("name", NAMES)
def test_example_agendas_fit_their_meetings(name: str) -> None:
    found = municipality(name)
    too_long = []
    for body in found.bodies.values():
        span = getattr(body.cadence, "at", None)
        if span is None or span.end is None:
            continue
        room = (span.end.hour - span.start.hour) * 60 + span.end.minute - span.start.minute
        if sum(item.minutes or 0 for item in body.agenda) > room:
            too_long.append(body.id)
    assert too_long == []


@pytest.mark.parametrize("name", NAMES)
def test_example_meets_on_no_weekend_and_leaves_no_clash_to_settle(name: str) -> None:
    occurrences = [(body, o) for body, found in placed(name).items() for o in found if o.status == "planned"]
    assert [(body, o.date) for body, o in occurrences if o.date.weekday() > 4 or o.problem] == []


@pytest.mark.parametrize("name", NAMES)
def test_example_hands_the_yearly_follow_up_to_a_meeting_with_an_item_for_it(name: str) -> None:
    found = municipality(name)
    follow_up = found.products["arlig-uppfoljning"]
    receiver = found.bodies[follow_up.to[0]]
    assert (follow_up.kind, receiver.tier) == ("annual-follow-up", "steering")
    assert "follow-up" in {item.source for item in receiver.agenda}
    assert [day in met(name, receiver.id) for day in due(name, "arlig-uppfoljning")] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_example_reports_once_a_year_to_the_assembly_after_the_lead_body_has_met(name: str) -> None:
    found = municipality(name)
    report = found.products["rapport-fullmaktige"]
    days = due(name, "rapport-fullmaktige")
    assert (report.kind, report.decided_by, len(days)) == ("report-to-assembly", found.lead_committee, 1)
    assert min(met(name, found.lead_committee)) < days[0]


@pytest.mark.parametrize(
    ("name", "picture", "plan"),
    [
        ("lulea", ["2027-04-14", "2027-04-20", "2027-04-29"], ["2027-04-14", "2027-04-20", "2027-06-17"]),
        ("lilla-edet", ["2027-08-25", "2027-10-07", "2027-11-03"], ["2027-08-25", "2027-10-07", "2027-12-01"]),
        ("linkoping", ["2027-01-28", "2027-02-18", "2027-05-04"], ["2027-04-29", "2027-05-20", "2027-06-08"]),
    ],
)
def test_example_two_year_follow_ups_can_pass_every_level_in_time(
    name: str, picture: list[str], plan: list[str]
) -> None:
    found = municipality(name)
    picture_duty, plan_duty = found.duties.situation_picture, found.duties.action_plan
    assert picture_duty is not None
    assert plan_duty is not None

    def chain(done: date | None) -> list[str]:
        assert done is not None
        limit, days = done.replace(year=done.year + 2), []
        for body in (plan_duty.decided_by, plan_duty.endorsed_by, plan_duty.prepared_by):
            limit = max(day for day in met(name, body) if day <= limit)
            days.append(limit.isoformat())
            limit -= timedelta(days=1)
        return days[::-1]

    assert chain(picture_duty.established) == picture
    assert chain(plan_duty.decided) == plan


# Luleå: sources 000 and 001


def test_row_000_1_socialnamnden_leads() -> None:
    found = municipality("lulea")
    assert (found.lead_committee, found.bodies[found.lead_committee].name) == ("socialnamnden", "Socialnämnden")
    assert found.bodies["socialnamnden"].reports_to == "kommunfullmaktige"


def test_row_000_2_kinds_of_organisations() -> None:
    kinds = sorted(organisation.type for organisation in municipality("lulea").organisations.values())
    assert kinds == ["civil-society", "company", "municipal-company", "municipality", "police", "rescue-service"]


def test_row_000_3_weekly_est_of_three_organisations() -> None:
    assert organisations("lulea", "est") == ["kommunen", "lulebo", "polisen"]
    assert municipality("lulea").bodies["est"].produces == ("weekly-situation-picture",)
    weeks = [day.isocalendar().week for day in met("lulea", "est")]
    assert weeks == [week for week in range(2, 52) if week not in (29, 30)]


def test_row_000_4_deeper_analysis_once_a_quarter_before_the_preparatory_group() -> None:
    quarters = [date(2027, 2, 3), date(2027, 5, 5), date(2027, 8, 4), date(2027, 11, 3)]
    assert due("lulea", "kvartalsanalys") == quarters
    assert [day + timedelta(weeks=1) in met("lulea", "beredningsgrupp") for day in quarters] == [True] * 4


def test_rows_000_5_and_000_9_scopes_of_est_and_the_preparatory_group_do_not_overlap() -> None:
    bodies = municipality("lulea").bodies
    assert bodies["est"].scope == ("offentliga platser", "trygghetsfrågor")
    assert set(bodies["est"].scope) & set(bodies["beredningsgrupp"].scope) == set()


def test_row_000_6_preparatory_group_is_a_local_council() -> None:
    group = municipality("lulea").bodies["beredningsgrupp"]
    assert group.fulfils == ("local-council",)
    assert "Lokalt brottsförebyggande råd" in group.aliases


def test_row_000_8_preparatory_group_meets_monthly_outside_july() -> None:
    assert [day.month for day in met("lulea", "beredningsgrupp")] == [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]


def test_row_000_10_working_groups_temporary_and_lasting() -> None:
    bodies = municipality("lulea").bodies
    groups = {body.id: (body.appointed_by, body.ends) for body in bodies.values() if body.tier == "working-group"}
    assert groups == {
        "arbetsgrupp-andts": ("beredningsgrupp", None),
        "arbetsgrupp-sommar": ("beredningsgrupp", date(2027, 9, 30)),
    }
    summer = met("lulea", "arbetsgrupp-sommar")
    assert (summer[0], summer[-1]) == (date(2027, 3, 4), date(2027, 9, 30))


def test_row_001_2_agreements_succeed_each_other_without_a_gap() -> None:
    agreements = municipality("lulea").agreements
    periods = [(a.valid_from.year, a.valid_until.year) for a in agreements.values()]
    assert periods == [(2010, 2011), (2012, 2013), (2014, 2016), (2017, 2019), (2020, 2023), (2024, 2027)]
    assert [a.succeeds for a in agreements.values()] == [(), *((before,) for before in list(agreements)[:-1])]


def test_row_001_3_steering_group_decides_the_operational_plan_each_year() -> None:
    found = municipality("lulea")
    agreement, plan = found.agreements["polisen-2024"], found.products["verksamhetsplan"]
    assert (agreement.plan_every, agreement.plan_decided_by) == ("year", "styrgrupp")
    assert (plan.decided_by, due("lulea", "verksamhetsplan")) == ("styrgrupp", met("lulea", "styrgrupp")[-1:])


def test_row_001_5_three_focus_areas() -> None:
    assert municipality("lulea").agreements["polisen-2020"].areas == ("Trygghet", "Ungdomar", "ANDTS")


# Lilla Edet: source 002


def test_row_002_1_weekly_picture_from_three_bases() -> None:
    group = municipality("lilla-edet").bodies["operativ-grupp"]
    assert group.asks == ("Anmälda brott", "Otrygghet", "Störning av ordning")
    assert organisations("lilla-edet", "operativ-grupp") == ["edethus", "kommunen", "polisen"]


def test_row_002_8_steering_group_seats() -> None:
    group = municipality("lilla-edet").bodies["styrgrupp"]
    assert titles(group, "chair", "vice-chair", "member") == [
        "Kommunstyrelsens ordförande",
        "Kommunstyrelsens vice ordförande",
        "Kommunchef",
        "Sektorchefer",
        "Verkställande direktör Edethus",
    ]
    heads = next(seat for seat in group.seats if seat.title == "Sektorchefer")
    assert len(heads.held_by) == 3


def test_row_002_9_standing_co_opted_present() -> None:
    group = municipality("lilla-edet").bodies["styrgrupp"]
    assert titles(group, "standing-co-opted") == ["Säkerhetsavdelningen", "Kommunpolis"]
    assert [seat.presenter for seat in group.seats if seat.role == "standing-co-opted"] == [True, True]


def test_row_002_10_steering_group_meets_twice_a_year() -> None:
    assert isinstance(municipality("lilla-edet").bodies["styrgrupp"].cadence, Spread)
    assert met("lilla-edet", "styrgrupp") == [date(2027, 4, 1), date(2027, 10, 7)]


def test_row_002_13_council_meets_four_times_a_year() -> None:
    days = [date(2027, 2, 17), date(2027, 5, 5), date(2027, 8, 25), date(2027, 11, 10)]
    assert met("lilla-edet", "brottsforebyggande-rad") == days


def test_row_002_15_chain_from_week_to_council_to_steering_group() -> None:
    bodies = municipality("lilla-edet").bodies
    chain, body = [], "operativ-grupp"
    while body:
        chain.append(body)
        body = bodies[body].reports_to
    assert chain == ["operativ-grupp", "brottsforebyggande-rad", "styrgrupp", "kommunstyrelsen", "kommunfullmaktige"]


# Linköping: source 004


def test_row_004_2_three_levels_with_local_groups() -> None:
    bodies = municipality("linkoping").bodies
    areas = {body.id: body.reports_to for body in bodies.values() if body.tier == "area"}
    assert areas == dict.fromkeys(("bf-norra", "bf-sodra", "bf-ostra"), "beredningsgrupp")
    assert bodies["beredningsgrupp"].reports_to == "styrgrupp"


def test_row_004_2_local_groups_under_development_do_not_meet_yet() -> None:
    bodies = municipality("linkoping").bodies
    under_development = [body.id for body in bodies.values() if body.status == "under-development"]
    assert under_development == ["bf-sodra", "bf-ostra"]
    assert [met("linkoping", body) for body in under_development] == [[], []]


def test_row_004_2_preparatory_group_follows_the_steering_group() -> None:
    assert isinstance(municipality("linkoping").bodies["beredningsgrupp"].cadence, Relative)
    steering = met("linkoping", "styrgrupp")
    assert steering == [date(2027, 2, 18), date(2027, 5, 20), date(2027, 9, 16), date(2027, 11, 18)]
    assert met("linkoping", "beredningsgrupp") == [day - timedelta(weeks=3) for day in steering]


def test_row_004_3_local_group_of_police_rescue_owners_and_school() -> None:
    expected = ["bostadsbolaget", "fastighetsagare", "kommunen", "polisen", "raddning", "skolor"]
    assert organisations("linkoping", "bf-norra") == expected


def test_row_004_3_local_group_meets_three_times_each_semester() -> None:
    days = met("linkoping", "bf-norra")
    assert [day.month < 7 for day in days] == [True] * 3 + [False] * 3
    assert {day.weekday() for day in days} == {0}


def test_row_004_3_local_groups_can_have_counts_and_calls_of_their_own() -> None:
    bodies = municipality("linkoping").bodies
    south = bodies["bf-sodra"].cadence
    assert isinstance(south, Spread)
    assert (south.spring, south.autumn) == (2, 1)
    assert isinstance(bodies["bf-ostra"].cadence, OnDemand)


def test_row_004_4_agreement_ended_with_2022_and_the_next_began_later() -> None:
    agreements = municipality("linkoping").agreements
    assert agreements["polisen-2019"].valid_until == date(2022, 12, 31)
    assert agreements["polisen-2025"].valid_from == date(2025, 1, 1)
    assert agreements["polisen-2025"].succeeds == ("polisen-2019",)


def test_row_004_6_case_number() -> None:
    assert municipality("linkoping").agreements["polisen-2019"].case_number == "KS 2020-486"


def test_row_004_7_promise_reported_publicly_every_month() -> None:
    report = municipality("linkoping").products["medborgarlofte"]
    assert (report.kind, report.public, isinstance(report.cadence, Monthly)) == ("promise-report", True, True)
    assert [day.month for day in due("linkoping", "medborgarlofte")] == list(range(1, 13))


def test_row_004_8_weekly_picture_with_police_and_property_owners() -> None:
    assert organisations("linkoping", "est") == ["bostadsbolaget", "fastighetsagare", "kommunen", "polisen"]
    assert municipality("linkoping").bodies["est"].produces == ("weekly-situation-picture",)
