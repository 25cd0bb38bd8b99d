"""The recorded year in examples/record hangs together, judged from the YAML alone and without the reader.

What is checked: names known to config.yaml, references made before they are used, meetings on the days the
rhythms give, everybody accounted for, nothing said twice and nothing that points to a private person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "record"
MONTHS = sorted(FOLDER.glob("*.yaml"))
ENTRY_KEYS = {
    "meeting", "answers", "present", "excused", "absent", "items", "actions", "assessment", "ahead", "to_parent",
    "approvers", "approved", "recorded", "not_held", "completed",
}  # fmt: skip
STATES = {"not-started", "in-progress", "done", "dropped"}
EXTRA_MATTERS = {("brottsforebyggande-rad 2027-11-10", "Mötesdagar 2028")}
PROTOCOLS = ("brottsforebyggande-rad", "styrgrupp")
# The first Thursday of May is Kristi himmelsfärdsdag; that of August falls in the recess.
PREPARATORY_DAYS = ["01-07", "02-04", "03-04", "04-01", "05-07", "06-03", "09-02", "10-07", "11-04", "12-02"]
COUNCIL_DAYS = ["02-10", "05-12", "08-11", "11-10"]
STEERING_DAYS = ["03-18", "10-21"]

Entry = dict[str, Any]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, in C where there is one; refuses a key written twice."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    # YAML 1.1, which this loader reads, takes the word `on` for true; here it is always a key.
    keys = ["on" if key.value == "on" else loader.construct_object(key) for key, _ in node.value]
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"{node.start_mark}: {twice} står två gånger")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@cache
def config() -> dict[str, Any]:
    return dict(yaml.load((ROOT / "config.yaml").read_text("utf-8"), _Loader))


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the year, in the order of the files."""
    found = [entry for month in MONTHS for entry in yaml.load(month.read_text("utf-8"), _Loader)]
    return tuple(found)


def body_and_day(entry: Entry) -> tuple[str, date]:
    body, day = entry["meeting"].split()
    return body, date.fromisoformat(day)


def members(body: str) -> set[str]:
    held = [seat["held_by"] for seat in config()["bodies"][body].get("seats", [])]
    return {person for holder in held for person in (holder if isinstance(holder, list) else [holder])}


def met() -> list[Entry]:
    return [entry for entry in entries() if "items" in entry]


def people_of(entry: Entry, key: str) -> list[str]:
    return [person["person"] if isinstance(person, dict) else person for person in entry.get(key, [])]


def decisions(entry: Entry) -> Iterator[dict[str, str]]:
    for item in entry.get("items", {}).values():
        yield from item.get("decisions", [])


def new_actions(entry: Entry) -> Iterator[dict[str, Any]]:
    for item in entry.get("items", {}).values():
        yield from item.get("actions", [])


