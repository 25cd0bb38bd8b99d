"""Every form with whatever a browser, or something else, may send: refused or taken, never a fault of ours."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import lxml.html
import pytest

from tests.web.full import BODY, SLOT, Full, full
from tests.web.full import ROLES as PEOPLE

ROUNDS = 5  # of each form, in the fast run; a hundred in the slow one
ODD = (
    "", " ", "0", "-1", "1e9", "9" * 40, "2027-02-30", "2027-13-01", "27/2", "24:61", "\u202e", "\ufeff", "å" * 3000,
    "\ud83d\ude00", "' OR 1=1 --", "%", "_", "\\", "<b>", "{{ 7*7 }}", "../../etc", "\r\nX: y", "\t", "null", "[]",
    "true", "NaN", "item:1:account", "e1", "s1", "i1", "on", "ja", "\uffff", "a\u0301", "٣", "１２", "²",
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, blank_archive: Path) -> Iterator[Full]:
    """Two municipalities with everything."""
    yield from full(tmp_path_factory.mktemp("fuzz"), blank_archive)


def fields(house: Full, names: dict[str, str]) -> list[str]:
    """The names of every field of every form there is."""
    client, found = house.client(PEOPLE["secretary"]), set()
    for _, path in house.pages(names, "GET"):
        answer = client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html") and answer.text:
            found |= set(map(str, lxml.html.fromstring(answer.text).xpath("//form//@name")))
    return sorted(found)


def faults(house: Full, rounds: int, seed: int) -> list[tuple[str, str, int]]:
    """The requests that end in a fault of ours, out of `rounds` for each form."""
    chance = random.Random(seed)  # nothing secret
    names = house.names(house.town, BODY, SLOT)
    known = fields(house, names)
    assert len(known) > 30
    wrong = []
    client = house.client(PEOPLE["secretary"])
    for page, path in house.pages(names):
        if page.path.startswith(("/logga-ut", "/konto/overallt", "/logga-in")):
            continue
        for _ in range(rounds):
            sent = [(chance.choice(known), chance.choice((*ODD, *names.values()))) for _ in range(chance.randrange(8))]
            body = urlencode(sent, errors="surrogatepass").encode()
            if page.method == "GET":
                answer = client.get(f"{path.partition('?')[0]}?{body.decode()}")
            else:
                headers = {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "If-Match": chance.choice(("0", "x", "1")),
                }
                answer = client.request(page.method, path, content=body, headers=headers)
            if answer.status_code >= 500:
                wrong.append((page.method, path, body.decode()[:300], answer.status_code))
    return wrong


def test_no_form_filled_in_anyhow_ends_in_a_fault_of_ours(house: Full) -> None:
    wrong = faults(house, ROUNDS, 1)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.slow
def test_no_form_filled_in_anyhow_a_hundred_times_ends_in_a_fault_of_ours(house: Full) -> None:
    wrong = faults(house, 100, 2)
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 1_100_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % n for n in range(10_000)), "application/x-www-form-urlencoded", 400),
        (b"a=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"title=%00", "application/x-www-form-urlencoded", 400),
    ],
)
def test_body_that_no_form_sends_is_refused(house: Full, body: bytes, kind: str, status: int) -> None:
    client = house.client(PEOPLE["secretary"])
    path = f"/{house.town}/organ/{BODY}/2028-01-11/dagordning"
    assert client.post(path, content=body, headers={"Content-Type": kind}).status_code == status
