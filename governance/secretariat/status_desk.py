"""One person's answer before a meeting, as the page shows it and takes it back in.

Three choices come first: nothing to report, as last time, changed. Only what is changed carries texts and actions. The
same answer sent twice changes nothing the second time, whenever it comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from sqlalchemy.orm import Session

from governance.model.action import ActionStatus
from governance.model.body import Body, Municipality
from governance.model.occurrence import calendar_of
from governance.model.people import Person
from governance.model.personal_number import personal_numbers
from governance.model.record import ActionUpdate, AnswerEntry
from governance.model.status import StatusChoice
from governance.model.steps import status_closes
from governance.secretariat import audit
from governance.secretariat.actions import VEIL
from governance.secretariat.answer import take_answer
from governance.secretariat.links import LASTING, OFF, open_until
from governance.secretariat.office import Office, starts_at
from governance.store import minute_book, status_book
from governance.store.status_book import Answered
from governance.store.tables import Action, ActionEvent, Occasion

CHOICES = ("nothing", "as-last-time", "changed")
STATES = ("not-started", "in-progress", "done")
LONGEST = 10_000  # characters of one text
CLOSED = "Det har gått mer än två veckor sedan mötet, så det går inte längre att svara."
CALLED_OFF = "Mötet blir inte av, så inget svar behövs."


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an action: its state, when it is to be done, and how it goes."""

    status: str
    due: date | None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An action of the person who answers. `now` is how it stands, `event` what this answer has said of it before."""

    id: int
    number: str
    text: str
    body: str
    now: Said
    event: Said | None
    late: bool

    @property
    def shown(self) -> Said:
        """What the form begins with."""
        if self.event is None:
            return Said(self.now.status, self.now.due)
        return Said(self.event.status or self.now.status, self.event.due or self.now.due, self.event.comment)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as a form holds it: a choice, texts by question, and actions by number."""

    choice: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a person's answer to one meeting is drawn from. `answered` is None until something was answered."""

    municipality: Municipality
    body: Body
    meeting: Occasion
    person: Person
    questions: tuple[str, ...]
    answered: Answered | None
    last: Answered | None
    own: tuple[OwnAction, ...]
    closes: datetime
    agenda_left: datetime | None
    now: datetime

    @property
    def draft(self) -> Draft:
        """What the form begins with: what was answered so far."""
        texts = {question: (self.answered.replies.get(question, "") if self.answered else "") for question in self.asks}
        choice = self.answered.choice if self.answered else ""
        return Draft(choice, texts, {each.number: each.shown for each in self.own})

    @property
    def asks(self) -> tuple[str, ...]:
        """The body's questions, and those of an earlier answer that are not asked any more ("": a general remark)."""
        said = self.answered.replies if self.answered else {}
        return tuple(dict.fromkeys((*(self.questions or ("",)), *said)))

    @property
    def late(self) -> bool:
        """Whether an answer given now counts as late."""
        return self.now > self.closes

    @property
    def last_day(self) -> date:
        """The last day on which the answer can be changed."""
        return self.meeting.day + LASTING

    @property
    def shut(self) -> str:
        """Why no answer is taken any more, in Swedish; "" while one is."""
        if self.meeting.status in OFF:
            return CALLED_OFF
        return CLOSED if self.now >= open_until(self.meeting, self.municipality) else ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """What looks like personal numbers in what was answered, covered."""
        texts = [*self.answered.replies.values()] if self.answered else []
        texts += [each.event.comment for each in self.own if each.event]
        return tuple(dict.fromkeys(n for text in texts for n in personal_numbers(text, self.now.date())))


def sheet_of(session: Session, office: Office, municipality: Municipality, meeting: Occasion, person: Person) -> Sheet:
    """What a person is asked before a meeting, what they have answered, and their own actions."""
    body = municipality.bodies[meeting.key]
    found = status_book.answer_of(session, meeting.id, person.id)
    zone = municipality.timezone
    usual = status_closes(body, starts_at(meeting, municipality), calendar_of(body, municipality.calendar))
    today = office.now.astimezone(zone).date()
    return Sheet(
        municipality=municipality,
        body=body,
        meeting=meeting,
        person=person,
        questions=body.asks,
        answered=found if found and found.at else None,
        last=status_book.last_answer(session, meeting, person.id),
        own=tuple(
            _own(municipality, action, event, secret, today)
            for action, event, secret in status_book.own_actions(session, meeting, person.id)
        ),
        closes=(found.closes if found else usual).astimezone(zone),
        agenda_left=status_book.agenda_left(session, meeting.id),
        now=office.now.astimezone(zone),
    )


def _own(municipality: Municipality, row: Action, event: ActionEvent | None, secret: bool, today: date) -> OwnAction:
    return OwnAction(
        id=row.id,
        number=row.number,
        text=VEIL if secret else row.text,
        body=municipality.body_name(row.body),
        now=Said(row.status, row.due, "" if secret else row.comment),
        event=Said(event.status, event.due, event.comment) if event else None,
        late=row.due is not None and row.due < today and row.status not in minute_book.CLOSED,
    )


