"""ical.js and node-ical read our calendar objects: the right moment on both sides of the turned clock."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from governance.papers.ics import cancel, publish, request
from tests.peers.samples import KARIN, STARTS, TOVE, absent, meeting, utc

pytestmark = pytest.mark.peers
HERE = Path(__file__).parent


def readable(reader: str) -> list[datetime]:
    """The moments a reader can place: node-ical's time zones end in 2037, whatever the file says."""
    return [starts for starts in STARTS if reader == "ical.js" or starts.year <= 2037]


def read(reader: str, folder: Path, objects: list[bytes]) -> list[list[dict[str, Any]]]:
    """What the reader understood of each object: its events."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / reader).is_dir():
        absent(f"{reader} is not installed: npm ci --prefix tests/peers")
    files = [folder / f"{n}.ics" for n in range(len(objects))]
    for file, data in zip(files, objects, strict=True):
        file.write_bytes(data)
    done = subprocess.run([node, HERE / "read.mjs", reader, *files], capture_output=True, check=True, text=True)
    events: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return events


@pytest.mark.parametrize("reader", ["ical.js", "node-ical"])
def test_every_meeting_stands_at_the_right_moment(reader: str, tmp_path: Path) -> None:
    wanted = readable(reader)
    events = read(reader, tmp_path, [request(meeting(starts), KARIN) for starts in wanted])
    assert [(event["starts"], event["ends"]) for (event,) in events] == [
        (utc(starts), utc(meeting(starts).ends)) for starts in wanted
    ]


def test_icaljs_reads_an_invitation_whole(tmp_path: Path) -> None:
    wanted = meeting(STARTS[0], sequence=2)
    ((event,),) = read("ical.js", tmp_path, [request(wanted, KARIN, [TOVE])])
    assert event == {
        "method": "REQUEST",
        "uid": wanted.uid,
        "sequence": 2,
        "summary": wanted.summary,
        "location": wanted.location,
        "status": "CONFIRMED",
        "starts": utc(wanted.starts),
        "ends": utc(wanted.ends),
        "attendees": [
            [KARIN.name, "NEEDS-ACTION", f"mailto:{KARIN.email}"],
            [TOVE.name, "NEEDS-ACTION", f"mailto:{TOVE.email}"],
        ],
    }


def test_node_ical_reads_a_cancelled_meeting(tmp_path: Path) -> None:
    # Without the backslash: node-ical takes the `\\N` of RFC 5545 for a line break.
    wanted = replace(meeting(STARTS[1], sequence=3, cancelled=True), summary="Operativa gruppen: åtgärder, läge")
    ((event,),) = read("node-ical", tmp_path, [cancel(wanted, KARIN)])
    assert event == {
        "method": "CANCEL",
        "uid": wanted.uid,
        "sequence": 3,
        "summary": f"Inställt: {wanted.summary}",
        "status": "CANCELLED",
        "starts": utc(wanted.starts),
        "ends": utc(wanted.ends),
        "zone": "Europe/Stockholm",
    }


@pytest.mark.parametrize("reader", ["ical.js", "node-ical"])
def test_a_year_of_meetings_reads_in_order(reader: str, tmp_path: Path) -> None:
    meetings = [meeting(starts) for starts in readable(reader)]
    (events,) = read(reader, tmp_path, [publish(meetings, "Möten i Storån")])
    assert [event["starts"] for event in events] == sorted(utc(each.starts) for each in meetings)


def test_a_summer_meeting_one_hour_late_is_caught(tmp_path: Path) -> None:
    # The zone as a list of one date, which icalendar's own time zones come to in ical.js.
    starts = STARTS[1]
    broken = request(meeting(starts), KARIN).replace(b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n", b"")
    ((event,),) = read("ical.js", tmp_path, [broken])
    assert event["starts"] != utc(starts)
