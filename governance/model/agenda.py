"""The agenda: `Kallelse och dagordning` for councils and statutory organs, `Dagordning` for groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from governance.model.action import ActionItem
from governance.model.body import Confidentiality, ItemKind, ItemSource
from governance.model.decision import Decision
from governance.model.meeting import MeetingFacts
from governance.model.status import StatusAnswer


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One numbered item. What the item gathers of its own accord stands in the last four fields."""

    number: int
    title: str
    kind: ItemKind
    presenter: str = ""
    starts: time | None = None  # from the meeting's start and the time boxes before; None where any lacks one
    minutes: int | None = None
    text: str = ""
    proposal: str = ""
    source: ItemSource | None = None
    confidentiality: Confidentiality = "public"
    referral: Decision | None = None  # what another body decided and sent here
    answers: tuple[StatusAnswer, ...] = ()
    unanswered: tuple[str, ...] = ()  # names of those asked who have not answered
    points: tuple[str, ...] = ()  # sentences gathered: duties due, pictures since last time, previous decisions


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything the agenda paper shows. `version` counts from 1; a new one replaces the former."""

    document_name: str  # "Kallelse och dagordning" | "Dagordning"
    facts: MeetingFacts
    items: tuple[AgendaItem, ...]
    open_actions: tuple[ActionItem, ...]  # late first, then by due date
    coming: tuple[datetime, ...] = ()  # the body's next meetings
    made: date | None = None
    version: int = 1
