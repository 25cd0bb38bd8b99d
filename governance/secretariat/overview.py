"""The overview: what is to do now, the next meetings, the duties with their clocks, and the year's meetings.

Four questions to the archive, whatever its size (`store.page_questions`); the rest is reckoned from the config.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from governance.model.access import may, roles_in
from governance.model.approval import approvers
from governance.model.body import Body, Municipality
from governance.model.deadlines import step_days
from governance.model.duties import Evidence
from governance.model.follow_up import DutyState
from governance.model.law import duty_states
from governance.model.occurrence import calendar_of
from governance.model.words import day_month
from governance.papers.swedish import sentence
from governance.secretariat.actions import VEIL
from governance.store import page_questions

COMING = 6  # meetings told of
MOST_ACTIONS = 30
UNHELD = ("planned", "convened")


@dataclass(frozen=True, slots=True)
class YearMeeting:
    """A meeting as lists and the wheel show it. `state` is planned, convened, unrecorded, held, late or cancelled."""

    id: int
    body: str
    name: str
    slot: date
    day: date
    starts: time
    ends: time
    state: str
    reason: str = ""

    @property
    def words(self) -> str:
        """The state in words."""
        return STATES[self.state]


STATES = {
    "planned": "Planerat",
    "convened": "Kallelse skickad",
    "unrecorded": "Ska antecknas",
    "held": "Genomfört",
    "late": "Försenat",
    "cancelled": "Blev inte av",
}


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do. `path` is below the municipality's; `button` is what a button there says, with its own path."""

    kind: str  # record | approve | failed | undelivered | question | answers | replies | drafts | action
    words: str
    path: str = ""
    detail: str = ""
    due: date | None = None
    late: int = 0  # days since it was due; 0 where it is in time
    button: str = ""
    button_path: str = ""
    others: bool = False  # somebody else's to do; the visitor looks after it


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview shows. `rows` are the year's meetings as asked for, `late` the ids of those that lag."""

    year: int
    today: date
    errands: tuple[Errand, ...]
    coming: tuple[YearMeeting, ...]
    duties: tuple[DutyState, ...]
    rows: Sequence[Row[Any]]
    late: frozenset[int]
    ended: frozenset[int]
    fuller: bool = False  # whether there are more late actions than are told

    @property
    def clocks(self) -> tuple[DutyState, ...]:
        """The duties with a clock."""
        return tuple(each for each in self.duties if each.section == "6 §")

    @property
    def others(self) -> tuple[DutyState, ...]:
        """The duties without one."""
        return tuple(each for each in self.duties if each.section != "6 §")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody and what they may see and do: the ids of bodies, by right."""

    town: Municipality
    person: str
    now: datetime
    bodies: tuple[str, ...]  # may be seen
    kept: tuple[str, ...]  # others' things may be seen there
    written: tuple[str, ...]  # minutes may be written there
    own: tuple[str, ...]  # seen, and kept here and not in another system
    approved: tuple[str, ...]  # seen, and their minutes are approved

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()

    def called(self, body: str) -> bool:
        """Whether the person has a seat in the body today."""
        found = self.town.bodies.get(body)
        return found is not None and self.person in found.members_on(self.today)


def viewer(town: Municipality, person: str, now: datetime) -> Viewer:
    """What somebody may see at a local moment."""
    seen: list[Body] = []
    kept, written = [], []
    for body in town.bodies.values():
        roles = roles_in(town, body, person, now.date())
        if not may(roles, "dates", "L"):
            continue
        seen.append(body)
        if not body.external and may(roles, "others", "L"):
            kept.append(body.id)
        if not body.external and may(roles, "live", "S"):
            written.append(body.id)
    own = [body for body in seen if not body.external]
    return Viewer(
        town,
        person,
        now,
        bodies=tuple(body.id for body in seen),
        kept=tuple(kept),
        written=tuple(written),
        own=tuple(body.id for body in own),
        approved=tuple(body.id for body in own if body.formality != "informal"),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the archive answered."""

    meetings: Sequence[Row[Any]]
    waiting: Sequence[Row[Any]]
    actions: Sequence[Row[Any]]
    evidence: Sequence[Row[Any]]


def ask(connection: Connection, who: Viewer, year: int) -> Asked:
    """The four questions of an overview."""
    town, today = who.town.id, who.today
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Asked(
        page_questions.meetings(
            connection, town, who.bodies, first, last, today, own=who.own, approved=who.approved, most=COMING
        ),
        page_questions.waiting(connection, town, who.bodies, who.approved, who.person, who.now, today),
        page_questions.open_actions(connection, town, who.kept, who.person, today, MOST_ACTIONS + 1),
        page_questions.evidence(connection, town),
    )


