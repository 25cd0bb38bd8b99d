"""The copy of minutes that may be published: made from data in which the rest is not, never by blacking out a file.

What is left out, and why:
- a secret item stands as `Ärende med sekretess` under its number, and nothing else of it: not its title, account,
  decisions, actions, who took no part, or who decided (26 kap. 1 § and others in OSL 2009:400 protect them);
- an internal item keeps its title and its decisions, for a decision of an authority is public whatever led to it;
  its account and its actions are the group's own working notes;
- actions made at such items are not in the list, and no action's comment is: it was said outside the meeting;
- notes on attendance are left out: they tell of illness and bias;
- addresses of mail, telephone numbers and personal numbers in people's own words are replaced, but for the
  municipality's contact point.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from governance.model.minutes import ActionProgress, Minutes, MinutesItem

VEILED_TITLE = "Ärende med sekretess"
VEILED_ACCOUNT = "Uppgifterna i ärendet omfattas av sekretess och redovisas inte i den offentliga versionen."
INTERNAL_ACCOUNT = "Ärendets redovisning är intern och finns inte i den offentliga versionen."
FEWEST_WORDS = 4  # as many words in a row from what is withheld are a leak
SHORTEST = 12  # characters of a whole text, or of a run with a digit or an @, that are one

# What every secretary writes; standing in a secret item too, it tells nothing of it.
STOCK = (
    "antecknar informationen till protokollet",
    "beslutar att anteckna informationen till protokollet",
    "informationen antecknas till protokollet",
    "tackar för informationen och lägger den till handlingarna",
    "lägger informationen till handlingarna",
    "beslutar att lägga informationen till handlingarna",
    "beslutar att godkänna dagordningen",
    "beslutar att godkänna förslaget",
    "beslutar att återremittera ärendet",
    "beslutar enligt förslaget",
    "beslutar enligt förslag",
    "godkänner förslaget",
    "godkänner dagordningen",
    "ställer sig bakom förslaget",
    "ärendet bordläggs till nästa möte",
    "ärendet tas upp igen vid nästa möte",
    "inget att rapportera",
)

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PERSONAL_NUMBER = re.compile(r"\b(?:19|20)?\d{6}[-+ ]?\d{4}\b")
_PHONE = re.compile(r"(?<![\w-])(?:\+46[ -]?(?:\(0\))?|0)\d{1,3}(?:[ -]{0,3}\d{2,4}){2,4}(?![\w-])")
_WORD = re.compile(r"\w+")
_RUN = re.compile(r"[\w.@+-]*[\d@][\w.@+-]*")
_SENTENCE = re.compile(r"[.!?;]\s+|\n+")


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text that is not in the public version, and of what it is, in Swedish."""

    text: str
    of: str


def public_version(minutes: Minutes, confidential: Mapping[str, str], contact: Collection[str] = ()) -> Minutes:
    """The minutes without what is secret or internal.

    `confidential` says of action numbers from such items which of the two they are; `contact` are the addresses and
    numbers that may stand.
    """
    own = {action.number for item in minutes.items if item.confidentiality != "public" for action in item.actions}
    shown = [
        each for each in minutes.actions if each.action.number not in own and each.action.number not in confidential
    ]
    return replace(
        minutes,
        attendance=tuple(replace(each, note="") for each in minutes.attendance),
        items=tuple(_item(item, contact) for item in minutes.items),
        actions=tuple(_progress(each, contact) for each in shown),
        public=True,
    )


def _item(item: MinutesItem, contact: Collection[str]) -> MinutesItem:
    if item.confidentiality == "secret":  # built anew: a field added later is not in it
        return MinutesItem(item.label, VEILED_TITLE, item.kind, VEILED_ACCOUNT, confidentiality="secret")
    decisions = tuple(
        replace(each, title=masked(each.title, contact), text=masked(each.text, contact), reported_back="")
        for each in item.decisions
    )
    title = masked(item.title, contact)
    if item.confidentiality == "internal":
        return MinutesItem(item.label, title, item.kind, INTERNAL_ACCOUNT, decisions, confidentiality="internal")
    actions = tuple(replace(each, text=masked(each.text, contact), comment="") for each in item.actions)
    return replace(item, title=title, account=masked(item.account, contact), decisions=decisions, actions=actions)


