"""The registers: actions and decisions across bodies, chosen and sorted; one action and its past."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar, cast

from sqlalchemy.orm import Session

from governance.model.action import ActionStatus
from governance.model.body import Municipality
from governance.model.words import in_running_text
from governance.papers.swedish import number_word, short_date, sort_key
from governance.secretariat import audit
from governance.secretariat.actions import VEIL, settle
from governance.secretariat.audit import Doer
from governance.secretariat.office import Office
from governance.secretariat.searching import Sight, all_words, matches
from governance.store import minute_book, register_questions
from governance.store.register_questions import ActionRow, DecisionLine, Saying
from governance.store.tables import Action, ActionEvent

DECISION_VEIL = "Beslut i ett ärende med sekretess"
LONGEST_COMMENT = 2000  # characters
STATUS_WORDS: dict[str, str] = {
    "not-started": "ej påbörjad",
    "in-progress": "pågår",
    "done": "klar",
    "dropped": "avförd",
}
Chosen = Literal["oppna", "forsenade", "klara", "alla"]
Order = Literal["tid", "alder", "nummer", "ansvarig", "organ"]


# --- actions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as a register shows it; `veiled` where what it is about is not the reader's to know."""

    id: int
    number: str
    place: tuple[int, int]  # year and number within it
    text: str
    owner: str  # the person's name
    owner_id: str
    due: date | None
    status: str
    late: bool
    body: str  # the body's name
    body_id: str
    made: date
    slot: date  # of the meeting that made it
    age: int  # meetings of its body since
    comment: str
    closed: date | None
    veiled: bool
    seen: bool  # whether its body is the reader's to see

    @property
    def open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.status not in minute_book.CLOSED

    @property
    def status_words(self) -> str:
        """Its state in Swedish."""
        return STATUS_WORDS.get(self.status, self.status)


@dataclass(frozen=True, slots=True)
class ActionChoice:
    """Which actions are asked for, and in which order; "" and None ask for all."""

    body: str = ""
    owner: str = ""
    state: Chosen = "oppna"
    text: str = ""
    year: int | None = None
    order: Order = "tid"
    backwards: bool = False


def action_lines(session: Session, municipality: Municipality, sight: Sight, day: date) -> list[ActionLine]:
    """Every action the reader may know of: those of the bodies they see, and their own."""
    days = minute_book.meeting_days(session, municipality.id)
    rows = register_questions.actions_in(session, municipality.id, sight.bodies, sight.person)
    return [
        _line(municipality, sight, row, days.get(row.body, ()), day)
        for row in rows
        if row.owner == sight.person or sight.reads(municipality, row.body, row.state)
    ]


def _line(municipality: Municipality, sight: Sight, row: ActionRow, days: Sequence[date], day: date) -> ActionLine:
    veiled = row.confidentiality == "secret" and row.body not in sight.inside
    still = row.status not in minute_book.CLOSED
    until = min(day, row.closed or day)
    return ActionLine(
        id=row.id,
        number=row.number,
        place=(row.year, row.sequence),
        text=VEIL if veiled else row.text,
        owner=municipality.person_name(row.owner),
        owner_id=row.owner,
        due=row.due,
        status=row.status,
        late=still and row.due is not None and row.due < day,
        body=municipality.body_name(row.body),
        body_id=row.body,
        made=row.made,
        slot=row.slot,
        age=max(0, bisect_right(days, until) - bisect_right(days, row.made)),
        comment="" if veiled else row.comment,
        closed=row.closed,
        veiled=veiled,
        seen=row.body in sight.bodies,
    )


def chosen_actions(lines: Iterable[ActionLine], choice: ActionChoice) -> list[ActionLine]:
    """The actions that are asked for, in the order asked. Words are looked for in what the reader sees, no more."""
    words = all_words(choice.text)
    states: dict[Chosen, Callable[[ActionLine], bool]] = {
        "oppna": lambda each: each.open,
        "forsenade": lambda each: each.late,
        "klara": lambda each: not each.open,
        "alla": lambda _: True,
    }
    found = [
        each
        for each in lines
        if states[choice.state](each)
        and choice.body in ("", each.body_id)
        and choice.owner in ("", each.owner_id)
        and choice.year in (None, each.made.year)
        and matches(f"{each.number}\n{each.text}\n{each.comment}\n{each.owner}", words)
    ]
    return _sorted(found, _ACTION_ORDERS[choice.order], choice.backwards)


