"""The outbox: finished bytes stored with what they tell of, and how they leave."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from governance.secretariat.delivery import deliver, lay_papers, mail_folder
from governance.secretariat.office import Desk
from governance.secretariat.outbox import post
from governance.store import paper_shelf
from governance.store.tables import Dispatch, Step
from tests.conftest import MakeWorld
from tests.world import TOWN, World, at

FOLDER = TOWN.replace("mail: dry-run", "mail: folder")


class Server:
    """A real mail server that answers as it is told to, by recipient."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "")
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    yield handler, port
    controller.stop()
    controller.loop.close()


def by_smtp(port: int, per_minute: int = 30) -> str:
    return TOWN.replace("mail: dry-run", f"mail: smtp, host: 127.0.0.1, port: {port}, per_minute: {per_minute}")


def states(world: World) -> list[tuple[str, str, int]]:
    return [(row.person, row.state, row.attempts) for row in world.dispatches("invitation")]


# --- stored first ----------------------------------------------------------------------------------------------


def desk_of(world: World, session: Any) -> Desk:
    meeting = world.meeting("gruppen", "2027-01-12")
    step = Step(occasion_id=meeting.id, kind="invitation", due=world.office.now)
    return Desk(session, world.office, world.municipality, meeting, step)


def test_mail_is_stored_in_the_transaction_of_what_it_tells_of(world: World) -> None:
    world.plan()
    person = world.municipality.people["bo.hus"]
    before = world.everything()

    def post_and_fail() -> None:
        with world.office.archive.write() as session:
            assert post(desk_of(world, session), "product_start", person, context(world))
            session.flush()
            raise RuntimeError("the plug")

    with pytest.raises(RuntimeError, match="the plug"):
        post_and_fail()
    assert world.everything() == before


def context(world: World) -> dict[str, object]:
    return {
        "municipality": "Provköping",
        "product_title": "Årlig uppföljning",
        "due": world.office.today,
        "receivers": "Rådet",
        "made_by_kadens": True,
    }


def test_same_mail_is_stored_once(world: World) -> None:
    world.plan()
    person = world.municipality.people["bo.hus"]
    with world.office.archive.write() as session:
        assert post(desk_of(world, session), "product_start", person, context(world))
        session.flush()
        assert not post(desk_of(world, session), "product_start", person, context(world))
        assert post(desk_of(world, session), "product_start", person, context(world), version=2)
    assert len(world.dispatches("product_start")) == 2


def test_key_of_a_mail_is_unique_in_the_archive(world: World) -> None:
    world.go("2027-01-11 08:00")
    (first, second, *_) = world.dispatches()
    with pytest.raises(IntegrityError), world.office.archive.write() as session:
        session.execute(update(Dispatch).where(Dispatch.id == second.id).values(key=first.key))


# --- dry run and folder ----------------------------------------------------------------------------------------


def test_dry_run_keeps_mails_back(world: World) -> None:
    done = world.go("2027-01-11 13:00")
    assert {row.state for row in world.dispatches()} == {"withheld"}
    assert [each for each in done if each.verb == "delivery"] == []
    assert not mail_folder(world.office, world.municipality).exists()


def test_office_in_dry_run_sends_nothing_that_was_queued_before(make_world: MakeWorld) -> None:
    world = make_world(FOLDER)
    world.go("2027-01-04 08:00", ("plan", "invitation"))
    assert deliver(replace(world.office, dry_run=True), world.municipality) == []
    assert {row.state for row in world.dispatches()} == {"queued"}


def test_folder_gets_each_mail_as_the_stored_bytes(make_world: MakeWorld) -> None:
    world = make_world(FOLDER)
    done = world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    folder = mail_folder(world.office, world.municipality)
    with world.read() as session:
        stored = {row.name: session.get_one(Dispatch, row.id).data for row in world.dispatches()}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == stored
    assert done[-1].what == f"{len(stored)} skickade"
    assert {(row.state, row.attempts) for row in world.dispatches()} == {("sent", 1)}


def test_folder_delivery_after_a_crash_lays_the_same_files(make_world: MakeWorld) -> None:
    world = make_world(FOLDER)
    world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    folder = mail_folder(world.office, world.municipality)
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}
    with world.office.archive.write() as session:  # the files were laid, the mark was not
        session.execute(update(Dispatch).values(state="queued"))
    world.go("2027-01-04 09:00", ("delivery",))
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()} == before


def test_folder_that_cannot_be_written_is_told_and_nothing_lost(make_world: MakeWorld) -> None:
    world = make_world(FOLDER)
    folder = mail_folder(world.office, world.municipality)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file stands where the folder should be", encoding="utf-8")
    done = world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    assert (done[-1].failed, done[-1].what.startswith("Mejlet kunde inte läggas i mappen")) == (True, True)
    assert {row.state for row in world.dispatches()} == {"queued"}


def test_papers_are_laid_once_and_never_over_what_somebody_wrote(world: World) -> None:
    world.go("2027-01-11 13:00")
    assert lay_papers(world.office, world.municipality) == 1
    (paper,) = world.papers()
    file = world.office.folder / world.municipality.id / "handlingar" / f"{paper.name}.docx"
    assert file.read_bytes() == paper.docx
    assert file.with_suffix(".html").read_text(encoding="utf-8") == paper.html
    file.write_bytes(b"edited by hand")
    assert lay_papers(world.office, world.municipality) == 0
    assert file.read_bytes() == b"edited by hand"


