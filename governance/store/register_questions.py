"""Questions of the registers: actions and decisions across bodies, words in minutes, papers without their bytes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance.store.tables import LIVE, Action, ActionEvent, DecisionRow, Item, MeetingRecord, Occasion, Paper

# --- actions and decisions -------------------------------------------------------------------------------------


class ActionRow(NamedTuple):
    """An action, whether its item is secret, and the meeting that made it."""

    id: int
    number: str
    year: int
    sequence: int
    body: str
    made: date
    text: str
    owner: str
    due: date | None
    status: str
    comment: str
    closed: date | None
    confidentiality: str | None
    slot: date
    state: str  # the meeting's


_ACTIONS = (
    select(
        Action.id,
        Action.number,
        Action.year,
        Action.sequence,
        Action.body,
        Action.made,
        Action.text,
        Action.owner,
        Action.due,
        Action.status,
        Action.comment,
        Action.closed,
        Item.confidentiality,
        Occasion.slot,
        Occasion.status,
    )
    .join(Occasion, Occasion.id == Action.occasion_id)
    .outerjoin(Item, Item.id == Action.item_id)
)


def actions_in(session: Session, municipality: str, bodies: Collection[str], owner: str) -> list[ActionRow]:
    """Every action of these bodies, and somebody's own in any."""
    theirs = or_(Action.body.in_(bodies), Action.owner == owner)
    question = _ACTIONS.where(Action.municipality == municipality, theirs)
    return [ActionRow._make(row) for row in session.execute(question)]


def action_numbered(session: Session, municipality: str, number: str) -> ActionRow | None:
    """One action by its number."""
    row = session.execute(_ACTIONS.where(Action.municipality == municipality, Action.number == number)).first()
    return ActionRow._make(row) if row else None


class Saying(NamedTuple):
    """What one meeting, answer or page said of an action."""

    source: str
    day: date
    status: str
    comment: str
    due: date | None
    meeting: date  # the day of the meeting it belongs to
    slot: date


def sayings_of(session: Session, action: int) -> list[Saying]:
    """All that was said of an action, the oldest first, each with its meeting."""
    question = (
        select(
            ActionEvent.source,
            ActionEvent.day,
            ActionEvent.status,
            ActionEvent.comment,
            ActionEvent.due,
            Occasion.day,
            Occasion.slot,
        )
        .join(Occasion, Occasion.id == ActionEvent.occasion_id)
        .where(ActionEvent.action_id == action)
        .order_by(ActionEvent.day, ActionEvent.id)
    )
    return [Saying._make(row) for row in session.execute(question)]


def last_meeting(session: Session, municipality: str, body: str, day: date) -> int | None:
    """The id of a body's latest live meeting up to a day, else of its first one after; None where it has none."""
    asked = select(Occasion.id).where(
        Occasion.municipality == municipality,
        Occasion.kind == "meeting",
        Occasion.key == body,
        Occasion.status.in_(LIVE),
    )
    before = session.scalar(asked.where(Occasion.day <= day).order_by(Occasion.day.desc()).limit(1))
    return before or session.scalar(asked.where(Occasion.day > day).order_by(Occasion.day).limit(1))


class DecisionLine(NamedTuple):
    """A decision, whether its item is secret, and its meeting."""

    id: int
    number: str
    title: str
    text: str
    body: str
    decided: date
    referred_to: str
    answer: str
    answered: date | None
    confidentiality: str
    slot: date
    state: str  # the meeting's


def decisions_in(session: Session, municipality: str, bodies: Collection[str]) -> list[DecisionLine]:
    """Every decision of these bodies, the newest first."""
    question = (
        select(
            DecisionRow.id,
            DecisionRow.number,
            DecisionRow.title,
            DecisionRow.text,
            DecisionRow.body,
            DecisionRow.decided,
            DecisionRow.referred_to,
            DecisionRow.answer,
            DecisionRow.answered,
            Item.confidentiality,
            Occasion.slot,
            Occasion.status,
        )
        .join(Item, Item.id == DecisionRow.item_id)
        .join(Occasion, Occasion.id == DecisionRow.occasion_id)
        .where(DecisionRow.municipality == municipality, DecisionRow.body.in_(bodies))
        .order_by(DecisionRow.decided.desc(), Item.number, DecisionRow.position)
    )
    return [DecisionLine._make(row) for row in session.execute(question)]


# --- words in minutes ------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """An item of recorded minutes: where words were looked for."""

    id: int
    number: int
    paragraph: int | None
    title: str
    account: str
    body: str
    slot: date
    day: date


_ACCENTED = re.compile(r"[aceinouyz]")  # letters that may stand in a text with an accent: idé, Müller, señor


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    r"""Whether a text may hold a folded word; what comes back must still be looked through.

    SQLite compares only a to z without regard to case, so that every other letter is asked as "anything here".
    `%`, `_` and the escape sign itself stand for themselves.
    """
    asked = "".join(
        "_" if _ACCENTED.fullmatch(sign) else f"\\{sign}" if sign in r"\%_" else sign if sign.isascii() else "%"
        for sign in word
    )
    return column.ilike(f"%{asked}%", escape="\\")


def _item_holds(word: str) -> ColumnElement[bool]:
    decided = select(DecisionRow.item_id).where(_holds(DecisionRow.text, word))
    agreed = select(Action.item_id).where(_holds(Action.text, word), Action.item_id.is_not(None))
    return or_(_holds(Item.title, word), _holds(Item.account, word), Item.id.in_(decided), Item.id.in_(agreed))


class Shelf(NamedTuple):
    """Whose minutes may be looked in: `inside` also as they are written and in secret items, the rest when done."""

    inside: Collection[str]
    outside: Collection[str]
    informal: Collection[str]  # of `outside`: those whose notes are done without approval


