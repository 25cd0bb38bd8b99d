"""`kadens year --format svg`: the year as planned, as a wheel to open in a browser, print or lay in a document."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from governance import web
from governance.model.body import Body, Municipality
from governance.model.duties import clocks
from governance.model.occurrence import calendar_of
from governance.model.words import day_month, long_date
from governance.model.year import YearRow, year_rows
from governance.papers import wheel
from governance.papers.swedish import clock_range

SHEET = Path(web.__file__).parent / "static" / "style.css"
_OF_WHEEL = re.compile(r"^(?:svg)?\.(?:wheel|ring\d|hatch)\b.*$", re.MULTILINE)


def picture(municipality: Municipality, year: int, today: date) -> str:
    """The wheel as an SVG document: what the config plans, without knowing what came of it."""
    rows = [row for row in year_rows(municipality, year) if row.occurrence.status != "skipped"]
    bodies = sorted(
        municipality.bodies.values(),
        key=lambda body: (body.external, -sum(row.body == body.id for row in rows)),
    )
    following = next((row for row in rows if row.date >= today and row.occurrence.status == "planned"), None)
    drawn = wheel.Wheel(
        year,
        tuple(_ring(municipality, body, [row for row in rows if row.body == body.id], year) for body in bodies),
        _deadlines(municipality, year, today),
        wheel.recess_in(municipality.calendar.recess, year),
        today,
        ("Nästa möte", following.name, f"{day_month(following.date)}, v. {following.date.isocalendar().week}")
        if following
        else None,
    )
    return wheel.draw(drawn, style=_sheet())


def _ring(municipality: Municipality, body: Body, rows: list[YearRow], year: int) -> wheel.Ring:
    marks = tuple(
        wheel.Mark(
            row.date,
            "planned" if row.occurrence.status == "planned" else "cancelled",
            f"{row.name} {long_date(row.date)} {clock_range(row.occurrence.start, row.occurrence.end)}"
            + (f": inställt, {row.occurrence.reason}" if row.occurrence.status == "cancelled" else ""),
        )
        for row in rows
    )
    return wheel.Ring(body.name, marks, wheel.recess_in(calendar_of(body, municipality.calendar).recess, year))


def _deadlines(municipality: Municipality, year: int, today: date) -> tuple[wheel.Mark, ...]:
    names = {"situation-picture": "lägesbilden", "action-plan-follow-up": "åtgärdsplanen"}
    return tuple(
        wheel.Mark(
            clock.next_due,
            "late" if clock.next_due < today else "planned",
            f"Sista dag för {names[clock.duty]} enligt 6 § lag (2023:196): {long_date(clock.next_due)}",
        )
        for clock in clocks(municipality.duties, ())
        if clock.next_due is not None and clock.next_due.year == year
    )


def _sheet() -> str:
    """The colours of the pages, light and dark, and the rules of the wheel."""
    whole = SHEET.read_text("utf-8")
    colours = whole[whole.index(":root") : whole.index("* { box-sizing")]
    rules = _OF_WHEEL.findall(whole)
    return "\n".join([colours.strip(), *rules, "svg.wheel { background: var(--card); font-family: sans-serif; }"])
