"""Actions: numbered once per municipality and year (Å-2027-014), carried with their age until closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ActionStatus = Literal["not-started", "in-progress", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class ActionItem:
    """An action as papers show it; `age` counts the body's meetings since the one that made it."""

    number: str
    text: str
    owner: str  # the person's name
    owner_id: str
    due: date | None
    status: ActionStatus
    body: str  # the body's name
    origin_date: date
    age: int = 0
    late: bool = False
    comment: str = ""
    closed_on: date | None = None


def action_number(year: int, sequence: int) -> str:
    """The number an action bears for ever, such as `Å-2027-014`."""
    return f"Å-{year}-{sequence:03d}"
