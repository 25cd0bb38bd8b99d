"""Real runs of the command in processes of their own, and what came of them: every file, every row of every table."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = "prefect"  # Prefect's own home, in the data folder


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Span:
    """Some weeks that are run through: from what, from which day to which, and what an unbroken run makes of them."""

    before: Path | None  # the data folder as it was at the beginning; None: there was none
    today: str
    until: str
    whole: Path  # the data folder an unbroken run left
    commits: int = 0  # transactions of the unbroken run
    files: int = 0  # files it laid

    def begin(self, data: Path) -> Path:
        """Lays the data folder as it was at the beginning."""
        if self.before is not None:
            shutil.copytree(self.before, data, dirs_exist_ok=True)
        return data

    def arguments(
        self, data: Path, *more: object, record: Path = ROOT / "examples/record", prefect: bool = False
    ) -> list[object]:
        """What `kadens` is given for the whole span, in plain Python unless `prefect`."""
        shared: list[object] = ["--config", ROOT / "config.yaml", "--today", self.today, "--data", data]
        engine = [] if prefect else ["--no-prefect"]
        return [*shared, "run", "--until", self.until, "--record", record, *engine, *more]


def environment(**more: str) -> dict[str, str]:
    """One installation id for all runs, and nothing of the tester's own settings."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("KADENS_", "PREFECT_"))}
    return {**own, "KADENS_INSTALLATION": "felprov", "PYTHONPATH": str(ROOT), **more}


def command(*arguments: object, module: str = "governance") -> list[str]:
    """The command as a process is started with it."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def kadens(
    *arguments: object, module: str = "governance", before: Sequence[str] = (), timeout: float = 240, **more: str
) -> Ended:
    """Runs the command to its end; `before` is a command that it is run through."""
    given = [*before, *command(*arguments, module=module)]
    ended = subprocess.run(given, check=False, cwd=ROOT, env=environment(**more), capture_output=True, timeout=timeout)
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def start(*arguments: object, **more: str) -> subprocess.Popen[bytes]:
    """Begins the command and lets it run, in a group of its own so that all of it can be killed."""
    quiet, given = subprocess.DEVNULL, command(*arguments)
    return subprocess.Popen(
        given, cwd=ROOT, env=environment(**more), stdout=quiet, stderr=quiet, start_new_session=True
    )


def files(data: Path) -> dict[str, str]:
    """Every file that left the house, by its path below the data folder; also unfinished ones, were there any."""
    return {
        str(path.relative_to(data)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith("kadens.db") and path.relative_to(data).parts[0] != ENGINE
    }


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, ids and attempts too."""
    connection = sqlite3.connect(database)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: list(connection.execute(f'SELECT * FROM "{name}" ORDER BY 1')) for name in sorted(tables)}
    finally:
        connection.close()


def differences(data: Path, whole: Path, database: Path | None = None) -> list[str]:
    """What a data folder has otherwise than the unbroken run's; empty where they are the same."""
    ours, theirs = files(data), files(whole)
    found = [f"file {name}" for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    mine, unbroken = rows(database or data / "kadens.db"), rows(whole / "kadens.db")
    for name in sorted(mine.keys() | unbroken.keys()):
        pairs = zip_longest(mine.get(name, []), unbroken.get(name, []))
        found += [f"{name}: {row}"[:300] + f" != {other}"[:300] for row, other in pairs if row != other]
    return found
