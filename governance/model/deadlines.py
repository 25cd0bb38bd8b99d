"""Lead times before and after a meeting: `6 weeks`, `4 working days`, `7 days`, and the moments they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LeadTime:
    """An amount of calendar days, working days, weeks or months."""

    amount: int
    unit: Literal["days", "working-days", "weeks", "months"]


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """When each step of a meeting's life is due. The first four count back from the meeting, the rest forward."""

    invitation: LeadTime
    status_request: LeadTime
    status_close: LeadTime
    agenda: LeadTime
    minutes: LeadTime
    approval: LeadTime
    reminders: tuple[LeadTime, ...] = ()  # before status_close
