"""The words within a rhythm: weekdays, months, days of a month, distances. What is no such word raises `Wrong`."""

from __future__ import annotations

import re
from typing import Any

from governance.config import words
from governance.config.schema import RhythmKeys
from governance.config.words import MONTHS, WEEKDAYS
from governance.model.cadence import DayOfMonth, MonthDay, NearestWeekday, NthWeekday, NthWorkingDay

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}


class Wrong(Exception):
    """A rhythm that cannot be; `key` is the key at fault ("" for the rhythm as a whole)."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message


def parsed(key: str, parse: Any, value: object) -> Any:
    """What a parser makes of a key's value; its ValueError becomes `Wrong` at that key."""
    try:
        return parse(value)
    except ValueError as error:
        raise Wrong(key, str(error)) from None


def months_of(keys: RhythmKeys) -> frozenset[int] | None:
    """The months that `in` names, or None for all."""
    return frozenset(month_of("in", word) for word in keys.in_) or None


def month_of(key: str, word: str) -> int:
    """The number of a month by its English name."""
    if word not in MONTHS:
        raise Wrong(key, words.unknown(word, "ingen månad", MONTHS))
    return MONTHS[word]


def weekdays_of(keys: RhythmKeys) -> tuple[int, ...]:
    """The weekdays that `on` names, Monday 0."""
    for word in keys.on:
        if word not in WEEKDAYS:
            raise Wrong("on", words.unknown(word, "ingen veckodag", WEEKDAYS))
    return tuple(dict.fromkeys(WEEKDAYS[word] for word in keys.on))


def month_day(text: str) -> MonthDay:
    """One `on` of a month: `first tuesday`, `tuesday nearest 15`, `last working day`, `15`. Raises `Wrong`."""
    match text.split():
        case [("first" | "last") as nth, "working", "day"]:
            return NthWorkingDay(_ORDINALS[nth])
        case [nth, weekday] if nth in _ORDINALS and weekday in WEEKDAYS:
            return NthWeekday(_ORDINALS[nth], WEEKDAYS[weekday])
        case [weekday, "nearest", day] if weekday in WEEKDAYS and day.isdecimal() and 1 <= int(day) <= 31:
            return NearestWeekday(WEEKDAYS[weekday], int(day))
        case [day] if day.isdecimal() and 1 <= int(day) <= 31:
            return DayOfMonth(int(day))
        case [weekday] if weekday in WEEKDAYS:
            raise Wrong("on", f'månaden har flera dagar "{weekday}"; skriv till exempel "first {weekday}"')
        case _:
            right = [f"{nth} {day}" for nth in _ORDINALS for day in WEEKDAYS] + [
                "first working day",
                "last working day",
            ]
            hint = words.nearest(text, right) or '; skriv till exempel "first tuesday", "last working day" eller 15'
            raise Wrong("on", f'"{text}" är ingen dag i månaden{hint}')


def distance(text: str) -> tuple[int, Any]:
    """`by` as an amount and a unit of `Relative`: hours and minutes as minutes."""
    match = re.fullmatch(r"(\d{1,3}) (min|minutes?|hours?|days?|working days?|weeks?)", text)
    if not match:
        raise Wrong(
            "by", f'"{text}" är inget avstånd; skriv till exempel 10 days, 5 working days, 2 weeks eller 1 hour'
        )
    amount, unit = int(match[1]), match[2].rstrip("s")
    if unit == "hour":
        return amount * 60, "minutes"
    return amount, {"min": "minutes", "minute": "minutes", "day": "days", "working day": "working-days"}.get(
        unit, "weeks"
    )
