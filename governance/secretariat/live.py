"""The minutes while the meeting runs: the sheet as it stands, and saving what is written in it, field by field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.live import (
    VOTING,
    ActionLine,
    ItemState,
    Quorum,
    Seen,
    clock_of,
    item_state,
    minutes_between,
    parse_actions,
    parse_attendance,
    parse_decisions,
    quorum,
)
from governance.papers.agenda_reading import points_of
from governance.secretariat import agenda
from governance.secretariat.audit import Doer, note
from governance.secretariat.live_fields import (
    Conflict,
    Saved,
    body_names,
    circle_of,
    follow_record,
    keep_text,
    referral_label,
)
from governance.secretariat.members import attendees
from governance.secretariat.office import Desk, Office, starts_at
from governance.secretariat.outcome import require_open
from governance.secretariat.steps import close
from governance.secretariat.written import entry_of
from governance.store import live_questions, minute_book, queries
from governance.store.desk_tables import MinutesRevision
from governance.store.tables import Item, Occasion, Step

VEIL = "Ärende med sekretess"
AHEAD = timedelta(hours=1)  # how long before the meeting its agenda may be opened by hand
ITEM_PARTS = ("account", "decisions", "actions", "recused", "quorum", "begun", "done")
MEETING_PARTS = ("begun", "ended", "assessment", "ahead", "to_parent", "approvers")
LONGEST = 100_000  # characters of a field
_NAME = re.compile(r"(item):(\d{1,9}):(\w+)|(meeting):(\w+)|(attendance|action):([^/:\x00-\x1f]{1,60})")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as last saved. `person` is a name."""

    name: str
    text: str = ""
    version: int = 0
    person: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A row of the attendance list."""

    person: str
    name: str
    role: str  # a seat's, "" for a guest
    organisation: str
    seen: Seen
    votes: bool = False
    stands_in_for: str = ""  # the member a personal substitute is for


@dataclass(frozen=True, slots=True)
class LiveItem:
    """An item on the sheet, with what the agenda gathered for it."""

    id: int
    number: int
    title: str
    kind: str
    state: ItemState
    source: str = ""
    presenter: str = ""
    planned: int | None = None  # minutes
    text: str = ""
    proposal: str = ""
    confidentiality: str = "public"
    veiled: bool = False
    points: tuple[str, ...] = ()
    elapsed: int | None = None  # minutes so far, or in all


@dataclass(frozen=True, slots=True)
class Settled:
    """An action the meeting may settle."""

    number: str
    text: str
    owner: str
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a meeting's minutes shows. Without items the agenda has not been opened."""

    items: tuple[LiveItem, ...]
    fields: Mapping[str, Field]
    attendance: tuple[Present, ...]
    quorum: Quorum
    recorded: bool
    approved_on: date | None
    actions: tuple[Settled, ...] = ()
    referrals: tuple[str, ...] = ()
    next_day: date | None = None
    stray: tuple[Field, ...] = ()  # written at items that are gone from the agenda
    parsed: Mapping[int, tuple[ActionLine, ...]] = field(default_factory=dict)  # the new actions, by item

    def text(self, name: str) -> str:
        """What a field says, "" where nothing was ever written."""
        found = self.fields.get(name)
        return found.text if found else ""

    def version(self, name: str) -> int:
        """A field's version, 0 where nothing was ever written."""
        found = self.fields.get(name)
        return found.version if found else 0