def look(session: Session, who: Viewer, year: int) -> Overview:
    """The overview of a year, as somebody sees it."""
    found = ask(session.connection(), who, year)
    clock = who.now.time().replace(tzinfo=None)
    today = who.today
    unfinished = [row for row in found.meetings if row.day <= today and row.status in {*UNHELD, "held"}]
    ended = [row for row in unfinished if row.day < today or row.ends <= clock]
    limits = {row.id: _local(who, row.at) for row in found.waiting if row.what == "approver"}
    behind = lagging(who, ended, limits)
    errands = [
        *_to_record(who, ended, found.waiting, behind),
        *_to_approve(who, ended, found.waiting, behind),
        *_waiting(who, found.waiting),
        *_actions(who, found.actions[:MOST_ACTIONS]),
    ]
    errands.sort(key=lambda each: (not each.late, each.others, -each.late, each.due or date.max))
    return Overview(
        year,
        today,
        tuple(errands),
        _coming(who, found.meetings, clock),
        _duties(who.town, found.evidence, today),
        [row for row in found.meetings if row.day.year == year],
        frozenset(behind),
        frozenset(row.id for row in ended),
        len(found.actions) > MOST_ACTIONS,
    )


# --- meetings ------------------------------------------------------------------------------------------------------


def as_meeting(town: Municipality, row: Row[Any], late: frozenset[int], ended: frozenset[int]) -> YearMeeting:
    """A row of the year as it is shown."""
    if row.status in {"cancelled", "not-held"}:
        state = "cancelled"
    elif row.id in late:
        state = "late"
    elif row.id in ended and row.status in UNHELD:
        body = town.bodies.get(row.key)
        state = "held" if body is not None and body.external else "unrecorded"
    else:
        state = "held" if row.status == "closed" else str(row.status)
    name = town.body_name(row.key)
    return YearMeeting(row.id, row.key, name, row.slot, row.day, row.starts, row.ends, state, row.reason)


def _coming(who: Viewer, rows: Sequence[Row[Any]], clock: time) -> tuple[YearMeeting, ...]:
    nothing: frozenset[int] = frozenset()
    ahead = [
        row
        for row in rows
        if row.status in UNHELD and (row.day > who.today or (row.day == who.today and row.ends > clock))
    ]
    return tuple(as_meeting(who.town, row, nothing, nothing) for row in ahead[:COMING])


def lagging(who: Viewer, ended: Sequence[Row[Any]], limits: Mapping[int, date] | None = None) -> Mapping[int, date]:
    """When the minutes or their approval were due, of the meetings where that day has passed.

    `limits` are days to approve by that have been set otherwise than by the lead time.
    """
    found: dict[int, date] = {}
    for row in ended:
        waits = who.own if row.status in UNHELD else who.approved if row.status == "held" else ()
        if row.key in waits:
            due = (limits or {}).get(row.id) or _due(who.town, row)
            if due < who.today:
                found[row.id] = due
    return found


def _due(town: Municipality, row: Row[Any]) -> date:
    """The last day for what a meeting that has been waits for: its minutes, or their approval."""
    body = town.bodies[row.key]
    days = step_days(body.lead_times, row.day, calendar_of(body, town.calendar))
    return days.minutes if row.status in UNHELD else days.approval


def _place(row: Row[Any]) -> str:
    return f"organ/{row.key}/{row.slot}"


def day_near(day: date, today: date) -> str:
    """`12 januari`, with its year where that is not this one."""
    return day_month(day) if day.year == today.year else f"{day_month(day)} {day.year}"


def _named(who: Viewer, row: Row[Any]) -> str:
    return f"{who.town.body_name(row.key)} {day_near(row.day, who.today)}"


# --- what is to do -------------------------------------------------------------------------------------------------


def _to_record(
    who: Viewer, ended: Sequence[Row[Any]], waiting: Sequence[Row[Any]], behind: Mapping[int, date]
) -> list[Errand]:
    begun = {row.id for row in waiting if row.what == "writing"}
    found = []
    for row in ended:
        if row.status not in UNHELD or row.key not in who.written:
            continue
        informal = who.town.bodies[row.key].formality == "informal"
        paper = "anteckningar" if informal else "protokoll"
        due = _due(who.town, row)
        found.append(
            Errand(
                "record",
                f"{'Minnesanteckningar' if informal else 'Protokoll'} att skriva",
                _place(row),
                _named(who, row),
                due,
                (who.today - due).days if row.id in behind else 0,
                f"{'Fortsätt på' if row.id in begun else 'Skriv'} {paper}",
                f"{_place(row)}/anteckna",
            )
        )
    return found


