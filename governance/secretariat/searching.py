"""Finds words in the minutes: every word somewhere in an item, whatever its case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.store import register_questions
from governance.store.register_questions import Shelf

MOST = 200  # hits shown; who has more needs another word
LONGEST = 100  # characters of what is searched for
WORDS = 8
AROUND = 70  # characters of an excerpt on either side of the first hit

_OWN = frozenset("åäöÅÄÖ")  # letters of their own in Swedish, no accented a and o


def _plain(sign: str) -> str:
    if sign in _OWN:
        return sign.lower()
    base = unicodedata.normalize("NFD", sign)[0]
    small = base.lower()
    return small if len(small) == 1 else base


# One character for each, so that what is found in the folded text stands at the same place in the text itself.
_FOLDED = {code: _plain(chr(code)) for code in (*range(0x41, 0x5B), *range(0xC0, 0x250))}


def whole(text: str) -> str:
    """The text with every letter and its accent as one character."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """A text as it is compared: small letters, accents gone, å ä ö kept. As long as the text where that is `whole`."""
    return text.translate(_FOLDED)


def all_words(query: str) -> tuple[str, ...]:
    """The words asked for, folded, each once."""
    return tuple(dict.fromkeys(folded(whole(query[:LONGEST])).split()))[:WORDS]


def words_of(query: str) -> tuple[str, ...]:
    """The words to search the minutes for; none where all of them are single characters."""
    found = all_words(query)
    return found if any(len(each) > 1 for each in found) else ()


def matches(text: str, words: Sequence[str]) -> bool:
    """Whether every word stands somewhere in the text."""
    compared = folded(whole(text))
    return all(word in compared for word in words)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt; `hit` where it is one of the words."""

    text: str
    hit: bool = False


def marked(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """A whole text in pieces, with every word in it marked."""
    text = whole(text)
    compared = folded(text)
    spans: list[tuple[int, int]] = []
    for word in filter(None, words):
        start = compared.find(word)
        while start >= 0:
            spans.append((start, start + len(word)))
            start = compared.find(word, start + len(word))
    pieces: list[Piece] = []
    done = 0
    for start, end in sorted(spans):
        if end <= done:
            continue
        begun = max(start, done)
        if text[done:begun]:
            pieces.append(Piece(text[done:begun]))
        pieces.append(Piece(text[begun:end], hit=True))
        done = end
    if text[done:]:
        pieces.append(Piece(text[done:]))
    return tuple(pieces)


def excerpt(text: str, words: Sequence[str], around: int = AROUND) -> tuple[Piece, ...]:
    """The part of a text where the first of the words stands, cut between words, with the words marked."""
    line = " ".join(whole(text).split())
    compared = folded(line)
    found = [compared.find(word) for word in words if word in compared]
    at = min(found, default=0)
    first, last = max(0, at - around), min(len(line), at + 2 * around)
    if first > 0:
        first = line.find(" ", first, at) + 1 or first
    if last < len(line):
        last = max(line.rfind(" ", at + 1, last), at + around) if " " in line[at + around : last] else last
    cut = marked(line[first:last].strip(), words)
    return (
        *((Piece("… "),) if first > 0 else ()),
        *cut,
        *((Piece(" …"),) if last < len(line) else ()),
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """An item where every word stands."""

    body: str  # its id
    body_name: str
    slot: date
    day: date
    label: str  # § 12, or the item's number
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: the bodies they may see, and those where they may read what is not done yet and what is secret."""

    person: str
    bodies: tuple[str, ...]
    inside: frozenset[str]

    def reads(self, municipality: Municipality, body: str, state: str) -> bool:
        """Whether the minutes of a meeting in this state are theirs to read."""
        found = municipality.bodies.get(body)
        return body in self.inside or state == "closed" or (found is not None and found.formality == "informal")


def search(
    session: Session, municipality: Municipality, sight: Sight, words: Sequence[str], body: str = ""
) -> tuple[list[Hit], bool]:
    """The items where all words stand, the newest first, and whether there were more than are shown."""
    if not words:
        return [], False
    shelf = _shelf(municipality, sight, {body} if body else set(sight.bodies))
    places = register_questions.places_with(session, municipality.id, shelf, words, MOST + 1)
    texts = register_questions.said_at(session, [each.id for each in places]) if places else {}
    hits: list[Hit] = []
    for place in places:
        parts = [part for part in (place.account, *texts.get(place.id, ())) if part]
        if not matches("\n".join((place.title, *parts)), words):
            continue
        hits.append(
            Hit(
                body=place.body,
                body_name=municipality.body_name(place.body),
                slot=place.slot,
                day=place.day,
                label=f"§ {place.paragraph}" if place.paragraph else f"punkt {place.number}",
                title=marked(place.title, words),
                excerpt=tuple(_told(parts, words)),
            )
        )
    return hits[:MOST], len(places) > MOST


def _shelf(municipality: Municipality, sight: Sight, asked: Collection[str]) -> Shelf:
    inside = {each for each in asked if each in sight.inside}
    outside = {each for each in asked if each in sight.bodies} - inside
    informal = {each for each in outside if municipality.bodies[each].formality == "informal"}
    return Shelf(inside, outside, informal)


def _told(parts: Sequence[str], words: Sequence[str]) -> Iterator[Piece]:
    """The excerpt: from the part that holds most of the words, the first of those that hold as many."""
    if parts:
        best = max(parts, key=lambda part: sum(word in folded(whole(part)) for word in words))
        yield from excerpt(best, words)
