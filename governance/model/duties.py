"""What lag (2023:196) requires, which municipality record starts each clock, and when it next falls due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from governance.model.dates import add_years


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a duty was carried out on a day; `area` is "" for the whole municipality."""

    duty: str  # situation-picture | action-plan | action-plan-follow-up | report-to-assembly
    done: date
    area: str = ""
    body: str = ""  # the body's name
    decision: str = ""  # "§ 86"


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the clocks of 6 §: what was done last and when it must be done again at the latest.

    The law names no starting event; the clock runs date to date from the municipality's own record, the stricter
    reading. `next_due` None means that nothing was ever shown, so that the duty is already owed.
    """

    duty: str  # situation-picture | action-plan-follow-up
    area: str
    last_done: date | None
    next_due: date | None


def clocks(duties: LawDuties, evidence: Sequence[Evidence]) -> tuple[Clock, ...]:
    """The clocks of 6 §: the situation picture's, one for each area, and the action plan's."""
    found: list[Clock] = []
    picture = duties.situation_picture
    if picture is not None:
        for area in picture.areas or ("",):
            done = [each.done for each in evidence if each.duty == "situation-picture" and each.area in {"", area}]
            found.append(_clock("situation-picture", area, [picture.established, *done]))
    plan = duties.action_plan
    if plan is not None:
        done = [each.done for each in evidence if each.duty in {"action-plan", "action-plan-follow-up"}]
        found.append(_clock("action-plan-follow-up", "", [plan.decided, plan.followed_up, *done]))
    return tuple(found)


def _clock(duty: str, area: str, days: Sequence[date | None]) -> Clock:
    last = max((day for day in days if day), default=None)
    return Clock(duty, area, last, add_years(last, 2) if last else None)


def earliest_due(found: Sequence[Clock]) -> date | None:
    """The first of the clocks to run out, None where there is none that runs."""
    return min((clock.next_due for clock in found if clock.next_due), default=None)
