"""The bodies: all of them in the chain of reporting, and each with its members, its rhythm and its year."""

from __future__ import annotations

from starlette.responses import Response

from governance.papers.swedish import day_month
from governance.secretariat import body_page
from governance.secretariat.overview import viewer
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

YEARS = range(2000, 2100)


def bodies(visit: Visit) -> Response:
    """The bodies the visitor may see, each under the one it reports to."""
    who = viewer(visit.here, visit.me.id, visit.now)
    links = body_page.chain(visit.session, who)
    return visit.page("bodies.html.j2", links=links, mine=visit.me.id, today=visit.today)


def body(visit: Visit) -> Response:
    """One body."""
    year = visit.query.number("ar") or visit.today.year
    if year not in YEARS:
        raise Refused(404, LOST)
    who = viewer(visit.here, visit.me.id, visit.now)
    seen = body_page.look(visit.session, who, visit.organ, year)
    return visit.page("body.html.j2", seen=seen, year=year, today=visit.today, day_month=day_month)


PAGES = (
    Page("GET", "/{town}/organ", bodies, right="dates"),
    Page("GET", "/{town}/organ/{body}", body, right="dates"),
)
