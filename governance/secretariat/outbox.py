"""Puts mail in the outbox: finished bytes, in the same transaction as what they tell of. Sending is `delivery`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance.model.body import Body, Municipality
from governance.model.people import Person
from governance.papers.mail import Attachment, Mail, compose, message_id
from governance.secretariat.office import Desk, starts_at
from governance.store import agenda_book, paper_shelf
from governance.store.tables import Occasion, Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# What the file of a mail is called in a folder delivery, by the mail's kind.
FILE_WORDS = {
    "invitation": "inbjudan",
    "change": "andrad-tid",
    "cancellation": "installt",
    "withdrawal": "avbokning",
    "status_request": "lagesfraga",
    "status_reminder": "paminnelse",
    "agenda": "dagordning",
    "minutes": "anteckningar",
    "approved": "justerat",
    "situation": "veckolagesbild",
    "hand_in": "att-lamna-in",
    "product_start": "dags-att-borja",
    "overdue": "frist-har-gatt-ut",
    "duty_reminder": "frist",
    "missing_record": "att-anteckna",
    "approval": "justering",
}


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """The calendar object of an invitation mail."""

    data: bytes
    method: str


def sender_of(municipality: Municipality, body: Body | None) -> tuple[str, str]:
    """(name, address) that mail comes from; also the ORGANIZER, whose mailbox is read (calendar.md 1.4)."""
    if body is None:
        return municipality.contact.name, municipality.contact.email
    return f"{body.name}, {municipality.name}", body.address or municipality.contact.email


def domain_of(municipality: Municipality) -> str:
    """The domain that identities are made in."""
    return municipality.contact.email.rpartition("@")[2]


def attached(paper: Paper) -> Attachment:
    """A paper as an attachment, under an ASCII name (others garble in old clients)."""
    return Attachment(paper.name.rpartition("/")[2] + ".docx", DOCX, paper.docx)


def thread_key(occasion: Occasion) -> str:
    """What all mails about an occasion share; the calendar UID where it has one."""
    return occasion.uid or f"{occasion.municipality}-{occasion.key}-{occasion.slot}"


def post(
    desk: Desk,
    kind: str,
    person: Person,
    context: dict[str, Any],
    *,
    letter: str = "",
    version: int = 1,
    mark: str = "",
    attachments: Sequence[Attachment] = (),
    calendar: CalendarPart | None = None,
) -> bool:
    """Writes the letter `letter` (default: as the kind) to `person`, into the outbox; False where it lies there.

    `version` and `mark` tell apart mails of the same kind about the same occasion.
    """
    occasion = desk.occasion
    key = f"{occasion.municipality}/{occasion.kind}/{occasion.key}/{occasion.slot}/{kind}{mark}/{version}/{person.id}"
    keys, roots = _thread(desk)
    if key in keys:
        return False
    body = desk.municipality.bodies.get(occasion.key)
    sender = sender_of(desk.municipality, body)
    written = desk.office.templates.letter(
        letter or kind, recipient_name=person.name, sender_name=desk.municipality.contact.name, **context
    )
    root = roots.get(person.id, "")
    identity = message_id(thread_key(occasion), version, kind + mark, person.id, domain_of(desk.municipality))
    local = desk.now.astimezone(desk.municipality.timezone)
    data = compose(
        Mail(
            message_id=identity,
            date=local,
            sender=sender,
            recipient=(person.name, person.email),
            subject=written.subject,
            text=written.text,
            html=written.html,
            in_reply_to=root,
            references=(root,) if root else (),
            calendar=calendar.data if calendar else None,
            method=calendar.method if calendar else "",
            attachments=tuple(attachments),
            reminder=kind in {"status_reminder", "duty_reminder", "missing_record", "approval"},
        )
    )
    word = FILE_WORDS.get(kind, kind)
    nth = f"-{version}" if version > 1 else ""
    name = f"{local:%Y-%m-%d_%H%M}_{word}{mark}{nth}_{occasion.key}_{occasion.slot}_{person.id}.eml"
    paper_shelf.put_in_outbox(
        desk.session,
        municipality=occasion.municipality,
        occasion_id=occasion.id,
        key=key,
        kind=kind,
        person=person.id,
        address=person.email,
        message_id=identity,
        subject=written.subject,
        name=name,
        data=data,
        made=desk.now,
        retry=desk.now,
        state=_state(desk),
    )
    keys[key] = identity
    roots.setdefault(person.id, identity)
    return True


def _state(desk: Desk) -> str:
    """How a new mail begins: withheld in a dry run, held while the body is in draft mode, else queued."""
    if desk.office.dry_run or desk.municipality.delivery.mail == "dry-run":
        return "withheld"
    asked = ("draft mode", desk.occasion.key)
    if asked not in desk.session.info:  # once for all mails of a step
        desk.session.info[asked] = agenda_book.draft_mode(desk.session, desk.occasion.municipality, desk.occasion.key)
    return "held" if desk.session.info[asked] else "queued"


def _thread(desk: Desk) -> tuple[dict[str, str], dict[str, str]]:
    """The occasion's mails by key, and the Message-ID that opened each person's thread; read once for each step."""
    if not desk.threads:
        keys: dict[str, str] = {}
        roots: dict[str, str] = {}
        for key, person, identity in paper_shelf.messages_of(desk.session, desk.occasion):
            keys[key] = identity
            roots.setdefault(person, identity)
        desk.threads.update(keys=keys, roots=roots)
    return desk.threads["keys"], desk.threads["roots"]


def known(municipality: Municipality, ids: Sequence[str]) -> list[Person]:
    """The persons behind the ids, those the config no longer has left out."""
    return [municipality.people[each] for each in ids if each in municipality.people]


def when(desk: Desk) -> str:
    """The occasion's start as an ISO minute, for evidence."""
    return starts_at(desk.occasion, desk.municipality).isoformat(timespec="minutes")
