"""What a line of the minutes means: actions, decisions, attendance, and who may decide."""

from __future__ import annotations

from datetime import date, time

import pytest

from governance.model.body import Body
from governance.model.live import (
    ActionLine,
    Circle,
    DecisionLine,
    Seen,
    as_parts,
    clock_of,
    field_kind,
    item_state,
    minutes_between,
    parse_action,
    parse_actions,
    parse_attendance,
    parse_decisions,
    parts_of,
    phrases,
    quorum,
    short_name,
)
from governance.model.people import Seat
from tests.model.town import body, weekly

PEOPLE = {
    "anna.lind": "Anna Lind",
    "anna.berg": "Anna Berg",
    "erik.noren": "Erik Norén",
    "mats.oberg": "Mats Öberg",
    "eva.holm": "Eva Holm",
    "eva.ek": "Eva Ek",
}
DAY = date(2027, 5, 12)
CIRCLE = Circle(PEOPLE, {"anna.lind", "anna.berg", "erik.noren", "eva.ek"}, DAY)
LAMP = "Laga belysningen"


def circle(*near: str) -> Circle:
    return Circle(PEOPLE, near, DAY)


@pytest.mark.parametrize(
    "line",
    [
        "@Erik 15/12 Laga belysningen",
        "@erik 15/12 Laga belysningen.",
        "@Norén 15/12: Laga belysningen",
        "@noren 15/12 Laga belysningen",
        "@Erik Norén 15/12 Laga belysningen",
        "@erik.noren, senast den 15/12, Laga belysningen",
        "@Eri 15 december Laga belysningen",
        "@Erik Laga belysningen 15/12",
        "@Erik Laga belysningen senast 15 dec.",
        "Laga belysningen @Erik 15/12",
        "15/12 Laga belysningen @Erik",
        "15/12 @Erik Laga belysningen",
        "@Erik 2027-12-15 Laga belysningen",
        "@Erik 15/12/2027 Laga belysningen",
        "@Erik 15/12 2027 Laga belysningen",
        "@Erik 15/12-27 Laga belysningen",
        "@Erik 15 december 2027 Laga belysningen",
    ],
)
def test_action_line_tells_who_when_and_what(line: str) -> None:
    found = parse_action(line, CIRCLE)
    assert (found.owner, found.due, found.text, found.problem) == ("erik.noren", date(2027, 12, 15), LAMP, "")


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("@Erik 12/5 Ringa", date(2027, 5, 12)),
        ("@Erik 11/5 Ringa", date(2028, 5, 11)),
        ("@Erik v. 20 Ringa", date(2027, 5, 21)),
        ("@Erik v20 Ringa", date(2027, 5, 21)),
        ("@Erik vecka 3 Ringa", date(2028, 1, 21)),
    ],
)
def test_day_without_year_is_the_next_one_from_the_meeting_on(line: str, due: date) -> None:
    found = parse_action(line, CIRCLE)
    assert (found.due, found.text) == (due, "Ringa")


def test_day_moved_to_next_year_says_so() -> None:
    assert parse_action("@Erik 11/5 Ringa", CIRCLE).note == "Dagen har passerat i år, så det blev nästa."


@pytest.mark.parametrize("line", ["@Erik 31/2 Ringa", "@Erik 15/13 Ringa", "@Erik 2027-02-30 Ringa", "@Erik v99 Ringa"])
def test_day_that_is_none_is_told(line: str) -> None:
    found = parse_action(line, CIRCLE)
    assert (found.owner, found.due, found.problem) == ("erik.noren", None, f"”{line.split()[1]}” är inget datum.")


def test_a_fraction_inside_the_text_is_no_day() -> None:
    found = parse_action("@Erik 15/12 Söka pengar till 1/2 tjänst i Norrby", CIRCLE)
    assert (found.due, found.text) == (date(2027, 12, 15), "Söka pengar till 1/2 tjänst i Norrby")


