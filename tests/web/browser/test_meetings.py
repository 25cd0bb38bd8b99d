"""The pages of a meeting in Chromium: accessible and whole in both schemes and widths, and an agenda made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from governance.store.tables import Dispatch, Paper
from tests.conftest import MakeWorld
from tests.web.conftest import Served
from tests.web.looking import judged, opened
from tests.world import TOWN, World

pytestmark = pytest.mark.browser

RECORD = """
- meeting: gruppen 2027-01-12
  present: [kia.holm, bo.hus]
  excused: [pia.polis]
  items:
    Beslut:
      account: Vi talade.
      decisions: [{text: Gruppen köper en lampa.}]
      actions:
        - {text: Laga lampan i gångtunneln under järnvägen, owner: bo.hus, due: 2027-01-15}
        - {text: Fråga skolan, owner: pia.polis}
"""
AT = "organ/gruppen/2027-01-19"


def town(make_world: MakeWorld, serve: Callable[[World], Served]) -> tuple[Served, str]:
    """Served pages the day before a meeting, the last one recorded, with mails that are held."""
    world = make_world(TOWN.replace("mail: dry-run", "mail: folder"))
    world.until("2027-01-13", RECORD)
    served = serve(world)
    return served, f"/{world.municipality.id}"


def filled(page: Any, base: str, path: str, **words: str) -> None:
    """Fills in a form by its fields' ids and sends it."""
    page.goto(f"{base}/{path}")
    for name, text in words.items():
        field = page.locator(f"#{name}")
        if not field.is_visible():
            page.locator("details", has=field).locator("summary").click()
        field.select_option(text) if field.evaluate("it => it.tagName") == "SELECT" else field.fill(text)
    page.locator("form", has=page.locator("#title")).get_by_role("button").click()


def test_pages_of_a_meeting_are_accessible_in_both_schemes_and_widths(
    browser: Any, make_world: MakeWorld, serve: Callable[[World], Served]
) -> None:
    served, base = town(make_world, serve)
    world = served.pages.world
    with opened(browser, served, "bo.hus") as page:
        filled(page, base, f"{AT}/dagordning/forslag", title="Mopeder på torget", text="Varje kväll.\n\nÄven lördagar.")
    with opened(browser, served, "siv.sand") as page:
        filled(page, base, f"{AT}/dagordning", title="Skolvägen", minutes="90", kind="decision", proposal="Vi går dit.")
        filled(page, base, f"{AT}/dagordning", title="Hotet", confidentiality="secret", presenter="Pia Polis")
        filled(page, base, "organ/gruppen/parkerat", title="Överenskommelsen om samverkan mot brott")
        page.goto(f"{base}/{AT}/brev")
        page.get_by_role("button", name="Slå på utkastläget").click()
    world.go("2027-01-18 13:00")
    with world.read() as session:
        paper = session.query(Paper.id).filter_by(kind="minutes").scalar()
        mail = session.query(Dispatch.id).filter_by(state="held", kind="agenda").limit(1).scalar()
    with opened(browser, served, "siv.sand") as page:
        filled(page, base, f"{AT}/dagordning", title="Sent ärende")
        page.goto(f"{base}/{AT}/dagordning")
        item = page.get_by_role("link", name="Ändra Skolvägen").get_attribute("href")
        read = page.get_by_role("link", name="Läs Mopeder på torget").get_attribute("href")
    paths = [
        f"{base}/organ/gruppen/2027-01-12",
        f"{base}/organ/gruppen/2027-01-12/handlingar/{paper or world.papers('agenda')[0].id}",
        f"{base}/{AT}",
        f"{base}/{AT}/dagordning",
        f"{base}/{AT}/dagordning/forhandsvisning",
        f"{base}/{AT}/dagordning/forslag",
        item,
        read,
        f"{base}/organ/gruppen/parkerat",
        f"{base}/{AT}/brev",
        f"{base}/{AT}/brev/{mail}",
        f"{base}/organ/gruppen/2027-01-26/brev/nasta",
        f"{base}/organ/radet/2027-02-10",
    ]
    found: dict[str, list[str]] = {}
    for path in paths:
        found |= judged(browser, served, path, "siv.sand")
    found |= judged(browser, served, f"{base}/{AT}", "bo.hus")
    assert found == {}


def test_agenda_is_made_with_the_keyboard_alone(
    browser: Any, make_world: MakeWorld, serve: Callable[[World], Served]
) -> None:
    served, base = town(make_world, serve)
    with opened(browser, served, "siv.sand", "narrow") as page:
        page.goto(f"{base}/{AT}/dagordning")
        page.locator("#title").focus()
        page.keyboard.type("Skolvägen")
        page.keyboard.press("Enter")
        page.get_by_role("status").wait_for()
        page.get_by_role("button", name="Flytta upp Skolvägen").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**klart=arende-flyttat")
        headings = page.locator("ol h3").all_inner_texts()
    assert [each.split(None, 1)[1] for each in headings] == [
        "Öppnande",
        "Åtgärder",
        "Läget",
        "Skolvägen",
        "Beslut",
        "Nästa möte",
    ]
