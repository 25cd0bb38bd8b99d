"""Makes the copy of minutes that may be published, and proves that nothing withheld is in it before it is kept."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO

from governance.model.body import Body, Municipality
from governance.model.minutes import Minutes
from governance.model.public_version import STOCK, Withheld, hidden, leaks, public_version, withheld
from governance.papers.swedish import long_date
from governance.secretariat.office import Desk
from governance.secretariat.papers import Finished, Heading, finish, keep, next_version
from governance.store import approval_book, minute_book, paper_shelf
from governance.store.tables import Paper

KIND = "public_minutes"
NO_PUBLIC = "offentlig version gjordes inte, se sidan Justering"
TOLD = 3  # leaks named in a problem; more are counted

_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r'"([^"]*)"|\'([^\']*)\'')


class Leak(ValueError):
    """Something withheld stands in the finished copy, which was therefore not made; the message says what."""


def publishes(municipality: Municipality, body: Body) -> bool:
    """Whether the public copy is made as soon as minutes are approved: a group's notes only when somebody asks."""
    return "minutes" in municipality.publish and body.formality != "informal"


def make_public(desk: Desk, minutes: Minutes) -> Paper:
    """Makes the public copy of a meeting's approved minutes, the next version of its kind; the same again is kept once.

    It is made from the minutes without what is withheld, and then every part of the Word file and the page are
    searched for what was. Raises ValueError where the minutes are not approved, Leak where anything is found.
    """
    if minutes.approved_on is None:
        raise ValueError("Den offentliga versionen görs när texten är justerad eller färdigställd.")
    confidential = _confidential_actions(desk)
    contact = _contact(desk.municipality)
    public = public_version(
        replace(minutes, version=next_version(desk, KIND), made=minutes.approved_on),
        {number: of for number, (of, _) in confidential.items()},
        contact,
    )
    heading = Heading(desk.body.name, minutes.document_name, desk.occasion.day)
    made = finish(desk, "minutes", public, heading)
    more = [Withheld(text, f"åtgärden {number}") for number, (_, texts) in confidential.items() for text in texts]
    known = finish(desk, "minutes", _unwritten(public), heading).html + _stock(desk.body.name)
    found = leaks([*withheld(minutes, more), *hidden(minutes, contact)], texts_in(made), known)
    if found:
        raise Leak(_told(found))
    former = paper_shelf.latest_paper(desk.session, desk.occasion.id, KIND)
    if former is not None and former.docx == made.docx:
        return former
    title = f"{minutes.document_name}, {desk.body.name} {long_date(desk.occasion.day)}, offentlig version"
    word = "protokoll" if desk.body.formality != "informal" else "minnesanteckningar"
    return keep(desk, KIND, made, title=title, word=f"{word}-offentlig-version")


def _confidential_actions(desk: Desk) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By number: whether an action of the body comes from a secret or an internal item, and its texts."""
    items = approval_book.confidential_items(desk.session, desk.municipality.id)
    rows = [row for row in minute_book.actions(desk.session, desk.municipality.id) if row.body == desk.body.id]
    return {row.number: (items[row.item_id], (row.text, row.comment)) for row in rows if row.item_id in items}


def _stock(body: str) -> str:
    """The stock phrases as a body's minutes have them: `Rådet godkänner dagordningen`."""
    subjects = ("", body, body.rpartition(" ")[2])
    return "".join(f"<p>{subject} {phrase}</p>" for subject in subjects for phrase in STOCK)


def _contact(municipality: Municipality) -> set[str]:
    """What may stand although it is an address or a number: the municipality's own."""
    bodies = {body.address for body in municipality.bodies.values() if body.address}
    return {municipality.contact.email, municipality.contact.phone, *bodies} - {""}


def _unwritten(public: Minutes) -> Minutes:
    """The paper with nothing in it that people wrote: its own wording, its names and its dates."""
    return replace(
        public,
        items=tuple(replace(item, title="", account="", decisions=(), actions=()) for item in public.items),
        actions=(),
    )


def texts_in(made: Finished) -> Iterator[str]:
    """Everything that can be read out of a finished paper, tags taken away in each way a word can be parted by them."""
    for page in (made.html, *_parts(made.docx)):
        yield unescape(_TAG.sub("", page))
        yield unescape(_TAG.sub(" ", page))
        yield unescape(" ".join(one or other for one, other in _ATTRIBUTE.findall(page)))


def _parts(docx: bytes) -> Iterator[str]:
    """The names and contents of all parts of a Word file, also those that are no text."""
    with zipfile.ZipFile(BytesIO(docx)) as package:
        for name in package.namelist():
            yield name
            yield package.read(name).decode("utf-8", "ignore")


def _told(found: tuple[tuple[str, str], ...]) -> str:
    named = "; ".join(f"”{words}” ({of})" for words, of in found[:TOLD])
    more = f" och {len(found) - TOLD} till" if len(found) > TOLD else ""
    return (
        "Den offentliga versionen gjordes inte: ord som ska hållas inne står också i det som visas: "
        f"{named}{more}. Öppna en rättelse, skriv om det öppna ärendet eller märk det, och justera på nytt."
    )