def sheet_of(session: Session, municipality: Municipality, meeting: Occasion, now: datetime, inside: bool) -> Sheet:
    """The sheet as it stands. `inside` is whether the reader was called: others see nothing of secret items."""
    rows, referrals = live_questions.items_with_referrals(session, meeting.id)
    beside = live_questions.beside(session, meeting)
    fields = _fields(session, municipality, meeting)
    hidden = frozenset() if inside else frozenset(row.id for row in rows if row.confidentiality == "secret")
    fields = {name: each for name, each in fields.items() if _item_of(name) not in hidden}
    texts = {name: each.text for name, each in fields.items()}
    points = points_of(beside.agenda)
    at = _moment(texts, now)
    known = {row.id for row in rows}
    settled = live_questions.actions_at(session, meeting, [n[7:] for n in texts if n.startswith("action:")])
    circle = circle_of(municipality, meeting)
    return Sheet(
        items=tuple(_item(row, texts, points, now, row.id in hidden) for row in rows),
        fields=fields,
        attendance=_attendance(municipality, meeting, texts),
        quorum=_quorum(municipality, meeting, texts, at),
        recorded=beside.recorded,
        approved_on=beside.approved_on,
        actions=tuple(
            Settled(row.number, row.text, municipality.person_name(row.owner), row.due, _late(row.due, meeting.day))
            for row, secrecy in settled
            if inside or secrecy != "secret"
        ),
        referrals=tuple(referral_label(municipality, row) for row in referrals),
        next_day=beside.next_day,
        stray=tuple(each for name, each in fields.items() if (_item_of(name) or -1) not in {*known, -1} and each.text),
        parsed={item: parse_actions(texts.get(f"item:{item}:actions", ""), circle) for item in known - hidden},
    )


def _late(due: date | None, day: date) -> bool:
    return due is not None and due < day


def _fields(session: Session, municipality: Municipality, meeting: Occasion) -> dict[str, Field]:
    rows = live_questions.fields_of(session, meeting.id)
    return {
        name: Field(name, row.text, row.version, municipality.person_name(row.person), row.at)
        for name, row in rows.items()
    }


def _item_of(name: str) -> int | None:
    """The item a field belongs to, None where it is the whole meeting's."""
    found = _NAME.fullmatch(name)
    return int(found[2]) if found and found[1] else None


def _item(
    row: Item, texts: Mapping[str, str], points: Mapping[str, tuple[str, ...]], now: datetime, veiled: bool
) -> LiveItem:
    if veiled:
        return LiveItem(row.id, row.number, VEIL, row.kind, "untouched", planned=row.minutes, veiled=True)
    begun, done = (clock_of(texts.get(f"item:{row.id}:{part}", "")) for part in ("begun", "done"))
    return LiveItem(
        id=row.id,
        number=row.number,
        title=row.title,
        kind=row.kind,
        state=item_state(texts, row.id),
        source=row.source,
        presenter=row.presenter,
        planned=row.minutes,
        text=row.text,
        proposal=row.proposal,
        confidentiality=row.confidentiality,
        points=points.get(" ".join(row.title.split()), ()),
        elapsed=minutes_between(begun, done or _moment(texts, now)),
    )


def _moment(texts: Mapping[str, str], now: datetime) -> time | None:
    """The time of day while the meeting runs; None before it is opened and after it is closed."""
    running = texts.get("meeting:begun") and not texts.get("meeting:ended")
    return now.time().replace(second=0, microsecond=0) if running else None


def _seen(texts: Mapping[str, str]) -> dict[str, Seen]:
    return {name[11:]: parse_attendance(text) for name, text in texts.items() if name.startswith("attendance:")}


def _quorum(
    municipality: Municipality,
    meeting: Occasion,
    texts: Mapping[str, str],
    at: time | None,
    recused: Collection[str] = (),
) -> Quorum:
    return quorum(municipality.bodies[meeting.key], meeting.day, _seen(texts), at, recused)


def _attendance(municipality: Municipality, meeting: Occasion, texts: Mapping[str, str]) -> tuple[Present, ...]:
    body = municipality.bodies[meeting.key]
    seen = _seen(texts)
    behind = {person: seat.substitute_for for seat in body.seats_on(meeting.day) for person in seat.held_by}
    rows = [
        Present(
            person=each.id,
            name=each.name,
            role=each.role,
            organisation=each.organisation,
            seen=seen.get(each.id, Seen()),
            votes=each.role in VOTING,
            stands_in_for=behind.get(each.id, ""),
        )
        for each in attendees(municipality, body, meeting.day)
    ]
    called = {row.person for row in rows}
    for person, how in seen.items():
        if person not in called and how.presence:
            known = municipality.people.get(person)
            organisation = municipality.organisation_name(known.organisation) if known else ""
            rows.append(Present(person, known.name if known else person, "", organisation, how))
    return tuple(rows)


