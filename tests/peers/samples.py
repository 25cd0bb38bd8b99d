"""The meetings that the other programs are asked to read, and how an absent program is met."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

import pytest

from governance.papers.ics import CalendarMeeting, Invitee

STOCKHOLM = ZoneInfo("Europe/Stockholm")
KARIN = Invitee("Karin Åhlén", "karin.ahlen@storan.example", "CHAIR")
TOVE = Invitee('Tove "T" Lindgren; gata, park', "tove.lindgren@storan.example", "OPT-PARTICIPANT")

STARTS = [
    datetime(2027, 1, 12, 9, 0, tzinfo=STOCKHOLM),  # winter
    datetime(2027, 6, 15, 9, 0, tzinfo=STOCKHOLM),  # summer
    datetime(2027, 3, 27, 23, 30, tzinfo=STOCKHOLM),  # the evening before the clock goes forward
    datetime(2027, 3, 28, 0, 30, tzinfo=STOCKHOLM),  # the hours before and after it does
    datetime(2027, 3, 28, 3, 30, tzinfo=STOCKHOLM),
    datetime(2027, 3, 29, 9, 0, tzinfo=STOCKHOLM),
    datetime(2027, 10, 30, 9, 0, tzinfo=STOCKHOLM),
    datetime(2027, 10, 31, 0, 30, tzinfo=STOCKHOLM),  # the hours before and after it goes back
    datetime(2027, 10, 31, 3, 30, tzinfo=STOCKHOLM),
    datetime(2041, 7, 2, 9, 0, tzinfo=STOCKHOLM),  # past the end of icalendar's own list of dates
    datetime(2041, 12, 3, 9, 0, tzinfo=STOCKHOLM),
]


def meeting(starts: datetime, *, sequence: int = 0, cancelled: bool = False) -> CalendarMeeting:
    """A meeting of one hour whose texts hold what is hard to write."""
    return CalendarMeeting(
        uid=f"operativ-grupp-{starts:%Y-%m-%d-%H%M}@storan.example",
        sequence=sequence,
        stamp=datetime(2026, 12, 1, 7, 30, tzinfo=UTC) + timedelta(hours=sequence),
        starts=starts,
        ends=(starts.astimezone(UTC) + timedelta(hours=1)).astimezone(STOCKHOLM),
        summary="Operativa gruppen: åtgärder, läge; C:\\Nytt",
        description="Välkommen!\n\nVi går igenom lägesbilden – och åtgärderna.",
        location="Stadshuset, Lilla salen",
        organizer_name="Trygghetssamordnaren, Storåns kommun",
        organizer_email="trygghet@storan.example",
        cancelled=cancelled,
    )


def utc(moment: datetime) -> str:
    """The moment as JavaScript writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def absent(reason: str) -> NoReturn:
    """Skips where a program is not installed; where everything must be there (CI=true) fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
