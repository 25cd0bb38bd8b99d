"""The yearly follow-up for the steering group and the two-year follow-up of 6 § lag (2023:196)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.model.action import ActionItem
from governance.model.decision import Decision


@dataclass(frozen=True, slots=True)
class BodyFigures:
    """A body's meetings over the period: held of planned, and the members' attendance (0 to 1)."""

    body: str
    planned: int
    held: int
    cancelled: int
    moved: int
    attendance: float | None  # None where no attendance was recorded
    decisions: int
    notes: tuple[str, ...] = ()  # "2 februari ställdes in: utbildningsdag"


@dataclass(frozen=True, slots=True)
class ActionFigures:
    """Actions over the period: made, closed, open at its end and of these late."""

    made: int
    closed: int
    dropped: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class StatusFigures:
    """How many status questions went out to people, and how many came back answered."""

    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class DutyState:
    """A section of the law as the record shows it. `state`: shown | due | late | not-shown | always."""

    section: str  # "4 §"
    text: str  # what it asks, our own words
    carrier: str  # body, person or organ; "" where there is none
    evidence: str  # what shows it; "" where nothing does
    last_done: date | None
    next_due: date | None
    state: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class AnnualFollowUp:
    """Everything the yearly follow-up shows. `bodies` includes bodies that met nothing: shown, not hidden."""

    municipality: str
    year: int
    period_start: date
    period_end: date
    to: str  # the receiving body's name
    meeting_date: date | None
    prepared_by: str
    proposal: tuple[str, ...]
    bodies: tuple[BodyFigures, ...]
    actions: ActionFigures
    closed_actions: tuple[ActionItem, ...]
    open_actions: tuple[ActionItem, ...]
    decisions: tuple[Decision, ...]
    status: StatusFigures
    governance_changes: tuple[str, ...]
    duties: tuple[DutyState, ...]
    agreements: tuple[str, ...]
    pictures: int  # weekly situation pictures made
    findings: tuple[str, ...] = ()  # shortfalls: "3 av 4 möten hölls"
    contact: str = ""
    made: date | None = None
    ended: bool = True  # False: the period still runs, figures are to date


@dataclass(frozen=True, slots=True)
class TwoYearFollowUp:
    """Everything the two-year follow-up shows (6 §): the picture's update and the plan's follow-up."""

    municipality: str
    picture_established: date | None
    picture_due: date | None
    plan_decided: date | None
    plan_decided_by: str
    plan_followed_up: date | None
    plan_due: date | None
    areas: tuple[str, ...]
    handled_by: str  # the organ that passes it
    handled_on: date | None  # the meeting planned for it
    prepared: tuple[tuple[str, date], ...]  # the chain: (body, meeting date) before it is passed
    proposal: tuple[str, ...]
    period_start: date
    period_end: date
    pictures: int
    picture_lines: tuple[str, ...]  # what the weekly pictures and status answers said most about
    actions: ActionFigures
    closed_actions: tuple[ActionItem, ...]
    open_actions: tuple[ActionItem, ...]
    decisions: tuple[Decision, ...]
    bodies: tuple[BodyFigures, ...]
    duties: tuple[DutyState, ...]
    agreements: tuple[str, ...]
    coordination: tuple[str, ...]  # who holds the function of 11 §
    sources: tuple[str, ...]
    gaps: tuple[str, ...]
    case_number: str = ""
    contact: str = ""
    made: date | None = None
