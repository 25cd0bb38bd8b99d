"""Lead times and the days they give."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.model.cadence import WorkCalendar
from governance.model.deadlines import (
    LeadTime,
    StepDays,
    after,
    before,
    default_lead_times,
    parse_lead_time,
    step_days,
)
from governance.model.holidays import is_working_day
from governance.model.recess import recess_days
from tests.model.town import CALENDAR, RECESS, day


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("4 working days", LeadTime(4, "working-days")),
        ("1 working day", LeadTime(1, "working-days")),
        ("7 days", LeadTime(7, "days")),
        ("1 day", LeadTime(1, "days")),
        ("6 weeks", LeadTime(6, "weeks")),
        ("3 months", LeadTime(3, "months")),
        ("  3   Months ", LeadTime(3, "months")),
    ],
)
def test_lead_time_is_read_from_words(text: str, lead: LeadTime) -> None:
    assert parse_lead_time(text) == lead


@pytest.mark.parametrize("text", ["", "four days", "4 workdays", "-1 days", "4", "4.5 days", "1 year", "9999 days"])
def test_lead_time_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=f"”{text}” är ingen ledtid: .* till exempel ”4 working days”"):
        parse_lead_time(text)


@pytest.mark.parametrize(
    ("lead", "from_day", "lands"),
    [
        ("7 days", "2027-02-10", "2027-02-03"),
        ("10 days", "2027-02-10", "2027-01-29"),  # a Sunday, so the Friday before
        ("6 weeks", "2027-05-12", "2027-03-31"),
        ("3 months", "2027-05-31", "2027-02-26"),  # 28 February is a Sunday
        ("1 working day", "2027-03-30", "2027-03-25"),  # the Tuesday after Easter
        ("4 working days", "2027-02-09", "2027-02-03"),
        ("0 days", "2027-02-14", "2027-02-12"),
    ],
)
def test_before_lands_on_a_working_day_at_least_so_early(lead: str, from_day: str, lands: str) -> None:
    assert before(parse_lead_time(lead), day(from_day), WorkCalendar()) == day(lands)


@pytest.mark.parametrize(
    ("lead", "from_day", "lands"),
    [
        ("14 days", "2027-03-18", "2027-04-01"),
        ("10 days", "2027-03-18", "2027-03-30"),  # annandag påsk's eve is a Sunday
        ("2 working days", "2027-03-25", "2027-03-31"),
        ("1 month", "2027-01-31", "2027-03-01"),
    ],
)
def test_after_lands_on_a_working_day_at_least_so_late(lead: str, from_day: str, lands: str) -> None:
    assert after(parse_lead_time(lead), day(from_day), WorkCalendar()) == day(lands)


def test_steps_of_a_council_come_in_order() -> None:
    assert step_days(default_lead_times("regulated"), day("2027-05-12"), CALENDAR) == StepDays(
        invitation=day("2027-02-12"),
        status_request=day("2027-04-21"),
        status_close=day("2027-04-30"),  # ten days before is a Sunday, the day before that första maj
        reminders=(day("2027-04-23"), day("2027-04-29")),
        agenda=day("2027-05-05"),
        minutes=day("2027-05-24"),
        approval=day("2027-05-26"),
    )


def test_steps_of_a_weekly_group_fit_in_its_week() -> None:
    assert step_days(default_lead_times("informal"), day("2027-02-09"), CALENDAR) == StepDays(
        invitation=day("2026-12-18"),  # six weeks before is in the Christmas recess
        status_request=day("2027-02-03"),
        status_close=day("2027-02-08"),
        reminders=(day("2027-02-05"),),
        agenda=day("2027-02-08"),
        minutes=day("2027-02-11"),
        approval=day("2027-02-16"),
    )


def test_steps_before_a_meeting_in_august_come_before_the_recess_with_days_left_to_answer() -> None:
    steps = step_days(default_lead_times("regulated"), day("2027-08-12"), CALENDAR)
    assert (steps.status_request, steps.status_close, steps.agenda) == (
        day("2027-06-24"),
        day("2027-07-06"),
        day("2027-07-09"),
    )


def test_reminder_no_later_than_the_question_itself_is_left_out() -> None:
    eager = replace(default_lead_times("informal"), reminders=(LeadTime(3, "working-days"), LeadTime(30, "days")))
    assert step_days(eager, day("2027-02-09"), CALENDAR).reminders == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["statutory", "regulated", "informal"]), st.dates(day("2026-01-01"), day("2040-01-01")))
def test_steps_are_working_days_in_order_and_out_of_recess(formality: str, meeting: object) -> None:
    steps = step_days(default_lead_times(formality), meeting, CALENDAR)  # type: ignore[arg-type]
    early = [steps.invitation, steps.status_request, *steps.reminders, steps.status_close, steps.agenda]
    assert early == sorted(early)
    assert steps.agenda < meeting < steps.minutes <= steps.approval  # type: ignore[operator]
    assert all(is_working_day(one, CALENDAR) for one in [*early, steps.minutes, steps.approval])
    assert not set(early) & set(recess_days(RECESS, early[0].year - 1, steps.agenda.year))
    assert steps.status_request < steps.status_close
