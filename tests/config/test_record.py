"""The record file: what it says becomes entries, and whatever is wrong in it becomes a problem with its line."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from governance.config import load
from governance.config.record import read_record
from governance.model.body import Municipality
from governance.model.record import (
    ActionUpdate,
    AnswerEntry,
    ApprovalEntry,
    Completion,
    ItemEntry,
    MeetingEntry,
    NewAction,
    NewDecision,
    PresenceEntry,
)

ROOT = Path(__file__).parents[2]
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(scope="module")
def storan() -> Municipality:
    (municipality,) = load(ROOT / "config.yaml").municipalities
    return municipality


def write(folder: Path, text: str, name: str = "record.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def told(folder: Path, text: str, *municipalities: Municipality) -> list[str]:
    """The problems of a record, without the path of its folder."""
    problems = read_record(write(folder, text), municipalities).problems
    return [str(problem).removeprefix(f"{folder}{os.sep}") for problem in problems]


FULL = """\
- meeting: operativ-grupp 2027-01-12
  answers:
    - from: sara.lindqvist
      received: 2027-07-11 09:40
      answers:
        Anmälda brott: Fyra inbrott, fler än vanligt.
      actions:
        belysning: {status: in-progress, comment: Beställda., due: 2027-02-09}
    - {from: maria.ek, nothing: true}
    - {from: jonas.ekstrom, as_last_time: true}
  present: [per.sjogren, {person: maria.ek, from: "09:20", until: "10:00", note: på länk}]
  excused: tove.lindgren
  absent: []
  items:
    Lägesbild för veckan:
      account: |
        Ett stycke.

        Ett till.
    Något helt nytt:
      decisions:
        - {ref: kamera, text: Gruppen föreslår kameror., refer_to: beredningsgrupp}
        - {text: Svaret är ja., answers: tidigare}
      actions:
        - {ref: belysning, text: Byta armaturer, owner: tove.lindgren, due: 2027-02-05}
  actions:
    Å-2027-003: {status: done}
  assessment: Lugnt.
  ahead: [Sportlov vecka 9]
  to_parent: [Belysning]
  approvers: [henrik.dahl]
  approved: {on: 2027-02-18, by: [karin.ahlen, henrik.dahl]}
  recorded: 2027-01-12 11:00
"""


def test_record_says_everything_the_reference_describes(tmp_path: Path, storan: Municipality) -> None:
    file = write(tmp_path, FULL)
    entry = MeetingEntry(
        file=str(file),
        line=1,
        body="operativ-grupp",
        day=date(2027, 1, 12),
        answers=(
            AnswerEntry(
                "sara.lindqvist",
                datetime(2027, 7, 11, 9, 40, tzinfo=STOCKHOLM),
                "changed",
                {"Anmälda brott": "Fyra inbrott, fler än vanligt."},
                {"belysning": ActionUpdate("in-progress", "Beställda.", date(2027, 2, 9))},
            ),
            AnswerEntry("maria.ek", choice="nothing"),
            AnswerEntry("jonas.ekstrom", choice="as-last-time"),
        ),
        attendance=(
            PresenceEntry("per.sjogren", "present"),
            PresenceEntry("maria.ek", "present", time(9, 20), time(10, 0), "på länk"),
            PresenceEntry("tove.lindgren", "excused"),
        ),
        items=(
            ItemEntry("Lägesbild för veckan", "Ett stycke.\n\nEtt till."),
            ItemEntry(
                "Något helt nytt",
                decisions=(
                    NewDecision("Gruppen föreslår kameror.", "kamera", "beredningsgrupp"),
                    NewDecision("Svaret är ja.", answers="tidigare"),
                ),
                actions=(NewAction("Byta armaturer", "tove.lindgren", date(2027, 2, 5), "belysning"),),
            ),
        ),
        actions={"Å-2027-003": ActionUpdate("done")},
        assessment="Lugnt.",
        ahead=("Sportlov vecka 9",),
        to_parent=("Belysning",),
        approvers=("henrik.dahl",),
        approved=ApprovalEntry(date(2027, 2, 18), ("karin.ahlen", "henrik.dahl")),
        recorded=datetime(2027, 1, 12, 11, 0, tzinfo=STOCKHOLM),
    )
    read = read_record(file, [storan])
    assert read.problems == ()
    assert read.entries == (("storans-kommun", entry),)


def test_record_times_are_local_in_summer_and_winter(tmp_path: Path, storan: Municipality) -> None:
    read = read_record(write(tmp_path, FULL), [storan])
    received = read.entries[0][1].answers[0].received
    assert received
    assert received.isoformat() == "2027-07-11T09:40:00+02:00"


def test_record_tells_of_meetings_not_held_and_of_duties_carried_out(tmp_path: Path, storan: Municipality) -> None:
    text = """\
