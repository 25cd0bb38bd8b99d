"""The fields of the minutes being written: saved by version, so that nothing anybody wrote is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.live import (
    Circle,
    DecisionLine,
    as_parts,
    parse_actions,
    parse_attendance,
    parse_decisions,
)
from governance.model.record import ItemEntry, MeetingEntry, PresenceEntry
from governance.store import live_questions, minute_book
from governance.store.desk_tables import MinutesField, MinutesRevision
from governance.store.tables import DecisionRow, Occasion


@dataclass(frozen=True, slots=True)
class Saved:
    """A field holds this text now, in this version."""

    name: str
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has written there since: what stands there, and who wrote it. One's own text is kept too."""

    name: str
    text: str
    version: int
    person: str
    mine: str


def keep_text(
    session: Session, occasion_id: int, name: str, base: int | None, text: str, person: str, now: datetime
) -> Saved | Conflict:
    """Saves a text that was written from version `base` (None: from whatever stands there).

    A text that meets a newer version is kept as a refused revision; the same text as stands there changes nothing.
    """
    row = live_questions.field_of(session, occasion_id, name)
    if row is None:
        if not text:
            return Saved(name, "", 0)
        row = MinutesField(occasion_id=occasion_id, name=name, version=0, text="", person="", at=now)
        session.add(row)
        session.flush()
    if row.text == text:
        return Saved(name, text, row.version)
    refused = base is not None and base != row.version
    if not refused:
        row.version, row.text, row.person, row.at = row.version + 1, text, person, now
    session.add(
        MinutesRevision(field_id=row.id, version=row.version, text=text, person=person, at=now, refused=refused)
    )
    session.flush()
    return Conflict(name, row.text, row.version, row.person, text) if refused else Saved(name, text, row.version)


# --- names -------------------------------------------------------------------------------------------------------


def circle_of(municipality: Municipality, meeting: Occasion) -> Circle:
    """Who may be meant by a name in a meeting's minutes."""
    people = {person.id: person.name for person in municipality.people.values()}
    return Circle(people, municipality.bodies[meeting.key].members_on(meeting.day), meeting.day)


def referral_label(municipality: Municipality, row: DecisionRow) -> str:
    """What stands after `Svar på:` in the minutes that answer another body's decision."""
    day = f"{row.decided:%Y-%m-%d}"
    place = f" ({row.position})" if row.position > 1 else ""
    number = row.number if row.number.startswith("§") else f"ärende {row.number}"
    return f"{municipality.body_name(row.body)} {day}, {number}{place}"


def body_names(municipality: Municipality, meeting: Occasion) -> dict[str, str]:
    """The bodies a decision can be sent on to, by id."""
    return {body.id: body.name for body in municipality.bodies.values() if body.id != meeting.key}


# --- what was recorded otherwise -----------------------------------------------------------------------------------


def follow_record(
    session: Session, municipality: Municipality, meeting: Occasion, entry: MeetingEntry, now: datetime, begin: bool
) -> int:
    """Makes the fields say what was recorded of the meeting by other means, such as a file or a corrected Word paper.

    A field that says the same in other words is left alone. Where nobody has written anything yet, nothing happens
    unless `begin` says so. How many fields were changed.
    """
    fields = {name: row.text for name, row in live_questions.fields_of(session, meeting.id).items()}
    if not fields and not begin:
        return 0
    changed = 0
    for name, text in _texts(session, municipality, meeting, entry, fields).items():
        if fields.get(name, "").strip() != text.strip():
            keep_text(session, meeting.id, name, None, text, "", now)
            changed += 1
    return changed


def _texts(
    session: Session, municipality: Municipality, meeting: Occasion, entry: MeetingEntry, fields: Mapping[str, str]
) -> dict[str, str]:
    circle, bodies = circle_of(municipality, meeting), body_names(municipality, meeting)
    told = {said.title.casefold(): said for said in entry.items}
    found: dict[str, str] = {}
    for item in minute_book.items_of(session, meeting.id):
        said = told.get(item.title.casefold(), ItemEntry(item.title))
        key = f"item:{item.id}"
        found[f"{key}:account"] = said.account
        former = fields.get(f"{key}:decisions", "")
        decisions = tuple(DecisionLine(each.text, each.refer_to) for each in said.decisions)
        if tuple(DecisionLine(x.text, x.refer_to) for x in parse_decisions(former, bodies, {})) != decisions:
            found[f"{key}:decisions"] = "\n\n".join(_decision_text(each, bodies) for each in decisions)
        former = fields.get(f"{key}:actions", "")
        actions = tuple((each.owner, each.due, each.text.removesuffix(".")) for each in said.actions)
        if tuple((each.owner, each.due, each.text) for each in parse_actions(former, circle)) != actions:
            found[f"{key}:actions"] = "\n".join(_action_text(*each) for each in actions)
        if said.recused:  # files tell neither this nor the next: what was written stays
            found[f"{key}:recused"] = "\n".join(said.recused)
        if said.quorum:
            found[f"{key}:quorum"] = said.quorum
    found |= _attendance_texts(entry, fields)
    found["meeting:assessment"] = entry.assessment
    found["meeting:ahead"] = "\n".join(entry.ahead)
    found["meeting:to_parent"] = "\n".join(entry.to_parent)
    found["meeting:approvers"] = "\n".join(entry.approvers)
    return found


def _decision_text(decision: DecisionLine, bodies: Mapping[str, str]) -> str:
    onward = bodies.get(decision.refer_to)
    return f"{decision.text}\n→ {onward}" if onward else decision.text


def _action_text(owner: str, due: date | None, text: str) -> str:
    return " ".join(filter(None, [f"@{owner}" if owner else "", f"{due:%Y-%m-%d}" if due else "", text]))


def _attendance_texts(entry: MeetingEntry, fields: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    rows = {f"attendance:{row.person}": row for row in entry.attendance}
    for name, row in rows.items():
        former = parse_attendance(fields.get(name, ""))
        if (former.presence, former.arrived, former.left) != (row.presence, row.arrived, row.left):
            found[name] = _attendance_text(row)
    gone = (name for name in fields if name.startswith("attendance:") and name not in rows)
    return found | {name: "" for name in gone if parse_attendance(fields[name]).presence}


def _attendance_text(row: PresenceEntry) -> str:
    times = [
        ("from", f"{row.arrived:%H:%M}" if row.arrived else ""),
        ("until", f"{row.left:%H:%M}" if row.left else ""),
    ]
    return as_parts([("presence", row.presence), *times, ("note", row.note)])
