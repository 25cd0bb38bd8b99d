"""What changed in the governance between two times, in words."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from governance.config import load
from governance.model.cadence import OnDemand
from governance.model.governance import governance_diff, governance_facts
from governance.model.people import Seat

CONFIG = Path(__file__).parents[2] / "config.yaml"
MUNICIPALITY = load(CONFIG).municipalities[0]
COUNCIL = MUNICIPALITY.bodies["brottsforebyggande-rad"]


def _with_council(**changes):
    bodies = {**MUNICIPALITY.bodies, COUNCIL.id: replace(COUNCIL, **changes)}
    return replace(MUNICIPALITY, bodies=bodies)


def _diff(new, **options):
    return governance_diff(governance_facts(MUNICIPALITY, **options), governance_facts(new, **options))


def test_facts_name_the_holder_of_a_seat():
    assert governance_facts(MUNICIPALITY)["organ/brottsforebyggande-rad/ordförande"] == "Karin Åhlén"


def test_diff_of_the_same_facts_is_empty():
    assert _diff(MUNICIPALITY) == []


def test_diff_tells_another_chair_and_who_came_and_left():
    seats = tuple(replace(s, held_by=("lars.bystrom",)) if s.role == "chair" else s for s in COUNCIL.seats)
    seats = (*(s for s in seats if s.held_by != ("eva.holm",)), Seat("member", held_by=("jonas.ekstrom",)))
    assert _diff(_with_council(seats=seats)) == [
        "Brottsförebyggande rådet: ordförande ändrad från Karin Åhlén till Lars Byström",
        "Brottsförebyggande rådet: Eva Holm är inte längre ledamot",
        "Brottsförebyggande rådet: ny ledamot är Jonas Ekström",
    ]


def test_diff_tells_a_vacant_chair():
    seats = tuple(s for s in COUNCIL.seats if s.role != "chair")
    assert _diff(_with_council(seats=seats)) == [
        "Brottsförebyggande rådet: ordförande ändrad från Karin Åhlén till vakant"
    ]


def test_diff_tells_new_and_closed_bodies_once():
    area = replace(COUNCIL, id="norrby", name="Områdesgrupp Norrby")
    new = replace(MUNICIPALITY, bodies={**MUNICIPALITY.bodies, area.id: area})
    assert _diff(new) == ["Nytt organ: Områdesgrupp Norrby"]
    assert governance_diff(governance_facts(new), governance_facts(MUNICIPALITY)) == [
        "Organet har upphört: Områdesgrupp Norrby"
    ]


def test_diff_tells_a_rhythm_in_words_where_it_can():
    new = _with_council(cadence=OnDemand())
    assert _diff(new) == ["Brottsförebyggande rådet: rytmen har ändrats"]
    describe = {COUNCIL.cadence: "varje kvartal", OnDemand(): "vid behov"}
    assert _diff(new, describe=lambda cadence: describe.get(cadence, "annan")) == [
        "Brottsförebyggande rådet: rytmen ändrad från ”varje kvartal” till ”vid behov”"
    ]


def test_diff_tells_a_new_name_and_another_receiver():
    assert _diff(_with_council(name="Trygghetsrådet", reports_to="kommunstyrelsen")) == [
        "Brottsförebyggande rådet heter nu Trygghetsrådet",
        "Trygghetsrådet: rapporterar till Kommunstyrelsen (förut Styrgruppen)",
    ]


def test_facts_on_a_day_leave_out_ended_terms():
    seats = (replace(COUNCIL.seats[0], ends=date(2026, 12, 31)), *COUNCIL.seats[1:])
    facts = governance_facts(_with_council(seats=seats), date(2027, 1, 1))
    assert "organ/brottsforebyggande-rad/ordförande" not in facts
