"""Draws the year wheel as SVG: one ring for each body, January at twelve o'clock, and the year goes clockwise.

State is told by shape as well as by colour: filled is held, hollow is planned, a triangle is late, a cross is called
off. Colours come from classes of the pages' style sheet, so that the wheel is right in the dark and in print; nothing
has a style of its own. Lengths are in the drawing's units, about a pixel where the wheel is 660 pixels wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from math import cos, pi, radians, sin
from textwrap import wrap
from typing import Literal

from governance.model.cadence import Recess
from governance.model.recess import first_monday, recess_days
from governance.model.words import MONTHS

MarkState = Literal["held", "planned", "late", "cancelled"]

COLOURS = 6  # ring1 to ring6 of the style sheet; a seventh ring takes the first again, for its name is written on it
HALF = 336  # from the centre to the edge of the drawing
DEADLINES, MONTH_BAND, WEEKS = 322.0, 294.0, 264.0  # radii
OUTER, OUTER_WITHOUT_WEEKS = 252.0, 276.0  # where the outermost ring begins
INNER = 68.0  # what is left for the words in the middle, at least
WIDEST = 44.0  # from one ring to the next, at most
LETTER = 6.9  # a letter of a ring's name, on average
WEEKS_UP_TO = 6  # rings; with more of them the weeks give their room away
ROOMY = 26  # marks; a ring with more of them has small ones without their days
NUMBERED = 8.4  # the least radius of a mark that has room for its day


@dataclass(frozen=True, slots=True)
class Mark:
    """A meeting on its ring. `title` says in words what the shape says."""

    day: date
    state: MarkState
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """A body's year. `recess` are the spans, both ends included, in which it does not meet."""

    name: str
    marks: tuple[Mark, ...] = ()
    recess: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Wheel:
    """What a year wheel shows.

    `deadlines` stand outside the months; `middle` is what comes next: a label, a name and when.
    """

    year: int
    rings: tuple[Ring, ...]
    deadlines: tuple[Mark, ...] = ()
    recess: tuple[tuple[date, date], ...] = ()
    today: date | None = None
    middle: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a ring lies: the circle its marks stand on, the line its name stands on, and how large a mark may be."""

    outer: float
    band: float
    pitch: float

    @property
    def marks(self) -> float:
        return self.outer - self.band / 2

    @property
    def name(self) -> float:
        return self.outer - self.band - 11

    @property
    def inner(self) -> float:
        return self.outer - self.pitch


def draw(wheel: Wheel, heading: str = "wheel-title", style: str = "") -> str:
    """The wheel as an `<svg>` element whose name is the element with the id `heading`.

    With `style` it is a document of its own that carries its sheet and its title.
    """
    places = _places(len(wheel.rings))
    box = f'viewBox="{-HALF} {-HALF} {2 * HALF} {2 * HALF}" role="group" aria-labelledby="{heading}"'
    if style:
        title = f'<title id="{heading}">Årshjul {wheel.year}</title><style>{escape(style, quote=False)}</style>'
        opening = f'<svg xmlns="http://www.w3.org/2000/svg" class="wheel" {box}>{title}'
    else:
        opening = f'<svg class="wheel" {box}>'
    parts = [
        opening,
        _definitions(places),
        *_months(wheel),
        *(_bands(places)),
        *_recess(wheel, places),
        *(_weeks(wheel) if len(places) <= WEEKS_UP_TO else ()),
        *_hand(wheel, places),
        *(_names(wheel, places)),
        *(_rings(wheel, places)),
        *_deadlines(wheel),
        *_middle(wheel, places),
        "</svg>",
    ]
    return "".join(parts)


def recess_in(recess: tuple[Recess, ...], year: int) -> tuple[tuple[date, date], ...]:
    """The spans of a year in which there is recess, both ends included."""
    found: list[tuple[date, date]] = []
    for day in sorted(day for day in recess_days(recess, year, year) if day.year == year):
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


# --- where things lie ----------------------------------------------------------------------------------------------


def turn(day: date, year: int, part: float = 0.5) -> float:
    """Degrees from the first moment of the year, clockwise, to a part of the day (0.5: noon)."""
    first = date(year, 1, 1)
    return ((day - first).days + part) / (date(year + 1, 1, 1) - first).days * 360


def _places(rings: int) -> list[_Place]:
    outer = OUTER if rings <= WEEKS_UP_TO else OUTER_WITHOUT_WEEKS
    pitch = min(WIDEST, (outer - INNER) / max(rings, 1))
    band = pitch - 14.5 if pitch > 30 else pitch - 12.5
    return [_Place(outer - pitch * nth, band, pitch) for nth in range(rings)]


def _at(radius: float, degrees: float) -> tuple[float, float]:
    return radius * sin(radians(degrees)), -radius * cos(radians(degrees))


def _n(value: float) -> str:
    """A number as short as it may be."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said


def _xy(radius: float, degrees: float) -> str:
    x, y = _at(radius, degrees)
    return f"{_n(x)} {_n(y)}"


