"""`kadens run` killed by SIGKILL, at chosen moments and at any: run again it ends as if nothing had happened."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random

import pytest

from tests.faults.runs import Span, differences, kadens, start

pytestmark = pytest.mark.faults


def killed_and_finished(span: Span, moment: str, number: int, data: Path) -> list[str]:
    """Runs until the bomb goes off, then to the end; what is otherwise than in the unbroken run."""
    killed = kadens(moment, number, *span.arguments(span.begin(data)), module="tests.faults.deadly")
    assert killed.status == -signal.SIGKILL
    assert kadens(*span.arguments(data)).status == 0
    return differences(data, span.whole)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8, 12])
@pytest.mark.parametrize("moment", ["before-commit", "after-commit"])
def test_a_first_run_killed_at_a_commit_is_finished_by_the_next(
    moment: str, number: int, tmp_path: Path, first_days: Span
) -> None:
    assert killed_and_finished(first_days, moment, number, tmp_path) == []


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("moment", ["before-commit", "after-commit"])
def test_a_run_killed_at_a_commit_is_finished_by_the_next(
    moment: str, tenth: int, tmp_path: Path, february: Span
) -> None:
    number = 2 + tenth * (february.commits - 2) // 10 + (moment == "before-commit") * february.commits // 20
    assert killed_and_finished(february, moment, number, tmp_path) == []


@pytest.mark.parametrize("place", ["first", "early", "midway", "late", "last"])
@pytest.mark.parametrize("moment", ["half-written", "file-written"])
def test_a_run_killed_between_file_and_mark_is_finished_by_the_next(
    moment: str, place: str, tmp_path: Path, february: Span
) -> None:
    last = february.files
    number = {"first": 1, "early": last // 5, "midway": last // 2, "late": last * 9 // 10, "last": last}[place]
    assert killed_and_finished(february, moment, number, tmp_path) == []


@pytest.mark.parametrize("seed", range(3))
def test_runs_killed_at_any_moment_again_and_again_come_to_the_same(seed: int, tmp_path: Path, february: Span) -> None:
    chance = Random(seed)
    february.begin(tmp_path)
    for _ in range(5):
        run = start(*february.arguments(tmp_path))
        time.sleep(chance.uniform(0.6, 2.5))
        run.kill()
        run.wait()
    assert kadens(*february.arguments(tmp_path)).status == 0
    assert differences(tmp_path, february.whole) == []


def test_a_run_that_is_over_changes_nothing_when_run_again(tmp_path: Path, february: Span) -> None:
    february.begin(tmp_path)
    assert [kadens(*february.arguments(tmp_path)).status for _ in range(2)] == [0, 0]
    assert differences(tmp_path, february.whole) == []
