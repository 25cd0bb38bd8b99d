"""Signed links in the status mails: one for each person and meeting, good for so long and no longer."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from governance.secretariat.audit import Doer
from governance.secretariat.links import DeadLink, follow, hashed, revoke
from governance.store.door_tables import AuditEntry
from tests.conftest import MakeWorld
from tests.world import TOWN, World

BASE = "https://trygghet.prov.example"
LINKED = TOWN.replace("  name: Provköpings kommun\n", f"  name: Provköpings kommun\n  base_url: {BASE}\n", 1)
SIV = Doer(person="siv.sand", role="secretary", body="gruppen")


@pytest.fixture
def linked(make_world: MakeWorld) -> World:
    """The town with an address of its pages, its first status questions sent."""
    world = make_world(LINKED)
    world.go("2027-01-05 08:00")
    return world


def token(world: World, person: str, kind: str = "status_request", day: str = "2027-01-12") -> str:
    """The token of the link in somebody's mail."""
    meeting = world.meeting("gruppen", day)
    (mail,) = [each for each in world.dispatches(kind, meeting) if each.person == person]
    found = re.search(BASE + r"/svar/([\w-]{43})[>]", world.letter(mail))
    assert found is not None
    return found[1]


def refusal(world: World, given: str) -> str:
    with world.read() as session, pytest.raises(DeadLink) as problem:
        follow(session, world.office, given)
    return str(problem.value)


def test_link_leads_its_person_to_its_meeting(linked: World) -> None:
    with linked.read() as session:
        found = follow(session, linked.office, token(linked, "bo.hus"))
    assert (found.person.id, found.body.id, found.meeting.day.isoformat()) == ("bo.hus", "gruppen", "2027-01-12")


def test_each_persons_link_is_their_own_and_the_reminder_has_the_same(linked: World) -> None:
    linked.go("2027-01-08 08:00")
    tokens = [token(linked, person) for person in ("kia.holm", "pia.polis", "bo.hus")]
    assert len(set(tokens)) == 3
    assert token(linked, "bo.hus", "status_reminder") == tokens[2]


def test_archive_holds_the_links_hash_and_not_the_token(linked: World) -> None:
    given = token(linked, "bo.hus")
    links = {row[4]: row[5] for row in linked.everything()["signed_links"]}
    assert links["bo.hus"] == hashed(given)
    assert given not in str(linked.everything()["signed_links"])


def test_asking_again_changes_nothing(linked: World) -> None:
    before = linked.everything()
    linked.go("2027-01-05 08:00")
    assert linked.everything() == before


def test_no_address_no_link(world: World) -> None:
    world.go("2027-01-05 08:00")
    assert "svar/" not in world.letter(world.dispatches("status_request")[0])
    assert world.everything()["signed_links"] == []


def test_address_may_come_from_the_environment(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADENS_BASE_URL", BASE + "/")
    world = make_world()
    world.go("2027-01-05 08:00")
    assert len(token(world, "bo.hus")) == 43


def test_unknown_token_leads_nowhere(linked: World) -> None:
    assert refusal(linked, "x" * 43).startswith("Vi känner inte igen länken.")
    assert refusal(linked, token(linked, "bo.hus")[:-1]).startswith("Vi känner inte igen länken.")


def test_link_is_good_to_the_end_of_the_fourteenth_day_after_the_meeting(linked: World) -> None:
    given = token(linked, "bo.hus")
    linked.set("2027-01-26 23:59")
    with linked.read() as session:
        assert follow(session, linked.office, given).person.id == "bo.hus"
    linked.set("2027-01-27 00:00")
    assert "mer än två veckor" in refusal(linked, given)


def test_meeting_moved_forward_takes_its_link_along(linked: World) -> None:
    given = token(linked, "bo.hus")
    with linked.office.archive.write() as session:
        meeting = session.merge(linked.meeting("gruppen", "2027-01-12"))
        meeting.day = meeting.day.replace(day=14)
    linked.set("2027-01-28 12:00")
    with linked.read() as session:
        assert follow(session, linked.office, given).meeting.day.day == 14


def test_link_dies_with_the_seat(linked: World) -> None:
    given = token(linked, "bo.hus")
    linked.reconfigure("title: Områdeschef, held_by: bo.hus", "title: Områdeschef, held_by: []")
    assert "inte längre är din" in refusal(linked, given)


def test_link_of_a_cancelled_meeting_says_so(linked: World) -> None:
    given = token(linked, "bo.hus")
    with linked.office.archive.write() as session:
        session.merge(linked.meeting("gruppen", "2027-01-12")).status = "cancelled"
    assert "blir inte av" in refusal(linked, given)


def test_revoked_link_leads_nowhere_is_not_sent_again_and_may_be_restored(linked: World) -> None:
    given = token(linked, "bo.hus")
    meeting = linked.meeting("gruppen", "2027-01-12")
    revoke(linked.office, SIV, meeting.id, "bo.hus")
    revoke(linked.office, SIV, meeting.id, "bo.hus")
    assert refusal(linked, given) == "Länken har återkallats."
    linked.go("2027-01-08 08:00")
    (mail,) = [each for each in linked.dispatches("status_reminder", meeting) if each.person == "bo.hus"]
    assert "svar/" not in linked.letter(mail)
    revoke(linked.office, SIV, meeting.id, "bo.hus", again=True)
    with linked.read() as session:
        assert follow(session, linked.office, given).person.id == "bo.hus"
        actions = [row.action for row in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["link.revoke", "link.restore"]


def test_link_nobody_has_cannot_be_revoked(linked: World) -> None:
    with pytest.raises(ValueError, match="ingen svarslänk"):
        revoke(linked.office, SIV, linked.meeting("gruppen", "2027-01-12").id, "siv.sand")


def test_changed_secret_makes_the_links_sent_before_worthless(linked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = token(linked, "bo.hus")
    monkeypatch.setenv("KADENS_SECRET", "en annan")
    linked.office = replace(linked.office, pristine={})
    linked.go("2027-01-08 08:00")
    second = token(linked, "bo.hus", "status_reminder")
    assert refusal(linked, first).startswith("Vi känner inte igen länken.")
    with linked.read() as session:
        assert follow(session, linked.office, second).person.id == "bo.hus"
