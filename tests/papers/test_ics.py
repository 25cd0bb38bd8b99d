"""Calendar objects: identity, versions, the time zone, and what each method may say."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, Timezone, vCalAddress

from governance.papers.ics import EUROPE_STOCKHOLM, CalendarMeeting, Invitee, cancel, meeting_uid, publish, request

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MEETING = CalendarMeeting(
    uid="operativ-grupp-2027-01-12-0123456789abcdef@storan.example",
    sequence=2,
    stamp=datetime(2026, 12, 1, 7, 30, tzinfo=UTC),
    starts=datetime(2027, 1, 12, 9, tzinfo=STOCKHOLM),
    ends=datetime(2027, 1, 12, 10, tzinfo=STOCKHOLM),
    summary="Operativa gruppen",
    description="Välkommen!\n\nSvara gärna; det hjälper oss, tack.",
    location="Stadshuset, Lilla salen",
    organizer_name="Trygghetssamordnaren, Storåns kommun",
    organizer_email="trygghet@storan.example",
)
KARIN = Invitee("Karin Åhlén", "karin.ahlen@storan.example", "CHAIR")
TOVE = Invitee('Tove "T" Lindgren', "tove.lindgren@storan.example", "OPT-PARTICIPANT")


def event_in(data: bytes) -> Event:
    (event,) = Calendar.from_ical(data).events
    return event


def built_by_icalendar(meeting: CalendarMeeting, invitees: list[Invitee]) -> Calendar:
    """The same invitation by icalendar alone."""
    people = [
        vCalAddress.new(p.email, cn=p.name, role=p.role, partstat="NEEDS-ACTION", rsvp=True, cutype="INDIVIDUAL")
        for p in invitees
    ]
    event = Event.new(
        uid=meeting.uid,
        stamp=meeting.stamp,
        start=meeting.starts,
        end=meeting.ends,
        summary=meeting.summary,
        description=meeting.description,
        location=meeting.location,
        organizer=vCalAddress.new(meeting.organizer_email, cn=meeting.organizer_name),
        sequence=meeting.sequence,
        status="CONFIRMED",
        attendees=people,
    )
    event.add("transp", "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", "BUSY")
    calendar = Calendar()
    for name, value in (("version", "2.0"), ("prodid", "-//kadens//kadens//SV"), ("method", "REQUEST")):
        calendar.add(name, value)
    calendar.add_component(Timezone.from_ical(EUROPE_STOCKHOLM))
    calendar.add_component(event)
    return calendar


@pytest.mark.parametrize("others", [[], [TOVE], [Invitee("Å" * 100, "a@b.se"), TOVE]])
def test_request_reads_as_the_one_icalendar_builds(others: list[Invitee]) -> None:
    theirs = built_by_icalendar(MEETING, [KARIN, *others])
    assert Calendar.from_ical(request(MEETING, KARIN, others)) == Calendar.from_ical(theirs.to_ical())


def test_request_lists_the_recipient_alone_unless_members_see_each_other() -> None:
    alone = event_in(request(MEETING, KARIN))["ATTENDEE"]
    assert str(alone) == "mailto:karin.ahlen@storan.example"
    assert alone.params == {
        "CN": "Karin Åhlén",
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "CHAIR",
        "RSVP": "TRUE",
    }
    twice = replace(KARIN, email=KARIN.email.upper())
    together = event_in(request(MEETING, KARIN, [TOVE, twice]))["ATTENDEE"]
    assert [a.params["CN"] for a in together] == ["Karin Åhlén", 'Tove "T" Lindgren']


def test_request_is_the_same_bytes_each_time() -> None:
    assert request(MEETING, KARIN, [TOVE]) == request(replace(MEETING), replace(KARIN), [TOVE])


def test_request_to_a_preliminary_date_is_tentative() -> None:
    event = event_in(request(replace(MEETING, tentative=True), KARIN))
    assert (event["STATUS"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TENTATIVE", "TENTATIVE")


def test_moved_meeting_keeps_its_uid_and_raises_its_sequence() -> None:
    later = replace(
        MEETING, sequence=3, starts=MEETING.starts + timedelta(days=1), ends=MEETING.ends + timedelta(days=1)
    )
    before, after = event_in(request(MEETING, KARIN)), event_in(request(later, KARIN))
    assert (before["UID"], before["SEQUENCE"] + 1) == (after["UID"], after["SEQUENCE"])
    assert after.start == datetime(2027, 1, 13, 9, tzinfo=STOCKHOLM)


def test_cancelled_meeting_says_so_and_keeps_its_time() -> None:
    data = cancel(replace(MEETING, cancelled=True, sequence=3), KARIN)
    event = event_in(data)
    assert b"\r\nMETHOD:CANCEL\r\n" in data
    assert (event["STATUS"], event["SUMMARY"], event["SEQUENCE"]) == ("CANCELLED", "Inställt: Operativa gruppen", 3)
    assert (event.start, event.end) == (MEETING.starts, MEETING.ends)


def test_removed_member_is_called_off_while_the_meeting_stands() -> None:
    event = event_in(cancel(MEETING, TOVE))
    assert "STATUS" not in event
    assert (event["SEQUENCE"], event["SUMMARY"]) == (2, "Operativa gruppen")
    assert str(event["ATTENDEE"]) == "mailto:tove.lindgren@storan.example"


def test_cancelled_meeting_cannot_be_called_to() -> None:
    with pytest.raises(ValueError, match="Ett inställt möte går inte att kalla till"):
        request(replace(MEETING, cancelled=True), KARIN)


def test_feed_holds_every_meeting_in_order_and_nobody_to_answer() -> None:
    summer = replace(
        MEETING,
        uid="b@storan.example",
        starts=datetime(2027, 6, 1, 9, tzinfo=STOCKHOLM),
        ends=datetime(2027, 6, 1, 10, tzinfo=STOCKHOLM),
        cancelled=True,
    )
    data = publish([summer, MEETING], "Möten i Storån", source="https://storan.example/moten.ics", color="teal")
    calendar = Calendar.from_ical(data)
    assert [(e["UID"], e["STATUS"], "ATTENDEE" in e) for e in calendar.events] == [
        (MEETING.uid, "CONFIRMED", False),
        ("b@storan.example", "CANCELLED", False),
    ]
    assert calendar["METHOD"] == "PUBLISH"
    assert (calendar["NAME"], calendar["X-WR-CALNAME"], calendar["COLOR"]) == (
        "Möten i Storån",
        "Möten i Storån",
        "teal",
    )
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in data
    assert b"\r\nSOURCE;VALUE=URI:https://storan.example/moten.ics\r\n" in data


def test_zone_agrees_with_zoneinfo_from_2020_to_2045() -> None:
    text = f"BEGIN:VCALENDAR\r\n{EUROPE_STOCKHOLM.decode()}END:VCALENDAR\r\n"
    ours = tzical(io.StringIO(text)).get("Europe/Stockholm")
    # Every day at noon, and every quarter of an hour on the days when the clock is turned.
    first = date(2020, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(2046, 1, 1) - first).days)]
    moments = [datetime(d.year, d.month, d.day, 12) for d in days]
    for day in days:
        midnight = datetime(day.year, day.month, day.day)
        if (midnight.replace(tzinfo=STOCKHOLM).utcoffset()) != (midnight + timedelta(days=1)).replace(
            tzinfo=STOCKHOLM
        ).utcoffset():
            quarters = [midnight + timedelta(minutes=15 * n) for n in range(96)]
            moments += [m for m in quarters if m.hour != 2]  # the hour that is missing or comes twice
    wrong = [m for m in moments if m.replace(tzinfo=ours).utcoffset() != m.replace(tzinfo=STOCKHOLM).utcoffset()]
    assert wrong == []
    assert len(moments) > len(days) + 50 * 92 - 1


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_text_gives_short_crlf_lines_of_whole_letters(summary: str, name: str) -> None:
    data = request(replace(MEETING, summary=summary, description=summary), replace(KARIN, name=name))
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert [line.decode().encode() for line in lines] == lines
    assert len(Calendar.from_ical(data).events) == 1


def test_backslashes_and_control_characters_in_text_are_harmless() -> None:
    meeting = replace(MEETING, summary="C:\\Nytt; a, b\x00\x0b\x85", description="ett\r\ntvå\rtre\tfyra")
    data = request(meeting, replace(KARIN, name="K\r\nATTENDEE:mailto:x@y.se ^"))
    assert b"\r\nSUMMARY:C:\\\\Nytt\\; a\\, b\r\n" in data
    assert b"\r\nDESCRIPTION:ett\\ntv\xc3\xa5\\ntre\tfyra\r\n" in data
    assert event_in(data)["ATTENDEE"].params["CN"] == "K ATTENDEE:mailto:x@y.se ^"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starts": datetime(2027, 1, 12, 9, tzinfo=UTC)}, "Mötestider anges i tidszonen Europe/Stockholm, inte UTC."),
        ({"starts": datetime(2027, 1, 12, 9)}, "Mötestider anges i tidszonen Europe/Stockholm, inte None."),
        (
            {"ends": datetime(2027, 1, 12, 9, tzinfo=ZoneInfo("Europe/Helsinki"))},
            "Mötestider anges i tidszonen Europe/Stockholm, inte Europe/Helsinki.",
        ),
        ({"ends": MEETING.starts}, "Mötet slutar 2027-01-12 09.00, innan det börjar."),
        ({"stamp": datetime(2026, 12, 1)}, "Versionens tidpunkt saknar tidszon."),
        ({"sequence": -1}, "Versionsnumret är -1, men det räknas från 0."),
    ],
)
def test_meeting_that_no_calendar_could_show_is_not_made(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        replace(MEETING, **changed)  # type: ignore[arg-type]
    assert str(caught.value) == words


@pytest.mark.parametrize(
    "email", ["", "karin", "karin@", "a b@c.se", "karin@storan.example\r\nX:y", "åsa@storan.example"]
)
def test_address_that_cannot_be_written_to_is_not_invited(email: str) -> None:
    with pytest.raises(ValueError, match="inte en mejladress"):
        request(MEETING, replace(KARIN, email=email))


def test_uid_follows_body_slot_municipality_and_installation() -> None:
    facts = ("brå-rådet", date(2027, 1, 12), "f3a1", "storan", "storån.example")
    uid = meeting_uid(*facts)
    assert uid == "bra-radet-2027-01-12-c78f8daff83d77a6@xn--storn-pra.example"
    others = [
        meeting_uid("annan", *facts[1:]),
        meeting_uid(facts[0], date(2027, 1, 19), *facts[2:]),
        meeting_uid(*facts[:2], "b2c4", *facts[3:]),
        meeting_uid(*facts[:3], "annan", facts[4]),
    ]
    assert meeting_uid(*facts) == uid
    assert len({uid, *others}) == 5
    assert len(meeting_uid("a" * 300, *facts[1:])) < 255
