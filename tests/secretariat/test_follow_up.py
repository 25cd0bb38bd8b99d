"""The follow-ups: planned back from their clocks, prefilled from the record, reset by what shows they were done."""

from __future__ import annotations

from datetime import date

from governance.model.follow_up import ActionFigures
from governance.secretariat.figures import action_figures, body_figures
from tests.conftest import MakeWorld
from tests.world import DUTIES, EXTERNAL, PRODUCT, World, at, with_bodies

CLOCKS = with_bodies(EXTERNAL, more=DUTIES)
YEARLY = with_bodies(more=PRODUCT)
NEXT_YEAR = CLOCKS.replace("2027-09-06]", "2027-09-06, 2029-02-05, 2029-06-04]")
DONE = """
- meeting: namnden 2027-06-07
  completed:
    - {duty: situation-picture, decision: § 86}
    - {duty: action-plan-follow-up, decision: § 87}
"""
YEAR = """
- meeting: gruppen 2027-01-12
  answers: [{from: pia.polis, answers: {Brott: Tre inbrott.}}]
  present: [kia.holm, siv.sand, pia.polis]
  excused: [bo.hus]
  items:
    Beslut:
      account: Vi talade.
      decisions: [{text: Gruppen gör så.}]
      actions:
        - {ref: lampor, text: Beställa lampor, owner: bo.hus, due: 2027-02-01}
        - {ref: staket, text: Laga staketet, owner: bo.hus, due: 2027-02-01}
        - {ref: möte, text: Bjuda in, owner: pia.polis}
- meeting: gruppen 2027-01-19
  present: [kia.holm, siv.sand, pia.polis, bo.hus]
  actions: {lampor: {status: done}, möte: {status: dropped}}
- meeting: gruppen 2027-01-26
  not_held: Sjukdom
- meeting: radet 2027-05-12
  present: [kia.holm, pia.polis]
  items: {Öppnande: {account: Kia öppnade., decisions: [{text: Rådet gör så.}]}}
"""


def due(world: World, key: str) -> dict[str, str]:
    """The newest edition's undone steps and the local minute each is due."""
    steps = world.steps(world.editions(key)[-1])
    zone = world.municipality.timezone
    return {kind: f"{step.due.astimezone(zone):%Y-%m-%d %H:%M}" for kind, step in steps.items() if step.done is None}


# --- the yearly one --------------------------------------------------------------------------------------------


def test_yearly_follow_up_is_made_before_the_agenda_of_its_meeting_and_attached_to_it(make_world: MakeWorld) -> None:
    world = make_world(YEARLY)
    world.until("2027-11-03", YEAR)
    meeting, (edition,) = world.meeting("radet", "2027-11-10"), world.editions("arlig")[:1]
    assert world.steps(meeting)["agenda"].done == at("2027-11-03 13:00")
    (paper,) = world.papers("annual_follow_up")
    assert (paper.made, paper.occasion_id) == (at("2027-11-03 10:00"), edition.id)
    mail = world.mail(world.dispatches("agenda", meeting)[0])
    assert [part.get_content() for part in mail.iter_attachments()][1] == paper.docx
    agenda = world.text("agenda", meeting)
    assert "Årlig uppföljning 1 november 2026–31 oktober 2027, se bilagan." in agenda
    assert world.told("product_start", edition) == ["siv.sand"]


def test_yearly_follow_up_of_a_cancelled_meeting_lapses_and_comes_back(make_world: MakeWorld) -> None:
    world = make_world(YEARLY)
    world.plan()
    off = "    numbering: yearly-paragraph\n    changes: {2027-11-10: {cancelled: Valet}}\n"
    world.reconfigure("    numbering: yearly-paragraph\n", off)
    world.plan()
    assert [edition.status for edition in world.editions("arlig")] == ["cancelled"]
    assert due(world, "arlig") == {}
    world.reconfigure(off, "    numbering: yearly-paragraph\n")
    world.plan()
    assert due(world, "arlig") == {"start": "2027-10-13 08:00", "paper_radet": "2027-11-03 10:00"}


