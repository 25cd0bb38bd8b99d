"""Makes the weekly situation picture: what each organisation reported and what the group judged of it."""

from __future__ import annotations

from collections.abc import Mapping

from governance.model.body import Municipality
from governance.model.situation import SituationPicture, SituationSection
from governance.model.status import StatusAnswer
from governance.papers.swedish import week
from governance.secretariat.actions import as_item, open_items
from governance.secretariat.members import asked, attendees, facts_of, keepers
from governance.secretariat.office import Desk, Done, Office
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.papers import Heading, keep_paper
from governance.secretariat.status import answers_before
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import minute_book
from governance.store.tables import Paper


def make_situation_pictures(office: Office, municipality: Municipality) -> list[Done]:
    """Makes and sends every weekly situation picture that is due."""
    return take_due(office, municipality, "situation", STEPS)


def _make(desk: Desk) -> Done:
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    picture = _draft(desk)
    title = f"Veckolägesbild {week(occasion.day)}, {body.name}"
    paper = keep_paper(desk, "situation", picture, Heading(body.name, "Veckolägesbild", occasion.day), title=title)
    mails = _send(desk, paper)
    return Done(
        "situation", municipality.id, subject_of(municipality, occasion), f"till {mails}", papers=1, mails=mails
    )


STEPS: Mapping[str, Handler] = {"situation": _make}


def _draft(desk: Desk) -> SituationPicture:
    municipality, occasion, body = desk.municipality, desk.occasion, desk.body
    answers, _ = answers_before(desk, occasion)
    record = minute_book.record_of(desk.session, occasion.id)
    called = [each.organisation for each in asked(municipality, body, occasion.day)]
    heard = {each.organisation for each in answers}
    made = minute_book.actions_made_at(desk.session, occasion.id)
    secret = minute_book.secret_items(desk.session, municipality.id)
    new = {row.number for row in made}
    year, number, _ = occasion.day.isocalendar()
    parent = municipality.bodies.get(body.reports_to)
    return SituationPicture(
        municipality=municipality.name,
        body=body.name,
        week=number,
        year=year,
        meeting_date=occasion.day,
        sources=tuple(each for each in dict.fromkeys(called) if each in heard),
        missing=tuple(each for each in dict.fromkeys(called) if each not in heard),
        sections=_sections(body.asks, answers),
        assessment=record.assessment if record else "",
        ongoing=tuple(
            each
            for each in open_items(desk.session, municipality, body.id, desk.today, secret)
            if each.number not in new
        ),
        new=tuple(as_item(desk.session, municipality, row, desk.today, secret) for row in made),
        decisions=tuple(
            row.text for row in minute_book.decisions_of(desk.session, occasion.id) if row.item_id not in secret
        ),
        ahead=tuple(record.ahead) if record else (),
        to_parent=tuple(record.to_parent) if record else (),
        parent=parent.name if parent else "",
        contact=_contact(municipality),
        made=desk.today,
    )


def _sections(questions: tuple[str, ...], answers: tuple[StatusAnswer, ...]) -> tuple[SituationSection, ...]:
    """A section for each standing question; an organisation that answered, but not this, had nothing to report."""
    heard = list(dict.fromkeys(each.organisation for each in answers))
    sections: list[SituationSection] = []
    for question in questions:
        said = tuple(each for each in answers if each.question == question and each.text)
        spoke = {each.organisation for each in said}
        sections.append(SituationSection(question, said, tuple(each for each in heard if each not in spoke)))
    return tuple(sections)


def _contact(municipality: Municipality) -> str:
    contact = municipality.contact
    return ", ".join(filter(None, [contact.name, contact.email, contact.phone]))


def _send(desk: Desk, paper: Paper) -> int:
    """Back to those who reported (the feedback of EST), and to the secretary of the body this one reports to."""
    people = dict.fromkeys(each.id for each in attendees(desk.municipality, desk.body, desk.occasion.day))
    parent = desk.municipality.bodies.get(desk.body.reports_to)
    if parent is not None and not parent.external:
        people |= dict.fromkeys(keepers(desk.municipality, parent, desk.occasion.day))
    context = {
        "paper_title": f"Veckolägesbild {week(desk.occasion.day)}",
        "facts": facts_of(desk.municipality, desk.occasion),
    }
    return sum(
        post(desk, "situation", person, context, version=paper.version, attachments=[attached(paper)])
        for person in known(desk.municipality, list(people))
    )
