"""Swedish typography, each sentence as a reader sees it; `_` stands for a space that does not break."""

from __future__ import annotations

from datetime import date, time

import pytest

from governance.model.words import in_running_text
from governance.papers.swedish import (
    clock,
    clock_range,
    count,
    day_month,
    listing,
    long_date,
    moved_sentence,
    number,
    number_word,
    ordinal,
    percent,
    sentence,
    short_date,
    sort_key,
    week,
)
from governance.papers.values import clean


def seen(text: str) -> str:
    return text.replace("\u00a0", "_")


def test_dates_are_written_with_day_month_and_full_year() -> None:
    day = date(2026, 3, 3)
    assert seen(long_date(day)) == "tisdag 3_mars 2026"
    assert seen(short_date(day)) == "3_mars 2026"
    assert seen(day_month(day)) == "3_mars"


def test_clock_times_have_points_and_equal_digits() -> None:
    assert clock(time(9)) == "09.00"
    assert seen(clock_range(time(9), time(11, 30))) == "kl._09.00–11.30"
    assert seen(clock_range(time(13))) == "kl._13.00"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 28), "vecka_53 2026"),
        (date(2027, 1, 2), "vecka_53 2026"),
        (date(2027, 1, 4), "vecka_1 2027"),
        (date(2024, 12, 30), "vecka_1 2025"),
    ],
)
def test_week_is_told_with_the_year_it_belongs_to(day: date, text: str) -> None:
    assert seen(week(day)) == text


def test_sentence_capitalises_its_first_letter_only() -> None:
    assert [sentence(text) for text in ("åtgärden i Norrby", "", "BRÅ möts")] == ["Åtgärden i Norrby", "", "BRÅ möts"]


def test_number_parts_thousands_from_five_figures() -> None:
    assert [seen(number(value)) for value in (0, 999, 4500, 12500, 125000, -12500)] == [
        "0",
        "999",
        "4500",
        "12_500",
        "125_000",
        "-12_500",
    ]


def test_percent_is_whole_and_rounds_halves_up() -> None:
    shares = (0.923, 0, 1, 0.005, 0.145, 0.995, -0.25)
    assert [seen(percent(share)) for share in shares] == ["92_%", "0_%", "100_%", "1_%", "15_%", "100_%", "−25_%"]


def test_listing_puts_och_before_the_last() -> None:
    assert [listing(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a och b", "a, b och c"]
    assert listing(["a", "b"], "eller") == "a eller b"


def test_sort_key_puts_the_swedish_letters_last() -> None:
    names = ["Örjan", "Zorn", "Ärlig", "Åhlén", "anna", "Wall", "Vik", "Édith", "Erik"]
    assert sorted(names, key=sort_key) == ["anna", "Édith", "Erik", "Vik", "Wall", "Zorn", "Åhlén", "Ärlig", "Örjan"]


def test_moved_sentence_gives_day_and_cause() -> None:
    assert (
        seen(moved_sentence(date(2026, 1, 6), "trettondedag jul")) == "Flyttat från tisdag 6_januari: trettondedag jul"
    )
    assert seen(moved_sentence(date(2026, 1, 6), "")) == "Flyttat från tisdag 6_januari"


def test_ordinal_spells_up_to_twelve() -> None:
    assert [ordinal(n) for n in (1, 3, 12, 13, 21, 32, 111)] == [
        "första",
        "tredje",
        "tolfte",
        "13:e",
        "21:a",
        "32:a",
        "111:e",
    ]


def test_count_spells_numbers_up_to_twelve() -> None:
    assert [seen(count(n, "möte", "möten")) for n in (0, 1, 3, 12, 13)] == [
        "inga möten",
        "ett möte",
        "tre möten",
        "tolv möten",
        "13_möten",
    ]
    assert count(1, "åtgärd", "åtgärder", neuter=False) == "en åtgärd"
    assert number_word(1) == "en"


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Brottsförebyggande rådet", "brottsförebyggande rådet"),
        ("Kommunstyrelsens ordförande", "kommunstyrelsens ordförande"),
        ("Samordnaren i Luleå", "samordnaren i Luleå"),
        ("Lokal BF-grupp norra området", "lokal BF-grupp norra området"),
        ("EST-gruppen", "EST-gruppen"),
        ("ANDTS-samordnare", "ANDTS-samordnare"),
        ("BRÅ Öster", "BRÅ Öster"),
        ("Lilla Edets råd", "Lilla Edets råd"),
        ("Mats Öberg", "Mats Öberg"),
        ("", ""),
    ],
)
def test_name_inside_a_sentence_keeps_only_the_capitals_of_names_and_abbreviations(name: str, inside: str) -> None:
    assert in_running_text(name) == inside


@pytest.mark.parametrize(
    ("written", "bound"),
    [
        ("640 000 kronor före den 3 mars", "640_000_kronor före den 3_mars"),
        ("enligt 8 kap. 12 § och § 7", "enligt 8_kap._12_§ och §_7"),
        ("vecka 28, efter klockan 23", "vecka_28, efter klockan_23"),
        ("kl. 9 kom 15 barn, 4 % fler", "kl._9 kom 15 barn, 4_% fler"),
        ("0123-45 60 00", "0123-45 60 00"),
    ],
)
def test_number_stays_on_the_line_of_what_it_counts(written: str, bound: str) -> None:
    assert clean(written) == bound.replace("_", "\u00a0")