- meeting: styrgrupp 2027-10-21
  not_held: Sjukdom hos flera ledamöter
- meeting: kommunstyrelsen 2027-06-07
  completed:
    - {duty: situation-picture, decision: § 86, text: Fastställs.}
    - {duty: action-plan-follow-up}
"""
    file = write(tmp_path, text)
    duties = (Completion("situation-picture", "§ 86", "Fastställs."), Completion("action-plan-follow-up"))
    read = read_record(file, [storan])
    assert read.problems == ()
    assert [entry for _, entry in read.entries] == [
        MeetingEntry(str(file), 3, "kommunstyrelsen", date(2027, 6, 7), completed=duties),
        MeetingEntry(str(file), 1, "styrgrupp", date(2027, 10, 21), not_held="Sjukdom hos flera ledamöter"),
    ]


def test_record_folder_is_read_by_name_and_sorted_by_date(tmp_path: Path, storan: Municipality) -> None:
    write(tmp_path, "- {meeting: styrgrupp 2027-03-18, assessment: c}\n", "a.yaml")
    write(tmp_path, "- {meeting: styrgrupp 2027-01-12, assessment: a}\n", "b.yml")
    write(tmp_path, "- {meeting: operativ-grupp 2027-01-12, assessment: b}\n", "c.yaml")
    write(tmp_path, "inget för kadens", "d.txt")
    read = read_record(tmp_path, [storan])
    assert [entry.assessment for _, entry in read.entries] == ["a", "b", "c"]
    assert read.problems == ()


@pytest.mark.parametrize("text", ["", "[]\n", "# inget ännu\n"])
def test_record_may_be_empty(tmp_path: Path, storan: Municipality, text: str) -> None:
    read = read_record(write(tmp_path, text), [storan])
    assert (read.entries, read.problems) == ((), ())


def test_record_examples_are_read_without_a_problem(storan: Municipality) -> None:
    read = read_record(ROOT / "examples" / "record", [storan])
    assert read.problems == ()
    assert len(read.entries) > 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- meting: styrgrupp 2027-03-18\n",
            'record.yaml:1: [1].meting: "meting" är ingen nyckel här; menade du "meeting"?',
        ),
        ("- present: [per.sjogren]\n", 'record.yaml:1: [1]: nyckeln "meeting" saknas'),
        (
            "- {meeting: styrgrup 2027-03-18, assessment: a}\n",
            'record.yaml:1: [1].meeting: "styrgrup" är inget organ i filen (bodies); menade du "styrgrupp"?',
        ),
        (
            "- {meeting: Styrgruppen 2027-03-18, assessment: a}\n",
            'record.yaml:1: [1].meeting: "Styrgruppen" är inget organ i filen (bodies); menade du "styrgrupp"?',
        ),
        (
            "- {meeting: styrgrupp, assessment: a}\n",
            'record.yaml:1: [1].meeting: "styrgrupp" ska vara organ och datum, till exempel operativ-grupp 2027-01-12',
        ),
        (
            "- {meeting: styrgrupp 2027-02-30, assessment: a}\n",
            "record.yaml:1: [1].meeting: datumet 2027-02-30 finns inte; februari 2027 har 28 dagar",
        ),
        (
            "- meeting: styrgrupp 2027-03-18\n",
            "record.yaml:1: [1]: posten säger inget om mötet; skriv till exempel present, items eller not_held",
        ),
        (
            "meeting: styrgrupp 2027-03-18\n",
            "record.yaml:1: filen ska vara en lista: varje möte börjar med ett streck, - meeting: …",
        ),
        ("- bara text\n", "record.yaml:1: [1]: här ska det stå nycklar med värden, inte bara text"),
        ("- meeting: [\n", "record.yaml:2: raden går inte att läsa: kontrollera indrag, kolon och citattecken"),
    ],
)
def test_record_names_what_is_wrong_with_an_entry(
    tmp_path: Path, storan: Municipality, text: str, expected: str
) -> None:
    assert told(tmp_path, text, storan) == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "present: [sara.lindkvist]",
            'present[1]: "sara.lindkvist" är ingen person i filen (people); menade du "sara.lindqvist"?',
        ),
        (
            "excused: [Sara Lindqvist]",
            'excused[1]: "Sara Lindqvist" är ingen person i filen (people); menade du "sara.lindqvist"?',
        ),
        (
            "present: [{person: maria.ek, from: 09:20}]",
            'present[1].from: klockslag måste stå inom citattecken: "09:20"',
        ),
        (
            'present: [{person: maria.ek, from: "25:20"}]',
            'present[1].from: "25:20" är inget klockslag; skriv till exempel "09:20"',
        ),
        (
            'present: [{person: maria.ek, from: "10:00", until: "09:30"}]',
            "present[1].until: slutar (09:30) innan det börjar (10:00); byt plats på tiderna",
        ),
        (
            "{present: [maria.ek], excused: [maria.ek]}",
            "excused[1]: maria.ek står redan under present; ta bort den ena",
        ),
        (
            "answers: [{from: maria.ek, answers: {Anmälda brot: Inga.}}]",
            (
                'answers[1].answers.Anmälda brot: "Anmälda brot" är ingen fråga som Operativa gruppen ställer; '
                'menade du "Anmälda brott"?'
            ),
        ),
        (
            "answers: [{from: maria.ek}]",
            "answers[1]: svaret är tomt; skriv answers, actions, nothing: true eller as_last_time: true",
        ),
        (
            "answers: [{from: maria.ek, nothing: true, as_last_time: true}]",
            "answers[1]: svaret säger två saker; behåll en av answers, nothing och as_last_time",
        ),
        ("answers: [{from: maria.ek, nothing: ja}]", 'answers[1].nothing: skriv true eller false, inte "ja"'),
        ("answers: [{nothing: true}]", 'answers[1]: nyckeln "from" saknas'),
        (
            "answers: [{from: maria.ek, nothing: true, received: 2027-01-11}]",
            (
                'answers[1].received: "2027-01-11" är ingen tidpunkt; skriv datum och klockslag, '
                "till exempel 2027-01-11 09:40"
            ),
        ),
        (
            "recorded: 2027-03-28 02:30",
            "recorded: klockslaget 2027-03-28 02:30 finns inte: då ställdes klockan fram till sommartid",
        ),
        (
            "actions: {belysning: {status: doen}}",
            'actions.belysning.status: "doen" är ingen status; menade du "done"?',
        ),
        (
            "actions: {belysning: {status: Pågår}}",
            'actions.belysning.status: "Pågår" är ingen status; menade du "in-progress"?',
        ),
        ("actions: {belysning: {}}", "actions.belysning: säger inget om åtgärden; skriv status, comment eller due"),
        ("items: {Nytt: {actions: [{text: Laga}]}}", 'items.Nytt.actions[1]: nyckeln "owner" saknas'),
        (
            "items: {Nytt: {actions: [{text: Laga, owner: maria.ek, due: snart}]}}",
            'items.Nytt.actions[1].due: "snart" är inget datum; skriv år-månad-dag, till exempel 2027-02-11',
        ),
        (
            "items: {Nytt: {decisions: [{text: Ja, refer_to: beredningsgruppen}]}}",
            (
                'items.Nytt.decisions[1].refer_to: "beredningsgruppen" är inget organ i filen (bodies); '
                'menade du "beredningsgrupp"?'
            ),
        ),
        (
            "items: {Nytt: {decisions: [{text: Ja, refer_to: operativ-grupp}]}}",
            (
                "items.Nytt.decisions[1].refer_to: organet hänskjuter till sig självt; "
                "välj ett annat organ eller ta bort nyckeln"
            ),
        ),
        ("items: [Nytt]", "items: här ska det stå nycklar med värden, inte en lista"),
        ("assessment: [a, b]", "assessment: här ska det stå text, inte en lista"),
        ("approved: {by: karin.ahlen}", 'approved: nyckeln "on" saknas'),
        (
            "completed: [{duty: action-plans}]",
            'completed[1].duty: "action-plans" är ingen skyldighet som kan fullgöras här; menade du "action-plan"?',
        ),
        (
            "{not_held: Sjukdom, present: [maria.ek]}",
            "not_held: mötet hölls inte, men posten har present; ta bort det ena",
        ),
        (
            "assessment: Mannen 19640823-3234 sågs igen",
            "assessment: ser ut som ett personnummer; uppgifter om enskilda får inte stå i filen, ta bort det",
        ),
    ],
)
def test_record_names_what_is_wrong_within_an_entry(
    tmp_path: Path, storan: Municipality, line: str, expected: str
) -> None:
    inner = line.removeprefix("{").removesuffix("}") if line.startswith("{") else line
    text = (
        f"- {{meeting: operativ-grupp 2027-01-12, {inner}}}\n"
        if line.startswith("{")
        else f"- meeting: operativ-grupp 2027-01-12\n  {line}\n"
    )
    number = 1 if line.startswith("{") else 2
    assert told(tmp_path, text, storan) == [f"record.yaml:{number}: [1].{expected}"]


def test_record_tells_all_problems_in_one_run(tmp_path: Path, storan: Municipality) -> None:
    text = """\
