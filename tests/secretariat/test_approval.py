"""Approving minutes: the very version shown, by those whose it is; corrected with a reason; told on the board."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from governance.secretariat import approval
from governance.secretariat.audit import Doer, broken_at
from governance.store import approval_book, minute_book
from governance.store.desk_tables import Approval, Remark
from governance.store.tables import MeetingRecord, Occasion, Paper
from tests.conftest import MakeWorld
from tests.world import TOWN, World, at

COUNCIL = """
- meeting: radet 2027-02-10
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Öppnande:
      account: Vi talade om torget.
      decisions: [{text: Rådet lyser upp torget.}]
      actions: [{text: Beställa lampor, owner: pia.polis, due: 2027-03-01}]
    Rapporter: {account: Pia berättade om läget.}
  approvers: [pia.polis]
"""
CHANGED = COUNCIL.replace("om torget.", "om stora torget.")
NOTES = "- meeting: gruppen 2027-01-12\n  present: [kia.holm]\n  items:\n    Beslut: {account: Vi talade.}\n"
STATUTORY = TOWN.replace("formality: regulated", "formality: statutory")


def doer(person: str, means: str = "mail-link") -> Doer:
    return Doer(person=person, municipality="provkopings-kommun", body="radet", means=means)


@pytest.fixture
def council(world: World) -> World:
    """The council's minutes, written and mailed."""
    world.until("2027-02-22", COUNCIL)
    return world


def meeting(world: World) -> Occasion:
    return world.meeting("radet", "2027-02-10")


def papers(world: World) -> list[Paper]:
    return world.papers("minutes", meeting(world))


def record(world: World) -> MeetingRecord:
    with world.read() as session:
        found = minute_book.record_of(session, meeting(world).id)
    assert found is not None
    return found


def approve(world: World, person: str, sha256: str = "") -> bool:
    newest = sha256 or papers(world)[-1].sha256
    return approval.approve(world.office, world.municipality, meeting(world), doer(person), newest)


def approved(world: World) -> World:
    approve(world, "kia.holm")
    approve(world, "pia.polis")
    world.go("2027-02-23 00:05")
    return world


def correct(world: World, reason: str = "Fel namn på torget.") -> None:
    approval.correct(world.office, world.municipality, meeting(world), doer("siv.sand"), reason)


def approvals(world: World) -> list[tuple[str, str]]:
    with world.read() as session:
        return [(row.person, row.means) for row in session.scalars(select(Approval).order_by(Approval.id))]


# --- approving -----------------------------------------------------------------------------------------------------


def test_minutes_are_approved_when_all_have_and_then_sent_as_a_new_version(council: World) -> None:
    assert approve(council, "kia.holm") is False
    assert (record(council).approved_on, meeting(council).status) == (None, "held")
    assert approve(council, "pia.polis") is True
    assert (record(council).approved_on, record(council).approved_by) == (date(2027, 2, 22), ["kia.holm", "pia.polis"])
    assert meeting(council).status == "closed"
    assert council.steps(meeting(council))["approval"].evidence == "justerat 22\xa0februari 2027"
    council.go("2027-02-23 08:00")
    assert council.told("approved", meeting(council)) == ["kia.holm", "pia.polis", "siv.sand"]
    (mail,) = [row for row in council.dispatches("approved", meeting(council)) if row.person == "pia.polis"]
    assert "Beställa lampor" in council.letter(mail)
    text = council.text("minutes", meeting(council))
    first = papers(council)[0].sha256
    assert "Justerat den 22 februari 2027 av Kia Holm och Pia Polis" in text
    assert f"Version 1, kontrollsumma {first[:4]} {first[4:8]} {first[8:12]}" in text


def test_weekly_chase_stops_when_all_have_approved(council: World) -> None:
    approved(council)
    council.until("2027-03-10")
    assert council.told("approval", meeting(council)) == []


def test_chase_tells_only_those_who_are_left_and_the_secretary(council: World) -> None:
    approve(council, "kia.holm")
    council.until("2027-03-10")
    assert council.told("approval", meeting(council)) == ["pia.polis", "siv.sand"]


