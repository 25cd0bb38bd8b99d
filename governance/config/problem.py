"""A mistake in the configuration, as a value: where it stands, what is wrong, and what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One line of `kadens check`. Sorts by file and line; `message` is Swedish and names the remedy.

    An `error` keeps the municipality from being used; a `warning` is shown and passed over.
    """

    file: str
    line: int
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        mark = "varning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {place}{mark}{self.message}"


def spell(path: Path) -> str:
    """A path as people read it: `bodies.styrgrupp.seats[2].role`, where lists count from 1."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return on_one_line(text)


def on_one_line(text: str) -> str:
    """A text as it can stand in a problem's line, whatever the file quoted in it held."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", text)
    return text if len(text) <= 400 else f"{text[:300]} … {text[-80:]}"
