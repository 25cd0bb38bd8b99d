"""Changes to an agenda in the making: each in one transaction, noted in the log, refused once the meeting is on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance.model.agenda import next_year, rearranged
from governance.model.body import Municipality
from governance.model.words import in_running_text
from governance.papers.swedish import short_date
from governance.secretariat.agenda_desk import NotHere, Wording, differs, line_of, standing_lines, why_locked
from governance.secretariat.audit import Doer, note
from governance.secretariat.office import Office
from governance.secretariat.steps import reopen
from governance.store import agenda_book, minute_book, queries
from governance.store.desk_tables import AgendaEntry
from governance.store.tables import Item, Occasion

STALE = "Dagordningen har ändrats sedan du öppnade sidan. Titta igenom den och försök igen."


@dataclass(frozen=True, slots=True)
class Table:
    """A meeting's agenda opened to be changed."""

    session: Session
    office: Office
    municipality: Municipality
    meeting: Occasion
    doer: Doer
    version: int  # the newest that is made

    def note(self, verb: str, entry: AgendaEntry, before: str = "") -> None:
        """Notes what was done with an item."""
        thing = f"{self.meeting.key}/{self.meeting.slot}/{entry.id}"
        note(self.session, self.office, self.doer, f"agenda.{verb}", thing, before, _told(entry))


def _told(entry: AgendaEntry) -> str:
    told = (entry.title, entry.kind, entry.presenter, entry.minutes, entry.text, entry.proposal, entry.confidentiality)
    return "\n".join(map(str, told))