def _to_approve(
    who: Viewer, ended: Sequence[Row[Any]], waiting: Sequence[Row[Any]], behind: Mapping[int, date]
) -> list[Errand]:
    """Minutes to approve: for those whose it is and the secretary, once they are made; for all keepers, when late."""
    asked = {row.id: row for row in waiting if row.what == "approver"}
    away: dict[int, set[str]] = {}
    for row in waiting:
        if row.what == "away":
            away.setdefault(row.id, set()).add(row.words)
    found = []
    for row in ended:
        said = asked.get(row.id)
        if row.status != "held" or row.key not in who.approved or said is None:
            continue
        body = who.town.bodies[row.key]
        whose = approvers(body, row.day, json.loads(said.words or "[]"), away.get(row.id, ()))
        mine = who.person in whose and bool(said.second) and not said.first
        waits = row.id in behind or (bool(said.second) and who.person not in whose)
        if not mine and (row.key not in who.kept or not waits):
            continue
        due, path = _local(who, said.at), f"{_place(row)}/justering"
        found.append(
            Errand(
                "approve",
                "Protokoll att justera" if mine or row.id not in behind else "Protokoll som inte är justerat",
                path,
                _named(who, row),
                due,
                (who.today - due).days if row.id in behind else 0,
                "Läs och justera" if mine else "",
                path if mine else "",
                others=not mine and row.id not in behind,
            )
        )
    return found


def _local(who: Viewer, moment: datetime) -> date:
    return moment.astimezone(who.town.timezone).date()


def _waiting(who: Viewer, waiting: Sequence[Row[Any]]) -> list[Errand]:
    """Status questions, replies by mail, and what did not go out."""
    found: list[Errand] = []
    for row in waiting:
        if row.what == "asked":
            found += _answers(who, row)
        elif row.what in _TOLD and _keeps(who, row):
            found.append(_told(who, row))
    failed = [each for each in found if each.kind == "failed"]
    if len(failed) > 2:  # most often for one and the same reason: they shall not bury the rest
        first = failed[0]
        many = replace(first, words=f"{len(failed)} saker gick inte att göra", detail=f"{first.words}: {first.detail}")
        found = [many, *(each for each in found if each.kind != "failed")]
    return found


def _keeps(who: Viewer, row: Row[Any]) -> bool:
    """Whether it is this person's to look after; what belongs to no body is for whoever keeps them all."""
    return row.key in who.kept or (row.kind == "edition" and set(who.kept) == set(who.own))


def _answers(who: Viewer, row: Row[Any]) -> list[Errand]:
    due = _local(who, row.at)
    late = max((who.today - due).days, 0)
    meeting = _named(who, row)
    found = []
    if row.words == "1":
        found.append(
            Errand(
                "question",
                "Svara inför mötet",
                f"{_place(row)}/svar",
                meeting,
                due,
                late,
                "Svara",
                f"{_place(row)}/svar",
            )
        )
    if row.key in who.kept:
        found.append(
            Errand("answers", f"Svar från {row.second} av {row.first}", f"{_place(row)}/laget", meeting, due, late)
        )
    return found


_STEPS = {
    "invitation": "kallelsen",
    "status_request": "lägesfrågan",
    "agenda": "dagordningen",
    "situation": "veckolägesbilden",
    "minutes": "protokollet",
    "approval": "påminnelsen om justering",
    "annual_follow_up": "uppföljningen",
    "two_year_follow_up": "uppföljningen",
}
_BELOW = {"reply": "/inkommet", "mail": "/brev", "draft": "/brev"}  # the page below the meeting's that is about it
_TOLD = {
    "step": ("failed", "Gick inte"),
    "mail": ("undelivered", "Mejl som inte kom fram"),
    "reply": ("replies", "Svar i mejl att läsa"),
    "draft": ("drafts", "Mejl att läsa innan de går iväg"),
}


def _told(who: Viewer, row: Row[Any]) -> Errand:
    kind, words = _TOLD[row.what]
    name = f"{_occasion_name(who.town, row.key)} {day_near(row.day, who.today)}"
    path = _place(row) + _BELOW.get(row.what, "") if row.kind == "meeting" else ""
    if row.what != "step":
        return Errand(kind, f"{words} ({row.first})", path, f"{name}{f': {row.words}' if row.words else ''}")
    step, _, why = row.words.partition(" ")
    at = _local(who, row.at)
    late = max((who.today - at).days, 0)
    return Errand(kind, f"Gick inte: {_STEPS.get(step, 'påminnelsen')}", path, f"{name}. {sentence(why)}", at, late)


def _occasion_name(town: Municipality, key: str) -> str:
    product = town.products.get(key)
    return product.title if product else town.body_name(key)


def _actions(who: Viewer, rows: Sequence[Row[Any]]) -> list[Errand]:
    found = []
    for row in rows:
        veiled = row.confidentiality == "secret" and not who.called(row.body)
        mine = row.owner == who.person
        owner = "Din åtgärd" if mine else who.town.person_name(row.owner)
        late = max((who.today - row.due).days, 0) if row.due else 0
        detail = f"{row.number}, {owner}"
        words, path = VEIL if veiled else row.text, f"atgarder/{row.number}"
        found.append(Errand("action", words, path, detail, row.due, late, others=not mine))
    return found


# --- duties --------------------------------------------------------------------------------------------------------


def _duties(town: Municipality, rows: Sequence[Row[Any]], today: date) -> tuple[DutyState, ...]:
    evidence = [
        Evidence(row.duty, row.done, row.area, town.body_name(row.body) if row.body else "", row.decision)
        for row in rows
    ]
    return duty_states(town, evidence, today)