# --- SMTP ------------------------------------------------------------------------------------------------------


def test_smtp_sends_the_stored_bytes(make_world: MakeWorld, server: tuple[Server, int]) -> None:
    world = make_world(by_smtp(server[1]))
    world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    with world.read() as session:
        stored = sorted((row.address, session.get_one(Dispatch, row.id).data) for row in world.dispatches())
    assert sorted(server[0].taken) == stored
    assert {row.state for row in world.dispatches()} == {"sent"}


def test_deferred_mail_is_tried_again_and_given_up_after_two_days(
    make_world: MakeWorld, server: tuple[Server, int]
) -> None:
    world = make_world(by_smtp(server[1]))
    server[0].answers["bo.hus@bostader.example"] = "451 4.3.0 try again later"
    world.go("2027-01-01 06:00", ("plan", "invitation"))
    world.go("2027-01-04 08:00", ("invitation",))
    (done,) = world.go("2027-01-04 08:00", ("delivery",))
    assert (done.failed, done.what.endswith("väntar på nytt försök")) == (True, True)
    (row,) = [row for row in world.dispatches("invitation") if row.person == "bo.hus"][:1]
    assert (row.state, row.attempts, row.retry) == ("queued", 1, at("2027-01-04 08:01"))
    assert "451" in row.problem

    assert world.go("2027-01-04 08:00", ("delivery",)) == []  # its time has not come
    world.go("2027-01-04 08:01", ("delivery",))
    (row,) = [row for row in world.dispatches("invitation") if row.person == "bo.hus"][:1]
    assert (row.attempts, row.retry) == (2, at("2027-01-04 08:06"))

    server[0].answers.clear()
    world.set("2027-01-04 08:10")
    deliver(world.office, world.municipality)
    assert {row.state for row in world.dispatches("invitation")} == {"sent"}


def test_mail_still_deferred_after_two_days_is_given_up(make_world: MakeWorld, server: tuple[Server, int]) -> None:
    world = make_world(by_smtp(server[1]))
    server[0].answers["bo.hus@bostader.example"] = "451 4.3.0 try again later"
    world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))

    def told() -> set[tuple[str, int]]:
        return {(row.state, row.attempts) for row in world.dispatches("invitation") if row.person == "bo.hus"}

    for hours in (47, 48, 49, 50):
        assert told() == {("queued", 1 + max(0, hours - 47))}
        world.office = world.office.at(at("2027-01-04 08:00") + timedelta(hours=hours))
        deliver(world.office, world.municipality)
    assert told() == {("failed", 5)}


def test_refused_mail_fails_at_once_and_the_others_go(make_world: MakeWorld, server: tuple[Server, int]) -> None:
    world = make_world(by_smtp(server[1]))
    server[0].answers["bo.hus@bostader.example"] = "550 5.1.1 no such user"
    done = world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    found = {(row.person, row.state) for row in world.dispatches("invitation")}
    assert found == {("bo.hus", "failed"), ("kia.holm", "sent"), ("pia.polis", "sent"), ("siv.sand", "sent")}
    assert "avvisa" in done[-1].what


def test_server_that_is_down_loses_nothing(make_world: MakeWorld) -> None:
    world = make_world(by_smtp(9))
    done = world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    assert done[-1].failed
    assert {row.state for row in world.dispatches()} == {"queued"}


def test_no_more_mails_leave_in_one_go_than_the_config_allows(
    make_world: MakeWorld, server: tuple[Server, int]
) -> None:
    world = make_world(by_smtp(server[1], per_minute=3))
    world.go("2027-01-04 08:00", ("plan", "invitation", "delivery"))
    assert len(server[0].taken) == 3
    world.go("2027-01-04 08:01", ("delivery",))
    assert len(server[0].taken) == 6


def test_mail_being_sent_by_one_run_is_left_alone_by_another(make_world: MakeWorld, server: tuple[Server, int]) -> None:

    world = make_world(by_smtp(server[1]))
    world.go("2027-01-04 08:00", ("plan", "invitation"))
    (first, *_) = world.dispatches()
    with world.office.archive.write() as session:
        leased = paper_shelf.lease(session, first.id, world.office.now, at("2027-01-04 08:15"))
    assert leased is not None
    with world.office.archive.write() as session:
        assert paper_shelf.lease(session, first.id, world.office.now, at("2027-01-04 08:15")) is None
    deliver(world.office, world.municipality)
    assert first.message_id not in b"".join(data for _, data in server[0].taken).decode()
    world.go("2027-01-04 08:15", ("delivery",))
    assert {row.state for row in world.dispatches()} == {"sent"}


def test_no_transaction_is_open_while_the_server_thinks(make_world: MakeWorld, server: tuple[Server, int]) -> None:
    world = make_world(by_smtp(server[1]))
    world.go("2027-01-04 08:00", ("plan", "invitation"))
    database = world.folder / "data" / "kadens.db"
    locked: list[str] = []

    async def look(smtp: Any, session: Any, envelope: Any) -> str:
        with sqlite3.connect(database, timeout=0.1) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                locked.append(str(error))
        connection.close()
        return "250 OK"

    server[0].handle_DATA = look  # type: ignore[method-assign]
    deliver(world.office, world.municipality)
    assert locked == []
