"""Minutes that come back from Word: read, held against the record, and taken in where the secretary says so.

Nothing is overwritten by an upload; it is kept as it came, with the changes found in it, until they are confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from governance.model.body import Municipality
from governance.model.meeting import Presence
from governance.model.record import ItemEntry, MeetingEntry, NewAction, NewDecision, PresenceEntry
from governance.model.word_minutes import (
    Change,
    WrittenAction,
    WrittenItem,
    WrittenMinutes,
    changes_between,
    day_written,
    nearness,
    owner_written,
    same,
)
from governance.papers.docx_reading import UnreadableWord, read_word
from governance.papers.swedish import long_date
from governance.papers.values import paragraphs
from governance.papers.word_minutes import read_minutes
from governance.secretariat.audit import Doer, note
from governance.secretariat.office import Office
from governance.secretariat.outcome import take_outcome
from governance.secretariat.written import entry_of
from governance.store import minute_book
from governance.store.desk_tables import Upload
from governance.store.tables import Arrival, DecisionRow, Occasion, Paper

LARGEST = 10_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Sent:
    """An upload as a page shows it."""

    id: int
    name: str
    at: datetime
    person: str
    state: str
    changes: tuple[Change, ...]


def take_upload(
    office: Office, municipality: Municipality, meeting: Occasion, doer: Doer, name: str, data: bytes
) -> int:
    """Keeps an edited Word file with what was changed in it; its number. The same file again is the same upload.

    Raises ValueError, in Swedish, for a file that cannot be read or is no minutes of this meeting.
    """
    if len(data) > LARGEST:
        raise ValueError("Filen är större än 10 megabyte. Ta bort bilder ur den och försök igen.")
    try:
        blocks = read_word(data)
    except UnreadableWord as problem:
        raise ValueError(str(problem)) from problem
    digest = sha256(data).hexdigest()
    with office.archive.write() as session:
        known = session.scalar(select(Upload).filter_by(occasion_id=meeting.id, sha256=digest, state="shown"))
        if known is not None:
            return known.id
        titles = [item.title for item in minute_book.items_of(session, meeting.id)]
        back = read_minutes(blocks, titles)
        sent = _version_of(session, meeting, back, titles)
        if not {each.title.casefold() for each in back.items} & {each.casefold() for each in titles}:
            raise ValueError(
                f"I filen finns inget av ärendena från mötet {long_date(meeting.day)}. "
                "Välj den fil som du hämtade härifrån och skrev i."
            )
        changes = changes_between(sent, back, written_now(session, municipality, meeting))
        upload = Upload(
            occasion_id=meeting.id,
            person=doer.person,
            at=office.now,
            name=_file_name(name),
            sha256=digest,
            data=data,
            changes=[asdict(each) for each in changes],
        )
        session.add(upload)
        session.flush()
        note(session, office, doer, "word.upload", f"{meeting.key} {meeting.slot}", after=digest)
        return upload.id


def _file_name(name: str) -> str:
    """The last part of a file's name, whatever folders a browser put before it."""
    return re.split(r"[\\/]", name)[-1][:200]


def _version_of(session: Session, meeting: Occasion, back: WrittenMinutes, titles: list[str]) -> WrittenMinutes:
    """The paper that a file was made from: the version it has most in common with, the newest of equals."""
    papers = session.scalars(
        select(Paper).filter_by(occasion_id=meeting.id, kind="minutes").order_by(Paper.version.desc())
    )
    sent = [read_minutes(read_word(each.docx), titles) for each in papers]
    if not sent:
        raise ValueError("Det finns inget utkast till anteckningar än. Det görs efter mötet.")
    return max(sent, key=lambda each: nearness(each, back))


def written_now(session: Session, municipality: Municipality, meeting: Occasion) -> WrittenMinutes:
    """The record as it stands, in the form that a Word file is read into. Items the paper fills itself are left out."""
    entry = entry_of(session, municipality, meeting)
    actions = minute_book.actions_made_at(session, meeting.id)
    rows = {item.title: item for item in minute_book.items_of(session, meeting.id)}
    items = tuple(
        WrittenItem(
            f"§ {rows[each.title].paragraph}" if rows[each.title].paragraph else str(rows[each.title].number),
            each.title,
            as_word_shows(each.account),
            tuple(decision.text for decision in each.decisions),
            tuple(
                WrittenAction(
                    row.number, row.text, municipality.person_name(row.owner), long_day(row.due) if row.due else ""
                )
                for row in actions
                if row.item_id == rows[each.title].id
            ),
        )
        for each in entry.items
        if each.account or rows[each.title].source != "next-meeting"
    )
    names = municipality.person_name
    here = tuple((names(p.person), _part(p)) for p in entry.attendance if p.presence == "present")
    away = {
        kind: tuple(names(p.person) for p in entry.attendance if p.presence == kind) for kind in ("excused", "absent")
    }
    return WrittenMinutes(items, here, away["excused"], away["absent"])


def as_word_shows(account: str) -> str:
    """An account as it comes back from Word: paragraphs parted by blank lines, points in a row."""
    return "\n\n".join(
        part if isinstance(part, str) else "\n".join(f"- {point}" for point in part) for part in paragraphs(account)
    )


