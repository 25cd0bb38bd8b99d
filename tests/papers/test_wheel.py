"""The year wheel: where things lie, and that each state has a shape of its own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from math import atan2, degrees, hypot
from xml.etree import ElementTree as ET

import pytest

from governance.papers.wheel import Mark, MarkState, Ring, Wheel, draw, turn

YEAR = 2027


def tuesdays(number: int = 52) -> tuple[Mark, ...]:
    first = date(YEAR, 1, 5)
    return tuple(
        Mark(first + timedelta(weeks=n), "planned", f"möte {n}", f"/storan/organ/operativ-grupp/{n}")
        for n in range(number)
    )


def drawn(*rings: Ring, today: date | None = None, deadlines: tuple[Mark, ...] = ()) -> ET.Element:
    return ET.fromstring(draw(Wheel(YEAR, rings, deadlines, today=today)))


def one(state: MarkState) -> ET.Element:
    return drawn(Ring("Rådet", (Mark(date(YEAR, 3, 10), state, "Rådet 10 mars", "/a"),)))


def shapes(svg: ET.Element) -> list[tuple[str, str]]:
    return [(each.tag, each.get("class", "")) for each in svg.iterfind(".//a/*") if each.tag != "title"]


def clock_of(x: float, y: float) -> float:
    """Degrees clockwise from twelve o'clock."""
    return degrees(atan2(x, -y)) % 360


def test_year_begins_at_twelve_and_goes_clockwise() -> None:
    assert turn(date(2027, 1, 1), 2027, 0) == 0
    assert turn(date(2027, 12, 31), 2027, 1) == 360
    mark = one("planned").find(".//a/circle")
    assert mark is not None
    where = clock_of(float(mark.get("cx", "")), float(mark.get("cy", "")))
    assert where == pytest.approx(turn(date(2027, 3, 10), 2027), abs=0.2)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("held", [("circle", "held"), ("text", "held")]),
        ("planned", [("circle", "planned"), ("text", "planned")]),
        ("late", [("path", "late"), ("text", "late")]),
        ("cancelled", [("circle", "cancelled"), ("path", "cross")]),
    ],
)
def test_each_state_has_a_shape_of_its_own(state: MarkState, expected: list[tuple[str, str]]) -> None:
    assert shapes(one(state)) == expected


def test_mark_is_a_link_with_a_title_that_no_tab_stops_at() -> None:
    link = one("held").find(".//a")
    assert link is not None
    assert (link.get("href"), link.get("tabindex"), link.findtext("title")) == ("/a", "-1", "Rådet 10 mars")


def test_seventy_meetings_stay_under_25_kilobytes() -> None:
    months = tuple(Mark(date(YEAR, month, 4), "held", "Beredningsgruppen", "/s/organ/b/x") for month in range(1, 13))
    few = tuple(Mark(date(YEAR, month, 10), "late", "Rådet", "/s/organ/r/x") for month in (2, 5, 8, 11))
    rings = (Ring("Operativa gruppen", tuesdays()), Ring("Beredningsgruppen", months), Ring("Rådet", few))
    svg = draw(Wheel(YEAR, rings, today=date(YEAR, 5, 20), middle=("Nästa möte", "Rådet", "12 maj")))
    assert svg.count("<a ") == 68
    assert len(svg.encode()) < 25_000


def test_nothing_has_a_style_of_its_own() -> None:
    svg = draw(Wheel(YEAR, (Ring("Rådet", tuesdays()),), today=date(YEAR, 5, 20)))
    assert "style" not in svg
    assert "fill=" not in svg


def test_words_of_others_are_escaped() -> None:
    nasty = "<script>&\"'"
    svg = draw(Wheel(YEAR, (Ring(nasty, (Mark(date(YEAR, 1, 5), "held", nasty, '"><b'),)),), middle=("", nasty, "")))
    assert "<script" not in svg
    assert [each.text for each in ET.fromstring(svg).iterfind(".//title")] == [nasty]


@pytest.mark.parametrize("number", range(9))
def test_any_number_of_rings_fits_without_one_lying_on_another(number: int) -> None:
    svg = drawn(*(Ring(f"Organ {n}", tuesdays(12)) for n in range(number)))
    bands = [
        (float(each.get("r", "")), float(each.get("stroke-width", "")))
        for each in svg.iterfind("circle")
        if "band" in each.get("class", "")
    ]
    assert len(bands) == number
    edges = [(radius - width / 2, radius + width / 2) for radius, width in bands]
    assert all(inner > 60 and outer < 280 for inner, outer in edges)
    assert all(above[0] > below[1] + 10 for above, below in pairwise(edges))


