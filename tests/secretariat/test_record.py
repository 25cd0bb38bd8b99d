"""What happened at meetings: taken in once, corrected without losing numbers, never undone by an older record."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from governance.store.tables import Action, DecisionRow, Item
from tests.conftest import MakeWorld
from tests.world import EXTERNAL, World, at, with_bodies


def actions(world: World) -> list[tuple[str, str, str]]:
    with world.read() as session:
        rows = session.scalars(select(Action).order_by(Action.year, Action.sequence))
        return [(row.number, row.text, row.status) for row in rows]


def decisions(world: World) -> list[tuple[str, str]]:
    with world.read() as session:
        rows = session.scalars(select(DecisionRow).order_by(DecisionRow.decided, DecisionRow.id))
        return [(row.number, row.text) for row in rows]


def items(world: World, body: str, day: str) -> list[tuple[int, int | None, str]]:
    """(number, paragraph, title) of a meeting's items."""
    meeting = world.meeting(body, day)
    with world.read() as session:
        rows = session.scalars(select(Item).filter_by(occasion_id=meeting.id).order_by(Item.number))
        return [(row.number, row.paragraph, row.title) for row in rows]


def held(body: str, day: str, *settled: str, more: str = "") -> str:
    """A meeting that settled these things under Beslut (or Öppnande in the council)."""
    title = "Beslut" if body == "gruppen" else "Öppnande"
    return (
        f"- meeting: {body} {day}\n  present: [kia.holm]\n  items:\n    {title}:\n      "
        + "\n      ".join(["account: Vi talade.", *settled])
        + f"\n{more}"
    )


def action(*texts: str) -> str:
    rows = ", ".join(f"{{text: {text}, owner: bo.hus, due: 2027-03-01}}" for text in texts)
    return f"actions: [{rows}]"


def decided(*texts: str) -> str:
    return f"decisions: [{', '.join(f'{{text: {text}}}' for text in texts)}]"


# --- numbers ---------------------------------------------------------------------------------------------------


def test_actions_are_numbered_by_municipality_and_year_across_bodies(world: World) -> None:
    record = held("gruppen", "2027-01-12", action("Ett", "Två"))
    record += held("radet", "2027-02-10", action("Tre")) + held("gruppen", "2028-01-11", action("Nytt år"))
    world.until("2027-02-20", record)
    world.set("2028-01-11 12:00")
    world.plan()
    world.record("2028-01-11 12:00", record)
    assert actions(world) == [
        ("Å-2027-001", "Ett", "not-started"),
        ("Å-2027-002", "Två", "not-started"),
        ("Å-2027-003", "Tre", "not-started"),
        ("Å-2028-001", "Nytt år", "not-started"),
    ]


def test_record_read_again_changes_nothing(world: World) -> None:
    record = held("gruppen", "2027-01-12", action("Ett"), decided("Vi gör det."))
    world.until("2027-01-14", record)
    before = world.everything()
    assert world.record("2027-01-15 09:00", record) == []
    assert world.everything() == before


def test_corrected_record_keeps_numbers_and_makes_a_new_version(world: World) -> None:
    world.until("2027-01-14", held("gruppen", "2027-01-12", action("Et", "Två"), decided("Vi gör de.", "Och detta.")))
    corrected = held("gruppen", "2027-01-12", action("Två", "Ett"), decided("Vi gör det.", "Och detta."))
    world.until("2027-01-15", corrected)
    assert actions(world) == [("Å-2027-001", "Ett", "not-started"), ("Å-2027-002", "Två", "not-started")]
    assert decisions(world) == [("4", "Vi gör det."), ("4", "Och detta.")]
    meeting = world.meeting("gruppen", "2027-01-12")
    assert [paper.version for paper in world.papers("minutes", meeting)] == [1, 2]
    assert "Vi gör det." in world.text("minutes", meeting)
    assert len(world.dispatches("minutes", meeting)) == 8


def test_action_struck_from_a_record_is_dropped_and_its_number_never_used_again(world: World) -> None:
    world.until("2027-01-14", held("gruppen", "2027-01-12", action("Ett", "Två")))
    world.record("2027-01-15 09:00", held("gruppen", "2027-01-12", action("Ett")))
    world.until("2027-01-20", held("gruppen", "2027-01-19", action("Tre")))
    assert actions(world) == [
        ("Å-2027-001", "Ett", "not-started"),
        ("Å-2027-002", "Två", "dropped"),
        ("Å-2027-003", "Tre", "not-started"),
    ]