def test_product_gone_from_the_config_lapses(make_world: MakeWorld) -> None:
    world = make_world(YEARLY)
    world.set("2027-10-20 08:00")
    world.plan()
    world.reconfigure(PRODUCT, "")
    done = world.go("2027-11-03 10:00", ("follow_up",))
    assert {each.what for each in done} == {"utgick: finns inte längre i konfigurationen"}


def test_figures_are_those_of_the_record(make_world: MakeWorld) -> None:
    world = make_world(YEARLY)
    world.until("2027-05-13", YEAR)
    first, last = date(2027, 1, 1), date(2027, 5, 31)
    with world.read() as session:
        found = body_figures(session, world.municipality, first, last)
        actions = action_figures(session, world.municipality, first, last)
    assert [(row.body, row.planned, row.held, row.cancelled, row.attendance, row.decisions) for row in found] == [
        ("Gruppen", 4, 2, 1, 7 / 8, 1),
        ("Rådet", 2, 1, 0, 1.0, 1),
    ]
    assert [note.replace("\xa0", " ") for note in found[0].notes] == [
        "Mötet den 26 januari 2027 blev inte av: sjukdom."
    ]
    assert actions == ActionFigures(made=3, closed=1, dropped=1, open=1, late=1)


def test_changes_of_the_governance_are_told_in_the_yearly_follow_up(make_world: MakeWorld) -> None:
    world = make_world(YEARLY)
    world.plan()
    world.set("2027-04-01 08:00")
    world.reconfigure('at: "13:00-15:00"}', 'at: "14:00-16:00"}')
    world.plan()
    world.until("2027-11-03")
    changes = world.text("annual_follow_up", world.editions("arlig")[0])
    assert "14.00–16.00" in changes


def test_governance_is_kept_once_for_each_change(world: World) -> None:
    world.plan()
    world.plan()
    world.set("2027-02-01 06:00")
    world.plan()
    assert len(world.everything()["governance_versions"]) == 1
    world.reconfigure("name: Gruppen", "name: Operativa gruppen")
    world.plan()
    world.plan()
    assert len(world.everything()["governance_versions"]) == 2


# --- the two-year one ------------------------------------------------------------------------------------------


def test_two_year_follow_up_is_planned_back_from_its_clock_through_the_chain(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS)
    world.plan()
    (edition,) = world.editions("two-year-follow-up")
    assert (edition.slot, edition.day, edition.reason) == (date(2027, 6, 10), date(2027, 6, 7), "")
    assert due(world, "two-year-follow-up") == {
        "duty_reminder_1": "2026-12-07 08:00",
        "duty_reminder_2": "2027-03-05 08:00",
        "paper_radet": "2027-05-05 10:00",
        "paper_namnden": "2027-05-17 10:00",
        "deadline": "2027-06-11 08:00",
    }


def test_two_year_follow_up_goes_to_each_organ_and_is_handed_in_where_papers_are_kept_elsewhere(
    make_world: MakeWorld,
) -> None:
    world = make_world(CLOCKS)
    world.until("2027-05-20")
    (edition,) = world.editions("two-year-follow-up")
    papers = world.papers("two_year_follow_up", edition)
    assert [(paper.version, paper.made) for paper in papers] == [
        (1, at("2027-05-05 10:00")),
        (2, at("2027-05-17 10:00")),
    ]
    assert world.told("hand_in", edition) == ["siv.sand"]
    assert "den 7 juni 2027" in world.letter(world.dispatches("hand_in", edition)[0])
    agenda = world.mail(world.dispatches("agenda", world.meeting("radet", "2027-05-12"))[0])
    assert [part.get_content() for part in agenda.iter_attachments()][1] == papers[0].docx


