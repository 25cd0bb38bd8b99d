"""How a sign-in mail leaves: by the municipality's own delivery, and never on a terminal where mail is real."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from governance.papers.post import Deferred
from governance.secretariat import sign_in
from governance.secretariat.office import read_config
from governance.secretariat.sign_in import Letter
from tests.conftest import MakeWorld
from tests.world import TOWN, World

SIV = "siv.sand@prov.example"
BASE = "https://kadens.prov.example"


class Taken:
    """A mail server that takes everything."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Taken, int]]:
    taken = Taken()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    yield taken, port
    controller.stop()
    controller.loop.close()


def by_smtp(port: int) -> str:
    return TOWN.replace("mail: dry-run", f"mail: smtp, host: 127.0.0.1, port: {port}")


def asked(world: World) -> Letter:
    letter = sign_in.ask(world.office, SIV, "127.0.0.1", "browser" * 5)
    assert letter is not None
    return letter


def test_real_mail_goes_to_the_server_alone(make_world: MakeWorld, server: tuple[Taken, int]) -> None:
    world = make_world(by_smtp(server[1]))
    letter = asked(world)
    assert sign_in.send(world.office, letter, BASE) is None
    ((sender, to, data),) = server[0].mails
    mail = message_from_bytes(data, policy=policy.default)
    assert (sender, to, mail["Auto-Submitted"]) == ("trygghet@prov.example", SIV, "auto-generated")
    assert f"{BASE}/logga-in/lank/{letter.token}" in mail.get_body(("plain",)).get_content()
    assert list(world.folder.rglob("*.eml")) == []


def test_mail_server_that_is_away_is_told(make_world: MakeWorld) -> None:
    world = make_world(by_smtp(9))
    with pytest.raises(Deferred, match=r"127\.0\.0\.1:9 svarar inte"):
        sign_in.send(world.office, asked(world), BASE)


@pytest.mark.parametrize("mail", ["dry-run", "folder"])
def test_mail_to_a_folder_is_a_file_there(make_world: MakeWorld, mail: str) -> None:
    world = make_world(TOWN.replace("mail: dry-run", f"mail: {mail}"))
    file = sign_in.send(world.office, asked(world), BASE)
    assert file is not None
    assert (file.parent, file.exists()) == (world.folder / "data" / world.municipality.id / "mejl", True)
    assert file.name.startswith("2027-01-01_0600_inloggning_siv.sand_")


def test_municipality_whose_pages_one_came_to_sends_the_mail(make_world: MakeWorld, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    for name in ("Aköping", "Bköping"):
        town = TOWN.replace("Provköpings kommun", name).replace(
            "municipality:\n", f"municipality:\n  base_url: https://{name[0].lower()}.example\n"
        )
        (folder / f"{name[0].lower()}.yaml").write_text(town, "utf-8")
    world = make_world()
    both = replace(world.office, municipalities=read_config(folder).municipalities)
    chosen = [
        letter.town.name
        for base in ("https://b.example", "https://a.example", "https://evil.example")
        if (letter := sign_in.ask(both, SIV, "127.0.0.1", "browser" * 5, base=base))
    ]
    assert chosen == ["Bköping", "Aköping", "Aköping"]
