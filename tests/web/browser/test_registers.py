"""The registers, search, follow-ups, public pages and the statement in Chromium, with a municipality's year in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from governance.store.tables import Paper
from tests.web.conftest import Served
from tests.web.looking import judged, opened
from tests.world import ZONE, World, blank

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[3]
KEEPER = "mats.oberg"


@pytest.fixture(scope="module")
def year(blank_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The example municipality at the end of October, with what its record says, everything published."""
    folder = tmp_path_factory.mktemp("year")
    blank(blank_archive, folder)
    config = (ROOT / "config.yaml").read_text("utf-8")
    config = config.replace("calendar:", "  publish: [dates, minutes, follow-ups, products]\ncalendar:", 1)
    config = config.replace("to: styrgrupp}", "to: styrgrupp, public: true}")
    record = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "examples/record").glob("*.yaml")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KADENS_INSTALLATION", "provinstallation")
        world = World(folder, config, datetime(2027, 1, 1, 6, tzinfo=ZONE))
        world.until("2027-10-31", record)
        yield world
        world.close()


def newest(world: World, kind: str) -> Paper:
    return world.papers(kind)[-1]


def test_register_pages_are_accessible(year: World, browser: Any, serve: Callable[[World], Served]) -> None:
    served, town = serve(year), f"/{year.municipality.id}"
    wrong: dict[str, list[str]] = {}
    for path in (
        "atgarder",
        "atgarder?visa=alla&sida=2&ordning=-alder",
        "atgarder/Å-2027-001",
        "beslut",
        "sok?q=belysning",
        "sok?q=finnsinte",
    ):
        wrong |= judged(browser, served, f"{town}/{path}", KEEPER)
    assert wrong == {}


def test_follow_up_pages_are_accessible(year: World, browser: Any, serve: Callable[[World], Served]) -> None:
    served, town = serve(year), f"/{year.municipality.id}"
    wrong: dict[str, list[str]] = {}
    for kind in ("annual_follow_up", "two_year_follow_up", "situation"):
        wrong |= judged(browser, served, f"{town}/uppfoljning/{newest(year, kind).id}", KEEPER)
    for path in ("uppfoljning", "lagkrav"):
        wrong |= judged(browser, served, f"{town}/{path}", KEEPER)
    assert wrong == {}


def test_public_pages_are_accessible(year: World, browser: Any, serve: Callable[[World], Served]) -> None:
    served, town = serve(year), f"/{year.municipality.id}"
    wrong = judged(browser, served, "/tillganglighet") | judged(browser, served, f"{town}/offentligt")
    wrong |= judged(browser, served, f"{town}/offentligt/{newest(year, 'annual_follow_up').id}")
    assert wrong == {}


def test_an_action_is_found_sorted_and_updated_by_keyboard_alone(
    year: World, browser: Any, serve: Callable[[World], Served]
) -> None:
    served, town = serve(year), f"/{year.municipality.id}"
    with opened(browser, served, KEEPER) as page:
        page.goto(f"{town}/atgarder")
        number = page.locator("tbody th a").first.inner_text()
        page.locator("#q").focus()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        assert page.locator("tbody tr").count() == 1
        page.locator("tbody th a").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/atgarder/{'*'}")
        page.locator("#kommentar").focus()
        page.keyboard.type("Ringt i dag; kommer på torsdag")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**klart=sparat")
        assert "Ringt i dag; kommer på torsdag" in page.locator(".story li").first.inner_text()
