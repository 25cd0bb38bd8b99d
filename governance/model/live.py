"""The minutes as they are being written: what a line, a decision and a row of attendance mean, and who may decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Literal, cast

from governance.model.body import Body, Formality
from governance.model.meeting import Presence
from governance.model.words import MONTHS

FieldKind = Literal["text", "parts", "list"]  # free text; one `key: value` a line; one id a line
ItemState = Literal["untouched", "under-way", "done"]

VOTING = ("chair", "vice-chair", "member")
_SHORT = {"council": "Rådet", "steering": "Styrgruppen", "committee": "Nämnden", "assembly": "Fullmäktige"}
_PRESENCES = ("present", "excused", "absent")


def field_kind(name: str) -> FieldKind:
    """How the text of a field of the minutes is built, by the field's name."""
    if name.startswith(("attendance:", "action:")):
        return "parts"
    return "list" if name.endswith((":recused", ":approvers")) else "text"


def as_parts(values: Iterable[tuple[str, str]]) -> str:
    """`key: value`, a line each, those without value left out."""
    told = ((key, " ".join(value.split())) for key, value in values)
    return "\n".join(f"{key}: {value}" for key, value in told if value)


def parts_of(text: str) -> dict[str, str]:
    """What `as_parts` wrote."""
    lines = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in lines if value.strip()}


