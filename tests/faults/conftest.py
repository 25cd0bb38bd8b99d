"""The unbroken runs that all broken ones are held against."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.runs import Span, files, kadens


def _unbroken(span: Span) -> Span:
    """Runs the span undisturbed and counts its moments."""
    ended = kadens("after-commit", 0, *span.arguments(span.begin(span.whole)), module="tests.faults.deadly")
    assert ended.status == 0
    before = files(span.before) if span.before else {}
    return replace(span, commits=int(ended.err), files=len(files(span.whole)) - len(before))


@pytest.fixture(scope="session")
def first_days(tmp_path_factory: pytest.TempPathFactory) -> Span:
    """A new archive, the plan of eighteen months, the first invitations and questions, and a first meeting."""
    return _unbroken(Span(None, "2027-01-01", "2027-01-13", tmp_path_factory.mktemp("first") / "data"))


@pytest.fixture(scope="session")
def february(tmp_path_factory: pytest.TempPathFactory) -> Span:
    """Some weeks of everyday: agendas, notes, weekly pictures, questions, reminders, and a protocol approved."""
    folder = tmp_path_factory.mktemp("february")
    before = Span(None, "2027-01-01", "2027-02-08", folder / "before")
    assert kadens(*before.arguments(before.whole)).status == 0
    span = _unbroken(Span(before.whole, "2027-02-09", "2027-02-23", folder / "data"))
    new = files(span.whole).keys() - files(before.whole).keys()
    kinds = {"lagesfraga", "paminnelse", "dagordning", "minnesanteckningar", "veckolagesbild", "protokoll", "justerat"}
    assert [kind for kind in kinds if not any(kind in name for name in new)] == []
    return span


Disk = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Disk]:
    """Makes small disks: `mount("900k")` is the folder of one, remounted when asked for again. Only root may."""
    with ExitStack() as stack:
        made: dict[str, Path] = {}

        def disk(options: str) -> Path:
            place = made.setdefault("disk", tmp_path / "disk")
            again = ["-o", f"remount,{options}"] if place.exists() else ["-t", "tmpfs", "-o", options, "tmpfs"]
            place.mkdir(exist_ok=True)
            done = subprocess.run(["mount", *again, place], check=False, capture_output=True)
            if done.returncode:
                pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
            if "remount" not in again[1]:
                stack.callback(subprocess.run, ["umount", place], check=True)
            return place

        yield disk


@pytest.fixture
def powerless() -> list[str]:
    """A command that runs others without root's power to write what is write-protected."""
    if os.geteuid():
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root writes everywhere, and setpriv is missing")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
