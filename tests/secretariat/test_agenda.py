"""The agenda: what the archive gathers for it, and what goes from one body to another and back."""

from __future__ import annotations

from datetime import timedelta

from governance.secretariat.actions import open_items
from governance.secretariat.steps import reopen
from tests.conftest import MakeWorld
from tests.world import DUTIES, EXTERNAL, World, at, with_bodies

ACTIONS = """
- meeting: gruppen 2027-01-12
  present: [kia.holm]
  items:
    Beslut:
      account: Vi talade.
      actions:
        - {text: Utan dag, owner: bo.hus}
        - {text: Senare, owner: bo.hus, due: 2027-03-01}
        - {text: Snart, owner: bo.hus, due: 2027-02-20}
        - {text: Försenad, owner: pia.polis, due: 2027-01-15}
"""

REFERRED = """
- meeting: gruppen 2027-01-12
  present: [kia.holm]
  items:
    Beslut:
      account: Vi talade.
      decisions: [{ref: kamera, text: Gruppen föreslår en kamera., refer_to: radet}]
"""

ANSWERED = """
- meeting: radet 2027-02-10
  present: [kia.holm]
  items:
    Frågor från andra organ:
      account: Rådet prövade frågan.
      decisions: [{text: Rådet säger ja till kameran., answers: kamera}]
"""


def test_open_actions_stand_late_first_then_by_due_date_and_those_without_last(world: World) -> None:
    world.until("2027-01-18", ACTIONS)
    with world.read() as session:
        rows = open_items(session, world.municipality, "gruppen", world.office.today)
    assert [(row.text, row.late, row.age) for row in rows] == [
        ("Försenad", True, 0),
        ("Snart", False, 0),
        ("Senare", False, 0),
        ("Utan dag", False, 0),
    ]
    text = world.text("agenda", world.meeting("gruppen", "2027-01-19"))
    assert "Fyra öppna åtgärder, varav en försenad" in text
    places = [text.index(word) for word in ("Å-2027-004", "Å-2027-003", "Å-2027-002", "Å-2027-001")]
    assert places == sorted(places)


def test_age_of_an_action_counts_the_meetings_of_its_body(world: World) -> None:
    world.until("2027-01-27", ACTIONS)
    with world.read() as session:
        ages = {row.age for row in open_items(session, world.municipality, "gruppen", world.office.today)}
        before = {
            row.age
            for row in open_items(session, world.municipality, "gruppen", world.office.today - timedelta(days=2))
        }
    assert (ages, before) == ({2}, {1})


def test_agenda_without_open_actions_says_so(world: World) -> None:
    world.until("2027-01-11")
    assert "Inga åtgärder är öppna." in world.text("agenda", world.meeting("gruppen", "2027-01-12"))


def test_weekly_pictures_are_rolled_into_the_body_above(world: World) -> None:
    pictures = "".join(
        f"- meeting: gruppen {day}\n  present: [kia.holm]\n  assessment: Läget är {word}.\n"
        for day, word in (("2027-01-12", "lugnt"), ("2027-01-19", "oroligt"))
    )
    world.until("2027-02-03", pictures)
    text = world.text("agenda", world.meeting("radet", "2027-02-10"))
    assert "Vecka 2: Läget är lugnt." in text
    assert "Vecka 3: Läget är oroligt." in text


def test_agenda_without_pictures_says_so(world: World) -> None:
    world.until("2027-02-03")
    assert "Ingen veckolägesbild har gjorts sedan förra mötet." in world.text(
        "agenda", world.meeting("radet", "2027-02-10")
    )


def test_referred_matter_stands_on_the_other_bodys_agenda_once(world: World) -> None:
    world.until("2027-05-05", REFERRED)
    first = world.text("agenda", world.meeting("radet", "2027-02-10"))
    assert "Frågor från andra organ" in first
    assert "Gruppen den 12 januari 2027: Gruppen föreslår en kamera." in first
    assert "kamera" not in world.text("agenda", world.meeting("radet", "2027-05-12"))


def test_referred_matter_comes_again_when_the_meeting_was_not_held(world: World) -> None:
    world.until("2027-05-05", REFERRED + "- meeting: radet 2027-02-10\n  not_held: Sjukdom\n")
    assert "Gruppen föreslår en kamera." in world.text("agenda", world.meeting("radet", "2027-05-12"))