- meeting: operativ-grupp 2027-01-12
  present: [per.sjogern]
  asessment: Lugnt
- meeting: operativ-grupp 2027-01-19
  ahead: 7
  approvers: [xyz]
"""
    assert told(tmp_path, text, storan) == [
        'record.yaml:2: [1].present[1]: "per.sjogern" är ingen person i filen (people); menade du "per.sjogren"?',
        'record.yaml:3: [1].asessment: "asessment" är ingen nyckel här; menade du "assessment"?',
        'record.yaml:6: [2].approvers[1]: "xyz" är ingen person i filen (people)',
    ]


def test_record_refuses_one_reference_for_two_actions(tmp_path: Path, storan: Municipality) -> None:
    text = """\
- meeting: operativ-grupp 2027-01-12
  items: {A: {actions: [{ref: lampa, text: Laga lampan, owner: maria.ek}]}}
- meeting: operativ-grupp 2027-01-19
  items: {A: {actions: [{ref: lampa, text: Köpa en lampa, owner: maria.ek}]}}
"""
    first = f"{tmp_path / 'record.yaml'}:1"
    assert told(tmp_path, text, storan) == [
        f'record.yaml:3: items: ref "lampa" bär redan åtgärden i posten {first}; välj ett annat ref'
    ]


def test_record_of_several_municipalities_goes_by_the_key_or_the_only_body(
    tmp_path: Path, storan: Municipality
) -> None:
    """Two municipalities, of which the second has a council of its own besides the first one's bodies."""
    council = replace(storan.bodies["styrgrupp"], id="byarad")
    other = replace(storan, id="lillan", bodies={**storan.bodies, "byarad": council})
    text = """\
- {meeting: byarad 2027-01-12, assessment: a}
- {meeting: styrgrupp 2027-03-18, municipality: lillan, assessment: b}
- {meeting: styrgrupp 2027-03-18, assessment: c}
- {meeting: styrgrupp 2027-03-18, municipality: lilan, assessment: d}
- {meeting: byrad 2027-03-18, assessment: e}
"""
    read = read_record(write(tmp_path, text), [storan, other])
    assert [(municipality, entry.assessment) for municipality, entry in read.entries] == [
        ("lillan", "a"),
        ("lillan", "b"),
    ]
    assert told(tmp_path, text, storan, other) == [
        (
            'record.yaml:3: [3].meeting: "styrgrupp" finns i flera kommuner; lägg till municipality: och '
            "storans-kommun eller lillan"
        ),
        'record.yaml:4: [4].municipality: "lilan" är ingen kommun som är inläst; menade du "lillan"?',
        'record.yaml:5: [5].meeting: "byrad" är inget organ i någon av kommunerna; menade du "byarad"?',
    ]


