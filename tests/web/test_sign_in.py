"""The way in by mail, as browsers, scanners and those who try other doors meet it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from governance.secretariat import delivery
from governance.store.door_tables import AuditEntry, SignIn, WebSession
from governance.web.guard import COOKIE, WAY_IN
from governance.web.pages import PAGES
from tests.web.conftest import ORIGIN, Pages
from tests.world import TOWN, contents

SIV = "siv.sand@prov.example"
MakePages = Callable[..., Pages]


class Door:
    """The pages with what they said on the terminal, and the mails they laid."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.said: list[str] = []
        pages.hall.tell = self.said.append

    def ask(self, browser: TestClient, address: str = SIV, **more: str) -> tuple[str, str]:
        """Asks, and returns the path of the link and the code, as told on the terminal."""
        answer = browser.post("/logga-in", data={"adress": address, **more})
        assert (answer.status_code, answer.headers["location"]) == (303, "/logga-in/kod")
        self.pages.hall.errands.submit(lambda: None).result()
        path = next(line.split(ORIGIN)[1] for line in reversed(self.said) if "/lank/" in line)
        code = next(line.split()[1] for line in reversed(self.said) if line.startswith("Koden:"))
        return path, code

    def later(self, **span: int) -> None:
        world = self.pages.world
        world.office = replace(world.office, now=world.office.now + timedelta(**span))

    def rows(self, table: type) -> list[object]:
        with self.pages.world.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def mail(self) -> EmailMessage:
        from email import policy  # noqa: PLC0415
        from email.parser import BytesParser  # noqa: PLC0415

        files = sorted(delivery.mail_folder(self.pages.world.office, self.pages.world.municipality).glob("*.eml"))
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(files[-1].read_bytes())


@pytest.fixture
def door(pages: MakePages) -> Door:
    return Door(pages())


def is_in(browser: TestClient) -> bool:
    return browser.get("/konto").status_code == 200


def test_link_logs_in_the_browser_that_asked(door: Door) -> None:
    browser = door.pages.visitor()
    path, _ = door.ask(browser)
    assert "Ett tryck till" in browser.get(path).text
    answer = browser.post(path)
    assert (answer.status_code, answer.headers["location"], is_in(browser)) == (303, "/", True)


def test_code_logs_in_however_it_is_typed(door: Door) -> None:
    browser = door.pages.visitor()
    _, code = door.ask(browser)
    assert re.fullmatch(r"[A-HJKMNP-TV-Z]{4}-[A-HJKMNP-TV-Z]{4}", code)
    answer = browser.post("/logga-in/kod", data={"kod": f" {code.lower().replace('-', ' ')} "})
    assert (answer.status_code, is_in(browser)) == (303, True)


def test_mail_is_in_swedish_as_text_and_page_with_link_and_code(door: Door) -> None:
    path, code = door.ask(door.pages.visitor())
    mail = door.mail()
    assert (mail["To"], mail["Subject"]) == ("Siv Sand <siv.sand@prov.example>", "Logga in i kadens")
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert f"{ORIGIN}{path}" in part.get_content()
        assert code in part.get_content()


def test_cookies_are_bound_to_https_and_out_of_reach_of_scripts(door: Door) -> None:
    browser = door.pages.visitor()
    set_first = browser.post("/logga-in", data={"adress": SIV}).headers["set-cookie"]
    path, _ = door.ask(browser)
    set_last = browser.post(path).headers.get_list("set-cookie")
    assert set_first.startswith("__Host-kadens-in=")
    assert [line.partition("=")[0] for line in set_last] == ["__Host-kadens", "__Host-kadens-in"]
    for line in (set_first, *set_last):
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= {each.strip() for each in line.split(";")}


def test_nothing_secret_is_stored(door: Door) -> None:
    browser = door.pages.visitor()
    path, code = door.ask(browser)
    secrets = [path.rpartition("/")[2], code, code.replace("-", ""), browser.cookies[WAY_IN[True]]]
    browser.post(path)
    secrets.append(browser.cookies[COOKIE[True]])
    stored = repr(contents(door.pages.world.office.archive))
    assert [secret for secret in secrets if secret in stored] == []


# --- scanners, other browsers, replays -----------------------------------------------------------------------------


