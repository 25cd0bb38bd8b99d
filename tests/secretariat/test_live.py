"""Writing the minutes while the meeting runs: versions, conflicts, who decided, and handing over as the record."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from governance.secretariat import live
from governance.secretariat.adjourn import adjourn, gaps
from governance.secretariat.audit import Doer
from governance.secretariat.live import Answer, Sheet, save_field, sheet_of
from governance.secretariat.live_fields import Conflict, Saved, keep_text
from governance.store import live_questions, minute_book, queries
from governance.store.desk_tables import MinutesRevision
from governance.store.tables import Action, DecisionRow, Item, Occasion
from tests.world import World, at

SIV = Doer("siv.sand", "secretary", "provkopings-kommun", "gruppen")


@pytest.fixture
def met(make_world: Callable[..., World]) -> Meeting:
    """The council's meeting of 10 February 2027 at ten past one, its agenda open."""
    world = make_world()
    world.plan()
    return opened(world, "radet", "2027-02-10", "13:10")


def opened(world: World, body: str, day: str, clock: str) -> Meeting:
    """A meeting under way, its agenda opened by hand."""
    world.set(f"{day} {clock}")
    met = Meeting(world, body, day)
    live.open_sheet(world.office, world.municipality, met.occasion, SIV)
    return met


class Meeting:
    """A meeting of a world, written at by its secretary."""

    def __init__(self, world: World, body: str, day: str) -> None:
        self.world, self.body, self.day = world, body, day

    @property
    def occasion(self) -> Occasion:
        with self.world.read() as session:
            slot = at(f"{self.day} 00:00").date()
            found = queries.occasion(session, self.world.municipality.id, "meeting", self.body, slot)
        assert found is not None
        return found

    def item(self, title: str) -> int:
        with self.world.read() as session:
            return session.scalars(select(Item.id).filter_by(occasion_id=self.occasion.id, title=title)).one()

    def sheet(self, inside: bool = True) -> Sheet:
        with self.world.read() as session:
            now = self.world.office.now
            return sheet_of(session, self.world.municipality, self.occasion, now, inside)

    def write(self, name: str, text: str, base: int | None = None, person: str = "siv.sand", **more: bool) -> Answer:
        version = self.sheet().version(name) if base is None else base
        world = self.world
        return save_field(world.office, world.municipality, self.occasion, name, version, text, person, **more)

    def present(self, *people: str) -> None:
        for person in people:
            self.write(f"attendance:{person}", "presence: present")

    def adjourn(self) -> str:
        return adjourn(self.world.office, self.world.municipality, self.occasion, SIV)


# --- versions ----------------------------------------------------------------------------------------------------


def test_field_counts_its_versions_and_the_same_text_is_none(met: Meeting) -> None:
    first = met.write("meeting:begun", "13:00", 0)
    again = met.write("meeting:begun", "13:00", 0)
    second = met.write("meeting:begun", "13:02", 1)
    assert [each.result for each in (first, again, second)] == [
        Saved("meeting:begun", "13:00", 1),
        Saved("meeting:begun", "13:00", 1),
        Saved("meeting:begun", "13:02", 2),
    ]


def test_text_that_meets_a_newer_one_is_refused_and_kept(met: Meeting) -> None:
    name = f"item:{met.item('Lägesbild')}:account"
    met.write(name, "Sivs text", 0)
    answer = met.write(name, "Kias text", 0, "kia.holm")
    assert answer.result == Conflict(name, "Sivs text", 1, "siv.sand", "Kias text")
    with met.world.read() as session:
        kept = [(row.text, row.refused) for _, row in live_questions.revisions_of(session, met.occasion.id, name)]
    assert kept == [("Sivs text", False), ("Kias text", True)]


