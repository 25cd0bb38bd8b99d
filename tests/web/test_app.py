"""The guard before every page: headers, where forms may come from, what is not there."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.conftest import Pages


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
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "Sidan finns inte" in answer.text
