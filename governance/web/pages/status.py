"""Status answers: with the link of a mail or signed in, who has answered, reminders by hand, what came by mail."""

from __future__ import annotations

from starlette.responses import Response

from governance.secretariat import links, mail_replies, status_coverage, status_desk
from governance.secretariat.audit import Doer
from governance.secretariat.status_desk import Draft, Said, Sheet
from governance.store import status_book
from governance.web.page import Page
from governance.web.visit import LOST, Refused, Visit

LARGEST = 200_000  # bytes of an answer
Problems = list[tuple[str, str]]

# --- one person's answer -------------------------------------------------------------------------------------------


def by_link(visit: Visit) -> Response:
    """The answer behind a signed link: no session, no menu; looking changes nothing."""
    followed = _follow(visit)
    if isinstance(followed, Response):
        return followed
    sheet = status_desk.sheet_of(visit.session, visit.office, followed.municipality, followed.meeting, followed.person)
    return _drawn(visit, sheet, sheet.draft, [])


def send_by_link(visit: Visit) -> Response:
    """Keeps the answer of a link's person."""
    followed = _follow(visit)
    if isinstance(followed, Response):
        return followed
    doer = Doer(followed.person.id, "link", followed.municipality.id, followed.body.id, visit.key, "link")
    sheet = status_desk.sheet_of(visit.session, visit.office, followed.municipality, followed.meeting, followed.person)
    return _kept(visit, sheet, doer)


def _follow(visit: Visit) -> links.Followed | Response:
    """Where the link leads, or the page that says why it leads nowhere."""
    try:
        followed = links.follow(visit.session, visit.office, visit.request.path_params["token"])
    except links.DeadLink as dead:
        return visit.page("status_gone.html.j2", status=404, why=str(dead))
    visit.town = followed.municipality
    return followed


def own(visit: Visit) -> Response:
    """The same page for somebody signed in."""
    sheet = _own_sheet(visit)
    return _drawn(visit, sheet, sheet.draft, [])


def send_own(visit: Visit) -> Response:
    """Keeps the answer of somebody signed in."""
    return _kept(visit, _own_sheet(visit), visit.doer)


def _own_sheet(visit: Visit) -> Sheet:
    if visit.me.id not in visit.organ.members_on(visit.occasion.day):
        raise Refused(403, f"Du har ingen plats i {visit.organ.name} den dagen, så du har inget att svara på.")
    return status_desk.sheet_of(visit.session, visit.office, visit.here, visit.occasion, visit.me)


def _kept(visit: Visit, sheet: Sheet, doer: Doer) -> Response:
    draft, problems = _draft(visit, sheet)
    problems += status_desk.wrong(sheet, draft)
    if problems or sheet.shut:
        return _drawn(visit, sheet, draft, problems)
    status_desk.keep_answer(visit.office, doer, sheet.municipality, sheet.meeting.id, sheet.person, draft)
    return visit.go(visit.request.url.path, "svar")


def _drawn(visit: Visit, sheet: Sheet, draft: Draft, problems: Problems) -> Response:
    status = 422 if problems or (sheet.shut and visit.request.method == "POST") else 200
    return visit.page("status_answer.html.j2", status=status, sheet=sheet, draft=draft, wrong=problems)


def _draft(visit: Visit, sheet: Sheet) -> tuple[Draft, Problems]:
    """The answer as it was sent, and what in it cannot be read. Raises Refused (404) for an action of somebody else."""
    form, problems = visit.form, Problems()
    texts = dict.fromkeys(sheet.asks, "")
    for name, value in form.fields:
        if name.startswith("svar:") and value.strip():
            question = name.removeprefix("svar:")
            known = question if question in texts else ""  # not asked any more: kept as a general remark
            texts[known] = "\n\n".join(filter(None, [texts.get(known, ""), value.replace("\r\n", "\n").strip()]))
    mine = {each.number: each for each in sheet.own}
    actions: dict[str, Said] = {}
    for name, value in form.fields:
        if not name.startswith("lage:"):
            continue
        action = mine.get(number := name.removeprefix("lage:"))
        if action is None:
            raise Refused(404, LOST)
        due = action.shown.due
        try:
            due = form.day(f"datum:{number}") or due
        except ValueError as wrong:
            problems.append((f"atgard-{action.id}-datum", str(wrong)))
        actions[number] = Said(value, due, form.text(f"kommentar:{number}"))
    return Draft(form.text("val"), texts, actions), problems


