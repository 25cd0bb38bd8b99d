"""Minutes as they stand in a Word file, and what differs between two readings of them, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from governance.model.words import MONTHS

Field = Literal["account", "decisions", "actions", "attendance", "new-item", "gone-item", "loose"]


@dataclass(frozen=True, slots=True)
class WrittenAction:
    """An action as it is written: `number` is "" for a new one, `due_words` what stands for the date."""

    number: str
    text: str
    owner: str
    due_words: str = ""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """An item as it is written. Paragraphs of the account are parted by blank lines, points begin with `- `."""

    label: str
    title: str
    account: str = ""
    decisions: tuple[str, ...] = ()
    actions: tuple[WrittenAction, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenMinutes:
    """What was read: the items, who came (name, the part of the meeting), and text that belongs nowhere."""

    items: tuple[WrittenItem, ...]
    present: tuple[tuple[str, str], ...] = ()
    excused: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was written anew: `before` as it was sent out, `after` as it came back.

    `now` is what the record says today where that is neither: then somebody else has changed it meanwhile.
    """

    field: Field
    title: str  # the item's, "" where it concerns none
    before: str
    after: str
    now: str = ""

    @property
    def contested(self) -> bool:
        """Whether the record has moved on since the file was sent out."""
        return bool(self.now)


def changes_between(sent: WrittenMinutes, back: WrittenMinutes, record: WrittenMinutes) -> tuple[Change, ...]:
    """What `back` says otherwise than the `sent` paper it came from; held against what the `record` says today."""
    found: list[Change] = []
    were, are = _by_title(sent), _by_title(record)
    for item in back.items:
        key = _key(item.title)
        before = were.get(key) or _same_label(sent, item)
        if before is None:
            found.append(Change("new-item", item.title, "", _whole(item)))
            continue
        today = are.get(_key(before.title), before)
        for field in ("account", "decisions", "actions"):
            old, new = in_words(before, field), in_words(item, field)
            if same(old, new):
                continue
            now = in_words(today, field)
            found.append(Change(field, before.title, old, new, "" if same(now, old) or same(now, new) else now))
    left = {_key(item.title) for item in back.items} | {item.label for item in back.items}
    found += [
        Change("gone-item", item.title, _whole(item), "")
        for item in sent.items
        if _key(item.title) not in left and item.label not in left
    ]
    old, new = attendance_in_words(sent), attendance_in_words(back)
    if new and not same(old, new):
        now = attendance_in_words(record)
        found.append(Change("attendance", "", old, new, "" if same(now, old) or same(now, new) else now))
    known = {_plain(each) for each in sent.loose}
    found += [Change("loose", "", "", each) for each in back.loose if _plain(each) not in known]
    return tuple(found)


def nearness(sent: WrittenMinutes, back: WrittenMinutes) -> int:
    """How many fields two readings share: tells which version a file was made from."""
    were = _by_title(sent)
    return sum(
        same(in_words(were[_key(item.title)], field), in_words(item, field))
        for item in back.items
        if _key(item.title) in were
        for field in ("account", "decisions", "actions")
    )


def in_words(item: WrittenItem, field: str) -> str:
    """A field of an item as one text, decisions and actions by the line."""
    if field == "account":
        return item.account
    if field == "decisions":
        return "\n\n".join(item.decisions)
    return "\n".join(action_in_words(each) for each in item.actions)


def action_in_words(action: WrittenAction) -> str:
    """`Å-2027-014 Byta armaturer. Ansvarig: Tove Lindgren, klart senast 5 februari 2027`."""
    head = f"{action.number} {action.text}".strip()
    tail = f". Ansvarig: {action.owner}" if action.owner else ""
    return f"{head}{tail}{f', klart senast {action.due_words}' if action.due_words else ''}"


def attendance_in_words(minutes: WrittenMinutes) -> str:
    """Who came, who had sent word and who was absent, a line each."""
    lines = [f"{name}: {part}" if part else name for name, part in minutes.present]
    lines += [f"{name}: anmält förhinder" for name in minutes.excused]
    return "\n".join([*lines, *(f"{name}: frånvarande" for name in minutes.absent)])


def same(one: str, other: str) -> bool:
    """Whether two texts say the same, blanks and the kind of quotation marks and dashes apart."""
    return _plain(one) == _plain(other)


_MONTHS = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})\s+([a-zåäö]{3,9})\.?\s+(\d{4})")


def day_written(words: str) -> date:
    """The date that `5 februari 2027` or `2027-02-05` means.

    Raises ValueError, in Swedish, for anything that would have to be guessed, as the year of `15/4`.
    """
    text = words.strip().casefold()
    found = _ISO.fullmatch(text)
    if found:
        parts = [int(each) for each in found.groups()]
    else:
        said = _WORDS.fullmatch(text)
        month = _MONTHS.get(said[2][:3]) if said else None
        if said is None or month is None:
            raise ValueError(f"Vilken dag är ”{words.strip()}”? Skriv dag, månad och år, till exempel 2027-04-15.")
        parts = [int(said[3]), month, int(said[1])]
    try:
        return date(*parts)
    except ValueError as error:
        raise ValueError(f"Dagen ”{words.strip()}” finns inte.") from error


def owner_written(words: str, people: Mapping[str, str], what: str = "Ansvarig") -> str:
    """The id of the one person whose name is written; `people` are names by id, `what` the fault calls them.

    Raises ValueError, in Swedish, where none or several fit: never guessed.
    """
    wanted = _plain(words).casefold()
    found = [person for person, name in people.items() if name.casefold() == wanted]
    if not found and wanted:
        found = [person for person, name in people.items() if wanted in name.casefold().split()]
    if len(found) != 1:
        fault = "passar på flera" if found else "finns inte bland dem som kan väljas"
        raise ValueError(f"{what} ”{words.strip()}” {fault}. Skriv hela namnet.")
    return found[0]


def _by_title(minutes: WrittenMinutes) -> dict[str, WrittenItem]:
    return {_key(item.title): item for item in minutes.items}


def _same_label(minutes: WrittenMinutes, item: WrittenItem) -> WrittenItem | None:
    """The item with the same number, where only its title was written anew."""
    return next((each for each in minutes.items if item.label and each.label == item.label), None)


def _whole(item: WrittenItem) -> str:
    parts: Sequence[str] = [item.account, *(f"Beslut: {each}" for each in item.decisions), in_words(item, "actions")]
    return "\n\n".join(filter(None, parts))


def _key(title: str) -> str:
    return _plain(title).casefold()


_ALIKE = str.maketrans({"“": "”", '"': "”", "’": "'", "‘": "'", "—": "–", "‑": "-", "\u00a0": " "})


def _plain(text: str) -> str:
    return " ".join(text.translate(_ALIKE).split())
