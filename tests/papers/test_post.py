"""How mail leaves: against a real mail server on this machine, and a real folder."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from governance.papers.mail import Mail, compose
from governance.papers.post import Deferred, FolderPost, Refused, SmtpPost, given_up, retry_after

FROM, TO = "trygghet@storan.example", "karin.ahlen@storan.example"
MAIL = compose(
    Mail(
        message_id="<a.0.agenda.b@storan.example>",
        date=datetime(2027, 1, 12, 9, tzinfo=UTC),
        sender=("Trygghetssamordnaren", FROM),
        recipient=("Karin Åhlén", TO),
        subject="Dagordning på måndag",
        text="Hej!\n.\n..två punkter\nFrån oss\n",
        html="<p>Hej!</p>",
    )
)
Answer = Callable[[SMTP, Envelope], str]


class Mailbox:
    """What a server took, and how it answers."""

    def __init__(self, to_recipient: Answer | None = None, to_data: Answer | None = None) -> None:
        self.taken: list[tuple[str | None, list[str], bytes | str | None]] = []
        self.connections = 0
        self._to_recipient, self._to_data = to_recipient, to_data

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._to_recipient(server, envelope) if self._to_recipient else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self._to_data(server, envelope) if self._to_data else "250 OK"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[int]:
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
        controller.loop.close()


def hang_up(server: SMTP, envelope: Envelope) -> str:
    assert server.transport is not None
    server.transport.abort()
    return "250 OK"


def once(answer: Answer) -> Answer:
    """Answers so the first time, and takes everything after."""
    left = [answer]
    return lambda server, envelope: left.pop()(server, envelope) if left else "250 OK"


def test_smtp_delivers_the_very_bytes_over_one_connection() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        post.send(FROM, TO, MAIL)
        post.send(FROM, "mats.oberg@storan.example", MAIL)
    assert mailbox.taken == [(FROM, [TO], MAIL), (FROM, ["mats.oberg@storan.example"], MAIL)]
    assert mailbox.connections == 1


def test_smtp_defers_on_451_and_the_same_connection_serves_the_next() -> None:
    mailbox = Mailbox(to_data=once(lambda *_: "451 4.3.0 Försök senare"))
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        with pytest.raises(Deferred) as caught:
            post.send(FROM, TO, MAIL)
        post.send(FROM, TO, MAIL)
    assert str(caught.value) == f"Servern tog inte emot mejlet till {TO}: 451 4.3.0 Försök senare"
    assert mailbox.connections == 1


def test_smtp_is_refused_a_recipient_on_550_and_the_next_recipient_still_gets_the_mail() -> None:
    mailbox = Mailbox(to_recipient=once(lambda *_: "550 5.1.1 No such user"))
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        with pytest.raises(Refused) as caught:
            post.send(FROM, TO, MAIL)
        post.send(FROM, "mats.oberg@storan.example", MAIL)
    assert str(caught.value) == f"Servern tar inte emot mejl till {TO}: 550 5.1.1 No such user"
    assert mailbox.taken == [(FROM, ["mats.oberg@storan.example"], MAIL)]


def test_smtp_defers_a_greylisted_recipient_and_is_refused_data_on_554() -> None:
    mailbox = Mailbox(to_recipient=once(lambda *_: "450 4.7.1 Greylisted"), to_data=lambda *_: "554 5.6.0 Too large")
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        with pytest.raises(Deferred, match="450"):
            post.send(FROM, TO, MAIL)
        with pytest.raises(Refused, match="554"):
            post.send(FROM, TO, MAIL)


def test_smtp_defers_when_the_line_breaks_after_the_data_and_then_connects_anew() -> None:
    mailbox = Mailbox(to_data=once(hang_up))
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        with pytest.raises(Deferred, match=r"Förbindelsen med mejlservern 127\.0\.0\.1 bröts"):
            post.send(FROM, TO, MAIL)
        post.send(FROM, TO, MAIL)
    assert mailbox.taken == [(FROM, [TO], MAIL)] * 2  # taken twice with one Message-ID: harmless
    assert mailbox.connections == 2


def test_smtp_connects_anew_after_a_server_that_says_421() -> None:
    mailbox = Mailbox(to_recipient=once(lambda *_: "421 4.3.2 Shutting down"))
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port) as post:
        with pytest.raises(Deferred, match="421"):
            post.send(FROM, TO, MAIL)
        post.send(FROM, TO, MAIL)
    assert mailbox.taken == [(FROM, [TO], MAIL)]


def test_smtp_defers_where_nobody_answers() -> None:
    port = free_port()
    with (
        SmtpPost("127.0.0.1", port) as post,
        pytest.raises(Deferred, match=f"Mejlservern 127.0.0.1:{port} svarar inte"),
    ):
        post.send(FROM, TO, MAIL)


def test_smtp_sends_nothing_where_encryption_is_asked_for_and_not_offered() -> None:
    mailbox = Mailbox()
    with (
        serving(mailbox) as port,
        SmtpPost("127.0.0.1", port, starttls=True) as post,
        pytest.raises(Deferred, match="ingen säker förbindelse"),
    ):
        post.send(FROM, TO, MAIL)
    assert mailbox.taken == []


def test_smtp_defers_where_the_server_takes_no_password() -> None:
    mailbox = Mailbox()
    with (
        serving(mailbox) as port,
        SmtpPost("127.0.0.1", port, user="kadens", password="hemligt") as post,
        pytest.raises(Deferred) as caught,
    ):
        post.send(FROM, TO, MAIL)
    assert "hemligt" not in str(caught.value)
    assert mailbox.taken == []


def test_smtp_never_lets_a_password_travel_in_the_clear() -> None:
    with pytest.raises(ValueError, match="krypterad förbindelse"):
        SmtpPost("mail.storan.example", user="kadens", password="hemligt")


def test_smtp_takes_no_address_with_a_line_break() -> None:
    with SmtpPost("127.0.0.1") as post, pytest.raises(ValueError, match="inte en mejladress"):
        post.send(FROM, f"{TO}>\r\nRCPT TO:<x@y.se", MAIL)


@pytest.mark.parametrize("durable", [True, False])
def test_folder_holds_the_very_bytes_and_the_same_mail_again_changes_nothing(durable: bool, tmp_path: Path) -> None:
    post = FolderPost(tmp_path / "out" / "post", durable=durable)
    post.send("0001.eml", MAIL)
    before = (tmp_path / "out" / "post" / "0001.eml").stat()
    post.send("0001.eml", MAIL)
    after = (tmp_path / "out" / "post" / "0001.eml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out" / "post").iterdir()} == {"0001.eml": MAIL}


def test_folder_replaces_a_file_that_was_half_written(tmp_path: Path) -> None:
    (tmp_path / "0001.eml").write_bytes(MAIL[:100])
    FolderPost(tmp_path).send("0001.eml", MAIL)
    assert (tmp_path / "0001.eml").read_bytes() == MAIL


def test_folder_is_cleared_of_what_a_killed_run_left_unfinished(tmp_path: Path) -> None:
    (tmp_path / ".0001.eml.4711.part").write_bytes(MAIL[:100])
    FolderPost(tmp_path).send("0001.eml", MAIL)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"0001.eml": MAIL}


def test_folder_that_cannot_be_written_to_defers(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("en fil, ingen mapp")
    with pytest.raises(Deferred, match="Mejlet kunde inte läggas i mappen"):
        FolderPost(tmp_path / "post").send("0001.eml", MAIL)


@pytest.mark.parametrize("name", ["../x.eml", "a/b.eml", "", ".", "..", ".dold", "a\0b"])
def test_folder_names_stay_in_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kan inte vara ett filnamn"):
        FolderPost(tmp_path / "post").send(name, MAIL)
    assert list(tmp_path.iterdir()) == []


def test_waits_grow_to_half_an_hour_and_end_after_two_days() -> None:
    minutes = [retry_after(n) // timedelta(minutes=1) for n in range(1, 8)]
    assert minutes == [1, 5, 10, 20, 30, 30, 30]
    first = datetime(2027, 1, 12, 9, tzinfo=UTC)
    assert [given_up(first, first + timedelta(hours=hours)) for hours in (0, 47, 48)] == [False, False, True]
    with pytest.raises(ValueError, match="räknas från 1"):
        retry_after(0)
