"""Rhythm words to the dataclasses of `governance.model.cadence`.

`cadence_of` gives a cadence or raises `Wrong`, which names the key at fault and says in Swedish what to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.config import words
from governance.config.rhythm_words import Wrong, distance, month_day, month_of, months_of, parsed, weekdays_of
from governance.config.schema import RhythmKeys
from governance.model.cadence import (
    Cadence,
    Dates,
    MonthDay,
    Monthly,
    NthWorkingDay,
    OnDemand,
    Relative,
    Spread,
    TermOfOffice,
    Weekly,
)

EVERY = (
    *("week", "odd week", "even week", "2 weeks", "month", "2 months", "quarter", "tertial", "half-year", "year"),
    *("2 years", "term-of-office", "on demand"),
)
_PARTS = {"quarter": 3, "tertial": 4, "half-year": 6, "year": 12}  # months in each
_ORDINAL_WORDS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_FORMS = ("every", "times", "dates", "before", "after", "on_demand")
_LAST_WORKING_DAY: tuple[MonthDay, ...] = (NthWorkingDay(-1),)


@dataclass(frozen=True, slots=True)
class _Days:
    """The `on` of a month, and which month of the period it named (`of second month`), if any."""

    on: tuple[MonthDay, ...]
    nth_month: int | None = None


def cadence_of(keys: RhythmKeys, paper: bool = False, external: bool = False) -> Cadence:
    """The cadence a rhythm says. A paper needs no clock time and has a default day; an external organ needs no time.

    Raises `Wrong` where the words do not make a rhythm.
    """
    given = [form for form in _FORMS if getattr(keys, form)]
    if not given and keys.in_:
        given = ["in"]
    if not given:
        raise Wrong(
            "", 'rytmen saknar hur ofta; skriv till exempel every: month, in: [april, october] eller "on demand"'
        )
    if len(given) > 1:
        raise Wrong(given[1], f'"{given[1]}" kan inte stå ihop med "{given[0]}"; ta bort den ena')
    cadence: Cadence = _FORM_OF[given[0]](keys, paper)
    timeless = paper or external or isinstance(cadence, OnDemand | TermOfOffice)
    if isinstance(cadence, Relative) and cadence.unit == "minutes":
        timeless = True
    if isinstance(cadence, Dates) and all(span for _, span in cadence.dates):
        timeless = True
    if keys.at is None and not timeless:
        raise Wrong("", 'mötet saknar klockslag; skriv till exempel at: "09:00-10:00"')
    return cadence


def _only(keys: RhythmKeys, form: str, *allowed: str) -> None:
    """Refuses the rhythm keys that mean nothing in this form, rather than passing them over."""
    for name, field in RhythmKeys.model_fields.items():
        key = field.alias or name
        if key not in (form, *allowed) and key not in _FORMS and getattr(keys, name) not in (None, (), False):
            raise Wrong(key, f'"{key}" betyder inget ihop med "{form}"; ta bort den')


def _days(keys: RhythmKeys, paper: bool) -> _Days:
    """The days of the month, `of second month` taken off; a paper's default is the last working day."""
    if not keys.on:
        if paper:
            return _Days(_LAST_WORKING_DAY)
        raise Wrong("", "rytmen saknar dag; skriv till exempel on: first tuesday")
    nth_month, found = None, []
    for text in keys.on:
        match = re.fullmatch(rf"(.+) of ({_ORDINAL_WORDS}|last) month", text)
        if match:
            nth_month = -1 if match[2] == "last" else _ORDINAL_WORDS.split("|").index(match[2]) + 1
        found.append(month_day(match[1] if match else text))
    return _Days(tuple(found), nth_month)


def _every(keys: RhythmKeys, paper: bool) -> Cadence:
    every = str(keys.every)
    match = re.fullmatch(r"(\d{1,2}) (week|month|year)s?", every)
    count, unit = (int(match[1]), match[2]) if match else (1, every)
    if count == 0:
        raise Wrong("every", "noll gånger är ingen rytm; skriv till exempel 2 weeks")
    if unit in ("week", "odd week", "even week"):
        _only(keys, "every", "on", "at", "from", "except")
        return _weekly(keys, unit, count)
    if unit == "month":
        _only(keys, "every", "on", "at", "from", "except", "in")
        return _monthly(keys, count, paper)
    if unit in _PARTS:
        _only(keys, "every", "on", "at", "from", "in")
        return _part(keys, unit, count, paper)
    if unit == "term-of-office":
        _only(keys, "every", "on", "at", "in")
        return TermOfOffice(_days(keys, paper).on if keys.on else (), months_of(keys), keys.at)
    raise Wrong("every", words.unknown(every, "ingen rytm", EVERY))


def _weekly(keys: RhythmKeys, unit: str, count: int) -> Weekly:
    start: date | None = parsed("from", words.parse_day, keys.from_) if keys.from_ else None
    if count > 1 and start is None:
        raise Wrong("", f'"{keys.every}" behöver en första dag att räkna från; skriv till exempel from: 2027-01-14')
    weekdays = weekdays_of(keys)
    if not weekdays and start:
        weekdays = (start.weekday(),)
    if not weekdays:
        raise Wrong("", "rytmen saknar veckodag; skriv till exempel on: tuesday")
    parity: Any = unit.split(maxsplit=1)[0] if " " in unit else None
    skipped = frozenset(month_of("except", word) for word in keys.except_)
    return Weekly(weekdays, count, parity, start, keys.at, skipped)