@contextmanager
def _opened(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> Iterator[Table]:
    """The meeting's agenda in a transaction. Raises ValueError, in Swedish, where it may no longer change."""
    with office.archive.write() as session:
        stored = session.get_one(Occasion, meeting.id)
        version, begun = agenda_book.how_far(session, stored.id)
        locked = why_locked(office, municipality, stored, begun=begun)
        if locked:
            raise ValueError(locked)
        yield Table(session, office, municipality, stored, doer, version)


# --- the items -------------------------------------------------------------------------------------------------


def add_item(office: Office, municipality: Municipality, meeting: Occasion, words: Wording, doer: Doer) -> None:
    """Puts an item on the agenda, before the closing one. The same once more changes nothing.

    Raises ValueError where the title is taken.
    """
    with _opened(office, municipality, meeting, doer) as table:
        entries, _ = _own(table)
        if not _taken(entries, words):
            new = _new(table, words)
            table.session.add(new)
            _place(table, entries, new)
            table.note("add", new)


def propose(office: Office, municipality: Municipality, meeting: Occasion, words: Wording, doer: Doer) -> None:
    """A member's proposal: it waits until the secretary takes it in. The same once more changes nothing."""
    with _opened(office, municipality, meeting, doer) as table:
        waiting = agenda_book.on_the_desk(table.session, table.meeting)
        mine = [each for each in waiting if each.proposed and each.added_by == doer.person]
        if any(_says(each, words) for each in mine):
            return
        if len(mine) >= 20:
            raise ValueError("Du har redan lämnat tjugo förslag till det här mötet. Hör av dig till sekreteraren.")
        new = _new(table, words)
        new.proposed = True
        new.origin = f"förslag från {municipality.person_name(doer.person)}"
        table.session.add(new)
        table.session.flush()
        table.note("propose", new)


def change_item(
    office: Office, municipality: Municipality, meeting: Occasion, ref: str, words: Wording, doer: Doer
) -> None:
    """Gives an item other words. Raises NotHere, or ValueError where the title is another item's."""
    with _opened(office, municipality, meeting, doer) as table:
        entries, entry = _named(table, ref)
        if not _says(entry, words):
            before = _told(entry)
            _taken([each for each in entries if each is not entry], words, also_the_same=True)
            _write(entry, words)
            table.note("change", entry, before)


def move_item(office: Office, municipality: Municipality, meeting: Occasion, ref: str, place: int, doer: Doer) -> None:
    """Moves an item to a place counted from 1. Raises NotHere."""
    with _opened(office, municipality, meeting, doer) as table:
        entries, entry = _named(table, ref)
        by_id = {each.id: each for each in entries}
        for position, each in enumerate(rearranged(tuple(by_id), entry.id, place), start=1):
            by_id[each].position = position
        table.note("move", entry)


def remove_item(office: Office, municipality: Municipality, meeting: Occasion, ref: str, doer: Doer) -> None:
    """Strikes an item, or turns a proposal down. Raises NotHere, or ValueError for the last one."""
    with _opened(office, municipality, meeting, doer) as table:
        entries, entry = _named(table, ref, proposals=True)
        _must_not_be_last(entries, entry)
        table.note("remove", entry, _told(entry))
        table.session.delete(entry)


def park_item(office: Office, municipality: Municipality, meeting: Occasion, ref: str, doer: Doer) -> None:
    """Takes an item, or a proposal, off the agenda and keeps it for later. Raises NotHere, or ValueError."""
    with _opened(office, municipality, meeting, doer) as table:
        entries, entry = _named(table, ref, proposals=True)
        _must_not_be_last(entries, entry)
        entry.occasion_id, entry.proposed, entry.position = None, False, 0
        entry.origin = entry.origin or f"parkerat från mötet den {short_date(table.meeting.day)}"
        table.note("park", entry)


def take_in(office: Office, municipality: Municipality, meeting: Occasion, entry_id: int, doer: Doer) -> None:
    """Puts a parked item or a proposal on the agenda. One that stands there already stays. Raises NotHere."""
    with _opened(office, municipality, meeting, doer) as table:
        entry = agenda_book.entry(table.session, municipality.id, table.meeting.key, entry_id)
        if entry is None or entry.occasion_id not in {None, table.meeting.id}:
            raise NotHere
        if entry.occasion_id == table.meeting.id and not entry.proposed:
            return
        entries, _ = _own(table)
        _taken(entries, Wording.of(entry), also_the_same=True)
        entry.late = entry.late or _too_late(table)
        entry.occasion_id, entry.proposed, entry.not_before = table.meeting.id, False, None
        _place(table, entries, entry)
        table.note("take-in", entry)


def refer_item(office: Office, municipality: Municipality, meeting: Occasion, ref: str, body: str, doer: Doer) -> None:
    """Hands an item over to another body, where it waits among what is parked.

    Raises NotHere, or ValueError where the item is secret, fills itself, or is the last.
    """
    with _opened(office, municipality, meeting, doer) as table:
        entries, entry = _named(table, ref, proposals=True)
        _must_not_be_last(entries, entry)
        if entry.confidentiality == "secret":
            raise ValueError("Ett ärende med sekretess kan inte lämnas över: det får bara läsas av dem som är kallade.")
        if entry.source:
            raise ValueError("Ett ärende som fylls på automatiskt kan inte lämnas över.")
        table.note("refer", entry, body)
        own = municipality.bodies[table.meeting.key]
        entry.origin = f"från {in_running_text(own.name)} den {short_date(office.today)}"
        entry.body, entry.occasion_id, entry.proposed, entry.position = body, None, False, 0
        entry.late, entry.not_before = False, None


def again_next_year(office: Office, municipality: Municipality, meeting: Occasion, ref: str, doer: Doer) -> None:
    """Parks a copy of an item until a year after the meeting; also of one that was dealt with (`i7`: the item's id).

    The same once more changes nothing. Raises NotHere.
    """
    with office.archive.write() as session:
        stored = session.get_one(Occasion, meeting.id)
        table = Table(session, office, municipality, stored, doer, agenda_book.how_far(session, stored.id)[0])
        words = _dealt_with(table, ref) if ref.startswith("i") else _as_it_stands(table, ref)
        day = next_year(stored.day)
        parked = agenda_book.parked(session, municipality.id, stored.key)
        if any(each.not_before == day and each.title == words.title for each in parked):
            return
        new = _new(table, words)
        new.occasion_id, new.not_before, new.late = None, day, False
        new.origin = f"uppe den {short_date(stored.day)}"
        session.add(new)
        session.flush()
        table.note("again", new)


def send_anew(office: Office, municipality: Municipality, meeting: Occasion, doer: Doer) -> None:
    """Makes the agenda due again: the next sweep makes its next version and mails it. Raises ValueError."""
    with _opened(office, municipality, meeting, doer) as table:
        entries = agenda_book.entries_of(table.session, table.meeting.id)
        items = minute_book.items_of(table.session, table.meeting.id)
        if not table.version:
            raise ValueError("Dagordningen har inte skickats än.")
        if not entries or not differs([line_of(municipality, each) for each in entries], items):
            raise ValueError("Dagordningen är likadan som den som skickades.")
        reopen(table.session, table.meeting, "agenda", office.now)
        thing = f"{meeting.key}/{meeting.slot}/{table.version + 1}"
        note(table.session, office, doer, "agenda.send-anew", thing)


# --- what is parked ----------------------------------------------------------------------------------------------


def park_new(office: Office, municipality: Municipality, body: str, words: Wording, doer: Doer) -> None:
    """Keeps something for a later meeting of a body. The same once more changes nothing."""
    with office.archive.write() as session:
        if any(_says(each, words) for each in agenda_book.parked(session, municipality.id, body)):
            return
        new = AgendaEntry(
            municipality=municipality.id, body=body, position=0, added=office.now, added_by=doer.person, source=""
        )
        _write(new, words)
        session.add(new)
        session.flush()
        note(session, office, doer, "agenda.park", f"{body}/{new.id}", "", _told(new))


def drop_parked(office: Office, municipality: Municipality, body: str, entry_id: int, doer: Doer) -> None:
    """Throws a parked item away. Raises NotHere."""
    with office.archive.write() as session:
        entry = agenda_book.entry(session, municipality.id, body, entry_id)
        if entry is None or entry.occasion_id is not None:
            raise NotHere
        note(session, office, doer, "agenda.drop", f"{body}/{entry.id}", _told(entry))
        session.delete(entry)


# --- the ways to them --------------------------------------------------------------------------------------------


def _own(table: Table) -> tuple[list[AgendaEntry], bool]:
    """The meeting's own items, and whether they were copied just now from the standing ones (or those sent)."""
    found = agenda_book.entries_of(table.session, table.meeting.id)
    if found:
        return found, False
    body = table.municipality.bodies[table.meeting.key]
    items = minute_book.items_of(table.session, table.meeting.id) if table.version else []
    copies = []
    for position, line in enumerate(standing_lines(body, items), start=1):
        copy = _new(table, Wording.of(line))
        copy.position, copy.source, copy.added_by, copy.late = position, line.source, "", False
        copies.append(copy)
    table.session.add_all(copies)
    table.session.flush()
    return copies, True


def _named(table: Table, ref: str, *, proposals: bool = False) -> tuple[list[AgendaEntry], AgendaEntry]:
    """The meeting's own items and the one a form names. Raises NotHere, or ValueError where the page was stale."""
    kind, number = ref[:1], ref[1:]
    if kind not in {"e", "s"} or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise NotHere
    if kind == "e":
        entry = agenda_book.entry(table.session, table.municipality.id, table.meeting.key, int(number))
        if entry is None or entry.occasion_id != table.meeting.id or (entry.proposed and not proposals):
            raise NotHere
        return agenda_book.entries_of(table.session, table.meeting.id), entry
    entries, copied = _own(table)
    if not copied:
        raise ValueError(STALE)
    if not 0 < int(number) <= len(entries):
        raise NotHere
    return entries, entries[int(number) - 1]


def _as_it_stands(table: Table, ref: str) -> Wording:
    return Wording.of(_named(table, ref)[1])


def _dealt_with(table: Table, ref: str) -> Wording:
    number = ref[1:]
    item = table.session.get(Item, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if item is None or item.occasion_id != table.meeting.id:
        raise NotHere
    return Wording.of(item)


def _new(table: Table, words: Wording) -> AgendaEntry:
    entry = AgendaEntry(
        municipality=table.municipality.id,
        body=table.meeting.key,
        occasion_id=table.meeting.id,
        position=0,
        source="",
        added=table.office.now,
        added_by=table.doer.person,
        late=_too_late(table),
        origin="",
        proposed=False,
    )
    _write(entry, words)
    return entry


def _too_late(table: Table) -> bool:
    """Whether the agenda's day, the last for items, has passed."""
    step = queries.step_of(table.session, table.meeting.id, "agenda")
    return table.version > 0 or (step is not None and table.office.now > step.due)


def _write(entry: AgendaEntry, words: Wording) -> None:
    entry.title, entry.kind, entry.presenter = words.title, words.kind, words.presenter
    entry.minutes, entry.text, entry.proposal = words.length, words.text, words.proposal
    entry.confidentiality = words.confidentiality


def _says(entry: AgendaEntry, words: Wording) -> bool:
    return Wording.of(entry) == words


def _taken(entries: list[AgendaEntry], words: Wording, *, also_the_same: bool = False) -> bool:
    """Whether the very same item stands already. Raises ValueError where another one has its title."""
    same = next((each for each in entries if each.title.casefold() == words.title.casefold()), None)
    if same is None:
        return False
    if not also_the_same and _says(same, words):
        return True
    raise ValueError(f"Det finns redan ett ärende med rubriken ”{same.title}”. Välj en annan rubrik.")


def _place(table: Table, entries: list[AgendaEntry], entry: AgendaEntry) -> None:
    """Puts an item last, but before the closing one."""
    closing = entries[-1] if entries and (entries[-1].source == "next-meeting" or _closes(entries[-1])) else None
    for position, each in enumerate((*(each for each in entries if each is not closing), entry), start=1):
        each.position = position
    if closing is not None:
        closing.position = len(entries) + 1
    table.session.flush()


def _closes(entry: AgendaEntry) -> bool:
    return entry.kind == "formality" and entry.position > 1


def _must_not_be_last(entries: list[AgendaEntry], entry: AgendaEntry) -> None:
    if not entry.proposed and len(entries) == 1:
        raise ValueError("Dagordningen måste ha minst ett ärende. Lägg till ett annat först.")
