"""Every page there is, light and dark, wide and narrow: axe finds nothing, nothing overflows, the console is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from governance.web.hall import Hall
from tests.web.conftest import Served
from tests.web.full import BODY, SLOT, Full, full, hall_of_office
from tests.web.looking import SIZES, overflows, violations

pytestmark = pytest.mark.browser

FILES = (".docx", ".csv", ".json", "/hamta", "/fil", "/lage", "/falt/meeting:assessment")  # no pages


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, blank_archive: Path) -> Iterator[Full]:
    """Two municipalities with everything."""
    yield from full(tmp_path_factory.mktemp("every"), blank_archive)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible(
    house: Full, browser: Any, serve_app: Callable[[Hall], str], size: str, scheme: str
) -> None:
    address = serve_app(hall_of_office(house.office, house.hall.config, ()))
    names = house.names(house.town, BODY, SLOT)
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=address, locale="sv-SE", viewport={"width": width, "height": height}, color_scheme=scheme
    )
    served = Served(house, address)  # type: ignore[arg-type]
    context.add_cookies([served.key_of(house.office, "siv.sand@prov.example")])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda it: said.append(f"{page.url} {it.text}") if it.type in {"error", "warning"} else None)
    page.on("pageerror", lambda it: said.append(f"{page.url} {it}"))
    page.on("request", lambda it: None if it.url.startswith((address, "data:")) else said.append(it.url))
    wrong: dict[str, list[str]] = {}
    seen = 0
    for _, path in house.pages(names, "GET"):
        if path.endswith(FILES):
            continue
        answer = page.goto(path)
        assert answer is not None
        if answer.status >= 400:
            said[:] = [each for each in said if "Failed to load resource" not in each]
        found = violations(page) + (["wider than its window"] if overflows(page) else [])
        if found:
            wrong[path] = found
        seen += answer.status == 200
    context.close()
    assert wrong == {}
    assert said == []
    assert seen >= 15
