"""Opens the hall on an installation and serves its pages until they are stopped."""

from __future__ import annotations

import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from governance import disk
from governance.model.body import Municipality
from governance.secretariat.office import open_office
from governance.secretariat.secret import secret_of
from governance.web import oidc
from governance.web.app import build_app
from governance.web.hall import Hall

EVERYBODY = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # listening at every address the computer has
STOPPING = 10  # seconds for what is under way, once told to stop


class ServeProblem(Exception):
    """The pages cannot be served as asked; the message says why and what to do, in Swedish."""


@contextmanager
def open_hall(
    config: Path,
    clock: Callable[[], datetime],
    database: str = "",
    folder: Path | None = None,
    origins: tuple[str, ...] = (),
) -> Iterator[Hall]:
    """The hall of an installation; `origins` are where it is served, for municipalities without a `base_url`.

    Raises ConfigProblem or ArchiveProblem, both with messages for the user.
    """
    with open_office(config, clock(), database, folder) as office:
        own = tuple(_origin(town.base_url) for town in office.municipalities if town.base_url)
        served = () if len(own) == len(office.municipalities) else origins
        hall = Hall(
            config=config,
            archive=office.archive,
            templates=office.templates,
            clock=clock,
            folder=office.folder,
            secret=secret_of(office.folder),
            installation=office.installation,
            origins=tuple(dict.fromkeys((*served, *own))),
        )
        try:
            yield hall
        finally:
            hall.errands.shutdown(wait=True)


def _origin(url: str) -> str:
    """The scheme and host of an address, as browsers name where a form came from."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def refuse_unsafe(municipalities: Sequence[Municipality], host: str) -> None:
    """Raises ServeProblem where the door could not be kept: a proxy that is not the only way in, or no sign-in."""
    doors = {town.sign_in.door for town in municipalities}
    if "proxy" in doors and host in EVERYBODY:
        raise ServeProblem(
            "Med door: proxy får sidorna inte lyssna på alla adresser: då når var och en dem förbi proxyn. "
            "Ange adressen som proxyn ansluter till med --host."
        )
    if "oidc" in doors:
        try:
            oidc.require_authlib()
        except oidc.OidcProblem as problem:
            raise ServeProblem(str(problem)) from problem


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises ServeProblem where the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        if isinstance(error, socket.gaierror) or error.errno != errno.EADDRINUSE:
            raise ServeProblem(f"Det går inte att lyssna på {host}:{port}: {disk.reason(error)}.") from error
        raise ServeProblem(
            f"Porten {port} på {host} används redan. Stoppa det som kör där, eller välj en annan: --port."
        ) from error
    return found


def served_at(host: str, port: int) -> str:
    """The address that a browser on this computer has for the pages."""
    name = "127.0.0.1" if host in EVERYBODY else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def serve(hall: Hall, listening: socket.socket, parent: int = 0) -> None:
    """Serves the pages until SIGTERM or Ctrl-C, or until the process `parent` is no longer the one above this.

    No line is logged for a visit: addresses of links are secrets. Whom a proxy speaks for is `proxy`'s to judge, not
    uvicorn's.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(hall),
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=STOPPING,
        )
    )
    if parent:
        threading.Thread(target=_follow, args=(server, parent), daemon=True).start()
    # uvicorn raises the signal again when it has stopped; SIGTERM is then a clean end.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server.run(sockets=[listening])


def _follow(server: uvicorn.Server, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    server.should_exit = True