def test_approving_twice_is_approving_once(council: World) -> None:
    assert [approve(council, "kia.holm"), approve(council, "kia.holm")] == [False, False]
    assert approvals(council) == [("kia.holm", "mail-link")]
    sha256 = papers(council)[-1].sha256
    assert [approve(council, "pia.polis"), approve(council, "pia.polis")] == [True, True]
    council.go("2027-02-23 08:00")
    assert approve(council, "kia.holm", sha256) is True
    assert len(papers(council)) == 2


def test_version_that_is_no_longer_the_newest_is_not_approved(council: World) -> None:
    old = papers(council)[-1].sha256
    council.record("2027-02-22 10:00", CHANGED)
    with pytest.raises(ValueError, match="en ny version görs just nu"):
        approve(council, "kia.holm", old)
    council.go("2027-02-22 10:05")
    with pytest.raises(ValueError, match="Protokollet har ändrats sedan du öppnade sidan"):
        approve(council, "kia.holm", old)
    assert approvals(council) == []


def test_approval_of_a_version_that_was_then_changed_does_not_count(council: World) -> None:
    approve(council, "kia.holm")
    council.record("2027-02-22 10:00", CHANGED)
    council.go("2027-02-22 10:05")
    assert approve(council, "pia.polis") is False
    assert approve(council, "kia.holm") is True


def test_only_those_whose_it_is_approve_and_only_signed_in(council: World) -> None:
    with pytest.raises(ValueError, match="Du är inte utsedd att justera"):
        approve(council, "siv.sand")
    newest = papers(council)[-1].sha256
    with pytest.raises(ValueError, match="En länk i ett mejl räcker inte"):
        approval.approve(council.office, council.municipality, meeting(council), doer("kia.holm", means=""), newest)
    assert approvals(council) == []


def test_unrecorded_meeting_is_not_approved(world: World) -> None:
    world.until("2027-02-22")
    with pytest.raises(ValueError, match="Mötet är inte antecknat"):
        approve(world, "kia.holm")


def test_what_is_done_is_in_the_log(council: World) -> None:
    approved(council)
    correct(council)
    log = [(row[3], row[6]) for row in council.everything()["audit_log"]]
    assert log == [
        ("kia.holm", "minutes.approve"),
        ("pia.polis", "minutes.approve"),
        ("siv.sand", "minutes.correct"),
    ]
    with council.read() as session:
        assert broken_at(session) is None


def test_approved_paper_tells_of_actions_as_the_approved_text_did(council: World) -> None:
    council.record(
        "2027-02-23 09:00",
        "- meeting: radet 2027-05-12\n  answers:\n    - from: pia.polis\n      received: 2027-02-23 08:00\n"
        "      actions: {Å-2027-001: {status: done, comment: Alla lampor lyser.}}\n",
    )
    approve(council, "kia.holm")
    approve(council, "pia.polis")
    council.go("2027-02-23 10:00")
    assert "Alla lampor lyser." not in council.text("minutes", meeting(council))
    assert "Beställa lampor" in council.text("minutes", meeting(council))


def test_chosen_approvers_stand_in_a_new_version(council: World) -> None:
    choose = approval.choose_approvers
    choose(council.office, council.municipality, meeting(council), doer("siv.sand"), ["siv.sand", "pia.polis"])
    council.go("2027-02-23 00:05")
    assert record(council).approvers == ["siv.sand", "pia.polis"]
    assert "Siv Sand och Pia Polis" in council.text("minutes", meeting(council))
    with pytest.raises(ValueError, match="Bo Hus var inte det"):
        choose(council.office, council.municipality, meeting(council), doer("siv.sand"), ["bo.hus"])


def test_reminder_goes_once_a_day_to_those_who_are_left(council: World) -> None:
    approve(council, "kia.holm")

    def remind() -> int:
        return approval.remind(council.office, council.municipality, meeting(council), doer("siv.sand"))

    assert [remind(), remind()] == [1, 0]
    council.set("2027-02-23 09:00")
    assert remind() == 1
    assert council.told("approval", meeting(council)) == ["pia.polis", "pia.polis"]


def test_reporter_is_told_where_the_report_was_taken_up(world: World) -> None:
    answers = (
        "  answers:\n    - {from: pia.polis, answers: {Händelser: Inbrott}}\n    - {from: kia.holm, nothing: true}\n"
    )
    world.until("2027-02-22", COUNCIL + answers)
    letters = {row.person: world.letter(row) for row in world.dispatches("minutes", meeting(world))}
    assert "Det togs upp under § 5, ”Rapporter”." in letters["pia.polis"]
    assert "Det togs upp" not in letters["kia.holm"]