def places_with(session: Session, municipality: str, shelf: Shelf, words: Sequence[str], most: int) -> list[Place]:
    """The items of recorded minutes that may hold every word, the newest first."""
    done = or_(Occasion.status == "closed", Occasion.key.in_(shelf.informal))
    readable = or_(
        Occasion.key.in_(shelf.inside),
        and_(Occasion.key.in_(shelf.outside), Item.confidentiality != "secret", done),
    )
    question = (
        select(
            Item.id,
            Item.number,
            Item.paragraph,
            Item.title,
            Item.account,
            Occasion.key,
            Occasion.slot,
            Occasion.day,
        )
        .join(Occasion, Occasion.id == Item.occasion_id)
        .join(MeetingRecord, MeetingRecord.occasion_id == Occasion.id)
        .where(Occasion.municipality == municipality, readable, *map(_item_holds, words))
        .order_by(Occasion.day.desc(), Occasion.key, Item.number)
        .limit(most)
    )
    return [Place._make(row) for row in session.execute(question)]


def said_at(session: Session, items: Sequence[int]) -> dict[int, list[str]]:
    """The texts of the decisions and actions of items, by item: decisions first."""
    found: dict[int, list[str]] = {}
    questions: tuple[Select[tuple[int, str]] | Select[tuple[int | None, str]], ...] = (
        select(DecisionRow.item_id, DecisionRow.text)
        .where(DecisionRow.item_id.in_(items))
        .order_by(DecisionRow.item_id, DecisionRow.position),
        select(Action.item_id, Action.text).where(Action.item_id.in_(items)).order_by(Action.sequence),
    )
    for question in questions:
        for item, text in session.execute(question):
            found.setdefault(item, []).append(text)
    return found


# --- papers ----------------------------------------------------------------------------------------------------


class PaperLine(NamedTuple):
    """A paper without its bytes, and the occasion it belongs to: a meeting, or an edition of a follow-up."""

    id: int
    occasion: int
    kind: str
    version: int
    title: str
    name: str
    made: datetime
    key: str  # the occasion's: a body, a product, the two-year follow-up
    slot: date
    day: date
    state: str  # the occasion's


_PAPERS = select(
    Paper.id,
    Paper.occasion_id,
    Paper.kind,
    Paper.version,
    Paper.title,
    Paper.name,
    Paper.made,
    Occasion.key,
    Occasion.slot,
    Occasion.day,
    Occasion.status,
).join(Occasion, Occasion.id == Paper.occasion_id)


def papers_of_kinds(session: Session, municipality: str, kinds: Sequence[str], most: int = 500) -> list[PaperLine]:
    """Every version of the papers of these kinds, the newest occasion and version first."""
    question = (
        _PAPERS.where(Paper.municipality == municipality, Paper.kind.in_(kinds))
        .order_by(Occasion.day.desc(), Paper.kind, Occasion.key, Paper.version.desc())
        .limit(most)
    )
    return [PaperLine._make(row) for row in session.execute(question)]


def versions_beside(session: Session, municipality: str, paper: int) -> list[PaperLine]:
    """A paper and the other versions of it, the newest first; nothing where the municipality has no such paper."""
    same = select(Paper.occasion_id, Paper.kind).where(Paper.id == paper, Paper.municipality == municipality).subquery()
    question = _PAPERS.join(same, and_(Paper.occasion_id == same.c.occasion_id, Paper.kind == same.c.kind))
    return [PaperLine._make(row) for row in session.execute(question.order_by(Paper.version.desc()))]


def html_of(session: Session, paper: int) -> str:
    """A paper's page as it was made."""
    return session.scalar(select(Paper.html).where(Paper.id == paper)) or ""


def pages_of(session: Session, papers: Collection[int]) -> dict[int, str]:
    """The pages of several papers, by id."""
    return {row[0]: row[1] for row in session.execute(select(Paper.id, Paper.html).where(Paper.id.in_(papers)))}


def kept_inside(session: Session, municipality: str) -> list[tuple[str, str, str]]:
    """(number, text, latest comment) of the actions made at secret and internal items."""
    rows = session.execute(
        select(Action.number, Action.text, Action.comment)
        .join(Item, Item.id == Action.item_id)
        .where(Action.municipality == municipality, Item.confidentiality != "public")
        .order_by(Action.year, Action.sequence)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def docx_of(session: Session, paper: int) -> bytes:
    """A paper's Word file as it was made."""
    return session.scalar(select(Paper.docx).where(Paper.id == paper)) or b""


def what_comes(session: Session, municipality: str, bodies: Collection[str], first: date, last: date) -> list[Occasion]:
    """These bodies' live meetings of a period, and every edition of a paper that is not done yet, in order."""
    meeting = and_(
        Occasion.kind == "meeting",
        Occasion.key.in_(bodies),
        Occasion.status.in_(LIVE),
        Occasion.day.between(first, last),
    )
    edition = and_(Occasion.kind == "edition", Occasion.status == "planned")
    return list(
        session.scalars(
            select(Occasion)
            .where(Occasion.municipality == municipality, or_(meeting, edition))
            .order_by(Occasion.day, Occasion.starts, Occasion.key)
        )
    )


def coming_editions(session: Session, municipality: str) -> list[tuple[str, date]]:
    """(key, day) of the next edition of everything with a rhythm or clock of its own that is not done yet."""
    rows = session.execute(
        select(Occasion.key, func.min(Occasion.day))
        .where(Occasion.municipality == municipality, Occasion.kind == "edition", Occasion.status == "planned")
        .group_by(Occasion.key)
    )
    return sorted(((row[0], row[1]) for row in rows), key=lambda each: each[1])
