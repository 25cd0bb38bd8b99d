"""Decisions: numbered in their body, sometimes referred to another body, which reports back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as papers show it; `number` is `§ 12` (yearly paragraph) or `3` (item of the meeting)."""

    number: str
    title: str  # the item's
    text: str
    body: str  # the body's name
    decided_on: date
    referred_to: str = ""  # the receiving body's name
    reported_back: str = ""  # what that body answered, "" until it has
    reported_on: date | None = None
