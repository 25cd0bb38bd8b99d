"""The same under Prefect: the run and Prefect's own server are killed together, and a new run finishes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults.runs import Span, differences, files, kadens, start

pytestmark = [pytest.mark.faults, pytest.mark.slow]


def test_a_flow_run_killed_midway_is_finished_by_the_next(tmp_path: Path, february: Span) -> None:
    before = len(files(february.begin(tmp_path)))
    run = start(*february.arguments(tmp_path, prefect=True))
    deadline = time.monotonic() + 120
    while len(files(tmp_path)) < before + 40 and time.monotonic() < deadline:
        assert run.poll() is None
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert len(files(tmp_path)) < len(files(february.whole))
    ended = kadens(*february.arguments(tmp_path, prefect=True))
    assert ended.status == 0, ended.err
    assert differences(tmp_path, february.whole) == []
