"""The minutes: a draft for the keeper while nothing is recorded, to everybody once it is."""

from __future__ import annotations

from tests.world import World

RECORD = """
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand, {person: pia.polis, from: "09:20"}]
  excused: [bo.hus]
  items:
    Beslut:
      account: Vi talade om torget.
      decisions: [{text: Gruppen lyser upp torget.}]
      actions: [{text: Beställa lampor, owner: bo.hus, due: 2027-02-01}]
  assessment: Läget är lugnt.
"""


def test_unrecorded_meeting_gives_a_draft_to_its_secretary_alone(world: World) -> None:
    world.until("2027-01-14")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert [(row.kind, row.person) for row in world.dispatches(occasion=meeting) if "minut" in row.kind] == []
    assert world.told("missing_record", meeting) == ["siv.sand"]
    assert len(world.papers("minutes", meeting)) == 1


def test_recorded_meeting_gives_minutes_to_everyone_called(world: World) -> None:
    world.until("2027-01-14", RECORD)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("minutes", meeting) == ["bo.hus", "kia.holm", "pia.polis", "siv.sand"]
    text = world.text("minutes", meeting)
    for words in ("Gruppen lyser upp torget.", "Å-2027-001", "Beställa lampor", "Vi talade om torget.", "Bo Hus"):
        assert words in text
    (mail,) = [row for row in world.dispatches("minutes", meeting) if row.person == "bo.hus"]
    assert "Beställa lampor" in world.letter(mail)


def test_record_that_comes_after_the_draft_gives_the_minutes_as_a_second_version(world: World) -> None:
    world.until("2027-01-15")
    late = RECORD + "  recorded: 2027-01-18 09:00\n"
    world.until("2027-01-18", late)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert [paper.version for paper in world.papers("minutes", meeting)] == [1, 2]
    assert world.told("minutes", meeting) == ["bo.hus", "kia.holm", "pia.polis", "siv.sand"]


def test_minutes_of_an_informal_group_are_notes_and_of_a_council_a_protocol(world: World) -> None:
    world.until("2027-02-28", RECORD)
    assert world.papers("minutes", world.meeting("gruppen", "2027-01-12"))[0].title.startswith("Minnesanteckningar")
    assert world.papers("minutes", world.meeting("radet", "2027-02-10"))[0].title.startswith("Protokoll")


def test_closed_action_is_shown_once_in_the_minutes_that_closed_it(world: World) -> None:
    done = "- meeting: gruppen 2027-01-19\n  present: [kia.holm]\n  actions: {Å-2027-001: {status: done}}\n"
    again = "- meeting: gruppen 2027-01-26\n  present: [kia.holm]\n  assessment: Lugnt.\n"
    world.until("2027-01-28", RECORD + done + again)
    assert "Beställa lampor" in world.text("minutes", world.meeting("gruppen", "2027-01-19"))
    assert "Beställa lampor" not in world.text("minutes", world.meeting("gruppen", "2027-01-26"))
