"""The verbs that work on the archive: run, plan, record, due, papers, actions, duties; without Prefect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from governance.cli import main
from tests.world import DUTIES, EXTERNAL, TOWN, with_bodies

Capture = pytest.CaptureFixture[str]

RECORD = """\
- meeting: gruppen 2027-01-12
  answers:
    - {from: pia.polis, received: 2027-01-08 10:00, answers: {Brott: Tre inbrott.}}
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Beslut:
      decisions: [{text: Gruppen beslutar att gå en kvällsrunda.}]
      actions:
        - {ref: runda, text: Gå en kvällsrunda, owner: bo.hus, due: 2027-01-15}
        - {ref: skylt, text: Sätta upp en skylt, owner: siv.sand, due: 2027-02-15}
  recorded: 2027-01-12 11:00
"""


@pytest.fixture(autouse=True)
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a town's config.yaml and record.yaml; every test stands in it."""
    for name in ("KADENS_CONFIG", "KADENS_DATABASE", "KADENS_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    config = with_bodies(EXTERNAL, more=DUTIES).replace("{mail: dry-run}", "{mail: folder}")
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "record.yaml").write_text(RECORD, encoding="utf-8")
    return tmp_path


def said(capsys: Capture, *argv: str, today: str = "2027-01-01") -> tuple[int, str, str]:
    """(exit status, standard output, standard error)."""
    status = main(["--today", today, *argv])
    out, err = capsys.readouterr()
    return status, out, err


def ran(capsys: Capture, *more: str, today: str = "2027-01-01") -> str:
    """What a run says; it must end well."""
    status, out, err = said(capsys, "run", "--no-prefect", *more, today=today)
    assert (status, err) == (0, "")
    return out.replace("\xa0", " ")


def rows(capsys: Capture, *argv: str, today: str = "2027-01-20") -> list[dict[str, object]]:
    """A listing as JSON."""
    _, out, _ = said(capsys, *argv, "--format", "json", today=today)
    found: list[dict[str, object]] = json.loads(out)
    return found