def _monthly(keys: RhythmKeys, count: int, paper: bool) -> Monthly:
    days = _days(keys, paper)
    if days.nth_month:
        raise Wrong("on", '"of … month" hör till quarter, tertial, half-year och year; ta bort det')
    start = parsed("from", words.parse_start, keys.from_)[:2] if keys.from_ else None
    months, skipped = months_of(keys), frozenset(month_of("except", word) for word in keys.except_)
    if count > 1 and start is None:
        if 12 % count:
            raise Wrong("", f'"{keys.every}" behöver en första månad att räkna från; skriv till exempel from: 2027-02')
        months, count = months or frozenset(range(1, 13, count)), 1
    if skipped:
        months = (months or frozenset(range(1, 13))) - skipped
        if not months:
            raise Wrong("except", "alla månader är undantagna; ta bort någon")
    return Monthly(days.on, months, interval=count, start=start, at=keys.at)


def _part(keys: RhythmKeys, unit: str, count: int, paper: bool) -> Monthly:
    """Quarters, tertials, half-years and years: named months, or the nth month of each part."""
    length = _PARTS[unit]
    days = _days(keys, paper)
    start = parsed("from", words.parse_start, keys.from_)[:2] if keys.from_ else None
    if count > 1 and start is None:
        raise Wrong("", f'"{keys.every}" behöver ett första år att räkna från; skriv till exempel from: 2025')
    months = months_of(keys)
    if months and days.nth_month:
        raise Wrong("in", '"in" och "of … month" säger båda månaden; ta bort det ena')
    if not months:
        nth = days.nth_month or (length if paper else None)
        if nth is None and keys.from_ and unit == "year" and re.match(r"\d{4}-", keys.from_):
            nth = start[1] if start else None
        if nth is None:
            example = "in: [march]" if unit == "year" else f"on: {keys.on[0]} of second month"
            raise Wrong("", f"rytmen saknar månad; skriv till exempel {example}")
        if nth > length:
            raise Wrong("on", f"{unit} har bara {length} månader; skriv en tidigare månad")
        months = frozenset(range(length if nth == -1 else nth, 13, length))
    return Monthly(days.on, months, year_interval=count, start=start, at=keys.at)


def _in(keys: RhythmKeys, paper: bool) -> Monthly:
    _only(keys, "in", "on", "at", "from")
    days = _days(keys, paper)
    if days.nth_month:
        raise Wrong("on", '"in" säger redan månaden; ta bort "of … month"')
    start = parsed("from", words.parse_start, keys.from_)[:2] if keys.from_ else None
    return Monthly(days.on, months_of(keys), start=start, at=keys.at)


def _times(keys: RhythmKeys, paper: bool) -> Cadence:
    _only(keys, "times", "per", "on", "at")
    spring, autumn = _counts(keys)
    if keys.per is None and not isinstance(keys.times, dict):
        raise Wrong("", 'rytmen saknar per vad; skriv till exempel "per: semester" eller "per: year"')
    if keys.per == "month":
        days = _days(keys, paper)
        if len(days.on) != spring:
            raise Wrong(
                "on",
                f"{spring} gånger i månaden behöver {spring} dagar; skriv till exempel [first tuesday, third tuesday]",
            )
        return Monthly(days.on, at=keys.at)
    weekdays = weekdays_of(keys)
    if len(weekdays) != 1:
        raise Wrong("on" if weekdays else "", "rytmen behöver en veckodag; skriv till exempel on: monday")
    if keys.per == "year":
        return Spread("year", 0, 0, spring, weekdays[0], keys.at)
    return Spread("semester", spring, autumn, 0, weekdays[0], keys.at)


def _counts(keys: RhythmKeys) -> tuple[int, int]:
    """`times` as (spring, autumn): equal where one number stands."""
    times = keys.times
    if isinstance(times, dict):
        if keys.per not in (None, "semester"):
            raise Wrong("per", 'spring och autumn räknas per termin; skriv "per: semester"')
        for season, count in times.items():
            if season not in ("spring", "autumn"):
                raise Wrong("times", f'okänd nyckel "{season}"; skriv till exempel {{spring: 2, autumn: 1}}')
            if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 20:
                raise Wrong("times", f'"{count}" är inget antal; skriv ett heltal från 0 till 20')
        spring, autumn = times.get("spring", 0), times.get("autumn", 0)
        if spring + autumn == 0:
            raise Wrong("times", "rytmen har inga möten; skriv till exempel {spring: 2, autumn: 1}")
        return spring, autumn
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= 52:
        raise Wrong("times", f'"{times}" är inget antal; skriv ett heltal från 1 till 52')
    return times, times


def _dates(keys: RhythmKeys, paper: bool) -> Dates:  # noqa: ARG001 - all forms are called alike
    _only(keys, "dates", "at")
    moments = [parsed("dates", words.parse_moment, text) for text in keys.dates]
    seen: set[date] = set()
    for day, _ in moments:
        if day in seen:
            raise Wrong("dates", f"datumet {day} står två gånger; ta bort det ena")
        seen.add(day)
    return Dates(tuple(sorted(moments, key=lambda moment: moment[0])), keys.at)


def _relative(keys: RhythmKeys, paper: bool) -> Relative:
    before = keys.before is not None
    form = "before" if before else "after"
    _only(keys, form, "by", "at", "in")
    body = str(keys.before if before else keys.after)
    if keys.by is None:
        if not paper:
            raise Wrong("", f"rytmen saknar hur långt {'före' if before else 'efter'}; skriv till exempel by: 10 days")
        return Relative(body, "before" if before else "after", 0, "days", keys.at, months_of(keys))
    amount, unit = distance(keys.by)
    return Relative(body, "before" if before else "after", amount, unit, keys.at, months_of(keys))


_FORM_OF: dict[str, Any] = {
    "every": _every,
    "in": _in,
    "times": _times,
    "dates": _dates,
    "before": _relative,
    "after": _relative,
    "on_demand": lambda _keys, _paper: OnDemand(),
}
