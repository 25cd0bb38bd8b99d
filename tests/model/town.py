"""A small town to test the rules of meeting life in: bodies with a rhythm and little else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from governance.model.body import Body, Contact, Delivery, Municipality, Product
from governance.model.cadence import Cadence, DaySpan, Monthly, NthWeekday, Span, Weekly, WeekSpan, WorkCalendar
from governance.model.deadlines import default_lead_times
from governance.model.duties import LawDuties

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
RECESS = (WeekSpan(28, 31), DaySpan((12, 21), (1, 6)))
CALENDAR = WorkCalendar(recess=RECESS)
NO_RECESS = WorkCalendar()
EVERY_DAY_WORKS = WorkCalendar(public_holidays=False, eves=False, on_clash="keep")
STEERING = Monthly((NthWeekday(3, THU),), frozenset((3, 10)), at=Span(time(13), time(15)))


def span(text: str) -> Span:
    """`09:00-10:00` or `09:00` as clock times."""
    start, _, end = text.partition("-")
    return Span(time.fromisoformat(start), time.fromisoformat(end) if end else None)


def body(cadence: Cadence, key: str = "grupp", **fields: Any) -> Body:
    """A body with this rhythm; its name is its id with a capital."""
    lead_times = default_lead_times("informal")
    return Body(key, key.capitalize(), "operational", "informal", cadence, lead_times, **fields)


def weekly(weekday: int = TUE, **fields: Any) -> Weekly:
    """A weekly rhythm from nine to ten."""
    return Weekly((weekday,), at=span("09:00-10:00"), **fields)


def town(
    bodies: Iterable[Body] = (), products: Iterable[Product] = (), calendar: WorkCalendar = CALENDAR
) -> Municipality:
    """A municipality of these bodies and products."""
    return Municipality(
        id="storan",
        name="Storåns kommun",
        contact=Contact("Trygghetssamordnaren", "trygghet@storan.example"),
        calendar=calendar,
        organisations={},
        people={},
        bodies={one.id: one for one in bodies},
        products={one.id: one for one in products},
        duties=LawDuties(),
        agreements={},
        delivery=Delivery(),
    )


def day(text: str) -> date:
    """A date as ISO 8601 writes it."""
    return date.fromisoformat(text)
