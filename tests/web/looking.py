"""What a page is held to in Chromium: axe's rules, no overflow, no word on the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"wide": (1280, 900), "narrow": (320, 640)}


def violations(page: Any) -> list[str]:
    """What axe finds on the page as it stands: the rule, and the first element that breaks it."""
    page.evaluate(AXE)
    found = page.evaluate("t => axe.run(document, {runOnly: {type: 'tag', values: t}})", TAGS)
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]]


def overflows(page: Any) -> bool:
    """Whether the page is wider than its window (WCAG 1.4.10)."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@contextmanager
def opened(
    browser: Any, served: Any, person: str = "", size: str = "wide", scheme: str = "light", refusal: int = 0
) -> Iterator[Any]:
    """A page in a browser of its own, signed in as `person`; what it says on the console fails the test at the end.

    That the server answered with `refusal`, a status the test asks for (422, 404), is no fault.
    """
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="sv-SE", base_url=served.address
    )
    if person:
        context.add_cookies([served.key(person)])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda it: None if it.url.startswith((served.address, "data:")) else said.append(it.url))
    yield page
    context.close()
    meant = f"the server responded with a status of {refusal} "
    assert [each for each in said if not (refusal and meant in each)] == []


def judged(browser: Any, served: Any, path: str, person: str = "", refusal: int = 0) -> dict[str, list[str]]:
    """What is wrong with a page in light and dark, wide and narrow; all empty where nothing is."""
    found: dict[str, list[str]] = {}
    for size in SIZES:
        for scheme in ("light", "dark"):
            with opened(browser, served, person, size, scheme, refusal) as page:
                page.goto(path)
                wrong = violations(page)
                if overflows(page):
                    wrong.append("wider than its window")
            if wrong:
                found[f"{path} {size} {scheme}"] = wrong
    return found