def wrong(sheet: Sheet, draft: Draft) -> list[tuple[str, str]]:
    """What cannot be taken as it is: (the form's field, what to do about it)."""
    if draft.choice not in CHOICES or (draft.choice == "as-last-time" and sheet.last is None):
        return [("val-nothing", "Välj ett av svaren.")]
    found = [
        (f"fraga-{place}", f"Texten är för lång: högst {LONGEST} tecken.")
        for place, question in enumerate(sheet.asks, start=1)
        if len(draft.texts.get(question, "")) > LONGEST
    ]
    found += [
        (f"atgard-{each.id}-lage", f"Läget för {each.number} går inte att spara.")
        for each in sheet.own
        if each.number in draft.actions and not _sayable(each, draft.actions[each.number])
    ]
    entry = _entry(sheet, draft)
    if draft.choice == "changed" and not entry.answers and not entry.actions:
        found.append(("fraga-1", "Skriv vad som har ändrats, eller välj ett av de andra svaren."))
    if draft.choice != "changed" and _new_words(sheet, draft):
        found.append(
            ("val-changed", "Du har skrivit något nytt. Välj ”Ändrat” om det ska skickas, eller ta bort det du skrev.")
        )
    return found


def _sayable(action: OwnAction, said: Said) -> bool:
    known = said.status in STATES or said.status == action.now.status
    return known and len(said.comment) <= LONGEST and (said.due is None or 2000 <= said.due.year < 2100)


def _new_words(sheet: Sheet, draft: Draft) -> bool:
    begun = sheet.draft
    texts = any(text and text != begun.texts.get(question, "").strip() for question, text in draft.texts.items())
    return texts or any(said != begun.actions.get(number) for number, said in draft.actions.items())


def keep_answer(
    office: Office, doer: audit.Doer, municipality: Municipality, meeting_id: int, person: Person, draft: Draft
) -> bool:
    """Keeps a person's answer; False where it is the one already kept.

    Raises ValueError, in Swedish, where it cannot be taken: see `wrong`; or for an action that is not the person's own.
    """
    with office.archive.write() as session:
        meeting = session.get_one(Occasion, meeting_id)
        sheet = sheet_of(session, office, municipality, meeting, person)
        if set(draft.actions) - {each.number for each in sheet.own}:
            raise ValueError("Åtgärden har en annan ansvarig.")
        for problem in filter(None, [sheet.shut, *(told for _, told in wrong(sheet, draft))]):
            raise ValueError(problem)
        entry = _entry(sheet, draft)
        if _known(sheet, entry):
            return False
        before = repr((sheet.answered, [each.event for each in sheet.own])) if sheet.answered else ""
        take_answer(session, municipality, meeting, office.now, entry)
        _forget(session, sheet, entry)
        audit.note(session, office, doer, "status.answer", f"{meeting.key} {meeting.slot}", before, repr(entry))
        return True


def _entry(sheet: Sheet, draft: Draft) -> AnswerEntry:
    """What the answer says: texts and actions only where the choice is `changed`."""
    choice = cast("StatusChoice", draft.choice)
    if choice != "changed":
        return AnswerEntry(sheet.person.id, choice=choice)
    updates = {
        each.number: _update(each, draft.actions[each.number]) for each in sheet.own if each.number in draft.actions
    }
    return AnswerEntry(
        person=sheet.person.id,
        choice=choice,
        answers={question: text for question, text in draft.texts.items() if text},
        actions={number: update for number, update in updates.items() if update is not None},
    )


def _update(action: OwnAction, said: Said) -> ActionUpdate | None:
    """What is new of an action; None where nothing is. What this answer said before stays said."""
    before = action.event or Said("", None)
    status = said.status if said.status != action.now.status or before.status else None
    due = said.due if said.due != action.now.due or before.due == said.due else None
    if action.event is None and not (status or due or said.comment):
        return None
    return ActionUpdate(cast("ActionStatus | None", status), said.comment, due)


def _known(sheet: Sheet, entry: AnswerEntry) -> bool:
    """Whether the answer is the one kept already."""
    kept = sheet.answered
    if kept is None or kept.choice != entry.choice:
        return False
    said = dict(entry.answers)
    if entry.choice == "as-last-time":
        said = sheet.last.replies if sheet.last else {}
    if _trimmed(kept.replies) != _trimmed(said):
        return False
    events = {each.number: each.event for each in sheet.own}
    return all(events[name] == Said(up.status or "", up.due, up.comment) for name, up in entry.actions.items())


def _trimmed(said: Mapping[str, str]) -> dict[str, str]:
    return {question: text.strip() for question, text in said.items()}


def _forget(session: Session, sheet: Sheet, entry: AnswerEntry) -> None:
    """Takes a comment back where its writer emptied it: what was said before it stands again."""
    for each in sheet.own:
        update = entry.actions.get(each.number)
        if update is None or update.comment or each.event is None or not each.event.comment:
            continue
        action = session.get_one(Action, each.id)
        if action.comment == each.event.comment:
            said = [event.comment for event in minute_book.action_events(session, each.id) if event.comment]
            action.comment = said[-1] if said else ""
