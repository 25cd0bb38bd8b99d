"""A meeting's mails before and after they leave: the list, each one's words, and those the next steps would write."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import groupby

from jinja2 import TemplateError
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.steps import BEFORE_MEETING
from governance.papers.letterhead import LetterheadProblem
from governance.papers.templates import TemplateProblem, UnfitPaper
from governance.secretariat import agenda, invitation, minutes, situation, status
from governance.secretariat.meeting_page import step_name
from governance.secretariat.office import Desk, Office, starts_at
from governance.secretariat.steps import Handler, handler_of
from governance.store import meeting_folder
from governance.store.tables import Dispatch, Occasion, Step

# A personal link answers for its owner: nobody else is shown it.
_PERSONAL = re.compile(r"/svar/[\w-]+")
_SPOKEN = (TemplateProblem, TemplateError, UnfitPaper, LetterheadProblem, ValueError)
STEPS: dict[str, Handler] = {
    **invitation.STEPS,
    **status.STEPS,
    **agenda.STEPS,
    **situation.STEPS,
    **minutes.STEPS,
}
KINDS = {
    "invitation": "Kalenderinbjudan",
    "change": "Ändrad tid",
    "cancellation": "Inställt möte",
    "withdrawal": "Avbokning",
    "status_request": "Fråga om läget",
    "status_reminder": "Påminnelse om läget",
    "agenda": "Dagordning",
    "minutes": "Anteckningar",
    "approved": "Justerade anteckningar",
    "situation": "Veckolägesbild",
    "missing_record": "Mötet är inte antecknat",
    "approval": "Påminnelse om justering",
}


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list."""

    id: int
    kind: str  # in words
    person: str  # name
    address: str
    subject: str
    made: datetime
    state: str
    words: str  # the state in words
    tone: str  # the pill's class

    @property
    def held(self) -> bool:
        """Whether it waits to be released."""
        return self.state == "held"

    @property
    def again(self) -> bool:
        """Whether it can be sent once more."""
        return self.state in {"sent", "failed"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails of a kind that were written together."""

    kind: str
    subject: str
    made: datetime
    lines: tuple[MailLine, ...]


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says; personal links are not shown."""

    subject: str
    sender: str
    recipients: tuple[str, ...]  # names
    text: str
    attachments: tuple[tuple[str, int], ...]  # (file name, bytes)


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that is still to be done, and once rehearsed the mails it would send."""

    name: str
    due: datetime
    mails: tuple[MailText, ...] = ()
    count: int = 0  # how many mails, those with the same words counted one by one
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MailsOnPage:
    """A meeting's mails, the newest first, and the steps that will write more."""

    batches: tuple[Batch, ...]
    coming: tuple[Coming, ...]
    draft_mode: bool

    @property
    def held(self) -> int:
        """How many wait to be released."""
        return sum(line.held for batch in self.batches for line in batch.lines)


def mails_on_page(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> MailsOnPage:
    """A meeting's mails: two questions."""
    folder = meeting_folder.folder(session, meeting)
    lines = [_line(municipality, each) for each in meeting_folder.mails(session, meeting)]
    batches = tuple(
        Batch(kind, subject, made, tuple(reversed(list(rows))))
        for (kind, subject, made), rows in groupby(lines, lambda line: (line.kind, line.subject, line.made))
    )
    coming = tuple(
        _coming(office, municipality, meeting, step) for step in _ahead(office, municipality, meeting, folder.steps)
    )
    return MailsOnPage(batches, coming, folder.draft_mode)


def _ahead(office: Office, municipality: Municipality, meeting: Occasion, steps: tuple[Step, ...]) -> list[Step]:
    """The steps still to be done: before the meeting those that prepare it, after it the others."""
    if meeting.status in {"cancelled", "not-held"} or meeting.key not in municipality.bodies:
        return []
    over = office.now >= starts_at(meeting, municipality)
    return [step for step in steps if step.done is None and step.kind.startswith(BEFORE_MEETING) != over]


def _coming(office: Office, municipality: Municipality, meeting: Occasion, step: Step) -> Coming:
    due = max(step.due, office.now).astimezone(municipality.timezone)
    return Coming(step_name(municipality.bodies[meeting.key], step.kind), due)


def _line(municipality: Municipality, mail: Dispatch) -> MailLine:
    words, tone = _state(municipality, mail)
    return MailLine(
        id=mail.id,
        kind=KINDS.get(mail.kind, mail.kind),
        person=municipality.person_name(mail.person),
        address=mail.address,
        subject=mail.subject,
        made=mail.made.astimezone(municipality.timezone),
        state=mail.state,
        words=words,
        tone=tone,
    )


def _state(municipality: Municipality, mail: Dispatch) -> tuple[str, str]:
    if mail.state == "queued" and mail.sent is not None:
        return "Skickas igen inom kort", "warn"
    if mail.state == "queued":
        return (f"Försöker igen: {mail.problem}", "warn") if mail.problem else ("Skickas inom kort", "")
    if mail.state == "held":
        return "Hålls inne: utkastläge", "warn"
    if mail.state == "failed":
        return f"Kom inte fram: {mail.problem}", "late"
    if mail.state == "withheld":
        return mail.problem or "Skickas inte: provkörning", ""
    sent = (mail.sent or mail.made).astimezone(municipality.timezone)
    return f"Skickat {sent:%Y-%m-%d %H.%M}", "good"


def mail_text(
    session: Session, municipality: Municipality, meeting: Occasion, mail_id: int
) -> tuple[MailLine, MailText] | None:
    """One mail of the meeting with its words; None where there is none with that id."""
    mail = meeting_folder.mail(session, meeting, mail_id, whole=True)
    return None if mail is None else (_line(municipality, mail), _read(municipality, mail))


def _read(municipality: Municipality, mail: Dispatch) -> MailText:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(mail.data)
    body = message.get_body(("plain", "html"))
    files = [
        (part.get_filename() or "bilaga", len(part.get_payload(decode=True) or b""))
        for part in message.iter_attachments()
    ]
    return MailText(
        subject=mail.subject,
        sender=str(message["From"]),
        recipients=(municipality.person_name(mail.person),),
        text=_PERSONAL.sub("/svar/…", str(body.get_content()) if body else ""),
        attachments=tuple(files),
    )


# --- the rehearsal -----------------------------------------------------------------------------------------------


def rehearse(office: Office, municipality: Municipality, meeting: Occasion) -> tuple[Coming, ...]:
    """Every mail that the meeting's next steps would send if nothing more happened until then.

    The steps are done at the moments they fall due, in a transaction that is thrown away: nothing is stored, no number
    is used up.
    """
    with office.archive.write() as session:
        stored = session.get_one(Occasion, meeting.id)
        steps = _ahead(office, municipality, stored, meeting_folder.folder(session, stored).steps)
        found = tuple(_rehearsed(session, office, municipality, stored, step) for step in steps)
        session.rollback()
    return found


def _rehearsed(session: Session, office: Office, municipality: Municipality, meeting: Occasion, step: Step) -> Coming:
    coming = _coming(office, municipality, meeting, step)
    handler = handler_of(STEPS, step.kind)
    if handler is None:
        return coming
    last = max((each.id for each in meeting_folder.mails(session, meeting)), default=0)
    desk = Desk(session, office.at(coming.due), municipality, meeting, step)
    try:
        with session.begin_nested():
            handler(desk)
            step.done = coming.due
    except _SPOKEN as problem:
        return replace(coming, problem=str(problem))
    made = [_read(municipality, each) for each in meeting_folder.made_since(session, meeting, last)]
    return replace(coming, mails=_together(made), count=len(made))


def _together(mails: list[MailText]) -> tuple[MailText, ...]:
    """Mails that differ in nothing but the name of their reader, as one to all of them."""
    found: dict[tuple[str, str, tuple[str, ...]], MailText] = {}
    for mail in mails:
        files = tuple(name for name, _ in mail.attachments)
        alike = (mail.subject, mail.text.replace(mail.recipients[0], "…"), files)
        if alike in found:
            former = found[alike]
            found[alike] = replace(former, recipients=(*former.recipients, *mail.recipients))
        else:
            found[alike] = mail
    return tuple(found.values())