def _arc(radius: float, begin: float, end: float) -> str:
    """The path from one angle to a later one."""
    return f"M{_xy(radius, begin)}A{_n(radius)} {_n(radius)} 0 {int(end - begin > 180)} 1 {_xy(radius, end)}"


def _circle(radius: float, clockwise: bool = True) -> str:
    """A whole circle as a path that text can stand on: from six o'clock clockwise, or from twelve the other way."""
    r = _n(radius)
    if clockwise:
        return f"M0 {r}A{r} {r} 0 0 1 0 -{r}A{r} {r} 0 0 1 0 {r}"
    return f"M0 -{r}A{r} {r} 0 0 0 0 {r}A{r} {r} 0 0 0 0 -{r}"


# --- what lies under the marks -------------------------------------------------------------------------------------


def _definitions(places: list[_Place]) -> str:
    paths = [("wm", _circle(MONTH_BAND - 4.5)), ("wn", _circle(MONTH_BAND + 4.5, clockwise=False))]
    paths += [(f"w{nth}", _circle(place.name)) for nth, place in enumerate(places, start=1)]
    drawn = "".join(f'<path id="{name}" d="{path}"/>' for name, path in paths)
    hatch = '<path d="M0 0V6" class="hatch"/>'
    pattern = (
        f'<pattern id="wh" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">{hatch}'
    )
    return f"<defs>{drawn}{pattern}</pattern></defs>"


def _months(wheel: Wheel) -> Iterator[str]:
    yield '<g class="months">'
    for month, name in enumerate(MONTHS, start=1):
        begin = turn(date(wheel.year, month, 1), wheel.year, 0)
        end = turn(date(wheel.year, month + 1, 1), wheel.year, 0) if month < 12 else 360.0
        today = wheel.today
        here = ' class="now"' if today and (today.year, today.month) == (wheel.year, month) else ""
        middle = (begin + end) / 2
        upper = not 90 < middle < 270
        path, share = ("#wm", (middle + 180) % 360 / 360) if upper else ("#wn", 1 - middle / 360)
        yield f'<g{here}><path d="{_arc(MONTH_BAND, begin + 0.4, end - 0.4)}"/>'
        yield f'<text><textPath href="{path}" startOffset="{_n(share * 100)}%">{name}</textPath></text></g>'
    yield "</g>"


def _bands(places: list[_Place]) -> Iterator[str]:
    for nth, place in enumerate(places):
        yield (f'<circle class="band ring{nth % COLOURS + 1}" r="{_n(place.marks)}" stroke-width="{_n(place.band)}"/>')


def _recess(wheel: Wheel, places: list[_Place]) -> Iterator[str]:
    """Hatched spans: each ring has its own, the week numbers the municipality's."""
    yield '<g class="recess" stroke="url(#wh)">'
    spans = [
        (ring.recess, place.outer - place.pitch / 2, place.pitch)
        for ring, place in zip(wheel.rings, places, strict=True)
    ]
    outermost = places[0].outer if places else OUTER
    rim = MONTH_BAND - 14
    for recess, radius, width in [(wheel.recess, (rim + outermost) / 2, rim - outermost), *spans]:
        arcs = "".join(_arc(radius, *span) for span in _within(recess, wheel.year))
        if arcs:
            yield f'<path d="{arcs}" stroke-width="{_n(width)}"/>'
    yield "</g>"


def _within(spans: tuple[tuple[date, date], ...], year: int) -> Iterator[tuple[float, float]]:
    """The spans as angles, cut at the year's ends."""
    for first, last in spans:
        begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        if begin <= end:
            yield turn(begin, year, 0), min(turn(end, year, 1), 359.9)


def _weeks(wheel: Wheel) -> Iterator[str]:
    """Every ISO week whose Thursday lies in the year, which is what makes it a week of that year."""
    yield '<g class="weeks">'
    thursday = first_monday(wheel.year) + timedelta(days=3)
    for week in range(1, 54):
        if thursday.year == wheel.year:
            monday = thursday - timedelta(days=3)
            now = wheel.today is not None and monday <= wheel.today < monday + timedelta(days=7)
            x, y = _at(WEEKS, turn(thursday, wheel.year))
            if now:
                yield f'<circle class="now" cx="{_n(x)}" cy="{_n(y)}" r="11"/>'
            yield f'<text{" class=" + chr(34) + "now" + chr(34) if now else ""} x="{_n(x)}" y="{_n(y)}">{week}</text>'
        thursday += timedelta(days=7)
    yield "</g>"


def _hand(wheel: Wheel, places: list[_Place]) -> Iterator[str]:
    """Today's hand across the rings, broken where it would cross a ring's name."""
    today = wheel.today
    if today is None or today.year != wheel.year or not places:
        return
    degrees = turn(today, wheel.year)
    from_top = min(degrees, 360 - degrees)
    path, begin = "", places[-1].inner
    for place, ring in zip(reversed(places), reversed(wheel.rings), strict=True):
        if from_top < _half_width(ring.name, place) + 2:
            path += f"M{_xy(begin, degrees)}L{_xy(place.inner, degrees)}" if begin < place.inner else ""
            begin = place.outer - place.band
    end = places[0].outer + 1
    yield f'<g class="hand"><path d="{path}M{_xy(begin, degrees)}L{_xy(end, degrees)}"/></g>'


