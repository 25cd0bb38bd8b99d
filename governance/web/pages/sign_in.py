"""The way in: by a link or a code in a mail, by the municipality's sign-in, or by the word of its proxy; and out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.responses import Response

from governance.model.body import Municipality
from governance.papers.address import checked_address
from governance.secretariat import door, sign_in, vouching
from governance.secretariat.sign_in import Entered, Letter, NotIn, TooMany, Vouched
from governance.web import oidc, proxy
from governance.web.guard import COOKIE, WAY_IN
from governance.web.hall import Hall
from governance.web.page import Page
from governance.web.visit import Refused, Visit

BACK = "/logga-in/konto/svar"  # where the issuer sends the browser back to
LARGEST = 10_000
Problems = list[tuple[str, str]]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


def onward(visit: Visit) -> str:
    """Where to afterwards: a path of these pages, "" for anything that could lead elsewhere."""
    wanted = visit.form.text("vidare") or visit.query.text("vidare")
    leads = wanted.startswith("/") and not wanted.startswith(("//", "/logga-"))
    return wanted if leads and wanted.isprintable() and "\\" not in wanted and len(wanted) <= 300 else ""


# --- the form and the mail -------------------------------------------------------------------------------------


def form(visit: Visit) -> Response:
    """The ways in there are; whoever is in already goes on."""
    if visit.signed is not None and visit.towns:
        return visit.go(onward(visit) or "/")
    return _form(visit)


def _form(visit: Visit, status: int = 200, problems: Sequence[tuple[str, str]] = (), address: str = "") -> Response:
    towns = visit.office.municipalities
    named = proxy.address_in(visit.request, towns)
    return visit.page(
        "sign_in.html.j2",
        status,
        problems=problems,
        address=address,
        onward=onward(visit),
        names=[town.name for town in towns],
        mail=any(door.admits(town.sign_in, "mail-link") for town in towns),
        accounts=_accounts(visit),
        proxied=next((who for _, who in door.persons(visit.office, named, "proxy")), None) if named else None,
    )


def _accounts(visit: Visit) -> list[tuple[str, str]]:
    """The municipalities' own sign-ins: the id of one that uses it, and the names of all that do."""
    found: dict[str, list[tuple[str, str]]] = {}
    for town in visit.office.municipalities:
        if town.sign_in.door == "oidc":
            found.setdefault(town.sign_in.issuer, []).append((town.id, town.name))
    return [(towns[0][0], ", ".join(name for _, name in towns)) for towns in found.values()]


def ask(visit: Visit) -> Response:
    """Sends the mail, if somebody has the address; the answer is the same, and as quick, where nobody has."""
    return _asked(visit, onward(visit), None)


def bind(visit: Visit) -> Response:
    """The same for whoever comes by the municipality's sign-in for the first time: the mail binds the two."""
    waiting = vouching.unbound(visit.session, visit.office.now, _browser(visit))
    if waiting is None:
        raise Refused(403, "Det har gått för lång tid. Logga in från början igen.")
    return _asked(visit, waiting[1], waiting[0])


