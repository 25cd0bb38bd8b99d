"""The pages as an ASGI application: every page of the table behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from governance.model.access import may, roles_in
from governance.model.body import Body
from governance.secretariat import door
from governance.store import queries
from governance.store.database import ArchiveProblem
from governance.store.tables import Occasion
from governance.web import proxy
from governance.web.guard import COOKIE, Guard, cross_site, dress
from governance.web.hall import Hall
from governance.web.page import Page
from governance.web.pages import PAGES
from governance.web.visit import LOST, Refused, Visit, asked, parsed

STATIC = Path(__file__).parent / "static"
THREADS = 4  # more of them only wait for the database (measured: p99 halved against 40)
FORM = "application/x-www-form-urlencoded"


def build_app(hall: Hall, pages: Sequence[Page] = PAGES) -> Starlette:
    """The application that answers for an installation."""

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    routes: list[Route | Mount] = [Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")]
    by_path: dict[str, dict[str, Page]] = {}
    for page in pages:
        by_path.setdefault(page.path, {})[page.method] = page
    for path, methods in by_path.items():
        routes.append(Route(path, _endpoint(hall, methods), methods=list(methods)))

    async def refused(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        why = {404: LOST, 405: "Sidan kan inte användas på det sättet."}.get(
            status, "Något gick fel hos oss. Försök igen."
        )
        response = _told(hall, status, why)
        dress(response.headers, request.url.path, secure=hall.secure)  # a fault of ours is answered outside the guard
        return response

    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, secure=hall.secure)],
        exception_handlers={HTTPException: refused, Exception: refused},
        lifespan=life,
    )


def _endpoint(hall: Hall, methods: dict[str, Page]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        page = methods["GET" if request.method == "HEAD" else request.method]
        try:
            raw = await _received(hall, request, page.largest)
            return await run_in_threadpool(_answered, hall, page, request, raw)
        except Refused as problem:
            if request.headers.get("accept") == "application/json":  # a script asks: it is told, and led nowhere
                return JSONResponse({"why": problem.why}, problem.status)
            if problem.status == 401 and request.method in {"GET", "HEAD"}:
                return RedirectResponse(f"/logga-in?vidare={quote(request.url.path)}", status_code=303)
            return _told(hall, problem.status, problem.why)
        except ArchiveProblem as problem:
            return _told(hall, 503, str(problem))

    return endpoint


async def _received(hall: Hall, request: Request, largest: int) -> bytes:
    """What was sent. Raises Refused: 403 for a form of another site, 413 before more than `largest` bytes are read."""
    if request.method not in {"GET", "HEAD"} and cross_site(request, hall.origins):
        raise Refused(403, "Formuläret kom inte från den här webbplatsen. Ladda om sidan och försök igen.")
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > largest:
            raise Refused(413, "Det som skickades är för stort.")
    return bytes(found)


def _answered(hall: Hall, page: Page, request: Request, raw: bytes) -> Response:
    with asked(hall, request) as visit:
        _recognise(visit)
        _find(visit, page)
        visit.raw = raw
        if request.headers.get("content-type", "").partition(";")[0] == FORM:
            visit.form = parsed(raw)
        try:
            response = page.answer(visit)
        except ValueError as problem:  # what a use case will not take, said in Swedish
            raise Refused(422, str(problem)) from problem
    if visit.signed is not None and visit.signed.stale and page.slides:
        door.keep_open(visit.office, visit.signed.id)
    return response


def _recognise(visit: Visit) -> None:
    """Who it is, by the session's cookie."""
    key = visit.request.cookies.get(COOKIE[visit.hall.secure], "")
    if key:
        visit.signed = door.signed_in(visit.session, key, visit.office.now)
    if visit.signed is not None and visit.signed.means == "proxy":
        named = proxy.address_in(visit.request, visit.office.municipalities)
        visit.signed = visit.signed if named == visit.signed.address else None
    if visit.signed is not None:
        visit.towns = door.persons(visit.office, visit.signed.address, visit.signed.means, visit.signed.issuer)


def _find(visit: Visit, page: Page) -> None:
    """What the path names, if the visitor may see it; to everybody else it does not exist.

    Raises Refused: 401 without signing in, 404 for what is not there or not theirs, 403 for what their role may not.
    """
    names = visit.request.path_params
    if page.need == "signed-in" and visit.signed is None:
        raise Refused(401, "Logga in för att se sidan.")
    if "town" in names:
        town = visit.hall.town(names["town"])
        visit.town = town
        visit.person = next((person for each, person in visit.towns if town and each.id == town.id), None)
        if town is None or (page.need == "signed-in" and visit.person is None):
            raise Refused(404, LOST)
    if "body" in names:
        visit.body = visit.here.bodies.get(names["body"])
        if visit.body is None or (page.need == "signed-in" and not visit.may("dates")):
            raise Refused(404, LOST)
    if "slot" in names:
        visit.meeting = _meeting(visit, names["slot"])
    if page.right is not None and visit.person is not None:
        bodies = [visit.body] if visit.body else list(visit.here.bodies.values())
        if not any(_allowed(visit, page, body) for body in bodies):
            raise Refused(403, "Din roll ger inte rätt att se eller ändra det här.")


def _allowed(visit: Visit, page: Page, body: Body) -> bool:
    assert page.right is not None
    if visit.body is not None:
        return visit.may(page.right, page.level)
    roles = roles_in(visit.here, body, visit.me.id, visit.today)
    return may(roles, page.right, page.level)


def _meeting(visit: Visit, slot: str) -> Occasion:
    try:
        day = date.fromisoformat(slot)
    except ValueError as error:
        raise Refused(404, LOST) from error
    found = queries.occasion(visit.session, visit.here.id, "meeting", visit.organ.id, day)
    if found is None:
        raise Refused(404, LOST)
    return found


def _told(hall: Hall, status: int, why: str) -> Response:
    """A refusal as a page."""
    return HTMLResponse(hall.draw("refused.html.j2", status=status, why=why), status_code=status)
