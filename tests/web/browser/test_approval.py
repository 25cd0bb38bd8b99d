"""The page of approval in Chromium: fit to be read in every state, and a protocol approved by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from governance.secretariat import approval
from tests.conftest import MakeWorld
from tests.secretariat.test_approval import NOTES, doer, meeting, papers
from tests.web.conftest import Served
from tests.web.looking import judged, opened
from tests.web.test_approval import SECRET_COUNCIL, STATUTORY
from tests.world import World

pytestmark = pytest.mark.browser

SECRET_BOARD = STATUTORY.replace(
    "      - {title: Lägesbild, kind: information, source: situation-picture}",
    "      - {title: Hotbilden, kind: decision, confidentiality: secret}",
)
RECORD = NOTES + SECRET_COUNCIL


@pytest.fixture
def served(make_world: MakeWorld, serve: Callable[[World], Served]) -> Served:
    """A committee's minutes wait for approval; a group's notes for being settled."""
    world = make_world(SECRET_BOARD)
    world.until("2027-02-22", RECORD)
    return serve(world)


def path(served: Served, more: str = "", of: str = "radet/2027-02-10") -> str:
    return f"/{served.pages.town}/organ/{of}/justering{more}"


def approve(world: World, person: str) -> None:
    approval.approve(world.office, world.municipality, meeting(world), doer(person), papers(world)[-1].sha256)


def test_page_is_fit_to_be_read_in_every_state(browser: Any, served: Served) -> None:
    world, wrong = served.pages.world, {}
    town, siv = world.municipality, doer("siv.sand")
    approval.remark(world.office, town, meeting(world), doer("pia.polis"), "Det var torsdag, inte onsdag.")
    wrong |= judged(browser, served, path(served), "kia.holm")
    wrong |= judged(browser, served, path(served), "siv.sand")
    wrong |= judged(browser, served, path(served, of="gruppen/2027-01-12"), "siv.sand")
    approve(world, "kia.holm")
    approve(world, "pia.polis")
    world.go("2027-02-23 00:05")
    approval.announce(world.office, town, meeting(world), siv, world.office.today)
    approval.publish(world.office, town, meeting(world), siv)
    for person, more in (("siv.sand", ""), ("lasse.las", ""), ("lasse.las", "/anslag")):
        wrong |= judged(browser, served, path(served, more), person)
    approval.correct(world.office, town, meeting(world), siv, "Fel torg i § 1.")
    wrong |= judged(browser, served, path(served), "siv.sand")
    world.record("2027-02-23 09:00", NOTES + SECRET_COUNCIL.replace("om torget.", "om stora torget."))
    world.go("2027-02-23 09:05")
    wrong |= judged(browser, served, path(served), "kia.holm")
    assert wrong == {}


def test_chair_approves_by_keyboard_alone(browser: Any, served: Served) -> None:
    with opened(browser, served, "kia.holm") as page:
        page.goto(path(served))
        box = page.get_by_role("checkbox", name="Jag har läst texten")
        box.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Tack! Din justering är sparad.")
        expect(page.get_by_role("button", name="Justera", exact=True)).to_have_count(0)