def test_scanner_that_opens_and_presses_changes_nothing_but_the_log(door: Door) -> None:
    browser, scanner = door.pages.visitor(), door.pages.visitor()
    path, _ = door.ask(browser)
    before = contents(door.pages.world.office.archive)
    for _ in range(2):
        assert "Skriv koden i stället" in scanner.get(path).text
    assert contents(door.pages.world.office.archive) == before
    for _ in range(2):
        answer = scanner.post(path)
        assert (answer.status_code, "Skriv koden i stället" in answer.text) == (403, True)
    after = contents(door.pages.world.office.archive)
    assert {name for name in after if after[name] != before[name]} == {"audit_log"}
    assert (is_in(scanner), browser.post(path).status_code, is_in(browser)) == (False, 303, True)


def test_link_is_good_once(door: Door) -> None:
    browser = door.pages.visitor()
    path, code = door.ask(browser)
    nonce = browser.cookies[WAY_IN[True]]
    browser.post(path)
    again = door.pages.visitor()
    again.cookies.set(WAY_IN[True], nonce)
    statuses = [again.get(path).status_code, again.post(path).status_code]
    assert (statuses, again.post("/logga-in/kod", data={"kod": code}).status_code) == ([410, 410], 410)
    assert not is_in(again)


def test_link_pressed_in_several_windows_at_once_opens_one_session(door: Door) -> None:
    first = door.pages.visitor()
    path, _ = door.ask(first)
    windows = [door.pages.visitor() for _ in range(6)]
    for window in windows:
        window.cookies.set(WAY_IN[True], first.cookies[WAY_IN[True]])
    with ThreadPoolExecutor(6) as together:
        statuses = list(together.map(lambda window: window.post(path).status_code, windows))
    assert (sorted(statuses), len(door.rows(WebSession))) == ([303] + [410] * 5, 1)


def test_pressing_twice_leads_on(door: Door) -> None:
    browser = door.pages.visitor()
    path, _ = door.ask(browser)
    browser.post(path)
    assert browser.post(path).headers["location"] == "/"


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (15, 410), (60, 410)])
def test_link_and_code_hold_a_quarter_of_an_hour(door: Door, minutes: int, status: int) -> None:
    first, second = door.pages.visitor(), door.pages.visitor()
    path, _ = door.ask(first)
    _, code = door.ask(second)
    door.later(minutes=minutes)
    assert first.post(path).status_code == status
    assert second.post("/logga-in/kod", data={"kod": code}).status_code == status


def test_code_takes_five_tries_and_no_more(door: Door) -> None:
    browser = door.pages.visitor()
    path, code = door.ask(browser)
    answers = [browser.post("/logga-in/kod", data={"kod": "AAAAAAAA"}) for _ in range(5)]
    assert [each.status_code for each in answers] == [422, 422, 422, 422, 410]
    assert "Du har ett försök kvar" in answers[3].text
    assert browser.post("/logga-in/kod", data={"kod": code}).status_code == 410
    assert (browser.post(path).status_code, is_in(browser)) == (410, False)


def test_code_is_nothing_in_another_browser(door: Door) -> None:
    browser, other, stranger = (door.pages.visitor() for _ in range(3))
    _, code = door.ask(browser)
    door.ask(other, "bo.hus@bostader.example")
    assert other.post("/logga-in/kod", data={"kod": code}).status_code == 422
    assert stranger.post("/logga-in/kod", data={"kod": code}).status_code == 410


def test_first_mail_still_works_when_a_second_was_asked_for(door: Door) -> None:
    browser = door.pages.visitor()
    path, _ = door.ask(browser)
    door.ask(browser)
    assert (browser.post(path).status_code, is_in(browser)) == (303, True)


def test_address_that_has_left_the_config_does_not_get_in(door: Door) -> None:
    browser = door.pages.visitor()
    path, _ = door.ask(browser)
    file = door.pages.world.file
    file.write_text(file.read_text("utf-8").replace(SIV, "ny@prov.example"), "utf-8")
    door.pages.hall._read = 0.0
    assert (browser.post(path).status_code, is_in(browser)) == (410, False)


# --- who has an address --------------------------------------------------------------------------------------------


def test_answer_is_the_same_whether_or_not_anybody_has_the_address(door: Door) -> None:
    def answer(address: str) -> tuple[object, ...]:
        browser = door.pages.visitor()
        asked = browser.post("/logga-in", data={"adress": address})
        names = re.sub(r"=[^;]+", "", asked.headers["set-cookie"])
        shown = browser.get(asked.headers["location"]).text
        wrong = browser.post("/logga-in/kod", data={"kod": "AAAABBBB"})
        return asked.status_code, dict(asked.headers) | {"set-cookie": names}, asked.text, shown, wrong.text

    assert answer(SIV) == answer("ingen@annan.example")