def test_those_whose_it_is_are_told_where_to_approve(make_world: MakeWorld) -> None:
    based = TOWN.replace("  lead_committee:", "  base_url: https://kadens.prov.example\n  lead_committee:", 1)
    world = make_world(based)
    world.until("2027-03-01", COUNCIL)
    address = "https://kadens.prov.example/provkopings-kommun/organ/radet/2027-02-10/justering"
    for kind, told in (("minutes", {"kia.holm", "pia.polis"}), ("approval", {"kia.holm", "pia.polis", "siv.sand"})):
        letters = {row.person: world.letter(row) for row in world.dispatches(kind, meeting(world))}
        assert {person for person, letter in letters.items() if address in letter} == told, kind


# --- corrections ---------------------------------------------------------------------------------------------------


def test_approved_text_is_not_changed_by_a_record_file(council: World) -> None:
    approved(council)
    before = council.everything()
    (done,) = council.record("2027-02-24 09:00", CHANGED)
    assert done.failed
    assert "Protokollet justerades den 22\xa0februari 2027 och får inte ändras. Öppna en rättelse" in done.what
    assert council.everything() == before


def test_correction_gives_a_version_with_its_reason_that_is_approved_anew(council: World) -> None:
    approved(council)
    kept = papers(council)
    correct(council)
    assert (record(council).approved_on, meeting(council).status) == (None, "held")
    council.record("2027-02-24 09:00", CHANGED)
    council.go("2027-02-24 09:05")
    text = council.text("minutes", meeting(council))
    assert "Rättelse: Fel namn på torget. Den här versionen rättar version 2, som finns kvar i arkivet." in text
    assert "Ojusterat utkast, version 3" in text
    assert "stora torget" in text
    approve(council, "kia.holm")
    assert approve(council, "pia.polis") is True
    council.go("2027-02-25 08:00")
    assert [(each.sha256, each.html) for each in papers(council)[:2]] == [(each.sha256, each.html) for each in kept]
    assert len(papers(council)) == 4
    assert "Justerat den 24 februari 2027 av Kia Holm och Pia Polis" in council.text("minutes", meeting(council))
    (row,) = correction_rows(council)
    assert (row.reason, row.approved_on, row.approved_by) == (
        "Fel namn på torget.",
        date(2027, 2, 22),
        ["kia.holm", "pia.polis"],
    )


def correction_rows(world: World) -> list[approval_book.Correction]:
    with world.read() as session:
        return approval_book.corrections_of(session, meeting(world).id)


def test_corrected_minutes_are_chased_by_a_new_deadline(council: World) -> None:
    approved(council)
    correct(council)
    council.record("2027-02-24 09:00", CHANGED)
    assert council.steps(meeting(council))["approval"].due == at("2027-03-09 08:00")
    council.until("2027-03-09")
    assert council.told("approval", meeting(council)) == ["kia.holm", "pia.polis", "siv.sand"]


def test_correction_needs_a_reason_and_something_approved(council: World) -> None:
    with pytest.raises(ValueError, match="kan ändras utan rättelse"):
        correct(council)
    approved(council)
    with pytest.raises(ValueError, match="Skriv skälet"):
        correct(council, "  ")


def test_nothing_is_approved_under_a_correction_that_has_changed_nothing(council: World) -> None:
    approved(council)
    correct(council)
    with pytest.raises(ValueError, match="ingen rättad version är gjord än"):
        approve(council, "kia.holm")


def test_correction_that_changed_nothing_can_be_withdrawn(council: World) -> None:
    approved(council)
    before = record(council).approved_on, record(council).approved_by
    correct(council)
    approval.withdraw_correction(council.office, council.municipality, meeting(council), doer("siv.sand"))
    assert (record(council).approved_on, record(council).approved_by) == before
    assert meeting(council).status == "closed"
    assert correction_rows(council) == []
    with pytest.raises(ValueError, match="ingen rättelse att ångra"):
        approval.withdraw_correction(council.office, council.municipality, meeting(council), doer("siv.sand"))


# --- remarks, settled notes, the board -----------------------------------------------------------------------------


