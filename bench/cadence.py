"""Occurrences a second: ours, placed among days off, recess and clashes, beside dateutil's bare rrule and the limit.

    python -m bench.cadence

dateutil gives bare dates, and only for the rhythms RRULE can say. The limit is a loop that adds days and does
nothing else. Each figure is the best of several rounds over thirty years, all in one process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from dateutil import rrule as dateutil_rrule
from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule

from governance.model.body import Body
from governance.model.cadence import (
    Cadence,
    Dates,
    DayOfMonth,
    DaySpan,
    Monthly,
    NearestWeekday,
    NthWeekday,
    NthWorkingDay,
    Relative,
    Span,
    Spread,
    TermOfOffice,
    Weekly,
    WeekSpan,
    WorkCalendar,
)
from governance.model.deadlines import default_lead_times
from governance.model.placement import place

FIRST, LAST = date(2026, 1, 1), date(2055, 12, 31)
SINCE, UNTIL = datetime(2026, 1, 1), datetime(2055, 12, 31)
CALENDAR = WorkCalendar(recess=(WeekSpan(28, 31), DaySpan((12, 21), (1, 6))))
AT = Span(datetime(2026, 1, 1, 9).time())
TU, WE, TH, FR = dateutil_rrule.TU, dateutil_rrule.WE, dateutil_rrule.TH, dateutil_rrule.FR
NOT_JULY = frozenset(range(1, 13)) - {7}
WRITTEN = tuple((date(year, month, 11), None) for year in range(2026, 2056) for month in (2, 5, 9))

Rule = Callable[[], rrule] | None
FORMS: Sequence[tuple[str, Cadence, Rule]] = (
    ("every week", Weekly((1,), at=AT), lambda: rrule(WEEKLY, SINCE, byweekday=TU, until=UNTIL)),
    ("every week, two days", Weekly((1, 4), at=AT), lambda: rrule(WEEKLY, SINCE, byweekday=(TU, FR), until=UNTIL)),
    ("2 weeks, anchored", Weekly((3,), 2, start=date(2026, 1, 15), at=AT),
     lambda: rrule(WEEKLY, datetime(2026, 1, 15), interval=2, byweekday=TH, until=UNTIL)),
    ("odd week", Weekly((2,), parity="odd", at=AT),
     lambda: rrule(YEARLY, SINCE, byweekno=range(1, 54, 2), byweekday=WE, until=UNTIL)),
    ("month, first tuesday", Monthly((NthWeekday(1, 1),), at=AT),
     lambda: rrule(MONTHLY, SINCE, byweekday=TU(1), until=UNTIL)),
    ("month, not July", Monthly((NthWeekday(1, 1),), NOT_JULY, at=AT),
     lambda: rrule(MONTHLY, SINCE, byweekday=TU(1), bymonth=sorted(NOT_JULY), until=UNTIL)),
    ("month, the 15th", Monthly((DayOfMonth(15),), at=AT), lambda: rrule(MONTHLY, SINCE, bymonthday=15, until=UNTIL)),
    ("quarter, second wednesday", Monthly((NthWeekday(2, 2),), frozenset((2, 5, 8, 11)), at=AT),
     lambda: rrule(MONTHLY, SINCE, bymonth=(2, 5, 8, 11), byweekday=WE(2), until=UNTIL)),
    ("4 months", Monthly((NthWeekday(2, 2),), interval=4, start=(2026, 2), at=AT),
     lambda: rrule(MONTHLY, datetime(2026, 2, 1), interval=4, byweekday=WE(2), until=UNTIL)),
    ("march and october", Monthly((NthWeekday(3, 3),), frozenset((3, 10)), at=AT),
     lambda: rrule(MONTHLY, SINCE, bymonth=(3, 10), byweekday=TH(3), until=UNTIL)),
    ("nearest the 15th", Monthly((NearestWeekday(1, 15),), frozenset((2, 5, 9, 11)), at=AT),
     lambda: rrule(MONTHLY, SINCE, bymonth=(2, 5, 9, 11), bymonthday=range(12, 19), byweekday=TU, until=UNTIL)),
    ("2 years, march", Monthly((NthWeekday(-1, 4),), frozenset((3,)), year_interval=2, start=(2027, 1), at=AT),
     lambda: rrule(YEARLY, datetime(2027, 1, 1), interval=2, bymonth=3, byweekday=FR(-1), until=UNTIL)),
    ("last working day", Monthly((NthWorkingDay(-1),), at=AT), None),
    ("3 a semester", Spread("semester", 3, 3, 0, 0, AT), None),
    ("4 a year", Spread("year", 0, 0, 4, 0, AT), None),
    ("dates written out", Dates(WRITTEN, AT), None),
    ("10 days before another", Relative("other", "before", 10, "days", AT), None),
    ("4 working days after", Relative("other", "after", 4, "working-days", AT), None),
    ("term of office", TermOfOffice((NthWeekday(1, 1),), at=AT),
     lambda: rrule(YEARLY, datetime(2027, 1, 1), interval=4, bymonth=2, byweekday=TU(1), until=UNTIL)),
)  # fmt: skip


def _best(act: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the quickest of several rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _body(cadence: Cadence) -> Body:
    return Body("one", "One", "council", "regulated", cadence, default_lead_times("regulated"))


def _limit() -> float:
    """Dates a second from a bare loop of additions."""
    week, days = timedelta(days=7), []

    def add() -> None:
        day = FIRST
        while day <= LAST:
            days.append(day)
            day += week

    seconds = _best(add)
    return len(days) / 5 / seconds


def main() -> None:
    """Print the table and the worst ratio."""
    limit = _limit()
    leader = place(_body(FORMS[4][1]), CALENDAR, FIRST, LAST)
    print(f"Occurrences a second over {LAST.year - FIRST.year + 1} years; limit (bare date additions): {limit:,.0f}")
    print(f"{'rhythm':28}{'count':>7}{'kadens':>12}{'rrule':>12}{'ratio':>8}{'of limit':>10}")
    ratios = []
    for name, cadence, rule in FORMS:
        body = _body(cadence)
        placed = place(body, CALENDAR, FIRST, LAST, leader)
        ours = len(placed) / _best(lambda body=body: place(body, CALENDAR, FIRST, LAST, leader))  # type: ignore[misc]
        line = f"{name:28}{len(placed):>7}{ours:>12,.0f}"
        if rule:
            theirs = len(list(rule())) / _best(lambda rule=rule: list(rule()), 3)  # type: ignore[misc]
            ratios.append(ours / theirs)
            line += f"{theirs:>12,.0f}{ratios[-1]:>8.1f}"
        else:
            line += f"{'-':>12}{'-':>8}"
        print(f"{line}{ours / limit:>10.0%}")
    print(f"Lowest ratio to dateutil: {min(ratios):.1f}")


if __name__ == "__main__":
    main()
