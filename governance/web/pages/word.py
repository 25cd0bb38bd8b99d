"""Minutes to Word and back: fetch, edit, send in, see what changed, confirm."""

from __future__ import annotations

import re
from datetime import date

from starlette.responses import Response

from governance.model.personal_number import personal_numbers
from governance.model.word_minutes import Change
from governance.secretariat import word
from governance.store import minute_book, paper_shelf
from governance.web.page import Page
from governance.web.upload import uploaded
from governance.web.visit import LOST, Refused, Visit

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def desk(visit: Visit) -> Response:
    """Where the file is fetched and sent in."""
    return _desk(visit)


def _desk(visit: Visit, problems: list[tuple[str, str]] | None = None) -> Response:
    return visit.page(
        "word.html.j2",
        status=422 if problems else 200,
        problems=problems or [],
        paper=paper_shelf.latest_paper(visit.session, visit.occasion.id, "minutes"),
        uploads=word.uploads_of(visit.session, visit.here, visit.occasion),
    )


def fetch(visit: Visit) -> Response:
    """The newest minutes as a Word file."""
    paper = paper_shelf.latest_paper(visit.session, visit.occasion.id, "minutes")
    if paper is None:
        raise Refused(404, LOST)
    return visit.file(paper.docx, paper.name.rpartition("/")[2] + ".docx", _DOCX)


def send_in(visit: Visit) -> Response:
    """Takes an edited file and leads to what was changed in it."""
    try:
        name, data = uploaded(visit, "file")
        number = word.take_upload(visit.office, visit.here, visit.occasion, visit.doer, name, data)
    except ValueError as problem:
        return _desk(visit, [("file", str(problem))])
    return visit.go(visit.meeting_path("word", number))


def changes(visit: Visit) -> Response:
    """What an uploaded file says otherwise than the record, field by field."""
    return _changes(visit)


def _changes(visit: Visit, problems: list[tuple[str, str]] | None = None) -> Response:
    sent = word.upload_of(visit.session, visit.here, visit.occasion, _number(visit))
    if sent is None:
        raise Refused(404, LOST)
    return visit.page(
        "word_changes.html.j2",
        status=422 if problems else 200,
        problems=problems or [],
        sent=sent,
        questions=[word.questions_of(visit.here, each) if each.field == "actions" else () for each in sent.changes],
        numbers=[personal_numbers(_written(each), visit.today) for each in sent.changes],
        titles=[item.title for item in minute_book.items_of(visit.session, visit.occasion.id)],
    )


def _written(change: Change) -> str:
    """What somebody wrote in the file: of a new item its title too."""
    return f"{change.title}\n{change.after}" if change.field == "new-item" else change.after


def settle(visit: Visit) -> Response:
    """Takes the ticked changes into the record, or lays the file aside."""
    number = _number(visit)
    if word.upload_of(visit.session, visit.here, visit.occasion, number) is None:
        raise Refused(404, LOST)
    try:
        if visit.form.text("do") == "drop":
            word.drop_upload(visit.office, visit.occasion, number, visit.doer)
            return visit.go(visit.meeting_path("word"), "word-undan")
        word.confirm_upload(visit.office, visit.here, visit.occasion, number, visit.doer, _chosen(visit))
    except ValueError as problem:
        return _changes(visit, [("", str(problem))])
    return visit.go(visit.meeting_path("word"), "word-infort")


_PLACE = re.compile(r"(owner|due|home)-(\d{1,4})(?:-(\d{1,4}))?")


def _chosen(visit: Visit) -> word.Chosen:
    owners: dict[tuple[int, int], str] = {}
    days: dict[tuple[int, int], date] = {}
    homes: dict[int, str] = {}
    for key, value in visit.form.fields:
        named = _PLACE.fullmatch(key)
        if named is None or not value.strip():
            continue
        place, line = int(named[2]), int(named[3] or 0)
        if named[1] == "owner":
            owners[place, line] = value
        elif named[1] == "home":
            homes[place] = value
        elif day := visit.form.day(key):
            days[place, line] = day
    taken = frozenset(int(each) for each in visit.form.all("take") if each.isdigit() and len(each) < 5)
    return word.Chosen(taken, owners, days, homes)


def original(visit: Visit) -> Response:
    """An uploaded file as it came."""
    found = word.bytes_of(visit.session, visit.occasion, _number(visit))
    if found is None:
        raise Refused(404, LOST)
    return visit.file(found[1], f"inskickad-{_number(visit)}.docx", _DOCX)


def _number(visit: Visit) -> int:
    text = str(visit.request.path_params["upload"])
    if not text.isdigit() or len(text) > 9:
        raise Refused(404, LOST)
    return int(text)


_BASE = "/{town}/organ/{body}/{slot}/word"
PAGES: tuple[Page, ...] = (
    Page("GET", _BASE, desk, "drafts", "S"),
    Page("POST", _BASE, send_in, "drafts", "S", largest=word.LARGEST + 100_000),
    Page("GET", _BASE + "/hamta", fetch, "drafts", "S"),
    Page("GET", _BASE + "/{upload}", changes, "drafts", "S"),
    Page("POST", _BASE + "/{upload}", settle, "drafts", "S"),
    Page("GET", _BASE + "/{upload}/fil", original, "drafts", "S"),
)