def files(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- run -------------------------------------------------------------------------------------------------------


def test_run_says_what_was_planned_made_sent_and_is_owed(capsys: Capture) -> None:
    out = ran(capsys, "--until", "2027-01-20", "--record", "record.yaml")
    assert "Provköpings kommun, till och med onsdag 20 januari 2027\n" in out
    assert "Gjorde två dagordningar, två veckolägesbilder och en anteckning eller protokoll." in out
    assert "Mötet är inte antecknat: Gruppen tisdag 19 januari 2027." in out
    assert "Handlingar: kadens-data/provkopings-kommun/handlingar (5 nya)" in out


def test_second_run_makes_nothing_and_says_so(capsys: Capture, town: Path) -> None:
    ran(capsys, "--until", "2027-01-20", "--record", "record.yaml")
    before = files(town / "kadens-data" / "provkopings-kommun")
    out = ran(capsys, "--until", "2027-01-20", "--record", "record.yaml")
    assert "Inget nytt: allt som skulle göras var redan gjort." in out
    assert files(town / "kadens-data" / "provkopings-kommun") == before


def test_run_on_an_earlier_day_undoes_nothing(capsys: Capture, town: Path) -> None:
    ran(capsys, "--until", "2027-01-20", "--record", "record.yaml")
    before = files(town / "kadens-data" / "provkopings-kommun")
    assert "Inget nytt" in ran(capsys, today="2027-01-05")
    assert files(town / "kadens-data" / "provkopings-kommun") == before


def test_run_without_until_does_what_is_due_now(capsys: Capture) -> None:
    out = ran(capsys, today="2027-01-05")
    assert out == (
        "\nProvköpings kommun\n"
        "  Möten till och med 6 juli 2028: 14 nya, 1 uppföljning planerad.\n"
        "  Skickade 15 mejl.\n"
        "  Väntar på någon: ingenting\n"
        "  Handlingar: kadens-data/provkopings-kommun/handlingar\n"
        "  Mejl:       kadens-data/provkopings-kommun/mejl\n"
    )
    assert [
        row["kind"] for row in rows(capsys, "due", "--body", "gruppen", today="2027-01-05") if row["state"] == "done"
    ]


def test_out_gathers_papers_and_mails_elsewhere(capsys: Capture, town: Path) -> None:
    ran(capsys, "--until", "2027-01-12", "--out", "utskick")
    kinds = {Path(name).suffix for name in files(town / "utskick")}
    assert kinds == {".docx", ".html", ".eml"}
    assert files(town / "kadens-data") == ["kadens.db"]


def test_folder_that_refuses_is_told_once_and_ends_with_2(capsys: Capture, town: Path) -> None:
    (town / "fil").write_text("")
    status, out, err = said(capsys, "run", "--no-prefect", "--until", "2027-01-12", "--out", "fil")
    assert (status, "Gick inte" in out) == (2, False)
    assert [line.partition(" mappen ")[0] for line in err.splitlines()] == [
        "kadens: Handlingarna kunde inte läggas i",
        "kadens: Mejlet kunde inte läggas i",
    ]


def test_dry_run_sends_nothing(capsys: Capture, town: Path) -> None:
    out = ran(capsys, "--until", "2027-01-12", "--dry-run")
    assert "Provkörning, ingenting skickas: 30 mejl skrevs och hålls inne för gott." in out
    assert [name for name in files(town / "kadens-data") if name.endswith(".eml")] == []


def test_run_as_json_counts_by_verb(capsys: Capture) -> None:
    out = ran(capsys, "--until", "2027-01-12", "--format", "json")
    counted = {row["verb"]: (row["papers"], row["failed"]) for row in json.loads(out)}
    assert counted["agenda"] == (1, 0)
    assert set(counted) == {"plan", "status", "invitation", "agenda", "situation", "delivery", "follow_up"}


def test_until_before_today_is_wrong_use(capsys: Capture) -> None:
    status, _, err = said(capsys, "run", "--until", "2026-12-01")
    assert (status, err) == (2, "kadens: --until 2026-12-01 ligger före 2027-01-01; ange en senare dag\n")


def test_run_with_a_faulty_record_changes_nothing(capsys: Capture, town: Path) -> None:
    (town / "record.yaml").write_text(RECORD.replace("bo.hus", "bo.huss"), encoding="utf-8")
    status, out, err = said(capsys, "run", "--no-prefect", "--record", "record.yaml")
    assert (status, out) == (2, "")
    assert err.splitlines()[0].startswith("record.yaml:9: ")
    assert 'menade du "bo.hus"?' in err
    assert err.splitlines()[-1] == "kadens: record.yaml kan inte läsas in; rätta raderna ovan. Ingenting är ändrat."


def test_run_with_a_faulty_config_lists_its_problems(capsys: Capture, town: Path) -> None:
    (town / "config.yaml").write_text(TOWN.replace("every:", "evry:").replace("tier: council", "tier: counsil"))
    status, out, err = said(capsys, "run", "--no-prefect")
    assert (status, out) == (2, "")
    assert err.startswith("kadens: konfigurationen har fel:\nconfig.yaml:")
    assert 'menade du "council"?' in err


# --- plan ------------------------------------------------------------------------------------------------------


def changed(town: Path) -> None:
    """Moves the group's meetings an hour."""
    config = (town / "config.yaml").read_text(encoding="utf-8")
    (town / "config.yaml").write_text(config.replace("09:00-10:00", "10:00-11:00"), encoding="utf-8")


def test_plan_shows_a_change_and_confirm_carries_it_out(capsys: Capture, town: Path) -> None:
    ran(capsys, today="2027-01-05")
    changed(town)
    status, out, _ = said(capsys, "plan", today="2027-01-05")
    assert status == 0
    assert "flyttas" in out
    assert "kadens plan --confirm" in out
    called = [row for row in rows(capsys, "plan", today="2027-01-05") if row["change"] == "moved" and row["called"]]
    assert [(row["slot"], row["mails"]) for row in called] == [("2027-01-12", 4), ("2027-01-19", 4)]
    assert "Två ändringar gäller möten som redan är kallade till och ger åtta mejl" in out
    again = ran(capsys, today="2027-01-05")
    assert (
        "    - Två ändrade möten som är kallade väntar på bekräftelse: kadens plan, sedan kadens plan --confirm.\n"
        in again
    )
    assert said(capsys, "plan", "--confirm", today="2027-01-05")[0] == 0
    assert {row["change"] for row in rows(capsys, "plan", today="2027-01-05")} == {"untouched"}


def test_plan_without_changes_says_so(capsys: Capture) -> None:
    ran(capsys)
    assert "Inget ändras: de lagda mötena stämmer med konfigurationen." in said(capsys, "plan")[1]


# --- record ----------------------------------------------------------------------------------------------------


def test_record_takes_in_once_and_knows_it_again(capsys: Capture) -> None:
    ran(capsys, "--until", "2027-01-13")
    status, out, _ = said(capsys, "record", "record.yaml", today="2027-01-14")
    assert (status, out.splitlines()[-1]) == (0, "2 intagna, 0 redan kända.")
    assert said(capsys, "record", "record.yaml", today="2027-01-14")[1] == "0 intagna, 2 redan kända.\n"


def test_record_of_a_meeting_that_does_not_exist_names_its_line_and_takes_in_the_rest(
    capsys: Capture, town: Path
) -> None:
    ran(capsys, "--until", "2027-01-13")
    (town / "record.yaml").write_text(RECORD + "- {meeting: gruppen 2027-01-14, present: [kia.holm]}\n")
    status, out, err = said(capsys, "record", "record.yaml", today="2027-01-15")
    assert status == 2
    assert "record.yaml:12: Gruppen har inget planerat möte den 2027-01-14." in err
    assert out.splitlines()[-1] == "2 intagna, 0 redan kända."


def test_record_that_cannot_be_read_is_told(capsys: Capture) -> None:
    status, out, err = said(capsys, "record", "saknas.yaml")
    assert (status, out) == (2, "")
    assert err == "kadens: saknas.yaml finns inte; kontrollera namnet\n"


# --- listings --------------------------------------------------------------------------------------------------


def test_due_lists_the_ledger_with_stable_fields(capsys: Capture) -> None:
    ran(capsys, "--until", "2027-01-12", "--record", "record.yaml")
    found = rows(capsys, "due", "--body", "gruppen", today="2027-01-13")
    assert list(found[0]) == ["municipality", "body", "meeting", "kind", "due", "state", "evidence"]
    first = [(row["kind"], row["state"]) for row in found if row["meeting"] == "2027-01-12"]
    assert first == [
        ("invitation", "done"),
        ("status_request", "done"),
        ("status_reminder_1", "done"),
        ("agenda", "done"),
        ("situation", "done"),
        ("minutes", "coming"),
    ]


def test_due_late_lists_only_what_waits(capsys: Capture) -> None:
    ran(capsys, "--until", "2027-01-12")
    assert rows(capsys, "due", "--late", today="2027-01-12") == []
    assert {row["state"] for row in rows(capsys, "due", "--late", today="2027-01-20")} == {"due"}


def test_due_of_a_person_lists_what_they_have_not_answered(capsys: Capture) -> None:
    ran(capsys, "--until", "2027-01-11", "--record", "record.yaml")
    asked = {person: rows(capsys, "due", "--person", person) for person in ("pia.polis", "bo.hus")}
    assert [row["meeting"] for row in asked["bo.hus"]] == ["2027-01-12"]
    assert asked["pia.polis"] == []


def test_due_names_an_unknown_body(capsys: Capture) -> None:
    ran(capsys)
    status, _, err = said(capsys, "due", "--body", "grupen")
    assert (status, err) == (
        2,
        'kadens: "grupen" är inget organ i konfigurationen; menade du "gruppen"?\n',
    )


def test_due_finds_a_body_by_name_and_an_edition_by_title(capsys: Capture) -> None:
    ran(capsys)
    assert rows(capsys, "due", "--body", "Gruppen") == rows(capsys, "due", "--body", "gruppen")
    out = said(capsys, "due", "--body", "tvåårsuppföljning")[1]
    assert {line.split("  ")[0] for line in out.splitlines()[2:]} >= {"Tvåårsuppföljning"}
    assert "two-year-follow-up" not in out


def test_due_late_holds_what_the_run_says_that_it_waits_for(capsys: Capture) -> None:
    out = ran(capsys, "--until", "2027-01-20")
    assert "    - Gruppen: två möten är inte antecknade, det första tisdag 12 januari 2027.\n" in out
    assert [(row["meeting"], row["kind"]) for row in rows(capsys, "due", "--late") if row["kind"] == "record"] == [
        ("2027-01-12", "record"),
        ("2027-01-19", "record"),
    ]


@pytest.mark.parametrize("argv", [("due", "--person"), ("actions", "--owner")])
def test_unknown_person_is_told_with_the_nearest(capsys: Capture, argv: tuple[str, str]) -> None:
    ran(capsys)
    expected = 'kadens: "pia.poliss" är ingen person i konfigurationen; menade du "pia.polis"?\n'
    assert said(capsys, *argv, "pia.poliss") == (2, "", expected)


def test_tables_of_several_municipalities_say_whose_a_row_is(capsys: Capture, town: Path) -> None:
    (town / "orter").mkdir()
    config = (town / "config.yaml").read_text("utf-8")
    (town / "orter" / "a.yaml").write_text(config, "utf-8")
    (town / "orter" / "b.yaml").write_text(config.replace("Provköpings", "Grannby"), "utf-8")
    out = ran(capsys, "--config", "orter", "--until", "2027-01-12")
    assert out.count("/handlingar (2 nya)\n") == 2
    for verb in ("due", "papers", "duties"):
        table = said(capsys, verb, "--config", "orter", today="2027-02-12")[1]
        assert {"Provköpings kommun", "Grannby kommun"} <= {
            cell.strip() for line in table.splitlines() for cell in line.split("  ")
        }, verb


def test_papers_are_listed_with_their_hash_and_written_out(capsys: Capture, town: Path) -> None:
    ran(capsys, "--until", "2027-01-12")
    (agenda, picture) = rows(capsys, "papers")
    assert (agenda["kind"], agenda["meeting"], picture["kind"]) == ("agenda", "2027-01-12", "situation")
    status, out, err = said(capsys, "papers", "open", str(agenda["id"]), "--to", "agenda.docx")
    assert (status, out, err) == (0, "", "agenda.docx\n")
    laid = town / "kadens-data" / "provkopings-kommun" / "handlingar" / "gruppen" / "2027-01-12-dagordning-gruppen.docx"
    assert (town / "agenda.docx").read_bytes() == laid.read_bytes()


@pytest.mark.parametrize("number", ["99", "9" * 30, "ett", "-"])
def test_paper_that_is_not_there_is_told(capsys: Capture, number: str) -> None:
    ran(capsys)
    status, _, err = said(capsys, "papers", "open", number)
    assert (status, err) == (2, f"kadens: handlingen {number} finns inte; kadens papers visar dem som finns\n")


def test_paper_is_written_as_what_its_name_says_and_never_over_an_edited_one(capsys: Capture, town: Path) -> None:
    ran(capsys, "--until", "2027-01-12")
    assert said(capsys, "papers", "open", "1", "--to", "a.html")[0] == 0
    assert (town / "a.html").read_text("utf-8").startswith("<!doctype html>")
    expected = "kadens: a.pdf: handlingen finns som .docx och .html; låt filens namn sluta på det ena\n"
    assert said(capsys, "papers", "open", "1", "--to", "a.pdf") == (2, "", expected)
    assert said(capsys, "papers", "open", "1", "--to", ".")[0] == 0
    edited = town / "2027-01-12-dagordning-gruppen.docx"
    edited.write_bytes(b"mitt")
    expected = f"kadens: {edited.name} finns redan med annat innehåll; välj ett annat namn med --to\n"
    assert said(capsys, "papers", "open", "1", "--to", ".") == (2, "", expected)
    assert edited.read_bytes() == b"mitt"


def test_actions_are_filtered_by_body_owner_and_state(capsys: Capture) -> None:
    ran(capsys, "--until", "2027-01-19", "--record", "record.yaml")
    everyone = rows(capsys, "actions")
    assert [(row["number"], row["owner"], row["late"], row["age"]) for row in everyone] == [
        ("Å-2027-001", "bo.hus", True, 1),
        ("Å-2027-002", "siv.sand", False, 1),
    ]
    assert [row["number"] for row in rows(capsys, "actions", "--owner", "siv.sand")] == ["Å-2027-002"]
    assert rows(capsys, "actions", "--body", "radet") == []


def test_duties_end_with_1_only_where_one_is_late_or_has_no_carrier(capsys: Capture) -> None:
    ran(capsys)
    assert said(capsys, "duties", today="2027-01-20")[0] == 0
    assert said(capsys, "duties", today="2027-06-12")[0] == 1
    late = [row["next_due"] for row in rows(capsys, "duties", today="2027-06-12") if row["state"] == "late"]
    assert late == ["2027-06-10"]


def test_data_folder_that_is_a_file_is_told_without_a_traceback(capsys: Capture, town: Path) -> None:
    (town / "kadens-data").write_text("")
    status, out, err = said(capsys, "run", "--no-prefect")
    assert (status, out) == (2, "")
    assert err.startswith("kadens: Databasens mapp kan inte skapas")
