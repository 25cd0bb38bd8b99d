"""The overview and the bodies in Chromium: axe in both schemes and widths, the order on a phone, and print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.test_examples import EXAMPLES
from tests.web.conftest import Served
from tests.web.looking import judged, opened
from tests.world import DUTIES, EXTERNAL, WEEKLY, World

pytestmark = pytest.mark.browser

RECORD = """\
- meeting: gruppen 2027-01-12
  present: [kia.holm, siv.sand, pia.polis]
  items:
    Beslut:
      actions:
        - {text: Byta lås i tvättstugan på Storgatan, owner: bo.hus, due: 2027-01-15}
- meeting: gruppen 2027-01-19
  not_held: Sjukdom
"""


@pytest.fixture
def town(make_world: Callable[..., World], serve: Callable[[World], Served]) -> Served:
    """A town in March with late minutes, a meeting that was not held, and a clock about to run out."""
    world = make_world(WEEKLY.replace("# more bodies\n", EXTERNAL) + DUTIES)
    world.plan()
    world.go("2027-01-08 09:00")
    world.record("2027-01-20 12:00", RECORD)
    world.go("2027-03-03 09:00")
    return serve(world)


def test_pages_are_as_they_should_be(browser: Any, town: Served) -> None:
    place = f"/{town.pages.town}"
    for path in ("", "?ar=2028", "?ar=2026", "/organ", "/organ/gruppen", "/organ/radet"):
        assert judged(browser, town, place + path, "siv.sand") == {}


def test_list_comes_before_the_wheel_and_weeks_are_dropped_on_a_phone(browser: Any, town: Served) -> None:
    with opened(browser, town, "siv.sand", "narrow") as page:
        page.goto(f"/{town.pages.town}")
        now, wheel = (page.locator(each).bounding_box() for each in ("#now", "svg.wheel"))
        assert now["y"] < wheel["y"]
        assert not page.locator(".wheel .weeks").is_visible()
    with opened(browser, town, "siv.sand") as page:
        page.goto(f"/{town.pages.town}")
        now, wheel = (page.locator(each).bounding_box() for each in ("#now", "svg.wheel"))
        assert now["x"] < wheel["x"]
        assert page.locator(".wheel .weeks").is_visible()


def test_words_on_the_wheel_are_twelve_pixels_or_more_and_keep_clear_of_each_other(browser: Any, town: Served) -> None:
    with opened(browser, town, "siv.sand") as page:
        page.goto(f"/{town.pages.town}")
        scale = page.locator("svg.wheel").bounding_box()["width"] / 672
        assert scale * 672 == pytest.approx(635, abs=25)
        for each in (".wheel .name", ".wheel .months text", ".wheel .weeks text"):
            size = page.locator(each).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
            assert size * scale >= 12 * 0.97
        assert page.evaluate(TOUCHING) == []


# The week numbers and the hand: boxes of words that overlap each other's, or a line that runs through one.
TOUCHING = """() => {
  const words = [...document.querySelectorAll('.wheel .weeks text')].map(n => [n.textContent, n.getBBox()]);
  const found = [];
  const meet = (p, q) => p.x < q.x + q.width && q.x < p.x + p.width && p.y < q.y + q.height && q.y < p.y + p.height;
  for (const [i, [a, p]] of words.entries())
    for (const [b, q] of words.slice(i + 1))
      if (meet(p, q)) found.push([a, b]);
  const hand = document.querySelector('.wheel .hand path');
  const length = hand.getTotalLength();
  for (let s = 0; s <= length; s += 1) {
    const at = hand.getPointAtLength(s);
    for (const [a, p] of words)
      if (at.x > p.x && at.x < p.x + p.width && at.y > p.y && at.y < p.y + p.height) found.push([a, 'hand']);
  }
  return found;
}"""


def test_keyboard_passes_the_wheel_by_and_reaches_its_table(browser: Any, town: Served) -> None:
    with opened(browser, town, "siv.sand") as page:
        page.goto(f"/{town.pages.town}")
        stops = page.evaluate("[...document.querySelectorAll('.wheel a')].filter(a => a.tabIndex >= 0).length")
        assert stops == 0
        summary = page.get_by_text("Visa årshjulet som tabell")
        summary.focus()
        page.keyboard.press("Enter")
        rows = page.locator(".facts-of-wheel tbody tr")
        assert rows.count() > 50
        rows.nth(3).get_by_role("link").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/organ/" in page.url


def test_wheel_prints_whole_on_a_page_of_its_own(browser: Any, town: Served) -> None:
    with opened(browser, town, "siv.sand") as page:
        page.goto(f"/{town.pages.town}")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 718, "height": 1047})  # A4 less a centimetre all round, at 96 to the inch
        box = page.locator(".wheel-card").bounding_box()
        assert box["height"] < 1047
        assert page.locator(".wheel-card").evaluate("node => getComputedStyle(node).breakInside") == "avoid"


def test_wheel_of_many_bodies_is_in_order(
    browser: Any, make_world: Callable[..., World], serve: Callable[[World], Served]
) -> None:
    world = make_world((EXAMPLES / "lulea.yaml").read_text("utf-8"))
    world.plan()
    world.set("2027-03-03 09:00")
    served = serve(world)
    keeper = world.municipality.coordination_function[0]
    assert judged(browser, served, f"/{served.pages.town}", keeper) == {}