def test_remark_is_kept_until_the_secretary_has_seen_to_it(council: World) -> None:
    approval.remark(council.office, council.municipality, meeting(council), doer("pia.polis"), "Det var torsdag.")
    with council.read() as session:
        row = session.scalars(select(Remark)).one()
    approval.settle_remark(council.office, council.municipality, meeting(council), doer("siv.sand"), row.id)
    with council.read() as session:
        assert session.scalars(select(Remark)).one().settled == council.office.now
    other = council.meeting("radet", "2027-05-12")
    with pytest.raises(ValueError, match="inte antecknat"):
        approval.settle_remark(council.office, council.municipality, other, doer("siv.sand"), row.id)


def test_groups_notes_are_settled_without_mail_and_then_corrected_only(make_world: MakeWorld) -> None:
    world = make_world()
    world.until("2027-01-15", NOTES)
    group = world.meeting("gruppen", "2027-01-12")
    (paper,) = world.papers("minutes", group)
    mails = len(world.dispatches())
    approval.settle(world.office, world.municipality, group, doer("siv.sand"), paper.sha256)
    approval.settle(world.office, world.municipality, group, doer("siv.sand"), paper.sha256)
    world.go("2027-01-15 23:59")
    assert len(world.dispatches()) == mails
    assert world.meeting("gruppen", "2027-01-12").status == "closed"
    (done,) = world.record("2027-01-16 09:00", NOTES.replace("Vi talade.", "Vi talade länge."))
    assert "Minnesanteckningarna färdigställdes den 15\xa0januari 2027 och får inte ändras." in done.what
    approval.correct(world.office, world.municipality, group, doer("siv.sand"), "Mer att säga.")
    world.record("2027-01-16 09:00", NOTES.replace("Vi talade.", "Vi talade länge."))
    world.go("2027-01-16 09:05")
    assert "Rättelse: Mer att säga." in world.text("minutes", group)


def test_protocol_is_not_settled_without_approval(council: World) -> None:
    with pytest.raises(ValueError, match="genom att det justeras"):
        approval.settle(
            council.office, council.municipality, meeting(council), doer("siv.sand"), papers(council)[-1].sha256
        )


def test_notice_is_posted_from_the_day_of_approval_and_says_until_when(make_world: MakeWorld) -> None:
    world = make_world(STATUTORY)
    world.until("2027-02-22", COUNCIL)

    def announce(day: date) -> None:
        approval.announce(world.office, world.municipality, meeting(world), doer("siv.sand"), day)

    with pytest.raises(ValueError, match="måste justeras innan det kan anslås"):
        announce(date(2027, 2, 22))
    approved(world)
    with pytest.raises(ValueError, match="då protokollet justerades, till i dag"):
        announce(date(2027, 2, 21))
    with pytest.raises(ValueError, match="då protokollet justerades, till i dag"):
        announce(date(2027, 2, 24))
    announce(date(2027, 2, 22))
    announce(date(2027, 2, 23))
    with world.read() as session:
        notice = approval_book.notice_of(session, meeting(world).id)
    assert notice is not None
    assert (notice.posted, notice.until) == (date(2027, 2, 23), date(2027, 3, 16))


def test_only_statutory_minutes_are_put_on_the_board(council: World) -> None:
    approved(council)
    with pytest.raises(ValueError, match="fullmäktige och nämnder"):
        approval.announce(council.office, council.municipality, meeting(council), doer("siv.sand"), date(2027, 2, 22))


def test_record_file_that_gives_the_reason_corrects_what_is_approved(council: World) -> None:
    approved(council)
    corrected = CHANGED + "  correction: Fel torg.\n"
    (done,) = council.record("2027-02-24 09:00", corrected)
    assert not done.failed
    assert council.record("2027-02-24 09:30", corrected) == []
    council.go("2027-02-24 10:00")
    assert "Rättelse: Fel torg." in council.text("minutes", meeting(council))
    assert [(row.reason, row.person) for row in correction_rows(council)] == [("Fel torg.", "")]
    council.record("2027-02-25 09:00", corrected + "  approved: {on: 2027-02-25, by: [kia.holm, pia.polis]}\n")
    council.go("2027-02-25 10:00")
    assert "Justerat den 25 februari 2027" in council.text("minutes", meeting(council))
    assert len(papers(council)) == 4
