"""Lead times before and after a meeting: `6 weeks`, `4 working days`, `7 days`, and the days they give."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from governance.model.cadence import WorkCalendar
from governance.model.holidays import is_working_day
from governance.model.recess import recess_days

LeadUnit = Literal["days", "working-days", "weeks", "months"]


@dataclass(frozen=True, slots=True)
class LeadTime:
    """An amount of calendar days, working days, weeks or months."""

    amount: int
    unit: LeadUnit


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """When each step of a meeting's life is due. The first four count back from the meeting, the rest forward."""

    invitation: LeadTime
    status_request: LeadTime
    status_close: LeadTime
    agenda: LeadTime
    minutes: LeadTime
    approval: LeadTime
    reminders: tuple[LeadTime, ...] = ()  # before status_close


@dataclass(frozen=True, slots=True)
class StepDays:
    """The days on which a meeting's steps are due, each a working day; `reminders` earliest first."""

    invitation: date
    status_request: date
    status_close: date
    reminders: tuple[date, ...]
    agenda: date
    minutes: date
    approval: date


_LEAD_TIME = re.compile(r"(\d{1,3}) (day|working day|week|month)s?")
_UNITS: dict[str, LeadUnit] = {"day": "days", "working day": "working-days", "week": "weeks", "month": "months"}
_DAY = timedelta(days=1)


def parse_lead_time(text: str) -> LeadTime:
    """The lead time that `text` says, such as `4 working days`. Raises ValueError with a Swedish sentence."""
    found = _LEAD_TIME.fullmatch(" ".join(text.lower().split()))
    if not found:
        raise ValueError(
            f"”{text}” är ingen ledtid: skriv ett antal och days, working days, weeks eller months, till exempel "
            "”4 working days” eller ”6 weeks”."
        )
    return LeadTime(int(found[1]), _UNITS[found[2]])


def default_lead_times(formality: Literal["statutory", "regulated", "informal"]) -> LeadTimes:
    """What suits most bodies of this formality; every value can be set in the config.

    Statutory and regulated bodies: papers a week before, status asked for two weeks before the papers and closed
    three days before them, approval within 14 days (KL 5:69, and the practice of councils). Informal groups:
    everything within the working week.
    """
    if formality == "informal":
        return LeadTimes(
            invitation=LeadTime(6, "weeks"),
            status_request=LeadTime(4, "working-days"),
            status_close=LeadTime(1, "working-days"),
            agenda=LeadTime(1, "working-days"),
            minutes=LeadTime(2, "working-days"),
            approval=LeadTime(7, "days"),
            reminders=(LeadTime(1, "working-days"),),
        )
    return LeadTimes(
        invitation=LeadTime(3, "months"),
        status_request=LeadTime(21, "days"),
        status_close=LeadTime(10, "days"),
        agenda=LeadTime(7, "days"),
        minutes=LeadTime(10, "days"),
        approval=LeadTime(14, "days"),
        reminders=(LeadTime(5, "working-days"), LeadTime(1, "working-days")),
    )


def _counted(lead: LeadTime, day: date, sign: int, calendar: WorkCalendar) -> date:
    """`lead` on from `day` (sign 1) or back (-1), not yet minding whether people are at work there."""
    if lead.unit == "working-days":
        left = lead.amount
        while left:
            day += sign * _DAY
            left -= is_working_day(day, calendar)
        return day
    if lead.unit == "months":
        year, month = divmod(day.year * 12 + day.month - 1 + sign * lead.amount, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + sign * timedelta(days=lead.amount * (7 if lead.unit == "weeks" else 1))


def _at_work(day: date, step: timedelta, calendar: WorkCalendar) -> date:
    while not is_working_day(day, calendar):
        day += step
    return day


def before(lead: LeadTime, day: date, calendar: WorkCalendar) -> date:
    """The working day that lies at least `lead` before `day`; working days count back over days off."""
    return _at_work(_counted(lead, day, -1, calendar), -_DAY, calendar)


def after(lead: LeadTime, day: date, calendar: WorkCalendar) -> date:
    """The working day that lies at least `lead` after `day`."""
    return _at_work(_counted(lead, day, 1, calendar), _DAY, calendar)


def before_recess(day: date, calendar: WorkCalendar) -> date:
    """`day`, or the last working day before the recess it falls in: nobody is there to read in July."""
    recess = recess_days(calendar.recess, day.year - 1, day.year)
    while day in recess or not is_working_day(day, calendar):
        day -= _DAY
    return day


def step_days(lead_times: LeadTimes, meeting: date, calendar: WorkCalendar) -> StepDays:
    """When each step of a meeting on the day `meeting` is due.

    What lies before the meeting is never in a recess of `calendar` (for a body that meets in July, pass
    `occurrence.calendar_of(body, calendar)`). A step that a recess pushes earlier takes the steps before it along
    at their usual distance, so that members keep their days to answer.
    """
    agenda = before_recess(before(lead_times.agenda, meeting, calendar), calendar)
    wished = [before(lead, meeting, calendar) for lead in (lead_times.agenda, lead_times.status_close)]
    close = _kept_apart(agenda, wished[0], wished[1], calendar)
    request = _kept_apart(close, wished[1], before(lead_times.status_request, meeting, calendar), calendar)
    reminders = {before_recess(before(lead, close, calendar), calendar) for lead in lead_times.reminders}
    invitation = before_recess(before(lead_times.invitation, meeting, calendar), calendar)
    return StepDays(
        invitation=min(invitation, request),
        status_request=request,
        status_close=close,
        reminders=tuple(sorted(day for day in reminders if request < day)),
        agenda=agenda,
        minutes=after(lead_times.minutes, meeting, calendar),
        approval=after(lead_times.approval, meeting, calendar),
    )


def _kept_apart(later_step: date, later_wished: date, wished: date, calendar: WorkCalendar) -> date:
    """A step's day when the step after it, wished for on `later_wished`, came to lie on `later_step`."""
    moved = later_wished - later_step
    return before_recess(wished - moved if wished <= later_wished else wished, calendar)