def updates(entry: Entry) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What was said of actions: (person or "" for the meeting itself, ref, update), answers first."""
    for answer in entry.get("answers", []):
        for ref, update in answer.get("actions", {}).items():
            yield answer["from"], ref, update
    for ref, update in entry.get("actions", {}).items():
        yield "", ref, update


def days_of(body: str) -> list[date]:
    return [day for found, day in map(body_and_day, entries()) if found == body]


def texts(entry: Entry) -> Iterator[str]:
    """Every piece of prose in an entry."""
    for answer in entry.get("answers", []):
        yield from answer.get("answers", {}).values()
    for item in entry.get("items", {}).values():
        yield from [item["account"]] if "account" in item else []
    yield from (decision["text"] for decision in decisions(entry))
    yield from (action["text"] for action in new_actions(entry))
    yield from (update["comment"] for _, _, update in updates(entry) if "comment" in update)
    yield from [entry["assessment"]] if "assessment" in entry else []
    yield from [*entry.get("ahead", []), *entry.get("to_parent", [])]


def test_year_is_one_file_for_each_month_in_order_of_the_meetings() -> None:
    assert [month.name for month in MONTHS] == [f"2027-{number:02d}.yaml" for number in range(1, 13)]
    for month in MONTHS:
        days = [body_and_day(entry)[1] for entry in yaml.load(month.read_text("utf-8"), _Loader)]
        assert days == sorted(days), month.name
        assert {f"{day:%Y-%m}" for day in days} == {month.stem}


def test_entry_says_nothing_the_format_does_not_know() -> None:
    assert {key for entry in entries() for key in entry} <= ENTRY_KEYS
    names = Counter(entry["meeting"] for entry in entries())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_working_tuesday_outside_the_recess_is_recorded() -> None:
    tuesdays = [date(2027, 1, 12) + timedelta(weeks=number) for number in range(49)]
    wanted = [day for day in tuesdays if not 28 <= day.isocalendar().week <= 31]
    assert days_of("operativ-grupp") == wanted


def test_other_bodies_met_on_the_days_of_their_rhythm() -> None:
    def days(texts: list[str]) -> list[date]:
        return [date.fromisoformat(f"2027-{text}") for text in texts]

    assert days_of("beredningsgrupp") == days(PREPARATORY_DAYS)
    assert days_of("brottsforebyggande-rad") == days(COUNCIL_DAYS)
    assert days_of("styrgrupp") == days(STEERING_DAYS)
    assert days_of("kommunstyrelsen") == [date(2027, 6, 7)]


def test_one_weekly_meeting_was_not_held_and_says_why() -> None:
    assert [(entry["meeting"], bool(entry["not_held"])) for entry in entries() if "not_held" in entry] == [
        ("operativ-grupp 2027-09-21", True)
    ]


@pytest.mark.parametrize("body", ["operativ-grupp", "beredningsgrupp", "brottsforebyggande-rad", "styrgrupp"])
def test_every_member_is_present_excused_or_absent_exactly_once(body: str) -> None:
    for entry in met():
        if body_and_day(entry)[0] == body:
            named = [person for key in ("present", "excused", "absent") for person in people_of(entry, key)]
            assert sorted(named) == sorted(members(body)), entry["meeting"]


def test_answers_come_from_members_once_each_to_questions_the_body_asks() -> None:
    for entry in entries():
        body = body_and_day(entry)[0]
        senders = [answer["from"] for answer in entry.get("answers", [])]
        assert len(set(senders)) == len(senders), entry["meeting"]
        assert set(senders) <= members(body), entry["meeting"]
        for answer in entry.get("answers", []):
            assert set(answer.get("answers", {})) <= set(config()["bodies"][body]["asks"]), entry["meeting"]
            said = [key for key in ("answers", "nothing", "as_last_time") if key in answer]
            assert len(said) == 1, (entry["meeting"], answer["from"])


def test_same_as_last_time_follows_an_earlier_answer() -> None:
    answered: set[tuple[str, str]] = set()
    for entry in entries():
        body = body_and_day(entry)[0]
        for answer in entry.get("answers", []):
            if answer.get("as_last_time"):
                assert (body, answer["from"]) in answered, (entry["meeting"], answer["from"])
            answered.add((body, answer["from"]))


def test_received_lies_between_the_question_and_the_meeting() -> None:
    # The council's questions before August go out before the recess, 49 days ahead.
    longest = {"operativ-grupp": 8, "beredningsgrupp": 16, "brottsforebyggande-rad": 49, "styrgrupp": 28}
    for entry in entries():
        body, day = body_and_day(entry)
        for answer in entry.get("answers", []):
            if "received" in answer:
                received = datetime.fromisoformat(answer["received"])
                assert received.year == 2027
                assert 0 <= (day - received.date()).days <= longest[body], (entry["meeting"], answer["from"])
                assert received < datetime(day.year, day.month, day.day, 9), (entry["meeting"], answer["from"])


def test_item_titles_stand_on_the_agenda_or_are_extra_matters() -> None:
    extra = set()
    for entry in met():
        known = {item["title"] for item in config()["bodies"][body_and_day(entry)[0]]["agenda"]}
        extra |= {(entry["meeting"], title) for title in entry["items"] if title not in known}
    assert extra == EXTRA_MATTERS


def test_actions_have_a_known_owner_a_due_date_and_a_name_of_their_own() -> None:
    made = [(body_and_day(entry)[1], action) for entry in entries() for action in new_actions(entry)]
    refs = Counter(action["ref"] for _, action in made)
    assert refs.most_common(1)[0][1] == 1
    for day, action in made:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", action["ref"])
        assert action["owner"] in config()["people"]
        assert day < action["due"] < date(2028, 3, 1), action["ref"]


def test_updates_concern_open_actions_the_body_made_before_and_come_from_their_owner() -> None:
    owner: dict[tuple[str, str], str] = {}
    closed: set[str] = set()
    for entry in entries():
        body = body_and_day(entry)[0]
        for person, ref, update in updates(entry):
            assert (body, ref) in owner, (entry["meeting"], ref)
            assert ref not in closed, (entry["meeting"], ref)
            assert person in ("", owner[body, ref]), (entry["meeting"], ref)
            assert update["status"] in STATES
        closed |= {ref for ref, update in entry.get("actions", {}).items() if update["status"] in ("done", "dropped")}
        owner |= {(body, action["ref"]): action["owner"] for action in new_actions(entry)}


def test_what_an_owner_calls_finished_is_settled_by_that_meeting() -> None:
    for entry in entries():
        for answer in entry.get("answers", []):
            for ref, update in answer.get("actions", {}).items():
                if update["status"] in ("done", "dropped"):
                    assert entry["actions"][ref]["status"] == update["status"], (entry["meeting"], ref)


def test_year_ends_with_a_handful_of_open_actions() -> None:
    made = {action["ref"] for entry in entries() for action in new_actions(entry)}
    settled = [(ref, update["status"]) for entry in entries() for ref, update in entry.get("actions", {}).items()]
    dropped = {ref for ref, status in settled if status == "dropped"}
    done = {ref for ref, status in settled if status == "done"}
    assert (len(made), len(done), len(dropped), len(made - done - dropped)) == (61, 50, 2, 9)


def test_referrals_go_to_another_body_and_are_answered_there_later() -> None:
    sent: dict[str, str] = {}
    answered: set[str] = set()
    for entry in entries():
        body = body_and_day(entry)[0]
        for decision in decisions(entry):
            if "answers" in decision:
                assert sent[decision["answers"]] == body, entry["meeting"]
                assert decision["answers"] not in answered
                answered.add(decision["answers"])
        for decision in decisions(entry):
            assert ("refer_to" in decision) == ("ref" in decision), entry["meeting"]
            if "refer_to" in decision:
                assert decision["refer_to"] in config()["bodies"], entry["meeting"]
                assert decision["refer_to"] != body
                assert decision["ref"] not in sent
                sent[decision["ref"]] = decision["refer_to"]
    assert set(sent) - answered == {"fyrverkerier-radet", "cykelparkering-resecentrum"}


def test_protocols_are_approved_by_the_chosen_within_fourteen_days() -> None:
    for entry in met():
        body, day = body_and_day(entry)
        if body not in PROTOCOLS:
            assert "approved" not in entry
            continue
        approved = entry["approved"]
        assert set(entry["approvers"]) < set(approved["by"]) <= set(people_of(entry, "present")), entry["meeting"]
        assert day <= datetime.fromisoformat(entry["recorded"]).date() <= approved["on"] <= day + timedelta(days=14)


def test_the_board_completed_both_duties_of_the_law_in_june() -> None:
    completed = [duty for entry in entries() for duty in entry.get("completed", [])]
    assert [duty["duty"] for duty in completed] == ["situation-picture", "action-plan-follow-up"]


def test_nothing_is_said_twice_at_length() -> None:
    accounts = Counter(
        item["account"]
        for entry in met()
        for item in entry["items"].values()
        if "account" in item and len(item["account"].split()) > 6
    )
    assert [text for text, count in accounts.items() if count > 1] == []
    assessments = Counter(entry["assessment"] for entry in entries() if "assessment" in entry)
    assert [text for text, count in assessments.items() if count > 1] == []


def test_every_weekly_meeting_has_a_joint_assessment() -> None:
    weekly = [entry for entry in met() if body_and_day(entry)[0] == "operativ-grupp"]
    assert [entry["meeting"] for entry in weekly if not entry.get("assessment")] == []


def test_no_text_holds_a_personal_number_an_address_or_a_stray_space() -> None:
    personal = re.compile(r"\b(?:\d{2})?\d{6}\s?[-+]?\s?\d{4}\b|@|\+46|\b0\d{1,3}-\d{5,}")
    for entry in entries():
        for text in texts(entry):
            assert not personal.search(text), (entry["meeting"], text)
            assert text == text.strip("\n") + "\n" * text.endswith("\n"), entry["meeting"]
            assert "  " not in text, (entry["meeting"], text)
