"""The door in Chromium: in by the link and by the code, and every page of it judged in both schemes and widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from governance.secretariat import audit
from governance.secretariat.audit import Doer
from tests.web.conftest import Served
from tests.web.looking import SIZES, judged, opened, overflows, violations
from tests.world import TOWN, World

pytestmark = pytest.mark.browser

SIV = "siv.sand@prov.example"
ADMIN = TOWN + "access: {admin: [siv.sand]}\n"
ACCOUNTS = TOWN + "sign_in: {door: oidc, issuer: 'https://id.example', client_id: kadens, mail_link: true}\n"


class Told:
    """What the pages said on the terminal."""

    def __init__(self, served: Served) -> None:
        self.lines: list[str] = []
        self.hall = served.pages.hall
        self.hall.tell = self.lines.append

    def link(self) -> str:
        self.hall.errands.submit(lambda: None).result()
        return next(line.split(": ")[1] for line in reversed(self.lines) if "/lank/" in line)

    def code(self) -> str:
        self.hall.errands.submit(lambda: None).result()
        return next(line.split()[1] for line in reversed(self.lines) if line.startswith("Koden:"))


def ask(page: Any, address: str = SIV) -> None:
    page.goto("/logga-in?vidare=/konto")
    page.get_by_label("Din e-postadress").fill(address)
    page.keyboard.press("Enter")
    page.wait_for_url("**/logga-in/kod")


def faults(page: Any) -> list[str]:
    return violations(page) + (["wider than its window"] if overflows(page) else [])


def test_link_and_code_lead_in_and_log_out_leads_out(
    browser: Any, serve: Callable[[World], Served], make_world: Callable[..., World]
) -> None:
    served = serve(make_world(ADMIN))
    told = Told(served)
    with opened(browser, served) as page:
        ask(page)
        page.goto(told.link())
        page.get_by_role("button", name="Logga in").click()
        page.wait_for_url("**/konto")
        assert page.get_by_text("den här webbläsaren").count() == 1
        page.get_by_role("button", name="Logga ut överallt").click()
        assert page.get_by_role("status").inner_text() == "Du är utloggad överallt."
        ask(page)
        page.get_by_label("Koden i mejlet").fill(told.code().lower())
        page.keyboard.press("Enter")
        page.wait_for_url("**/konto")


def test_no_page_of_the_door_breaks_a_rule(
    browser: Any, serve: Callable[[World], Served], make_world: Callable[..., World]
) -> None:
    world = make_world(ADMIN)
    served = serve(world)
    told = Told(served)
    with world.office.archive.write() as session:
        for number in range(12):
            doer = Doer("siv.sand", "secretary", world.municipality.id, "gruppen", f"r{number}")
            audit.note(session, world.office, doer, "agenda.add", f"gruppen 2027-01-12 {number}")
    found: dict[str, list[str]] = {}
    for number, (size, scheme) in enumerate((size, scheme) for size in SIZES for scheme in ("light", "dark")):
        person = ("siv.sand", "kia.holm", "pia.polis", "bo.hus")[number]  # five mails an hour to each
        with opened(browser, served, size=size, scheme=scheme, refusal=422) as page:

            def look(what: str, page: Any = page, where: str = f"{size} {scheme}") -> None:
                found[f"{what} {where}"] = faults(page)

            page.goto("/logga-in")
            look("form")
            page.get_by_role("button", name="Skicka").click()
            look("form with an error")
            page.goto("/logga-in/kod")
            look("no code asked for")
            ask(page, world.municipality.people[person].email)
            look("code")
            link = told.link()
            page.goto(link)
            look("link")
        with opened(browser, served, size=size, scheme=scheme) as page:
            page.goto(link)
            page.get_by_role("heading", name="Skriv koden i stället").wait_for()
            found[f"link elsewhere {size} {scheme}"] = faults(page)
    assert {what: wrong for what, wrong in found.items() if wrong} == {}
    assert judged(browser, served, "/konto", "siv.sand") == {}
    assert judged(browser, served, f"/{world.municipality.id}/logg", "siv.sand") == {}


def test_form_with_the_municipalitys_own_sign_in_breaks_no_rule(
    browser: Any, serve: Callable[[World], Served], make_world: Callable[..., World]
) -> None:
    assert judged(browser, serve(make_world(ACCOUNTS)), "/logga-in") == {}
