"""The agenda in the making: items, order, times; what is proposed, parked, handed over; the paper before it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from governance.model.body import Municipality
from governance.papers.templates import TemplateProblem
from governance.secretariat import agenda_desk, agenda_edits
from governance.secretariat.agenda_desk import AgendaOnDesk, Line, NotHere, Wording
from governance.secretariat.audit import Doer
from governance.secretariat.meeting_page import article
from governance.secretariat.office import Office
from governance.store import queries
from governance.store.tables import Occasion
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

Problems = list[tuple[str, str]]
Edit = Callable[[Office, Municipality, Occasion, str, Doer], None]


def _wording(visit: Visit) -> Wording:
    form = visit.form
    return Wording(
        form.text("title"),
        form.text("kind") or "discussion",
        form.text("presenter"),
        form.text("minutes"),
        form.text("text"),
        form.text("proposal"),
        form.text("confidentiality") or "public",
    )


def _desk(visit: Visit, words: Wording, problems: Problems) -> Response:
    desk = agenda_desk.agenda_on_desk(visit.session, visit.office, visit.here, visit.occasion)
    return visit.page("agenda.html.j2", 422 if problems else 200, desk=desk, words=words, problems=problems)


def show(visit: Visit) -> Response:
    """The agenda as it stands, with what can be done to it."""
    return _desk(visit, Wording(""), [])


def add(visit: Visit) -> Response:
    """Takes a new item."""
    words = _wording(visit)
    problems = words.problems()
    if not problems:
        try:
            agenda_edits.add_item(visit.office, visit.here, visit.occasion, words, visit.doer)
        except ValueError as problem:
            problems = [("title", str(problem))]
    return _desk(visit, words, problems) if problems else visit.go(visit.meeting_path("dagordning"), "arende-tillagt")


def move(visit: Visit) -> Response:
    """Moves an item to another place."""
    place = visit.form.number("to")
    if place is None:
        raise ValueError("Välj vart ärendet ska flyttas.")
    edits, ref = agenda_edits, visit.form.text("ref")
    _found(lambda: edits.move_item(visit.office, visit.here, visit.occasion, ref, place, visit.doer))
    return visit.go(visit.meeting_path("dagordning"), "arende-flyttat")


def take_in(visit: Visit) -> Response:
    """Takes in what was parked or proposed."""
    entry = _entry_id(visit.form.text("ref"))
    _found(lambda: agenda_edits.take_in(visit.office, visit.here, visit.occasion, entry, visit.doer))
    return visit.go(visit.meeting_path("dagordning"), "arende-tillagt")


def send_anew(visit: Visit) -> Response:
    """Lets a new version leave, once it is confirmed."""
    if visit.form.text("confirm") != "ja":
        return _desk(visit, Wording(""), [("confirm", "Kryssa i rutan om den nya versionen ska skickas.")])
    agenda_edits.send_anew(visit.office, visit.here, visit.occasion, visit.doer)
    return visit.go(visit.meeting_path("dagordning"), "ny-version")


def preview(visit: Visit) -> Response:
    """The paper as it would look if it were made now."""
    try:
        html = agenda_desk.preview(visit.session, visit.office, visit.here, visit.occasion)
    except TemplateProblem as problem:
        raise Refused(422, str(problem)) from problem
    return visit.page("agenda_preview.html.j2", paper=article(html))


# --- one item --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    desk: AgendaOnDesk
    line: Line
    proposed: bool


def _item(visit: Visit) -> _Item:
    """The item that the path names. Raises Refused (404)."""
    ref = str(visit.request.path_params["ref"])
    desk = agenda_desk.agenda_on_desk(visit.session, visit.office, visit.here, visit.occasion)
    for lines, proposed in ((desk.lines, False), (desk.proposals, True)):
        for line in lines:
            if line.ref == ref:
                return _Item(desk, line, proposed)
    raise Refused(404, LOST)


def item(visit: Visit) -> Response:
    """One item to change."""
    found = _item(visit)
    return _draw_item(visit, found, Wording.of(found.line), [])


def _draw_item(visit: Visit, found: _Item, words: Wording, problems: Problems) -> Response:
    others = [
        body
        for body in visit.here.bodies.values()
        if body.id != visit.organ.id
        and not body.external
        and (body.id in visit.bodies or body.id == visit.organ.reports_to)
    ]
    status = 422 if problems else 200
    return visit.page("agenda_item.html.j2", status, found=found, words=words, problems=problems, others=others)


def change(visit: Visit) -> Response:
    """Gives the item other words."""
    ref, words = str(visit.request.path_params["ref"]), _wording(visit)
    problems = words.problems()
    if not problems:
        edits = agenda_edits
        try:
            _found(lambda: edits.change_item(visit.office, visit.here, visit.occasion, ref, words, visit.doer))
        except ValueError as problem:
            problems = [("title", str(problem))]
    if problems:
        return _draw_item(visit, _item(visit), words, problems)
    return visit.go(visit.meeting_path("dagordning"), "sparat")


def _on_item(edit: Edit, said: str) -> Callable[[Visit], Response]:
    """A page that does one thing to the item of the path."""

    def answer(visit: Visit) -> Response:
        ref = str(visit.request.path_params["ref"])
        _found(lambda: edit(visit.office, visit.here, visit.occasion, ref, visit.doer))
        return visit.go(visit.meeting_path("dagordning"), said)

    return answer


def refer(visit: Visit) -> Response:
    """Hands the item over to another body."""
    found = _item(visit)
    body = visit.here.bodies.get(visit.form.text("to"))
    known = body is not None and (body.id in visit.bodies or body.id == visit.organ.reports_to)
    if body is None or not known or body.external or body.id == visit.organ.id:
        raise Refused(404, LOST)
    edits, to = agenda_edits, body.id
    _found(lambda: edits.refer_item(visit.office, visit.here, visit.occasion, found.line.ref, to, visit.doer))
    return visit.go(visit.meeting_path("dagordning"), "arende-lamnat")


def again(visit: Visit) -> Response:
    """Parks an item that was dealt with until next year; the button stands on the meeting's page."""
    ref = f"i{visit.request.path_params['item']}"
    _found(lambda: agenda_edits.again_next_year(visit.office, visit.here, visit.occasion, ref, visit.doer))
    return visit.go(visit.meeting_path(), "nasta-ar")


