"""A page is a row: its path, its method, what right it needs, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response

from governance.model.access import Level, Right
from governance.web.visit import Visit

Need = Literal["anyone", "signed-in"]


@dataclass(frozen=True, slots=True)
class Page:
    """`path` names a municipality {town}, a body {body} and a meeting {slot}; those are looked up and guarded.

    `right` is a row of the matrix in `model.access`, asked in the path's body; on a page without body it is asked in
    any of the visitor's bodies. `need` serves pages without right. `largest` bounds what may be sent, in bytes.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    answer: Callable[[Visit], Response]
    right: Right | None = None
    level: Level = "L"
    need: Need = "signed-in"
    largest: int = 1_000_000
    slides: bool = True  # whether the visit keeps the session open