# --- who has answered ----------------------------------------------------------------------------------------------


def coverage(visit: Visit) -> Response:
    """Who has answered before the meeting; who has not is named only to those who look after others' answers."""
    found = status_coverage.coverage(visit.session, visit.office, visit.here, visit.occasion)
    mine = next((row for row in found.rows if row.person == visit.me.id), None)
    return visit.page("status_coverage.html.j2", coverage=found, mine=mine, all=visit.may("others", "S"))


def preview(visit: Visit) -> Response:
    """The reminder as it would leave, before it does."""
    to = visit.query.text("till") or "alla"
    chosen = _chosen(visit, to)
    found = status_coverage.reminder(visit.session, visit.office, visit.here, visit.occasion, chosen)
    if found is None:
        return visit.go(visit.meeting_path("laget"), "ingen-att-paminna")
    return visit.page("status_remind.html.j2", reminder=found, to=to)


def remind(visit: Visit) -> Response:
    """Puts the reminders in the outbox."""
    chosen = _chosen(visit, visit.form.text("till"))
    sent = status_coverage.remind(visit.office, visit.doer, visit.here, visit.occasion.id, chosen)
    return visit.go(visit.meeting_path("laget"), "paminda" if sent else "ingen-att-paminna")


def _chosen(visit: Visit, to: str) -> list[str]:
    """Those who were asked: all of them, or the one named. Raises Refused (404) for anybody else."""
    asked = [each.person for each in status_book.asked_before(visit.session, visit.occasion.id)]
    if to == "alla":
        return asked
    if to not in asked:
        raise Refused(404, LOST)
    return [to]


def link(visit: Visit) -> Response:
    """Revokes somebody's link, or lets it be good again."""
    again = visit.form.text("gor") == "oppna"
    person = visit.form.text("person")
    if person not in status_book.links_of(visit.session, links.STATUS, visit.occasion.id):
        raise Refused(404, LOST)
    links.revoke(visit.office, visit.doer, visit.occasion.id, person, again=again)
    return visit.go(visit.meeting_path("laget"), "lank-oppen" if again else "lank-aterkallad")


# --- what came by mail ---------------------------------------------------------------------------------------------


def inbox(visit: Visit) -> Response:
    """What was written back by mail, for the secretary to take in or leave."""
    found = mail_replies.inbox(visit.session, visit.office, visit.here, visit.occasion)
    return visit.page("status_inbox.html.j2", replies=found, questions=visit.organ.asks)


def review(visit: Visit) -> Response:
    """Takes a reply in as its writer's answer, or leaves it."""
    reply = visit.form.number("svar") or 0
    if reply not in {each.id for each in status_book.mail_replies(visit.session, visit.occasion.id)}:
        raise Refused(404, LOST)
    if visit.form.text("gor") == "lamna":
        mail_replies.drop(visit.office, visit.doer, reply)
        return visit.go(visit.meeting_path("inkommet"), "mejl-lamnat")
    question, text = visit.form.text("fraga"), visit.form.text("text")
    mail_replies.take(visit.office, visit.doer, visit.here, reply, question, text)
    return visit.go(visit.meeting_path("inkommet"), "mejl-infort")


_MEETING = "/{town}/organ/{body}/{slot}"


PAGES: tuple[Page, ...] = (
    Page("GET", "/svar/{token}", by_link, need="anyone"),
    Page("POST", "/svar/{token}", send_by_link, need="anyone", largest=LARGEST),
    Page("GET", f"{_MEETING}/svar", own, right="own", level="S"),
    Page("POST", f"{_MEETING}/svar", send_own, right="own", level="S", largest=LARGEST),
    Page("GET", f"{_MEETING}/laget", coverage, right="dates"),
    Page("GET", f"{_MEETING}/laget/paminn", preview, right="others", level="S"),
    Page("POST", f"{_MEETING}/laget/paminn", remind, right="others", level="S"),
    Page("POST", f"{_MEETING}/laget/lank", link, right="others", level="S"),
    Page("GET", f"{_MEETING}/inkommet", inbox, right="others", level="S"),
    Page("POST", f"{_MEETING}/inkommet", review, right="others", level="S"),
)
