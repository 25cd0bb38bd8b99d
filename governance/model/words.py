"""The Swedish words for days and months that the rules need when they give a reason."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
NBSP = "\u00a0"


def day_month(day: date) -> str:
    """`6 januari`, with a space that does not break."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """`tisdag 3 mars 2026`, with a space that does not break between day and month."""
    return f"{WEEKDAYS[day.weekday()]} {day_month(day)} {day.year}"