def has_field(sheet: Sheet, name: str) -> bool:
    """Whether a field of this name stands on the sheet, also one that nobody has written in yet."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    if found[1]:
        return found[3] in ITEM_PARTS and any(str(each.id) == found[2] for each in sheet.items if not each.veiled)
    if found[4]:
        return found[5] in MEETING_PARTS
    return name in sheet.fields or any(each.number == found[7] for each in sheet.actions) or found[6] == "attendance"


# --- saving ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of saving a field: itself, and what changed with it."""

    result: Saved | Conflict
    also: tuple[Saved, ...] = ()
    quorum: str = ""
    actions: tuple[ActionLine, ...] = ()
    problems: tuple[str, ...] = ()  # what a decision says that cannot be understood


def save_field(
    office: Office,
    municipality: Municipality,
    meeting: Occasion,
    name: str,
    base: int,
    text: str,
    person: str,
    inside: bool = True,
    whole_form: bool = False,
) -> Answer:
    """Saves a field written from version `base`; with the first decision of an item it is kept who decided.

    With `whole_form` the field came with others: one that says what it said in `base` was not touched.

    Raises LookupError where the meeting has no such field, ValueError (in Swedish) where it may not be written.
    """
    now = office.now.astimezone(municipality.timezone)
    text = text.rstrip()
    if len(text) > LONGEST:
        raise ValueError("Texten är för lång för rutan.")
    with office.archive.write() as session:
        require_open(session, municipality, meeting)
        _require_field(session, municipality, meeting, name, inside)
        before = {key: row.text for key, row in live_questions.fields_of(session, meeting.id).items()}
        if whole_form and text == live_questions.text_in(session, meeting.id, name, base):
            return Answer(Saved(name, before.get(name, ""), base))
        result = keep_text(session, meeting.id, name, base, text, person, office.now)
        if isinstance(result, Conflict):
            return Answer(result)
        texts = {**before, name: text}
        also = _quorum_anew(session, municipality, meeting, name, before, texts, now)
        return Answer(
            result,
            tuple(also),
            _quorum(municipality, meeting, texts, _moment(texts, now)).words(),
            parse_actions(text, circle_of(municipality, meeting)) if name.endswith(":actions") else (),
            _decision_problems(session, municipality, meeting, text) if name.endswith(":decisions") else (),
        )


def _decision_problems(session: Session, municipality: Municipality, meeting: Occasion, text: str) -> tuple[str, ...]:
    labels = {}
    if re.search("svar på:", text, re.IGNORECASE):
        _, referrals = live_questions.items_with_referrals(session, meeting.id)
        labels = {referral_label(municipality, row): str(row.id) for row in referrals}
    found = parse_decisions(text, body_names(municipality, meeting), labels)
    return tuple(each.problem for each in found if each.problem)


def _quorum_anew(
    session: Session,
    municipality: Municipality,
    meeting: Occasion,
    name: str,
    before: Mapping[str, str],
    texts: Mapping[str, str],
    now: datetime,
) -> list[Saved]:
    """Keeps who decided when an item gets its first decision, and counts anew when somebody leaves it for bias."""
    item = _item_of(name)
    key = f"item:{item}:quorum"
    counts = name.endswith((":decisions", ":recused")) or (name == key and not texts[name])  # emptied: count anew
    if item is None or not counts or not texts.get(f"item:{item}:decisions"):
        return []

    def words(said: Mapping[str, str]) -> str:
        recused = said.get(f"item:{item}:recused", "").split("\n")
        return _quorum(municipality, meeting, said, _moment(said, now), [each for each in recused if each]).frozen()

    counted = texts.get(key, "")
    if (counted and (name.endswith(":decisions") or counted != words(before))) or words(texts) == counted:
        return []
    kept = keep_text(session, meeting.id, key, None, words(texts), "", now)
    return [kept] if isinstance(kept, Saved) else []


