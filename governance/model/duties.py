"""What lag (2023:196) requires, which municipality record starts each clock, and when it next falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SituationPictureDuty:
    """4 and 6 §§: the situation picture, one clock for each area; `established` None means not shown."""

    established: date | None
    areas: tuple[str, ...] = ("hela kommunen",)


@dataclass(frozen=True, slots=True)
class ActionPlanDuty:
    """5 and 6 §§: the action plan, the organ that decided it (a body id or a name), and when it was followed up."""

    decided: date | None
    decided_by: str = ""
    followed_up: date | None = None
    case_number: str = ""
    prepared_by: str = ""
    endorsed_by: str = ""


@dataclass(frozen=True, slots=True)
class LawDuties:
    """The config's `duties.law_2023_196`."""

    situation_picture: SituationPictureDuty | None = None
    action_plan: ActionPlanDuty | None = None