def test_evidence_resets_the_clock_and_nothing_is_made_before_the_new_one_is_near(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS)
    world.until("2027-11-30", DONE)
    first, second = world.editions("two-year-follow-up")
    assert (first.status, second.slot, second.status) == ("closed", date(2029, 6, 7), "planned")
    assert world.told("overdue") == []
    assert world.papers(occasion=second) == []
    assert world.dispatches(occasion=second) == []
    assert set(due(world, "two-year-follow-up")) == {"duty_reminder_1", "duty_reminder_2", "deadline"}


def test_new_edition_is_planned_when_the_deciding_organs_days_are_known(make_world: MakeWorld) -> None:
    world = make_world(NEXT_YEAR)
    world.until("2027-06-08", DONE)
    world.go("2028-06-01 06:00", ("plan",))
    assert world.editions("two-year-follow-up")[-1].day == date(2029, 6, 4)
    assert due(world, "two-year-follow-up")["paper_namnden"] == "2029-05-14 10:00"


def test_two_reminders_that_are_due_at_once_are_sent_as_one(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS, at("2027-04-01 08:00"))
    world.go("2027-04-01 08:00")
    assert world.told("duty_reminder") == ["siv.sand"]


def test_reminders_go_out_months_ahead(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS)
    world.until("2027-03-10")
    assert [f"{row.made:%Y-%m-%d}" for row in world.dispatches("duty_reminder")] == ["2027-01-01", "2027-03-05"]
    letter = world.letter(world.dispatches("duty_reminder")[0])
    assert "Rådet onsdag 12 maj 2027" in letter
    assert "Nämnden måndag 7 juni 2027" in letter


def test_date_that_passes_without_a_decision_is_told(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS)
    world.until("2027-06-12")
    assert world.told("overdue") == ["siv.sand"]
    world.go("2027-07-01 06:00", ("plan",))
    (edition,) = world.editions("two-year-follow-up")
    assert edition.reason.replace("\xa0", " ") == (
        "Fristen torsdag 10 juni 2027 har gått ut. Nästa möte i nämnden är måndag 6 september 2027."
    )


def test_each_area_has_a_clock_and_the_first_to_run_out_decides(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS.replace("areas: [hela kommunen]", "areas: [Norr, Söder]"))
    world.plan()
    one = DONE.replace("situation-picture,", "situation-picture, area: Norr,")
    world.record("2027-06-07 17:00", one)
    assert [(row.slot, row.status) for row in world.editions("two-year-follow-up")] == [(date(2027, 6, 10), "planned")]
    both = one + "    - {duty: situation-picture, area: Söder, decision: § 88}\n"
    world.record("2027-06-08 09:00", both)
    assert [(row.slot, row.status) for row in world.editions("two-year-follow-up")] == [
        (date(2027, 6, 10), "closed"),
        (date(2029, 6, 7), "planned"),
    ]


def test_organ_without_a_known_day_before_the_date_is_told_early(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS.replace("2027-02-01, 2027-06-07, 2027-09-06", "2027-09-06"))
    world.plan()
    (edition,) = world.editions("two-year-follow-up")
    assert edition.reason.replace("\xa0", " ") == (
        "Nämnden har inget möte före fristen torsdag 10 juni 2027; nästa är måndag 6 september 2027. Kalla ett möte."
    )
    world.until("2027-02-03")
    assert "Kalla ett möte." in world.text("agenda", world.meeting("radet", "2027-02-10"))


def test_clock_corrected_in_the_config_replaces_the_edition(make_world: MakeWorld) -> None:
    world = make_world(CLOCKS)
    world.plan()
    world.reconfigure("established: 2025-06-10", "established: 2025-05-20")
    world.plan()
    assert [(row.slot, row.status) for row in world.editions("two-year-follow-up")] == [
        (date(2027, 5, 20), "planned"),
        (date(2027, 6, 10), "closed"),
    ]
