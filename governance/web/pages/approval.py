"""Approval of minutes (justering): read the version, approve it, remark, correct, announce, publish."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup
from starlette.responses import Response

from governance.secretariat import approval
from governance.secretariat.approval_page import Approving, approving
from governance.secretariat.meeting_page import article
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

_CALLED = {"secretary", "chair", "member", "substitute", "co-opted"}
_HEADING = re.compile(r"(</?h)([1-4])\b")
Problems = list[tuple[str, str]]


def show(visit: Visit) -> Response:
    """How the approval stands, and the text to those who may read it."""
    return _drawn(visit)


def _drawn(visit: Visit, problems: Problems | None = None) -> Response:
    told = approving(visit.session, visit.here, visit.occasion, visit.today)
    called = bool(visit.roles() & _CALLED)
    return visit.page(
        "approval.html.j2",
        status=422 if problems else 200,
        problems=problems or [],
        told=told,
        text=_text(visit, told, called=called),
        mine=told.waits_for(visit.me.id) and visit.may("approve", "S"),
        keeps=visit.may("drafts", "S"),
        within=called and (visit.may("drafts") or visit.may("approve")),
        called=called,
        typed=visit.form,
    )


def _text(visit: Visit, told: Approving, *, called: bool) -> Markup | None:
    """The newest minutes, to those called and, once approved and without secrets, to others; else their public copy."""
    drafts = visit.may("drafts") or visit.may("live")
    open_to_all = told.approved_on is not None and visit.may("papers")
    if told.newest is not None and (called or not told.secret) and (drafts or open_to_all):
        return _lowered(article(told.newest.html))
    if told.public is not None and open_to_all:
        return _lowered(article(told.public.html))
    return None


def _lowered(paper: Markup) -> Markup:
    """A paper whose headings begin on the third level, for it stands under one of the page's."""
    return Markup(_HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 2}", paper))  # noqa: S704  # as it was


def _doing(what: Callable[[Visit], str], field: str = "") -> Callable[[Visit], Response]:
    """A form's page: does it and says so, or draws the page again with what was wrong at `field`."""

    def answer(visit: Visit) -> Response:
        try:
            said = what(visit)
        except LookupError as problem:
            raise Refused(404, LOST) from problem
        except ValueError as problem:
            return _drawn(visit, [(field, str(problem))])
        return visit.go(visit.meeting_path("justering"), said)

    return answer


def _approve(visit: Visit) -> str:
    if visit.form.text("last") != "ja":
        raise ValueError("Kryssa i att du har läst texten.")
    sha256 = visit.form.text("sha256")
    done = approval.approve(visit.office, visit.here, visit.occasion, visit.doer, sha256)
    return "justerat-av-alla" if done else "justerat"


def _settle(visit: Visit) -> str:
    approval.settle(visit.office, visit.here, visit.occasion, visit.doer, visit.form.text("sha256"))
    return "fardigstalld"


def _remark(visit: Visit) -> str:
    approval.remark(visit.office, visit.here, visit.occasion, visit.doer, visit.form.text("synpunkt"))
    return "synpunkt"


def _settle_remark(visit: Visit) -> str:
    number = visit.form.number("synpunkt")
    approval.settle_remark(visit.office, visit.here, visit.occasion, visit.doer, number or 0)
    return "synpunkt-klar"


def _choose(visit: Visit) -> str:
    people = visit.form.all("justerare")
    approval.choose_approvers(visit.office, visit.here, visit.occasion, visit.doer, people)
    return "justerare"


def _remind(visit: Visit) -> str:
    mails = approval.remind(visit.office, visit.here, visit.occasion, visit.doer)
    return "paminda" if mails else "justering-redan-paminda"


def _correct(visit: Visit) -> str:
    approval.correct(visit.office, visit.here, visit.occasion, visit.doer, visit.form.text("skal"))
    return "rattelse-oppen"


def _withdraw(visit: Visit) -> str:
    approval.withdraw_correction(visit.office, visit.here, visit.occasion, visit.doer)
    return "rattelse-angrad"


def _announce(visit: Visit) -> str:
    posted = visit.form.day("uppsatt") or visit.today
    approval.announce(visit.office, visit.here, visit.occasion, visit.doer, posted)
    return "anslaget"


def _publish(visit: Visit) -> str:
    approval.publish(visit.office, visit.here, visit.occasion, visit.doer)
    return "offentlig"


def notice(visit: Visit) -> Response:
    """The notice as it is printed or put on the board; where none is asked for yet, on to the approval."""
    told = approving(visit.session, visit.here, visit.occasion, visit.today)
    if not told.announced or told.approved_on is None:
        return visit.go(visit.meeting_path("justering"))
    return visit.page("approval_notice.html.j2", told=told)


_BASE = "/{town}/organ/{body}/{slot}/justering"

PAGES: tuple[Page, ...] = (
    Page("GET", _BASE, show, right="dates"),
    Page("POST", _BASE, _doing(_approve, "last"), right="approve", level="S"),
    Page("POST", _BASE + "/synpunkt", _doing(_remark, "synpunkt"), right="approve", level="S"),
    Page("POST", _BASE + "/synpunkt/klar", _doing(_settle_remark), right="drafts", level="S"),
    Page("POST", _BASE + "/fardig", _doing(_settle), right="drafts", level="S"),
    Page("POST", _BASE + "/justerare", _doing(_choose, "justerare"), right="drafts", level="S"),
    Page("POST", _BASE + "/paminn", _doing(_remind), right="others", level="S"),
    Page("POST", _BASE + "/rattelse", _doing(_correct, "skal"), right="drafts", level="S"),
    Page("POST", _BASE + "/rattelse/angra", _doing(_withdraw), right="drafts", level="S"),
    Page("POST", _BASE + "/offentlig", _doing(_publish), right="drafts", level="S"),
    Page("GET", _BASE + "/anslag", notice, right="papers"),
    Page("POST", _BASE + "/anslag", _doing(_announce, "uppsatt"), right="drafts", level="S"),
)
