"""A walk broken off and begun again ends where an unbroken one does, and a second one changes nothing."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from governance.secretariat.sweep import walk
from tests.conftest import MakeWorld
from tests.world import DUTIES, EXTERNAL, PRODUCT, TOWN, World, with_bodies

RECORD = """
- meeting: gruppen 2027-01-12
  answers: [{from: pia.polis, answers: {Brott: Tre inbrott.}}, {from: bo.hus, nothing: true}]
  present: [kia.holm, siv.sand, pia.polis]
  excused: [bo.hus]
  items:
    Beslut:
      account: Vi talade.
      decisions: [{ref: kamera, text: Gruppen föreslår en kamera., refer_to: radet}]
      actions: [{ref: lampor, text: Beställa lampor, owner: bo.hus, due: 2027-01-18}]
  assessment: Läget är lugnt.
- meeting: gruppen 2027-01-19
  answers: [{from: pia.polis, as_last_time: true, actions: {lampor: {status: in-progress}}}]
  present: [kia.holm]
  actions: {lampor: {status: done, comment: Hängda.}}
  assessment: Läget är lugnt.
- meeting: radet 2027-02-10
  present: [kia.holm, pia.polis]
  items:
    Frågor från andra organ: {account: Prövad., decisions: [{text: Rådet säger ja., answers: kamera}]}
  approvers: [pia.polis]
  approved: {on: 2027-02-24, by: [kia.holm, pia.polis]}
"""
CONFIG = TOWN.replace("mail: dry-run", "mail: folder")


def outcome(world: World) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], dict[str, bytes]]:
    """Papers with their hashes, mails with their bytes, and the files laid."""
    rows = world.everything()
    papers = sorted((row[5], row[6], row[4], row[9]) for row in rows["papers"])
    mails = sorted((row[3], row[7], row[8], row[10]) for row in rows["dispatches"])
    folder = world.folder / "data"
    files = {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.eml"))}
    return papers, mails, files


@pytest.mark.parametrize("moments", [1, 7, 20])
def test_walk_broken_off_and_begun_again_ends_as_an_unbroken_one(make_world: MakeWorld, moments: int) -> None:
    whole, broken = make_world(CONFIG, name="whole"), make_world(CONFIG, name="broken")
    start = broken.office
    whole.until("2027-02-26", RECORD)
    incoming = {broken.municipality.id: broken.incoming(RECORD)}
    assert len(list(islice(walk(broken.office, date(2027, 2, 26), incoming), moments))) == moments
    broken.begin(CONFIG, start.now)
    broken.until("2027-02-26", RECORD)
    assert outcome(broken) == outcome(whole)


def test_second_walk_changes_nothing(make_world: MakeWorld) -> None:
    world = make_world(CONFIG)
    start = world.office.now
    world.until("2027-02-26", RECORD)
    rows, files = world.everything(), outcome(world)
    world.begin(CONFIG, start)
    assert world.until("2027-02-26", RECORD) == []
    assert world.everything() == rows
    assert outcome(world) == files


@pytest.mark.slow
def test_second_walk_over_a_year_with_its_follow_ups_changes_nothing(make_world: MakeWorld) -> None:
    config = with_bodies(EXTERNAL, more=DUTIES + PRODUCT)
    record = RECORD + (
        "- meeting: namnden 2027-06-07\n  completed:\n"
        "    - {duty: situation-picture, decision: § 86}\n    - {duty: action-plan-follow-up, decision: § 87}\n"
    )
    world = make_world(config)
    start = world.office.now
    world.until("2027-12-31", record)
    rows = world.everything()
    world.begin(config, start)
    assert world.until("2027-12-31", record) == []
    assert world.everything() == rows
