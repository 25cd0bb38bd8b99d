"""Makes the minutes from what was recorded, sends them, and chases their approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from sqlalchemy.orm import Session

from governance.model.action import ActionItem, ActionStatus
from governance.model.approval import approvers
from governance.model.body import Confidentiality, ItemKind, Municipality
from governance.model.meeting import Attendance, Attendee, Presence
from governance.model.minutes import ActionProgress, Minutes, MinutesItem
from governance.papers.swedish import clock_range, count, long_date, short_date
from governance.secretariat.actions import as_decision, as_item, open_items, own_actions
from governance.secretariat.members import attendees, facts_of, keepers
from governance.secretariat.office import Desk, Done, Office, ends_at, starts_at
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.papers import Heading, keep_paper, next_version
from governance.secretariat.public_minutes import NO_PUBLIC, Leak, make_public, publishes
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import approval_book, minute_book, paper_shelf, queries
from governance.store.desk_tables import Correction
from governance.store.tables import Action, AttendanceRow, MeetingRecord, Occasion, Paper


def make_minutes(office: Office, municipality: Municipality) -> list[Done]:
    """Makes and sends every set of minutes that is due, and reminds of approvals that are late."""
    return take_due(office, municipality, "minutes", STEPS)


def document_name(formality: str) -> str:
    """A protocol where the body has rules, notes in a group. No name says whether the paper is public (TF 2 kap.)."""
    return "Minnesanteckningar" if formality == "informal" else "Protokoll"


def _make(desk: Desk) -> Done:
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    record = minute_book.record_of(desk.session, occasion.id)
    minutes = draft_minutes(desk, record)
    heading = Heading(body.name, minutes.document_name, occasion.day)
    title = f"{minutes.document_name}, {body.name} {long_date(occasion.day)}"
    word = "protokoll" if body.formality != "informal" else "minnesanteckningar"
    paper = keep_paper(desk, "minutes", minutes, heading, title=title, word=word)
    if record is None:
        mails = _ask_keeper(desk, paper)
        what = f"utkast att fylla i till {count(mails, 'person', 'personer', neuter=False)}: mötet är inte antecknat"
    else:
        mails = _send(desk, record, minutes, paper)
        state = "justerat" if minutes.approved_on else "utkast" if body.formality != "informal" else "skickade"
        what = f"{minutes.document_name.lower()} ({state}) till {mails}"
    papers = 1
    if minutes.approved_on and publishes(municipality, body):
        try:
            make_public(desk, minutes)
            papers, what = 2, f"{what}, och en offentlig version"
        except Leak:  # the words are told on the page alone, to the secretary
            what = f"{what}; {NO_PUBLIC}"
    return Done("minutes", municipality.id, subject_of(municipality, occasion), what, papers=papers, mails=mails)


def draft_minutes(desk: Desk, record: MeetingRecord | None) -> Minutes:
    """The minutes as the archive has them. Approved ones tell of actions as the text that was approved did."""
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    after = queries.neighbour(desk.session, occasion, before=False)
    version = next_version(desk, "minutes")
    corrections = approval_book.corrections_of(desk.session, occasion.id) if version > 1 else []
    approved, day = None, desk.today
    if record is not None and record.approved_on is not None and version > 1:
        approved = _paper_approved_here(desk, record, corrections)
        day = approved.made.astimezone(municipality.timezone).date() if approved else record.approved_on
    return Minutes(
        document_name=document_name(body.formality),
        facts=facts_of(municipality, occasion),
        attendance=_attendance(desk),
        items=_items(desk),
        actions=_progress(desk, day),
        approvers=_names(municipality, record.approvers if record else []),
        approved_on=record.approved_on if record else None,
        approved_by=_names(municipality, record.approved_by if record else []),
        next_meeting=starts_at(after, municipality) if after else None,
        made=desk.today,
        version=version,
        recorded=record is not None,
        correction=corrections[-1].reason if corrections else "",
        replaces=desk.session.get_one(Paper, corrections[-1].paper_id).version if corrections else 0,
        approved_text=f"Version {approved.version}, kontrollsumma {short_sum(approved.sha256)}" if approved else "",
    )


def short_sum(sha256: str) -> str:
    """As much of a file's SHA-256 as somebody reads aloud: `3f2a 91bc 0d4e`."""
    return " ".join(sha256[place : place + 4] for place in (0, 4, 8))


def _paper_approved_here(desk: Desk, record: MeetingRecord, corrections: Sequence[Correction]) -> Paper | None:
    """The version all have approved on the page since the last correction; None where it was done on paper."""
    approvals = approval_book.approvals_of(desk.session, desk.occasion.id)
    since = corrections[-1].paper_id if corrections else 0
    for paper in sorted({each.paper_id for each in approvals if each.paper_id > since}, reverse=True):
        if {each.person for each in approvals if each.paper_id == paper} >= set(record.approved_by):
            return desk.session.get_one(Paper, paper)
    return None


