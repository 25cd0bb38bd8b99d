"""Prefect for real: its server, the served schedules, `kadens run`, and that nothing leaves this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

# Read by every Python process under the guard: a connection elsewhere than to this machine is written down and refused.
GUARD = """
import os, socket
_connect = socket.socket.connect
def connect(self, address):
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and not (host.startswith("127.") or host in ("::1", "localhost", "")):
        with open(os.environ["GUARD_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("refused by the guard")
    return _connect(self, address)
socket.socket.connect = connect
"""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose Python processes can reach this machine alone; nothing may have tried to leave it."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    log = tmp_path / "left.txt"
    yield {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PYTEST"))},
        "PYTHONPATH": str(tmp_path / "guard"),
        "GUARD_LOG": str(log),
        "PYTHONUNBUFFERED": "1",
    }
    assert not log.exists(), log.read_text()


def _kadens(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "governance", "--data", str(folder / "data"), "--config", "config.yaml", *words]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _ask(url: str, body: dict[str, Any] | None = None) -> Any:
    """Prefect's answer; it says 503 where its own database is busy, and then wants to be asked again."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"content-type": "application/json"})
    for _ in range(10):
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 503:
                raise
            time.sleep(1)
    raise AssertionError(f"{url} is busy")


def _page(url: str) -> str:
    def there() -> bytes:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            return b""

    return bytes(_until(there, 10)).decode()


def _until(condition: Any, seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


def test_serve_schedules_every_flow_runs_one_and_stops_cleanly(tmp_path: Path, guarded: dict[str, str]) -> None:
    port, pages = _free_port(), _free_port()
    api = f"http://127.0.0.1:{port}/api"
    ports = ["--port", str(pages), "--prefect-port", str(port)]
    served = subprocess.Popen(_kadens(tmp_path, "serve", *ports), stdout=subprocess.PIPE, text=True, env=guarded)
    try:
        assert served.stdout is not None
        said = []
        for line in served.stdout:
            said.append(line.rstrip())
            if "Länken och koden visas här" in line:  # the pages are there before Prefect is
                assert "Skicka länk och kod" in _page(f"http://127.0.0.1:{pages}/logga-in")
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail("serve ended before it was up")
        assert f"Sidorna: http://127.0.0.1:{pages}" in said
        deployments = _until(lambda: (found := _ask(f"{api}/deployments/filter", {})) and len(found) == 9 and found)
        scheduled = _until(
            lambda: (
                {run["deployment_id"] for run in _ask(f"{api}/flow_runs/filter", {"limit": 200})}
                == {each["id"] for each in deployments}
            )
        )
        assert scheduled
        delivery = next(each for each in deployments if each["entrypoint"] == "flows.delivery.delivery")
        run = _ask(f"{api}/deployments/{delivery['id']}/create_flow_run", {})
        state = _until(
            lambda: (
                (found := _ask(f"{api}/flow_runs/{run['id']}"))["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}
                and found
            )
        )
        assert (state["state_type"], state["name"].split()[0]) == ("COMPLETED", "delivery")
        assert len(_ask(f"{api}/automations/filter", {})) == 1
        artifacts = _ask(f"{api}/artifacts/filter", {})
        assert [each["key"] for each in artifacts] == ["kadens-delivery"]
    finally:
        served.send_signal(signal.SIGTERM)
        said = served.communicate(timeout=60)[0]
    assert (served.returncode, said) == (0, "")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{pages}/logga-in", timeout=5)
    # Prefect's own SQLite says "database is locked" now and then and tries again; what stopped its scheduler says this.
    assert "InvalidRequestError" not in (tmp_path / "data" / "prefect-server.log").read_text()


def test_run_until_is_one_flow_run_with_one_table_and_the_same_papers_as_without_prefect(
    tmp_path: Path, guarded: dict[str, str]
) -> None:
    guarded["KADENS_INSTALLATION"] = "provinstallation"
    words = ["--today", "2027-01-01", "run", "--until", "2027-01-20", "--record", "examples/record"]
    with_prefect = subprocess.run(
        _kadens(tmp_path / "a", *words), env=guarded, capture_output=True, text=True, check=False
    )
    without = subprocess.run(
        _kadens(tmp_path / "b", *words, "--no-prefect"), env=guarded, capture_output=True, text=True, check=False
    )
    assert (with_prefect.returncode, without.returncode) == (0, 0), with_prefect.stderr + without.stderr
    left, right = (_files(tmp_path / each / "data" / "storans-kommun") for each in "ab")
    assert left == right
    assert len(left) > 100
    assert _rows(tmp_path / "a" / "data" / "prefect" / "prefect.db") == (1, 1)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rows(database: Path) -> tuple[int, int]:
    connection = sqlite3.connect(database)
    try:
        runs = connection.execute("SELECT count(*) FROM flow_run").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM artifact WHERE type = 'table'").fetchone()[0]
    finally:
        connection.close()
    return runs, tables
