"""vobject, another reader in plain Python, understands the same meeting."""

from dataclasses import replace
from datetime import datetime

import pytest
import vobject

from governance.papers.ics import cancel, request
from tests.peers.samples import KARIN, STARTS, TOVE, meeting


@pytest.mark.parametrize("starts", STARTS)
def test_vobject_reads_the_wall_time_and_the_moment(starts: datetime) -> None:
    event = vobject.readOne(request(meeting(starts), KARIN).decode()).vevent
    assert event.dtstart.value.replace(tzinfo=None) == starts.replace(tzinfo=None)
    assert event.dtstart.value == starts


def test_vobject_reads_an_invitation_whole() -> None:
    wanted = meeting(STARTS[0], sequence=2)
    calendar = vobject.readOne(request(wanted, KARIN, [TOVE]).decode())
    event = calendar.vevent
    assert (calendar.method.value, event.uid.value, event.sequence.value) == ("REQUEST", wanted.uid, "2")
    assert (event.summary.value, event.description.value, event.location.value) == (
        wanted.summary,
        wanted.description,
        wanted.location,
    )
    assert [(a.value, a.role_param, a.partstat_param) for a in event.attendee_list] == [
        (f"mailto:{KARIN.email}", "CHAIR", "NEEDS-ACTION"),
        (f"mailto:{TOVE.email}", "OPT-PARTICIPANT", "NEEDS-ACTION"),
    ]


def test_vobject_reads_a_cancelled_meeting() -> None:
    wanted = replace(meeting(STARTS[0], sequence=1), cancelled=True)
    calendar = vobject.readOne(cancel(wanted, KARIN).decode())
    assert (calendar.method.value, calendar.vevent.status.value) == ("CANCEL", "CANCELLED")