def test_name_that_several_in_the_body_bear_gives_candidates_and_stays_in_the_text() -> None:
    assert parse_action("@Anna 15/12 Laga belysningen", CIRCLE) == ActionLine(
        text="@Anna Laga belysningen",
        due=date(2027, 12, 15),
        mention="Anna",
        candidates=("anna.lind", "anna.berg"),
        problem="”Anna” kan vara Anna Lind, Anna Berg.",
    )


def test_name_borne_by_one_in_the_body_means_that_one() -> None:
    assert parse_action("@Eva 15/12 Ringa", CIRCLE).owner == "eva.ek"


def test_name_borne_by_nobody_in_the_body_is_looked_for_among_all() -> None:
    assert parse_action("@Mats 15/12 Ringa", CIRCLE).owner == "mats.oberg"
    assert parse_action("@Eva 15/12 Ringa", circle()).candidates == ("eva.holm", "eva.ek")


def test_unknown_name_is_told_and_stays_in_the_text() -> None:
    found = parse_action("@Kalle 15/12 Ringa", CIRCLE)
    assert (found.owner, found.text, found.problem) == ("", "@Kalle Ringa", "Ingen här heter ”Kalle”.")


def test_what_is_missing_is_told() -> None:
    assert parse_action("Laga belysningen", CIRCLE).problem == "Ansvarig saknas. Datum saknas."
    assert parse_action("@Erik Laga belysningen", CIRCLE).problem == "Datum saknas."
    assert parse_action("@Erik 15/12", CIRCLE).problem == "Vad som ska göras saknas."


def test_actions_are_one_a_line_with_or_without_dash() -> None:
    found = parse_actions("- @Erik 15/12 Ringa\n\n• @Mats 16/12 Skriva\nMejla\n", CIRCLE)
    assert [each.text for each in found] == ["Ringa", "Skriva", "Mejla"]


def test_address_in_the_text_is_no_mention() -> None:
    assert parse_action("Skriv till trygghet@prov.example", CIRCLE).mention == ""


# --- decisions ---------------------------------------------------------------------------------------------------

BODIES = {"styrgrupp": "Styrgruppen", "beredning": "Beredningsgruppen", "bostad": "Bostadsgruppen"}
ASKED = {"Beredningsgruppen 4 februari 2027, 6": "kamera"}


def test_decisions_are_parted_by_blank_lines() -> None:
    found = parse_decisions("Rådet beslutar att\ngodkänna.\n\n \nRådet avslår.", BODIES, ASKED)
    assert found == (DecisionLine("Rådet beslutar att godkänna."), DecisionLine("Rådet avslår."))


@pytest.mark.parametrize("arrow", ["→ Styrgruppen", "-> styrgruppen.", "→ Styr"])
def test_arrow_sends_a_decision_on(arrow: str) -> None:
    assert parse_decisions(f"Rådet föreslår.\n{arrow}", BODIES, {}) == (DecisionLine("Rådet föreslår.", "styrgrupp"),)


def test_arrow_to_nobody_known_is_told() -> None:
    found = parse_decisions("Rådet föreslår.\n→ Kyrkan\n\n→ B", BODIES, {})
    assert [each.problem for each in found] == [
        "Det finns inget organ som heter ”Kyrkan”.",
        "Det finns inget organ som heter ”B”.",
    ]


def test_answer_names_the_question() -> None:
    found = parse_decisions("Rådet säger nej.\nSvar på: beredningsgruppen 4 februari 2027, 6", BODIES, ASKED)
    assert found == (DecisionLine("Rådet säger nej.", answers="kamera"),)
    wrong = parse_decisions("Nej.\nSvar på: något annat", BODIES, ASKED)
    assert wrong[0].problem == "Frågan ”något annat” finns inte."


def test_phrases_bear_the_name_the_body_calls_itself() -> None:
    group = body(weekly())
    assert short_name(group) == "Gruppen"
    assert phrases(group)["b"] == "Gruppen beslutar att "


# --- attendance --------------------------------------------------------------------------------------------------


def test_attendance_is_read_as_it_was_written() -> None:
    text = as_parts([("presence", "present"), ("from", "09:05"), ("until", ""), ("for", "anna.lind"), ("note", "a\nb")])
    assert text == "presence: present\nfrom: 09:05\nfor: anna.lind\nnote: a b"
    assert parse_attendance(text) == Seen("present", time(9, 5), None, "anna.lind", "a b")
    assert parts_of(text)["note"] == "a b"