def test_answer_takes_as_long_whether_or_not_anybody_has_the_address(door: Door) -> None:
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(30):
        for kind, taken in times.items():
            address = SIV if kind == "known" else "ingen@annan.example"
            browser = door.pages.visitor()
            began = time.perf_counter()
            browser.post("/logga-in", data={"adress": address})
            taken.append(time.perf_counter() - began)
            door.pages.hall.errands.submit(lambda: None).result()
        door.later(minutes=15 + turn)
    # The quickest of many: what other programs take of the computer is in all the others.
    assert abs(min(times["known"]) - min(times["unknown"])) < 0.005


def test_nobodys_address_gets_no_mail_and_its_code_is_never_right(door: Door) -> None:
    browser = door.pages.visitor()
    browser.post("/logga-in", data={"adress": "ingen@annan.example"})
    door.pages.hall.errands.submit(lambda: None).result()
    assert (door.said, [row.address for row in door.rows(SignIn)]) == ([], [""])


@pytest.mark.parametrize(
    "address", ["", "siv.sand", "siv sand@prov.example", "a@b\r\nBcc: x@y.example", "ö@prov.example"]
)
def test_what_is_no_address_is_asked_for_again_with_what_was_typed(door: Door, address: str) -> None:
    answer = door.pages.visitor().post("/logga-in", data={"adress": address})
    assert (answer.status_code, "Fel: Logga in" in answer.text, "Skriv en e-postadress" in answer.text) == (
        422,
        True,
        True,
    )


# --- limits --------------------------------------------------------------------------------------------------------


def test_an_address_is_mailed_five_times_an_hour(door: Door) -> None:
    for _ in range(5):
        door.ask(door.pages.visitor())
        door.later(minutes=10)
    refused = door.pages.visitor().post("/logga-in", data={"adress": SIV.upper()})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "601")
    assert "om 11 minuter" in refused.text
    door.later(minutes=10, seconds=1)
    door.ask(door.pages.visitor())


def test_a_computer_asks_twenty_times_an_hour(door: Door) -> None:
    statuses = [
        door.pages.visitor().post("/logga-in", data={"adress": f"person{n}@prov.example"}).status_code
        for n in range(21)
    ]
    assert statuses == [303] * 20 + [429]


def test_a_proxy_of_ours_is_not_taken_for_the_computer_behind_it(door: Door) -> None:
    def asked(peer: str, forwarded: str, n: int) -> int:
        browser = TestClient(
            door.pages.app, ORIGIN, headers={"Sec-Fetch-Site": "same-origin"}, client=(peer, 1), follow_redirects=False
        )
        headers = {"X-Forwarded-For": forwarded}
        return browser.post("/logga-in", data={"adress": f"p{n}@prov.example"}, headers=headers).status_code

    behind_us = [asked("127.0.0.1", f"1.2.3.4, 10.9.8.{n}", n) for n in range(21)]
    own_story = [asked("198.51.100.7", f"10.9.8.{n}", 100 + n) for n in range(21)]
    assert (behind_us, own_story) == ([303] * 21, [303] * 20 + [429])


# --- where it leads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/prov/organ/gruppen?x=1", "/prov/organ/gruppen?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/logga-ut", "/"),
        ("/" + "a" * 400, "/"),
    ],
)
def test_sign_in_leads_on_only_within_the_pages(door: Door, wanted: str, led: str) -> None:
    browser = door.pages.visitor()
    path, _ = door.ask(browser, vidare=wanted)
    assert browser.post(path).headers["location"] == led


def test_a_page_that_needs_signing_in_is_where_one_comes_afterwards(door: Door) -> None:
    browser = door.pages.visitor()
    sent = browser.get("/konto")
    assert (sent.status_code, sent.headers["location"]) == (303, "/logga-in?vidare=/konto")
    assert 'name="vidare" value="/konto"' in browser.get(sent.headers["location"]).text


def test_links_keep_the_configured_address_whatever_the_host_header_says(pages: MakePages) -> None:
    config = TOWN.replace("municipality:\n", f"municipality:\n  base_url: {ORIGIN}\n")
    door = Door(pages(config))
    browser = door.pages.visitor()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": "https://evil.example"}
    browser.post("/logga-in", data={"adress": SIV}, headers=headers)
    door.pages.hall.errands.submit(lambda: None).result()
    part = door.mail().get_body(("plain",))
    assert part is not None
    assert re.findall(r"https?://[^/>\s]+", part.get_content()) == [ORIGIN]


