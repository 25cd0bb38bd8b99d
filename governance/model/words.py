"""The Swedish words for days and months that the rules need when they give a reason, and names in a sentence."""

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


def in_running_text(name: str) -> str:
    """A body's name or a title inside a sentence: `brottsförebyggande rådet`, `trygghetssamordnaren`.

    Abbreviations keep their capitals (`EST-gruppen`), and so does a name whose second word has one (`Mats Öberg`,
    `Lilla Edets råd`).
    """
    first, _, rest = name.partition(" ")
    if not first[1:2].islower() or (rest[:1].isupper() and rest[1:2].islower()):
        return name
    return name[:1].lower() + name[1:]


def day_month(day: date) -> str:
    """`6 januari`, with a space that does not break."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """`tisdag 3 mars 2026`, with a space that does not break between day and month."""
    return f"{WEEKDAYS[day.weekday()]} {day_month(day)} {day.year}"
