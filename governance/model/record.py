"""What a record file says happened at and around a meeting (docs/reference/record.md), read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from governance.model.action import ActionStatus
from governance.model.meeting import Presence
from governance.model.status import StatusChoice


@dataclass(frozen=True, slots=True)
class ActionUpdate:
    """What somebody said of an action; "" and None leave the former value."""

    status: ActionStatus | None = None
    comment: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """One person's status before the meeting; `received` is local and aware, None means at the usual hour."""

    person: str
    received: datetime | None = None
    choice: StatusChoice = "changed"
    answers: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, ActionUpdate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PresenceEntry:
    """Somebody's attendance."""

    person: str
    presence: Presence
    arrived: time | None = None
    left: time | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision; `refer_to` is a body id, `answers` the `ref` of a decision another body sent here."""

    text: str
    ref: str = ""
    refer_to: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action; `owner` is a person id."""

    text: str
    owner: str
    due: date | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """What was said and settled at an agenda item."""

    title: str
    account: str = ""
    decisions: tuple[NewDecision, ...] = ()
    actions: tuple[NewAction, ...] = ()
    # Files do not tell these two, and what is known by its fingerprint must not change because they came to be.
    recused: tuple[str, ...] = field(default=(), repr=False)  # person ids that took no part for bias (jäv)
    quorum: str = field(default="", repr=False)  # who decided, in words


@dataclass(frozen=True, slots=True)
class ApprovalEntry:
    """Who approved the minutes, and the day."""

    on: date
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """A duty carried out: `situation-picture`, `action-plan`, `action-plan-follow-up` or `report-to-assembly`."""

    duty: str
    decision: str = ""
    text: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """Everything a record file says of one meeting. `day` is its slot or its actual date."""

    file: str
    line: int
    body: str
    day: date
    answers: tuple[AnswerEntry, ...] = ()
    attendance: tuple[PresenceEntry, ...] = ()
    items: tuple[ItemEntry, ...] = ()
    actions: Mapping[str, ActionUpdate] = field(default_factory=dict)
    assessment: str = ""
    ahead: tuple[str, ...] = ()
    to_parent: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    approved: ApprovalEntry | None = None
    not_held: str = ""
    completed: tuple[Completion, ...] = ()
    recorded: datetime | None = None
    correction: str = ""  # why approved minutes are written anew

    @property
    def has_outcome(self) -> bool:
        """Whether the entry tells how the meeting went, and not only what was answered before it."""
        return bool(self.attendance or self.items or self.actions or self.assessment or self.completed)