def test_marks_stay_within_their_band() -> None:
    svg = drawn(*(Ring(f"Organ {n}", tuesdays(12)) for n in range(4)))
    bands = [each for each in svg.iterfind("circle") if "band" in each.get("class", "")]
    rings = [each for each in svg.iterfind("g") if each.get("class", "").startswith("marks ring")]
    for band, group in zip(bands, rings, strict=True):
        for mark in group.iterfind(".//a/circle"):
            away = abs(hypot(float(mark.get("cx", "")), float(mark.get("cy", ""))) - float(band.get("r", "")))
            assert away + float(mark.get("r", "")) < float(band.get("stroke-width", "")) / 2


def test_weeks_are_numbered_as_iso_does_and_give_way_to_many_rings() -> None:
    few, many = drawn(Ring("Rådet")), drawn(*(Ring(f"Organ {n}") for n in range(8)))
    assert [each.text for each in few.iterfind(".//g[@class='weeks']/text")] == [str(n) for n in range(1, 53)]
    assert many.find(".//g[@class='weeks']") is None
    year_with_53 = ET.fromstring(draw(Wheel(2026, (Ring("Rådet"),))))
    assert len(year_with_53.findall(".//g[@class='weeks']/text")) == 53


def test_hand_breaks_where_it_would_cross_a_rings_name() -> None:
    def pieces(today: date) -> int:
        svg = drawn(Ring("Brottsförebyggande rådet"), Ring("Styrgruppen"), today=today)
        hand = svg.find(".//g[@class='hand']/path")
        assert hand is not None
        return len(re.findall("M", hand.get("d", "")))

    assert pieces(date(YEAR, 6, 10)) == 1
    assert pieces(date(YEAR, 1, 3)) == 2


def test_today_of_another_year_leaves_no_hand() -> None:
    svg = draw(Wheel(YEAR, (Ring("Rådet"),), today=date(2026, 11, 23)))
    assert 'class="hand"' not in svg
    assert 'class="now"' not in svg


def test_this_month_is_filled() -> None:
    svg = drawn(Ring("Rådet"), today=date(YEAR, 5, 20))
    here = [each.findtext("text/textPath") for each in svg.iterfind("./g[@class='months']/g[@class='now']")]
    assert here == ["maj"]


def test_recess_is_cut_at_the_years_ends() -> None:
    christmas = (date(2026, 12, 21), date(2027, 1, 6))
    svg = draw(Wheel(YEAR, (Ring("Rådet", recess=(christmas,)),), recess=(christmas,)))
    arcs = ET.fromstring(svg).findall("./g[@class='recess']/path")
    assert len(arcs) == 2
    assert all(each.get("d", "").count("M") == 1 for each in arcs)


def test_deadlines_stand_outside_the_months_by_shape() -> None:
    days = ((3, "held"), (6, "planned"), (9, "late"))
    marks = tuple(Mark(date(YEAR, month, 10), state, "6 §") for month, state in days)  # type: ignore[arg-type]
    svg = drawn(Ring("Rådet"), deadlines=marks)
    found = [each.get("class") for each in svg.iterfind("./g[@class='marks duties']/g/path")]
    assert found == ["held", "planned", "late"]


def test_a_name_too_long_for_its_ring_is_shortened() -> None:
    long = "Arbetsgruppen för en trygg och säker sommar i hela kommunens alla stadsdelar och byar, med badplatser"
    svg = drawn(*(Ring(f"Organ {n}") for n in range(3)), Ring(long))
    said = [each.text or "" for each in svg.iterfind("./text/textPath")]
    assert said[-1].endswith("…")
    assert len(said[-1]) < 80


def test_document_of_its_own_carries_its_sheet() -> None:
    svg = ET.fromstring(draw(Wheel(YEAR, (Ring("Rådet"),)), style=".a > .b {}"))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert svg.findtext("s:title", namespaces=space) == "Årshjul 2027"
    assert svg.findtext("s:style", namespaces=space) == ".a > .b {}"
