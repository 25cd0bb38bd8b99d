"""The follow-ups and the law as pages, and what is shown to all: who reads what, and nothing that is not published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from governance.secretariat.public_page import MINUTES
from governance.store.tables import Action, DutyEvidence, Item, Occasion, Paper
from governance.web import accessibility_facts
from tests.web import looking
from tests.web.conftest import Pages, counted, hall_of
from tests.world import DUTIES, EXTERNAL, PRODUCT, World, at, blank, plain, with_bodies

Make = Callable[..., Pages]

CONFIG = with_bodies(EXTERNAL, more=DUTIES + PRODUCT)
RECORD = """
- meeting: gruppen 2027-01-12
  answers: [{from: pia.polis, answers: {Brott: Tre inbrott.}}]
  present: [kia.holm, siv.sand, pia.polis]
  items: {Beslut: {actions: [{ref: lampor, text: Beställa lampor, owner: bo.hus, due: 2027-02-01}]}}
- meeting: radet 2027-05-12
  present: [kia.holm, pia.polis]
  items: {Öppnande: {account: Kia öppnade., decisions: [{text: Rådet gör så.}]}}
"""


@pytest.fixture(scope="module")
def walked(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the town has come to November: the yearly and the two-year follow-up have been made."""
    folder = tmp_path_factory.mktemp("walked")
    blank(blank_archive, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KADENS_INSTALLATION", "provinstallation")
        world = World(folder, CONFIG)
        world.until("2027-11-04", RECORD)
        world.close()
    return folder


@pytest.fixture
def open_town(walked: Path, tmp_path: Path) -> Iterator[Callable[..., Pages]]:
    """Opens the town on a copy of its own, its config changed where asked."""
    opened: list[World] = []

    def opens(publish: str = "", *changes: tuple[str, str]) -> Pages:
        folder = tmp_path / "town"
        (folder / "data").mkdir(parents=True)
        shutil.copy(walked / "data" / "kadens.db", folder / "data")
        text = CONFIG.replace("calendar:", f"  publish: [{publish}]\ncalendar:", 1) if publish else CONFIG
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        opened.append(World(folder, text, at("2027-11-04 09:00")))
        return Pages(opened[-1], hall_of(opened[-1]))

    yield opens
    for each in opened:
        each.close()


def paper_id(town: Pages, kind: str) -> int:
    return town.world.papers(kind)[-1].id


def status(town: Pages, person: str, path: str) -> int:
    return town.visitor(person).get(f"/{town.town}/{path}").status_code


# --- follow-ups ----------------------------------------------------------------------------------------------------


def test_follow_ups_tell_what_was_made_and_what_comes_next(open_town: Callable[..., Pages]) -> None:
    town = open_town()
    text = plain(town.visitor("siv.sand").get(f"/{town.town}/uppfoljning").text)
    assert "Årlig uppföljning Nästa gång onsdag 10 november 2027" in text
    assert "Årlig uppföljning 1 november 2026–31 oktober 2027 10 november 2027 · Word" in text
    assert "Tvåårsuppföljning Lagens frist torsdag 10 juni 2027 försenad" in text
    assert "Vecka 2 2027, gruppen 12 januari 2027 · Word" in text


def test_a_follow_up_is_a_page_of_ours_without_inline_style_and_a_word_file(open_town: Callable[..., Pages]) -> None:
    town = open_town()
    number = paper_id(town, "annual_follow_up")
    client = town.visitor("kia.holm")
    page = client.get(f"/{town.town}/uppfoljning/{number}")
    assert page.text.count("<h1") == 1
    assert ("style=" in page.text, "<style" in page.text) == (False, False)
    assert "Rådet godkänner uppföljningen" in plain(page.text)
    word = client.get(f"/{town.town}/uppfoljning/{number}.docx")
    assert 'filename="2027-11-10-arlig-uppfoljning.docx"' in word.headers["content-disposition"]
    assert any("Årlig uppföljning" in each.text for each in Document(BytesIO(word.content)).paragraphs)


def test_a_follow_up_is_read_by_those_it_goes_to_and_who_prepares_it(open_town: Callable[..., Pages]) -> None:
    town = open_town()
    annual, two_year = paper_id(town, "annual_follow_up"), paper_id(town, "two_year_follow_up")
    picture, minutes = paper_id(town, "situation"), paper_id(town, "minutes")
    for person, number, expected in [
        ("pia.polis", annual, 200),  # member of the receiving body
        ("siv.sand", two_year, 200),
        ("bo.hus", annual, 404),  # member of the preparing body, not its keeper
        ("bo.hus", two_year, 404),
        ("bo.hus", picture, 200),
        ("siv.sand", minutes, 404),  # no follow-up: it stands on the meeting's page
        ("siv.sand", 2**40, 404),
        ("siv.sand", 999_999, 404),
    ]:
        assert (person, number, status(town, person, f"uppfoljning/{number}")) == (person, number, expected)
        assert status(town, person, f"uppfoljning/{number}.docx") == expected
    text = plain(town.visitor("bo.hus").get(f"/{town.town}/uppfoljning").text)
    assert ("Årlig uppföljning" in text, "Tvåårsuppföljning" in text, "Vecka 2 2027" in text) == (False, False, True)


def test_the_laws_sections_show_carrier_clock_and_evidence_and_the_gaps_in_words(
    open_town: Callable[..., Pages],
) -> None:
    text = plain((town := open_town()).visitor("bo.hus").get(f"/{town.town}/lagkrav").text)
    assert (
        "6 §: Uppdatera lägesbilden minst vartannat år (hela kommunen) – skulle ha gjorts senast 10 juni 2027." in text
    )
    assert "13 §: Leda arbetet och kontinuerligt rapportera till kommunfullmäktige – det finns inget antecknat" in text
    assert "10 § Verka för ett strategiskt råd som leds av kommunen Rådet Ordförande Kia Holm ingen uppfyllt" in text
    assert "Fristen torsdag 10 juni 2027 har gått ut" in text


@pytest.mark.parametrize("path", ["uppfoljning", "uppfoljning/{annual}", "lagkrav", "offentligt"])
def test_follow_up_pages_ask_the_database_six_questions_at_most(open_town: Callable[..., Pages], path: str) -> None:
    town = open_town("dates, minutes, follow-ups, products")
    client = town.visitor("siv.sand")
    address = f"/{town.town}/{path.format(annual=paper_id(town, 'annual_follow_up'))}"
    with counted(town) as asked:
        assert client.get(address).status_code == 200
    assert 1 < len(asked) <= 6


# --- what is shown to all ------------------------------------------------------------------------------------------


def public(town: Pages, path: str = "offentligt") -> str:
    answer = town.visitor().get(f"/{town.town}/{path}")
    assert answer.status_code == 200
    return plain(answer.text)


def test_nothing_is_public_until_the_config_says_so(open_town: Callable[..., Pages]) -> None:
    town = open_town()
    assert status(town, "", "offentligt") == 404
    assert status(town, "", f"offentligt/{paper_id(town, 'annual_follow_up')}") == 404


def test_the_public_page_shows_the_contact_point_and_only_what_is_published(open_town: Callable[..., Pages]) -> None:
    text = public(open_town("dates"))
    assert "Kontakt Trygghetssamordnaren E-post trygghet@prov.example Telefon 0123-45 60 00" in text
    assert "Nästa möte onsdag 10 november 2027 kl. 13.00–15.00" in text
    assert "Nämnden" not in text  # an organ with its papers elsewhere
    assert ("Protokoll" in text, "Uppföljningar" in text, "Beställa lampor" in text) == (False, False, False)


def test_public_pages_may_be_kept_and_found_and_never_bear_a_name(open_town: Callable[..., Pages]) -> None:
    town = open_town("dates")
    answer = town.visitor("siv.sand").get(f"/{town.town}/offentligt")
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("public, max-age=300", "all")
    assert "set-cookie" not in answer.headers
    assert ("Siv Sand" in answer.text, "/konto" in answer.text) == (False, False)


def test_only_the_public_version_of_minutes_is_public(open_town: Callable[..., Pages]) -> None:
    town = open_town("minutes")
    minutes = town.world.papers("minutes")[-1]
    with town.world.office.archive.write() as session:
        kept = {key: getattr(minutes, key) for key in ("municipality", "occasion_id", "docx", "sha256", "made")}
        html = minutes.html.replace("\n</main>", "<p>Den offentliga versionen.</p>\n</main>")
        for version in (1, 2):
            title = f"Protokoll, offentlig version {version}"
            session.add(Paper(kind=MINUTES, version=version, title=title, name="x/offentlig", html=html, **kept))
    assert "Protokoll, offentlig version" not in public(town)  # not approved, or under correction
    with town.world.office.archive.write() as session:
        session.get_one(Occasion, minutes.occasion_id).status = "closed"
    first, second = (each.id for each in town.world.papers(MINUTES))
    assert "Protokoll, offentlig version 2" in public(town)
    assert "Protokoll, offentlig version 1" not in public(town)
    assert "Den offentliga versionen." in public(town, f"offentligt/{second}")
    assert status(town, "", f"offentligt/{second}.docx") == 200
    for number in (first, minutes.id, paper_id(town, "annual_follow_up")):
        assert status(town, "", f"offentligt/{number}") == 404
        assert status(town, "", f"offentligt/{number}.docx") == 404


def test_a_yearly_follow_up_is_public_when_it_is_handled_and_its_product_is_public(
    open_town: Callable[..., Pages],
) -> None:
    town = open_town("follow-ups, products", ("to: radet}", "to: radet, public: true}"))
    number = paper_id(town, "annual_follow_up")
    assert status(town, "", f"offentligt/{number}") == 404
    assert "Årlig uppföljning nästa 10 november 2027" in public(town)
    town.world.record("2027-11-10 17:00", "- meeting: radet 2027-11-10\n  present: [kia.holm, pia.polis]\n")
    assert "Uppföljningar Årlig uppföljning 1 november 2026–31 oktober 2027" in public(town)
    assert "Rådet godkänner uppföljningen" in public(town, f"offentligt/{number}")


def test_a_yearly_follow_up_that_is_not_public_stays_inside(open_town: Callable[..., Pages]) -> None:
    town = open_town("follow-ups")
    town.world.record("2027-11-10 17:00", "- meeting: radet 2027-11-10\n  present: [kia.holm, pia.polis]\n")
    assert "Uppföljningar" not in public(town)


def test_a_follow_up_that_tells_of_an_internal_item_is_held_back_and_says_so(open_town: Callable[..., Pages]) -> None:
    town = open_town("follow-ups", ("to: radet}", "to: radet, public: true}"))
    number = paper_id(town, "annual_follow_up")
    town.world.record("2027-11-10 17:00", "- meeting: radet 2027-11-10\n  present: [kia.holm, pia.polis]\n")
    assert status(town, "", f"offentligt/{number}") == 200
    with town.world.office.archive.write() as session:
        action = session.scalars(select(Action).filter_by(number="Å-2027-001")).one()
        assert action.item_id is not None
        session.get_one(Item, action.item_id).confidentiality = "internal"
    assert status(town, "", f"offentligt/{number}") == 404
    assert status(town, "", f"offentligt/{number}.docx") == 404
    assert "Uppföljningar" not in public(town)
    with counted(town) as asked:
        public(town)
    assert len(asked) <= 6
    text = plain(town.visitor("siv.sand").get(f"/{town.town}/uppfoljning/{number}").text)
    assert "visas inte på den offentliga sidan: den tar upp Å-2027-001, från ärenden som inte är öppna" in text


def test_the_two_year_follow_up_is_public_when_what_it_asks_for_is_decided(open_town: Callable[..., Pages]) -> None:
    town = open_town("follow-ups", ("2027-09-06]", "2027-09-06, 2027-12-06]"))
    number = paper_id(town, "two_year_follow_up")
    assert status(town, "", f"offentligt/{number}") == 404
    town.world.plan()
    town.world.plan()
    done = "{duty: situation-picture, decision: § 86}, {duty: action-plan-follow-up, decision: § 87}"
    town.world.record("2027-12-06 17:00", f"- meeting: namnden 2027-12-06\n  completed: [{done}]\n")
    with town.world.read() as session:
        paper = session.get_one(Paper, number)
        assert session.scalar(select(Occasion.status).where(Occasion.id == paper.occasion_id)) == "closed"
    assert status(town, "", f"offentligt/{number}") == 200


def test_another_duty_done_does_not_publish_the_two_year_follow_up(open_town: Callable[..., Pages]) -> None:
    town = open_town("follow-ups")
    number = paper_id(town, "two_year_follow_up")
    with town.world.office.archive.write() as session:
        session.get_one(Occasion, session.get_one(Paper, number).occasion_id).status = "closed"  # lapsed
        place = {"municipality": town.town, "body": "namnden"}
        session.add(DutyEvidence(duty="report-to-assembly", done=date(2027, 11, 5), **place))
    assert status(town, "", f"offentligt/{number}") == 404


# --- the accessibility statement -----------------------------------------------------------------------------------


def test_the_accessibility_statement_says_what_the_law_asks_for(open_town: Callable[..., Pages]) -> None:
    text = plain(open_town().visitor().get("/tillganglighet").text)
    for words in (
        "lagen om tillgänglighet till digital offentlig service (2018:1937)",
        "Provköpings kommun står bakom webbplatsen",
        "delvis förenlig",
        "Det som brister",
        "Provköpings kommun: Trygghetssamordnaren trygghet@prov.example , 0123-45 60 00",
        "anmäla det till Digg",
        "Hur vi har testat",
    ):
        assert words in text


def test_the_statement_claims_only_what_the_tests_do() -> None:
    assert list(accessibility_facts.RULES) == looking.TAGS
    assert [width for width, _ in looking.SIZES.values()] == list(accessibility_facts.WIDTHS)
