"""A meeting run in Chromium: by keyboard alone, and with everything going wrong that can while somebody types."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from governance.secretariat import live
from governance.secretariat.audit import Doer
from governance.secretariat.door import begin_session
from governance.secretariat.live_fields import keep_text
from governance.store import live_questions, queries
from governance.store.door_tables import WebSession
from governance.store.tables import Item, MeetingRecord, Occasion
from governance.web.guard import COOKIE
from tests.web.conftest import Served
from tests.web.looking import SIZES, opened, overflows, violations
from tests.world import World, at

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[3]


class Room:
    """The council's meeting of 10 February 2027, its agenda open, at ten past one."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.plan()
        world.set("2027-02-10 13:10")
        live.open_sheet(world.office, world.municipality, self.occasion, Doer("siv.sand"))
        self.base = f"/{world.municipality.id}/organ/radet/2027-02-10/anteckna"

    @property
    def occasion(self) -> Occasion:
        with self.world.read() as session:
            day = at("2027-02-10 00:00").date()
            found = queries.occasion(session, self.world.municipality.id, "meeting", "radet", day)
        assert found is not None
        return found

    def item(self, title: str) -> int:
        with self.world.read() as session:
            return session.scalars(select(Item.id).filter_by(occasion_id=self.occasion.id, title=title)).one()

    def text(self, name: str) -> str:
        with self.world.read() as session:
            row = live_questions.field_of(session, self.occasion.id, name)
            return row.text if row else ""

    def revisions(self, name: str) -> list[str]:
        with self.world.read() as session:
            return [row.text for _, row in live_questions.revisions_of(session, self.occasion.id, name)]

    def key(self, person: str, address: str) -> dict[str, str]:
        email = self.world.municipality.people[person].email
        return {"name": COOKIE[False], "value": begin_session(self.world.office, email, "mail-link"), "url": address}


@pytest.fixture
def room(make_world: Callable[..., World]) -> Room:
    return Room(make_world())


@contextmanager
def sitting(browser: Any, room: Room, address: str, person: str = "siv.sand") -> Iterator[Any]:
    """A browser of somebody's own, whose console may speak: the network is to fail here."""
    context = browser.new_context(base_url=address, locale="sv-SE", viewport={"width": 1280, "height": 900})
    context.add_cookies([room.key(person, address)])
    context.set_default_timeout(20_000)
    yield context
    context.close()


def settled(page: Any) -> None:
    """Waits until the page says that everything is saved."""
    page.locator("#saved").filter(has_text=re.compile(r"^Sparat \d\d\.\d\d$")).wait_for()


