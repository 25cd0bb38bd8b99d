"""The weekly situation picture (`Veckolägesbild`): what each organisation reported, never about individuals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.model.action import ActionItem
from governance.model.status import StatusAnswer


@dataclass(frozen=True, slots=True)
class SituationSection:
    """The answers to one standing question; `silent` names organisations with nothing to report."""

    heading: str
    answers: tuple[StatusAnswer, ...]
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SituationPicture:
    """One weekly edition. `missing` names the organisations that were asked and did not answer: shown, not hidden."""

    municipality: str
    body: str
    week: int  # ISO
    year: int  # the ISO week's year
    meeting_date: date
    sources: tuple[str, ...]
    missing: tuple[str, ...]
    sections: tuple[SituationSection, ...]
    assessment: str = ""  # the meeting's joint judgement
    ongoing: tuple[ActionItem, ...] = ()
    new: tuple[ActionItem, ...] = ()
    decisions: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()  # watch next week
    to_parent: tuple[str, ...] = ()  # what is lifted to the body this one reports to
    parent: str = ""
    contact: str = ""
    made: date | None = None
