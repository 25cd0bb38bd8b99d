"""Makes a paper from its data and keeps it: finished bytes, a version, a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from governance.papers.swedish import long_date
from governance.papers.templates import Letterhead
from governance.secretariat.office import Desk
from governance.store import paper_shelf
from governance.store.tables import Paper

# What the file of a paper is called, by its kind (the template's name).
FILE_WORDS = {
    "agenda": "dagordning",
    "minutes": "anteckningar",
    "public_minutes": "offentlig-version",
    "protocol": "protokoll",
    "situation": "veckolagesbild",
    "annual_follow_up": "arlig-uppfoljning",
    "two_year_follow_up": "tvaarsuppfoljning",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """What the letterhead says of a paper: its organ, its kind in words, its date, its case number."""

    organ: str
    document: str
    date: date
    case_number: str = ""


def next_version(desk: Desk, kind: str) -> int:
    """The version a new paper of this kind gets."""
    return paper_shelf.latest_version(desk.session, desk.occasion.id, kind) + 1


@dataclass(frozen=True, slots=True)
class Finished:
    """A paper's bytes, not stored yet."""

    docx: bytes
    html: str


def finish(desk: Desk, template: str, paper: Any, heading: Heading) -> Finished:
    """Renders `paper`. Raises TemplateProblem where the template or the finished document breaks a rule."""
    contact = desk.municipality.contact
    letterhead = Letterhead(
        municipality=desk.municipality.name,
        body=heading.organ,
        document=heading.document,
        date=long_date(heading.date),
        case_number=heading.case_number,
        contact=" · ".join(filter(None, [desk.municipality.name, contact.address, contact.email, contact.phone])),
    )
    templates = desk.office.templates
    docx = templates.docx(template, paper=paper, letterhead=letterhead)
    return Finished(docx, templates.html(template, paper=paper, letterhead=letterhead))


def keep_paper(desk: Desk, kind: str, paper: Any, heading: Heading, *, title: str, word: str = "") -> Paper:
    """Renders `paper` with the template `kind`, stores it as the next version and returns it.

    Raises TemplateProblem where the template or the finished document breaks a rule; then nothing is stored.
    """
    return keep(desk, kind, finish(desk, kind, paper, heading), title=title, word=word)


def keep(desk: Desk, kind: str, made: Finished, *, title: str, word: str = "") -> Paper:
    """Stores a finished paper as the next version of its kind and returns it."""
    version = next_version(desk, kind)
    nth = f"-v{version}" if version > 1 else ""
    of = "" if desk.occasion.kind == "edition" else f"-{desk.occasion.key}"  # a follow-up is named by its kind alone
    name = f"{desk.occasion.key}/{desk.occasion.day}-{word or FILE_WORDS[kind]}{of}{nth}"
    kept = Paper(
        municipality=desk.municipality.id,
        occasion_id=desk.occasion.id,
        kind=kind,
        version=version,
        title=title,
        name=name,
        docx=made.docx,
        html=made.html,
        sha256=sha256(made.docx).hexdigest(),
        made=desk.now,
    )
    desk.session.add(kept)
    desk.session.flush()
    return kept
