"""Makes the minutes from what was recorded, sends them, and chases their approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from governance.model.body import Confidentiality, ItemKind, Municipality
from governance.model.meeting import Attendance, Attendee, Presence
from governance.model.minutes import ActionProgress, Minutes, MinutesItem
from governance.papers.swedish import clock_range, count, long_date
from governance.secretariat.actions import as_decision, as_item, open_items, own_actions
from governance.secretariat.members import attendees, facts_of, keepers
from governance.secretariat.office import Desk, Done, Office, ends_at, starts_at
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.papers import Heading, keep_paper, next_version
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import minute_book, paper_shelf, queries
from governance.store.tables import MeetingRecord, Paper


def make_minutes(office: Office, municipality: Municipality) -> list[Done]:
    """Makes and sends every set of minutes that is due, and reminds of approvals that are late."""
    return take_due(office, municipality, "minutes", STEPS)


def document_name(formality: str) -> str:
    """A protocol where the body has rules, notes in a group. No name says whether the paper is public (TF 2 kap.)."""
    return "Minnesanteckningar" if formality == "informal" else "Protokoll"


def _make(desk: Desk) -> Done:
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    record = minute_book.record_of(desk.session, occasion.id)
    minutes = _draft(desk, record)
    heading = Heading(body.name, minutes.document_name, occasion.day)
    title = f"{minutes.document_name}, {body.name} {long_date(occasion.day)}"
    word = "protokoll" if body.formality != "informal" else "minnesanteckningar"
    paper = keep_paper(desk, "minutes", minutes, heading, title=title, word=word)
    if record is None:
        mails = _ask_keeper(desk, paper)
        what = f"utkast att fylla i till {count(mails, 'person', 'personer', neuter=False)}: mötet är inte antecknat"
    else:
        mails = _send(desk, minutes, paper)
        state = "justerat" if minutes.approved_on else "utkast" if body.formality != "informal" else "färdiga"
        what = f"{minutes.document_name.lower()} ({state}) till {mails}"
    return Done("minutes", municipality.id, subject_of(municipality, occasion), what, papers=1, mails=mails)


def _draft(desk: Desk, record: MeetingRecord | None) -> Minutes:
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    after = queries.neighbour(desk.session, occasion, before=False)
    return Minutes(
        document_name=document_name(body.formality),
        facts=facts_of(municipality, occasion),
        attendance=_attendance(desk),
        items=_items(desk),
        actions=_progress(desk),
        approvers=_names(municipality, record.approvers if record else []),
        approved_on=record.approved_on if record else None,
        approved_by=_names(municipality, record.approved_by if record else []),
        next_meeting=starts_at(after, municipality) if after else None,
        made=desk.today,
        version=next_version(desk, "minutes"),
        recorded=record is not None,
    )


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
        )
        for item in minute_book.items_of(session, desk.occasion.id)
    )


def _next_words(desk: Desk) -> str:
    after = queries.neighbour(desk.session, desk.occasion, before=False)
    if after is None:
        return ""
    start, end = starts_at(after, desk.municipality), ends_at(after, desk.municipality)
    return f"Nästa möte är {long_date(after.day)} {clock_range(start.time(), end.time())}."


def _progress(desk: Desk) -> tuple[ActionProgress, ...]:
    """The body's actions as the meeting left them: closed at it or since the last one, then the open ones."""
    before = queries.neighbour(desk.session, desk.occasion, before=True)
    first = before.day + timedelta(days=1) if before else desk.occasion.day - timedelta(days=31)
    closed = minute_book.actions_closed_between(
        desk.session, desk.municipality.id, desk.body.id, first, desk.occasion.day
    )
    return (
        *(ActionProgress(as_item(desk.session, desk.municipality, row, desk.today), closed_now=True) for row in closed),
        *(ActionProgress(each) for each in open_items(desk.session, desk.municipality, desk.body.id, desk.today)),
    )


def _send(desk: Desk, minutes: Minutes, paper: Paper) -> int:
    """To everyone called and everyone who came."""
    people = dict.fromkeys(each.id for each in attendees(desk.municipality, desk.body, desk.occasion.day))
    people |= dict.fromkeys(each.attendee.id for each in minutes.attendance if each.presence == "present")
    context = {
        "facts": minutes.facts,
        "paper_title": minutes.document_name,
        "next_meeting": minutes.next_meeting,
        "approved_on": minutes.approved_on,
    }
    kind = "approved" if minutes.approved_on else "minutes"
    mails = 0
    own = own_actions(desk.session, desk.municipality, desk.today)
    for person in known(desk.municipality, list(people)):
        told = {**context, "actions": own.get(person.id, ())}
        annex = [attached(paper)]
        mails += post(desk, kind, person, told, letter="minutes", version=paper.version, attachments=annex)
    return mails


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


def _chase(desk: Desk) -> Done:
    """The day minutes should be approved and are not: chair, approvers and secretary are told."""
    municipality, occasion = desk.municipality, desk.occasion
    record = minute_book.record_of(desk.session, occasion.id)
    subject = subject_of(municipality, occasion)
    if record is None:
        return Done("minutes", municipality.id, subject, "ingen justering: mötet är inte antecknat")
    if record.approved_on:
        return Done("minutes", municipality.id, subject, f"justerat {record.approved_on}")
    chair = desk.body.holder("chair", occasion.day)
    people = list(
        dict.fromkeys([*filter(None, [chair]), *record.approvers, *keepers(municipality, desk.body, occasion.day)])
    )
    paper = paper_shelf.latest_paper(desk.session, occasion.id, "minutes")
    context = {"facts": facts_of(municipality, occasion), "approvers": _names(municipality, record.approvers)}
    mails = sum(
        post(desk, "approval", person, context, attachments=[attached(paper)] if paper else [])
        for person in known(municipality, people)
    )
    return Done(
        "minutes",
        municipality.id,
        subject,
        f"{mails} {'påmind' if mails == 1 else 'påminda'} om justering",
        mails=mails,
    )


STEPS: Mapping[str, Handler] = {"minutes": _make, "approval": _chase}