def test_attendance_not_said_is_neither_present_nor_absent() -> None:
    assert parse_attendance("presence: kanske\nfrom: snart") == Seen()


@pytest.mark.parametrize(("text", "found"), [("9.05", time(9, 5)), ("0905", time(9, 5)), ("24:00", None), ("x", None)])
def test_clock_is_read_in_the_ways_it_is_written(text: str, found: time | None) -> None:
    assert clock_of(text) == found


def council(**fields: object) -> Body:
    roles = ("chair", "vice-chair", "member", "member", "member")
    seats = [Seat(role, held_by=(person,)) for role, person in zip(roles, "abcde", strict=True)]
    seats += [Seat("secretary", held_by=("s",)), Seat("substitute", held_by=("t",), substitute_for="a")]
    return Body(**{**{k: getattr(body(weekly(), "radet"), k) for k in ("id", "name", "cadence", "lead_times")},
                   "tier": "council", "formality": "regulated", "seats": tuple(seats), **fields})  # fmt: skip


def present(*people: str, **more: Seen) -> dict[str, Seen]:
    return {person: Seen("present") for person in people} | more


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("", "Närvaron är inte antecknad"),
        ("ab", "2 av 5 ledamöter, inte beslutsför (minst 3)"),
        ("abs", "2 av 5 ledamöter, inte beslutsför (minst 3)"),
        ("abc", "3 av 5 ledamöter, beslutsför"),
    ],
)
def test_more_than_half_of_the_members_may_decide(who: str, words: str) -> None:
    assert quorum(council(), DAY, present(*who)).words() == words


def test_substitute_who_serves_counts_for_the_member_replaced_and_only_then() -> None:
    serving = present("b", "c", t=Seen("present", serves_for="a"), a=Seen("excused"))
    idle = present("b", "c", "t", a=Seen("excused"))
    both = present("a", "b", t=Seen("present", serves_for="a"))
    assert [quorum(council(), DAY, each).taking_part for each in (serving, idle, both)] == [3, 2, 2]


def test_who_comes_late_or_leaves_counts_while_in_the_room() -> None:
    room = present("a", "b", c=Seen("present", time(9, 20), time(10)))
    told = [quorum(council(), DAY, room, at).taking_part for at in (time(9, 19), time(9, 20), time(10), None)]
    assert told == [2, 3, 2, 3]


def test_who_is_biased_does_not_count() -> None:
    found = quorum(council(), DAY, present(*"abc"), recused=("c",))
    assert (found.taking_part, found.met) == (2, False)
    assert found.frozen() == "2 av 5 ledamöter deltog i beslutet. Det är inte fler än hälften."


def test_vacant_seat_counts_among_the_members() -> None:
    seats = (*council().seats, Seat("member"))
    assert quorum(council(seats=seats), DAY, present(*"abc")).words() == "3 av 6 ledamöter, inte beslutsför (minst 4)"


def test_group_without_rules_tells_how_many_are_there() -> None:
    found = quorum(council(formality="informal"), DAY, present("a", "s"))
    assert (found.words(), found.met) == ("2 närvarande", True)


def test_fields_are_of_three_kinds_by_their_names() -> None:
    names = ["item:4:account", "item:4:recused", "attendance:anna.lind", "action:Å-2027-003", "meeting:approvers"]
    assert [field_kind(name) for name in names] == ["text", "list", "parts", "parts", "list"]


def test_item_is_untouched_under_way_or_done() -> None:
    assert item_state({}, 4) == "untouched"
    assert item_state({"item:4:account": "x", "item:5:done": "10:00"}, 4) == "under-way"
    assert item_state({"item:4:account": "x", "item:4:done": "10:00"}, 4) == "done"


def test_minutes_between_two_times_of_day() -> None:
    assert [minutes_between(time(9, 5), time(9, 20)), minutes_between(None, time(9))] == [15, None]
