"""The overview: what is to do now, the next meetings, the duties with their clocks, and the year wheel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from starlette.responses import Response

from governance.model.body import Municipality
from governance.model.follow_up import DutyState
from governance.model.occurrence import calendar_of
from governance.model.words import WEEKDAYS, day_month
from governance.papers import rhythms, wheel
from governance.secretariat import overview as use_case
from governance.secretariat.overview import Overview, YearMeeting
from governance.web.hall import Hall
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

YEARS = range(2000, 2100)
KEPT = 128  # pages and wheels kept as drawn
MOST_ERRANDS = 6  # shown at once; the others are a touch away

_SHAPES: dict[str, wheel.MarkState] = {
    "planned": "planned",
    "convened": "planned",
    "unrecorded": "planned",
    "held": "held",
    "late": "late",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Something as it was drawn, and all that it was drawn from."""

    town: Municipality
    facts: tuple[object, ...]
    html: Markup


_drawn: dict[tuple[object, ...], _Drawn] = {}


def _kept(key: tuple[object, ...], town: Municipality, facts: tuple[object, ...], draw: Callable[[], Markup]) -> Markup:
    """What was drawn under this key, drawn anew where the config or any of the facts is another."""
    found = _drawn.get(key)
    if found is not None and found.town is town and found.facts == facts:
        return found.html
    html = draw()
    if len(_drawn) >= KEPT:
        _drawn.clear()
    _drawn[key] = _Drawn(town, facts, html)
    return html


def overview(visit: Visit) -> Response:
    """The first page of a municipality."""
    year = visit.query.number("ar") or visit.today.year
    if year not in YEARS:
        raise Refused(404, LOST)
    who = use_case.viewer(visit.here, visit.me.id, visit.now)
    seen = use_case.look(visit.session, who, year)
    key = ("page", who.town.id, who.person, year)
    main = _kept(key, who.town, (who.bodies, seen), lambda: _main(visit.hall, who, seen))
    return visit.page("overview.html.j2", main=main)


def _main(hall: Hall, who: use_case.Viewer, seen: Overview) -> Markup:
    """What stands on the page for this person now."""
    html = hall.draw(
        "overview_main.html.j2",
        seen=seen,
        place=f"/{who.town.id}",
        wheel=year_wheel(hall, who, seen),
        most=MOST_ERRANDS,
        pill=duty_pill,
        day_month=day_month,
        day_near=use_case.day_near,
    )
    return Markup(html)  # noqa: S704  # a template's output


def year_wheel(hall: Hall, who: use_case.Viewer, seen: Overview) -> Markup:
    """The wheel with its legend and its table, the same for all who see the same bodies."""
    key = ("wheel", who.town.id, who.bodies, seen.year)
    facts = (seen.today, seen.rows, seen.late, seen.ended, seen.clocks, seen.coming[:1])
    return _kept(key, who.town, facts, lambda: _draw(hall, who, seen))


def _draw(hall: Hall, who: use_case.Viewer, seen: Overview) -> Markup:
    town = who.town
    meetings = [use_case.as_meeting(town, row, seen.late, seen.ended) for row in seen.rows]
    often = Counter(each.body for each in meetings)  # who meets most has the outermost ring, where there is most room
    bodies = sorted((town.bodies[each] for each in who.bodies), key=lambda body: (body.external, -often[body.id]))
    rings = tuple(
        wheel.Ring(
            body.name,
            tuple(_mark(town, each) for each in meetings if each.body == body.id),
            wheel.recess_in(calendar_of(body, town.calendar).recess, seen.year),
        )
        for body in bodies
    )
    duties = _deadlines(seen)
    marks, recess = tuple(mark for mark, _ in duties), wheel.recess_in(town.calendar.recess, seen.year)
    facts = wheel.Wheel(seen.year, rings, marks, recess, seen.today, _middle(seen))
    html = hall.draw(
        "wheel.html.j2",
        year=seen.year,
        svg=Markup(wheel.draw(facts)),  # noqa: S704  # drawn by us, every word in it escaped
        rows=_rows(town, meetings, duties),
        meetings=len(meetings),
        legend=[
            (nth % wheel.COLOURS + 1, body.name, rhythms.rhythm_sentence(body.cadence, town))
            for nth, body in enumerate(bodies)
        ],
        duties=duties,
        day_month=day_month,
    )
    return Markup(html)  # noqa: S704  # a template's output


def _rows(
    town: Municipality, meetings: Sequence[YearMeeting], duties: Sequence[tuple[wheel.Mark, str]]
) -> list[tuple[date, str, str, str]]:
    """The table's rows, by day: what the wheel shows, in words."""
    rows = [(each.day, each.name, f"/{town.id}/organ/{each.body}/{each.slot}", each.words) for each in meetings]
    rows += [(mark.day, mark.title.partition(":")[0], "", words) for mark, words in duties]
    return sorted(rows, key=lambda row: row[0])


def _mark(town: Municipality, meeting: YearMeeting) -> wheel.Mark:
    day = f"{WEEKDAYS[meeting.day.weekday()]} {day_month(meeting.day)}"
    title = f"{meeting.name} {day}: {meeting.words.lower()}"
    return wheel.Mark(meeting.day, _SHAPES[meeting.state], title, f"/{town.id}/organ/{meeting.body}/{meeting.slot}")


def _deadlines(seen: Overview) -> list[tuple[wheel.Mark, str]]:
    """The law's clocks that were wound up or run out in the year, with their state in words."""
    found: list[tuple[wheel.Mark, str]] = []
    for duty in seen.clocks:
        name = f"{duty.section} {duty.text}{f', {duty.area}' if duty.area else ''}"
        if duty.last_done and duty.last_done.year == seen.year:
            found.append((wheel.Mark(duty.last_done, "held", f"{name}: gjort"), "Gjort"))
        if duty.next_due and duty.next_due.year == seen.year:
            late = duty.next_due < seen.today
            words = "Försenat" if late else "Sista dag"
            found.append((wheel.Mark(duty.next_due, "late" if late else "planned", f"{name}: {words.lower()}"), words))
    return found


def _middle(seen: Overview) -> tuple[str, str, str]:
    """The next meeting."""
    if not seen.coming:
        return ("Inga möten", "", "är planerade")
    following = seen.coming[0]
    return ("Nästa möte", following.name, f"{day_month(following.day)}, v. {following.day.isocalendar().week}")


def duty_pill(duty: DutyState, today: date) -> tuple[str, str]:
    """How a clock stands, in words and as the kind of its pill."""
    if duty.next_due is None:
        return "Underlag saknas", "late"
    days = (duty.next_due - today).days
    if days < 0:
        return (f"{-days} dagar sent" if days < -1 else "1 dag sent"), "late"
    if duty.state == "due":
        return ("Sista dagen" if days == 0 else f"{days} dagar kvar" if days > 1 else "1 dag kvar"), "warn"
    return "I tid", "good"


PAGES = (Page("GET", "/{town}", overview, right="dates"),)
