"""Every rhythm said aloud in Swedish, so that a coordinator checks a sentence and dates, not syntax."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from governance.model.body import Body, Municipality
from governance.model.cadence import (
    Cadence,
    Dates,
    DayOfMonth,
    MonthDay,
    Monthly,
    NearestWeekday,
    NthWeekday,
    Relative,
    Span,
    Spread,
    TermOfOffice,
    Weekly,
)
from governance.model.slots import LAST_WORKING_DAY, TERM_MONTH
from governance.papers.swedish import (
    MONTHS,
    WEEKDAYS,
    clock_range,
    day_month,
    listing,
    long_date,
    number_word,
    ordinal,
    sentence,
    short_date,
)

MANY_DATES = 12  # more than this are not read out one by one


def rhythm_sentence(cadence: Cadence, municipality: Municipality, body: Body | None = None) -> str:
    """The rhythm as a Swedish sentence without its full stop; `body` adds its first and last day and its state."""
    said = sentence(_said(cadence, municipality))
    if body is None:
        return said
    if body.starts and body.starts > _own_start(cadence):
        said += f", från och med {short_date(body.starts)}"
    if body.ends:
        said += f", till och med {short_date(body.ends)}"
    state = {"under-development": "under uppbyggnad", "paused": "vilande"}.get(body.status, "")
    return f"{said} ({state}: inga möten planeras)" if state else said


def _own_start(cadence: Cadence) -> date:
    """The start that the rhythm itself names, so that an earlier one of the body's is not said as well."""
    if isinstance(cadence, Weekly) and cadence.start:
        return cadence.start
    if isinstance(cadence, Monthly) and cadence.start:
        return date(*cadence.start, 1)
    return date.min


def _said(cadence: Cadence, municipality: Municipality) -> str:
    if isinstance(cadence, Relative):
        return _relative(cadence, municipality)
    if isinstance(cadence, Weekly):
        return _weekly(cadence)
    if isinstance(cadence, Monthly):
        return _monthly(cadence)
    if isinstance(cadence, Spread):
        return _spread(cadence)
    if isinstance(cadence, Dates):
        return _dates(cadence)
    return _term(cadence) if isinstance(cadence, TermOfOffice) else "vid behov"


def _at(span: Span | None) -> str:
    return f" {clock_range(span.start, span.end)}" if span else ""


def _every(interval: int, unit: str, *, neuter: bool = False) -> str:
    """`varje vecka`, `varannan vecka`, `vartannat år`, `var tredje vecka`."""
    if interval == 1:
        return f"varje {unit}"
    if interval == 2:
        return f"{'vartannat' if neuter else 'varannan'} {unit}"
    return f"{'vart' if neuter else 'var'} {ordinal(interval)} {unit}"


def _months(months: Iterable[int]) -> str:
    return listing([MONTHS[month - 1] for month in sorted(months)])


def _weekly(cadence: Weekly) -> str:
    weekdays = cadence.weekdays or ((cadence.start.weekday(),) if cadence.start else ())
    on = "på " + listing([f"{WEEKDAYS[day]}ar" for day in sorted(weekdays)])
    how_often = _every(cadence.interval, "vecka")
    if cadence.parity:
        how_often = "udda veckor" if cadence.parity == "odd" else "jämna veckor"
    but = f", utom i {_months(cadence.except_months)}," if cadence.except_months else ""
    anchor = ""
    if cadence.start:
        anchor = f", {'räknat från' if cadence.interval > 1 else 'från och med'} {long_date(cadence.start)}"
    said = f"{how_often} {on}{but}{_at(cadence.at)}{anchor}"
    return said.rstrip(",")


def _month_day(rule: MonthDay) -> str:
    """`första tisdagen`, `tisdagen närmast den 15`, `sista arbetsdagen`, `den 15`."""
    if isinstance(rule, DayOfMonth):
        return f"den {rule.day}"
    if isinstance(rule, NearestWeekday):
        return f"{WEEKDAYS[rule.weekday]}en närmast den {rule.day}"
    noun = f"{WEEKDAYS[rule.weekday]}en" if isinstance(rule, NthWeekday) else "arbetsdagen"
    if rule.nth > 0:
        return f"{ordinal(rule.nth)} {noun}"
    return f"sista {noun}" if rule.nth == -1 else f"{_from_end(rule.nth)} {noun}"


def _from_end(nth: int) -> str:
    return "näst sista" if nth == -2 else f"{ordinal(-nth)} sista"


def _days(on: tuple[MonthDay, ...]) -> str:
    """`första och tredje tisdagen` where the noun is shared, else the days in full."""
    rules = on or (LAST_WORKING_DAY,)
    said = [_month_day(rule) for rule in rules]
    heads, nouns = zip(*(text.rsplit(" ", 1) for text in said), strict=True)
    if len(set(nouns)) == 1 and all(isinstance(rule, NthWeekday) for rule in rules):
        return f"{listing(heads)} {nouns[0]}"
    return listing(said)


def _some_lack_it(on: tuple[MonthDay, ...]) -> bool:
    """Whether some months have no such day and so no meeting."""
    return any(
        (isinstance(rule, NthWeekday) and rule.nth == 5) or (isinstance(rule, DayOfMonth) and rule.day > 28)
        for rule in on
    )


