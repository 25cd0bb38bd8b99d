"""The way in: the first page leads to the visitor's municipality."""

from __future__ import annotations

from starlette.responses import Response

from governance.web.page import Page
from governance.web.visit import Refused, Visit


def first(visit: Visit) -> Response:
    """To the visitor's municipality; a choice where there are several."""
    if visit.signed is None:
        return visit.go("/logga-in")
    if not visit.towns:
        raise Refused(403, "Din adress har inte längre tillgång till sidorna.")
    if len(visit.towns) == 1:
        return visit.go(f"/{visit.towns[0][0].id}")
    return visit.page("towns.html.j2")


PAGES = (Page("GET", "/", first, need="anyone"),)
