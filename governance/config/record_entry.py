"""One entry of a record file, from plain data to `MeetingEntry`. The format is docs/reference/record.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from governance.config.value import Value
from governance.model.action import ActionStatus
from governance.model.body import Body, Municipality
from governance.model.meeting import Presence
from governance.model.record import (
    ActionUpdate,
    AnswerEntry,
    ApprovalEntry,
    Completion,
    ItemEntry,
    MeetingEntry,
    NewAction,
    NewDecision,
    PresenceEntry,
)
from governance.model.status import StatusChoice

KEYS = (
    "meeting",
    "municipality",
    "answers",
    "present",
    "excused",
    "absent",
    "items",
    "actions",
    "assessment",
    "ahead",
    "to_parent",
    "approvers",
    "approved",
    "not_held",
    "completed",
    "recorded",
    "correction",
)
DUTIES = ("situation-picture", "action-plan", "action-plan-follow-up", "report-to-assembly")
_OUTCOME = ("present", "items", "actions", "assessment", "approved")
_STATUSES_SV = {
    "ej påbörjad": "not-started",
    "inte påbörjad": "not-started",
    "påbörjad": "in-progress",
    "pågår": "in-progress",
    "pågående": "in-progress",
    "started": "in-progress",
    "klar": "done",
    "klart": "done",
    "färdig": "done",
    "genomförd": "done",
    "closed": "done",
    "avskriven": "dropped",
    "avslutad": "done",
    "struken": "dropped",
    "inställd": "dropped",
    "cancelled": "dropped",
}


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads the parts of one entry; `municipality` and `body` say which words are right in it."""

    municipality: Municipality
    body: Body

    def entry(self, found: Mapping[str, Value], day: date, file: str, line: int) -> MeetingEntry:
        """The whole entry. What is wrong in it is left out, and noted."""
        zone = self.municipality.timezone
        not_held = _text(found, "not_held")
        if not_held:
            for key in _OUTCOME:
                if key in found:
                    found["not_held"].wrong(f"mötet hölls inte, men posten har {key}; ta bort det ena")
        return MeetingEntry(
            file=file,
            line=line,
            body=self.body.id,
            day=day,
            answers=self._answers(found),
            attendance=self._attendance(found),
            items=self._items(found),
            actions=self._updates(found),
            assessment=_text(found, "assessment"),
            ahead=_texts(found, "ahead"),
            to_parent=_texts(found, "to_parent"),
            approvers=self._persons(found, "approvers"),
            approved=self._approved(found),
            not_held=not_held,
            completed=self._completed(found),
            recorded=found["recorded"].moment(zone) if "recorded" in found else None,
            correction=_text(found, "correction"),
        )

    def person(self, value: Value) -> str | None:
        """A person id."""
        people = self.municipality.people
        names = {person.name.casefold(): person.id for person in people.values()}
        return value.word(people, "ingen person i filen (people)", names)

    def _persons(self, found: Mapping[str, Value], key: str) -> tuple[str, ...]:
        rows = found[key].rows() if key in found else ()
        return tuple(person for row in rows if (person := self.person(row)))

    def _answers(self, found: Mapping[str, Value]) -> tuple[AnswerEntry, ...]:
        read = [self._answer(row) for row in _rows(found, "answers")]
        return tuple(answer for answer in read if answer)

    def _answer(self, row: Value) -> AnswerEntry | None:
        found = row.keys(("from", "received", "answers", "nothing", "as_last_time", "actions"), must=("from",))
        if found is None or "from" not in found:
            return None
        person = self.person(found["from"])
        said: dict[StatusChoice, bool] = {
            "nothing": "nothing" in found and found["nothing"].yes(),
            "as-last-time": "as_last_time" in found and found["as_last_time"].yes(),
            "changed": "answers" in found,
        }
        if sum(said.values()) > 1:
            row.wrong("svaret säger två saker; behåll en av answers, nothing och as_last_time")
        if not any(said.values()) and "actions" not in found:
            row.wrong("svaret är tomt; skriv answers, actions, nothing: true eller as_last_time: true")
        received = found["received"].moment(self.municipality.timezone) if "received" in found else None
        choice: StatusChoice = next((choice for choice, chosen in said.items() if chosen), "changed")
        answers = self._questions(found["answers"]) if "answers" in found else {}
        return AnswerEntry(person or "", received, choice, answers, self._updates(found))

    def _questions(self, value: Value) -> dict[str, str]:
        answers = {}
        for question, answer in (value.pairs() or {}).items():
            if self.body.asks:
                asked = {known.casefold(): known for known in self.body.asks}
                naming = Value(value.source, answer.path, question)
                if not naming.word(self.body.asks, f"ingen fråga som {self.body.name} ställer", asked):
                    continue
            answers[question] = answer.text() or ""
        return answers

    def _updates(self, found: Mapping[str, Value]) -> dict[str, ActionUpdate]:
        pairs = (found["actions"].pairs() or {}) if "actions" in found else {}
        return {ref: update for ref, value in pairs.items() if (update := _update(value))}

    def _attendance(self, found: Mapping[str, Value]) -> tuple[PresenceEntry, ...]:
        entries: dict[str, PresenceEntry] = {}
        for presence in get_args(Presence):
            for row in _rows(found, presence):
                entry = self._presence(row, presence)
                if entry and entry.person in entries:
                    row.wrong(f"{entry.person} står redan under {entries[entry.person].presence}; ta bort den ena")
                elif entry:
                    entries[entry.person] = entry
        return tuple(entries.values())

    def _presence(self, row: Value, presence: Presence) -> PresenceEntry | None:
        if not isinstance(row.data, dict):
            person = self.person(row)
            return PresenceEntry(person, presence) if person else None
        found = row.keys(("person", "from", "until", "note"), must=("person",)) or {}
        arrived = found["from"].clock() if "from" in found else None
        left = found["until"].clock() if "until" in found else None
        if arrived and left and left <= arrived:
            found["until"].wrong(f"slutar ({left:%H:%M}) innan det börjar ({arrived:%H:%M}); byt plats på tiderna")
        person = self.person(found["person"]) if "person" in found else None
        return PresenceEntry(person, presence, arrived, left, _text(found, "note")) if person else None

    def _items(self, found: Mapping[str, Value]) -> tuple[ItemEntry, ...]:
        pairs = (found["items"].pairs() or {}) if "items" in found else {}
        return tuple(self._item(title, value) for title, value in pairs.items())

    def _item(self, title: str, value: Value) -> ItemEntry:
        found = value.keys(("account", "decisions", "actions")) or {}
        decisions = [self._decision(row) for row in _rows(found, "decisions")]
        actions = [self._action(row) for row in _rows(found, "actions")]
        return ItemEntry(
            title,
            _text(found, "account"),
            tuple(decision for decision in decisions if decision),
            tuple(action for action in actions if action),
        )

    def _decision(self, row: Value) -> NewDecision | None:
        found = row.keys(("text", "ref", "refer_to", "answers"), must=("text",))
        if found is None:
            return None
        to = self._other_body(found["refer_to"]) if "refer_to" in found else ""
        return NewDecision(_text(found, "text"), _text(found, "ref"), to, _text(found, "answers"))

    def _other_body(self, value: Value) -> str:
        bodies = self.municipality.bodies
        names = {body.name.casefold(): body.id for body in bodies.values()}
        body = value.word(bodies, "inget organ i filen (bodies)", names) or ""
        if body == self.body.id:
            value.wrong("organet hänskjuter till sig självt; välj ett annat organ eller ta bort nyckeln")
        return body

    def _action(self, row: Value) -> NewAction | None:
        found = row.keys(("text", "owner", "due", "ref"), must=("text", "owner"))
        if found is None:
            return None
        owner = self.person(found["owner"]) if "owner" in found else None
        due = found["due"].day() if "due" in found else None
        return NewAction(_text(found, "text"), owner or "", due, _text(found, "ref"))

    def _approved(self, found: Mapping[str, Value]) -> ApprovalEntry | None:
        if "approved" not in found:
            return None
        inner = found["approved"].keys(("on", "by"), must=("on", "by")) or {}
        day = inner["on"].day() if "on" in inner else None
        by = self._persons(inner, "by")
        return ApprovalEntry(day, by) if day else None

    def _completed(self, found: Mapping[str, Value]) -> tuple[Completion, ...]:
        read = [self._completion(row) for row in _rows(found, "completed")]
        return tuple(completion for completion in read if completion)

    def _completion(self, row: Value) -> Completion | None:
        found = row.keys(("duty", "decision", "text", "area"), must=("duty",))
        if found is None or "duty" not in found:
            return None
        duty = found["duty"].word(DUTIES, "ingen skyldighet som kan fullgöras här") or ""
        picture = self.municipality.duties.situation_picture
        areas = picture.areas if picture else ()
        if "area" in found and areas:
            found["area"].word(areas, "inget område med egen lägesbild", {area.casefold(): area for area in areas})
        elif duty == "situation-picture" and len(areas) > 1:
            row.wrong(f'nyckeln "area" saknas, för lägesbilden har flera områden: {", ".join(areas)}')
        return Completion(duty, _text(found, "decision"), _text(found, "text"), _text(found, "area"))


def _update(value: Value) -> ActionUpdate | None:
    found = value.keys(("status", "comment", "due"))
    if found is None:
        return None
    if not found:
        value.wrong("säger inget om åtgärden; skriv status, comment eller due")
    status = None
    if "status" in found:
        status = found["status"].word(get_args(ActionStatus), "ingen status", _STATUSES_SV)
    due = found["due"].day() if "due" in found else None
    return ActionUpdate(cast("ActionStatus | None", status), _text(found, "comment"), due)


def _rows(found: Mapping[str, Value], key: str) -> Iterable[Value]:
    return found[key].rows() if key in found else ()


def _text(found: Mapping[str, Value], key: str) -> str:
    return (found[key].text() or "") if key in found else ""


def _texts(found: Mapping[str, Value], key: str) -> tuple[str, ...]:
    return tuple(text for row in _rows(found, key) if (text := row.text()))