def _half_width(name: str, place: _Place) -> float:
    """Degrees from twelve o'clock to the end of a ring's name."""
    return min(len(_shortened(name, place)) * LETTER / 2 / place.name * 180 / pi, 180)


def _shortened(name: str, place: _Place) -> str:
    """The name as far as two thirds of the ring have room for it."""
    room = int(2 * pi * place.name * 2 / 3 / LETTER)
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def _names(wheel: Wheel, places: list[_Place]) -> Iterator[str]:
    for nth, (ring, place) in enumerate(zip(wheel.rings, places, strict=True), start=1):
        words = escape(_shortened(ring.name, place))
        yield f'<text class="name ring{(nth - 1) % COLOURS + 1}"><textPath href="#w{nth}" startOffset="50%">{words}'
        yield "</textPath></text>"


# --- the marks -----------------------------------------------------------------------------------------------------


def _rings(wheel: Wheel, places: list[_Place]) -> Iterator[str]:
    for nth, (ring, place) in enumerate(zip(wheel.rings, places, strict=True)):
        largest = min(place.band / 2 - 1.8, 12.0)
        size = largest if len(ring.marks) <= ROOMY else min(largest, 5.5)
        yield f'<g class="marks ring{nth % COLOURS + 1}">'
        for mark in ring.marks:
            yield from _mark(mark, place.marks, turn(mark.day, wheel.year), size)
        yield "</g>"


def _mark(mark: Mark, radius: float, degrees: float, size: float) -> Iterator[str]:
    x, y = _at(radius, degrees)
    title = f"<title>{escape(mark.title)}</title>"
    yield f'<a href="{escape(mark.link)}" tabindex="-1">{title}' if mark.link else f"<g>{title}"
    if mark.state == "late":
        yield _triangle(x, y, min(max(size, 7.5), 10.0))
    else:
        yield f'<circle class="{mark.state}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(size)}"/>'
        if mark.state == "cancelled":
            arm = size * 0.55
            yield f'<path class="cross" d="M{_n(x - arm)} {_n(y - arm)}l{_n(2 * arm)} {_n(2 * arm)}m0-{_n(2 * arm)}'
            yield f'l-{_n(2 * arm)} {_n(2 * arm)}"/>'
        elif size >= NUMBERED:
            yield f'<text class="{mark.state}" x="{_n(x)}" y="{_n(y)}">{mark.day.day}</text>'
    yield "</a>" if mark.link else "</g>"


def _triangle(x: float, y: float, size: float) -> str:
    top, base, half = y - size * 1.15, y + size * 0.8, size * 1.15
    path = f"M{_n(x)} {_n(top)}L{_n(x + half)} {_n(base)}H{_n(x - half)}z"
    return f'<path class="late" d="{path}"/><text class="late" x="{_n(x)}" y="{_n(y + size * 0.2)}">!</text>'


def _deadlines(wheel: Wheel) -> Iterator[str]:
    """Diamonds outside the months: filled when it is done, hollow while it is to come; a triangle when it is late."""
    yield '<g class="marks duties">'
    for mark in wheel.deadlines:
        x, y = _at(DEADLINES, turn(mark.day, wheel.year))
        title = f"<title>{escape(mark.title)}</title>"
        yield f'<a href="{escape(mark.link)}" tabindex="-1">{title}' if mark.link else f"<g>{title}"
        if mark.state == "late":
            yield _triangle(x, y, 9.0)
        else:
            yield f'<path class="{mark.state}" d="M{_n(x)} {_n(y - 8.5)}l7.5 8.5l-7.5 8.5l-7.5-8.5z"/>'
        yield "</a>" if mark.link else "</g>"
    yield "</g>"


def _middle(wheel: Wheel, places: list[_Place]) -> Iterator[str]:
    """The year, and under it what comes next, its name broken to the room there is."""
    free = places[-1].inner if places else OUTER
    cramped = free < 90
    label, name, when = wheel.middle or ("", "", "")
    lines = [("", label), *(("strong", each) for each in _broken(name, int(1.8 * free / 7.6))), ("", when)]
    lines = [each for each in lines if each[1]]
    step = 15 if cramped else 18
    top = -step * len(lines) / 2
    yield f'<g class="middle{" cramped" if cramped else ""}"><text class="year" y="{_n(top)}">{wheel.year}</text>'
    for nth, (kind, line) in enumerate(lines, start=1):
        named = f' class="{kind}"' if kind else ""
        yield f'<text{named} y="{_n(top + (10 if cramped else 14) + step * nth)}">{escape(line)}</text>'
    yield "</g>"


def _broken(name: str, room: int) -> list[str]:
    """A name in one line or two, the second cut where it has no room."""
    return wrap(name, max(room, 8), max_lines=2, placeholder="…")
