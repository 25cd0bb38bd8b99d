"""The follow-ups as pages with their Word, the weekly pictures, and how the municipality stands to the law."""

from __future__ import annotations

from starlette.responses import Response

from governance.secretariat import follow_up_page
from governance.secretariat.follow_up_page import Reader
from governance.secretariat.meeting_page import article
from governance.secretariat.public_page import held_back
from governance.store import register_questions
from governance.store.register_questions import PaperLine
from governance.web.page import Page
from governance.web.pages.registers import LOST, sight_of
from governance.web.visit import Refused, Visit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST_ID = 2**31 - 1  # what every database holds


def _reader(visit: Visit) -> Reader:
    drafts = [body.id for body in visit.here.bodies.values() if visit.may("drafts", body=body)]
    return Reader(sight_of(visit), drafts)


def overview(visit: Visit) -> Response:
    """What has been made, and what comes next."""
    reader = _reader(visit)
    found = follow_up_page.follow_ups(visit.session, visit.here, reader, visit.today)
    chain = follow_up_page.chain_in_words(visit.here, found.plan, reader.sight) if found.plan else []
    return visit.page("follow_up.html.j2", found=found, chain=chain)


def numbered(visit: Visit, name: str = "report") -> int:
    """A paper's number from the path. Raises Refused (404) for one that no database holds."""
    found = int(visit.request.path_params[name])
    if found > LARGEST_ID:
        raise Refused(404, LOST)
    return found


def _versions(visit: Visit) -> tuple[PaperLine, list[PaperLine]]:
    number = numbered(visit)
    found = follow_up_page.versions(visit.session, visit.here, _reader(visit), number)
    if not found:
        raise Refused(404, LOST)
    return next(each for each in found if each.id == number), found


def report(visit: Visit) -> Response:
    """One follow-up or weekly picture, to read."""
    paper, versions = _versions(visit)
    html = register_questions.html_of(visit.session, paper.id)
    published = "follow-ups" in visit.here.publish and paper.kind in follow_up_page.KINDS
    held = held_back(visit.session, visit.here, [paper.id]).get(paper.id, ()) if published else ()
    return visit.page("follow_up_one.html.j2", paper=paper, versions=versions, article=article(html), held=held)


def report_word(visit: Visit) -> Response:
    """The same as Word."""
    paper, _ = _versions(visit)
    name = paper.name.rpartition("/")[2]
    return visit.file(register_questions.docx_of(visit.session, paper.id), f"{name}.docx", DOCX)


def duties(visit: Visit) -> Response:
    """The law's sections: who carries each, what shows it, when it is due, what is missing."""
    found = follow_up_page.law(visit.session, visit.here, visit.today)
    chain = follow_up_page.chain_in_words(visit.here, found.plan, sight_of(visit)) if found.plan else []
    return visit.page(
        "duties.html.j2",
        law=found,
        chain=chain,
        states=follow_up_page.STATES,
        decider=follow_up_page.decider(visit.here),
    )


PAGES: tuple[Page, ...] = (
    Page("GET", "/{town}/uppfoljning", overview, right="papers"),
    Page("GET", "/{town}/uppfoljning/{report:int}", report, right="papers"),
    Page("GET", "/{town}/uppfoljning/{report:int}.docx", report_word, right="papers"),
    Page("GET", "/{town}/lagkrav", duties, right="papers"),
)