def _names(municipality: Municipality, people: list[str]) -> tuple[str, ...]:
    return tuple(municipality.person_name(each) for each in people)


def _attendance(desk: Desk) -> tuple[Attendance, ...]:
    called = {each.id: each for each in attendees(desk.municipality, desk.body, desk.occasion.day)}
    found: list[Attendance] = []
    for row in minute_book.attendance_of(desk.session, desk.occasion.id):
        attendee = called.get(row.person) or _guest(desk.municipality, row.person)
        presence: Presence = (
            "present" if row.presence == "present" else "excused" if row.presence == "excused" else "absent"
        )
        found.append(Attendance(attendee, presence, row.arrived, row.left, row.note))
    order = {person: place for place, person in enumerate(called)}
    return tuple(sorted(found, key=lambda each: order.get(each.attendee.id, len(order))))


def _guest(municipality: Municipality, person: str) -> Attendee:
    found = municipality.people.get(person)
    if found is None:
        return Attendee(person, person, "", "co-opted")
    organisation = municipality.organisation_name(found.organisation)
    return Attendee(found.id, found.name, organisation, "co-opted", found.title, found.email)


def _items(desk: Desk) -> tuple[MinutesItem, ...]:
    session, municipality = desk.session, desk.municipality
    decisions = minute_book.decisions_of(session, desk.occasion.id)
    made = minute_book.actions_made_at(session, desk.occasion.id)
    return tuple(
        MinutesItem(
            label=f"§ {item.paragraph}" if item.paragraph else str(item.number),
            title=item.title,
            kind=cast("ItemKind", item.kind),
            account=item.account or (_next_words(desk) if item.source == "next-meeting" else ""),
            decisions=tuple(as_decision(municipality, row) for row in decisions if row.item_id == item.id),
            actions=tuple(as_item(session, municipality, row, desk.today) for row in made if row.item_id == item.id),
            confidentiality=cast("Confidentiality", item.confidentiality),
            source=item.source,
            recused=_names(municipality, item.recused),
            quorum=item.quorum,
        )
        for item in minute_book.items_of(session, desk.occasion.id)
    )


def _next_words(desk: Desk) -> str:
    after = queries.neighbour(desk.session, desk.occasion, before=False)
    if after is None:
        return ""
    start, end = starts_at(after, desk.municipality), ends_at(after, desk.municipality)
    return f"Nästa möte är {long_date(after.day)} {clock_range(start.time(), end.time())}."


def _progress(desk: Desk, day: date) -> tuple[ActionProgress, ...]:
    """The body's actions as they stood on `day`: closed at the meeting or since the last one, then the open ones."""
    session, municipality = desk.session, desk.municipality
    before = queries.neighbour(session, desk.occasion, before=True)
    first = before.day + timedelta(days=1) if before else desk.occasion.day - timedelta(days=31)
    closed = minute_book.actions_closed_between(session, municipality.id, desk.body.id, first, desk.occasion.day)
    still = open_items(session, municipality, desk.body.id, desk.today) if day == desk.today else _stood(desk, day)
    return (
        *(ActionProgress(as_item(session, municipality, row, day), closed_now=True) for row in closed),
        *(ActionProgress(each) for each in still),
    )


def _stood(desk: Desk, day: date) -> tuple[ActionItem, ...]:
    """The body's open actions as they stood on a day that has passed: without what was made or said since."""
    session, municipality = desk.session, desk.municipality
    closed = minute_book.actions_closed_between(
        session, municipality.id, desk.body.id, day + timedelta(days=1), desk.today
    )
    still = minute_book.open_actions(session, municipality.id, desk.body.id)
    rows = [row for row in (*still, *closed) if row.made <= day]
    said_since = {event.action_id for event in approval_book.events_after(session, [row.id for row in rows], day)}
    items = [
        _as_last_said(session, row, as_item(session, municipality, row, day), day)
        if row.id in said_since
        else as_item(session, municipality, row, day)
        for row in rows
    ]
    return tuple(sorted(items, key=lambda each: (not each.late, each.due or date.max, each.number)))


def _as_last_said(session: Session, row: Action, item: ActionItem, day: date) -> ActionItem:
    said = [event for event in minute_book.action_events(session, row.id) if event.day <= day]
    status = next((event.status for event in reversed(said) if event.status), "not-started")
    comment = next((event.comment for event in reversed(said) if event.comment), "")
    return replace(item, status=cast("ActionStatus", status), comment=comment)


