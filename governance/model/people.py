"""Who takes part: organisations, persons, and the seats they hold in a body for a term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal[
    "chair",
    "vice-chair",
    "secretary",
    "convener",
    "member",
    "substitute",
    "standing-co-opted",
    "co-opted",
    "presenter",
]

OrganisationType = Literal[
    "municipality",
    "police",
    "municipal-company",
    "rescue-service",
    "region",
    "company",
    "association",
    "civil-society",
    "state-agency",
    "school",
    "faith-community",
    "other",
]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party to the cooperation: the municipality, the police, a housing company, an association."""

    id: str
    name: str
    type: OrganisationType = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can hold a seat and be written to; `id` is the key in the config, such as `anna.lind`."""

    id: str
    name: str
    email: str
    organisation: str
    title: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a body, held by nobody (vacant), one person or several (`sektorchefer`), for a term.

    `starts` and `ends` are inclusive; None means open. `substitute_for` names the person (or the seat's
    title) that a personal substitute steps in for. `leading_position` answers 10 § lag (2023:196).
    """

    role: Role
    title: str = ""
    organisation: str = ""
    held_by: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    presenter: bool = False
    leading_position: bool = False
    substitute_for: str = ""
    alternate: str = ""

    def held_on(self, day: date) -> bool:
        """Whether the seat's term covers `day`."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)
