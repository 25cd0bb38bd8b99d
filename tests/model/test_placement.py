"""Placement: what becomes of a slot, and why."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.model.body import Product
from governance.model.cadence import (
    Cadence,
    Change,
    ClashRule,
    Dates,
    DateSpan,
    Monthly,
    NthWeekday,
    NthWorkingDay,
    OnDemand,
    Relative,
    Spread,
    Weekly,
    WeekSpan,
    WorkCalendar,
)
from governance.model.holidays import is_working_day
from governance.model.placement import Occurrence, place, place_all, place_products
from governance.model.recess import recess_days, recess_reason, span_dates
from tests.model.town import (
    CALENDAR,
    FRI,
    MON,
    NO_RECESS,
    RECESS,
    STEERING,
    THU,
    TUE,
    WED,
    body,
    day,
    span,
    town,
    weekly,
)

NINE, TEN = time(9), time(10)
CHRISTMAS = "uppehåll 21\u00a0december–6\u00a0januari"


def placed_on(slot: str, rule: ClashRule, weekday: int, calendar: WorkCalendar = NO_RECESS) -> Occurrence:
    """The occurrence of a fortnightly body that falls on `slot`."""
    cadence = weekly(weekday, interval=2, start=day(slot))
    return place(body(cadence, on_clash=rule), calendar, day(slot), day(slot))[0]


def test_slot_on_a_working_day_stays_with_its_times() -> None:
    assert place(body(weekly()), CALENDAR, day("2027-01-12"), day("2027-01-18")) == [
        Occurrence(day("2027-01-12"), day("2027-01-12"), NINE, TEN)
    ]


def test_start_without_an_end_lasts_as_long_as_the_body_meets() -> None:
    [one] = place(body(Weekly((TUE,), at=span("13:30")), duration=90), CALENDAR, day("2027-01-12"), day("2027-01-12"))
    assert (one.start, one.end) == (time(13, 30), time(15))


def test_meeting_never_runs_past_midnight() -> None:
    [one] = place(body(Weekly((TUE,), at=span("23:00")), duration=90), CALENDAR, day("2027-01-12"), day("2027-01-12"))
    assert (one.start, one.end) == (time(23), time(23, 59))


@pytest.mark.parametrize(
    ("rule", "slot", "weekday", "lands"),
    [
        ("next-working-day", "2026-01-06", TUE, "2026-01-07"),
        ("previous-working-day", "2026-01-06", TUE, "2026-01-05"),
        ("same-week", "2026-01-06", TUE, "2026-01-05"),  # Monday and Wednesday are equally near
        ("next-week", "2026-01-06", TUE, "2026-01-13"),
        ("next-working-day", "2027-03-26", FRI, "2027-03-30"),  # långfredagen to the day after annandag påsk
        ("previous-working-day", "2027-03-29", MON, "2027-03-25"),
        ("same-week", "2027-03-29", MON, "2027-03-30"),
        ("next-week", "2026-12-25", FRI, "2027-01-08"),  # a week later is nyårsdagen
    ],
)
def test_clash_rule_moves_the_slot(rule: ClashRule, slot: str, weekday: int, lands: str) -> None:
    # Every third week leaves room for two weeks' shift.
    cadence = weekly(weekday, interval=3, start=day(slot))
    [one] = place(body(cadence, on_clash=rule), NO_RECESS, day(slot), day(slot))
    assert (one.slot, one.date, one.moved_from, one.status) == (day(slot), day(lands), day(slot), "planned")
    assert one.reason
    assert one.problem == ""


def test_moved_occurrence_gives_only_the_cause() -> None:
    assert placed_on("2026-01-06", "next-working-day", TUE).reason == "trettondedag jul"


def test_skip_drops_the_slot_and_says_why() -> None:
    one = placed_on("2026-01-06", "skip", TUE)
    assert (one.date, one.status, one.reason, one.problem) == (day("2026-01-06"), "skipped", "trettondedag jul", "")


def test_keep_stays_and_is_flagged() -> None:
    one = placed_on("2026-01-06", "keep", TUE)
    assert (one.date, one.status, one.moved_from) == (day("2026-01-06"), "planned", None)
    assert one.problem == "Mötet ligger kvar på en ledig dag: tisdag 6\u00a0januari 2026 (trettondedag jul)."


def test_shift_onto_the_next_slot_is_reported_not_guessed() -> None:
    daily = Weekly((TUE, WED), at=span("09:00"))
    [one] = place(body(daily), NO_RECESS, day("2026-01-06"), day("2026-01-06"))
    assert (one.status, one.date, one.reason) == ("skipped", day("2026-01-06"), "trettondedag jul")
    assert one.problem == (
        "Mötet tisdag 6\u00a0januari 2026 (trettondedag jul) kan inte flyttas: "
        "nästa möte är redan onsdag 7\u00a0januari 2026."
    )


def test_shift_onto_the_slot_before_is_reported() -> None:
    [one] = place(
        body(Weekly((MON, TUE)), on_clash="previous-working-day"), NO_RECESS, day("2026-01-06"), day("2026-01-06")
    )
    assert one.problem.endswith("förra mötet är redan måndag 5\u00a0januari 2026.")


def test_shift_into_a_recess_is_reported() -> None:
    calendar = WorkCalendar(recess=(WeekSpan(26, 31),))
    one = placed_on("2027-06-25", "next-working-day", FRI, calendar)  # midsommarafton; Monday begins week 26
    assert one.status == "skipped"
    assert one.problem.endswith("kan inte flyttas: närmaste arbetsdag ligger bortom uppehåll vecka 26–31.")


def test_shift_across_a_recess_is_reported() -> None:
    calendar = WorkCalendar(recess=(DateSpan(day("2027-06-28"), day("2027-06-29")),))
    cadence = weekly(FRI, interval=3, start=day("2027-06-25"))
    [one] = place(body(cadence, on_clash="next-week"), calendar, day("2027-06-25"), day("2027-06-25"))
    assert one.problem.endswith("flytten skulle korsa uppehåll 28–29\u00a0juni 2027.")


def test_week_without_a_working_day_is_reported() -> None:
    calendar = WorkCalendar(extra_days_off=frozenset(day("2027-02-15") + timedelta(days=n) for n in range(5)))
    assert placed_on("2027-02-16", "same-week", TUE, calendar).problem.endswith("veckan har ingen arbetsdag.")


def test_recess_drops_the_slot_and_never_shifts_it() -> None:
    found = place(body(weekly()), CALENDAR, day("2027-07-06"), day("2027-08-10"))
    assert [(one.slot, one.status, one.reason) for one in found] == [
        (day("2027-07-06"), "planned", ""),
        (day("2027-07-13"), "skipped", "uppehåll vecka 28–31"),
        (day("2027-07-20"), "skipped", "uppehåll vecka 28–31"),
        (day("2027-07-27"), "skipped", "uppehåll vecka 28–31"),
        (day("2027-08-03"), "skipped", "uppehåll vecka 28–31"),
        (day("2027-08-10"), "planned", ""),
    ]


def test_body_may_meet_in_the_recess_of_others() -> None:
    found = place(body(weekly(), recess=()), CALENDAR, day("2027-07-13"), day("2027-08-03"))
    assert [one.status for one in found] == ["planned"] * 4


def test_change_wins_over_recess_and_clash_rule() -> None:
    changes = {
        day("2027-03-16"): Change(cancelled=True, reason="Utbildningsdag"),
        day("2027-04-13"): Change(to=day("2027-04-14"), span=span("10:30-11:30"), reason="Krock med kommunfullmäktige"),
        day("2027-07-13"): Change(to=day("2027-07-14"), reason="Extra möte i sommar"),
        day("2027-05-04"): Change(span=span("08:00-09:00")),
        day("2027-06-01"): Change(cancelled=True),
    }
    found = place(body(weekly(), changes=changes), CALENDAR, day("2027-01-01"), day("2027-12-31"))
    by_slot = {one.slot: one for one in found}
    assert by_slot[day("2027-03-16")] == Occurrence(
        day("2027-03-16"), day("2027-03-16"), NINE, TEN, "cancelled", None, "Utbildningsdag"
    )
    assert by_slot[day("2027-04-13")] == Occurrence(
        day("2027-04-13"),
        day("2027-04-14"),
        time(10, 30),
        time(11, 30),
        "planned",
        day("2027-04-13"),
        "Krock med kommunfullmäktige",
    )
    in_july = by_slot[day("2027-07-13")]
    assert (in_july.status, in_july.date) == ("planned", day("2027-07-14"))
    assert in_july.problem == "Ett möte är utsatt till onsdag 14\u00a0juli 2027: uppehåll vecka 28–31."
    other_time = by_slot[day("2027-05-04")]
    assert (other_time.date, other_time.start, other_time.moved_from) == (day("2027-05-04"), time(8), None)
    assert by_slot[day("2027-06-01")].reason == "ingen orsak angiven"


def test_dates_written_by_hand_stand_and_are_flagged() -> None:
    cadence = Dates(((day("2027-07-14"), None), (day("2027-06-06"), None), (day("2027-09-07"), None)), span("13:00"))
    found = place(body(cadence), CALENDAR, day("2027-01-01"), day("2027-12-31"))
    assert [(one.date, one.status, one.problem) for one in found] == [
        (day("2027-06-06"), "planned", "Ett möte är utsatt till söndag 6\u00a0juni 2027: nationaldagen."),
        (day("2027-07-14"), "planned", "Ett möte är utsatt till onsdag 14\u00a0juli 2027: uppehåll vecka 28–31."),
        (day("2027-09-07"), "planned", ""),
    ]


def test_body_meets_within_its_life_only() -> None:
    one = body(weekly(), starts=day("2027-01-19"), ends=day("2027-02-02"))
    found = place(one, CALENDAR, day("2027-01-01"), day("2027-12-31"))
    assert [o.slot for o in found] == [day("2027-01-19"), day("2027-01-26"), day("2027-02-02")]


@pytest.mark.parametrize("status", ["under-development", "paused"])
def test_body_that_does_not_meet_yet_has_no_occurrences(status: str) -> None:
    assert place(body(weekly(), status=status), CALENDAR, day("2027-01-01"), day("2027-12-31")) == []


def test_on_demand_has_no_dates() -> None:
    assert place(body(OnDemand()), CALENDAR, day("2027-01-01"), day("2027-12-31")) == []


def test_wall_time_holds_across_the_changes_of_the_clock() -> None:
    found = place(body(weekly()), CALENDAR, day("2027-03-23"), day("2027-03-30"))
    found += place(body(weekly()), CALENDAR, day("2027-10-26"), day("2027-11-02"))
    zone = ZoneInfo("Europe/Stockholm")
    local = [datetime.combine(one.date, one.start, zone) for one in found]
    assert [f"{moment:%d/%m %H:%M %z}" for moment in local] == [
        "23/03 09:00 +0100",
        "30/03 09:00 +0200",
        "26/10 09:00 +0200",
        "02/11 09:00 +0100",
    ]


def test_recess_says_its_span_in_words() -> None:
    spans = [*RECESS, WeekSpan(44, 44), DateSpan(day("2027-03-01"), day("2027-03-05"))]
    assert [recess_reason(one) for one in spans] == [
        "uppehåll vecka 28–31",
        CHRISTMAS,
        "uppehåll vecka 44",
        "uppehåll 1–5\u00a0mars 2027",
    ]


def test_recess_weeks_pass_the_end_of_the_year() -> None:
    assert span_dates(WeekSpan(51, 1), 2026) == (day("2026-12-14"), day("2027-01-10"))
    assert span_dates(WeekSpan(50, 53), 2027) == (day("2027-12-13"), day("2028-01-02"))
    assert span_dates(WeekSpan(53, 53), 2027) is None


# Rhythms that follow another body


def steering_and(cadence: Cadence, **steering: object) -> dict[str, list[Occurrence]]:
    bodies = [body(cadence, "forberedelse"), body(STEERING, "styrgrupp", **steering)]
    return place_all(town(bodies), day("2027-01-01"), day("2027-12-31"))


def test_relative_counts_from_the_other_bodys_dates() -> None:
    found = steering_and(Relative("styrgrupp", "before", 10, "days", span("09:00")))
    assert [one.date for one in found["styrgrupp"]] == [day("2027-03-18"), day("2027-10-21")]
    assert [one.date for one in found["forberedelse"]] == [day("2027-03-08"), day("2027-10-11")]


def test_relative_moves_with_the_other_body_and_keeps_its_slot() -> None:
    changes = {day("2027-03-18"): Change(to=day("2027-03-24"), reason="Krock med kommunfullmäktige")}
    found = steering_and(Relative("styrgrupp", "before", 1, "weeks", span("09:00")), changes=changes)
    first = found["forberedelse"][0]
    assert (first.slot, first.date, first.moved_from) == (day("2027-03-11"), day("2027-03-17"), day("2027-03-11"))
    assert first.reason == "Styrgrupp flyttat: Krock med kommunfullmäktige"


def test_relative_falls_with_the_other_body() -> None:
    changes = {day("2027-03-18"): Change(cancelled=True, reason="Utbildningsdag")}
    first = steering_and(Relative("styrgrupp", "before", 10, "days"), changes=changes)["forberedelse"][0]
    assert (first.status, first.reason) == ("cancelled", "inget möte i Styrgrupp: Utbildningsdag")


@pytest.mark.parametrize(
    ("direction", "amount", "lands", "reason"),
    [("before", 5, "2027-03-12", "lördag"), ("after", 3, "2027-03-22", "söndag")],
)
def test_relative_moves_to_the_safe_side(direction: str, amount: int, lands: str, reason: str) -> None:
    cadence = Relative("styrgrupp", direction, amount, "days")  # type: ignore[arg-type]
    first = steering_and(cadence)["forberedelse"][0]
    assert (first.date, first.reason) == (day(lands), reason)


def test_relative_counts_working_days_past_easter() -> None:
    leader = body(Dates(((day("2027-03-31"), None),)), "styrgrupp")
    follower = body(Relative("styrgrupp", "before", 4, "working-days"), "forberedelse")
    found = place_all(town([leader, follower]), day("2027-01-01"), day("2027-12-31"))
    assert [one.date for one in found["forberedelse"]] == [day("2027-03-23")]


def test_relative_minutes_share_the_day() -> None:
    before = steering_and(Relative("styrgrupp", "before", 60, "minutes"))["forberedelse"][0]
    after = steering_and(Relative("styrgrupp", "after", 30, "minutes"))["forberedelse"][0]
    assert (before.date, before.start, before.end) == (day("2027-03-18"), time(11), time(12))
    assert (after.date, after.start, after.end) == (day("2027-03-18"), time(15, 30), time(16, 30))


def test_relative_that_leaves_the_day_is_reported() -> None:
    [first, _] = steering_and(Relative("styrgrupp", "before", 13 * 60, "minutes"))["forberedelse"]
    assert (first.status, first.problem) == ("skipped", "Mötet ryms inte samma dygn som mötet i Styrgrupp.")


def test_relative_reaches_past_the_range_asked_for() -> None:
    bodies = [body(Relative("styrgrupp", "before", 10, "days"), "forberedelse"), body(STEERING, "styrgrupp")]
    found = place_all(town(bodies), day("2027-03-01"), day("2027-03-10"))
    assert {key: [one.slot for one in ones] for key, ones in found.items()} == {
        "forberedelse": [day("2027-03-08")],
        "styrgrupp": [],
    }


def test_relative_follows_a_follower() -> None:
    bodies = [
        body(Relative("forberedelse", "before", 1, "weeks"), "presidium"),
        body(Relative("styrgrupp", "before", 10, "days"), "forberedelse"),
        body(STEERING, "styrgrupp"),
    ]
    found = place_all(town(bodies), day("2027-03-01"), day("2027-03-31"))
    assert [found[key][0].date for key in found] == [day("2027-03-01"), day("2027-03-08"), day("2027-03-18")]


def test_bodies_that_follow_each_other_in_a_ring_are_refused() -> None:
    bodies = [body(Relative("b", "before", 1, "days"), "a"), body(Relative("a", "before", 1, "days"), "b")]
    with pytest.raises(ValueError, match="rytmerna går i ring: a → b → a"):
        place_all(town(bodies), day("2027-01-01"), day("2027-12-31"))


def test_body_that_follows_an_unknown_one_has_no_meetings() -> None:
    alone = body(Relative("nobody", "before", 1, "days"), "a")
    assert place_all(town([alone]), day("2027-01-01"), day("2027-12-31")) == {"a": []}


def test_products_are_due_at_or_before_their_meeting() -> None:
    products = [
        Product(
            "arlig", "annual-follow-up", "Årlig", Relative("styrgrupp", "before", 0, "days", None, frozenset((3,)))
        ),
        Product("underlag", "other", "Underlag", Relative("styrgrupp", "before", 10, "days")),
        Product("lofte", "promise-report", "Löfte", Monthly((NthWorkingDay(-1),), frozenset((3,)))),
    ]
    municipality = town([body(STEERING, "styrgrupp")], products)
    first, last = day("2027-03-01"), day("2027-03-31")
    found = place_products(municipality, first, last, place_all(municipality, first, last))
    assert {key: [(one.date, one.start) for one in ones] for key, ones in found.items()} == {
        "arlig": [(day("2027-03-18"), time(13))],
        "underlag": [(day("2027-03-08"), NINE)],
        "lofte": [(day("2027-03-31"), NINE)],
    }


def test_a_recess_drops_no_paper() -> None:
    product = Product("lofte", "promise-report", "Löfte", Monthly((NthWorkingDay(-1),)))
    municipality = town([], [product])
    found = place_products(municipality, day("2027-01-01"), day("2027-12-31"), {})["lofte"]
    assert [one.date.month for one in found if one.status == "planned"] == list(range(1, 13))
    assert [one.date for one in found][6:] == [
        day(text) for text in ("2027-07-30", "2027-08-31", "2027-09-30", "2027-10-29", "2027-11-30", "2027-12-30")
    ]


# Laws that hold for every rhythm, rule and year

RULES: list[ClashRule] = ["skip", "next-working-day", "previous-working-day", "same-week", "next-week", "keep"]
RHYTHMS: st.SearchStrategy[Cadence] = st.one_of(
    st.builds(Weekly, st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True).map(tuple)),
    st.builds(Monthly, st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6)).map(lambda n: (n,))),
    st.builds(Spread, st.just("semester"), st.integers(1, 6), st.integers(1, 6), st.just(0), st.integers(0, 4)),
)


@settings(max_examples=40, deadline=None)
@given(RHYTHMS, st.sampled_from(RULES), st.integers(2026, 2045))
def test_placed_dates_keep_the_rules(cadence: Cadence, rule: ClashRule, year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = place(body(cadence, on_clash=rule), CALENDAR, first, last)
    recess = recess_days(RECESS, year - 1, year + 1)
    planned = [one for one in found if one.status == "planned"]
    assert not [one for one in planned if one.date in recess]
    assert rule == "keep" or not [one for one in planned if not is_working_day(one.date, CALENDAR)]
    assert not [one for one in found if (one.moved_from or one.status != "planned") and not one.reason]
    assert all((one.moved_from == one.slot) == (one.date != one.slot) for one in found)
    following = dict(zip((one.slot for one in found), found[1:], strict=False))
    preceding = dict(zip((one.slot for one in found[1:]), found, strict=False))
    assert not [one for one in planned if one.slot in following and one.date >= following[one.slot].slot]
    assert not [one for one in planned if one.slot in preceding and one.date <= preceding[one.slot].slot]


@settings(max_examples=40, deadline=None)
@given(RHYTHMS, st.sampled_from(RULES), st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 200))
def test_a_part_of_the_plan_is_the_whole_plan_cut(cadence: Cadence, rule: ClashRule, first: date, length: int) -> None:
    one, last = body(cadence, on_clash=rule), first + timedelta(days=length)
    whole = place(one, CALENDAR, date(2025, 6, 1), date(2029, 6, 1))
    assert place(one, CALENDAR, first, last) == [o for o in whole if first <= o.slot <= last]


def test_thursday_rhythm_of_the_steering_group_is_its_own_oracle() -> None:
    found = place(body(STEERING), CALENDAR, day("2027-01-01"), day("2028-12-31"))
    assert [one.date for one in found] == [
        day("2027-03-18"),
        day("2027-10-21"),
        day("2028-03-16"),
        day("2028-10-19"),
    ]
    assert {one.date.weekday() for one in found} == {THU}
