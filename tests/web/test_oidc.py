"""The municipality's own sign-in, against a real provider in a process of its own, and tokens it should never send."""

from __future__ import annotations

import hmac
import json
import re
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import select
from starlette.testclient import TestClient

from governance.model.body import SignIn as Door
from governance.store.door_tables import AuditEntry, Identity
from governance.web import oidc
from governance.web.guard import WAY_IN
from governance.web.oidc import OidcProblem
from governance.web.serving import listen
from tests.web.conftest import ORIGIN, Pages
from tests.world import TOWN, contents, plain

MakePages = Callable[..., Pages]
SIV = "siv.sand@prov.example"
USERS = [
    {"sub": "s-1", "email": SIV, "email_verified": True},
    {"sub": "s-2", "email": SIV, "email_verified": False},
    {"sub": "s-3", "email": "ingen@annan.example", "email_verified": True},
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real OpenID provider on this machine."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    users = [part for user in USERS for part in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *users]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://localhost:{port}/.well-known/openid-configuration")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(autouse=True)
def client_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(oidc.SECRET, "hemligt")


def config(issuer: str, more: str = "") -> str:
    return TOWN + f"sign_in: {{door: oidc, issuer: '{issuer}', client_id: kadens{more}}}\n"


def set_out(browser: TestClient, made: Pages, vidare: str = "") -> str:
    """Presses the button; the address at the issuer that the browser is sent to."""
    assert "Logga in med ditt konto i Provköpings kommun" in browser.get("/logga-in").text
    answer = browser.post("/logga-in/konto", data={"kommun": made.town, "vidare": vidare})
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found is not None
    return unescape(found[1])


