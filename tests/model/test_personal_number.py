"""Personal numbers in a text: found in every way they are written, and seldom seen where there are none."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from governance.model.personal_number import check_digit_fits, personal_numbers

TODAY = date(2027, 1, 12)


def numbers(amount: int, coordination: bool = False) -> list[tuple[date, str, str]]:
    """(birth, its six digits, the last four) of made-up numbers with a right check digit."""
    dice = random.Random(7)
    made = []
    for _ in range(amount):
        birth = date(1910, 1, 1) + timedelta(days=dice.randrange((TODAY - date(1910, 1, 1)).days))
        six = f"{birth:%y%m}{birth.day + 60 * coordination:02d}"
        nine = f"{six}{dice.randrange(1000):03d}"
        check = next(digit for digit in "0123456789" if check_digit_fits(nine + digit))
        made.append((birth, six, nine[6:] + check))
    return made


@pytest.mark.parametrize("coordination", [False, True])
def test_number_is_found_however_it_is_written(coordination: bool) -> None:
    missed = []
    for birth, six, four in numbers(2000, coordination):
        eight = f"{birth.year // 100}{six}"
        for written in (f"{six}-{four}", f"{six}{four}", f"{six}+{four}", f"{six} {four}", f"{six}–{four}"):
            for form, shown in ((written, six), (f"{birth.year // 100}{written}", eight)):
                if personal_numbers(f"Vi mötte ({form}), vid torget.", TODAY) != (f"{shown}-****",):
                    missed.append(form)
    assert missed == []


def test_the_tax_agencys_own_examples_are_found() -> None:
    assert personal_numbers("811228-9874 och 670919-9530", TODAY) == ("811228-****", "670919-****")
    assert personal_numbers("Samordningsnummer 701063-2391.", TODAY) == ("701063-****",)


@pytest.mark.parametrize(
    "text",
    [
        "811228-9875",  # the check digit does not fit
        "811328-9874",  # no such month
        "Mötet 2027-01-12 kl. 09.00–10.00, ärende KS 2027-0114",
        "Organisationsnummer 212000-1355",
        "Ring 070-174 06 05 eller 0123-45 60 00.",
        "Fakturan 8112289874123 och konto 5811228987",
        "DNR 1981-12-28-9874-12",
        "",
    ],
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert personal_numbers(text, TODAY) == ()


def test_leap_day_needs_a_leap_year() -> None:
    nine = "010229123"
    check = next(digit for digit in "0123456789" if check_digit_fits(nine + digit))
    assert personal_numbers(f"{nine[:6]}-{nine[6:]}{check}", TODAY) == ()


def test_day_to_come_is_no_birth() -> None:
    four = next(f"090{digit}" for digit in "0123456789" if check_digit_fits(f"270319090{digit}"))
    assert personal_numbers(f"20270319 {four}", TODAY) == ()
    assert personal_numbers(f"20270319 {four}", date(2027, 3, 20)) == ("20270319-****",)


def test_fewer_than_one_random_row_of_ten_digits_in_a_hundred_is_taken_for_one() -> None:
    dice = random.Random(11)
    rows = [f"{dice.randrange(10**10):010d}" for _ in range(20_000)]
    assert sum(bool(personal_numbers(f"ref {row}", TODAY)) for row in rows) < 200
