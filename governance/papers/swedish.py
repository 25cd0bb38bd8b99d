"""Swedish as papers write it: dates, clock times, numbers and lists, with spaces that do not break.

Follows Myndigheternas skrivregler (Ds 2009:38): point in clock times, en dash without spaces in ranges, full years.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from governance.model.words import MONTHS, NBSP, WEEKDAYS, day_month, long_date

__all__ = ["MONTHS", "NBSP", "WEEKDAYS", "day_month", "long_date"]

NUMBER_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
ORDINALS = (
    "första",
    "andra",
    "tredje",
    "fjärde",
    "femte",
    "sjätte",
    "sjunde",
    "åttonde",
    "nionde",
    "tionde",
    "elfte",
    "tolfte",
)
# å, ä and ö come after z, as do these three signs; w is a letter of its own since 2006 (SAOL 13).
_LETTERS = str.maketrans("åäæöøéèüáà", "{||}}eeyaa")


def short_date(day: date) -> str:
    """`3 mars 2026`."""
    return f"{day_month(day)} {day.year}"


def clock(at: time) -> str:
    """`09.00`."""
    return f"{at:%H.%M}"


def clock_range(start: time, end: time | None = None) -> str:
    """`kl. 09.00–11.00`, or `kl. 09.00` where no end is known."""
    return f"kl.{NBSP}{clock(start)}–{clock(end)}" if end else f"kl.{NBSP}{clock(start)}"


def week(day: date) -> str:
    """`vecka 53 2026`: the ISO week with the year the week belongs to, which 2 January 2027 is in."""
    year, number, _ = day.isocalendar()
    return f"vecka{NBSP}{number} {year}"


def sentence(text: str) -> str:
    """The text with an initial capital, and nothing else changed."""
    return text[:1].upper() + text[1:]


def number(value: int) -> str:
    """`125 000`, with spaces that do not break; four figures stand together, as in `4500`."""
    return f"{value:,}".replace(",", NBSP) if abs(value) >= 10_000 else str(value)


def percent(share: float) -> str:
    """A share from 0 to 1 as whole per cent: `92 %`. Halves are rounded away from zero."""
    whole = int(abs(share) * 100 + 0.5 + 1e-9)
    return f"{'−' if share < 0 and whole else ''}{whole}{NBSP}%"


def listing(words: Sequence[str], last: str = "och") -> str:
    """`a, b och c`."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def sort_key(text: str) -> str:
    """Sorts as Swedish does: å, ä, ö last and in that order, capitals and small letters alike."""
    return text.casefold().translate(_LETTERS)


def number_word(value: int, neuter: bool = False) -> str:
    """`tre` up to `tolv`, figures beyond; `ett` where the noun is neuter."""
    if value == 1 and neuter:
        return "ett"
    return NUMBER_WORDS[value] if 0 <= value < len(NUMBER_WORDS) else number(value)


def ordinal(value: int) -> str:
    """`tredje` up to `tolfte`, `13:e` beyond."""
    if 0 < value <= len(ORDINALS):
        return ORDINALS[value - 1]
    return f"{value}:{'a' if value % 10 in {1, 2} and value % 100 not in {11, 12} else 'e'}"


def count(value: int, singular: str, plural: str, *, neuter: bool = True) -> str:
    """`ett möte`, `tre möten`, `13 möten`; say `neuter=False` for `en åtgärd`. None at all is `inga möten`."""
    if value == 0:
        return f"inga {plural}"
    return f"{number_word(value, neuter)}{NBSP if value > 12 else ' '}{singular if value == 1 else plural}"


def moved_sentence(moved_from: date, reason: str) -> str:
    """`Flyttat från tisdag 6 januari: trettondedag jul`."""
    moved = f"Flyttat från {WEEKDAYS[moved_from.weekday()]} {day_month(moved_from)}"
    return f"{moved}: {reason}" if reason else moved
