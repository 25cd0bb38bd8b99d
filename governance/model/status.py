"""What members report before a meeting: the standing questions and their own open actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

StatusChoice = Literal["nothing", "as-last-time", "changed"]


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """One person's answer to one question; `question` is "" for a general remark."""

    person: str  # name
    organisation: str
    question: str
    text: str
    received: datetime
    choice: StatusChoice = "changed"
    late: bool = False
