"""The record: files that say what happened at meetings, read and checked against the municipalities.

The format is docs/reference/record.md. Agenda titles are not checked, for a meeting may take up something new;
nor are references to actions and decisions, which may stand in the archive since before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from governance.config import words
from governance.config.problem import Problem
from governance.config.reader import read
from governance.config.record_entry import KEYS, EntryReader
from governance.config.value import Value
from governance.model.body import Municipality
from governance.model.record import MeetingEntry

_MEETING = re.compile(r"(\S.*?)\s+(\S+)")
_ABSENT_KEYS = "meeting", "municipality"


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """Meetings' entries, each with its municipality's id, by date and then as they stand; and what was wrong.

    Where `problems` is not empty the faulty parts are missing from the entries: show the problems, use nothing.
    """

    entries: tuple[tuple[str, MeetingEntry], ...] = ()
    problems: tuple[Problem, ...] = ()


def read_record(path: Path, municipalities: Sequence[Municipality]) -> ReadRecord:
    """The record in a file, or in all *.yaml and *.yml of a folder by name. Never raises: faults are problems."""
    try:
        files = _files(path)
    except OSError as error:
        return ReadRecord(problems=(Problem(str(path), 1, "", _unreadable(error)),))
    if not files:
        message = "mappen har inga filer som slutar på .yaml eller .yml; ange filen eller rätt mapp"
        return ReadRecord(problems=(Problem(str(path), 1, "", message),))
    entries: list[tuple[str, MeetingEntry]] = []
    problems: list[Problem] = []
    for file in files:
        found = _read_file(file, municipalities)
        entries += found.entries
        problems += found.problems
    problems += _repeated_references(entries)
    return ReadRecord(tuple(sorted(entries, key=lambda each: each[1].day)), tuple(problems))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and not file.name.startswith("."))


def _unreadable(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "filen finns inte; kontrollera namnet"
        case PermissionError():
            return "filen får inte läsas; ändra dess behörighet"
        case IsADirectoryError():
            return "är en mapp och ingen fil"
        case _:
            return f"filen går inte att läsa ({error.strerror or error})"


def _read_file(file: Path, municipalities: Sequence[Municipality]) -> ReadRecord:
    try:
        raw = file.read_bytes()
    except OSError as error:
        return ReadRecord(problems=(Problem(str(file), 1, "", _unreadable(error)),))
    source = read(raw, str(file), rows=True)
    entries = []
    for number, data in enumerate(source.rows):
        row = Value(source, (number,), data)
        entry = _entry(row, municipalities)
        if entry:
            entries.append(entry)
    return ReadRecord(tuple(entries), tuple(sorted(source.problems)))


def _entry(row: Value, municipalities: Sequence[Municipality]) -> tuple[str, MeetingEntry] | None:
    found = row.keys(KEYS, must=("meeting",))
    if found is None or "meeting" not in found:
        return None
    named = _meeting(found["meeting"])
    if named is None:
        return None
    body, day = named
    municipality = _municipality(found, body, municipalities)
    if municipality is None:
        return None
    names = {known.name.casefold(): known.id for known in municipality.bodies.values()}
    if not Value(row.source, found["meeting"].path, body).word(
        municipality.bodies, "inget organ i filen (bodies)", names
    ):
        return None
    if all(key in _ABSENT_KEYS for key in found):
        row.wrong("posten säger inget om mötet; skriv till exempel present, items eller not_held")
    file, line = row.source.place(row.path)
    return municipality.id, EntryReader(municipality, municipality.bodies[body]).entry(found, day, file, line)


def _meeting(value: Value) -> tuple[str, date] | None:
    """The body and the date of `operativ-grupp 2027-01-12`."""
    text = value.text()
    match = _MEETING.fullmatch(text or "")
    if text and not match:
        value.wrong(f'"{text}" ska vara organ och datum, till exempel operativ-grupp 2027-01-12')
    if not match:
        return None
    try:
        return match[1], words.parse_day(match[2])
    except ValueError as error:
        value.wrong(str(error))
        return None


def _municipality(found: Mapping[str, Value], body: str, municipalities: Sequence[Municipality]) -> Municipality | None:
    """The municipality the entry names, else the only one, else the only one with that body."""
    by_id = {municipality.id: municipality for municipality in municipalities}
    if "municipality" in found:
        names = {municipality.name.casefold(): municipality.id for municipality in municipalities}
        named = found["municipality"].word(by_id, "ingen kommun som är inläst", names)
        return by_id[named] if named else None
    if len(municipalities) == 1:
        return municipalities[0]
    having = [municipality for municipality in municipalities if body in municipality.bodies]
    if len(having) == 1:
        return having[0]
    if having:
        found["meeting"].wrong(f'"{body}" finns i flera kommuner; lägg till municipality: och {_any_of(having)}')
        return None
    bodies = [known for municipality in municipalities for known in municipality.bodies]
    found["meeting"].wrong(f'"{body}" är inget organ i någon av kommunerna{words.nearest(body, bodies)}')
    return None


def _any_of(municipalities: Sequence[Municipality]) -> str:
    return " eller ".join(municipality.id for municipality in municipalities)


def _repeated_references(entries: Sequence[tuple[str, MeetingEntry]]) -> Iterator[Problem]:
    """A `ref` names one action or decision for ever: given to two different ones it would lose the second."""
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for municipality, entry in entries:
        made = [("åtgärden", new.ref, new.text) for item in entry.items for new in item.actions]
        made += [("beslutet", new.ref, new.text) for item in entry.items for new in item.decisions]
        for what, ref, text in made:
            said, place = first.setdefault((municipality, what, ref), (text, f"{entry.file}:{entry.line}"))
            if ref and said != text:
                message = f'ref "{ref}" bär redan {what} i posten {place}; välj ett annat ref'
                yield Problem(entry.file, entry.line, "items", message)