def tab_to(page: Any, selector: str, most: int = 40) -> None:
    """Presses Tab until the focus stands there."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_whole_meeting_is_run_with_the_keyboard_alone(
    browser: Any, serve: Callable[[World], Served], room: Room
) -> None:
    item = room.item("Lagens krav")
    with opened(browser, serve(room.world), "siv.sand") as page:
        keys = page.keyboard
        page.goto(room.base)
        tab_to(page, "[data-now='meeting:begun']")
        keys.press("Enter")
        tab_to(page, "[data-do=everybody]")
        keys.press("Enter")
        tab_to(page, "[name='attendance:pia.polis|presence']")
        keys.press("ArrowRight")
        keys.press("ArrowLeft")
        keys.press("Alt+ArrowDown")
        keys.type("Ordföranden öppnar mötet.")
        for _ in range(5):
            keys.press("Control+Enter")
            assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        keys.type("Samordnaren redovisar.")
        tab_to(page, f"[name='item:{item}:decisions']")
        keys.type("/b anta planen.")
        keys.press("Alt+l")
        assert page.locator("#aloud-text").inner_text() == "Rådet beslutar att anta planen."
        keys.press("Escape")
        assert page.evaluate("document.activeElement.name") == f"item:{item}:decisions"
        tab_to(page, f"[name='item:{item}:actions']")
        keys.type("@Pia 1/3 Skriva planen")
        page.locator(f"#c-{item} .what").filter(has_text="Skriva planen").wait_for()
        tab_to(page, ".current [data-do=done]")
        keys.press("?")
        assert page.locator("#help").is_visible()
        keys.press("Escape")
        keys.press("Control+Enter")
        keys.press("Control+Enter")
        tab_to(page, "[name='meeting:approvers'][value='pia.polis']")
        keys.press("Space")
        tab_to(page, "#avslutning a[data-leave]")
        keys.press("Enter")
        page.wait_for_url("**/avsluta")
        tab_to(page, "main form button")
        keys.press("Enter")
        page.wait_for_url("**klart=avslutat")
    assert room.text(f"item:{item}:decisions") == "Rådet beslutar att anta planen."
    assert room.text(f"item:{item}:quorum") == "2 av 2 ledamöter deltog i beslutet."
    assert room.text("attendance:pia.polis") == "presence: present"
    with room.world.read() as session:
        assert session.scalars(select(MeetingRecord.approvers)).one() == ["pia.polis"]


def test_two_who_write_in_one_field_see_both_texts_and_lose_none(
    browser: Any, serve: Callable[[World], Served], room: Room
) -> None:
    name = f"item:{room.item('Lagens krav')}:account"
    path = f"{room.base}#arende-{room.item('Lagens krav')}"
    address = serve(room.world).address
    with sitting(browser, room, address) as hers, sitting(browser, room, address, "kia.holm") as his:
        siv, kia = hers.new_page(), his.new_page()
        siv.goto(path)
        kia.goto(path)
        siv.locator(f"[name='{name}']").fill("Sivs text")
        settled(siv)
        kia.locator(f"[name='{name}']").fill("Kias text")
        kia.get_by_role("group", name="Två har skrivit samtidigt").wait_for()
        assert kia.locator(".conflict pre").inner_text() == "Sivs text"
        kia.get_by_role("button", name="Behåll båda").click()
        settled(kia)
    assert room.text(name) == "Sivs text\n\nKias text"
    assert room.revisions(name) == ["Sivs text", "Kias text", "Sivs text\n\nKias text"]


def test_text_written_without_network_survives_that_the_tab_is_closed(
    browser: Any, serve: Callable[[World], Served], room: Room
) -> None:
    name = f"item:{room.item('Lagens krav')}:account"
    path = f"{room.base}#arende-{room.item('Lagens krav')}"
    with sitting(browser, room, serve(room.world).address) as context:
        page = context.new_page()
        page.goto(path)
        context.set_offline(True)
        page.locator(f"[name='{name}']").press_sequentially("Skrivet utan nät, åäö.")
        page.get_by_text("Ingen kontakt. Texten finns kvar på den här datorn.").wait_for()
        page.close()
        assert room.text(name) == ""
        context.set_offline(False)
        again = context.new_page()
        again.goto(path)
        assert again.locator(f"[name='{name}']").input_value() == "Skrivet utan nät, åäö."
        for _ in range(200):  # saved anew from here, or by what the closed tab had sent on its way out
            if again.evaluate("localStorage.length") == 0:
                break
            again.wait_for_timeout(100)
        assert again.evaluate("localStorage.length") == 0
    assert room.text(name) == "Skrivet utan nät, åäö."


def test_nothing_is_lost_when_the_session_ends_while_somebody_types(
    browser: Any, serve: Callable[[World], Served], room: Room
) -> None:
    name = f"item:{room.item('Lagens krav')}:account"
    address = serve(room.world).address
    with sitting(browser, room, address) as context:
        page = context.new_page()
        page.goto(f"{room.base}#arende-{room.item('Lagens krav')}")
        box = page.locator(f"[name='{name}']")
        box.press_sequentially("Före. ")
        with room.world.office.archive.write() as session:
            session.execute(update(WebSession).values(ended=room.world.office.now))
        box.press_sequentially("Efter.")
        page.get_by_text("Du har blivit utloggad.").wait_for()
        assert page.get_by_role("link", name="Logga in i en ny flik").get_attribute("href") == "/logga-in"
        context.add_cookies([room.key("siv.sand", address)])
        settled(page)
        assert not page.get_by_text("Du har blivit utloggad.").is_visible()
    assert room.text(name) == "Före. Efter."


def test_steady_typing_is_saved_within_five_seconds(browser: Any, serve: Callable[[World], Served], room: Room) -> None:
    name = f"item:{room.item('Lagens krav')}:account"
    with sitting(browser, room, serve(room.world).address) as context:
        page = context.new_page()
        page.goto(f"{room.base}#arende-{room.item('Lagens krav')}")
        page.evaluate("dispatchEvent(new Event('online'))")  # saves, with nothing to save: the next one must still go
        page.locator(f"[name='{name}']").press_sequentially("x" * 62, delay=125)  # eight a second, never a pause
        assert len(room.revisions(name)) >= 1


def test_signing_out_takes_what_lay_in_the_browser_with_it(
    browser: Any, serve: Callable[[World], Served], room: Room
) -> None:
    with sitting(browser, room, serve(room.world).address) as context:
        page = context.new_page()
        page.goto(room.base)
        page.evaluate("localStorage.setItem('kadens:siv.sand:gammalt:falt', '{}')")
        page.get_by_role("button", name="Logga ut").click()
        page.wait_for_url("**/logga-in**")
        assert page.evaluate("localStorage.length") == 0


# --- a server that is killed -------------------------------------------------------------------------------------


def child(room: Room, port: int) -> subprocess.Popen[bytes]:
    """The pages served by another process, answering."""
    moment = room.world.office.now.isoformat()
    arguments = [room.world.file, room.world.office.folder, port, moment]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.browser.live_child", *map(str, arguments)], cwd=ROOT
    )  # fmt: skip
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/static/style.css").status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError("the server did not start")


def test_server_killed_while_a_hundred_words_are_typed_loses_no_character(browser: Any, room: Room) -> None:
    name = f"item:{room.item('Lagens krav')}:account"
    words = [f"ord{number}" for number in range(100)]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = child(room, port)
    try:
        with sitting(browser, room, f"http://127.0.0.1:{port}") as context:
            page = context.new_page()
            page.goto(f"{room.base}#arende-{room.item('Lagens krav')}")
            box = page.locator(f"[name='{name}']")
            box.press_sequentially(" ".join(words[:50]), delay=8)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            box.press_sequentially(" " + " ".join(words[50:]), delay=8)
            page.get_by_text("Ingen kontakt. Texten finns kvar på den här datorn.").wait_for()
            process = child(room, port)
            settled(page)
    finally:
        process.kill()
        process.wait()
    assert room.text(name) == " ".join(words)


# --- how it looks to those who need it most ----------------------------------------------------------------------


def test_every_state_of_the_page_is_accessible(browser: Any, serve: Callable[[World], Served], room: Room) -> None:
    served, item = serve(room.world), room.item("Lagens krav")
    wrong: dict[str, list[str]] = {}

    def judge(page: Any, state: str) -> None:
        found = violations(page) + (["wider than its window"] if overflows(page) else [])
        if found:
            wrong[state] = found

    for size, scheme in zip(SIZES, ("light", "dark"), strict=True):
        with opened(browser, served, "siv.sand", size, scheme, refusal=412) as page:
            page.goto(room.base)
            page.locator("[data-now='meeting:begun']").click()
            page.locator("#narvaro summary").first.click()
            judge(page, f"attendance {size}")
            page.goto(f"{room.base}?x#arende-{item}")
            page.locator(f"[name='item:{item}:actions']").fill("@Pia 1/3 Skriva\n@Kalle Ringa")
            page.locator(f"#c-{item} .what").first.wait_for()
            page.locator(f"#arende-{item} .more summary").click()
            judge(page, f"item {size}")
            account = f"item:{item}:account"
            with room.world.office.archive.write() as session:
                keep_text(session, room.occasion.id, account, None, f"Kia i {size}", "kia.holm", room.world.office.now)
            page.locator(f"[name='{account}']").fill(f"Siv i {size}")
            page.get_by_role("button", name="Behåll båda").wait_for()
            judge(page, f"conflict {size}")
            page.get_by_role("button", name="Behåll båda").click()
            settled(page)
            page.locator(f"#arende-{item} [data-aloud]").click()
            judge(page, f"read aloud {size}")
            page.keyboard.press("Escape")
            page.goto(f"{room.base}?y#avslutning")
            judge(page, f"end {size}")
            for path in ("/avsluta", "/versioner", f"/las-upp?arende={item}"):
                page.goto(room.base + path)
                judge(page, f"{path} {size}")
        with opened(browser, served, "pia.polis", size, scheme) as page:
            page.goto(room.base)
            judge(page, f"reader {size}")
    assert wrong == {}
