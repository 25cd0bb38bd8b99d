"""Pages on a world: signed-in clients without a browser, and a real server for those with one."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from sqlalchemy import event
from starlette.testclient import TestClient

from governance.secretariat.door import begin_session
from governance.secretariat.office import Office
from governance.web.app import build_app
from governance.web.guard import COOKIE
from governance.web.hall import Hall
from tests.world import World

ORIGIN = "https://sidor.prov.example"


def hall_of(world: World, origins: tuple[str, ...] = (ORIGIN,)) -> Hall:
    """The hall of a world, whose clock is the world's."""
    office = world.office
    return Hall(
        config=world.file,
        archive=office.archive,
        templates=office.templates,
        clock=lambda: world.office.now,
        folder=office.folder,
        secret=b"a secret of the tests",
        installation=office.installation,
        origins=origins,
    )


@dataclass
class Pages:
    """The pages of a world. `visitor("siv.sand")` is a browser signed in as her; `visitor()` one that is not."""

    world: World
    hall: Hall

    def __post_init__(self) -> None:
        self.app = build_app(self.hall)

    @property
    def town(self) -> str:
        return self.world.municipality.id

    def visitor(self, person: str = "") -> TestClient:
        client = TestClient(
            self.app,
            base_url=ORIGIN,
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=False,
            raise_server_exceptions=True,
        )
        if person:
            address = self.world.municipality.people[person].email
            client.cookies.set(COOKIE[self.hall.secure], begin_session(self.world.office, address, "mail-link"))
        return client


@pytest.fixture
def pages(make_world: Callable[..., World]) -> Callable[..., Pages]:
    """Makes the pages of a new world: `pages(config=..., start=...)`."""

    def make(*args: object, **given: object) -> Pages:
        world = make_world(*args, **given)
        return Pages(world, hall_of(world))

    return make


@contextmanager
def counted(pages: Pages) -> Iterator[list[str]]:
    """The questions put to the database meanwhile, as SQL: a page may ask six."""
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(pages.hall.archive.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(pages.hall.archive.engine, "before_cursor_execute", listen)


# --- a real server and a real browser ------------------------------------------------------------------------------


@dataclass
class Served:
    """The pages behind a real server on this computer."""

    pages: Pages
    address: str

    def key(self, person: str) -> dict[str, str]:
        """The cookie of somebody signed in, as a browser's context takes it."""
        return self.key_of(self.pages.world.office, self.pages.world.municipality.people[person].email)

    def key_of(self, office: Office, address: str) -> dict[str, str]:
        """The cookie of whoever has an address."""
        return {"name": COOKIE[False], "value": begin_session(office, address, "mail-link"), "url": self.address}


@pytest.fixture
def serve_app() -> Iterator[Callable[[Hall], str]]:
    """Serves a hall's pages with uvicorn until the test ends; gives their address, the hall's only origin."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(hall: Hall) -> str:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        hall.origins = (address,)
        server = uvicorn.Server(uvicorn.Config(build_app(hall), log_level="error", ws="none", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        assert httpx.get(address + "/static/style.css").status_code == 200
        running.append((server, thread))
        return address

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def serve(serve_app: Callable[[Hall], str]) -> Callable[[World], Served]:
    """Serves the pages of a world until the test ends."""

    def start(world: World) -> Served:
        hall = hall_of(world, ())
        address = serve_app(hall)
        return Served(Pages(world, hall), address)

    return start


def chromium() -> str:
    """Where Chromium is; skips with a reason where it is missing, unless CI=true."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium, headless, one for all tests."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # heavy, and only for these tests

    path = chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield found
        found.close()