def _progress(row: ActionProgress, contact: Collection[str]) -> ActionProgress:
    return replace(row, action=replace(row.action, text=masked(row.action.text, contact), comment=""))


def hidden(minutes: Minutes, contact: Collection[str] = ()) -> tuple[Withheld, ...]:
    """The addresses and numbers that `masked` takes out of what is shown."""
    found: list[Withheld] = []
    for text in _texts((minutes.items, minutes.actions)):
        for pattern in (_MAIL, _PERSONAL_NUMBER, _PHONE):
            found += [
                Withheld(each, "en adress eller ett nummer") for each in pattern.findall(text) if each not in contact
            ]
    return tuple(found)


def masked(text: str, contact: Collection[str] = ()) -> str:
    """A text without addresses of mail, telephone numbers and personal numbers but those in `contact`."""

    def hide(pattern: re.Pattern[str], words: str, within: str) -> str:
        return pattern.sub(lambda found: found[0] if found[0] in contact else words, within)

    text = hide(_MAIL, "[e-postadress]", text)
    text = hide(_PERSONAL_NUMBER, "[personnummer]", text)
    return hide(_PHONE, "[telefonnummer]", text)


# --- the proof ---------------------------------------------------------------------------------------------------


def withheld(minutes: Minutes, more: Sequence[Withheld] = ()) -> tuple[Withheld, ...]:
    """Every text of the full minutes that the public version leaves out, and `more`."""
    found = list(more)
    for item in minutes.items:
        if item.confidentiality == "public":
            continue
        of = f"ärendet {item.label}"
        kept = {"label", "kind", "confidentiality", "source"}
        if item.confidentiality == "internal":
            kept |= {"title", "decisions"}
        for field in fields(item):
            if field.name not in kept:
                found += [Withheld(text, of) for text in _texts(getattr(item, field.name))]
    found += [Withheld(each.note, "en anteckning om närvaro") for each in minutes.attendance if each.note]
    return tuple(each for each in dict.fromkeys(found) if each.text.strip())


def _texts(value: object) -> Iterator[str]:
    """Every text people wrote in a value and what it holds; names of people and bodies, dates and numbers are none."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in _NAMES:
                yield from _texts(getattr(value, field.name))
    elif isinstance(value, (tuple, list, frozenset, set)):
        for each in value:
            yield from _texts(each)


_NAMES = frozenset(
    {"owner", "owner_id", "body", "number", "label", "kind", "status", "referred_to", "confidentiality", "facts"}
)


def leaks(withheld: Iterable[Withheld], shown: Iterable[str], known: str = "") -> tuple[tuple[str, str], ...]:
    """(words, of what) of what is withheld and yet stands in one of the texts `shown`.

    A whole text or sentence of at least twelve characters is a leak, a run of such a length with a digit or an @ in
    it, and any four words in a row; what also stands in `known`, the paper's own wording, is none.
    """
    pages = [_flat(each) for each in shown]
    wording = _flat(known)
    rows = {row for page in pages for row in _rows(page.split())}
    found: dict[tuple[str, str], None] = {}
    for each in withheld:
        stands = [row for row in _rows(_WORD.findall(each.text.casefold())) if row in rows]
        stands += [part for part in _parts(each.text) if any(f" {part} " in page for page in pages)]
        found |= {(words, each.of): None for words in stands if f" {words} " not in wording}
    return tuple(found)


def _flat(text: str) -> str:
    """The words of a text, in small letters, one blank between and around them."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _rows(words: Sequence[str]) -> Iterator[str]:
    """Every four words in a row."""
    for place in range(len(words) - FEWEST_WORDS + 1):
        yield " ".join(words[place : place + FEWEST_WORDS])


def _parts(text: str) -> Iterator[str]:
    """A text, its sentences, and its runs with a digit or an @, so far as they are long enough to tell something."""
    runs = _RUN.findall(text)
    for part in (text, *_SENTENCE.split(text), *runs):
        if len(part.strip()) >= SHORTEST:
            yield _flat(part).strip()