def long_day(day: date) -> str:
    """`5 februari 2027`, as the paper writes an action's date."""
    return long_date(day).partition(" ")[2]


def _part(entry: PresenceEntry) -> str:
    """The part of the meeting, as the paper's table writes it."""
    if entry.arrived and entry.left:
        words = f"kl. {entry.arrived:%H.%M}–{entry.left:%H.%M}"
    elif entry.arrived or entry.left:
        words = f"från kl. {entry.arrived:%H.%M}" if entry.arrived else f"till kl. {entry.left:%H.%M}"
    else:
        words = "Hela mötet"
    return f"{words}. {entry.note}" if entry.note else words


# --- what has been sent in ---------------------------------------------------------------------------------------


def uploads_of(session: Session, municipality: Municipality, meeting: Occasion) -> tuple[Sent, ...]:
    """The meeting's uploads, the newest first."""
    rows = session.scalars(select(Upload).filter_by(occasion_id=meeting.id).order_by(Upload.id.desc()))
    return tuple(_sent(municipality, row) for row in rows)


def upload_of(session: Session, municipality: Municipality, meeting: Occasion, number: int) -> Sent | None:
    """One upload; None where the meeting has none with that number."""
    row = session.scalar(select(Upload).filter_by(occasion_id=meeting.id, id=number))
    return _sent(municipality, row) if row else None


def bytes_of(session: Session, meeting: Occasion, number: int) -> tuple[str, bytes] | None:
    """An upload's name and bytes, as they came."""
    row = session.scalar(select(Upload).filter_by(occasion_id=meeting.id, id=number).options(undefer(Upload.data)))
    return (row.name, row.data) if row else None


def _sent(municipality: Municipality, row: Upload) -> Sent:
    changes = tuple(Change(**each) for each in row.changes)
    person = municipality.person_name(row.person)
    return Sent(row.id, row.name, row.at.astimezone(municipality.timezone), person, row.state, changes)


def questions_of(municipality: Municipality, change: Change) -> tuple[tuple[int, WrittenAction, str], ...]:
    """What has to be asked about the actions of a change: (line, the action, what is unclear), "" where nothing is."""
    return tuple(
        (place, action, _unclear(municipality, action)) for place, action in enumerate(actions_in(change.after))
    )


def _unclear(municipality: Municipality, action: WrittenAction) -> str:
    people = {key: person.name for key, person in municipality.people.items()}
    try:
        owner_written(action.owner, people)
        if action.due_words:
            day_written(action.due_words)
    except ValueError as problem:
        return str(problem)
    return ""


_LINE = re.compile(r"(?:(Å-\d{4}-\d{3,}) )?(.*?)(?:\. Ansvarig: (.*?))?(?:, klart senast (.*))?", re.DOTALL)


def actions_in(text: str) -> tuple[WrittenAction, ...]:
    """The actions in a field's words, a line each, as `word_minutes.action_in_words` writes them."""
    found = []
    for line in filter(None, text.split("\n")):
        parts = _LINE.fullmatch(line)
        number, words, owner, due = (each or "" for each in parts.groups()) if parts else ("", line, "", "")
        found.append(WrittenAction(number, words, owner, due))
    return tuple(found)


