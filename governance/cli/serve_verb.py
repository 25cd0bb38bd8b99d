"""The verb `serve`: the pages in a process of their own, beside Prefect's server and the schedules."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from governance.cli.arguments import Settings, UsageProblem, settings

if TYPE_CHECKING:
    from governance.model.body import Municipality

PREFECT = "127.0.0.1"  # its window has no sign-in
PARENT = "KADENS_SERVED_BY"  # the process id of the serve that the pages belong to
BASE = "KADENS_BASE_URL"  # where the pages are, for the links of municipalities without a base_url
STOPPING = 15  # seconds the pages have to stop, a little more than they take


def serve(arguments: Namespace) -> int:
    """The pages, Prefect's server and the schedules, until stopped; with --web-only the pages alone."""
    if arguments.worker:
        raise UsageProblem("--worker hör till större installationer, som inte är byggda än")
    given = settings(arguments)
    if arguments.today and not arguments.web_only:
        raise UsageProblem("--today går bara med serve --web-only: schemana följer den riktiga klockan")
    return _pages(given, arguments) if arguments.web_only else _everything(given, arguments)


# --- the pages -----------------------------------------------------------------------------------------------------


def _pages(given: Settings, arguments: Namespace) -> int:
    """The pages alone; Prefect is not imported here, nor anything that would."""
    gc.disable()  # what is imported stays: to look through it meanwhile is work for nothing
    from governance.secretariat.office import ConfigProblem  # noqa: PLC0415  # --help answers at once
    from governance.web import serving  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    host, port = arguments.host, arguments.port
    origin = os.environ.setdefault(BASE, serving.served_at(host, port))
    parent = int(os.environ.pop(PARENT, "0"))
    try:
        with serving.open_hall(given.config, _clock(given, arguments), given.database, given.data, (origin,)) as hall:
            serving.refuse_unsafe(hall.municipalities, host)
            with serving.listen(host, port) as listening:
                hall.tell = _tell
                for line in _welcome(hall.municipalities, origin, local=host == "127.0.0.1"):
                    _tell(line)
                if not parent:
                    _tell("Stoppa med Ctrl-C.")
                serving.serve(hall, listening, parent)
    except ConfigProblem as problem:
        raise UsageProblem(f"konfigurationen har fel:\n{problem}") from problem
    return 0


def _tell(words: str) -> None:
    print(words, flush=True)


def _clock(given: Settings, arguments: Namespace) -> Callable[[], datetime]:
    """The clock, as many days off as --today says."""
    zone = given.now.tzinfo
    off = given.now - datetime.now(zone) if arguments.today else timedelta()
    return lambda: datetime.now(zone) + off


def _welcome(towns: Sequence[Municipality], origin: str, *, local: bool) -> Iterator[str]:
    """Where the pages are, and how one comes in."""
    yield f"Sidorna: {' och '.join(dict.fromkeys(town.base_url or origin for town in towns))}"
    if not local and not all(town.base_url for town in towns):
        yield "Andra datorer når dem först när municipality.base_url står i konfigurationen."
    doors = {town.sign_in.door for town in towns}
    if "oidc" in doors:
        yield "Logga in med kontot i kommunen."
    if "proxy" in doors:
        yield "Logga in genom kommunens proxy."
    shown = next((town for town in towns if town.sign_in.door == "mail-link" and town.delivery.mail != "smtp"), None)
    if shown is not None:
        first = (*shown.coordination_function, *shown.people)[:1]
        example = f", till exempel {shown.people[first[0]].email}" if first else ""
        yield f"Logga in med en adress ur konfigurationen{example}. Länken och koden visas här."
    elif "mail-link" in doors:
        yield "Logga in med en adress ur konfigurationen; länken och koden kommer med e-post."


# --- everything ----------------------------------------------------------------------------------------------------


def _everything(given: Settings, arguments: Namespace) -> int:
    """The pages in a child, Prefect's server in another, the schedules here. What fell due is done once first."""
    from flows.engine import EngineProblem, refuse_taken, server, surround  # noqa: PLC0415  # before Prefect
    from governance.cli.run_verbs import opened, summary  # noqa: PLC0415
    from governance.papers.swedish import listing  # noqa: PLC0415
    from governance.secretariat.sweep import walk  # noqa: PLC0415
    from governance.web.serving import EVERYBODY, refuse_unsafe, served_at  # noqa: PLC0415

    host, port, prefect_port = arguments.host, arguments.port, arguments.prefect_port
    if port == prefect_port:
        raise UsageProblem("--port och --prefect-port är samma port; välj två olika")
    surround(given.data)
    with opened(given) as office:  # a config or database that cannot be used is told of before anything starts
        names = listing([town.name for town in office.municipalities])
        refuse_unsafe(office.municipalities, host)
    log = given.data / "prefect-server.log"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the schedules run, who take it for themselves
    try:
        refuse_taken(PREFECT if host in EVERYBODY else host, port, "--port")
        refuse_taken(PREFECT, prefect_port, "--prefect-port")
        os.environ.setdefault(BASE, served_at(host, port))
        with _beside(given, arguments) as pages:
            print(f"Startar Prefects server (loggen: {log}) …", flush=True)
            with server(PREFECT, prefect_port, log) as process:
                from flows.schedule import SCHEDULE, serve_schedules  # noqa: PLC0415

                with opened(given) as office:
                    summary(office, [done for moment in walk(office, None) for done in moment.done], {}, None)
                print(f"\n{names}: {len(SCHEDULE)} scheman igång. Vad som körs: http://{PREFECT}:{prefect_port}")
                print("Stoppa med Ctrl-C.", flush=True)
                serve_schedules(
                    given.config, given.database, given.data, lambda: _running(pages) and process.poll() is None
                )
    except EngineProblem as problem:
        raise UsageProblem(str(problem)) from problem
    return 0


def _running(pages: subprocess.Popen[bytes]) -> bool:
    """True; raises UsageProblem where the pages have stopped."""
    if pages.poll() is not None:
        raise UsageProblem("Sidorna har stannat. Starta om kadens serve.")
    return True


@contextmanager
def _beside(given: Settings, arguments: Namespace) -> Iterator[subprocess.Popen[bytes]]:
    """The pages in a process that ends with this one, however this one ends."""
    command = [sys.executable, "-m", "governance", "--config", str(given.config), "--data", str(given.data)]
    if arguments.today:
        command += ["--today", str(arguments.today)]
    command += ["serve", "--web-only", "--host", arguments.host, "--port", str(arguments.port)]
    own = {PARENT: str(os.getpid())} | ({"KADENS_DATABASE": given.database} if given.database else {})
    process = subprocess.Popen(command, env=os.environ | own, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