def test_answer_is_reported_on_the_senders_next_agenda_and_only_there(make_world: MakeWorld) -> None:
    world = make_world(with_bodies().replace("2027-02-02, ", "2027-02-02, 2027-02-16, 2027-02-23, "))
    world.reconfigure(
        "{title: Åtgärder, kind: follow-up, source: action-items}\n      - {title: Läget",
        "{title: Förra mötet, kind: follow-up, source: previous-minutes}\n      - {title: Läget",
    )
    world.until("2027-02-22", REFERRED + ANSWERED)
    answer = "Svar från rådet på beslutet den 12 januari 2027: Rådet säger ja till kameran."
    assert answer not in world.text("agenda", world.meeting("gruppen", "2027-02-02"))
    assert answer in world.text("agenda", world.meeting("gruppen", "2027-02-16"))
    assert answer not in world.text("agenda", world.meeting("gruppen", "2027-02-23"))


def test_answer_recorded_late_is_reported_all_the_same(make_world: MakeWorld) -> None:
    world = make_world(with_bodies().replace("2027-02-02, ", "2027-02-02, 2027-02-16, 2027-02-23, "))
    world.reconfigure(
        "{title: Åtgärder, kind: follow-up, source: action-items}\n      - {title: Läget",
        "{title: Förra mötet, kind: follow-up, source: previous-minutes}\n      - {title: Läget",
    )
    world.until("2027-02-22", REFERRED + ANSWERED + "  recorded: 2027-02-19 10:00\n")
    assert "Rådet säger ja till kameran." not in world.text("agenda", world.meeting("gruppen", "2027-02-16"))
    assert "Rådet säger ja till kameran." in world.text("agenda", world.meeting("gruppen", "2027-02-23"))


def test_previous_decisions_stand_on_the_next_agenda_with_their_paragraphs(world: World) -> None:
    items = "Öppnande: {account: Kia., decisions: [{text: Rådet beslutar.}]}"
    record = f"- meeting: radet 2027-02-10\n  present: [kia.holm]\n  items:\n    {items}\n"
    world.until("2027-05-05", record)
    assert "§ 1: Rådet beslutar." in world.text("agenda", world.meeting("radet", "2027-05-12"))


def test_duties_that_fall_due_stand_on_the_agenda(make_world: MakeWorld) -> None:
    world = make_world(with_bodies(EXTERNAL, more=DUTIES))
    world.until("2027-02-03")
    text = world.text("agenda", world.meeting("radet", "2027-02-10"))
    assert "6 §: Uppdatera lägesbilden minst vartannat år. Senast den 10 juni 2027." in text
    assert "6 §: Följa upp åtgärdsplanen minst vartannat år. Senast den 17 juni 2027." in text
    assert "Tvåårsuppföljningen är planerad till rådet den 12 maj 2027 och nämnden den 7 juni 2027." in text


def test_opened_agenda_is_kept_when_the_config_changes(world: World) -> None:
    world.until("2027-01-11")
    world.reconfigure("{title: Läget,", "{title: Helt nytt namn,")
    world.go("2027-01-12 08:00")
    titles = [row[3] for row in world.everything()["items"]]
    assert titles == ["Öppnande", "Åtgärder", "Läget", "Beslut", "Nästa möte"]


def test_agenda_goes_to_everyone_called_with_the_paper_attached(world: World) -> None:
    world.until("2027-01-11")
    meeting = world.meeting("gruppen", "2027-01-12")
    assert world.told("agenda", meeting) == ["bo.hus", "kia.holm", "pia.polis", "siv.sand"]
    mail = world.mail(world.dispatches("agenda", meeting)[0])
    (paper,) = world.papers("agenda", meeting)
    (attached,) = list(mail.iter_attachments())
    assert attached.get_content() == paper.docx
    assert paper.made == at("2027-01-11 13:00")


def test_new_version_keeps_the_referrals_that_this_meeting_has_taken_up(world: World) -> None:
    world.until("2027-02-09", REFERRED)
    meeting = world.meeting("radet", "2027-02-10")
    assert "Gruppen föreslår en kamera." in world.text("agenda", meeting, 1)
    with world.office.archive.write() as session:
        reopen(session, meeting, "agenda", world.office.now)
    world.go("2027-02-10 08:00")
    assert "Gruppen föreslår en kamera." in world.text("agenda", meeting, 2)
    later = world.meeting("radet", "2027-05-12")
    world.until("2027-05-11")
    assert "Gruppen föreslår en kamera." not in world.text("agenda", later)
