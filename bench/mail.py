"""Mails composed in a second: ours, the standard library's EmailMessage, and the same bytes only written to disk.

    python -m bench.mail

A year's post: invitations with a calendar object, and papers with a Word file that every member of the body gets.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from governance.papers.ics import CalendarMeeting, Invitee, request
from governance.papers.mail import Attachment, Mail, compose, message_id

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MAILS, MEMBERS, PAPER = 2000, 10, 30_000
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "Hej Karin!\n\nHär kommer dagordningen till mötet. Läs den gärna före mötet och hör av dig.\n\n" * 5


def _mails() -> list[Mail]:
    """The year's post; every fourth meeting an invitation, the others a paper of its own."""
    chance = Random(2027)  # the same post each time
    mails = []
    for n in range(MAILS):
        meeting, member = divmod(n, MEMBERS)
        if member == 0:
            file = Attachment("dagordning.docx", WORD, chance.randbytes(PAPER))
        person = Invitee(f"Karin Åhlén {member}", f"karin.ahlen{member}@storan.example")
        invitation = _calendar(meeting, person) if meeting % 4 == 0 else None
        mails.append(
            Mail(
                message_id=message_id(f"m{meeting}", 0, "agenda", person.email, "storan.example"),
                date=datetime(2027, 1, 4, 8, tzinfo=STOCKHOLM),
                sender=("Trygghetssamordnaren", "trygghet@storan.example"),
                recipient=(person.name, person.email),
                subject="Dagordning: Brottsförebyggande rådet tisdag 12 januari 2027",
                text=TEXT,
                html=f"<!doctype html><html lang='sv'><body><p>{TEXT}</p></body></html>",
                calendar=invitation,
                method="REQUEST" if invitation else "",
                attachments=() if invitation else (file,),
            )
        )
    return mails


def _calendar(meeting: int, person: Invitee) -> bytes:
    return request(
        CalendarMeeting(
            uid=f"m{meeting}@storan.example",
            sequence=0,
            stamp=datetime(2027, 1, 4, 7, tzinfo=UTC),
            starts=datetime(2027, 1, 12, 9, tzinfo=STOCKHOLM),
            ends=datetime(2027, 1, 12, 10, tzinfo=STOCKHOLM),
            summary="Brottsförebyggande rådet",
            description=TEXT,
            location="Stadshuset, sal Ån",
            organizer_name="Trygghetssamordnaren",
            organizer_email="trygghet@storan.example",
        ),
        person,
    )


def by_the_standard_library(mail: Mail) -> bytes:
    """The same mail by EmailMessage."""
    message = EmailMessage(policy=policy.SMTP)
    for header, (name, email) in (("From", mail.sender), ("To", mail.recipient)):
        message[header] = Address(name, addr_spec=email)
    message["Subject"], message["Date"], message["Message-ID"] = mail.subject, mail.date, mail.message_id
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar:
        text = mail.calendar.decode()
        message.add_alternative(text, subtype="calendar", cte="base64", params={"method": mail.method})
        message.add_attachment(mail.calendar, maintype="application", subtype="ics", filename="inbjudan.ics")
    for file in mail.attachments:
        maintype, subtype = file.media_type.split("/")
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.filename)
    return message.as_bytes()


def measure() -> dict[str, float]:
    """Mails a second, the best of three rounds in which each takes its turn."""
    mails = _mails()
    finished = [compose(mail) for mail in mails]
    few = mails[:: MAILS // 200]
    with tempfile.TemporaryDirectory() as folder:

        def write(contents: list[bytes]) -> None:
            for n, data in enumerate(contents):
                Path(folder, f"{n:04}.eml").write_bytes(data)

        write(finished)
        works: dict[str, tuple[Callable[[], object], int]] = {
            "ours, composed": (lambda: [compose(mail) for mail in mails], MAILS),
            "ours, composed and written": (lambda: write([compose(mail) for mail in mails]), MAILS),
            "EmailMessage, composed": (lambda: [by_the_standard_library(mail) for mail in few], len(few)),
            "limit: the same bytes written": (lambda: write(finished), MAILS),
        }
        best = dict.fromkeys(works, 0.0)
        for _ in range(3):
            for name, (work, amount) in works.items():
                started = time.perf_counter()
                work()
                best[name] = max(best[name], amount / (time.perf_counter() - started))
    return best


def main() -> None:
    """Prints the table."""
    for name, rate in measure().items():
        print(f"{name:32}{rate:>12,.0f} mails/s")


if __name__ == "__main__":
    main()