_ACTION_ORDERS: dict[Order, Callable[[ActionLine], tuple[object, ...]]] = {
    "tid": lambda each: (not each.late, not each.open, each.due or date.max, -each.age, each.place),
    "alder": lambda each: (-each.age, each.place),
    "nummer": lambda each: each.place,
    "ansvarig": lambda each: (sort_key(each.owner), each.due or date.max, each.place),
    "organ": lambda each: (sort_key(each.body), each.due or date.max, each.place),
}
_Line = TypeVar("_Line")


def _sorted(lines: list[_Line], key: Callable[[_Line], tuple[object, ...]], backwards: bool) -> list[_Line]:
    return sorted(lines, key=cast("Callable[[_Line], tuple[int, ...]]", key), reverse=backwards)


@dataclass(frozen=True, slots=True)
class Owners:
    """Somebody to choose in a filter."""

    id: str
    name: str


def owners_of(lines: Iterable[ActionLine]) -> list[Owners]:
    """Everybody who owns one of the actions, in Swedish order."""
    found = {each.owner_id: each.owner for each in lines}
    return [Owners(key, name) for key, name in sorted(found.items(), key=lambda each: sort_key(each[1]))]


# --- one action ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happening:
    """Something in an action's past: when, from where, and what was said."""

    day: date
    origin: str
    told: tuple[str, ...]
    comment: str = ""
    slot: date | None = None  # of the meeting to look at


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action with its past, the newest first."""

    line: ActionLine
    past: tuple[Happening, ...]


def action_page(
    session: Session, municipality: Municipality, sight: Sight, number: str, day: date
) -> ActionPage | None:
    """One action with its past; None where there is none that the reader may know of."""
    row = register_questions.action_numbered(session, municipality.id, number)
    if row is None:
        return None
    theirs = row.body in sight.bodies and sight.reads(municipality, row.body, row.state)
    if not theirs and row.owner != sight.person:
        return None
    days = minute_book.meeting_days(session, municipality.id)
    line = _line(municipality, sight, row, days.get(row.body, ()), day)
    said = register_questions.sayings_of(session, row.id)
    begun = Happening(row.made, f"Beslutad av {in_running_text(line.body)}", (), slot=row.slot)
    past = [begun, *(_happening(municipality, line, each) for each in said)]
    return ActionPage(line, tuple(reversed(past)))


def _happening(municipality: Municipality, line: ActionLine, each: Saying) -> Happening:
    channel, _, rest = each.source.partition(":")
    person = municipality.person_name(rest.partition(":")[0]) if rest else ""
    meeting = short_date(each.meeting)
    origins = {
        "meeting": f"Mötet {meeting}",
        "status": f"{person} inför mötet {meeting}",
        "page": f"{person} här på sidan",
    }
    told: list[str] = []
    if each.status:
        told.append(f"Läge: {STATUS_WORDS.get(each.status, each.status)}.")
    if each.due:
        told.append(f"Klart senast {short_date(each.due)}.")
    return Happening(
        each.day,
        origins.get(channel, person or "Ändrad"),
        tuple(told),
        "" if line.veiled else each.comment,
        each.slot if channel == "meeting" else None,
    )


@dataclass(frozen=True, slots=True)
class ActionChange:
    """What somebody says of an action; None and "" leave it as it is."""

    status: ActionStatus | None = None
    due: date | None = None
    comment: str = ""


class Unfit(ValueError):
    """What was said of an action cannot be meant: which part of it, and why in Swedish."""

    def __init__(self, part: Literal["status", "due", "comment"], why: str) -> None:
        super().__init__(why)
        self.part = part


def change_action(office: Office, municipality: Municipality, doer: Doer, number: str, change: ActionChange) -> bool:
    """Keeps what somebody says of an action on its page, tied to its body's latest meeting; whether anything changed.

    Each saying is an event of its own beside those of meetings and answers, so that nothing said is lost. Raises
    Unfit for what cannot be meant, and ValueError for an unknown action.
    """
    today = office.now.astimezone(municipality.timezone).date()
    with office.archive.write() as session:
        row = register_questions.action_numbered(session, municipality.id, number)
        if row is None:
            raise ValueError(f"Åtgärden ”{number}” finns inte.")
        change = _what_differs(row, change, today)
        if change == ActionChange():
            return False
        action = session.get_one(Action, row.id)
        before = _told(action)
        meeting = register_questions.last_meeting(session, municipality.id, row.body, today) or action.occasion_id
        session.add(
            ActionEvent(
                action_id=row.id,
                occasion_id=meeting,
                source=_source(session, row.id, doer.person),
                day=today,
                status=change.status or "",
                comment=change.comment,
                due=change.due,
            )
        )
        session.flush()
        settle(session, action)
        audit.note(session, office, doer, "action.change", number, before, _told(action))
    return True


def _what_differs(row: ActionRow, change: ActionChange, today: date) -> ActionChange:
    if len(change.comment) > LONGEST_COMMENT:
        raise Unfit("comment", f"Kommentaren är för lång: högst {LONGEST_COMMENT} tecken får plats.")
    if change.status is not None and change.status not in STATUS_WORDS:
        raise Unfit("status", "Välj ett av lägena i listan.")
    due = change.due if change.due != row.due else None
    if due is not None and not today <= due <= today.replace(year=today.year + 10, day=1):
        raise Unfit("due", "Välj en dag från och med i dag och högst tio år fram.")
    status = change.status if change.status != row.status else None
    return ActionChange(status, due, change.comment if change.comment != row.comment else "")


def _source(session: Session, action: int, person: str) -> str:
    """`page:<person>`, and from the second time on with a number: what was said before stays."""
    own = f"page:{person}"
    times = sum(each.source.split(":")[:2] == own.split(":") for each in register_questions.sayings_of(session, action))
    return f"{own}:{times + 1}" if times else own


def _told(action: Action) -> str:
    return f"{action.status}\n{action.due}\n{action.comment}"


# --- decisions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision as the register shows it; `veiled` where what it is about is not the reader's to know."""

    number: str
    title: str
    text: str
    body: str
    body_id: str
    decided: date
    slot: date
    referred_to: str
    answer: str
    answered: date | None
    veiled: bool = False

    @property
    def waits(self) -> bool:
        """Whether it was sent to another body that has not answered."""
        return bool(self.referred_to) and self.answered is None


