"""Every rhythm of the reference as its cadence, and what is said of rhythms that cannot be."""

import re
from datetime import date, time
from pathlib import Path

import pytest

from governance.model.cadence import (
    Dates,
    DayOfMonth,
    Monthly,
    NearestWeekday,
    NthWeekday,
    NthWorkingDay,
    OnDemand,
    Relative,
    Span,
    Spread,
    TermOfOffice,
    Weekly,
)
from tests.config.reading import RIGHT, made, problems

USUAL = '{every: month, on: first tuesday, at: "09:00-10:00"}'
NINE = Span(time(9))
LAST_DAY = (NthWorkingDay(-1),)
OTHER = '  rad: {name: Rådet, tier: council, external: true, rhythm: {dates: [2027-02-01], at: "09:00"}}\n'


def cadence(rhythm):
    return made(RIGHT.replace(USUAL, rhythm) + OTHER).bodies["styrgrupp"].cadence


def paper(keys):
    return made(f"{RIGHT}products: {{p: {{kind: other, {keys}}}}}\n").products["p"].cadence


def wrong(rhythm):
    """What is said of the rhythm on line 14, from its key on."""
    found = problems(RIGHT.replace(USUAL, rhythm) + OTHER)
    return [line.removeprefix("config.yaml:14: bodies.styrgrupp.rhythm") for line in found]


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ('{every: week, on: tuesday, at: "09:00-10:00"}', Weekly((1,), at=Span(time(9), time(10)))),
        ('{every: odd week, on: wednesday, at: "09:00"}', Weekly((2,), parity="odd", at=NINE)),
        ('{every: even week, on: wednesday, at: "09:00"}', Weekly((2,), parity="even", at=NINE)),
        ('{every: 2 weeks, from: 2027-01-14, at: "09:00"}', Weekly((3,), 2, start=date(2027, 1, 14), at=NINE)),
        ('{every: week, on: [tuesday, friday], at: "09:00"}', Weekly((1, 4), at=NINE)),
        (
            '{every: week, on: monday, except: [july], at: "09:00"}',
            Weekly((0,), at=NINE, except_months=frozenset({7})),
        ),
        (
            '{every: month, on: first tuesday, except: [july], at: "09:00"}',
            Monthly((NthWeekday(1, 1),), frozenset({1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}), at=NINE),
        ),
        ('{every: month, on: last working day, at: "09:00"}', Monthly(LAST_DAY, at=NINE)),
        ('{every: month, on: 15, at: "09:00"}', Monthly((DayOfMonth(15),), at=NINE)),
        (
            '{every: 2 months, on: last friday, at: "09:00"}',
            Monthly((NthWeekday(-1, 4),), frozenset({1, 3, 5, 7, 9, 11}), at=NINE),
        ),
        (
            '{every: 4 months, from: 2027-02, on: second wednesday, at: "09:00"}',
            Monthly((NthWeekday(2, 2),), interval=4, start=(2027, 2), at=NINE),
        ),
        (
            '{every: quarter, on: second wednesday of second month, at: "09:00"}',
            Monthly((NthWeekday(2, 2),), frozenset({2, 5, 8, 11}), at=NINE),
        ),
        (
            '{every: tertial, on: first monday of last month, at: "09:00"}',
            Monthly((NthWeekday(1, 0),), frozenset({4, 8, 12}), at=NINE),
        ),
        (
            '{every: half-year, on: 15 of first month, at: "09:00"}',
            Monthly((DayOfMonth(15),), frozenset({1, 7}), at=NINE),
        ),
        (
            '{in: [february, may, september, november], on: tuesday nearest 15, at: "09:00"}',
            Monthly((NearestWeekday(1, 15),), frozenset({2, 5, 9, 11}), at=NINE),
        ),
        (
            '{in: [april, october], on: third thursday, at: "09:00"}',
            Monthly((NthWeekday(3, 3),), frozenset({4, 10}), at=NINE),
        ),
        (
            '{every: year, in: march, on: third thursday, at: "09:00"}',
            Monthly((NthWeekday(3, 3),), frozenset({3}), at=NINE),
        ),
        (
            '{every: 2 years, from: 2025, in: march, on: last friday, at: "09:00"}',
            Monthly((NthWeekday(-1, 4),), frozenset({3}), year_interval=2, start=(2025, 1), at=NINE),
        ),
        ('{times: 3, per: semester, on: monday, at: "09:00"}', Spread("semester", 3, 3, 0, 0, NINE)),
        ('{times: {spring: 2, autumn: 1}, on: monday, at: "09:00"}', Spread("semester", 2, 1, 0, 0, NINE)),
        ('{times: 6, per: year, on: thursday, at: "09:00"}', Spread("year", 0, 0, 6, 3, NINE)),
        (
            '{times: 2, per: month, on: [first tuesday, third tuesday], at: "09:00"}',
            Monthly((NthWeekday(1, 1), NthWeekday(3, 1)), at=NINE),
        ),
        (
            '{dates: ["2027-09-16 10:00", 2027-02-11], at: "09:00"}',
            Dates(((date(2027, 2, 11), None), (date(2027, 9, 16), Span(time(10)))), NINE),
        ),
        ('{before: rad, by: 10 days, at: "09:00"}', Relative("rad", "before", 10, "days", NINE)),
        ('{before: rad, by: 5 working days, at: "09:00"}', Relative("rad", "before", 5, "working-days", NINE)),
        ('{after: rad, by: 2 weeks, at: "09:00"}', Relative("rad", "after", 2, "weeks", NINE)),
        ("{before: rad, by: 1 hour}", Relative("rad", "before", 60, "minutes")),
        ("{every: term-of-office}", TermOfOffice()),
        ("on demand", OnDemand()),
    ],
)
def test_a_rhythm_of_a_body_loads(rhythm, expected):
    assert cadence(rhythm) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("every: month", Monthly(LAST_DAY)),
        ("every: quarter", Monthly(LAST_DAY, frozenset({3, 6, 9, 12}))),
        ("every: tertial", Monthly(LAST_DAY, frozenset({4, 8, 12}))),
        ("every: half-year", Monthly(LAST_DAY, frozenset({6, 12}))),
        ("every: year", Monthly(LAST_DAY, frozenset({12}))),
        ("every: year, in: march, on: first monday", Monthly((NthWeekday(1, 0),), frozenset({3}))),
        ("in: [march, october]", Monthly(LAST_DAY, frozenset({3, 10}))),
        ("before: styrgrupp, in: [march]", Relative("styrgrupp", "before", 0, "days", months=frozenset({3}))),
    ],
)
def test_a_paper_has_a_day_of_its_own_accord(keys, expected):
    assert paper(keys) == expected


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        ('{every: quartely, on: first tuesday, at: "09:00"}', '.every: "quartely" är ingen rytm; menade du "quarter"?'),
        ('{every: kvartal, at: "09:00"}', '.every: "kvartal" är ingen rytm; menade du "quarter"?'),
        ("vid behov", ': "vid behov" är ingen rytm; menade du "on demand"?'),
        (
            "{}",
            ': rytmen saknar hur ofta; skriv till exempel every: month, in: [april, october] eller "on demand"',
        ),
        ("{every: week, on: friday}", ': mötet saknar klockslag; skriv till exempel at: "09:00-10:00"'),
        ('{every: week, at: "09:00"}', ": rytmen saknar veckodag; skriv till exempel on: tuesday"),
        ('{every: week, on: tisdag, at: "09:00"}', '.on: "tisdag" är ingen veckodag; menade du "tuesday"?'),
        ('{every: month, at: "09:00"}', ": rytmen saknar dag; skriv till exempel on: first tuesday"),
        (
            '{every: month, on: tuesday, at: "09:00"}',
            '.on: månaden har flera dagar "tuesday"; skriv till exempel "first tuesday"',
        ),
        (
            '{every: month, on: frist tuesday, at: "09:00"}',
            '.on: "frist tuesday" är ingen dag i månaden; menade du "first tuesday"?',
        ),
        (
            '{every: 2 weeks, on: tuesday, at: "09:00"}',
            ': "2 weeks" behöver en första dag att räkna från; skriv till exempel from: 2027-01-14',
        ),
        (
            '{every: 5 months, on: first friday, at: "09:00"}',
            ': "5 months" behöver en första månad att räkna från; skriv till exempel from: 2027-02',
        ),
        (
            '{every: 2 years, in: march, on: last friday, at: "09:00"}',
            ': "2 years" behöver ett första år att räkna från; skriv till exempel from: 2025',
        ),
        (
            '{every: quarter, on: first tuesday, at: "09:00"}',
            ": rytmen saknar månad; skriv till exempel on: first tuesday of second month",
        ),
        (
            '{every: quarter, on: first tuesday of fourth month, at: "09:00"}',
            ".on: quarter har bara 3 månader; skriv en tidigare månad",
        ),
        ('{every: year, on: first friday, at: "09:00"}', ": rytmen saknar månad; skriv till exempel in: [march]"),
        ('{in: [mars], on: last friday, at: "09:00"}', '.in: "mars" är ingen månad; menade du "march"?'),
        (
            '{every: month, dates: [2027-01-01], at: "09:00"}',
            '.dates: "dates" kan inte stå ihop med "every"; ta bort den ena',
        ),
        (
            '{dates: [2027-01-11], on: monday, at: "09:00"}',
            '.on: "on" betyder inget ihop med "dates"; ta bort den',
        ),
        (
            '{dates: [2027-01-11, 2027-01-11], at: "09:00"}',
            ".dates: datumet 2027-01-11 står två gånger; ta bort det ena",
        ),
        ('{before: rad, at: "09:00"}', ": rytmen saknar hur långt före; skriv till exempel by: 10 days"),
        (
            "{before: rad, by: 3 fortnights}",
            '.by: "3 fortnights" är inget avstånd; skriv till exempel 10 days, 5 working days, 2 weeks eller 1 hour',
        ),
        (
            '{times: 2, per: month, on: [first tuesday], at: "09:00"}',
            ".on: 2 gånger i månaden behöver 2 dagar; skriv till exempel [first tuesday, third tuesday]",
        ),
        (
            '{times: {spring: 2, host: 1}, on: monday, at: "09:00"}',
            '.times: okänd nyckel "host"; skriv till exempel {spring: 2, autumn: 1}',
        ),
        (
            '{times: 3, on: monday, at: "09:00"}',
            ': rytmen saknar per vad; skriv till exempel "per: semester" eller "per: year"',
        ),
        ('{times: 3, per: year, at: "09:00"}', ": rytmen behöver en veckodag; skriv till exempel on: monday"),
    ],
)
def test_a_rhythm_that_cannot_be_is_told_with_its_remedy(rhythm, said):
    assert wrong(rhythm) == [said]


def test_every_rhythm_of_the_reference_loads():
    page = (Path(__file__).parents[2] / "docs/reference/config.md").read_text(encoding="utf-8")
    rhythms = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1].splitlines()
    assert len(rhythms) == 22
    for rhythm in rhythms:
        text = rhythm.replace("styrgrupp", "rad")
        assert (rhythm, wrong(text)) == (rhythm, [])