def _asked(visit: Visit, then: str, vouched: Vouched | None) -> Response:
    address = visit.form.text("adress")
    try:
        checked_address(address)
    except ValueError:
        problems = [("adress", "Skriv en e-postadress, till exempel namn@kommunen.se.")]
        if vouched:
            return visit.page("sign_in_bind.html.j2", 422, problems=problems, address=address[:254])
        return _form(visit, 422, problems, address[:254])
    browser = _browser(visit) or secrets.token_urlsafe(32)
    caller = proxy.caller(visit.request, visit.office.municipalities)
    base = visit.request.headers.get("origin", "")  # only chooses among the configured ones
    try:
        letter = sign_in.ask(visit.office, address, caller, browser, then, vouched, base)
    except TooMany as problem:
        minutes = -(-problem.retry // 60)
        response = visit.page("sign_in_wait.html.j2", 429, minutes=minutes)
        response.headers["Retry-After"] = str(problem.retry)
        return response
    if letter is not None:
        visit.hall.errands.submit(_deliver, visit.hall, letter)
    response = visit.go("/logga-in/kod")
    _set(visit, response, WAY_IN, browser, int(sign_in.LASTS.total_seconds()))
    return response


def _deliver(hall: Hall, letter: Letter) -> None:
    """Sends the mail when the answer has been given; on a laptop the link and the code are told on the terminal too."""
    base = hall.base(letter.town)
    try:
        file = sign_in.send(hall.office(), letter, base)
    except Exception as problem:  # noqa: BLE001  # nobody waits for this any more: whoever runs the program is told
        hall.tell(f"Ett inloggningsmejl kunde inte skickas: {problem}")
        return
    if file is not None:
        hall.tell(f"Inloggning för {letter.person.name}: {base}/logga-in/lank/{letter.token}")
        hall.tell(f"Koden: {letter.printed_code}  (mejlet: {file})")


def _browser(visit: Visit) -> str:
    """The secret of the browser that asked; "" for one that has not."""
    found = visit.request.cookies.get(WAY_IN[visit.hall.secure], "")
    return found if _TOKEN.fullmatch(found) else ""


# --- the link and the code -------------------------------------------------------------------------------------


def code_form(visit: Visit) -> Response:
    """Where the code is typed, in the browser that asked."""
    return _code_form(visit)


def _code_form(visit: Visit, status: int = 200, problems: Sequence[tuple[str, str]] = ()) -> Response:
    here = bool(_browser(visit))
    return visit.page("sign_in_code.html.j2", status, problems=problems, here=here)


def by_code(visit: Visit) -> Response:
    """In by the code, at most five tries."""
    try:
        entered = sign_in.by_code(visit.office, visit.form.text("kod")[:40], _browser(visit), visit.signed, visit.key)
    except NotIn as problem:
        if problem.why == "wrong":
            tries = "ett försök" if problem.left == 1 else f"{problem.left} försök"
            return _code_form(visit, 422, [("kod", f"Koden stämmer inte. Du har {tries} kvar.")])
        return _gone(visit)
    return _in(visit, entered)


def link(visit: Visit) -> Response:
    """What the link in the mail shows: a button in the browser that asked, elsewhere where to type the code.

    Opening it changes nothing, so that a mail scanner may.
    """
    token = _token(visit)
    where = sign_in.link_leads(visit.session, visit.office.now, token, _browser(visit))
    if where == "gone":
        return _gone(visit)
    return visit.page("sign_in_link.html.j2", here=where == "in", token=token)


def by_link(visit: Visit) -> Response:
    """In by the link's button, in the browser that asked; elsewhere nothing happens and the link stays good."""
    token = _token(visit)
    try:
        entered = sign_in.by_link(visit.office, token, _browser(visit), visit.signed, visit.key)
    except NotIn as problem:
        if problem.why == "elsewhere":
            return visit.page("sign_in_link.html.j2", 403, here=False, token=token)
        return _gone(visit)
    return _in(visit, entered)


def _token(visit: Visit) -> str:
    token = str(visit.request.path_params["token"])
    return token if _TOKEN.fullmatch(token) else ""


def _gone(visit: Visit) -> Response:
    """Too late; but whoever is in already, as after pressing twice, goes on."""
    if visit.signed is not None and visit.request.method == "POST":
        return visit.go("/")
    return visit.page("sign_in_gone.html.j2", 410)


def _in(visit: Visit, entered: Entered) -> Response:
    """The new session's cookie, and on."""
    response = visit.go(entered.onward or "/")
    _set(visit, response, COOKIE, entered.key, int(door.LONGEST.total_seconds()))
    _clear(visit, response, WAY_IN)
    return response


def _set(visit: Visit, response: Response, names: dict[bool, str], value: str, seconds: int) -> None:
    secure = visit.hall.secure
    response.set_cookie(names[secure], value, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _clear(visit: Visit, response: Response, names: dict[bool, str]) -> None:
    secure = visit.hall.secure
    response.delete_cookie(names[secure], path="/", secure=secure, httponly=True, samesite="lax")


# --- the municipality's own sign-in ----------------------------------------------------------------------------


def account(visit: Visit) -> Response:
    """Off to the issuer: the browser is sent by a page of ours, for no form may be sent elsewhere."""
    chosen = visit.hall.town(visit.form.text("kommun"))
    town = _using(visit, chosen.sign_in.issuer if chosen else "")
    browser = _browser(visit) or secrets.token_urlsafe(32)
    state = vouching.set_out(visit.office, town.sign_in.issuer, browser, onward(visit))
    nonce, verifier = (vouching.derived(browser, state, what) for what in ("nonce", "verifier"))
    try:
        url = oidc.away(town.sign_in, visit.hall.base(town) + BACK, state, nonce, verifier)
    except oidc.OidcProblem as problem:
        raise Refused(503, str(problem)) from problem
    response = visit.page("sign_in_away.html.j2", url=url, where=urlsplit(url).hostname, name=town.name)
    _set(visit, response, WAY_IN, browser, int(sign_in.LASTS.total_seconds()))
    return response


def came_back(visit: Visit) -> Response:
    """Back from the issuer, in the browser that went; once. A first time is bound to an address by mail."""
    browser, state = _browser(visit), visit.query.text("state")[:100]
    try:
        journey = vouching.came_back(visit.office, state, browser)
    except NotIn as problem:
        raise Refused(403, "Svaret hör inte till någon inloggning som pågår här. Logga in från början.") from problem
    town = _using(visit, journey.issuer)
    nonce, verifier = (vouching.derived(browser, state, what) for what in ("nonce", "verifier"))
    try:
        shown = oidc.identify(town.sign_in, visit.hall.base(town) + BACK, dict(visit.query.fields), nonce, verifier)
    except oidc.OidcProblem as problem:
        vouching.refused(visit.office, journey.issuer, visit.key)
        raise Refused(403, str(problem)) from problem
    verified = shown.verified if town.sign_in.trust_email else ""
    try:
        entered = vouching.arrive(visit.office, journey, shown.subject, verified, visit.signed, visit.key)
    except NotIn as problem:
        raise Refused(403, "Ditt konto har inte längre tillgång till sidorna.") from problem
    if entered is None:
        response = visit.page("sign_in_bind.html.j2", problems=[], address="")
        _set(visit, response, WAY_IN, browser, int(sign_in.LASTS.total_seconds()))
        return response
    return _in(visit, entered)


def _using(visit: Visit, issuer: str) -> Municipality:
    """The municipality whose keys are used with an issuer: the first that has it. Raises Refused."""
    for town in visit.office.municipalities:
        if issuer and town.sign_in.door == "oidc" and town.sign_in.issuer == issuer:
            return town
    raise Refused(404, "Den inloggningen finns inte.")


# --- the proxy's word, and out ---------------------------------------------------------------------------------


def proxied(visit: Visit) -> Response:
    """In as whom the proxy names; every later visit must be named the same."""
    named = proxy.address_in(visit.request, visit.office.municipalities)
    if not named:
        raise Refused(403, "Vi kan inte se vem du är. Öppna sidorna inifrån kommunens nät.")
    try:
        with visit.office.archive.write() as session:
            former, then = visit.signed, onward(visit)
            entered = sign_in.enter(session, visit.office, named, "proxy", "", former, visit.key, then)
    except NotIn as problem:
        raise Refused(403, "Din adress har inte tillgång till sidorna.") from problem
    return _in(visit, entered)


def out(visit: Visit) -> Response:
    """Signs out here; once more does nothing."""
    if visit.signed is not None:
        door.end_session(visit.office, visit.signed, visit.key)
    response = visit.go("/logga-in", "utloggad")
    _clear(visit, response, COOKIE)
    return response


PAGES: tuple[Page, ...] = (
    Page("GET", "/logga-in", form, need="anyone"),
    Page("POST", "/logga-in", ask, need="anyone", largest=LARGEST),
    Page("GET", "/logga-in/kod", code_form, need="anyone"),
    Page("POST", "/logga-in/kod", by_code, need="anyone", largest=LARGEST),
    Page("GET", "/logga-in/lank/{token}", link, need="anyone"),
    Page("POST", "/logga-in/lank/{token}", by_link, need="anyone", largest=LARGEST),
    Page("POST", "/logga-in/konto", account, need="anyone", largest=LARGEST),
    Page("GET", BACK, came_back, need="anyone"),
    Page("POST", "/logga-in/koppla", bind, need="anyone", largest=LARGEST),
    Page("POST", "/logga-in/proxy", proxied, need="anyone", largest=LARGEST),
    Page("POST", "/logga-ut", out, need="anyone", largest=LARGEST),
)
