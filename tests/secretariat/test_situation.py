"""The weekly situation picture: what was reported, what was not, and who gets it."""

from __future__ import annotations

import pytest

from tests.conftest import MakeWorld
from tests.world import World

RECORD = """\
- meeting: gruppen 2027-01-12
  answers:
    - {from: pia.polis, received: 2027-01-08 10:00, answers: {Brott: Tre inbrott på Norr.}}
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Beslut:
      decisions: [{text: Gruppen beslutar att gå en kvällsrunda.}]
      actions: [{text: Gå en kvällsrunda, owner: bo.hus, due: 2027-01-20}]
  assessment: Läget är lugnt utom på Norr.
  ahead: [Sportlov vecka 9]
  to_parent: [Belysningen på Norr]
"""
PARENT_SECRETARY = """\
      - {role: chair, title: Ordförande, held_by: kia.holm, leading_position: true}
      - {role: secretary, title: Samordnare, held_by: siv.sand}
"""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """The town, with a secretary of the council who has no seat in the group."""
    world = make_world()
    other = "  ulf.sekr: {name: Ulf Sekr, email: ulf.sekr@prov.example, organisation: kommunen}\n"
    world.reconfigure("bodies:\n  gruppen:", f"{other}bodies:\n  gruppen:")
    world.reconfigure(PARENT_SECRETARY, PARENT_SECRETARY.replace("siv.sand", "ulf.sekr"))
    return world


def test_picture_tells_what_was_reported_judged_and_decided_and_what_is_missing(world: World) -> None:
    world.until("2027-01-12", RECORD)
    text = world.text("situation", world.meeting("gruppen", "2027-01-12"))
    said = (
        "Tre inbrott på Norr.",
        "Läget är lugnt utom på Norr.",
        "Gruppen beslutar att gå en kvällsrunda.",
        "Gå en kvällsrunda",
        "Sportlov vecka 9",
        "Belysningen på Norr",
        "Provbostäder AB",  # was asked and is silent: shown, not hidden
    )
    assert [words for words in said if words not in text] == []


def test_picture_goes_back_to_those_who_reported_and_to_the_secretary_above(world: World) -> None:
    world.until("2027-01-12", RECORD)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("situation", meeting) == ["bo.hus", "kia.holm", "pia.polis", "siv.sand", "ulf.sekr"]


def test_picture_made_before_the_meeting_was_recorded_is_made_again_with_its_judgement(world: World) -> None:
    world.until("2027-01-12", RECORD.partition("  present")[0])
    meeting = world.meeting("gruppen", "2027-01-12")
    assert "Läget är lugnt" not in world.text("situation", meeting)
    world.until("2027-01-13", RECORD)
    assert [paper.version for paper in world.papers("situation", meeting)] == [1, 2]
    assert "Läget är lugnt" in world.text("situation", meeting)


def test_secret_item_is_told_neither_in_the_picture_nor_in_a_mail(world: World) -> None:
    world.reconfigure("{title: Beslut, kind: decision}", "{title: Beslut, kind: decision, confidentiality: secret}")
    world.until("2027-01-14", RECORD)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert "kvällsrunda" not in world.text("situation", meeting)
    told = [world.letter(mail) for mail in world.dispatches("minutes", meeting)]
    assert [letter for letter in told if "kvällsrunda" in letter] == []
    assert len([letter for letter in told if "Åtgärd i ett ärende med sekretess" in letter]) == 1
