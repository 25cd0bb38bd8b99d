"""The minutes: `Protokoll` for statutory and regulated bodies, `Minnesanteckningar` for informal groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.model.action import ActionItem
from governance.model.body import Confidentiality, ItemKind
from governance.model.decision import Decision
from governance.model.meeting import Attendance, MeetingFacts


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """One item as it was handled; `label` is `§ 12` in a protocol with yearly numbering, else `3`."""

    label: str
    title: str
    kind: ItemKind
    account: str = ""  # what was reported and said; paragraphs parted by blank lines
    decisions: tuple[Decision, ...] = ()
    actions: tuple[ActionItem, ...] = ()  # new at this item
    confidentiality: Confidentiality = "public"
    recused: tuple[str, ...] = ()  # names of those who took no part for bias (jäv)
    quorum: str = ""  # who decided, in words, as it was when they did
    source: str = ""  # what filled the agenda's item, such as the members' answers


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """An action's state after the meeting, for the follow-up table."""

    action: ActionItem
    closed_now: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything the minutes paper shows."""

    document_name: str  # "Protokoll" | "Minnesanteckningar"
    facts: MeetingFacts
    attendance: tuple[Attendance, ...]
    items: tuple[MinutesItem, ...]
    actions: tuple[ActionProgress, ...] = ()  # open ones and those closed at this meeting
    approvers: tuple[str, ...] = ()  # names of those chosen to approve, protocols only
    approved_on: date | None = None  # None: an unapproved draft
    approved_by: tuple[str, ...] = ()
    next_meeting: datetime | None = None
    made: date | None = None
    version: int = 1
    recorded: bool = True  # False: nothing is written down yet, the paper is a form to fill in
    correction: str = ""  # why approved minutes were written anew
    replaces: int = 0  # the approved version that this one corrects
    approved_text: str = ""  # the version that was approved, and its fingerprint
    public: bool = False  # the copy that may be published: what is secret or internal is not in it
