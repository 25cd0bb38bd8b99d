"""Prefect's surroundings: its settings, and its server as a process of our own.

Imports nothing of Prefect, for the settings must be in the environment before that is imported. The measured facts
behind each setting stand in docs/decisions/0004-engine.md.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

SETTINGS = {
    # Nothing leaves this machine: no telemetry from the library, the server or its pages.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
    # A slot held in memory would stay taken for ever after a power cut.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    # Flow runs are otherwise kept for ever.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
}
START_SECONDS = 90


class EngineProblem(Exception):
    """Prefect's server does not start or has died; the message says what to do, in Swedish."""


def surround(folder: Path) -> None:
    """Puts Prefect's settings in the environment, its home under `folder`; what is set already stands."""
    home = (folder / "prefect").resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(home))
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


@contextmanager
def server(host: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real Prefect server (the built-in one fires no schedules), stopped at the end.

    Raises EngineProblem where the port is taken, or nothing answers within a minute and a half.
    """
    refuse_taken(host, port, "--prefect-port")
    os.environ["PREFECT_API_URL"] = f"http://{host}:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)  # noqa: S603
        try:
            _await(process, f"http://{host}:{port}/api/health", log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def refuse_taken(host: str, port: int, option: str) -> None:
    """Raises EngineProblem where something listens already: Prefect's server would only say so in its log."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2):
        raise EngineProblem(
            f"Porten {port} på {host} används redan. Stoppa det som kör där, eller välj en annan: {option}."
        )


def _await(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EngineProblem(f"Prefects server stannade genast. Vad den sade står i {log}.")
        try:
            with urllib.request.urlopen(health, timeout=2) as answer:  # noqa: S310  # our own server on this machine
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.3)
    raise EngineProblem(f"Prefects server svarar inte. Vad den sade står i {log}. Är porten upptagen? Välj en annan.")
