"""Finds what looks like a Swedish personal identity number or coordination number in a text.

Status answers are to be about places and events, never about somebody: whoever wrote a number is told of it. The form
is 18 § folkbokföringslagen (1991:481): date of birth, birth number and a check digit (Luhn) over the last ten digits.
In a coordination number (samordningsnummer) 60 is added to the day.
"""

from __future__ import annotations

import re
from datetime import date

# Ten or twelve digits; before the last four a hyphen, a dash, a plus (older than a hundred) or a blank may stand.
_NUMBER = re.compile(r"(?<![\d-])((?:18|19|20)?\d{6})\s?[-+–−]?\s?(\d{4})(?![\d]|-\d)")
_COORDINATION = 60


def personal_numbers(text: str, today: date) -> tuple[str, ...]:
    """The numbers found, in the order of the text, with the last four digits covered: `811228-****`.

    A number counts where its date exists, is not to come, and its check digit is right; one number in ten that only
    has a fitting date does so too by chance, which is why this warns and never stops anybody.
    """
    return tuple(
        f"{found[1]}-****"
        for found in _NUMBER.finditer(text)
        if _is_birth(found[1], today) and check_digit_fits(found[1][-6:] + found[2])
    )


def check_digit_fits(ten: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before it (Luhn)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_birth(digits: str, today: date) -> bool:
    """Whether six or eight digits are a day somebody living or lately dead may be born on."""
    centuries = [digits[:2]] if len(digits) == 8 else ["19", "20"]
    year, month, day = digits[-6:-4], int(digits[-4:-2]), int(digits[-2:])
    if day > _COORDINATION:
        day -= _COORDINATION
    return any(_has_been(int(century + year), month, day, today) for century in centuries)


def _has_been(year: int, month: int, day: int, today: date) -> bool:
    try:
        return date(year, month, day) <= today
    except ValueError:
        return False
