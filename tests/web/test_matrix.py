"""Every page by every role against the matrix; nobody reaches what is another's; looking changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import pytest

from governance.model.access import MATRIX, ROLES, AccessRole
from governance.web.page import Page
from governance.web.pages import PAGES
from tests.web.full import BODY, SLOT, Full, full
from tests.web.full import ROLES as PEOPLE

REFUSED = {401, 403, 404}
NUMBERS = ("paper", "mail", "number", "item", "upload", "report")  # names in paths that are unique in the archive
# Where a page asks for more than the matrix says, and why: these roles are refused though their row allows it.
_WITHOUT = ("member", "substitute", "co-opted")  # have no seat in the council, whose follow-up it is
FINER: dict[str, tuple[str, ...]] = {
    "/logga-in/konto/svar": tuple(PEOPLE),  # the way back from a provider that this municipality has not
    "/{town}/organ/{body}/{slot}/svar": ("admin",),  # who is asked nothing has nothing to answer
    "/{town}/uppfoljning/{report:int}": _WITHOUT,
    "/{town}/uppfoljning/{report:int}.docx": _WITHOUT,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, blank_archive: Path) -> Iterator[Full]:
    """Two municipalities with everything."""
    yield from full(tmp_path_factory.mktemp("full"), blank_archive)


def allowed(page: Page, role: AccessRole) -> bool:
    """What the matrix says of a page for a role in the page's body."""
    if page.right is None:
        return role not in FINER.get(page.path, ())
    if role in FINER.get(page.path, ()):
        return False
    found = MATRIX[page.right][ROLES.index(role)]
    return found == "S" or found == page.level


def status(house: Full, page: Page, path: str, person: str) -> int:
    """What a page answers; a form is sent empty."""
    client = house.client(person)
    answer = client.request(page.method, path, data={} if page.method != "GET" else None)
    if answer.status_code == 303 and answer.headers["location"].startswith("/logga-in"):
        return 401
    return answer.status_code


def test_every_page_lies_somewhere_or_is_named_here(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    found = {page.path for page, _ in house.pages(names)}
    assert sorted({page.path for page in PAGES} - found) == []


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_answers_each_role_as_the_matrix_says(house: Full, role: AccessRole) -> None:
    names = house.names(house.town, BODY, SLOT)
    wrong = []
    for page, path in house.pages(names, "GET"):
        got = status(house, page, path, PEOPLE[role])
        if (got in REFUSED) == allowed(page, role):
            wrong.append((role, page.method, page.path, got))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("role", PEOPLE)
def test_a_role_that_may_not_write_is_refused_and_changes_nothing(house: Full, role: AccessRole) -> None:
    names = house.names(house.town, BODY, SLOT)
    before = house.contents()
    wrong = []
    for page, path in house.pages(names):
        if page.method != "GET" and not allowed(page, role):
            got = status(house, page, path, PEOPLE[role])
            if got not in REFUSED:
                wrong.append((role, page.method, page.path, got))
    assert not wrong, "\n".join(map(str, wrong))
    assert house.contents() == before


def test_a_stranger_is_led_to_sign_in_from_every_page_but_the_open_ones(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    before = house.contents()
    wrong = [
        (page.method, page.path, got)
        for page, path in house.pages(names)
        if page.need != "anyone" and (got := status(house, page, path, "")) != 401
    ]
    assert not wrong, "\n".join(map(str, wrong))
    assert house.contents() == before


def test_looking_at_every_page_twice_changes_nothing(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    before = house.contents()
    for person in ("", *PEOPLE.values()):
        client = house.client(person)
        for _, path in house.pages(names, "GET"):
            first, second = client.get(path), client.get(path)
            assert first.status_code == second.status_code, path
    assert house.contents() == before


def test_nothing_of_another_body_is_there_for_somebody_who_has_no_seat_in_it(house: Full) -> None:
    names = house.names(house.town, "radet", "2027-02-10")
    before = house.contents()
    leaks = [
        (page.method, page.path, got)
        for page, path in house.pages(names)
        if "{body}" in page.path and (got := status(house, page, path, PEOPLE["member"])) != 404
    ]
    assert leaks == []
    assert house.contents() == before


def test_nothing_of_another_municipality_is_there(house: Full) -> None:
    names = house.names(house.other, BODY, SLOT)
    before = house.contents()
    leaks = [
        (page.method, page.path, got)
        for page, path in house.pages(names)
        if "{town}" in page.path and page.need != "anyone"
        for person in (PEOPLE["secretary"], PEOPLE["admin"])
        if (got := status(house, page, path, person)) != 404
    ]
    assert leaks == []
    assert house.contents() == before


def test_a_number_of_another_meeting_body_or_municipality_is_not_there(house: Full) -> None:
    own = house.names(house.town, BODY, SLOT)
    before = house.contents()
    places = [(house.town, "radet", "2027-02-10"), (house.other, BODY, SLOT)]
    leaks = []
    for town, body, slot in places:
        theirs = house.names(town, body, slot)
        foreign = {name: value for name, value in theirs.items() if name in NUMBERS and value != own[name]}
        assert len(foreign) >= 4
        for page, path in house.pages({**own, **foreign}):
            if not any(f"{{{name}" in page.path for name in foreign):
                continue
            got = status(house, page, path, PEOPLE["member"])
            if got not in REFUSED:
                leaks.append((page.method, path, got))
    assert leaks == []
    assert house.contents() == before


def test_no_page_says_what_belongs_to_another_body(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    client = house.client(PEOPLE["member"])
    told = [
        path
        for page, path in house.pages(names, "GET")
        if page.need != "anyone"
        and any(words in client.get(path).text for words in ("Rådets egen åtgärd", "det som är rådets eget"))
    ]
    assert told == []


def test_a_form_from_another_site_is_refused_on_every_page(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    before = house.contents()
    client = house.client(PEOPLE["admin"])
    wrong = []
    for page, path in house.pages(names):
        if page.method == "GET":
            continue
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            got = client.request(page.method, path, headers=headers).status_code
            if got != 403:
                wrong.append((page.method, path, got))
        del client.headers["Sec-Fetch-Site"]
        for headers in ({"Origin": "https://annan.example"}, {}):
            got = client.request(page.method, path, headers=headers).status_code
            if got != 403:
                wrong.append((page.method, path, got))
        client.headers["Sec-Fetch-Site"] = "same-origin"
    assert not wrong, "\n".join(map(str, wrong))
    assert house.contents() == before


def test_every_link_leads_somewhere_and_every_form_to_a_page(house: Full) -> None:
    names = house.names(house.town, BODY, SLOT)
    client = house.client(PEOPLE["secretary"])
    routes = [(page.method, re.compile(re.sub(r"{\w+(:int)?}", "[^/]+", page.path))) for page in PAGES]
    seen, dead = set(), []
    waiting = [path for _, path in house.pages(names, "GET")]
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 2000:
            continue
        seen.add(path)
        answer = client.get(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        tree = lxml.html.fromstring(answer.text)
        for link in tree.xpath("//main//a/@href"):
            found = urljoin(path, str(link)).partition("#")[0]
            if found.startswith("/") and found not in seen:
                answered = client.get(found).status_code
                if answered >= 400:
                    dead.append((path, found, answered))
                waiting.append(found)
        for form in tree.xpath("//form"):
            action = urljoin(path, form.get("action") or path).partition("?")[0]
            method = (form.get("method") or "get").upper()
            if method != "DIALOG" and not any(each == method and route.fullmatch(action) for each, route in routes):
                dead.append((path, f"{method} {action}", 0))
    assert not dead, "\n".join(map(str, dead))
    assert len(seen) > 60