def _require_field(session: Session, municipality: Municipality, meeting: Occasion, name: str, inside: bool) -> None:
    """Raises LookupError unless the meeting has a field of this name that the writer may see."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise LookupError(name)
    if found[1]:
        item = session.get(Item, int(found[2]))
        if item is None or item.occasion_id != meeting.id or found[3] not in ITEM_PARTS:
            raise LookupError(name)
        if item.confidentiality == "secret" and not inside:
            raise LookupError(name)
    elif found[4] and found[5] not in MEETING_PARTS:
        raise LookupError(name)
    elif found[6] == "action":
        action = minute_book.action_by_name(session, municipality.id, found[7])
        if action is None or action.body != meeting.key or action.number != found[7]:
            raise LookupError(name)
        made_at = session.get(Item, action.item_id) if action.item_id else None
        if made_at is not None and made_at.confidentiality == "secret" and not inside:
            raise LookupError(name)


def revisions(session: Session, occasion_id: int, name: str = "") -> list[tuple[str, MinutesRevision]]:
    """Every text ever written in a meeting's minutes, or in one of their fields: (field's name, text), oldest first."""
    return live_questions.revisions_of(session, occasion_id, name)


# --- beginning ---------------------------------------------------------------------------------------------------


def may_open(municipality: Municipality, meeting: Occasion, now: datetime) -> bool:
    """Whether it is time to open the agenda by hand: shortly before the meeting, when no other will be sent."""
    return now >= starts_at(meeting, municipality) - AHEAD and meeting.status not in {"cancelled", "not-held"}


def open_sheet(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> None:
    """Opens the agenda where none was made, and brings in what is recorded of the meeting already.

    Nothing is mailed. Raises ValueError, in Swedish, where it is too early or the meeting was called off.
    """
    with office.archive.write() as session:
        held = session.get_one(Occasion, meeting.id)
        if not minute_book.items_of(session, held.id):
            if not may_open(municipality, held, office.now):
                raise ValueError("Dagordningen kan öppnas för hand först en timme före mötet.")
            step = queries.step_of(session, held.id, "agenda") or Step(
                occasion_id=held.id, kind="agenda", due=office.now
            )
            desk = Desk(session, office, municipality, held, step)
            drafted, _ = agenda.draft(desk)
            agenda.write_items(desk, drafted)
            close(session, held, "agenda", office.now, "öppnad vid mötet utan utskick")
            note(session, office, doer, "minutes.open", f"{held.key} {held.slot}")
        if minute_book.record_of(session, held.id) is not None:
            entry = entry_of(session, municipality, held)
            follow_record(session, municipality, held, entry, office.now, begin=True)


def add_item(office: Office, municipality: Municipality, meeting: Occasion, title: str, doer: Doer) -> int:
    """Adds an item that came up at the meeting, before the closing formalities; its id.

    Raises ValueError, in Swedish, without a title, with one that is there already, or where minutes are approved.
    """
    title = " ".join(title.split())[:300]
    if not title:
        raise ValueError("Skriv vad ärendet heter.")
    with office.archive.write() as session:
        require_open(session, municipality, meeting)
        items = minute_book.items_of(session, meeting.id)
        if not items:
            raise ValueError("Öppna dagordningen först.")
        if title.casefold() in {item.title.casefold() for item in items}:
            raise ValueError(f"Det finns redan ett ärende som heter ”{title}”.")
        place = next((n for n, item in enumerate(items) if item.source == "next-meeting"), len(items))
        new = Item(occasion_id=meeting.id, number=4000, title=title, kind="discussion")
        session.add(new)
        items.insert(place, new)
        for number, item in enumerate(items, start=1):
            item.number = number + 2000  # out of the way first: the numbers are unique
        session.flush()
        for number, item in enumerate(items, start=1):
            item.number = number
        session.flush()
        note(session, office, doer, "minutes.add-item", f"{meeting.key} {meeting.slot} {new.id}", "", title)
        return new.id
