"""Status answers by mail: a reply is kept as it came, unreviewed, until the secretary takes it in or leaves it.

Whose it is says the Message-ID it replies to together with the address it comes from. A sender's address proves
nothing, and neither does it have to: nothing counts before somebody has read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import disk
from governance.model.body import Municipality
from governance.model.personal_number import personal_numbers
from governance.model.quoting import own_words
from governance.model.record import AnswerEntry
from governance.secretariat import audit
from governance.secretariat.answer import take_answer
from governance.secretariat.office import Done, Office
from governance.store import status_book
from governance.store.door_tables import MailReply
from governance.store.tables import Dispatch, Occasion

LARGEST = 2_000_000  # bytes of a mail
LONGEST = 20_000  # characters kept of it
MOST_IDS = 50
_IDENTITY = re.compile(r"<[^<>\s]{3,250}>")
_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply")
INCOMING, READ = "inkommet", "lasta"  # where mails are laid for us, and where they are put when read


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail: kept unreviewed, known already, or left aside; and why."""

    state: str  # unreviewed | known | aside
    why: str = ""


def take_reply(office: Office, raw: bytes) -> Taken:
    """Keeps a reply to a status question; strangers', programs' and unreadable mails are left aside."""
    try:
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw[:LARGEST])
        why = _not_ours(raw, mail)
        if why:
            return Taken("aside", why)
        identity, sender, references = _identity(raw, mail), _sender(mail), _references(mail)
        text = own_words(_text(mail)[: 10 * LONGEST])[:LONGEST]
        sent = _sent(mail, office.now)
    except Exception as problem:  # noqa: BLE001 - what strangers send may break any parser, and must not stop the others
        return Taken("aside", f"går inte att läsa ({type(problem).__name__})")
    if not text:
        return Taken("aside", "utan text")
    with office.archive.write() as session:
        if session.scalar(select(MailReply.id).where(MailReply.message_id == identity)) is not None:
            return Taken("known")
        question = _question(session, office, references, sender)
        if question is None:
            return Taken("aside", "svarar inte på någon fråga härifrån, eller kommer från en annan adress")
        session.add(
            MailReply(
                municipality=question.municipality,
                occasion_id=question.occasion_id,
                person=question.person,
                message_id=identity,
                at=sent,
                text=text,
            )
        )
    return Taken("unreviewed")


def _not_ours(raw: bytes, mail: EmailMessage) -> str:
    """Why a mail is nobody's answer, "" where it may be one (automatic answers: RFC 3834)."""
    if len(raw) > LARGEST:
        return "för stort"
    automatic = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no"
    bulk = str(mail.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}
    marked = any(name in mail for name in ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "List-Id"))
    report = mail.get_content_type() in {"multipart/report", "message/delivery-status"}
    bounced = str(mail.get("Return-Path", "")).strip() == "<>"
    machine = _sender(mail).partition("@")[0].startswith(_MACHINES)
    return "automatiskt svar" if automatic or bulk or marked or report or bounced or machine else ""


def _sender(mail: EmailMessage) -> str:
    """The one address it comes from, "" where there are several or none."""
    header = mail["From"]
    addresses = [each.addr_spec.casefold() for each in header.addresses] if header else []
    return addresses[0] if len(addresses) == 1 else ""


def _identity(raw: bytes, mail: EmailMessage) -> str:
    found = _IDENTITY.search(str(mail.get("Message-ID", "")))
    return found[0] if found else f"<{sha256(raw).hexdigest()}@utan-id>"


def _references(mail: EmailMessage) -> list[str]:
    named = " ".join(str(mail.get(header, "")) for header in ("In-Reply-To", "References"))
    return list(dict.fromkeys(_IDENTITY.findall(named)))[:MOST_IDS]


def _sent(mail: EmailMessage, now: datetime) -> datetime:
    """When it was sent, as it says itself, but never later than now."""
    try:
        moment = parsedate_to_datetime(str(mail["Date"]))
    except ValueError:
        return now
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(aware, now)


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    content = _decoded(part).replace("\x00", "")
    return _told(content) if part.get_content_subtype() == "html" else content


def _decoded(part: MIMEPart) -> str:
    """A part's text in the charset it names, else as UTF-8, else as Windows writes Swedish."""
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return data.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


