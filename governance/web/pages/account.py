"""One's own account: where one is signed in and what one may do; and for admins the log of what was done."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from governance.model.access import ROLES, roles_in
from governance.model.body import Body, Municipality
from governance.model.people import Person
from governance.secretariat import audit, door
from governance.web.guard import COOKIE
from governance.web.page import Page
from governance.web.visit import Visit

MOST = 200  # entries of the log on its page


def account(visit: Visit) -> Response:
    """Who is signed in, where, by what means, and with which roles."""
    assert visit.signed is not None
    if len(visit.towns) == 1:
        visit.town, visit.person = visit.towns[0]
    return visit.page(
        "account.html.j2",
        own=visit.signed,
        sessions=door.open_sessions(visit.session, visit.signed.address, visit.office.now),
        towns=[(town, person, _roles(visit, town, person)) for town, person in visit.towns],
    )


def _roles(visit: Visit, town: Municipality, person: Person) -> list[tuple[Body, list[str]]]:
    """The bodies somebody has a role in today, each with its roles in the matrix's order; reading adds to none.

    Who keeps a body as the coordination function, without a seat for it, has the role `coordination`.
    """
    day = visit.office.now.astimezone(town.timezone).date()
    found = [(body, roles_in(town, body, person.id, day)) for body in town.bodies.values()]
    told = [(body, roles - {"reader"} or roles) for body, roles in found if roles]
    return [(body, [_named(body, role, person.id, day) for role in ROLES if role in roles]) for body, roles in told]


def _named(body: Body, role: str, person: str, day: date) -> str:
    seated = any(person in seat.held_by for seat in body.seats_on(day) if seat.role in {"secretary", "convener"})
    return role if role != "secretary" or seated else "coordination"


def everywhere(visit: Visit) -> Response:
    """Signs out of every browser, this one too."""
    assert visit.signed is not None
    door.end_all(visit.office, visit.signed, visit.key)
    response = visit.go("/logga-in", "overallt")
    secure = visit.hall.secure
    response.delete_cookie(COOKIE[secure], path="/", secure=secure, httponly=True, samesite="lax")
    return response


def log(visit: Visit) -> Response:
    """What was done last in the municipality, and whether the log is whole: nothing in it changed or taken out."""
    return visit.page(
        "log.html.j2",
        entries=audit.latest(visit.session, visit.here.id, MOST),
        broken=audit.broken_at(visit.session),
        most=MOST,
    )


PAGES: tuple[Page, ...] = (
    Page("GET", "/konto", account),
    Page("POST", "/konto/overallt", everywhere),
    Page("GET", "/{town}/logg", log, right="rules", level="S"),
)
