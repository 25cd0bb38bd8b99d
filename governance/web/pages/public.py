"""What anybody may see without signing in: what the municipality publishes, and the accessibility statement."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from governance.secretariat.meeting_page import article
from governance.secretariat.public_page import public_page, public_papers
from governance.store import register_questions
from governance.store.register_questions import PaperLine
from governance.web import accessibility_facts
from governance.web.page import Page
from governance.web.pages.follow_ups import DOCX, numbered
from governance.web.pages.registers import LOST
from governance.web.visit import Refused, Visit

KEPT = "public, max-age=300"  # what is shown to all may be kept by all, and be found


def _unknown(visit: Visit) -> Visit:
    """The visit of nobody in particular: what is kept on the way must not bear a name."""
    return replace(visit, signed=None, person=None, towns=())


def _open_to_all(response: Response) -> Response:
    response.headers["Cache-Control"] = KEPT
    response.headers["X-Robots-Tag"] = "all"
    return response


def front(visit: Visit) -> Response:
    """The municipality's public page. Raises Refused (404) where it publishes nothing."""
    found = public_page(visit.session, visit.here, visit.today)
    if found is None:
        raise Refused(404, LOST)
    return _open_to_all(_unknown(visit).page("public.html.j2", found=found))


def _paper(visit: Visit) -> PaperLine:
    number = numbered(visit, "published")
    found = next((each for each in public_papers(visit.session, visit.here) if each.id == number), None)
    if found is None:
        raise Refused(404, LOST)
    return found


def paper(visit: Visit) -> Response:
    """A published paper, to read."""
    found = _paper(visit)
    html = register_questions.html_of(visit.session, found.id)
    return _open_to_all(_unknown(visit).page("public_paper.html.j2", paper=found, article=article(html)))


def paper_word(visit: Visit) -> Response:
    """The same as Word."""
    found = _paper(visit)
    name = found.name.rpartition("/")[2]
    return _open_to_all(visit.file(register_questions.docx_of(visit.session, found.id), f"{name}.docx", DOCX))


def accessibility(visit: Visit) -> Response:
    """The accessibility statement of lag (2018:1937) and Digg's regulation on its content."""
    contacts = [(town.name, town.contact) for town in visit.office.municipalities]
    return visit.page("accessibility.html.j2", facts=accessibility_facts, contacts=contacts)


PAGES: tuple[Page, ...] = (
    Page("GET", "/tillganglighet", accessibility, need="anyone"),
    Page("GET", "/{town}/offentligt", front, need="anyone", slides=False),
    Page("GET", "/{town}/offentligt/{published:int}", paper, need="anyone", slides=False),
    Page("GET", "/{town}/offentligt/{published:int}.docx", paper_word, need="anyone", slides=False),
)
