"""Who has answered before a meeting and who has not; and the secretary's reminder by hand, read before it leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.personal_number import personal_numbers
from governance.secretariat import audit
from governance.secretariat.actions import own_actions
from governance.secretariat.links import OFF, STATUS
from governance.secretariat.members import asked
from governance.secretariat.office import Desk, Office, starts_at
from governance.secretariat.outbox import known, post
from governance.secretariat.status import letter_context
from governance.store import status_book
from governance.store.status_book import Answered
from governance.store.tables import Occasion, Step

_TOKEN = re.compile(r"/svar/[\w-]+")
_RULE = re.compile(r"^[=-]{3,}\n", re.MULTILINE)  # under a heading of plain text


@dataclass(frozen=True, slots=True)
class Row:
    """How one person stands. `said` is None where they were not asked yet; `link` is "", open or revoked."""

    person: str
    name: str
    organisation: str
    said: Answered | None
    link: str
    numbers: tuple[str, ...]  # what looks like personal numbers in the answer, covered

    @property
    def silent(self) -> bool:
        """Asked, and not heard from."""
        return self.said is not None and self.said.at is None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everybody asked before a meeting, in the order of the seats, then those who answered unasked."""

    rows: tuple[Row, ...]
    questions: tuple[str, ...]
    mails: int  # that came in and nobody has read
    agenda_left: datetime | None
    over: bool  # the meeting has begun or is called off: nobody is reminded

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(1 for row in self.rows if row.said and row.said.at)

    @property
    def silent(self) -> tuple[Row, ...]:
        """Those who were asked and have not answered."""
        return tuple(row for row in self.rows if row.silent)


def coverage(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> Coverage:
    """Who has answered what before a meeting."""
    body = municipality.bodies[meeting.key]
    said = {each.person: each for each in status_book.asked_before(session, meeting.id)}
    links = status_book.links_of(session, STATUS, meeting.id)
    called = [each.id for each in asked(municipality, body, meeting.day)]
    today = office.now.astimezone(municipality.timezone).date()
    rows = []
    for person in dict.fromkeys((*called, *said)):
        found, link, who = said.get(person), links.get(person), municipality.people.get(person)
        texts = found.replies.values() if found else ()
        rows.append(
            Row(
                person=person,
                name=municipality.person_name(person),
                organisation=municipality.organisation_name(who.organisation) if who else "",
                said=found,
                link="" if link is None else "revoked" if link.revoked else "open",
                numbers=tuple(number for text in texts for number in personal_numbers(text, today)),
            )
        )
    return Coverage(
        rows=tuple(rows),
        questions=body.asks,
        mails=status_book.mails_waiting(session, meeting.id),
        agenda_left=status_book.agenda_left(session, meeting.id),
        over=_over(office, municipality, meeting),
    )


def _over(office: Office, municipality: Municipality, meeting: Occasion) -> bool:
    return meeting.status in OFF or office.now >= starts_at(meeting, municipality)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder as it would leave; the reader's own link is covered, for it is theirs."""

    subject: str
    text: str
    readers: tuple[str, ...]  # names


def reminder(
    session: Session, office: Office, municipality: Municipality, meeting: Occasion, persons: Sequence[str]
) -> Reminder | None:
    """The reminder to those of `persons` who are silent, as the first of them would read it; None where nobody is."""
    desk = _desk(session, office, municipality, meeting)
    silent = _silent(desk, persons)
    if not silent:
        return None
    first = municipality.people[silent[0].person]
    own = own_actions(session, municipality, desk.today)
    context = letter_context(desk, first.id, silent[0].closes.astimezone(municipality.timezone), own)
    written = office.templates.letter(
        "status_reminder", recipient_name=first.name, sender_name=municipality.contact.name, **context
    )
    names = tuple(municipality.person_name(each.person) for each in silent)
    return Reminder(written.subject, _RULE.sub("", _TOKEN.sub("/svar/…", written.text)), names)


def remind(
    office: Office, doer: audit.Doer, municipality: Municipality, meeting_id: int, persons: Sequence[str]
) -> int:
    """Puts a reminder to those of `persons` who are silent in the outbox, once a day; how many.

    Raises ValueError, in Swedish, where the meeting has begun or is called off.
    """
    with office.archive.write() as session:
        meeting = session.get_one(Occasion, meeting_id)
        if _over(office, municipality, meeting):
            raise ValueError("Mötet har börjat eller är inställt, så det är för sent att påminna.")
        desk = _desk(session, office, municipality, meeting)
        own = own_actions(session, municipality, desk.today)
        mails = 0
        for each in _silent(desk, persons):
            (person,) = known(municipality, [each.person])
            context = letter_context(desk, person.id, each.closes.astimezone(municipality.timezone), own)
            if post(desk, "status_reminder", person, context, mark=f"_{desk.today:%Y%m%d}"):
                mails += 1
                audit.note(session, office, doer, "status.remind", f"{meeting.key} {meeting.slot} {person.id}")
        return mails


def _desk(session: Session, office: Office, municipality: Municipality, meeting: Occasion) -> Desk:
    by_hand = Step(occasion_id=meeting.id, kind="status_reminder", due=office.now)  # of no schedule, and not kept
    return Desk(session, office, municipality, meeting, by_hand)


def _silent(desk: Desk, persons: Sequence[str]) -> list[Answered]:
    asked_for = status_book.asked_before(desk.session, desk.occasion.id)
    return [
        each
        for each in asked_for
        if each.at is None and each.person in persons and each.person in desk.municipality.people
    ]
