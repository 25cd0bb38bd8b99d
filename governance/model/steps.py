"""A meeting's steps and when each is due: the lead times turned into moments of a working day.

Mail goes out at eight, so that it is there in the morning; answers close at noon and the agenda follows at one,
so that what came in the last hour is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from governance.model.body import Body
from governance.model.cadence import WorkCalendar
from governance.model.deadlines import step_days

MORNING = time(8, 0)
NOON = time(12, 0)
AFTERNOON = time(13, 0)

# What comes before a meeting and is pointless once it has begun.
BEFORE_MEETING = ("invitation", "status_request", "status_reminder", "agenda")

StepKind = Literal["invitation", "status_request", "agenda", "situation", "minutes", "approval"]


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of an occasion and the local moment it is due."""

    kind: str
    due: datetime


def status_closes(body: Body, start: datetime, calendar: WorkCalendar) -> datetime:
    """When answers before the meeting must be in: noon, or an hour before a meeting the same morning."""
    day = step_days(body.lead_times, start.date(), calendar).status_close
    return min(datetime.combine(day, NOON, start.tzinfo), start - timedelta(hours=1))


def meeting_steps(body: Body, start: datetime, end: datetime, calendar: WorkCalendar) -> tuple[PlannedStep, ...]:
    """Every step a meeting of `body` owes, in the order they fall due. `start` and `end` are local and aware."""
    days = step_days(body.lead_times, start.date(), calendar)
    zone = start.tzinfo

    def at(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, zone)

    steps = [PlannedStep("invitation", at(days.invitation, MORNING))]
    if body.asks:
        steps.append(PlannedStep("status_request", at(days.status_request, MORNING)))
        for position, day in enumerate(days.reminders, start=1):
            steps.append(PlannedStep(f"status_reminder_{position}", at(day, MORNING)))
    steps.append(PlannedStep("agenda", min(at(days.agenda, AFTERNOON), start - timedelta(minutes=30))))
    if "weekly-situation-picture" in body.produces:
        steps.append(PlannedStep("situation", end + timedelta(hours=3)))
    steps.append(PlannedStep("minutes", at(days.minutes, MORNING)))
    if body.formality != "informal":
        steps.append(PlannedStep("approval", at(days.approval, MORNING)))
    return tuple(sorted(steps, key=lambda step: step.due))
