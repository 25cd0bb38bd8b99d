"""libical, which enforces what RFC 5546 lets each method hold; Evolution and others are built on it."""

import ctypes
from ctypes.util import find_library
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from governance.papers.ics import cancel, publish, request
from tests.peers.samples import KARIN, STARTS, TOVE, absent, meeting

pytestmark = pytest.mark.peers


def libical() -> ctypes.CDLL:
    name = find_library("ical")
    if name is None:
        absent("libical is not installed: apt-get install libical3")
    library = ctypes.CDLL(name)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    for function in (
        "icalrestriction_check",
        "icalcomponent_count_errors",
        "icalcomponent_free",
        "icalcomponent_as_ical_string",
    ):
        getattr(library, function).argtypes = [ctypes.c_void_p]
    return library


def errors_in(data: bytes) -> tuple[bool, int, list[str]]:
    """Whether libical takes the object, how many faults it counts, and their words."""
    library = libical()
    parsed = library.icalparser_parse_string(data)
    assert parsed, "libical could not read the object at all"
    taken = bool(library.icalrestriction_check(parsed))
    count = int(library.icalcomponent_count_errors(parsed))
    text = library.icalcomponent_as_ical_string(parsed).decode()
    library.icalcomponent_free(parsed)
    return taken, count, [line for line in text.splitlines() if line.startswith("X-LIC-ERROR")]


@pytest.mark.parametrize("starts", STARTS)
def test_invitation_change_and_cancellation_hold_what_their_methods_ask(starts: datetime) -> None:
    first = meeting(starts)
    moved = replace(first, sequence=1, starts=first.starts + timedelta(days=1), ends=first.ends + timedelta(days=1))
    cancelled = replace(moved, sequence=2, cancelled=True)
    objects = [
        request(first, KARIN),
        request(moved, KARIN, [TOVE]),
        cancel(cancelled, KARIN, [TOVE]),
        cancel(moved, TOVE),
    ]
    assert [errors_in(data) for data in objects] == [(True, 0, [])] * 4


def test_preliminary_invitation_and_feed_are_taken() -> None:
    preliminary = request(replace(meeting(STARTS[0]), tentative=True), KARIN)
    feed = publish([meeting(starts) for starts in STARTS], "Möten i Storån", source="https://storan.example/m.ics")
    assert [errors_in(data) for data in (preliminary, feed)] == [(True, 0, [])] * 2


def test_invitation_without_organizer_and_attendee_is_caught() -> None:
    lines = request(meeting(STARTS[0]), KARIN).replace(b"\r\n ", b"").split(b"\r\n")
    broken = b"\r\n".join(line for line in lines if not line.startswith((b"ORGANIZER", b"ATTENDEE")))
    taken, count, words = errors_in(broken)
    assert (taken, count, len(words)) == (False, 2, 2)
