"""The archive on a real PostgreSQL: the same month, the same papers and mails as on SQLite; two runs at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from governance.secretariat import audit
from governance.secretariat.audit import Doer
from governance.secretariat.office import open_office

pytestmark = [pytest.mark.peers, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
WORDS = ["--today", "2027-01-01", "run", "--until", "2027-01-31", "--record", "examples/record", "--no-prefect"]


def _server_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """A server of our own on a socket in a temporary folder, and the URL of an empty database in it."""
    programs = _server_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's server is missing: apt-get install postgresql")
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    # A short path: a socket's name must fit in 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="kadens-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, log = folder / "data", folder / "log"

    def call(*words: str) -> None:
        subprocess.run([*as_user, *words], check=True, capture_output=True, cwd="/")

    call(str(programs / "initdb"), "-D", str(data), "-U", "kadens", "--auth=trust", "-E", "UTF8")
    call(
        str(programs / "pg_ctl"),
        "-D",
        str(data),
        "-l",
        str(log),
        "-w",
        "-o",
        f"-k {folder} -c listen_addresses=",
        "start",
    )
    try:
        call(str(programs / "createdb"), "-h", str(folder), "-U", "kadens", "kadens")
        yield f"postgresql+psycopg://kadens@/kadens?host={folder}"
    finally:
        call(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _command(data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "governance", "--data", str(data), "--config", "config.yaml", *words]


def _environment() -> dict[str, str]:
    return {**os.environ, "KADENS_INSTALLATION": "provinstallation"}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_runs_at_once_on_postgresql_make_together_what_one_makes_on_sqlite(postgresql: str, tmp_path: Path) -> None:
    alone = subprocess.run(
        _command(tmp_path / "a", *WORDS), cwd=ROOT, env=_environment(), check=False, capture_output=True, text=True
    )
    assert alone.returncode == 0, alone.stderr
    both = [
        subprocess.Popen(
            _command(tmp_path / "b", "--database", postgresql, *WORDS),
            cwd=ROOT,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [each.communicate(timeout=300)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    left, right = _files(tmp_path / "a" / "storans-kommun"), _files(tmp_path / "b" / "storans-kommun")
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name]] == []


def test_log_stays_chained_when_several_write_at_once(postgresql: str, tmp_path: Path) -> None:
    now = datetime(2027, 1, 1, 6, tzinfo=UTC)
    with open_office(ROOT / "config.yaml", now, postgresql, tmp_path) as office:
        with office.archive.read() as session:
            before = len(audit.latest(session, "", 10_000))

        def write(writer: int) -> None:
            for turn in range(10):
                with office.archive.write() as session:
                    audit.note(session, office, Doer(f"p{writer}"), "agenda.add", str(turn))

        with ThreadPoolExecutor(4) as together:
            list(together.map(write, range(4)))
        with office.archive.read() as session:
            assert (len(audit.latest(session, "", 10_000)) - before, audit.broken_at(session)) == (40, None)
