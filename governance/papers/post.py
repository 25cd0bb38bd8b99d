"""How mail leaves the house: as files in a folder, or through the municipality's mail server.

The caller keeps the rows and the clock; here the bytes go out once. What went wrong is either `Deferred`
(try again, see `retry_after`) or `Refused` (never try this one again, tell the secretary).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from governance import disk
from governance.papers.address import checked_address, printable

GIVE_UP_AFTER = timedelta(hours=48)
_WAITS = (60, 300, 600, 1200, 1800)  # seconds; the last one is used ever after
_UNFINISHED = ".part"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Deferred(Exception):
    """The mail may not have left, for a reason that may pass; its text says why, in Swedish."""


class Refused(Exception):
    """The server will never take this mail for this recipient; its text says why, in Swedish."""


def retry_after(attempts: int) -> timedelta:
    """How long to wait after that many attempts: minutes at first, then every half hour."""
    if attempts < 1:
        raise ValueError(f"Antalet försök är {attempts}, men det räknas från 1.")
    return timedelta(seconds=_WAITS[min(attempts, len(_WAITS)) - 1])


def given_up(first_attempt: datetime, now: datetime) -> bool:
    """Whether a deferred mail has been tried long enough, 48 hours."""
    return now - first_attempt >= GIVE_UP_AFTER


class FolderPost:
    """Leaves each mail as a file; for trials, and for municipalities where another program sends.

    A sent file is on the disk itself; `durable=False` leaves that to the operating system, for a year tried out.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._durable = durable
        self._cleared = False

    def send(self, name: str, data: bytes) -> None:
        """Writes the file whole or not at all; the same name and bytes again change nothing.

        Raises Deferred where the folder cannot be written to, ValueError for a name that leaves the folder.
        """
        if not name or Path(name).name != name or name.startswith(".") or "\0" in name:
            raise ValueError(f"”{printable(name)}” kan inte vara ett filnamn.")
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not _holds(path, data):
                self._clear()
                try:
                    self._write(path, data)
                except FileNotFoundError:  # another run has cleared ours away, which it does once
                    self._write(path, data)
        except OSError as error:
            raise Deferred(f"Mejlet kunde inte läggas i mappen {self._folder}: {disk.reason(error)}.") from error

    def _clear(self) -> None:
        """Takes away what a killed run left half-written: its mails are not marked, and are written again."""
        if self._cleared:
            return
        self._cleared = True
        for left in self._folder.glob(f".*{_UNFINISHED}"):
            left.unlink(missing_ok=True)

    def _write(self, path: Path, data: bytes) -> None:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}{_UNFINISHED}")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                if self._durable:
                    file.flush()
                    os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


class SmtpPost:
    """One connection to the mail server for many mails: `with SmtpPost(...) as post: post.send(...)`.

    The connection is made at the first mail, and again after it is lost. Raises ValueError for a password
    that would travel in the clear.
    """

    def __init__(
        self,
        host: str,
        port: int = 25,
        *,
        starttls: bool = False,
        user: str = "",
        password: str = "",
        timeout: float = 30.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if user and not starttls and host not in _LOOPBACK:
            raise ValueError("Lösenordet skickas bara över en krypterad förbindelse: sätt starttls till true.")
        self._host, self._port, self._timeout = host, port, timeout
        self._starttls, self._tls = starttls, tls
        self._user, self._password = user, password
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Says goodbye to the server where there is a connection; a server that is gone is no error."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def send(self, envelope_from: str, recipient: str, data: bytes) -> None:
        """Hands the mail to the server, unchanged.

        Raises Deferred for a 4xx answer or a lost connection, Refused for a 5xx answer. A connection lost
        after the data is Deferred too: whether the server took the mail cannot be known, and a second copy
        with the same Message-ID does less harm than none.
        """
        sender, to = checked_address(envelope_from), checked_address(recipient)
        try:
            self._connected().sendmail(sender, [to], data)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[to]
            raise _refusal(f"Servern tar inte emot mejl till {to}", code, answer) from error
        except smtplib.SMTPSenderRefused as error:
            raise _refusal(f"Servern tar inte emot mejl från {sender}", error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(f"Servern tog inte emot mejlet till {to}", error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Deferred(f"Förbindelsen med mejlservern {self._host} bröts: {printable(str(error))}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None or self._connection.sock is None:  # a server that answers 421 hangs up
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        try:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise Deferred(f"Mejlservern {self._host}:{self._port} svarar inte: {printable(str(error))}") from error
        try:
            if self._starttls:
                connection.starttls(context=self._tls or ssl.create_default_context())
            if self._user:
                connection.login(self._user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            connection.close()
            raise Deferred(f"Mejlservern {self._host} godtar inte användarnamnet och lösenordet.") from error
        except (OSError, smtplib.SMTPException) as error:
            connection.close()
            reason = printable(str(error))
            raise Deferred(f"Det blev ingen säker förbindelse med mejlservern {self._host}: {reason}") from error
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _refusal(what: str, code: int, answer: bytes | str) -> Deferred | Refused:
    """5xx is for ever, anything else may pass (RFC 5321 4.2.1)."""
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    kind = Refused if 500 <= code < 600 else Deferred
    return kind(f"{what}: {code} {printable(said)}")