def test_decision_struck_from_a_record_is_gone(world: World) -> None:
    world.until("2027-01-14", held("gruppen", "2027-01-12", decided("Ett.", "Två.")))
    world.record("2027-01-15 09:00", held("gruppen", "2027-01-12", decided("Två.")))
    assert decisions(world) == [("4", "Två.")]


def test_correction_of_an_old_record_does_not_undo_what_came_later(world: World) -> None:
    first = held("gruppen", "2027-01-12", "actions: [{ref: stängsel, text: Laga, owner: bo.hus, due: 2027-02-01}]")
    second = held("gruppen", "2027-01-19", more="  actions: {stängsel: {status: in-progress, due: 2027-03-01}}\n")
    third = held("gruppen", "2027-01-26", more="  actions: {stängsel: {status: done, comment: Lagat.}}\n")
    world.until("2027-01-28", first + second + third)
    corrected = first.replace("Vi talade", "Vi resonerade") + second.replace("Vi talade", "Vi resonerade")
    assert len(world.record("2027-01-29 09:00", corrected)) == 2
    with world.read() as session:
        row = session.scalars(select(Action)).one()
    assert (row.status, row.closed, row.due, row.comment) == ("done", date(2027, 1, 26), date(2027, 3, 1), "Lagat.")


# --- paragraphs and places -------------------------------------------------------------------------------------


def test_paragraphs_run_through_the_year_and_start_again_at_new_year(world: World) -> None:
    record = "".join(held("radet", day, decided("Ja.")) for day in ("2027-02-10", "2027-05-12", "2028-02-09"))
    world.until("2027-05-13", record)
    first, second = items(world, "radet", "2027-02-10"), items(world, "radet", "2027-05-12")
    assert [row[1] for row in first] == [1, 2, 3, 4, 5, 6, 7]
    assert [row[1] for row in second] == [8, 9, 10, 11, 12, 13, 14]
    world.go("2028-01-03 08:00", ("plan",))
    world.go("2028-02-02 13:00")
    world.record("2028-02-10 08:00", record)
    assert items(world, "radet", "2028-02-09")[0][1] == 1
    assert decisions(world) == [("§ 1", "Ja."), ("§ 8", "Ja."), ("§ 1", "Ja.")]


def test_paragraph_is_kept_when_a_correction_adds_an_item_and_never_used_twice(world: World) -> None:
    record = held("radet", "2027-02-10", decided("Ja."))
    world.until("2027-02-12", record)
    world.record("2027-02-12 12:00", record + "    Ny fråga: {account: Kom upp.}\n")
    assert items(world, "radet", "2027-02-10") == [
        (1, 1, "Öppnande"),
        (2, 2, "Föregående protokoll"),
        (3, 3, "Åtgärder"),
        (4, 4, "Lägesbild"),
        (5, 5, "Rapporter"),
        (6, 6, "Lagens krav"),
        (7, 8, "Ny fråga"),
        (8, 7, "Nästa möte"),
    ]
    world.until("2027-05-13", held("radet", "2027-05-12"))
    assert items(world, "radet", "2027-05-12")[0][1] == 9


def test_item_that_came_up_stands_before_the_closing_one_and_shifts_its_number(world: World) -> None:
    record = held("gruppen", "2027-01-12", decided("Ja."))
    world.until(
        "2027-01-12", record + "    Ordningen på torget: {account: Kom upp., decisions: [{text: Vi ser till.}]}\n"
    )
    assert [row[2] for row in items(world, "gruppen", "2027-01-12")] == [
        "Öppnande",
        "Åtgärder",
        "Läget",
        "Beslut",
        "Ordningen på torget",
        "Nästa möte",
    ]
    assert decisions(world) == [("4", "Ja."), ("5", "Vi ser till.")]


def test_standing_item_missing_from_the_agenda_gets_its_own_place(world: World) -> None:
    world.plan()
    world.go("2027-01-12 09:30")  # the agenda lapsed: nothing was opened
    world.record("2027-01-12 11:00", held("gruppen", "2027-01-12") + "    Öppnande: {account: Kia öppnade.}\n")
    assert [row[2] for row in items(world, "gruppen", "2027-01-12")] == ["Öppnande", "Beslut"]


# --- what cannot be taken in, and what was not held ------------------------------------------------------------