def test_field_of_a_form_that_was_not_touched_meets_nobody(met: Meeting) -> None:
    name = f"item:{met.item('Lägesbild')}:account"
    met.write(name, "Ett", 0)
    met.write(name, "Två", 1)
    assert met.write(name, "Ett", 1, "kia.holm", whole_form=True).result == Saved(name, "Två", 1)
    assert met.sheet().text(name) == "Två"


@pytest.mark.parametrize("runs", [50, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_text_of_two_writers_is_in_the_revisions_whatever_the_order(met: Meeting, runs: int) -> None:
    """Random interleavings of two who type, save, look and settle their conflicts."""
    dice = random.Random(2027)
    occasion, now = met.occasion.id, met.world.office.now
    missing: list[str] = []
    with met.world.office.archive.write() as session:
        for run in range(runs):
            name = f"item:{run}:account"
            written: set[str] = set()
            base = {"siv": 0, "kia": 0}
            mine = {"siv": "", "kia": ""}
            for turn in range(dice.randint(3, 7)):
                who = dice.choice(("siv", "kia"))
                mine[who] = f"{mine[who]} {who}{turn}".strip()
                written.add(mine[who])
                met_by = keep_text(session, occasion, name, base[who], mine[who], who, now)
                base[who] = met_by.version
                if isinstance(met_by, Conflict):
                    mine[who] = dice.choice((mine[who], met_by.text, f"{met_by.text}\n\n{mine[who]}"))
                    again = keep_text(session, occasion, name, base[who], mine[who], who, now)
                    assert isinstance(again, Saved)
                    written.add(mine[who])
                    base[who] = again.version
            kept = set(
                session.scalars(
                    select(MinutesRevision.text).join_from(
                        MinutesRevision, live_questions.MinutesField
                    ).where(live_questions.MinutesField.name == name)
                )
            )  # fmt: skip
            missing += sorted(written - kept)
        session.rollback()
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [
        "item:1:title",
        "item:9999:account",
        "meeting:place",
        "action:Å-1999-001",
        "nonsens",
        "attendance:a/b",
        "item:x:a",
    ],
)
def test_field_that_the_meeting_does_not_have_is_not_found(met: Meeting, name: str) -> None:
    with pytest.raises(LookupError):
        met.write(name, "text")


def test_item_of_another_meeting_is_not_found(met: Meeting) -> None:
    other = opened(met.world, "gruppen", "2027-01-12", "09:00")
    with pytest.raises(LookupError):
        met.write(f"item:{other.item('Läget')}:account", "text")


def test_secret_item_shows_nothing_to_somebody_who_was_not_called(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.reconfigure(
        "{title: Lägesbild, kind: information,", "{title: Lägesbild, confidentiality: secret, kind: information,"
    )
    world.plan()
    met = opened(world, "radet", "2027-02-10", "13:10")
    name = f"item:{met.item('Lägesbild')}:account"
    met.write(name, "Det hemliga")
    outside = met.sheet(inside=False)
    assert [item.title for item in outside.items if item.veiled] == ["Ärende med sekretess"]
    assert name not in outside.fields
    with pytest.raises(LookupError):
        met.write(name, "Ändrat", inside=False)


# --- who decided -------------------------------------------------------------------------------------------------


def test_who_decided_is_kept_with_the_first_decision_and_stays(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.write("meeting:begun", "13:00")
    met.present("kia.holm", "pia.polis")
    met.write(f"item:{item}:decisions", "Rådet beslutar.")
    met.write("attendance:pia.polis", "presence: present\nuntil: 13:05")
    met.write(f"item:{item}:decisions", "Rådet beslutar annat.")
    assert met.sheet().text(f"item:{item}:quorum") == "2 av 2 ledamöter deltog i beslutet."
    assert met.sheet().quorum.words() == "1 av 2 ledamöter, inte beslutsför (minst 2)"


def test_who_leaves_for_bias_does_not_count_in_the_item(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.present("kia.holm", "pia.polis")
    met.write(f"item:{item}:decisions", "Rådet beslutar.")
    answer = met.write(f"item:{item}:recused", "pia.polis")
    words = "1 av 2 ledamöter deltog i beslutet. Det är inte fler än hälften."
    assert [(each.name, each.text) for each in answer.also] == [(f"item:{item}:quorum", words)]


def test_emptied_count_is_made_anew(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.write(f"item:{item}:decisions", "Rådet beslutar.")
    assert met.sheet().text(f"item:{item}:quorum") == ""
    met.present("kia.holm", "pia.polis")
    met.write(f"item:{item}:quorum", "Skrivet för hand.")
    met.write(f"item:{item}:quorum", "")
    assert met.sheet().text(f"item:{item}:quorum") == "2 av 2 ledamöter deltog i beslutet."


# --- closing -----------------------------------------------------------------------------------------------------


def words(met: Meeting) -> list[str]:
    return [gap.words for gap in gaps(met.world.municipality, met.occasion, met.sheet()) if gap.grave]


def test_what_is_missing_is_told_and_goes_away(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.write(f"item:{item}:decisions", "Rådet beslutar.")
    met.write(f"item:{item}:actions", "@Kalle Ringa\n@Pia 1/3 Skriva")
    assert words(met) == [
        "Närvaron är inte antecknad.",
        "Ärende 6, Lagens krav: ”@Kalle Ringa”: ingen här heter ”Kalle”. Datum saknas.",
        "Ärende 6, Lagens krav: det är inte antecknat hur många som deltog i beslutet.",
        "Ingen justerare är vald.",
    ]
    met.present("kia.holm", "siv.sand", "pia.polis")
    met.write(f"item:{item}:actions", "@Kia 2/3 Ringa\n@Pia 1/3 Skriva")
    met.write(f"item:{item}:quorum", "2 av 2 ledamöter deltog.")
    met.write("meeting:approvers", "pia.polis")
    assert words(met) == []


def test_adjourned_meeting_is_recorded_and_its_minutes_are_made(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.present("kia.holm", "siv.sand")
    met.write("attendance:pia.polis", "presence: present\nfrom: 13:20\nnote: Tåget var sent")
    met.write(f"item:{item}:account", "Samordnaren redovisar.")
    met.write(
        f"item:{item}:decisions", "Rådet beslutar om en plan.\n\nRådet ger gruppen i uppdrag att pröva den.\n→ Gruppen"
    )
    met.write(f"item:{item}:actions", "@Pia 1/3 Skriva planen")
    met.write(f"item:{item}:recused", "kia.holm")
    met.write("meeting:approvers", "pia.polis")
    met.write("meeting:begun", "13:00")
    assert met.adjourn() == "3 på närvarolistan, 2 beslut, en ny åtgärd"
    met.world.go("2027-02-10 15:05")
    text = met.world.text("minutes", met.occasion)
    assert "Jäv: Kia Holm deltog inte i handläggningen." in text
    assert "1 av 2 ledamöter deltog i beslutet. Det är inte fler än hälften." in text
    assert "Beslutet lämnas till gruppen." in text
    assert "från kl. 13.20. Tåget var sent" in text
    assert "Skriva planen. Ansvarig: Pia Polis, klart senast den 1 mars 2027." in text
    assert met.sheet().text("meeting:ended") == "13:10"


def test_adjourned_again_after_more_edits_corrects_and_keeps_numbers(met: Meeting) -> None:
    item = met.item("Lagens krav")
    met.present("kia.holm", "siv.sand", "pia.polis")
    met.write(f"item:{item}:decisions", "Rådet beslutar.")
    met.write(f"item:{item}:actions", "@Pia 1/3 Skriva planen")
    met.adjourn()
    met.write(f"item:{item}:actions", "@Pia 8/3 Skriva hela planen")
    met.write(f"item:{item}:decisions", "Rådet beslutar om planen.")
    met.adjourn()
    with met.world.read() as session:
        actions = [(row.number, row.text, row.owner) for row in session.scalars(select(Action))]
        decisions = [row.text for row in session.scalars(select(DecisionRow))]
    assert actions == [("Å-2027-001", "Skriva hela planen", "pia.polis")]
    assert decisions == ["Rådet beslutar om planen."]


def test_action_settled_at_the_meeting_is_closed_by_adjourning(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.until("2027-01-12", RECORD)
    met = opened(world, "gruppen", "2027-01-19", "09:10")
    assert [(each.number, each.owner) for each in met.sheet().actions] == [("Å-2027-001", "Bo Hus")]
    met.write("action:Å-2027-001", "status: done\ncomment: Bytt i går.")
    met.adjourn()
    with world.read() as session:
        row = session.scalars(select(Action)).one()
    assert (row.status, row.comment, str(row.closed)) == ("done", "Bytt i går.", "2027-01-19")


RECORD = """\
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand]
  items:
    Beslut:
      decisions: [{ref: fraga, text: Gruppen frågar rådet., refer_to: radet}]
      actions: [{ref: las, text: Byta lås, owner: bo.hus, due: 2027-01-15}]
"""


def test_answer_reaches_the_decision_it_answers(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.until("2027-01-12", RECORD)
    met = opened(world, "radet", "2027-02-10", "13:10")
    sheet = met.sheet()
    assert sheet.referrals == ("Gruppen 2027-01-12, ärende 4",)
    item = met.item("Frågor från andra organ")
    met.write(f"item:{item}:decisions", "Rådet säger ja.\nSvar på: Gruppen 2027-01-12, ärende 4")
    met.adjourn()
    with world.read() as session:
        asked = minute_book.decision_by_ref(session, world.municipality.id, "fraga")
    assert asked is not None
    assert (asked.answer, str(asked.answered)) == ("Rådet säger ja.", "2027-02-10")


def test_what_a_file_recorded_is_brought_in_and_a_corrected_file_is_followed(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.until("2027-01-12", RECORD)
    met = Meeting(world, "gruppen", "2027-01-12")
    live.open_sheet(world.office, world.municipality, met.occasion, SIV)
    item = met.item("Beslut")
    sheet = met.sheet()
    assert sheet.text(f"item:{item}:decisions") == "Gruppen frågar rådet.\n→ Rådet"
    assert sheet.text(f"item:{item}:actions") == "@bo.hus 2027-01-15 Byta lås"
    assert sheet.text("attendance:kia.holm") == "presence: present"
    before = world.everything()["decisions"]
    met.adjourn()
    assert world.everything()["decisions"] == before
    world.until("2027-01-13", RECORD.replace("Byta lås", "Byta alla lås"))
    assert met.sheet().text(f"item:{item}:actions") == "@bo.hus 2027-01-15 Byta alla lås"


def test_agenda_that_was_not_made_is_opened_by_hand_without_mail(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.plan()
    met = Meeting(world, "gruppen", "2027-01-12")
    world.set("2027-01-12 07:59")
    with pytest.raises(ValueError, match="en timme före mötet"):
        live.open_sheet(world.office, world.municipality, met.occasion, SIV)
    world.set("2027-01-12 08:00")
    live.open_sheet(world.office, world.municipality, met.occasion, SIV)
    assert [item.title for item in met.sheet().items] == ["Öppnande", "Åtgärder", "Läget", "Beslut", "Nästa möte"]
    world.go("2027-01-12 08:01", ["agenda"])
    assert world.dispatches("agenda", met.occasion) == []


def test_item_that_came_up_stands_before_the_closing_one(met: Meeting) -> None:
    live.add_item(met.world.office, met.world.municipality, met.occasion, "  En ny fråga ", SIV)
    assert [item.title for item in met.sheet().items][-2:] == ["En ny fråga", "Nästa möte"]
    with pytest.raises(ValueError, match="redan ett ärende"):
        live.add_item(met.world.office, met.world.municipality, met.occasion, "en ny fråga", SIV)
