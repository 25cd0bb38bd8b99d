"""`kadens serve --web-only` for real: quick to come up, without Prefect, clean to stop, and never an open door."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.cli import main
from governance.secretariat.secret import FILE, secret_of
from governance.web.hall import Hall
from governance.web.serving import ServeProblem, listen, open_hall, refuse_unsafe, served_at
from tests.world import START, TOWN, World

ROOT = Path(__file__).resolve().parents[2]
PROXY = TOWN + "sign_in: {door: proxy, from: 10.0.0.5}\n"


@contextmanager
def serving(folder: Path, port: int, *before: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command on a free port, from the moment its pages answer; told to stop at the end."""
    command = [
        *(before or ("-m", "governance")),
        "--config",
        "config.yaml",
        "--data",
        str(folder),
        "serve",
        "--web-only",
    ]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("KADENS_", "PYTEST"))}
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen([sys.executable, *command, "--port", str(port)], cwd=ROOT, env=own, stdout=said)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/logga-in", timeout=5).close()
                break
            except OSError:
                time.sleep(0.02)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def free_port() -> int:
    with listen("127.0.0.1", 0) as found:
        return int(found.getsockname()[1])


def work(folder: Path) -> float:
    """The seconds of work of one start, until the first page is answered, and of stopping."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with serving(folder, free_port()) as process:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
def test_pages_come_up_within_a_second_and_a_half_of_work(tmp_path: Path) -> None:
    work(tmp_path)  # a new archive is the very first start's work
    assert min(work(tmp_path) for _ in range(3)) < 1.5


def test_pages_are_served_without_prefect_and_say_how_to_come_in(tmp_path: Path) -> None:
    watching = """
import sys, governance.cli
code = governance.cli.main(sys.argv[1:])
print([name for name in sys.modules if name.startswith(("prefect", "flows"))])
sys.exit(code)
"""
    port = free_port()
    with serving(tmp_path, port, "-c", watching) as process:
        pass
    words = (
        "Logga in med en adress ur konfigurationen, till exempel mats.oberg@storan.example. Länken och koden visas här."
    )
    said = (tmp_path / "said.txt").read_text("utf-8").splitlines()
    assert (process.returncode, said) == (0, [f"Sidorna: http://127.0.0.1:{port}", words, "Stoppa med Ctrl-C.", "[]"])


@pytest.mark.slow
def test_pages_stop_when_the_serve_they_belong_to_is_gone(tmp_path: Path) -> None:
    port = free_port()
    parent = (
        "import os, subprocess, sys, time\n"
        "os.environ['KADENS_SERVED_BY'] = str(os.getpid())\n"
        "child = subprocess.Popen([sys.executable, '-m', 'governance', *sys.argv[1:]])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)"
    )
    with serving(tmp_path, port, "-c", parent) as process:
        process.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/logga-in", timeout=5).close()
            time.sleep(0.2)
        except OSError:
            return
    pytest.fail("the pages outlived the serve they belong to")


# --- the secret ----------------------------------------------------------------------------------------------------


def test_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = secret_of(tmp_path / "data")
    file = tmp_path / "data" / FILE
    assert (len(made), secret_of(tmp_path / "data"), stat.S_IMODE(file.stat().st_mode)) == (64, made, 0o600)
    assert [each.name for each in file.parent.iterdir()] == [FILE]


def test_secret_that_others_could_read_is_shut(tmp_path: Path) -> None:
    made = secret_of(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    assert (secret_of(tmp_path), stat.S_IMODE((tmp_path / FILE).stat().st_mode)) == (made, 0o600)


# --- where, and for whom -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_proxy_door_refuses_to_be_reached_past_the_proxy(host: str, world: World) -> None:
    world.begin(PROXY, START)
    with pytest.raises(ServeProblem, match="når var och en dem förbi proxyn"):
        refuse_unsafe(world.office.municipalities, host)
    refuse_unsafe(world.office.municipalities, "10.0.0.1")


def test_taken_port_and_foreign_address_are_told() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeProblem, match=f"Porten {port} på 127.0.0.1 används redan"):
            listen("127.0.0.1", port)
    with pytest.raises(ServeProblem, match=r"Det går inte att lyssna på 192\.0\.2\.1:8000"):
        listen("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("0.0.0.0", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000")],
)
def test_address_served_at_is_one_a_browser_can_open(host: str, address: str) -> None:
    assert served_at(host, 8000) == address


def _hall(world: World, config: str) -> Hall:
    world.begin(config, START)
    with open_hall(world.file, lambda: START, folder=world.folder / "data", origins=("http://127.0.0.1:8000",)) as hall:
        return hall


def test_links_lead_to_the_configured_address_else_to_where_it_is_served(world: World) -> None:
    plain = _hall(world, TOWN)
    assert (plain.base(plain.municipalities[0]), plain.secure) == ("http://127.0.0.1:8000", False)
    named = _hall(world, TOWN.replace("municipality:\n", "municipality:\n  base_url: https://k.prov.example/\n"))
    assert (named.base(named.municipalities[0]), named.secure) == ("https://k.prov.example", True)
    assert named.origins == ("https://k.prov.example",)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--worker"], "--worker hör till större installationer, som inte är byggda än"),
        (["--port", "4200"], "--port och --prefect-port är samma port; välj två olika"),
    ],
)
def test_what_serve_cannot_do_is_told(words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(ROOT / "config.yaml"), "serve", *words]) == 2
    assert capsys.readouterr().err == f"kadens: {complaint}\n"


def test_another_day_is_refused_where_schedules_would_go_by_the_real_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(TOWN, "utf-8")
    given = ["--config", str(config), "--data", str(tmp_path / "data"), "--today", "2027-05-20", "serve"]
    assert main(given) == 2
    assert "--today går bara med serve --web-only" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
