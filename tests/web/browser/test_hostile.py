"""What people write is shown as they wrote it, on every page: nothing of it ever runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import JSON, String, Text, inspect, select, update

from governance.config import load
from governance.store.tables import Base
from tests.web.browser.payloads import PAYLOADS
from tests.web.browser.test_every_page import FILES
from tests.web.conftest import Served
from tests.web.full import BODY, SLOT, Full, full, hall_of_office

pytestmark = pytest.mark.browser

# Columns that hold a word of ours, a key or a hash: what people write never comes into them.
OURS = {
    "kind", "key", "status", "uid", "municipality", "body", "person", "owner", "source", "choice", "presence", "state",
    "sha256", "fingerprint", "confidentiality", "address", "message_id", "name", "number", "referred_to", "means",
    "key_hash", "token_hash", "code_hash", "nonce_hash", "hash", "previous", "before", "after", "request", "action",
    "role", "duty", "area", "part", "purpose", "issuer", "subject", "html", "evidence", "added_by",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, blank_archive: Path) -> Iterator[Full]:
    """Two municipalities in whose every free text stands something hostile."""
    for found in full(tmp_path_factory.mktemp("hostile"), blank_archive):
        poison(found)
        spoil(found.hall.config / "a.yaml")
        yield found


def poison(house: Full) -> None:
    """Adds a hostile text to every free text of the archive, each time the next ones of the list."""
    turn = 0
    with house.office.archive.write() as session:
        for table in Base.metadata.sorted_tables:
            if not inspect(table).primary_key:
                continue
            texts = [c for c in table.columns if isinstance(c.type, (Text, String)) and c.name not in OURS]
            texts = [c for c in texts if not isinstance(c.type, JSON)]
            for row in session.execute(select(table)).mappings().all() if texts else []:
                for column in texts:
                    more = " ".join(PAYLOADS[(turn + nth) % len(PAYLOADS)] for nth in range(4))
                    turn += 4
                    key = next(iter(table.primary_key.columns))
                    limit = getattr(column.type, "length", None)
                    value = f"{row[column.name] or ''} {more}"[:limit]
                    session.execute(update(table).where(key == row[key.name]).values({column.name: value}))
    assert turn > len(PAYLOADS) * 2


def spoil(config: Path) -> None:
    """Gives people, bodies and titles of the config hostile names."""
    text = config.read_text("utf-8")
    for nth, name in enumerate(
        ("Siv Sand", "Pia Polis", "Kia Holm", "Bo Hus", "Gruppen", "Rådet", "Årlig uppföljning")
    ):
        hostile = f"{name} <img src=x onerror=window.__ran=1>\"'><script>window.__ran={nth}</script>"
        for key in ("name", "title"):
            text = text.replace(f"{key}: {name}", f"{key}: '{hostile.replace(chr(39), chr(39) * 2)}'")
    assert text.count("window.__ran") >= 12
    config.write_text(text, "utf-8")
    assert [str(each) for each in load(config).problems if each.severity == "error"] == []


def _speaks(message: Any) -> bool:
    """Whether the console says something of the page itself: a refusal's status is no fault of it."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture
def watched(house: Full, browser: Any, serve_app: Callable[[Any], str]) -> tuple[Any, list[str]]:
    """The secretary's page in a browser, and a list of what no page may do: ask, complain, fetch from elsewhere."""
    address = serve_app(hall_of_office(house.office, house.hall.config, ()))
    context = browser.new_context(base_url=address, locale="sv-SE")
    served = Served(house, address)  # type: ignore[arg-type]
    context.add_cookies([served.key_of(house.office, "siv.sand@prov.example")])
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(f"{page.url} {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda it: said.append(f"{page.url} {it.text}") if _speaks(it) else None)
    page.on("request", lambda it: None if it.url.startswith(address) else said.append(it.url))
    return page, said


def test_a_hundred_hostile_texts_in_every_field_run_on_no_page(house: Full, watched: tuple[Any, list[str]]) -> None:
    page, said = watched
    names = house.names(house.town, BODY, SLOT)
    seen = 0
    for each, path in house.pages(names, "GET"):
        if path.endswith(FILES):
            continue
        answer = page.goto(path)
        assert answer is not None
        assert answer.status < 500, each.path
        assert page.evaluate("window.__ran === undefined"), each.path
        seen += answer.status == 200
    assert said == []
    assert seen >= 30
    page.goto(f"/{house.town}/organ")
    assert "Gruppen <img src=x onerror=window.__ran=1>" in page.locator("main").inner_text()


def test_hostile_words_in_an_address_run_on_no_page(house: Full, watched: tuple[Any, list[str]]) -> None:
    page, said = watched
    names = house.names(house.town, BODY, SLOT)
    asked = ("q", "organ", "ar", "ansvarig", "lage", "ordning", "sida", "vidare", "klart", "till", "arende", "falt")
    for nth, (_, path) in enumerate(house.pages(names, "GET")):
        if path.endswith(FILES):
            continue
        words = {name: " ".join(PAYLOADS[(nth * 7 + at) % len(PAYLOADS)] for at in range(7)) for name in asked}
        answer = page.goto(f"{path.partition('?')[0]}?{urlencode(words)}")
        assert answer is not None
        assert answer.status < 500, path
        assert page.evaluate("window.__ran === undefined"), path
    assert said == []
