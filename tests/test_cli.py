"""The command `kadens`: its words, its exit statuses, and the verbs that need only the configuration."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
import subprocess
import sys
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest

import governance
from governance.cli import main
from governance.cli.arguments import VERBS, UsageProblem, build_parser, settings
from governance.cli.installed import refuse_foreign_flows, version
from governance.cli.reference import PAGE, page

ROOT = Path(__file__).parents[1]
CONFIG = str(ROOT / "config.yaml")
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test stands in an empty folder of its own, with no settings in the environment."""
    for name in ("KADENS_CONFIG", "KADENS_DATABASE", "KADENS_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: Capture, *argv: str) -> tuple[int, str, str]:
    """The exit status, what went to standard output and to standard error; spaces that do not break as `_`."""
    status = main(argv)
    out, err = capsys.readouterr()
    return status, out.replace("\u00a0", "_"), err.replace("\u00a0", "_")


def flawed(folder: Path) -> Path:
    file = folder / "config.yaml"
    file.write_text(Path(CONFIG).read_text("utf-8").replace("every: quarter", "every: quartely"), "utf-8")
    return file


# The command itself


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_every_verb_has_help_in_swedish(capsys: Capture, verb: str) -> None:
    status, out, err = said(capsys, verb, "--help")
    assert (status, err) == (0, "")
    assert out.splitlines()[0].startswith(f"Användning: kadens {verb} ")


def test_help_lists_the_verbs_in_the_order_of_the_table(capsys: Capture) -> None:
    _, out, _ = said(capsys, "--help")
    listed = out.partition("  VERB\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == [verb.name for verb in VERBS]


def test_version_is_the_distributions(capsys: Capture) -> None:
    assert said(capsys, "--version") == (0, f"kadens {version()}\n", "")


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        ([], "VERB saknas"),
        (["yera"], '"yera" är inget verb; menade du "year"?'),
        (["check", "--formt"], "okänt: --formt"),
        (["year", "--format", "pdf"], '"pdf" är inget värde för --format; välj table, json, csv, ics eller svg'),
        (["year", "27"], 'ÅR: "27" är inget år; skriv till exempel 2027'),
        (["year", "--today"], "--today ska följas av ett värde"),
        (
            ["run", "--until", "2027-02-30"],
            '--until: "2027-02-30" är inget datum; skriv år-månad-dag, till exempel 2027-02-11',
        ),
        (["serve", "--port", "0"], '--port: "0" är ingen port; skriv ett heltal från 1 till 65535'),
        (["papers", "close"], '"close" är inget värde för open; skriv open'),
        (["record"], "FIL saknas"),
    ],
)
def test_wrong_use_ends_with_2_and_a_swedish_sentence(capsys: Capture, argv: list[str], complaint: str) -> None:
    status, out, err = said(capsys, *argv)
    assert (status, out, err.splitlines()[0]) == (2, "", f"kadens: {complaint}")


def test_missing_config_names_init(capsys: Capture) -> None:
    expected = "kadens: här finns ingen config.yaml; ange den med --config eller skapa en med kadens init\n"
    assert said(capsys, "year") == (2, "", expected)