class _Words(HTMLParser):
    """The words of a mail's HTML, a line for each block, quoted blocks marked with `>`."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.quoted = 0
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # HTMLParser's
        self._turn(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        self._turn(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += " ".join(data.split("\n"))

    def _turn(self, tag: str, step: int) -> None:
        if tag in {"style", "script", "head", "title"}:
            self.silent = max(0, self.silent + step)
        if tag == "blockquote":
            self.quoted = max(0, self.quoted + step)
        if tag in {"br", "p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "hr"}:
            self.lines.append("> " if self.quoted else "")


def _told(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "\n".join(line.strip() for line in words.lines)


def _question(session: Session, office: Office, references: list[str], sender: str) -> Dispatch | None:
    """The status mail that is replied to, if it was sent to the address the reply comes from."""
    people = {town.id: town.people for town in office.municipalities}
    for asked in status_book.status_mails_named(session, references) if sender and references else ():
        person = people.get(asked.municipality, {}).get(asked.person)
        if person is not None and sender in {asked.address.casefold(), person.email.casefold()}:
            return asked
    return None


# --- the secretary's reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as the secretary reads it. `numbers` looks like personal numbers, covered."""

    id: int
    name: str
    organisation: str
    at: datetime
    text: str
    state: str
    numbers: tuple[str, ...]


def inbox(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> tuple[Reply, ...]:
    """What came by mail before a meeting: the unread first, then the newest."""
    today = office.now.astimezone(municipality.timezone).date()
    found = []
    for row in status_book.mail_replies(session, meeting.id):
        person = municipality.people.get(row.person)
        found.append(
            Reply(
                id=row.id,
                name=municipality.person_name(row.person),
                organisation=municipality.organisation_name(person.organisation) if person else "",
                at=row.at.astimezone(municipality.timezone),
                text=row.text,
                state=row.state,
                numbers=personal_numbers(row.text, today),
            )
        )
    return tuple(sorted(found, key=lambda each: each.state != "unreviewed"))


def take(office: Office, doer: audit.Doer, municipality: Municipality, reply: int, question: str, text: str) -> None:
    """Makes a reply its writer's answer to a question ("": a general remark), as the secretary left its text.

    What the person has answered otherwise stays. Raises ValueError, in Swedish, for an empty text or an unknown
    question.
    """
    with office.archive.write() as session:
        row = session.get_one(MailReply, reply)
        if row.state == "taken":
            return
        meeting = session.get_one(Occasion, row.occasion_id)
        if question and question not in municipality.bodies[meeting.key].asks:
            raise ValueError("Frågan ställs inte i organet.")
        if not text or len(text) > LONGEST:
            raise ValueError("Skriv vad som ska föras in, eller lägg mejlet åt sidan.")
        kept = status_book.answer_of(session, meeting.id, row.person)
        answers = dict(kept.replies) if kept else {}
        before = answers.get(question, "")
        if text not in before:
            answers[question] = "\n\n".join(filter(None, [before, text]))
        # An answer given on the page after the mail was sent is not made older by it.
        at = max(filter(None, [row.at, kept.at if kept else None]))
        take_answer(session, municipality, meeting, at, AnswerEntry(row.person, choice="changed", answers=answers))
        row.state = "taken"
        thing = f"{meeting.key} {meeting.slot} {row.person}"
        audit.note(session, office, doer, "mail_reply.take", thing, before, answers[question])


def drop(office: Office, doer: audit.Doer, reply: int) -> None:
    """Leaves a reply out; one that was taken in stays so."""
    with office.archive.write() as session:
        row = session.get_one(MailReply, reply)
        if row.state != "unreviewed":
            return
        row.state = "dropped"
        meeting = session.get_one(Occasion, row.occasion_id)
        audit.note(session, office, doer, "mail_reply.drop", f"{meeting.key} {meeting.slot} {row.person}", row.text)


# --- where they are laid -------------------------------------------------------------------------------------------


def read_replies(office: Office, municipality: Municipality) -> list[Done]:
    """Takes in every mail laid as `<data>/<municipality>/inkommet/*.eml`, and moves it to `lasta` when that is kept.

    Whoever lays a mail there gives it its name when it is whole.
    """
    folder = office.folder / municipality.id / INCOMING
    if office.dry_run or not folder.is_dir():
        return []
    counts = {"unreviewed": 0, "known": 0, "aside": 0}
    problem = ""
    for file in sorted(each for each in folder.glob("*.eml") if each.is_file()):
        try:
            with file.open("rb") as opened:
                raw = opened.read(LARGEST + 1)
            state = take_reply(office, raw).state
            (folder / READ).mkdir(exist_ok=True)
            file.replace(folder / READ / f"{file.stem}-{sha256(raw).hexdigest()[:8]}.eml")
        except FileNotFoundError:  # another run was first
            continue
        except OSError as error:  # known again the next time
            problem = f"{file.name}: {disk.reason(error)}"
            continue
        counts[state] += 1
    words = {"unreviewed": "att läsa", "known": "sedda förut", "aside": "åt sidan"}
    told = ", ".join(
        [f"{amount} {words[state]}" for state, amount in counts.items() if amount] + [problem] * bool(problem)
    )
    return [Done("replies", municipality.id, "Inkomna mejl", told, failed=bool(problem))] if told else []