# --- proposals and what is parked ------------------------------------------------------------------------------


def proposal(visit: Visit) -> Response:
    """Where a member proposes an item."""
    return _draw_proposal(visit, Wording(""), [])


def _draw_proposal(visit: Visit, words: Wording, problems: Problems) -> Response:
    step = queries.step_of(visit.session, visit.occasion.id, "agenda")
    due = step.due.astimezone(visit.here.timezone) if step else None
    mine = agenda_desk.own_proposals(visit.session, visit.here, visit.occasion, visit.me.id)
    begun = not mine and visit.occasion.status not in agenda_desk.OPEN
    locked = agenda_desk.why_locked(visit.office, visit.here, visit.occasion, begun=begun)
    late = due is not None and (visit.now > due or (step is not None and step.done is not None))
    return visit.page(
        "agenda_proposal.html.j2",
        422 if problems else 200,
        words=words,
        problems=problems,
        mine=mine,
        due=due,
        late=late,
        locked=locked,
    )


def propose(visit: Visit) -> Response:
    """Takes a member's proposal."""
    words = _wording(visit)
    problems = words.problems()
    if not problems:
        try:
            agenda_edits.propose(visit.office, visit.here, visit.occasion, words, visit.doer)
        except ValueError as problem:
            problems = [("", str(problem))]
    if problems:
        return _draw_proposal(visit, words, problems)
    return visit.go(visit.meeting_path("dagordning", "forslag"), "forslag")