def clock_of(text: str) -> time | None:
    """`09:05`, `9.05` or `0905` as a time of day; None for anything else."""
    found = re.fullmatch(r"\s*(\d{1,2})[:.]?(\d{2})\s*", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def short_name(body: Body) -> str:
    """What a body calls itself in its decisions: `Rådet`, `Styrgruppen`, `Gruppen`."""
    if body.name.casefold().endswith(("styrelsen", "fullmäktige")) and " " not in body.name:
        return body.name
    return _SHORT.get(body.tier, "Gruppen")


def phrases(body: Body) -> dict[str, str]:
    """What `/b`, `/g`, `/l` and `/å` become in a decision."""
    return {
        "b": f"{short_name(body)} beslutar att ",
        "g": "godkänna ",
        "l": "lägga informationen till handlingarna.",
        "å": "återremittera ärendet ",
    }


def item_state(texts: Mapping[str, str], item: int) -> ItemState:
    """How far an item has come, by the fields written of it."""
    if texts.get(f"item:{item}:done"):
        return "done"
    begun = any(texts.get(f"item:{item}:{part}") for part in ("begun", "account", "decisions", "actions"))
    return "under-way" if begun else "untouched"


def minutes_between(begun: time | None, until: time | None) -> int | None:
    """Whole minutes from one time of day to another; None where either is missing."""
    if begun is None or until is None:
        return None
    return max(0, (until.hour - begun.hour) * 60 + until.minute - begun.minute)


# --- actions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as one line said it. `mention` is the name as written, `candidates` whom it may mean."""

    text: str
    owner: str = ""  # person id
    due: date | None = None
    mention: str = ""
    candidates: tuple[str, ...] = ()
    problem: str = ""  # in Swedish, "" where nothing is missing
    note: str = ""  # what was taken for granted


@dataclass(frozen=True, slots=True)
class Circle:
    """Who may be meant by a name: everybody, and those of the body, who are meant first. `day` is the meeting's."""

    people: Mapping[str, str]  # id -> name
    near: Collection[str]
    day: date


def parse_actions(text: str, circle: Circle) -> tuple[ActionLine, ...]:
    """The actions of a field, one a line; a leading dash is no part of it."""
    lines = (re.sub(r"^\s*[-–•*]\s+", "", line).strip() for line in text.splitlines())
    return tuple(parse_action(line, circle) for line in lines if line)


def parse_action(line: str, circle: Circle) -> ActionLine:
    """`@Anna 15/12 Laga belysningen`: who, when, what. The name may also stand last, the day first or last."""
    mention = re.search(r"(?<!\S)@(?=\S)", line)
    if mention is None:
        due, rest, wrong, note = _taken_day(("", line), circle.day)
        return _judged(ActionLine(_tidy(" ".join(rest)), due=due, note=note), wrong, "")
    named, owners, after = _named(line[mention.end() :], circle)
    due, rest, wrong, note = _taken_day((line[: mention.start()], after), circle.day)
    found = ActionLine(_tidy(" ".join(rest)), due=due, mention=named, note=note)
    if len(owners) == 1:
        return _judged(replace(found, owner=owners[0]), wrong, "")
    text = _tidy(f"@{named} {found.text}")  # nobody is known by it: the name stays in the text
    names = ", ".join(circle.people[each] for each in owners)
    who = f"”{named}” kan vara {names}." if owners else f"Ingen här heter ”{named}”."
    return _judged(replace(found, text=text, candidates=owners), wrong, who)


def _judged(found: ActionLine, wrong_day: str, who: str) -> ActionLine:
    missing = [who or ("" if found.owner else "Ansvarig saknas.")]
    missing.append(wrong_day or ("" if found.due else "Datum saknas."))
    missing.append("" if found.text else "Vad som ska göras saknas.")
    return replace(found, problem=" ".join(filter(None, missing)))


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;:–-").removesuffix(".")


def folded(text: str) -> str:
    """A name without capitals and accents, so that `Noren` finds Norén and `oberg` Öberg."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _named(after: str, circle: Circle) -> tuple[str, tuple[str, ...], str]:
    """The name at the beginning, whom it may mean, and what follows it."""
    words = list(re.finditer(r"\S+", after))[:3]
    ends = [word.end() for word in words]
    for end in reversed(ends[1:]):  # a whole name of several words
        spoken = after[:end].rstrip(",.:;")
        whole = tuple(person for person, name in circle.people.items() if folded(name) == folded(spoken))
        if whole:
            return spoken, whole, after[end:]
    spoken = after[: ends[0]].rstrip(",.:;")
    return spoken, _meant(folded(spoken), circle), after[ends[0] :]


def _meant(spoken: str, circle: Circle) -> tuple[str, ...]:
    if spoken in circle.people:
        return (spoken,)
    parts = {person: folded(name).split() for person, name in circle.people.items()}
    exact = [person for person, names in parts.items() if spoken in names]
    begun = [person for person, names in parts.items() if any(each.startswith(spoken) for each in names)]
    for found in (exact, begun if len(spoken) > 1 else []):
        near = [person for person in found if person in circle.near]
        if near or found:
            return tuple(near or found)
    return ()


_MONTH = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
_DAY = re.compile(
    r"(?:(?:senast|före|innan|till|den|klart|klar)\s+)*"
    r"(?:(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:(?:[/-]|\s+(?=\d{4}))(?P<y>\d{4}|\d{2}))?"
    rf"|(?P<wd>\d{{1,2}})(?::?e)?\s+(?P<wm>{'|'.join(_MONTH)})[a-zåäö]*\.?(?:\s+(?P<wy>\d{{4}}))?"
    r"|(?:v\.?|vecka)\s*(?P<week>\d{1,2}))(?=$|[\s,.;:])",
    re.IGNORECASE,
)


def _taken_day(sides: tuple[str, str], day: date) -> tuple[date | None, tuple[str, ...], str, str]:
    """The day beside the name or at either end of the line: (day, what is left, what is wrong, what was assumed)."""
    for place in (1, 0):
        side = sides[place].strip()
        found = [hit for hit in _DAY.finditer(side) if hit.start() == 0 or not side[hit.end() :].strip(" .")]
        hits = [hit for hit in found if not side[: hit.start()] or side[hit.start() - 1].isspace()]
        if hits:
            hit = hits[0]
            left = [*sides]
            left[place] = f"{side[: hit.start()]} {side[hit.end() :]}"
            try:
                due, note = _day_of(hit, day)
            except ValueError:
                return None, tuple(left), f"”{hit[0].split()[-1]}” är inget datum.", ""
            return due, tuple(left), "", note
    return None, sides, "", ""


def _day_of(hit: re.Match[str], day: date) -> tuple[date, str]:
    """The day meant; without a year the next one from the meeting on. Raises ValueError for a day that is none."""
    if hit["iso"]:
        year, month, number = map(int, hit["iso"].split("-"))
        return date(year, month, number), ""
    if hit["week"]:
        found = date.fromisocalendar(day.year, int(hit["week"]), 5)
        if found < day:
            found = date.fromisocalendar(day.year + 1, int(hit["week"]), 5)
        return found, "Fredagen den veckan."
    year_text = hit["y"] or hit["wy"] or ""
    number = int(hit["d"] or hit["wd"])
    month = int(hit["m"]) if hit["m"] else _MONTH[hit["wm"].casefold()]
    if year_text:
        return date(int(year_text) + (2000 if len(year_text) == 2 else 0), month, number), ""
    found = date(day.year, month, number)
    if found < day:
        return date(day.year + 1, month, number), "Dagen har passerat i år, så det blev nästa."
    return found, ""


# --- decisions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as it was written; `refer_to` is a body id, `answers` the key of a referral."""

    text: str
    refer_to: str = ""
    answers: str = ""
    problem: str = ""


def parse_decisions(text: str, bodies: Mapping[str, str], referrals: Mapping[str, str]) -> tuple[DecisionLine, ...]:
    """The decisions of a field, parted by blank lines. A line `→ Styrgruppen` sends one on, `Svar på: …` answers.

    `bodies` are names by id, `referrals` keys by the words after `Svar på:`.
    """
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    return tuple(_decision(block, bodies, referrals) for block in blocks if block.strip())


def _decision(block: str, bodies: Mapping[str, str], referrals: Mapping[str, str]) -> DecisionLine:
    words: list[str] = []
    refer_to = answers = problem = ""
    for line in map(str.strip, block.splitlines()):
        onward = re.match(r"(?:→|->)\s*(?P<name>.+)", line)
        answer = re.match(r"svar på:\s*(?P<label>.+)", line, re.IGNORECASE)
        if onward:
            name = folded(onward["name"]).rstrip(". ")
            exact = [key for key, called in bodies.items() if folded(called) == name]
            begun = [key for key, called in bodies.items() if folded(called).startswith(name)]
            refer_to = next((keys[0] for keys in (exact, begun) if len(keys) == 1), "")
            problem = "" if refer_to else f"Det finns inget organ som heter ”{onward['name']}”."
        elif answer:
            label = folded(answer["label"])
            answers = next((key for words_, key in referrals.items() if folded(words_) == label), "")
            problem = problem if answers else f"Frågan ”{answer['label']}” finns inte."
        else:
            words.append(line)
    if not words:
        problem = problem or "Beslutet saknar text."
    return DecisionLine(" ".join(filter(None, words)), refer_to, answers, problem)


# --- attendance --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of attendance. `presence` is None until somebody has said; `serves_for` is the member replaced."""

    presence: Presence | None = None
    arrived: time | None = None
    left: time | None = None
    serves_for: str = ""
    note: str = ""

    def here(self, at: time | None) -> bool:
        """Whether the person is in the room at a time of day (None: at any time of the meeting)."""
        if self.presence != "present":
            return False
        come = at is None or self.arrived is None or self.arrived <= at
        return come and (at is None or self.left is None or at < self.left)


def parse_attendance(text: str) -> Seen:
    """What a field `attendance:<person>` says."""
    parts = parts_of(text)
    presence = parts.get("presence", "")
    return Seen(
        presence=cast("Presence", presence) if presence in _PRESENCES else None,
        arrived=clock_of(parts.get("from", "")),
        left=clock_of(parts.get("until", "")),
        serves_for=parts.get("for", ""),
        note=parts.get("note", ""),
    )


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of a body's members take part, substitutes who serve included, and whether that is enough."""

    members: int
    taking_part: int
    present: int  # everybody in the room
    formality: Formality
    taken: bool  # attendance has been taken
    recused: int = 0

    @property
    def needed(self) -> int:
        """More than half of the members (6 kap. 27 § kommunallagen); the regulated bodies follow the same."""
        return self.members // 2 + 1

    @property
    def met(self) -> bool:
        """Whether the body may decide. A group without rules always may."""
        return self.formality == "informal" or self.taking_part >= self.needed

    def words(self) -> str:
        """The line shown during the meeting."""
        if not self.taken:
            return "Närvaron är inte antecknad"
        if self.formality == "informal":
            return f"{self.present} närvarande"
        told = f"{self.taking_part} av {self.members} ledamöter"
        return f"{told}, beslutsför" if self.met else f"{told}, inte beslutsför (minst {self.needed})"

    def frozen(self) -> str:
        """The line kept with a decision; "" where attendance is not taken."""
        if not self.taken:
            return ""
        if self.formality == "informal":
            return f"{self.present} närvarande deltog i beslutet."
        told = f"{self.taking_part} av {self.members} ledamöter deltog i beslutet."
        return told if self.met else f"{told} Det är inte fler än hälften."


def quorum(
    body: Body, day: date, attendance: Mapping[str, Seen], at: time | None = None, recused: Collection[str] = ()
) -> Quorum:
    """Counts who takes part at a time of day; `recused` have left the room and count for nothing (6 kap. 30 §)."""
    seats = [seat for seat in body.seats_on(day) if seat.role in VOTING]
    members = tuple(dict.fromkeys(person for seat in seats for person in seat.held_by))
    vacant = sum(1 for seat in seats if not seat.held_by)
    room = {person for person, seen in attendance.items() if seen.here(at) and person not in recused}
    serving = {attendance[person].serves_for for person in room if person not in members}
    taking_part = sum(1 for person in members if person in room or person in serving)
    return Quorum(
        members=len(members) + vacant,
        taking_part=taking_part,
        present=len(room),
        formality=body.formality,
        taken=any(seen.presence for seen in attendance.values()),
        recused=len(recused),
    )