def _send(desk: Desk, record: MeetingRecord, minutes: Minutes, paper: Paper) -> int:
    """To everyone called and everyone who came; who reported before the meeting is told where that was taken up."""
    municipality, occasion = desk.municipality, desk.occasion
    people = dict.fromkeys(each.id for each in attendees(municipality, desk.body, occasion.day))
    people |= dict.fromkeys(each.attendee.id for each in minutes.attendance if each.presence == "present")
    context = {
        "facts": minutes.facts,
        "paper_title": minutes.document_name,
        "next_meeting": minutes.next_meeting,
        "approved_on": minutes.approved_on,
        "correction": minutes.correction,
    }
    kind = "approved" if minutes.approved_on else "minutes"
    heard = _heard(desk, minutes)
    away = [each.attendee.id for each in minutes.attendance if each.presence != "present"]
    asked = () if minutes.approved_on else approvers(desk.body, occasion.day, record.approvers, away)
    page = approval_page(municipality, occasion)
    own = own_actions(desk.session, municipality, desk.today)
    mails = 0
    for person in known(municipality, list(people)):
        told = {**context, "actions": own.get(person.id, ()), "taken_up": heard.get(person.id, "")}
        told["approve_at"] = page if person.id in asked else ""
        annex = [attached(paper)]
        mails += post(desk, kind, person, told, letter="minutes", version=paper.version, attachments=annex)
    return mails


def _heard(desk: Desk, minutes: Minutes) -> dict[str, str]:
    """By person: at which item what they reported before the meeting was taken up, in words."""
    at = next((item for item in minutes.items if item.source == "status" and item.account), None)
    if at is None or at.confidentiality == "secret":
        return {}
    label = at.label if at.label.startswith("§") else f"ärende {at.label}"
    answered = [each for each in queries.requests_of(desk.session, desk.occasion.id) if each.answered is not None]
    return {each.person: f"{label}, ”{at.title}”" for each in answered if each.choice != "nothing"}


def _ask_keeper(desk: Desk, paper: Paper) -> int:
    people = known(desk.municipality, keepers(desk.municipality, desk.body, desk.occasion.day))
    context = {
        "facts": facts_of(desk.municipality, desk.occasion),
        "paper_title": document_name(desk.body.formality),
        "due": desk.today,
    }
    return sum(
        post(desk, "missing_record", person, context, version=paper.version, attachments=[attached(paper)])
        for person in people
    )


def asked_to_approve(
    municipality: Municipality, meeting: Occasion, record: MeetingRecord | None, attendance: Sequence[AttendanceRow]
) -> tuple[str, ...]:
    """The person ids whose it is to approve a meeting's minutes."""
    away = [row.person for row in attendance if row.presence != "present"]
    return approvers(municipality.bodies[meeting.key], meeting.day, record.approvers if record else (), away)


def _chase(desk: Desk) -> Done:
    """The day minutes should be approved and are not: those who have not yet, and the secretary, are told."""
    municipality, occasion = desk.municipality, desk.occasion
    record = minute_book.record_of(desk.session, occasion.id)
    subject = subject_of(municipality, occasion)
    if record is None:
        return Done("minutes", municipality.id, subject, "ingen justering: mötet är inte antecknat")
    if record.approved_on:
        return Done("minutes", municipality.id, subject, f"justerat {short_date(record.approved_on)}")
    mails = remind_of_approval(desk, record, also=keepers(municipality, desk.body, occasion.day))
    words = f"{mails} {'påmind' if mails == 1 else 'påminda'} om justering"
    return Done("minutes", municipality.id, subject, words, mails=mails)


def remind_of_approval(desk: Desk, record: MeetingRecord, also: Sequence[str] = (), mark: str = "") -> int:
    """Mails those who have not approved the newest minutes, and `also` others; how many mails were made."""
    municipality, occasion = desk.municipality, desk.occasion
    paper = paper_shelf.latest_paper(desk.session, occasion.id, "minutes")
    asked = asked_to_approve(municipality, occasion, record, minute_book.attendance_of(desk.session, occasion.id))
    approvals = approval_book.approvals_of(desk.session, occasion.id)
    have = {each.person for each in approvals if paper is not None and each.paper_id == paper.id}
    people = dict.fromkeys([*(each for each in asked if each not in have), *also])
    context = {
        "facts": facts_of(municipality, occasion),
        "approvers": _names(municipality, record.approvers),
        "due": desk.today if not mark else None,
        "page": approval_page(municipality, occasion),
    }
    annex = [attached(paper)] if paper else []
    version = paper.version if paper else 1
    return sum(
        post(desk, "approval", person, context, version=version, mark=mark, attachments=annex)
        for person in known(municipality, list(people))
    )


def approval_page(municipality: Municipality, meeting: Occasion) -> str:
    """The address of the page where a meeting's minutes are approved; "" where the pages have none."""
    if not municipality.base_url:
        return ""
    return f"{municipality.base_url}/{municipality.id}/organ/{meeting.key}/{meeting.slot}/justering"


STEPS: Mapping[str, Handler] = {"minutes": _make, "approval": _chase}