def _monthly(cadence: Monthly) -> str:
    days, at = _days(cadence.on), _at(cadence.at)
    lacking = ", när den dagen finns" if _some_lack_it(cadence.on) else ""
    if cadence.year_interval > 1:
        return _some_years(cadence, days, at)
    months = _months_of(cadence)
    since = lacking + (f", från {MONTHS[cadence.start[1] - 1]} {cadence.start[0]}" if cadence.start else "")
    first = min(months)
    if len(months) == 4 and first <= 3 and months == frozenset(range(first, 13, 3)):
        return f"varje kvartal, {days} i kvartalets {ordinal(first)} månad{',' if at else ''}{at}{since}"
    if cadence.interval > 1:
        named = "" if 12 % cadence.interval else f" i {_months(months)}"
        return f"{_every(cadence.interval, 'månad')}, {days}{named}{at}{since}"
    return f"{_in_named_months(cadence, days, months, at)}{since}"


def _in_named_months(cadence: Monthly, days: str, months: frozenset[int], at: str) -> str:
    if len(months) == 12:
        return f"{days} i varje månad{at}"
    if len(months) >= 9:
        return f"{days} i varje månad utom {_months(frozenset(range(1, 13)) - months)}{at}"
    if len(months) == 1:
        return f"{days} i {_months(months)} varje år{at}"
    if any(isinstance(rule, NearestWeekday) for rule in cadence.on):
        return f"i {_months(months)}, {days}{',' if at else ''}{at}"
    return f"{days} i {_months(months)}{at}"


def _months_of(cadence: Monthly) -> frozenset[int]:
    """The months of a year in which the rule has days, for intervals that divide the year."""
    start = cadence.start[1] if cadence.start else 1
    months = cadence.months or frozenset(range(1, 13))
    if 12 % cadence.interval:
        return months
    return frozenset(month for month in months if (month - start) % cadence.interval == 0)


def _some_years(cadence: Monthly, days: str, at: str) -> str:
    """`vartannat år i mars, sista fredagen (2025, 2027 …)`."""
    when = f" i {_months(cadence.months)}" if cadence.months else ""
    said = f"{_every(cadence.year_interval, 'år', neuter=True)}{when}, {days}"
    if cadence.start:
        said += f" ({cadence.start[0]}, {cadence.start[0] + cadence.year_interval} …)"
    return f"{said},{at}" if at else said


def _times(value: int) -> str:
    return f"{number_word(value)} {'gång' if value == 1 else 'gånger'}"


def _spread(cadence: Spread) -> str:
    if cadence.per == "year":
        how_often, several = f"{_times(cadence.per_year)} per år", cadence.per_year > 1
    elif cadence.spring == cadence.autumn:
        how_often, several = f"{_times(cadence.spring)} per termin", cadence.spring > 1
    else:
        halves = ((cadence.spring, "på våren"), (cadence.autumn, "på hösten"))
        how_often = listing([f"{_times(value)} {half}" for value, half in halves if value]) + ","
        several = max(cadence.spring, cadence.autumn) > 1
    evenly = ", jämnt fördelat" if several else ""
    return f"{how_often} på {WEEKDAYS[cadence.weekday]}ar{_at(cadence.at)}{evenly}"


def _dates(cadence: Dates) -> str:
    """Dates of one year share it, and equal clock times are said once; a long row is told by its ends."""
    written = sorted(cadence.dates, key=lambda pair: pair[0])
    if not written:
        return "inga datum är utsatta"
    spans = [own or cadence.at for _, own in written]
    at = _at(spans[0]) if len(set(spans)) == 1 else ""
    if len(written) > MANY_DATES:
        ends = f"{short_date(written[0][0])}–{short_date(written[-1][0])}"
        return f"{len(written)} utsatta datum, {ends}{',' if at else ''}{at}"
    if not at and any(spans):
        return (
            f"den {listing([f'{short_date(day)}{_at(span)}' for (day, _), span in zip(written, spans, strict=True)])}"
        )
    years = sorted({day.year for day, _ in written})
    by_year = [listing([day_month(day) for day, _ in written if day.year == year]) + f" {year}" for year in years]
    return f"den {listing(by_year, 'samt')}{at}"


def _amount(cadence: Relative) -> str:
    if cadence.unit == "minutes":
        hours, minutes = divmod(cadence.amount, 60)
        spoken = [_counted(hours, "timme", "timmar")] if hours else []
        spoken += [_counted(minutes, "minut", "minuter")] if minutes else []
        return listing(spoken)
    nouns = {
        "days": ("dag", "dagar"),
        "working-days": ("arbetsdag", "arbetsdagar"),
        "weeks": ("vecka", "veckor"),
    }
    return _counted(cadence.amount, *nouns[cadence.unit])


def _counted(value: int, singular: str, plural: str) -> str:
    return f"{number_word(value)} {singular if value == 1 else plural}"


def _relative(cadence: Relative, municipality: Municipality) -> str:
    meeting = f"möte i {municipality.body_name(cadence.body)}"
    months = f" i {_months(cadence.months)}" if cadence.months else ""
    direction = "före" if cadence.direction == "before" else "efter"
    if cadence.amount:
        said = f"{_amount(cadence)} {direction} {meeting}{months}"
    elif cadence.unit == "minutes":
        said = f"strax {direction} {meeting}{months}"
    else:
        said = f"{'till' if cadence.direction == 'before' else 'efter'} {meeting}{months}"
    same_day = ", samma dag" if cadence.unit == "minutes" else ""
    return f"{said}{_at(cadence.at)}{same_day}"


def _term(cadence: TermOfOffice) -> str:
    if not cadence.on and not cadence.months and not cadence.at:
        return "en gång per mandatperiod"
    months = _months(cadence.months or (TERM_MONTH,))
    return f"en gång per mandatperiod, {_days(cadence.on)} i {months} det första året{_at(cadence.at)}"
