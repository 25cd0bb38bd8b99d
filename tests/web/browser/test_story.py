"""A council meeting from first to last as its people live it, in Chromium: nothing but what they can see and reach."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import expect

from governance.web.hall import Hall
from tests.conftest import MakeWorld
from tests.web.conftest import hall_of
from tests.web.test_word import edited
from tests.world import World

pytestmark = pytest.mark.browser
RADET = "/provkopings-kommun/organ/radet/2027-02-10"


class Story:
    """The municipality, its pages on a real server, and what the sign-in says on the terminal."""

    def __init__(self, world: World, browser: Any, address: str, told: list[str]) -> None:
        self.world, self.browser, self.address, self.told = world, browser, address, told

    @contextmanager
    def person(self, phone: bool = False) -> Iterator[Any]:
        """Somebody's own browser; a word on its console fails the story."""
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context = self.browser.new_context(base_url=self.address, locale="sv-SE", viewport=size, has_touch=phone)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda it: said.append(it.text) if it.type in {"error", "warning"} else None)
        page.on("pageerror", lambda it: said.append(str(it)))
        yield page
        context.close()
        assert said == []

    def sign_in(self, page: Any, email: str) -> None:
        """By the link of the mail, in the browser that asked for it."""
        page.goto("/logga-in")
        page.get_by_label("Din e-postadress").fill(email)
        page.get_by_role("button", name="Skicka länk och kod").click()
        page.get_by_role("heading", name=re.compile("kod|mejl", re.IGNORECASE)).first.wait_for()
        for _ in range(100):
            if any("/lank/" in line for line in self.told):
                break
            page.wait_for_timeout(20)
        link = next(re.search(r"\S+/lank/\S+", line) for line in reversed(self.told) if "/lank/" in line)
        assert link is not None
        self.told.clear()
        page.goto(link[0])
        page.get_by_role("main").get_by_role("button").click()
        page.get_by_role("button", name="Logga ut").wait_for()

    def link_of(self, person: str) -> str:
        """The signed link in the mail that asks somebody."""
        meeting = self.world.meeting("radet", "2027-02-10")
        row = next(each for each in self.world.dispatches("status_request", meeting) if each.person == person)
        found = re.search(r"http\S+/svar/[\w-]+", self.world.letter(row))
        assert found is not None
        return found[0]

    def minutes(self) -> str:
        """The newest minutes, as text."""
        return self.world.text("minutes", self.world.meeting("radet", "2027-02-10"))


