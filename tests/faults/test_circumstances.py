"""Damaged databases, unreadable files, clocks set back and runs that meet: told of in Swedish, nothing lost."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import time
from pathlib import Path
from threading import Timer

import pytest

from tests.faults.runs import ROOT, Span, differences, files, kadens, rows, start

pytestmark = pytest.mark.faults


def newer(database: Path) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def foreign(database: Path) -> None:
    database.write_text("Det här är ett brev och ingen databas.\n" * 40)


def shortened(database: Path) -> None:
    database.write_bytes(database.read_bytes()[: 3 * 4096])


def overwritten(database: Path) -> None:
    data = bytearray(database.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    database.write_bytes(bytes(data))


def folder(database: Path) -> None:
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (newer, "är gjord av en nyare version av kadens"),
        (foreign, "Filen är ingen databas."),
        (shortened, "Databasen är skadad."),
        (overwritten, "Databasen är skadad."),
        (folder, "Databasen kan inte öppnas."),
    ],
)
def test_a_database_that_cannot_be_used_is_told_and_left_as_it_is(
    harm: object, said: str, tmp_path: Path, february: Span
) -> None:
    database = february.begin(tmp_path) / "kadens.db"
    harm(database)  # type: ignore[operator]
    before, content = files(tmp_path), database.read_bytes() if database.is_file() else b""
    ended = kadens(*february.arguments(tmp_path))
    assert (ended.status, ended.err.startswith("kadens: "), said in ended.err) == (2, True, True), ended.err
    assert (files(tmp_path), database.read_bytes() if database.is_file() else b"") == (before, content)
    shutil.rmtree(database) if database.is_dir() else database.unlink()
    february.begin(tmp_path)  # the backup
    assert kadens(*february.arguments(tmp_path)).status == 0
    assert differences(tmp_path, february.whole) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "svar.yaml finns inte; kontrollera namnet"),
        (b"\x00\x01\xfe\xff" * 900, "UTF-8"),
        ("- meeting: operativ-grupp 2027-02-16\n  present: [pär]\n".encode("latin-1"), "UTF-8"),
        (b"- meeting: [a\n  b: c: d\n", "raden går inte att läsa"),
        (b"- meeting: operativ-grupp 2027-02-16\n  present: [mats.obreg]\n", 'menade du "mats.oberg"'),
    ],
)
def test_a_record_that_cannot_be_read_is_told_with_its_line_and_nothing_is_done(
    content: bytes | None, said: str, tmp_path: Path, february: Span
) -> None:
    data, record = february.begin(tmp_path / "data"), tmp_path / "svar.yaml"
    if content is not None:
        record.write_bytes(content)
    ended = kadens(*february.arguments(data, record=record))
    begins = f"{record}:" if content is not None else f"kadens: {record} "  # a file that is not there has no lines
    assert (ended.status, ended.err.startswith(begins), said in ended.err) == (2, True, True), ended.err
    assert (files(data), "oväntat" in ended.err) == (files(february.before or data), False)
    assert rows(data / "kadens.db") == rows((february.before or data) / "kadens.db")


@pytest.mark.parametrize("verb", [["run", "--no-prefect"], ["serve", "--port", "8971"]])
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xe5\xe4\xf6: 1\n", "UTF-8"), (b"municipality: [\n", "raden går inte att läsa"), (b"bodies: 7\n", "bodies")],
)
def test_a_config_that_cannot_be_used_is_told_with_its_line(
    content: bytes, said: str, verb: list[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_bytes(content)
    ended = kadens("--config", config, "--data", tmp_path / "data", *verb)
    assert (ended.status, f"{config}:" in ended.err, said in ended.err) == (2, True, True), ended.err
    assert files(tmp_path).keys() == {"config.yaml"}


@pytest.mark.parametrize(("option", "more"), [("--port", ""), ("--port", "--web-only"), ("--prefect-port", "--port")])
def test_serve_tells_of_a_port_that_is_taken(option: str, more: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        others = [more, free.getsockname()[1]] if more == "--port" else [more] if more else []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = kadens("--config", ROOT / "config.yaml", "--data", tmp_path, "serve", option, port, *others)
    said = f"kadens: Porten {port} på 127.0.0.1 används redan. Stoppa det som kör där, eller välj en annan: {option}.\n"
    assert (ended.status, ended.err) == (2, said)


def holding(database: Path) -> sqlite3.Connection:
    """Takes the write lock."""
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_a_run_waits_for_another_that_writes(tmp_path: Path, february: Span) -> None:
    lock = holding(february.begin(tmp_path) / "kadens.db")
    Timer(4, lock.close).start()
    assert kadens(*february.arguments(tmp_path)).status == 0
    assert differences(tmp_path, february.whole) == []


def test_a_database_locked_for_long_is_told_and_the_next_run_does_all(tmp_path: Path, february: Span) -> None:
    lock = holding(february.begin(tmp_path) / "kadens.db")
    ended = kadens(*february.arguments(tmp_path))
    lock.close()
    assert (ended.status, "upptagen av en annan körning" in ended.err) == (2, True), ended.err
    assert kadens(*february.arguments(tmp_path)).status == 0
    assert differences(tmp_path, february.whole) == []


@pytest.mark.parametrize("apart", [0.0, 0.4, 1.2])
def test_two_runs_at_once_do_everything_once(apart: float, tmp_path: Path, february: Span) -> None:
    february.begin(tmp_path)
    one = start(*february.arguments(tmp_path))
    time.sleep(apart)
    other = start(*february.arguments(tmp_path))
    assert (one.wait(120), other.wait(120)) == (0, 0)
    assert differences(tmp_path, february.whole) == []


def test_two_first_runs_at_once_do_everything_once(tmp_path: Path, first_days: Span) -> None:
    both = [start(*first_days.arguments(tmp_path)) for _ in range(2)]
    assert [each.wait(120) for each in both] == [0, 0]
    assert differences(tmp_path, first_days.whole) == []


@pytest.mark.parametrize("today", ["2027-02-09", "2027-01-20", "2027-01-01"])
def test_a_clock_set_back_undoes_nothing_and_does_nothing_twice(today: str, tmp_path: Path, february: Span) -> None:
    shutil.copytree(february.whole, tmp_path, dirs_exist_ok=True)
    early = ["--config", ROOT / "config.yaml", "--today", today, "--data", tmp_path]
    assert kadens(*early, "run", "--no-prefect").status == 0
    assert kadens(*early, "run", "--until", february.until, "--no-prefect").status == 0
    here, whole = rows(tmp_path / "kadens.db"), rows(february.whole / "kadens.db")
    for table in ("papers", "dispatches", "decisions", "actions", "arrivals", "duty_evidence"):
        assert here[table] == whole[table], table
    assert files(tmp_path) == files(february.whole)
    kept = {row[0]: row for row in here["occasions"]}
    assert [row for row in whole["occasions"] if kept[row[0]] != row] == []
