"""The items of an agenda: which stand, in what order, numbered and timed."""

from __future__ import annotations

from datetime import date, datetime, time

from governance.model.agenda import Gathered, draft_items, next_year, overrun, rearranged
from governance.model.body import StandingItem
from tests.model.town import body, weekly

START = datetime(2027, 3, 16, 9, 0)
OPENING = StandingItem("Öppnande", "formality", minutes=5)
STATUS = StandingItem("Läget", source="status", minutes=20)
REFERRED = StandingItem("Frågor från andra", "decision", "referred", minutes=10)
ACTIONS = StandingItem("Åtgärder", "follow-up", "action-items", minutes=10)
CLOSING = StandingItem("Nästa möte", "formality", "next-meeting", minutes=5)


def titles(*items: StandingItem, **points: tuple[str, ...]) -> list[str]:
    gathered = Gathered({key.replace("_", "-"): lines for key, lines in points.items()})
    return [f"{item.number} {item.title}" for item in draft_items(body(weekly(), agenda=items), gathered, START)]


def test_items_stand_in_the_order_of_the_config_numbered_from_one() -> None:
    assert titles(OPENING, ACTIONS, CLOSING) == ["1 Öppnande", "2 Åtgärder", "3 Nästa möte"]


def test_item_for_referred_matters_stands_only_when_there_are_any() -> None:
    assert titles(OPENING, REFERRED, CLOSING) == ["1 Öppnande", "2 Nästa möte"]
    assert titles(OPENING, REFERRED, CLOSING, referred=("Rådet: …",)) == [
        "1 Öppnande",
        "2 Frågor från andra",
        "3 Nästa möte",
    ]


def test_matter_without_a_standing_item_gets_one_before_the_last() -> None:
    assert titles(OPENING, CLOSING, referred=("a",), follow_up=("b",)) == [
        "1 Öppnande",
        "2 Frågor från andra organ",
        "3 Uppföljning",
        "4 Nästa möte",
    ]


def test_body_without_standing_items_still_gets_what_was_sent_to_it() -> None:
    assert titles(referred=("a",)) == ["1 Frågor från andra organ"]


def test_clock_times_stand_as_far_as_every_item_before_has_a_time_box() -> None:
    group = body(weekly(), agenda=(OPENING, STATUS, StandingItem("Fritt"), CLOSING))
    found = draft_items(group, Gathered({}), START)
    assert [item.starts for item in found] == [time(9, 0), time(9, 5), None, None]


def test_answers_and_the_silent_belong_to_the_status_item_alone() -> None:
    group = body(weekly(), agenda=(OPENING, STATUS))
    found = draft_items(group, Gathered({}, (), ("Bo Hus",)), START)
    assert [item.unanswered for item in found] == [(), ("Bo Hus",)]


def test_overrun_is_what_the_time_boxes_pass_the_end_by() -> None:
    found = draft_items(body(weekly(), agenda=(OPENING, STATUS, ACTIONS)), Gathered({}), START)
    assert overrun(found, START, START.replace(minute=30)) == 5
    assert overrun(found, START, START.replace(hour=10)) == 0


def test_item_goes_to_a_place_counted_from_one_at_most_to_an_end() -> None:
    order = (7, 8, 9)
    assert rearranged(order, 9, 1) == (9, 7, 8)
    assert rearranged(order, 7, 2) == (8, 7, 9)
    assert rearranged(order, 7, 99) == (8, 9, 7)
    assert rearranged(order, 8, -3) == (8, 7, 9)


def test_next_year_is_the_same_weekday_never_after_the_nth_one_of_the_month() -> None:
    assert next_year(date(2027, 2, 10)) == date(2028, 2, 9)  # both the second Wednesday
    assert next_year(date(2028, 2, 29)) == date(2029, 2, 27)  # both Tuesdays
