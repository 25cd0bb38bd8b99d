"""Who may do what: the roles a person has in a body, and the matrix of what each role may read and change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from governance.model.body import Body, Municipality

AccessRole = Literal["secretary", "chair", "member", "substitute", "co-opted", "reader", "admin", "link"]
Right = Literal[
    "dates",  # the body, its meetings, the agenda as sent
    "drafts",  # the agenda in the making, minutes not yet sent
    "live",  # the minutes being written
    "approve",  # to approve minutes; the use case asks whether it is one's own to do
    "papers",  # approved minutes, follow-ups
    "own",  # one's own actions and status
    "others",  # others' actions, reminders, resending
    "rules",  # rhythm, members, retention
]
Level = Literal["", "L", "S"]  # nothing, read (läsa), write (skriva); to write is also to read

ROLES: tuple[AccessRole, ...] = ("secretary", "chair", "member", "substitute", "co-opted", "reader", "admin", "link")
# One row for each right, one column for each role, in the order of ROLES.
MATRIX: dict[Right, tuple[Level, ...]] = {
    "dates": ("S", "S", "L", "L", "L", "L", "S", ""),
    "drafts": ("S", "S", "", "", "", "", "S", ""),
    "live": ("S", "S", "L", "L", "L", "", "S", ""),
    "approve": ("S", "S", "S", "S", "", "", "", ""),
    "papers": ("L", "L", "L", "L", "L", "L", "L", ""),
    "own": ("S", "S", "S", "S", "S", "", "S", "S"),
    "others": ("S", "S", "", "", "", "", "S", ""),
    "rules": ("L", "", "", "", "", "", "S", ""),
}

_OF_SEAT: dict[str, AccessRole] = {
    "secretary": "secretary",
    "convener": "secretary",
    "chair": "chair",
    "vice-chair": "member",
    "member": "member",
    "substitute": "substitute",
    "standing-co-opted": "co-opted",
    "co-opted": "co-opted",
    "presenter": "co-opted",
}


def roles_in(municipality: Municipality, body: Body, person: str, day: date) -> frozenset[AccessRole]:
    """The roles somebody has in a body on a day: by seat, by `access`, and as the coordination function (11 §).

    A body without secretary and convener is kept by the coordination function.
    """
    if not person:
        return frozenset()
    found = {_OF_SEAT[seat.role] for seat in body.seats_on(day) if person in seat.held_by}
    if person in municipality.access.get("admin", ()):
        found.add("admin")
    if person in municipality.access.get("reader", ()):
        found.add("reader")
    if person in municipality.coordination_function:
        kept = any(body.holder(role, day) for role in ("secretary", "convener"))
        found.add("reader" if kept else "secretary")
    return frozenset(found)


def level(roles: Iterable[AccessRole], right: Right) -> Level:
    """The most that any of the roles may do."""
    levels = {MATRIX[right][ROLES.index(role)] for role in roles}
    return "S" if "S" in levels else "L" if "L" in levels else ""


def may(roles: Iterable[AccessRole], right: Right, wanted: Level) -> bool:
    """Whether the roles together allow reading (`L`) or writing (`S`) what the right names."""
    found = level(roles, right)
    return found in {"S", wanted}


def visible(municipality: Municipality, person: str, day: date) -> tuple[str, ...]:
    """The ids of the bodies somebody may see, in the config's order."""
    return tuple(
        body.id for body in municipality.bodies.values() if may(roles_in(municipality, body, person, day), "dates", "L")
    )
