"""The guard before every page: headers, where forms may come from, what is not there."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.testclient import TestClient

from governance.web.app import build_app
from governance.web.guard import HEADERS
from governance.web.page import Page
from governance.web.visit import Visit
from tests.web.conftest import ORIGIN, Pages


def test_first_page_leads_a_stranger_to_signing_in(pages: Callable[..., Pages]) -> None:
    answer = pages().visitor().get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/logga-in")


def test_first_page_leads_a_member_to_their_municipality(pages: Callable[..., Pages]) -> None:
    made = pages()
    answer = made.visitor("siv.sand").get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{made.town}")


def test_every_answer_carries_the_guards_headers_also_a_refusal(pages: Callable[..., Pages]) -> None:
    answer = pages().visitor().get("/finns/inte")
    assert answer.status_code == 404
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "Sidan finns inte" in answer.text


def test_fault_of_ours_is_told_plainly_with_the_guards_headers_and_nothing_of_the_fault(
    pages: Callable[..., Pages],
) -> None:
    def fail(_: Visit) -> Response:
        raise RuntimeError("a secret of the program")

    app = build_app(pages().hall, [Page("GET", "/fel", fail, need="anyone")])
    with_fault = TestClient(app, ORIGIN, raise_server_exceptions=False).get("/fel")
    assert (with_fault.status_code, "Något gick fel hos oss" in with_fault.text) == (500, True)
    assert "secret" not in with_fault.text
    names = {name.lower() for name in HEADERS} | {"cache-control", "strict-transport-security"}
    assert names - set(with_fault.headers) == set()


def test_sheet_and_script_travel_packed_and_pages_do_not(pages: Callable[..., Pages]) -> None:
    """Packed, a page that holds a stranger's words beside others' tells of these by its length (BREACH)."""
    client = pages().visitor()
    for path in ("/static/style.css", "/static/live.js"):
        assert client.get(path).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/finns/inte").headers