# --- taking it in ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the secretary chose: the changes to take in by place, the answers on unclear actions by (place, line),
    and the item that loose text belongs to, by place."""

    places: frozenset[int]
    owners: Mapping[tuple[int, int], str]
    days: Mapping[tuple[int, int], date]
    homes: Mapping[int, str]


def drop_upload(office: Office, meeting: Occasion, number: int, doer: Doer) -> None:
    """Lays an upload aside; it is kept. Raises ValueError where it has been dealt with."""
    with office.archive.write() as session:
        upload = _open_upload(session, meeting, number)
        upload.state = "dropped"
        note(session, office, doer, "word.drop", f"{meeting.key} {meeting.slot}", before=upload.sha256)


def confirm_upload(
    office: Office, municipality: Municipality, meeting: Occasion, number: int, doer: Doer, chosen: Chosen
) -> int:
    """Takes the chosen changes of an upload into the record; how many. The minutes are then made anew from it.

    Raises ValueError, in Swedish, where a question is unanswered or the minutes may not be changed.
    """
    with office.archive.write() as session:
        upload = _open_upload(session, meeting, number)
        held = session.get_one(Occasion, meeting.id)
        entry = entry_of(session, municipality, held)
        before = repr(entry)
        for place, change in enumerate(Change(**each) for each in upload.changes):
            if place in chosen.places:
                entry = _applied(session, municipality, held, entry, change, place, chosen)
        if chosen.places:
            replies = _reply_texts(session, held)
            take_outcome(session, office, municipality, held, office.now, entry)
            _answer_anew(session, held, replies)
            if session.scalar(select(Arrival).filter_by(occasion_id=held.id, part="outcome")) is None:
                session.add(Arrival(occasion_id=held.id, part="outcome", fingerprint=upload.sha256, arrived=office.now))
        upload.state = "confirmed"
        note(session, office, doer, "word.confirm", f"{meeting.key} {meeting.slot}", before, repr(entry))
        return len(chosen.places)


def _open_upload(session: Session, meeting: Occasion, number: int) -> Upload:
    upload = session.scalar(select(Upload).filter_by(occasion_id=meeting.id, id=number))
    if upload is None or upload.state != "shown":
        raise ValueError("Filen är redan hanterad.")
    return upload


def _applied(
    session: Session,
    municipality: Municipality,
    meeting: Occasion,
    entry: MeetingEntry,
    change: Change,
    place: int,
    chosen: Chosen,
) -> MeetingEntry:
    if change.field == "attendance":
        return replace(entry, attendance=_attendance(municipality, change.after))
    if change.field == "gone-item":
        return entry  # an item that was on the agenda stays; its text can be emptied
    title = chosen.homes.get(place, "") if change.field == "loose" else change.title
    if change.field == "new-item":
        return replace(entry, items=(*entry.items, ItemEntry(title, account=change.after)))
    if not any(each.title == title for each in entry.items):
        raise ValueError("Välj vilket ärende texten hör till.")
    actions: tuple[NewAction, ...] = ()
    if change.field == "actions":
        actions = _actions(session, municipality, meeting, change, place, chosen)
    items = tuple(_rewritten(each, change, actions) if each.title == title else each for each in entry.items)
    return replace(entry, items=items)


def _rewritten(item: ItemEntry, change: Change, actions: tuple[NewAction, ...]) -> ItemEntry:
    if change.field == "account":
        return replace(item, account=change.after)
    if change.field == "loose":
        return replace(item, account="\n\n".join(filter(None, [item.account, change.after])))
    if change.field == "actions":
        return replace(item, actions=actions)
    return replace(item, decisions=_decisions(item, change.after))


def _decisions(item: ItemEntry, after: str) -> tuple[NewDecision, ...]:
    """The decisions with their new words; where a decision was referred, it stays referred."""
    texts = [each.strip() for each in after.split("\n\n") if each.strip()]
    known = {" ".join(each.text.split()): each for each in item.decisions}
    same_count = len(texts) == len(item.decisions)
    found = []
    for place, text in enumerate(texts):
        old = known.get(" ".join(text.split())) or (item.decisions[place] if same_count else None)
        found.append(replace(old, text=text) if old else NewDecision(text))
    return tuple(found)


def _actions(
    session: Session, municipality: Municipality, meeting: Occasion, change: Change, place: int, chosen: Chosen
) -> tuple[NewAction, ...]:
    people = {key: person.name for key, person in municipality.people.items()}
    known = {row.number: row for row in minute_book.actions_made_at(session, meeting.id)}
    found = []
    for line, written in enumerate(actions_in(change.after)):
        owner = chosen.owners.get((place, line)) or owner_written(written.owner, people)
        if owner not in people:
            raise ValueError("Välj ansvarig ur listan.")
        due = chosen.days.get((place, line)) or (day_written(written.due_words) if written.due_words else None)
        row = known.get(written.number)
        found.append(NewAction(written.text, owner, due, row.ref if row else ""))
    return tuple(found)


_CLOCKS = re.compile(r"(\d{1,2})[.:](\d{2})")


def _attendance(municipality: Municipality, words: str) -> tuple[PresenceEntry, ...]:
    """Attendance from its words, a line each: `Anna Lind: från kl. 09.20`. Raises ValueError for an unknown name."""
    people = {key: person.name for key, person in municipality.people.items()}
    found = []
    for line in filter(None, words.split("\n")):
        name, _, part = line.partition(": ")
        said = part.casefold()
        presence: Presence = (
            "excused" if "förhinder" in said else "absent" if said.startswith(("frånvarande", "nej")) else "present"
        )
        clocks = [time(int(hour), int(minute)) for hour, minute in _CLOCKS.findall(part)]
        until = said.startswith("till ")
        found.append(
            PresenceEntry(
                owner_written(name, people, "Namnet"),
                presence,
                arrived=clocks[0] if clocks and not until else None,
                left=clocks[-1] if clocks and (until or len(clocks) > 1) else None,
                note=part.partition(". ")[2] if not said.startswith("kl. ") else "",
            )
        )
    return tuple(found)


def _reply_texts(session: Session, meeting: Occasion) -> list[tuple[int, str]]:
    """(the answering decision, the words it answered with) of this meeting's answers on other bodies' decisions."""
    return [(row.id, row.text) for row in minute_book.decisions_of(session, meeting.id)]


def _answer_anew(session: Session, meeting: Occasion, before: list[tuple[int, str]]) -> None:
    """Where a decision that answered another body got new words, the answer gets them too."""
    now = {row.id: row.text for row in minute_book.decisions_of(session, meeting.id)}
    for key, text in before:
        if key not in now or same(now[key], text):
            continue
        answered = session.scalars(
            select(DecisionRow).filter_by(
                municipality=meeting.municipality, referred_to=meeting.key, answered=meeting.day, answer=text
            )
        )
        for row in answered:
            row.answer = now[key]
