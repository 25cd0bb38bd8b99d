"""A meeting's mails: what has left, what is held, what will be written; and the draft mode of a body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.responses import Response

from governance.secretariat import mail_desk, mail_preview
from governance.secretariat.agenda_desk import NotHere
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit


def show(visit: Visit) -> Response:
    """The list."""
    told = mail_preview.mails_on_page(visit.session, visit.office, visit.here, visit.occasion)
    return visit.page("mails.html.j2", told=told)


def coming(visit: Visit) -> Response:
    """The words of every mail that the next steps would send."""
    told = mail_preview.rehearse(visit.office, visit.here, visit.occasion)
    return visit.page("mails_coming.html.j2", coming=told)


def one(visit: Visit) -> Response:
    """One mail's words."""
    found = mail_preview.mail_text(visit.session, visit.here, visit.occasion, _mail_id(visit))
    if found is None:
        raise Refused(404, LOST)
    line, mail = found
    return visit.page("mails_one.html.j2", line=line, mail=mail)


def release(visit: Visit) -> Response:
    """Lets one held mail leave, or all."""
    _found(lambda: mail_desk.release(visit.office, visit.here, visit.occasion, _chosen(visit), visit.doer))
    return visit.go(visit.meeting_path("brev"), "brev-slappt")


def stop(visit: Visit) -> Response:
    """Stops one held mail, or all."""
    _found(lambda: mail_desk.stop(visit.office, visit.here, visit.occasion, _chosen(visit), visit.doer))
    return visit.go(visit.meeting_path("brev"), "brev-stoppat")


def again(visit: Visit) -> Response:
    """Sends a mail once more."""
    _found(lambda: mail_desk.send_again(visit.office, visit.here, visit.occasion, _mail_id(visit), visit.doer))
    return visit.go(visit.meeting_path("brev"), "brev-igen")


def draft_mode(visit: Visit) -> Response:
    """Switches the body's draft mode; back to the mails of the meeting it was switched at, else to the body."""
    on = visit.form.text("on")
    if on not in {"ja", "nej"}:
        raise ValueError("Välj om utkastläget ska vara på eller av.")
    mail_desk.set_draft_mode(visit.office, visit.here, visit.organ.id, visit.doer, on=on == "ja")
    parts: tuple[object, ...] = ("organ", visit.organ.id)
    day = visit.form.day("slot")
    if isinstance(day, date):
        parts = (*parts, day, "brev")
    return visit.go(visit.path(*parts), "utkast-pa" if on == "ja" else "utkast-av")


def _mail_id(visit: Visit) -> int:
    return _number(str(visit.request.path_params["mail"]))


def _chosen(visit: Visit) -> int | None:
    """The mail that the form names, None for all. Raises Refused (404)."""
    text = visit.form.text("mail")
    return None if text == "alla" else _number(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Refused(404, LOST)
    return int(text)


def _found(deed: Callable[[], object]) -> None:
    try:
        deed()
    except NotHere as error:
        raise Refused(404, LOST) from error


_MAILS = "/{town}/organ/{body}/{slot}/brev"

PAGES: tuple[Page, ...] = (
    Page("POST", "/{town}/organ/{body}/utkastlage", draft_mode, right="drafts", level="S"),
    Page("GET", _MAILS, show, right="others"),
    Page("GET", f"{_MAILS}/nasta", coming, right="others"),
    Page("POST", f"{_MAILS}/slapp", release, right="drafts", level="S"),
    Page("POST", f"{_MAILS}/stoppa", stop, right="drafts", level="S"),
    Page("GET", _MAILS + "/{mail}", one, right="others"),
    Page("POST", _MAILS + "/{mail}/igen", again, right="others", level="S"),
)