def test_named_config_that_is_missing_is_named(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADENS_CONFIG", "borta.yaml")
    expected = "kadens: konfigurationen borta.yaml finns inte; kontrollera namnet eller skapa en med kadens init\n"
    assert said(capsys, "check") == (2, "", expected)


def test_verbose_adds_the_traceback_and_nothing_else_does(capsys: Capture) -> None:
    assert "Traceback" not in said(capsys, "year")[2]
    assert said(capsys, "--verbose", "year")[2].startswith("Traceback (most recent call last):\n")
    assert said(capsys, "year", "--verbose")[2].startswith("Traceback (most recent call last):\n")


@pytest.mark.parametrize(
    ("error", "status", "complaint"),
    [
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (OSError(errno.ENOSPC, "No space left on device", "post/1.eml"), 2, "kadens: post/1.eml: disken är full\n"),
        (
            ZeroDivisionError("x"),
            2,
            (
                "kadens: något oväntat hände (ZeroDivisionError: x); kör igen med --verbose och visa texten för den "
                "som sköter kadens\n"
            ),
        ),
    ],
)
def test_misfortune_in_a_verb_has_its_exit_status_and_no_traceback(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, complaint: str
) -> None:
    def unlucky(_: Namespace) -> int:
        raise error

    monkeypatch.setattr("governance.cli.config_verbs.schema", unlucky)
    monkeypatch.setattr("governance.cli._close_quietly", lambda: None)  # it would close the test run's own output
    assert said(capsys, "schema") == (status, "", complaint)


def test_reference_page_is_current() -> None:
    """`python -m governance.cli.reference` makes it."""
    assert PAGE.read_text("utf-8") == page()


# Settings


def test_settings_come_from_arguments_before_or_after_the_verb_then_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KADENS_DATA", "miljö")
    monkeypatch.setenv("KADENS_DATABASE", "sqlite:///miljö.db")
    before = settings(build_parser().parse_args(["--config", CONFIG, "--today", "2027-07-01", "due"]))
    after = settings(
        build_parser().parse_args(["--today", "2026-01-01", "due", "--config", CONFIG, "--today", "2027-07-01"])
    )
    assert before == after
    assert (before.config, before.data, before.database) == (Path(CONFIG), Path("miljö"), "sqlite:///miljö.db")
    given = settings(build_parser().parse_args(["--config", CONFIG, "due", "--data", "d", "--database", "sqlite://"]))
    assert (given.data, given.database) == (Path("d"), "sqlite://")


def test_settings_today_is_that_morning_in_sweden() -> None:
    chosen = settings(build_parser().parse_args(["due", "--config", CONFIG, "--today", "2027-07-01"]))
    assert chosen.now == datetime(2027, 7, 1, 6, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert chosen.today == date(2027, 7, 1)


def test_settings_without_today_are_of_this_moment() -> None:
    before = datetime.now(ZoneInfo("Europe/Stockholm"))
    chosen = settings(build_parser().parse_args(["due", "--config", CONFIG]))
    assert before <= chosen.now <= datetime.now(ZoneInfo("Europe/Stockholm"))
    assert (chosen.data, chosen.database, chosen.verbose) == (Path("kadens-data"), "", False)


# init


def test_init_writes_a_config_that_runs_as_it_stands(capsys: Capture, elsewhere: Path) -> None:
    assert said(capsys, "init")[0] == 0
    assert (elsewhere / "config.yaml").read_bytes() == Path(CONFIG).read_bytes()
    assert said(capsys, "check")[0] == 0


def test_init_overwrites_nothing(capsys: Capture, elsewhere: Path) -> None:
    (elsewhere / "config.yaml").write_text("mitt")
    assert said(capsys, "init") == (2, "", "kadens: config.yaml finns redan och lämnas som den är\n")
    assert (elsewhere / "config.yaml").read_text() == "mitt"


def test_init_adds_the_templates_to_a_new_folder_and_leaves_edited_ones(capsys: Capture, elsewhere: Path) -> None:
    assert said(capsys, "init", "ny/mapp", "--templates")[0] == 0
    folder = elsewhere / "ny" / "mapp"
    assert sorted(each.name for each in (folder / "templates").iterdir()) == sorted(
        each.name for each in (ROOT / "templates").iterdir() if each.name not in {"__pycache__", "pages"}
    )
    assert said(capsys, "init", "ny/mapp", "--templates")[0] == 2


def test_init_where_a_file_stands_in_the_way_says_so(capsys: Capture, elsewhere: Path) -> None:
    (elsewhere / "fil").write_text("")
    assert said(capsys, "init", "fil/mapp") == (2, "", "kadens: fil/mapp: är ingen mapp\n")


# check


def test_check_of_a_sound_config_ends_with_0(capsys: Capture) -> None:
    assert said(capsys, "check", "--config", CONFIG) == (
        0,
        "Inga fel och inga varningar: Storåns kommun med fem organ och 15_personer.\n",
        "",
    )


def test_check_shows_each_problem_with_its_line_and_ends_with_1(capsys: Capture, elsewhere: Path) -> None:
    flawed(elsewhere)
    status, out, err = said(capsys, "check")
    number = next(
        n for n, line in enumerate(Path(CONFIG).read_text("utf-8").splitlines(), 1) if "every: quarter" in line
    )
    first, *_, last = out.splitlines()
    assert (status, err, last) == (1, "", "Ett fel och inga varningar.")
    assert first.startswith(f"config.yaml:{number}: bodies.brottsforebyggande-rad.rhythm.every: ")
    assert first.endswith('menade du "quarter"?')


def test_check_as_json_has_one_object_a_problem(capsys: Capture, elsewhere: Path) -> None:
    status, out, _ = said(capsys, "check", str(flawed(elsewhere)), "--format", "json")
    rows = json.loads(out)
    assert status == 1
    assert [list(row) for row in rows] == [["file", "line", "path", "severity", "message"]]
    assert (rows[0]["path"], rows[0]["severity"]) == ("bodies.brottsforebyggande-rad.rhythm.every", "error")


def test_check_of_a_binary_file_ends_with_1_and_no_traceback(capsys: Capture, elsewhere: Path) -> None:
    (elsewhere / "config.yaml").write_bytes(bytes(range(256)))
    status, out, err = said(capsys, "check")
    assert (status, err) == (1, "")
    assert out.startswith("config.yaml:")


# schema, explain, year


def test_schema_is_json_schema(capsys: Capture) -> None:
    status, out, _ = said(capsys, "schema")
    assert status == 0
    assert {"municipality", "bodies"} <= set(json.loads(out)["properties"])


def test_explain_says_a_rhythm_and_its_next_five_dates(capsys: Capture) -> None:
    assert said(capsys, "explain", "Beredningsgruppen", "--config", CONFIG, "--today", "2027-01-01") == (
        0,
        (
            "Beredningsgruppen (beredningsgrupp, Storåns kommun)\n"
            "  Första torsdagen i varje månad utom juli kl._13.00–15.00.\n"
            "    torsdag 7_januari 2027 kl._13.00–15.00\n"
            "    torsdag 4_februari 2027 kl._13.00–15.00\n"
            "    torsdag 4_mars 2027 kl._13.00–15.00\n"
            "    torsdag 1_april 2027 kl._13.00–15.00\n"
            "    fredag 7_maj 2027 kl._13.00–15.00  Flyttat från torsdag 6_maj: Kristi himmelsfärdsdag\n"
        ),
        "",
    )


def test_explain_as_json_has_iso_dates(capsys: Capture) -> None:
    _, out, _ = said(capsys, "explain", "styrgrupp", "--config", CONFIG, "--today", "2027-01-01", "--format", "json")
    assert json.loads(out) == [
        {
            "municipality": "storans-kommun",
            "kind": "body",
            "id": "styrgrupp",
            "name": "Styrgruppen",
            "rhythm": "Tredje torsdagen i mars och oktober kl.\u00a013.00–15.00".replace("\u00a0", "_"),
            "next": ["2027-03-18", "2027-10-21", "2028-03-16", "2028-10-19", "2029-03-15"],
        }
    ]


def test_explain_of_an_unknown_body_suggests_the_nearest(capsys: Capture) -> None:
    expected = 'kadens: "styrgrup" är inget organ i konfigurationen; menade du "styrgrupp"?\n'
    assert said(capsys, "explain", "styrgrup", "--config", CONFIG) == (2, "", expected)


def test_explain_of_a_flawed_config_shows_what_is_wrong(capsys: Capture, elsewhere: Path) -> None:
    flawed(elsewhere)
    status, out, err = said(capsys, "explain")
    assert (status, out) == (2, "")
    assert err.splitlines()[0] == "kadens: konfigurationen har fel:"
    assert err.splitlines()[1].startswith("config.yaml:")


def test_year_as_json_has_the_documented_fields(capsys: Capture) -> None:
    status, out, _ = said(capsys, "year", "2027", "--config", CONFIG, "--format", "json")
    rows = [row for row in json.loads(out) if row["body"] == "beredningsgrupp"]
    assert status == 0
    assert rows[4] == {
        "municipality": "storans-kommun",
        "body": "beredningsgrupp",
        "slot": "2027-05-06",
        "date": "2027-05-07",
        "start": "13:00",
        "end": "15:00",
        "week": 18,
        "status": "planned",
        "moved_from": "2027-05-06",
        "reason": "Kristi himmelsfärdsdag",
    }
    assert " ".join(rows[4]) == "municipality body slot date start end week status moved_from reason"


def test_year_as_csv_has_the_same_rows_as_json(capsys: Capture) -> None:
    as_json = json.loads(said(capsys, "year", "--today", "2027-05-01", "--config", CONFIG, "--format", "json")[1])
    as_csv = list(csv.DictReader(io.StringIO(said(capsys, "year", "2027", "--config", CONFIG, "--format", "csv")[1])))
    assert as_csv == [{key: "" if value is None else str(value) for key, value in row.items()} for row in as_json]


def test_year_as_table_tells_why_and_shows_the_papers(capsys: Capture) -> None:
    _, out, _ = said(capsys, "year", "2027", "--config", CONFIG)
    lines = [line.split() for line in out.splitlines()]
    moved = "fredag 7_maj 2027 13.00 15.00 18 Beredningsgruppen Flyttat från torsdag 6_maj: Kristi himmelsfärdsdag"
    skipped = "tisdag 5_januari 2027 09.00 10.00 1 Operativa gruppen Hålls inte: uppehåll 21_december–6_januari"
    paper = "torsdag 21_oktober 2027 Årlig uppföljning Beredningsgruppen Styrgruppen"
    assert [lines.count(said.split()) for said in (moved, skipped, paper)] == [1, 1, 1]


def test_year_as_calendar_holds_every_meeting_that_is_not_skipped(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main(["year", "2027", "--config", CONFIG, "--format", "json"])
    rows = json.loads(capfdbinary.readouterr().out)
    assert main(["year", "2027", "--config", CONFIG, "--format", "ics", "--today", "2027-01-01"]) == 0
    calendar = capfdbinary.readouterr().out
    assert calendar.count(b"\r\nBEGIN:VEVENT\r\n") == sum(row["status"] != "skipped" for row in rows)
    assert b"\r\nDTSTAMP:20270101T050000Z\r\n" in calendar


def test_year_as_wheel_is_a_document_of_its_own_with_every_meeting_that_is_not_skipped(capsys: Capture) -> None:
    _, listed, _ = said(capsys, "year", "2027", "--config", CONFIG, "--format", "json")
    code, out, _ = said(capsys, "year", "2027", "--config", CONFIG, "--format", "svg", "--today", "2027-05-20")
    svg = ET.fromstring(out)
    space = {"s": "http://www.w3.org/2000/svg"}
    titles = [each.text for each in svg.iterfind(".//s:g[@class]/s:g/s:title", space)]
    kept = [row for row in json.loads(listed) if row["status"] != "skipped"]
    assert code == 0
    assert len(titles) == len(kept) + 2  # and the two clocks of 6 §
    assert "Styrgruppen torsdag 18_mars 2027 kl._13.00–15.00" in titles
    assert "--ring1:" in (svg.findtext("s:style", namespaces=space) or "")


def test_year_of_several_municipalities_shows_whose_each_meeting_is(capsys: Capture, elsewhere: Path) -> None:
    folder = elsewhere / "kommuner"
    folder.mkdir()
    for name in ("a", "b"):
        text = (
            Path(CONFIG).read_text("utf-8").replace("name: Storåns kommun\n", f"name: Kommun {name}\n  id: {name}\n", 1)
        )
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    _, out, _ = said(capsys, "year", "2027", "--config", "kommuner", "--format", "json")
    rows = json.loads(out)
    assert {row["municipality"] for row in rows} == {"a", "b"}
    assert said(capsys, "year", "2027", "--config", "kommuner")[1].splitlines()[2].split()[0] == "Kommun"


# The process


def test_foreign_flows_in_the_way_is_refused(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_foreign_flows()
    (elsewhere / "flows").mkdir()
    (elsewhere / "flows" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(elsewhere))
    monkeypatch.delitem(sys.modules, "flows", raising=False)
    with pytest.raises(UsageProblem, match="ett annat programs paket flows är i vägen"):
        refuse_foreign_flows()


def test_help_starts_without_the_heavy_packages() -> None:
    program = (
        "import sys\nfrom governance.cli import main\nstatus = main(['year', '--help'])\n"
        "heavy = {'yaml', 'sqlalchemy', 'prefect', 'pydantic', 'rich', 'icalendar', 'jinja2', 'docx'}\n"
        "sys.exit(f'{heavy & set(sys.modules)}' if heavy & set(sys.modules) else status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_pipe_whose_reader_has_left_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "governance", "year", "2027", "--config", CONFIG]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_package_is_found_where_it_is_tested() -> None:
    assert Path(str(governance.__file__)).parent == ROOT / "governance"
    assert shutil.which("kadens", path=str(Path(sys.executable).parent))
