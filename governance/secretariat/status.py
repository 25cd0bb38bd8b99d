"""Asks members for their status before a meeting, and reminds those who have not answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import insert

from governance.model.action import ActionItem
from governance.model.body import Municipality
from governance.model.occurrence import calendar_of
from governance.model.status import StatusAnswer, StatusChoice
from governance.model.steps import status_closes
from governance.papers.swedish import clock_range, short_date
from governance.secretariat.actions import own_actions
from governance.secretariat.links import answer_url
from governance.secretariat.members import asked, facts_of
from governance.secretariat.office import Desk, Done, Office, starts_at
from governance.secretariat.outbox import known, post
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import queries
from governance.store.tables import Occasion, StatusRequest

LAST_MINUTE = timedelta(minutes=30)


def send_status_requests(office: Office, municipality: Municipality) -> list[Done]:
    """Sends every status question and reminder that is due."""
    return take_due(office, municipality, "status", STEPS)


def _ask(desk: Desk) -> Done:
    municipality, occasion = desk.municipality, desk.occasion
    closes = status_closes(desk.body, starts_at(occasion, municipality), calendar_of(desk.body, municipality.calendar))
    if closes <= desk.now:  # planned so late that the usual moment has passed
        closes = starts_at(occasion, municipality) - LAST_MINUTE
    own = own_actions(desk.session, municipality, desk.today)
    mails, new = 0, []
    already = {each.person for each in queries.requests_of(desk.session, occasion.id)}  # told us unasked
    for person in known(municipality, [each.id for each in asked(municipality, desk.body, occasion.day)]):
        if person.id in already:
            continue
        new.append({"occasion_id": occasion.id, "person": person.id, "asked": desk.now, "closes": closes})
        mails += post(desk, "status_request", person, letter_context(desk, person.id, closes, own))
    if new:
        desk.session.execute(insert(StatusRequest), new)
    what = f"{mails} tillfrågade, svar senast {short_date(closes.date())} {clock_range(closes.time())}"
    return Done("status", municipality.id, subject_of(municipality, occasion), what, mails=mails)


def letter_context(
    desk: Desk, person: str, closes: datetime, own: Mapping[str, tuple[ActionItem, ...]]
) -> dict[str, object]:
    """What a status question or reminder to a person is written from, with their link where there are pages."""
    url = answer_url(desk.session, desk.office, desk.municipality, desk.occasion, person)
    return {
        "facts": facts_of(desk.municipality, desk.occasion),
        "questions": desk.body.asks,
        "actions": own.get(person, ()),
        "answer_by": closes,
        **({"answer_url": url} if url else {}),
    }


def _remind(desk: Desk) -> Done:
    occasion = desk.occasion
    zone = desk.municipality.timezone
    silent = [
        each
        for each in queries.requests_of(desk.session, occasion.id)
        # Whoever was asked only today needs no reminder yet.
        if each.answered is None and each.asked.astimezone(zone).date() < desk.today
    ]
    subject = subject_of(desk.municipality, occasion)
    in_time = [each for each in silent if each.closes > desk.now]
    if silent and not in_time:  # caught up with so late that a reminder would ask for what is no longer taken in time
        return Done("status", desk.municipality.id, subject, "utgick: svarstiden var ute")
    own = own_actions(desk.session, desk.municipality, desk.today)
    mails = 0
    for request in in_time:
        for person in known(desk.municipality, [request.person]):
            context = letter_context(desk, person.id, request.closes.astimezone(zone), own)
            mails += post(desk, "status_reminder", person, context, mark=desk.step.kind.removeprefix("status_reminder"))
    what = f"{mails} {'påmind' if mails == 1 else 'påminda'}" if mails else "ingen att påminna"
    return Done("status", desk.municipality.id, subject, what, mails=mails)


STEPS: Mapping[str, Handler] = {"status_request": _ask, "status_reminder_*": _remind}


def answers_before(desk: Desk, meeting: Occasion) -> tuple[tuple[StatusAnswer, ...], tuple[str, ...]]:
    """The answers that came before a meeting, in the order of the questions, and the names of those still silent."""
    municipality = desk.municipality
    order = {question: place for place, question in enumerate(municipality.bodies[meeting.key].asks)}
    answers: list[StatusAnswer] = []
    spoken: set[int] = set()
    for request, reply in queries.replies_of(desk.session, meeting.id):
        spoken.add(request.id)
        answers.append(_answer(municipality, request, reply.question, reply.text))
    silent: list[str] = []
    for request in queries.requests_of(desk.session, meeting.id):
        if request.answered is None:
            silent.append(municipality.person_name(request.person))
        elif request.id not in spoken:
            answers.append(_answer(municipality, request, "", ""))
    answers.sort(key=lambda each: order.get(each.question, len(order)))
    return tuple(answers), tuple(silent)


def _answer(municipality: Municipality, request: StatusRequest, question: str, text: str) -> StatusAnswer:
    person = municipality.people.get(request.person)
    organisation = municipality.organisation_name(person.organisation) if person else ""
    received = (request.answered or request.asked).astimezone(municipality.timezone)
    return StatusAnswer(
        person=municipality.person_name(request.person),
        organisation=organisation,
        question=question,
        text=text,
        received=received,
        choice=cast("StatusChoice", request.choice or "changed"),
        late=request.late,
    )