def test_record_that_cannot_be_read_is_a_problem(tmp_path: Path, storan: Municipality) -> None:
    (tmp_path / "tom").mkdir()
    (tmp_path / "latin.yaml").write_bytes("- meeting: \n  assessment: Å\n".encode("latin-1"))
    (tmp_path / "mapp.yaml").mkdir()
    (tmp_path / "samling").mkdir()
    (tmp_path / "samling" / "mapp.yaml").mkdir()

    def said(name: str) -> list[str]:
        return [str(problem) for problem in read_record(tmp_path / name, [storan]).problems]

    assert said("saknas.yaml") == [f"{tmp_path / 'saknas.yaml'}:1: filen finns inte; kontrollera namnet"]
    assert said("tom") == [
        f"{tmp_path / 'tom'}:1: mappen har inga filer som slutar på .yaml eller .yml; ange filen eller rätt mapp"
    ]
    assert said("samling") == [f"{tmp_path / 'samling' / 'mapp.yaml'}:1: är en mapp och ingen fil"]
    assert said("latin.yaml") == [
        (
            f"{tmp_path / 'latin.yaml'}:2: filen är inte sparad som UTF-8 (ett tecken på raden går inte att läsa); "
            "spara den som UTF-8"
        )
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_record_that_may_not_be_read_is_a_problem(tmp_path: Path, storan: Municipality) -> None:
    file = write(tmp_path, "[]\n")
    file.chmod(0)
    problems = read_record(file, [storan]).problems
    assert [str(problem) for problem in problems] == [f"{file}:1: filen får inte läsas; ändra dess behörighet"]