Shown = Literal["alla", "hanskjutna", "obesvarade"]


@dataclass(frozen=True, slots=True)
class DecisionChoice:
    """Which decisions are asked for."""

    body: str = ""
    year: int | None = None
    text: str = ""
    shown: Shown = "alla"
    oldest_first: bool = False


def decision_entries(session: Session, municipality: Municipality, sight: Sight) -> list[DecisionEntry]:
    """Every decision the reader may know of, the newest first."""
    rows = register_questions.decisions_in(session, municipality.id, sight.bodies)
    return [_entry(municipality, sight, row) for row in rows if sight.reads(municipality, row.body, row.state)]


def _entry(municipality: Municipality, sight: Sight, row: DecisionLine) -> DecisionEntry:
    body = municipality.body_name(row.body)
    if row.confidentiality == "secret" and row.body not in sight.inside:
        return DecisionEntry(row.number, "", DECISION_VEIL, body, row.body, row.decided, row.slot, "", "", None, True)
    return DecisionEntry(
        number=row.number,
        title=row.title,
        text=row.text,
        body=body,
        body_id=row.body,
        decided=row.decided,
        slot=row.slot,
        referred_to=municipality.body_name(row.referred_to) if row.referred_to else "",
        answer=row.answer,
        answered=row.answered,
    )


def chosen_decisions(entries: Iterable[DecisionEntry], choice: DecisionChoice) -> list[DecisionEntry]:
    """The decisions that are asked for. Words are looked for in what the reader sees, no more."""
    words = all_words(choice.text)
    shown: dict[Shown, Callable[[DecisionEntry], bool]] = {
        "alla": lambda _: True,
        "hanskjutna": lambda each: bool(each.referred_to),
        "obesvarade": lambda each: each.waits,
    }
    found = [
        each
        for each in entries
        if shown[choice.shown](each)
        and choice.body in ("", each.body_id)
        and choice.year in (None, each.decided.year)
        and matches(f"{each.number}\n{each.title}\n{each.text}\n{each.answer}", words)
    ]
    return found[::-1] if choice.oldest_first else found


def in_meetings(age: int) -> str:
    """An action's age: `ny`, `ett möte`, `tre möten`."""
    if age == 0:
        return "ny"
    return f"{number_word(age, neuter=True)} {'möte' if age == 1 else 'möten'}"