def parked(visit: Visit) -> Response:
    """What a body has parked."""
    return _draw_parked(visit, Wording(""), [])


def _draw_parked(visit: Visit, words: Wording, problems: Problems) -> Response:
    coming = queries.occasions(
        visit.session, visit.here.id, key=visit.organ.id, first=visit.today, statuses=agenda_desk.OPEN
    )
    lines = agenda_desk.backlog(visit.session, visit.here, visit.organ)
    following = next((each for each in coming if (each.day, each.starts) > (visit.today, visit.now.time())), None)
    return visit.page(
        "agenda_parked.html.j2",
        422 if problems else 200,
        lines=lines,
        following=following,
        words=words,
        problems=problems,
    )


def park(visit: Visit) -> Response:
    """Parks something new."""
    words = _wording(visit)
    problems = words.problems()
    if problems:
        return _draw_parked(visit, words, problems)
    agenda_edits.park_new(visit.office, visit.here, visit.organ.id, words, visit.doer)
    return visit.go(visit.path("organ", visit.organ.id, "parkerat"), "sparat")


def drop(visit: Visit) -> Response:
    """Throws a parked item away."""
    entry = _entry_id(visit.form.text("ref"))
    _found(lambda: agenda_edits.drop_parked(visit.office, visit.here, visit.organ.id, entry, visit.doer))
    return visit.go(visit.path("organ", visit.organ.id, "parkerat"), "borttaget")


def _entry_id(ref: str) -> int:
    """The id in `e12`. Raises Refused (404)."""
    number = ref[1:]
    if ref[:1] != "e" or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise Refused(404, LOST)
    return int(number)


def _found(edit: Callable[[], None]) -> None:
    """Does it. Raises Refused (404) where what it names is not there."""
    try:
        edit()
    except NotHere as error:
        raise Refused(404, LOST) from error


_BODY = "/{town}/organ/{body}"
_AGENDA = "/{town}/organ/{body}/{slot}/dagordning"

PAGES: tuple[Page, ...] = (
    Page("GET", f"{_BODY}/parkerat", parked, right="drafts", level="S"),
    Page("POST", f"{_BODY}/parkerat", park, right="drafts", level="S"),
    Page("POST", f"{_BODY}/parkerat/ta-bort", drop, right="drafts", level="S"),
    Page("GET", _AGENDA, show, right="drafts", level="S"),
    Page("POST", _AGENDA, add, right="drafts", level="S"),
    Page("POST", f"{_AGENDA}/flytta", move, right="drafts", level="S"),
    Page("POST", f"{_AGENDA}/ta-in", take_in, right="drafts", level="S"),
    Page("POST", f"{_AGENDA}/ny-version", send_anew, right="drafts", level="S"),
    Page("GET", f"{_AGENDA}/forhandsvisning", preview, right="drafts", level="S"),
    Page("GET", f"{_AGENDA}/forslag", proposal, right="own", level="S"),
    Page("POST", f"{_AGENDA}/forslag", propose, right="own", level="S"),
    Page("GET", _AGENDA + "/{ref}", item, right="drafts", level="S"),
    Page("POST", _AGENDA + "/{ref}", change, right="drafts", level="S"),
    Page(
        "POST",
        _AGENDA + "/{ref}/ta-bort",
        _on_item(agenda_edits.remove_item, "borttaget"),
        right="drafts",
        level="S",
    ),
    Page("POST", _AGENDA + "/{ref}/parkera", _on_item(agenda_edits.park_item, "parkerat"), right="drafts", level="S"),
    Page(
        "POST",
        _AGENDA + "/{ref}/nasta-ar",
        _on_item(agenda_edits.again_next_year, "nasta-ar"),
        right="drafts",
        level="S",
    ),
    Page("POST", _AGENDA + "/{ref}/lamna-over", refer, right="drafts", level="S"),
    Page("POST", "/{town}/organ/{body}/{slot}/arende/{item}/nasta-ar", again, right="drafts", level="S"),
)