# --- sessions ------------------------------------------------------------------------------------------------------


def test_sign_in_ends_the_session_the_browser_had_and_gives_a_new_key(door: Door) -> None:
    browser = door.pages.visitor("siv.sand")
    old = browser.cookies[COOKIE[True]]
    path, _ = door.ask(browser)
    browser.post(path)
    thief = door.pages.visitor()
    thief.cookies.set(COOKIE[True], old)
    assert (is_in(thief), is_in(browser)) == (False, True)


def test_planted_session_key_is_not_taken_over(door: Door) -> None:
    browser = door.pages.visitor()
    browser.cookies.set(COOKIE[True], "planted" * 6)
    path, _ = door.ask(browser)
    browser.cookies.set(COOKIE[True], "planted" * 6, domain="sidor.prov.example", path="/")
    set_keys = browser.post(path).headers.get_list("set-cookie")
    assert [line for line in set_keys if "planted" in line] == []
    planted = door.pages.visitor()
    planted.cookies.set(COOKIE[True], "planted" * 6)
    assert not is_in(planted)


def test_session_key_is_worth_nothing_after_log_out(door: Door) -> None:
    browser = door.pages.visitor("siv.sand")
    key = browser.cookies[COOKIE[True]]
    answer = browser.post("/logga-ut")
    assert answer.headers["location"] == "/logga-in?klart=utloggad"
    thief = door.pages.visitor()
    thief.cookies.set(COOKIE[True], key)
    assert (is_in(thief), thief.post("/logga-ut").status_code) == (False, 303)


def test_session_ends_after_two_idle_hours_and_each_page_slides_it(door: Door) -> None:
    browser = door.pages.visitor("siv.sand")
    seen = []
    for minutes in (110, 110, 110, 121):
        door.later(minutes=minutes)
        seen.append(is_in(browser))
    assert seen == [True, True, True, False]


def test_session_ends_after_twelve_hours_however_busy(door: Door) -> None:
    browser = door.pages.visitor("siv.sand")
    seen = []
    for _ in range(13):
        door.later(hours=1)
        seen.append(is_in(browser))
    assert seen == [True] * 12 + [False]


# --- forms from elsewhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ORIGIN}, True),
        ({}, False),
    ],
)
def test_forms_are_taken_from_these_pages_alone_on_every_route(
    door: Door, headers: dict[str, str], *, allowed: bool
) -> None:
    browser = TestClient(door.pages.app, ORIGIN, follow_redirects=False)
    browser.cookies.update(door.pages.visitor("siv.sand").cookies)
    unsafe = [page for page in PAGES if page.method != "GET"] if not allowed else []
    names = {"town": door.pages.town, "body": "gruppen", "slot": "2027-01-12", "token": "t" * 43}
    for page in unsafe:
        path = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: names.get(found[1], "1"), page.path)
        answer = browser.request(page.method, path, headers=headers)
        assert (path, answer.status_code) == (path, 403)
        assert "kom inte från den här webbplatsen" in answer.text
    if allowed:
        assert browser.post("/logga-ut", headers=headers).status_code == 303
    else:
        assert is_in(browser)


# --- the log -------------------------------------------------------------------------------------------------------


def test_sign_in_failure_and_log_out_are_noted_without_address_or_secret(door: Door) -> None:
    browser = door.pages.visitor()
    path, code = door.ask(browser)
    door.pages.visitor().post(path)
    browser.post("/logga-in/kod", data={"kod": "AAAAAAAA"})
    browser.post("/logga-in/kod", data={"kod": code})
    browser.post("/logga-ut")
    noted = [(row.person, row.municipality, row.action, row.object) for row in door.rows(AuditEntry)]
    siv = ("siv.sand", door.pages.town)
    assert noted == [
        (*siv, "session.refused", "link"),
        (*siv, "session.refused", "code"),
        (*siv, "session.begin", "mail-link"),
        (*siv, "session.end", "mail-link"),
    ]


def test_old_ways_in_are_weeded(door: Door) -> None:
    for _ in range(3):
        door.ask(door.pages.visitor())
        door.later(hours=2)
    assert (len(door.rows(SignIn)), len(door.rows(WebSession))) == (1, 0)