def test_update_of_an_unknown_action_is_told_and_nothing_of_it_kept(world: World) -> None:
    world.go("2027-01-11 13:00")
    before = world.everything()
    (done,) = world.record(
        "2027-01-12 11:00", held("gruppen", "2027-01-12", more="  actions: {okänd: {status: done}}\n")
    )
    assert done.failed
    assert done.what.endswith("record.yaml:1: Åtgärden ”okänd” finns inte.")
    assert world.everything() == before


def test_record_of_a_meeting_nobody_planned_is_told(world: World) -> None:
    world.plan()
    (done,) = world.record("2027-01-12 11:00", held("gruppen", "2027-01-13"))
    assert (done.failed, done.what.partition(": ")[2]) == (
        True,
        "Gruppen har inget planerat möte den 2027-01-13.",
    )


def test_meeting_not_held_makes_no_papers_and_says_why(world: World) -> None:
    world.until("2027-01-16", "- meeting: gruppen 2027-01-12\n  not_held: Sjukdom\n")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert (meeting.status, meeting.reason) == ("not-held", "Sjukdom")
    assert [paper.kind for paper in world.papers(occasion=meeting)] == ["agenda"]
    assert world.steps(meeting)["minutes"].evidence == "utgick: mötet blev inte av"


def test_meeting_first_said_not_held_can_be_recorded_after_all(world: World) -> None:
    world.until("2027-01-16", "- meeting: gruppen 2027-01-12\n  not_held: Sjukdom\n")
    world.until("2027-01-18", held("gruppen", "2027-01-12", decided("Ja.")))
    meeting = world.meeting("gruppen", "2027-01-12")
    assert meeting.status == "held"
    assert sorted(paper.kind for paper in world.papers(occasion=meeting)) == ["agenda", "minutes", "situation"]


def test_completed_duty_of_an_external_organ_is_evidence_and_a_correction_takes_it_back(make_world: MakeWorld) -> None:
    world = make_world(with_bodies(EXTERNAL))
    world.plan()
    both = (
        "- meeting: namnden 2027-06-07\n  completed:\n"
        "    - {duty: situation-picture, decision: § 86}\n    - {duty: action-plan-follow-up, decision: § 87}\n"
    )
    (done,) = world.record("2027-06-07 17:00", both)
    assert done.what == "två beslut enligt lagen"
    world.record("2027-06-08 09:00", both.replace("    - {duty: action-plan-follow-up, decision: § 87}\n", ""))
    assert [(row[2], row[6]) for row in world.everything()["duty_evidence"]] == [("situation-picture", "§ 86")]
    assert world.meeting("namnden", "2027-06-07").status == "held"


# --- approval --------------------------------------------------------------------------------------------------


def test_approval_closes_the_meeting_and_sends_a_new_version(world: World) -> None:
    record = held("radet", "2027-02-10", decided("Ja."), more="  approvers: [pia.polis]\n")
    approved = record + "  approved: {on: 2027-02-23, by: [kia.holm, pia.polis]}\n"
    world.until("2027-02-26", approved)
    meeting = world.meeting("radet", "2027-02-10")
    assert meeting.status == "closed"
    assert [paper.version for paper in world.papers("minutes", meeting)] == [1, 2]
    assert world.told("minutes", meeting) == world.told("approved", meeting) == ["kia.holm", "pia.polis", "siv.sand"]
    assert world.steps(meeting)["approval"].evidence == "justerat 23\xa0februari 2027"
    assert world.told("approval", meeting) == []
    assert "Pia Polis" in world.text("minutes", meeting)


def test_approval_that_is_late_is_asked_for_once(world: World) -> None:
    world.until("2027-03-10", held("radet", "2027-02-10", decided("Ja."), more="  approvers: [pia.polis]\n"))
    meeting = world.meeting("radet", "2027-02-10")
    assert world.told("approval", meeting) == ["kia.holm", "pia.polis", "siv.sand"]
    assert world.steps(meeting)["approval"].done == at("2027-02-24 08:00")


def test_approval_of_a_meeting_never_recorded_is_told(world: World) -> None:
    world.plan()
    (done,) = world.record(
        "2027-02-24 09:00", "- meeting: radet 2027-02-10\n  approved: {on: 2027-02-23, by: [kia.holm]}\n"
    )
    assert done.failed
    assert done.what.endswith("Mötet är inte antecknat och kan inte justeras.")
