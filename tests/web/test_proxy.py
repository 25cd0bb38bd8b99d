"""The proxy's word is taken from the proxy's own addresses, and from nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from governance.web.guard import COOKIE
from tests.web.conftest import ORIGIN, Pages
from tests.world import TOWN

MakePages = Callable[..., Pages]
CONFIG = TOWN + "sign_in: {door: proxy, header: X-Remote-User, from: [10.0.0.5, 'fd00:12:34::/64']}\n"
SIV = "siv.sand@prov.example"


def from_(made: Pages, peer: str, **headers: str) -> TestClient:
    return TestClient(
        made.app,
        ORIGIN,
        headers={"Sec-Fetch-Site": "same-origin"} | {key.replace("_", "-"): value for key, value in headers.items()},
        client=(peer, 50000),
        follow_redirects=False,
    )


def entered(browser: TestClient) -> int:
    browser.post("/logga-in/proxy")
    return browser.get("/konto").status_code


@pytest.mark.parametrize("peer", ["10.0.0.5", "::ffff:10.0.0.5", "fd00:12:34::9"])
def test_whom_the_proxy_names_is_let_in_by_a_button(pages: MakePages, peer: str) -> None:
    browser = from_(pages(CONFIG), peer, X_Remote_User="Siv.Sand@prov.example")
    assert "Fortsätt som Siv Sand" in browser.get("/logga-in").text
    assert browser.get("/konto").status_code == 303
    assert entered(browser) == 200
    assert "kommunens nät" in browser.get("/konto").text


@pytest.mark.parametrize(
    "peer", ["10.0.0.6", "127.0.0.1", "203.0.113.9", "fd00:12:35::9", "::1", "testclient", "10.0.0.5.example"]
)
def test_spoofed_header_from_elsewhere_is_ignored(pages: MakePages, peer: str) -> None:
    browser = from_(pages(CONFIG), peer, X_Remote_User=SIV, X_Forwarded_For="10.0.0.5", X_Real_IP="10.0.0.5")
    assert "Siv Sand" not in browser.get("/logga-in").text
    answer = browser.post("/logga-in/proxy")
    assert (answer.status_code, browser.get("/konto").status_code) == (403, 303)


def test_session_holds_only_as_long_as_the_proxy_names_the_same_person(pages: MakePages) -> None:
    made = pages(CONFIG)
    browser = from_(made, "10.0.0.5", X_Remote_User=SIV)
    assert entered(browser) == 200
    key = browser.cookies[COOKIE[True]]
    for thief in (
        from_(made, "10.0.0.5", X_Remote_User="bo.hus@bostader.example"),
        from_(made, "10.0.0.5"),
        from_(made, "10.0.0.6", X_Remote_User=SIV),
    ):
        thief.cookies.set(COOKIE[True], key)
        assert thief.get("/konto").status_code == 303


def test_header_that_stands_twice_is_believed_from_neither(pages: MakePages) -> None:
    made = pages(CONFIG)
    browser = from_(made, "10.0.0.5")
    twice = [("X-Remote-User", SIV), ("X-Remote-User", "kia.holm@prov.example"), ("Sec-Fetch-Site", "same-origin")]
    assert browser.request("POST", "/logga-in/proxy", headers=twice).status_code == 403


def test_nobodys_address_is_not_let_in(pages: MakePages) -> None:
    assert entered(from_(pages(CONFIG), "10.0.0.5", X_Remote_User="ingen@prov.example")) == 303


def test_header_means_nothing_where_the_door_is_another(pages: MakePages) -> None:
    config = TOWN + "sign_in: {from: 10.0.0.5}\n"
    assert entered(from_(pages(config), "10.0.0.5", X_Remote_User=SIV)) == 303


def test_mail_link_opens_no_proxy_door_unless_the_config_says_so(pages: MakePages) -> None:
    shut, ajar = pages(CONFIG), pages(CONFIG.replace("proxy,", "proxy, mail_link: true,"), name="annan")
    for made, status in ((shut, 404), (ajar, 200)):
        assert made.visitor("siv.sand").get(f"/{made.town}").status_code == status
        assert ("Skicka länk och kod" in made.visitor().get("/logga-in").text) == (status == 200)
