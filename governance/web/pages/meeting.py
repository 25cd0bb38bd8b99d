"""A meeting on one page, and its papers."""

from __future__ import annotations

from starlette.responses import Response

from governance.secretariat import live, meeting_page
from governance.secretariat.meeting_page import Reader
from governance.secretariat.members import asked
from governance.secretariat.outbox import DOCX
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit


def reader_of(visit: Visit) -> Reader:
    """What the visitor may see of the body's meetings."""
    return Reader(
        live=visit.may("live"), drafts=visit.may("drafts"), papers=visit.may("papers"), others=visit.may("others")
    )


def show(visit: Visit) -> Response:
    """The meeting."""
    told = meeting_page.meeting_on_page(visit.session, visit.office, visit.here, visit.occasion, reader_of(visit))
    questioned = {each.id for each in asked(visit.here, visit.organ, visit.occasion.day)}
    return visit.page(
        "meeting.html.j2",
        told=told,
        presence=meeting_page.presence_in_words,
        may_write=told.recorded
        or bool(told.items and not told.draft)
        or live.may_open(visit.here, visit.occasion, visit.office.now),
        asked=visit.me.id in questioned and bool(visit.organ.asks),
    )


def paper(visit: Visit) -> Response:
    """One of the meeting's papers: `12` within a page, `12.docx` as the Word file."""
    name = str(visit.request.path_params["paper"])
    number = name.removesuffix(".docx")
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise Refused(404, LOST)
    found, allowed = meeting_page.paper_of(visit.session, visit.here, visit.occasion, int(number), reader_of(visit))
    if found is None:
        raise Refused(404, LOST)
    if not allowed:
        raise Refused(403, "Handlingen är ett utkast eller har ärenden med sekretess, och visas bara för de kallade.")
    if name.endswith(".docx"):
        return visit.file(found.docx, f"{found.name.rpartition('/')[2]}.docx", DOCX)
    return visit.page("meeting_paper.html.j2", paper=found, content=meeting_page.article(found.html))


_MEETING = "/{town}/organ/{body}/{slot}"

PAGES: tuple[Page, ...] = (
    Page("GET", _MEETING, show, right="dates"),
    Page("GET", _MEETING + "/handlingar/{paper}", paper, right="dates"),
)
