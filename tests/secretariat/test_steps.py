"""Steps are done once each, lapse when pointless, and one that fails stands in nobody's way."""

from __future__ import annotations

from threading import Barrier, Thread

from governance.secretariat.meetings import plan_meetings
from governance.secretariat.office import open_office
from governance.secretariat.sweep import sweep
from tests.conftest import MakeWorld
from tests.world import World, at


def test_sweep_made_again_at_the_same_moment_changes_nothing(world: World) -> None:
    world.go("2027-01-11 13:00")
    before = world.everything()
    assert world.go("2027-01-11 13:00") == []
    assert world.everything() == before


def test_two_sweeps_at_the_same_moment_do_each_step_once(world: World) -> None:
    world.plan()
    start = Barrier(2)
    done = []

    def run() -> None:
        with open_office(world.file, at("2027-01-11 13:00"), folder=world.folder / "data") as office:
            start.wait()
            done.extend(sweep(office, ("status", "agenda", "invitation")))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subjects = [(each.verb, each.subject, each.what) for each in done]
    assert len(subjects) == len(set(subjects))
    keys = [row.key for row in world.dispatches()]
    assert len(keys) == len(set(keys)) == sum(each.mails for each in done)


def test_steps_before_a_meeting_that_has_begun_lapse(world: World) -> None:
    world.plan()
    world.go("2027-01-12 09:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    lapsed = {kind for kind, step in world.steps(meeting).items() if step.evidence == "utgick: mötet hade redan börjat"}
    assert lapsed == {"invitation", "status_request", "status_reminder_1", "agenda"}
    assert world.dispatches(occasion=meeting) == []


def test_steps_of_a_body_gone_from_the_config_lapse(world: World) -> None:
    world.go("2027-01-11 14:00")
    text = world.file.read_text(encoding="utf-8")
    head, _, rest = text.partition("  gruppen:\n")
    world.begin(head + "  radet:\n" + rest.partition("  radet:\n")[2], world.office.now)
    done = world.go("2027-01-14 08:00", ("minutes", "situation"))
    assert {each.what for each in done} == {"utgick: organet finns inte längre i konfigurationen"}


def test_failing_step_keeps_its_place_and_the_others_go_on(world: World) -> None:
    world.own_template("agenda.md.j2", b"# {{ paper.facts.body }\n")
    done = world.go("2027-01-11 13:00")
    meeting = world.meeting("gruppen", "2027-01-12")
    (failed,) = [each for each in done if each.failed]
    assert failed.subject == "Gruppen 2027-01-12"
    step = world.steps(meeting)["agenda"]
    assert (step.done, step.attempts, step.retry) == (None, 1, at("2027-01-11 14:00"))
    assert step.evidence == failed.what
    assert step.evidence.startswith("misslyckades: ")
    assert "agenda.md.j2:1" in step.evidence
    assert {"invitation", "status_request"} <= {row.kind for row in world.dispatches(occasion=meeting)}

    assert [each for each in world.go("2027-01-11 13:30") if each.verb == "agenda"] == []  # its time has not come
    world.own_template("agenda.md.j2", None)
    world.until("2027-01-11")
    step = world.steps(meeting)["agenda"]
    assert (step.done, step.attempts, step.evidence) == (at("2027-01-11 14:00"), 2, "fem ärenden, till 4")


def test_step_that_fails_for_an_unforeseen_reason_is_told_by_its_name(world: World) -> None:
    world.own_template("letterhead.docx", b"no Word file at all")
    done = world.go("2027-01-11 13:00")
    assert [each.verb for each in done if each.failed] == ["agenda"]
    assert [row.kind for row in world.dispatches("invitation")]


def test_failing_step_waits_longer_each_time_and_a_day_at_most(world: World) -> None:
    world.own_template("minutes.md.j2", b"{{ nothing.here }}")
    world.go("2027-01-11 13:00")
    waits = []
    for moment in ("14 08", "14 09", "14 11", "14 15", "14 23", "15 15", "16 15"):
        world.go(f"2027-01-{moment}:00", ("minutes",))
        step = world.steps(world.meeting("gruppen", "2027-01-12"))["minutes"]
        waits.append(int((step.retry - world.office.now).total_seconds() // 3600))
    assert waits == [1, 2, 4, 8, 16, 24, 24]


def test_two_municipalities_in_one_folder_keep_apart(make_world: MakeWorld) -> None:
    world = make_world()
    other = world.file.read_text(encoding="utf-8").replace("Provköpings kommun", "Andra kommun")
    folder = world.folder / "both"
    folder.mkdir()
    (folder / "prov.yaml").write_text(world.file.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "andra.yaml").write_text(other, encoding="utf-8")
    with open_office(folder, at("2027-01-04 08:00"), folder=world.folder / "data") as office:
        for municipality in office.municipalities:
            plan_meetings(office, municipality)
        done = sweep(office, ("invitation",))
    assert sorted({each.municipality for each in done}) == ["andra-kommun", "provkopings-kommun"]
