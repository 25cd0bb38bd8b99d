"""The status answer on a phone: three taps when nothing is new, words kept, and every page fit to be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import MakeWorld
from tests.secretariat.test_links import LINKED, token
from tests.secretariat.test_mail_replies import take_reply
from tests.web.conftest import Served
from tests.web.looking import judged, opened
from tests.web.test_status import ACTIONS
from tests.world import World

pytestmark = pytest.mark.browser

MEETING = "organ/gruppen/2027-01-19"
Serve = Callable[[World], Served]


@pytest.fixture
def served(make_world: MakeWorld, serve: Serve) -> Served:
    """The second meeting's questions are out; Bo has two actions, one of them late, and answered last time."""
    world = make_world(LINKED)
    more = ACTIONS.replace("owner: pia.polis", "owner: bo.hus").replace("due: 2027-01-18", "due: 2027-01-13")
    world.until("2027-01-13", more)
    world.set("2027-01-14 09:00")
    return serve(world)


def path_of(served: Served, person: str = "bo.hus") -> str:
    return f"/svar/{token(served.pages.world, person, day='2027-01-19')}"


@pytest.mark.parametrize("size", [(320, 640), (390, 844)])
def test_three_taps_answer_when_nothing_is_new(browser: Any, served: Served, size: tuple[int, int]) -> None:
    with opened(browser, served, size="narrow") as page:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(path_of(served))  # the first tap: the link
        expect(page.get_by_role("textbox")).to_have_count(0)  # what is changed stays out of the way
        page.get_by_text("Inget att rapportera").click()
        page.get_by_role("button", name="Skicka").click()
        expect(page.get_by_role("status")).to_have_text("Tack! Ditt svar är sparat.")
        expect(page.get_by_role("heading", name="Det här har du svarat")).to_be_visible()


def test_changed_opens_questions_and_actions_and_is_kept(browser: Any, served: Served) -> None:
    with opened(browser, served, size="narrow") as page:
        page.goto(path_of(served))
        page.get_by_label("Ändrat").check()
        page.get_by_label("Brott").fill("Ett inbrott på Norrby.")
        fence = page.get_by_role("group", name="Å-2027-001")
        fence.get_by_label("Pågår").check()
        fence.get_by_label("Klart senast").fill("2027-02-15")
        fence.get_by_label("Hur går det?").fill("Stolparna är beställda.")
        page.get_by_role("button", name="Skicka").click()
        expect(page.get_by_role("status")).to_be_visible()
        card = page.get_by_role("region", name="Det här har du svarat")
        expect(card).to_contain_text("Ett inbrott på Norrby.")
        expect(card).to_contain_text("Stolparna är beställda.")
        page.get_by_text("Ändra ditt svar").click()
        expect(page.get_by_label("Brott")).to_have_value("Ett inbrott på Norrby.")


def test_empty_change_is_explained_where_it_can_be_mended(browser: Any, served: Served) -> None:
    with opened(browser, served, size="narrow", refusal=422) as page:
        page.goto(path_of(served))
        page.get_by_label("Ändrat").check()
        page.get_by_role("button", name="Skicka").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv vad som har ändrats")
        expect(page).to_have_title(re.compile("^Fel: "))
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.get_by_label("Brott")).to_be_focused()


def test_everything_can_be_done_without_script_and_by_keyboard(browser: Any, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=served.address)
    page = context.new_page()
    page.goto(path_of(served))
    page.get_by_label("Inget att rapportera").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Det här har du svarat")).to_contain_text("Som förra gången")
    context.close()


def test_every_page_is_fit_to_be_read(browser: Any, served: Served) -> None:
    world = served.pages.world
    raw = reply_to_second(world)
    assert take_reply(world.office, raw).state == "unreviewed"
    found = judged(browser, served, path_of(served))
    found |= judged(browser, served, "/svar/okand", refusal=404)
    with opened(browser, served) as page:
        page.goto(path_of(served))
        page.get_by_label("Ändrat").check()
        page.get_by_label("Brott").fill("Han, 811228-9874, igen.\nOch så ett inbrott till.")
        page.get_by_role("group", name="Å-2027-001").get_by_label("Klar", exact=True).check()
        page.get_by_role("button", name="Skicka").click()
        expect(page.get_by_role("status")).to_be_visible()
    found |= judged(browser, served, path_of(served))
    town = f"/{served.pages.town}/{MEETING}"
    found |= judged(browser, served, f"{town}/svar", "pia.polis")
    for page_ in ("laget", "laget/paminn?till=alla", "inkommet"):
        found |= judged(browser, served, f"{town}/{page_}", "siv.sand")
    found |= judged(browser, served, f"{town}/laget", "pia.polis")
    assert found == {}


def reply_to_second(world: World) -> bytes:
    """A mail from Pia about the second meeting."""
    meeting = world.meeting("gruppen", "2027-01-19")
    (question,) = [each for each in world.dispatches("status_request", meeting) if each.person == "pia.polis"]
    return (
        f"From: Pia Polis <pia.polis@polisen.example>\r\nIn-Reply-To: {question.message_id}\r\n"
        "Message-ID: <1@polisen.example>\r\nDate: Wed, 13 Jan 2027 10:00:00 +0100\r\n\r\n"
        "Tre källarinbrott på Norrby.\r\nOroligt vid resecentrum på kvällarna.\r\n"
    ).encode()
