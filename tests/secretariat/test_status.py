"""The status question: who is asked, reminded and heard, and what the agenda makes of it."""

from __future__ import annotations

from tests.world import World, at

ANSWER = """
- meeting: gruppen 2027-01-12
  answers:
    - {from: pia.polis, received: 2027-01-08 10:00, answers: {Brott: Tre inbrott.}}
"""


def test_everyone_but_the_secretary_is_asked(world: World) -> None:
    world.go("2027-01-05 08:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("status_request", meeting) == ["bo.hus", "kia.holm", "pia.polis"]
    letter = world.letter(world.dispatches("status_request", meeting)[0])
    assert "Brott" in letter
    assert "Otrygghet" in letter


def test_only_those_who_have_not_answered_are_reminded(world: World) -> None:
    world.go("2027-01-05 08:00")
    world.record("2027-01-07 09:00", ANSWER)
    world.go("2027-01-08 08:00")
    assert world.told("status_reminder", world.meeting("gruppen", "2027-01-12")) == ["bo.hus", "kia.holm"]


def test_nobody_is_reminded_where_all_have_answered(world: World) -> None:
    world.go("2027-01-05 08:00")
    everyone = "".join(
        f"    - {{from: {person}, nothing: true, received: 2027-01-06 09:00}}\n"
        for person in ("pia.polis", "kia.holm", "bo.hus")
    )
    world.record("2027-01-07 09:00", f"- meeting: gruppen 2027-01-12\n  answers:\n{everyone}")
    world.go("2027-01-08 08:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("status_reminder", meeting) == []
    assert world.steps(meeting)["status_reminder_1"].evidence == "ingen att påminna"


def test_reminder_due_while_answers_were_open_is_not_sent_after_they_closed(world: World) -> None:
    world.go("2027-01-05 08:00")
    world.go("2027-01-11 20:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("status_reminder", meeting) == []
    assert world.steps(meeting)["status_reminder_1"].evidence == "utgick: svarstiden var ute"


def test_question_and_reminder_never_go_out_on_the_same_day(world: World) -> None:
    world.go("2027-01-11 08:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("status_request", meeting) == ["bo.hus", "kia.holm", "pia.polis"]
    assert world.told("status_reminder", meeting) == []


def test_question_sent_after_its_usual_end_can_be_answered_until_the_meeting(world: World) -> None:
    world.go("2027-01-11 15:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    evidence = world.steps(meeting)["status_request"].evidence
    assert evidence == "3 tillfrågade, svar senast 12\xa0januari 2027 kl.\xa008.30"


def test_answer_given_before_the_question_is_kept_and_the_person_not_asked(world: World) -> None:
    world.plan()
    world.record("2027-01-03 10:00", ANSWER)
    done = world.go("2027-01-05 08:00", ("status",))
    assert [each.failed for each in done] == [False]
    assert world.told("status_request", world.meeting("gruppen", "2027-01-12")) == ["bo.hus", "kia.holm"]


def test_answers_and_those_still_silent_stand_on_the_agenda(world: World) -> None:
    world.go("2027-01-05 08:00")
    world.record("2027-01-08 10:00", ANSWER)
    world.go("2027-01-11 13:00")
    text = world.text("agenda", world.meeting("gruppen", "2027-01-12"))
    assert "Tre inbrott." in text
    silent = text[text.index("Tre inbrott.") :]
    assert "Kia Holm" in silent
    assert "Bo Hus" in silent


def test_late_answer_is_marked_and_still_reaches_the_situation_picture(world: World) -> None:
    world.go("2027-01-05 08:00")
    late = ANSWER.replace("2027-01-08 10:00", "2027-01-11 16:00")
    world.go("2027-01-11 13:00")
    (done,) = world.record("2027-01-11 16:00", late)
    assert done.what == "svar från Polismyndigheten (sent)"
    world.go("2027-01-12 14:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert "Tre inbrott." not in world.text("agenda", meeting)
    assert "Tre inbrott." in world.text("situation", meeting)


def test_as_last_time_repeats_the_last_answer(world: World) -> None:
    world.until("2027-01-18", ANSWER)
    again = "- meeting: gruppen 2027-01-19\n  answers: [{from: pia.polis, as_last_time: true}]\n"
    world.record("2027-01-18 08:30", again)
    world.until("2027-01-19")
    assert "Tre inbrott." in world.text("situation", world.meeting("gruppen", "2027-01-19"))


def test_nothing_to_report_is_an_answer(world: World) -> None:
    nothing = "- meeting: gruppen 2027-01-12\n  answers: [{from: bo.hus, nothing: true}]\n"
    world.until("2027-01-12", nothing)
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("status_reminder", meeting) == ["bo.hus", "kia.holm", "pia.polis"]
    picture = world.text("situation", meeting)
    assert "Provbostäder AB" in picture


def test_same_answer_again_is_known_and_a_corrected_one_replaces_it(world: World) -> None:
    world.go("2027-01-05 08:00")
    assert [each.what for each in world.record("2027-01-08 10:00", ANSWER)] == ["svar från Polismyndigheten"]
    before = world.everything()
    assert world.record("2027-01-08 11:00", ANSWER) == []
    assert world.everything() == before
    world.record("2027-01-08 12:00", ANSWER.replace("Tre", "Fyra"))
    world.go("2027-01-11 13:00")
    text = world.text("agenda", world.meeting("gruppen", "2027-01-12"))
    assert ("Fyra inbrott." in text, "Tre inbrott." in text) == (True, False)


def test_own_open_actions_stand_in_the_question(world: World) -> None:
    action = """
- meeting: gruppen 2027-01-12
  present: [kia.holm]
  items:
    Beslut: {account: Vi talade., actions: [{text: Laga stängslet, owner: bo.hus, due: 2027-02-01}]}
"""
    world.until("2027-01-19", action)
    meeting = world.meeting("gruppen", "2027-01-26")
    world.until("2027-01-21")
    (mail,) = [row for row in world.dispatches("status_request", meeting) if row.person == "bo.hus"]
    assert "Å-2027-001 Laga stängslet" in world.letter(mail).replace("*", "")
    (other,) = [row for row in world.dispatches("status_request", meeting) if row.person == "pia.polis"]
    assert "Laga stängslet" not in world.letter(other)
    assert at("2027-01-20 08:00") == mail.made
