"""Mail as bytes, ready to leave: composed once, stored, and the same bytes whenever it is sent again.

Written by hand rather than with `email.message.EmailMessage`, whose header folding loses or gains a space in
several of a hundred Swedish subjects (cpython gh-144156) and which composes some hundred mails a second;
tests hold the two to the same parsed message. Every part is base64 or quoted-printable, so no relay needs 8BITMIME.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b

from governance.papers.address import checked_address, printable

_LINE = 76  # a header line's length that every reader shows whole (RFC 5322 2.1.1 advises at most 78)
_WORD = 75  # an encoded word's greatest length (RFC 2047 2)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")
_CONTROLS = re.compile(r"[^\n\t -\x7e\xa0-\U0010ffff]")  # C0, DEL and C1
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_CALENDAR_FILES = {"REQUEST": "inbjudan.ics", "CANCEL": "installt.ics", "PUBLISH": "moten.ics"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the mail; the name is ASCII, since old Outlook garbles other names."""

    filename: str
    media_type: str
    data: bytes

    def __post_init__(self) -> None:
        if not _FILE_NAME.fullmatch(self.filename):
            raise ValueError(f"Filnamnet ”{printable(self.filename)}” får bara ha a–z, siffror, blanksteg, . _ och -.")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError(f"”{printable(self.media_type)}” är inte en filtyp.")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one recipient. `sender` and `recipient` are (name, address).

    `text` is complete by itself; `html`, where there is one, says the same. `calendar` is an object of
    `governance.papers.ics` and `method` its METHOD. `reminder` also asks that no automatic answer comes back.
    """

    message_id: str  # with its angle brackets
    date: datetime  # carries its zone
    sender: tuple[str, str]
    recipient: tuple[str, str]
    subject: str
    text: str
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    calendar: bytes | None = None
    method: str = ""
    attachments: tuple[Attachment, ...] = ()
    reminder: bool = False


def compose(mail: Mail) -> bytes:
    """The mail in its final bytes (CRLF; boundaries from the Message-ID, so the same mail gives the same bytes).

    Raises ValueError, in Swedish, for a line break in a header, an address that cannot be written to, or a
    calendar object of another method than the one named.
    """
    boundary = "=_" + blake2b(mail.message_id.encode(), digest_size=12).hexdigest()
    return b"".join([*_headers(mail), *_content(mail, boundary)])


def message_id(uid: str, sequence: int, method: str, recipient: str, domain: str, *, resend: int = 0) -> str:
    """The Message-ID of one dispatch: sent twice by accident it is recognised, sent again on purpose it is new.

    `uid` names what the mail is about (a meeting's UID), `method` the kind of mail (`request`, `agenda`),
    `recipient` an address, in any case of letters; `resend` counts the times someone chose to send it again.
    """
    about = blake2b(uid.encode(), digest_size=8).hexdigest()
    to = blake2b(recipient.casefold().encode(), digest_size=6).hexdigest()
    kind = re.sub(r"[^a-z0-9]+", "-", method.lower())
    again = f".{resend}" if resend else ""
    made = f"<{about}.{sequence}.{kind}.{to}{again}@{domain.encode('idna').decode('ascii')}>"
    return _checked_id(made)


def _headers(mail: Mail) -> Iterator[bytes]:
    if mail.date.tzinfo is None:
        raise ValueError("Mejlets tidpunkt har ingen tidszon.")
    # An invitation must leave room for the automatic answer that carries the iTIP REPLY (MS-OXCMAIL 2.1.3.2.20).
    quiet = "DR, RN, NRN, OOF, AutoReply" if mail.reminder else "DR, RN, NRN, OOF"
    yield _mailbox("From", *mail.sender)
    yield _mailbox("To", *mail.recipient)
    yield _subject(mail.subject)
    yield f"Date: {format_datetime(mail.date)}\r\n".encode()
    yield f"Message-ID: {_checked_id(mail.message_id)}\r\n".encode()
    if mail.in_reply_to:
        yield f"In-Reply-To: {_checked_id(mail.in_reply_to)}\r\n".encode()
    if mail.references:
        # The thread's root and the latest: twenty are enough for every reader.
        kept = mail.references[:1] + mail.references[1:][-19:]
        yield b"References: " + "\r\n ".join(map(_checked_id, kept)).encode() + b"\r\n"
    yield f"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: {quiet}\r\nMIME-Version: 1.0\r\n".encode()


def _content(mail: Mail, boundary: str) -> Iterator[bytes]:
    """multipart/mixed with the alternatives first: Outlook looks for the calendar nowhere else (MS-STANOICAL)."""
    alternatives = [_text_part("plain", mail.text)]
    if mail.html:
        alternatives.append(_text_part("html", mail.html))
    files = [_kept_file_part(file) for file in mail.attachments]
    if mail.calendar is not None:
        method = _checked_method(mail)
        alternatives.append(_calendar_part(mail.calendar, method))
        files.insert(0, _file_part(Attachment(_CALENDAR_FILES[method], "application/ics", mail.calendar)))
    inner = b"".join(_multipart("alternative", boundary + ".1", alternatives))
    if len(alternatives) == 1:
        inner = alternatives[0]
    if not files:
        yield inner
    else:
        yield from _multipart("mixed", boundary + ".0", [inner, *files])


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> Iterator[bytes]:
    """The parts between boundaries; `=_` never stands in base64 or quoted-printable, so no part holds one."""
    yield f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    for part in parts:
        yield f"--{boundary}\r\n".encode()
        yield part
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _text_part(subtype: str, text: str) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    lines = _CONTROLS.sub("", text).rstrip("\n") + "\n"
    encoded = b2a_qp(lines.encode("utf-8", "replace"), quotetabs=False, istext=True)
    return head.encode() + encoded.replace(b"\n", b"\r\n")


def _calendar_part(calendar: bytes, method: str) -> bytes:
    head = f"Content-Type: text/calendar; charset=utf-8; method={method}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + _base64(calendar)


@lru_cache(maxsize=64)
def _kept_file_part(file: Attachment) -> bytes:
    """Kept, since one agenda goes to every member of the body."""
    return _file_part(file)


def _file_part(file: Attachment) -> bytes:
    head = (
        f'Content-Type: {file.media_type}; name="{file.filename}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{file.filename}"\r\n\r\n'
    )
    return head.encode() + _base64(file.data)


def _base64(data: bytes) -> bytes:
    return encodebytes(data).replace(b"\n", b"\r\n")


@lru_cache(maxsize=64)
def _subject(text: str) -> bytes:
    """The Subject header; whole in encoded words where it is not plain, for then no space can come or go."""
    clean = _header_text("ämnesraden", text)
    if clean.isascii() and "=?" not in clean and len(clean) <= _LINE - 9 and clean == " ".join(clean.split(" ")):
        return f"Subject: {clean}\r\n".encode()
    return b"Subject: " + _encoded_words(clean, used=len("Subject: ")) + b"\r\n"


@lru_cache(maxsize=1024)
def _mailbox(header: str, name: str, email: str) -> bytes:
    address = f"<{checked_address(email)}>"
    clean = _header_text("namnet", name).strip()
    if not clean:
        return f"{header}: {address}\r\n".encode()
    if clean.isascii() and "=?" not in clean and len(clean) < _LINE - 20:
        escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
        written = f'"{escaped}"'.encode()
    else:
        written = _encoded_words(clean, used=len(header) + 2)
    gap = b" " if len(written.rsplit(b"\n")[-1]) + len(address) + len(header) + 3 <= _LINE else b"\r\n "
    return f"{header}: ".encode() + written + gap + address.encode() + b"\r\n"


def _encoded_words(text: str, used: int) -> bytes:
    """The text as base64 words of whole letters (RFC 2047), one to a line; `used` is the first line's name."""
    words: list[bytes] = []
    piece = b""
    room = _octets_in(_LINE - used)
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            words.append(piece)
            piece, room = b"", _octets_in(_LINE - 1)
        piece += octets
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(word) + b"?=" for word in [*words, piece])


def _octets_in(columns: int) -> int:
    """How many octets a base64 word of that many columns carries, around its `=?utf-8?b?` and `?=`."""
    return (min(columns, _WORD) - 12) // 4 * 3


def _header_text(what: str, text: str) -> str:
    """The text without control characters; a line break is an attempt to write headers, or a mistake."""
    if "\n" in text or "\r" in text:
        raise ValueError(f"Det får inte finnas radbrytningar i {what}: ”{printable(text)}”.")
    return printable(text)


def _checked_id(identity: str) -> str:
    if not _MESSAGE_ID.fullmatch(identity):
        raise ValueError(f"”{printable(identity)}” är inte ett meddelande-id på formen <…@…>.")
    return identity


def _checked_method(mail: Mail) -> str:
    """The method, which must be the object's own: Outlook believes the latter (MS-STANOICAL V0342)."""
    own = re.search(rb"^METHOD:([A-Z]+)\r$", mail.calendar or b"", re.MULTILINE)
    if own is None or own[1].decode() != mail.method or mail.method not in _CALENDAR_FILES:
        raise ValueError(f"Kalenderobjektet är inte av metoden {printable(mail.method) or '(ingen)'}.")
    return mail.method