def at_issuer(url: str, sub: str = "s-1", **changed: str) -> str:
    """Signs in at the issuer; the path that it sends the browser back to."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | changed
    answer = httpx.post(f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(query)}", data={"sub": sub})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == ORIGIN
    return f"{back.path}?{back.query}"


def refused(browser: TestClient, path: str) -> str:
    """What the page says where nobody is let in."""
    answer = browser.get(path)
    assert (answer.status_code, browser.get("/konto").status_code) == (403, 303)
    return plain(answer.text)


def noted(made: Pages) -> list[tuple[str, str, str]]:
    with made.world.read() as session:
        return [(row.person, row.action, row.object) for row in session.scalars(select(AuditEntry))]


# --- in ------------------------------------------------------------------------------------------------------------


def test_first_time_is_bound_by_mail_and_later_the_account_is_enough(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer))
    told: list[str] = []
    made.hall.tell = told.append
    browser = made.visitor()
    first = browser.get(at_issuer(set_out(browser, made, "/konto")))
    assert "Första gången du loggar in" in first.text
    assert browser.get("/konto").status_code == 303
    assert browser.post("/logga-in/koppla", data={"adress": SIV}).headers["location"] == "/logga-in/kod"
    made.hall.errands.submit(lambda: None).result()
    entered = browser.post("/logga-in/kod", data={"kod": told[-1].split()[1]})
    assert (entered.headers["location"], "med kontot i kommunen" in browser.get("/konto").text) == ("/konto", True)
    with made.world.read() as session:
        bound = session.scalars(select(Identity)).one()
    assert (bound.issuer, bound.subject, bound.address) == (issuer, "s-1", SIV)
    again = made.visitor()
    assert again.get(at_issuer(set_out(again, made, "/konto"))).headers["location"] == "/konto"
    assert again.get("/konto").status_code == 200
    assert noted(made) == [("siv.sand", "session.begin", "oidc")] * 2


def test_question_carries_pkce_state_and_nonce_and_keeps_no_secret(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer))
    browser = made.visitor()
    query = {key: values[0] for key, values in parse_qs(urlsplit(set_out(browser, made)).query).items()}
    assert (query["code_challenge_method"], query["scope"], query["response_type"]) == (
        "S256",
        "openid email profile",
        "code",
    )
    assert query["redirect_uri"] == f"{ORIGIN}/logga-in/konto/svar"
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) == 43
    stored = repr(contents(made.world.office.archive))
    assert [
        value for value in (*query.values(), browser.cookies[WAY_IN[True]]) if len(value) == 43 and value in stored
    ] == []


@pytest.mark.parametrize(
    ("more", "sub", "entered"),
    [
        (", trust_email: true", "s-1", True),
        (", trust_email: true", "s-2", False),  # not verified
        (", trust_email: true", "s-3", False),  # nobody's
        ("", "s-1", False),
    ],
)
def test_verified_address_is_trusted_only_where_the_config_says_so(
    pages: MakePages, issuer: str, more: str, sub: str, *, entered: bool
) -> None:
    made = pages(config(issuer, more))
    browser = made.visitor()
    browser.get(at_issuer(set_out(browser, made), sub))
    assert (browser.get("/konto").status_code == 200) == entered


def test_mail_binds_to_no_address_outside_the_municipalities_of_the_issuer(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer))
    told: list[str] = []
    made.hall.tell = told.append
    browser = made.visitor()
    browser.get(at_issuer(set_out(browser, made)))
    browser.post("/logga-in/koppla", data={"adress": "ingen@annan.example"})
    made.hall.errands.submit(lambda: None).result()
    stranger = made.visitor().post("/logga-in/koppla", data={"adress": SIV})
    assert (told, stranger.status_code) == ([], 403)


def test_mail_link_opens_no_account_door_unless_the_config_says_so(pages: MakePages, issuer: str) -> None:
    shut, ajar = pages(config(issuer)), pages(config(issuer, ", mail_link: true"), name="annan")
    assert "Skicka länk och kod" not in shut.visitor().get("/logga-in").text
    assert "Skicka länk och kod" in ajar.visitor().get("/logga-in").text
    statuses = [made.visitor("siv.sand").get(f"/{made.town}/organ/gruppen").status_code for made in (shut, ajar)]
    assert statuses == [404, 200]


# --- not in --------------------------------------------------------------------------------------------------------


def test_answer_is_good_once(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer, ", trust_email: true"))
    browser = made.visitor()
    way_in = set_out(browser, made)
    nonce = browser.cookies[WAY_IN[True]]
    path = at_issuer(way_in)
    assert browser.get(path).status_code == 303
    again = made.visitor()
    again.cookies.set(WAY_IN[True], nonce)
    before = contents(made.world.office.archive)
    assert "hör inte till någon inloggning som pågår här" in refused(again, path)
    assert contents(made.world.office.archive) == before


def test_answer_is_good_in_the_browser_that_went_alone(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer, ", trust_email: true"))
    browser, other = made.visitor(), made.visitor()
    path = at_issuer(set_out(browser, made))
    set_out(other, made)
    before = contents(made.world.office.archive)
    assert "hör inte till någon inloggning som pågår här" in refused(other, path)
    assert "hör inte till någon inloggning som pågår här" in refused(made.visitor(), path)
    assert contents(made.world.office.archive) == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "s" * 43}, "hör inte till någon inloggning som pågår här"),
        ({"nonce": "n" * 43}, "stämmer inte: frågan"),
        ({"nonce": ""}, "stämmer inte: frågan"),
    ],
)
def test_wrong_state_and_wrong_nonce_are_refused(
    pages: MakePages, issuer: str, changed: dict[str, str], words: str
) -> None:
    made = pages(config(issuer, ", trust_email: true"))
    browser = made.visitor()
    assert words in refused(browser, at_issuer(set_out(browser, made), **changed))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code=", "code=x", "godtog inte svaret"),
        ("code=", "iss=https%3A%2F%2Fannan.example&code=", "en annan utfärdare"),
        ("code=", "error=access_denied&code=", "avbröts"),
    ],
)
def test_answer_that_was_tampered_with_is_refused_and_noted(
    pages: MakePages, issuer: str, old: str, new: str, words: str
) -> None:
    made = pages(config(issuer, ", trust_email: true"))
    browser = made.visitor()
    assert words in refused(browser, at_issuer(set_out(browser, made)).replace(old, new, 1))
    assert noted(made) == [("", "session.refused", "oidc")]


def test_issuer_that_calls_itself_otherwise_or_is_silent_is_told(pages: MakePages, issuer: str) -> None:
    for number, wrong in enumerate((f"{issuer}/", "http://localhost:9", f"{issuer}/annan")):
        made = pages(config(wrong), name=f"nr{number}")
        answer = made.visitor().post("/logga-in/konto", data={"kommun": made.town})
        assert (answer.status_code, "Kommunens inloggning" in answer.text) == (503, True)


def test_session_of_one_issuer_is_none_in_a_municipality_of_another(pages: MakePages, issuer: str) -> None:
    made = pages(config(issuer, ", trust_email: true"))
    browser = made.visitor()
    browser.get(at_issuer(set_out(browser, made)))
    assert browser.get(f"/{made.town}/organ/gruppen").status_code == 200
    file = made.world.file
    file.write_text(file.read_text("utf-8").replace(issuer, "https://annan.example"), "utf-8")
    made.hall._read = 0.0
    assert browser.get(f"/{made.town}/organ/gruppen").status_code == 404


# --- tokens --------------------------------------------------------------------------------------------------------

KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
KEYS = KeySet([KEY]).as_dict(private=False)
DOOR = Door("oidc", "https://id.example", "kadens")


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    right = {"iss": "https://id.example", "aud": "kadens", "sub": "s", "nonce": "n", "iat": now, "exp": now + 600}
    return {key: value for key, value in (right | changed).items() if value is not None}


def said_of(token: str, door: Door = DOOR) -> str:
    """What is wrong with a token; "" where it is believed."""
    try:
        oidc._check(oidc._claims(token, KEYS), door, "n", time.time())
    except OidcProblem as problem:
        return str(problem)
    return ""


def signed(key: Any = KEY, alg: str = "RS256", **changed: Any) -> str:
    return jwt.encode({"alg": alg, "kid": "one"}, claims(**changed), key, algorithms=[alg])


def base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def test_token_as_it_should_be_is_believed() -> None:
    assert [said_of(signed()), said_of(signed(aud=["kadens"])), said_of(signed(alg="PS256"))] == [""] * 3


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"iss": "https://id.example/"}, "utfärdaren"),
        ({"iss": "https://login.example/annan-katalog/v2.0"}, "utfärdaren"),
        ({"iss": None}, "utfärdaren"),
        ({"aud": "annan"}, "mottagaren"),
        ({"aud": ["kadens", "annan"]}, "mottagaren"),
        ({"azp": "annan"}, "mottagaren"),
        ({"nonce": "annan"}, "frågan"),
        ({"nonce": None}, "frågan"),
        ({"exp": int(time.time()) - 600}, "tiden"),
        ({"exp": None}, "tiden"),
        ({"iat": int(time.time()) + 6000}, "tiden"),
        ({"sub": ""}, "personen"),
        ({"sub": "s" * 201}, "personen"),
    ],
)
def test_token_that_says_something_else_is_refused(changed: dict[str, Any], fault: str) -> None:
    assert said_of(signed(**changed)) == f"Intyget från kommunens inloggning stämmer inte: {fault}."


def test_token_not_signed_by_the_issuers_key_is_refused() -> None:
    head, body, mark = signed().split(".")
    none = base64(b'{"alg":"none","kid":"one"}')
    shared = base64(b'{"alg":"HS256","kid":"one"}') + f".{body}"  # the issuer's public key taken for a shared secret
    forged = base64(hmac.digest(KEY.as_pem(private=False), shared.encode(), "sha256"))
    tokens = [
        f"{none}.{body}.",
        f"{head}.{body}.",
        f"{head}.{body}.{mark[::-1]}",
        f"{shared}.{forged}",
        signed(RSAKey.generate_key(2048, parameters={"kid": "one"})),
        "",
        "a.b.c",
    ]
    assert {said_of(token) for token in tokens} == {"Intyget från kommunens inloggning är inte rätt undertecknat."}


def test_entra_is_keyed_on_tenant_and_object_and_others_on_subject() -> None:
    entra = "https://login.microsoftonline.com/0f/v2.0"
    both = {"sub": "pairwise", "tid": "0f", "oid": "77"}
    assert (oidc.subject_of(entra, both), oidc.subject_of("https://id.example", both)) == ("0f:77", "pairwise")
    with pytest.raises(OidcProblem, match="saknar tid eller oid"):
        oidc.subject_of(entra, {"sub": "pairwise", "tid": "0f"})


def test_missing_extra_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "find_spec", lambda _: None)
    with pytest.raises(OidcProblem, match=r"pip install 'kadens\[oidc\]'"):
        oidc.away(DOOR, "https://x.example", "s", "n", "v")


def test_pages_do_not_import_the_extra_before_it_is_used() -> None:
    asked = (
        "import sys, governance.web.serving; print([m for m in sys.modules if m.startswith(('authlib', 'joserfc'))])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