@pytest.fixture
def story(
    make_world: MakeWorld, browser: Any, serve_app: Callable[[Hall], str], monkeypatch: pytest.MonkeyPatch
) -> Story:
    world = make_world()
    told: list[str] = []
    hall = hall_of(world, ())
    hall.tell = told.append
    address = serve_app(hall)
    monkeypatch.setenv("KADENS_BASE_URL", address)
    world.plan()
    world.set("2027-01-20 09:00")
    return Story(world, browser, address, told)


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    """Presses Tab until the focus stands there."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def test_a_meeting_from_its_agenda_to_its_corrected_protocol(story: Story, tmp_path: Path) -> None:
    with story.person() as secretary:
        story.sign_in(secretary, "siv.sand@prov.example")
        set_agenda(story, secretary)
        answer_by_links(story)
        hold_by_keyboard(story, secretary)
        approve(story)
        correct_in_word(story, secretary, tmp_path)


def set_agenda(story: Story, page: Any) -> None:
    """The secretary finds the meeting from the overview and puts an item on its agenda."""
    page.get_by_role("link", name="Rådet").first.click()
    page.goto(RADET)
    page.get_by_role("link", name=re.compile("dagordning", re.IGNORECASE)).first.click()
    page.get_by_label("Rubrik").fill("Cykelstölder vid stationen")
    page.get_by_label("Typ", exact=True).select_option("Beslut")
    page.get_by_text("Föredragande, beskrivning och förslag till beslut").click()
    page.get_by_label("Förslag till beslut").fill("Rådet beslutar att märka cyklar.")
    page.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_role("main")).to_contain_text("Cykelstölder vid stationen")


def answer_by_links(story: Story) -> None:
    """Two members answer on their phones; the agenda then carries both the item and what they said."""
    for moment in ("2027-01-27 09:00", "2027-01-28 09:00"):
        story.world.go(moment)
    with story.person(phone=True) as page:
        page.goto(story.link_of("kia.holm"))
        page.get_by_text("Inget att rapportera").tap()
        page.get_by_role("button", name="Skicka").tap()
        expect(page.get_by_role("status")).to_have_text("Tack! Ditt svar är sparat.")
    with story.person(phone=True) as page:
        page.goto(story.link_of("pia.polis"))
        page.get_by_text("Ändrat", exact=True).tap()
        page.get_by_label("Händelser").fill("Tolv cykelstölder vid stationen.")
        page.get_by_role("button", name="Skicka").tap()
        expect(page.get_by_role("status")).to_have_text("Tack! Ditt svar är sparat.")
    story.world.go("2027-02-09 14:00")
    agenda = story.world.text("agenda", story.world.meeting("radet", "2027-02-10"))
    assert "Cykelstölder vid stationen" in agenda
    assert "Tolv cykelstölder vid stationen." in agenda


def hold_by_keyboard(story: Story, page: Any) -> None:
    """The meeting is held: who is there, a decision, an action, who approves; not once with the mouse."""
    story.world.set("2027-02-10 13:05")
    keys = page.keyboard
    story.sign_in(page, "siv.sand@prov.example")  # three weeks on, nobody is signed in any longer
    page.goto(RADET + "/anteckna")
    tab_to(page, "[data-now='meeting:begun']")
    keys.press("Enter")
    tab_to(page, "[data-do=everybody]")
    keys.press("Enter")
    keys.press("Alt+ArrowDown")
    for _ in range(12):
        if page.locator(".current h2, .current h3").first.inner_text().find("Cykelstölder") >= 0:
            break
        keys.press("Control+Enter")
    keys.type("Kommunpolisen redovisar tolv cykelstölder.")
    tab_to(page, ".current [name$=':decisions']")
    if not page.evaluate("document.activeElement.value"):
        keys.type("/b märka cyklar vid stationen.")
    tab_to(page, ".current [name$=':actions']")
    keys.type("@Pia 1/4 Köpa märkpennor")
    page.locator(".current .what").filter(has_text="Köpa märkpennor").wait_for()
    for _ in range(12):
        keys.press("Control+Enter")
        if page.evaluate("location.hash") == "#avslutning":
            break
    tab_to(page, "[name='meeting:approvers'][value='pia.polis']")
    keys.press("Space")
    page.locator("#saved").filter(has_text=re.compile(r"^Sparat \d\d\.\d\d$")).wait_for()
    tab_to(page, "#avslutning a[data-leave]")
    keys.press("Enter")
    page.wait_for_url("**/avsluta")
    tab_to(page, "main form button")
    keys.press("Enter")
    page.wait_for_url("**klart=avslutat")
    story.world.go("2027-02-24 09:00")
    text = story.minutes()
    assert "Kommunpolisen redovisar tolv cykelstölder." in text
    assert "märka cyklar" in text
    assert "Köpa märkpennor. Ansvarig: Pia Polis, klart senast den 1 april 2027." in text


def approve(story: Story) -> None:
    """The chair and the approver approve, each signed in; the approved protocol is then made."""
    for email in ("kia.holm@prov.example", "pia.polis@polisen.example"):
        with story.person() as page:
            story.sign_in(page, email)
            page.goto(RADET + "/justering")
            page.get_by_label("Jag har läst texten").check()
            page.get_by_role("button", name="Justera", exact=True).click()
            expect(page.get_by_role("status").first).to_be_visible()
    story.world.go("2027-02-24 10:00")
    assert "Justerat den 24 februari 2027 av Kia Holm och Pia Polis" in story.minutes()


def correct_in_word(story: Story, page: Any, folder: Path) -> None:
    """A fault is found: a correction is opened, written in Word, sent back, looked at and confirmed."""
    story.sign_in(page, "siv.sand@prov.example")
    page.goto(RADET + "/justering")
    page.get_by_text("Något är fel i texten").click()
    page.get_by_label("Skäl till rättelsen").fill("Antalet var fel.")
    page.get_by_role("button", name="Öppna en rättelse").click()
    page.goto(RADET + "/word")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hämta Word-filen").click()
    data = Path(fetched.value.path()).read_bytes()
    file = folder / "protokoll.docx"
    file.write_bytes(edited(data, ("tolv cykelstölder", "elva cykelstölder")))
    page.get_by_label("Word-filen (.docx)").set_input_files(str(file))
    page.get_by_role("button", name="Visa ändringarna").click()
    change = page.get_by_role("region", name="Cykelstölder vid stationen: redovisning")
    expect(change).to_contain_text("Kommunpolisen redovisar elva cykelstölder.")
    expect(change.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="För in det jag har kryssat för").click()
    expect(page.get_by_role("status")).to_contain_text("Ändringarna är införda.")
    story.world.go("2027-02-24 11:00")
    text = story.minutes()
    assert "Kommunpolisen redovisar elva cykelstölder." in text
    assert "Antalet var fel." in text
    assert Document(io.BytesIO(data)).paragraphs
