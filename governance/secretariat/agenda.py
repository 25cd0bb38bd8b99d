"""Makes the agenda at its lead time: standing items filled with what the archive holds, sent to everyone called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import cast

from governance.model.agenda import Agenda, AgendaItem, Gathered, draft_items
from governance.model.body import Body, Confidentiality, ItemKind, ItemSource, Municipality, StandingItem
from governance.model.follow_up import DutyState
from governance.model.law import duty_states
from governance.model.words import in_running_text
from governance.papers.mail import Attachment
from governance.papers.swedish import clock_range, count, listing, long_date, short_date
from governance.secretariat.actions import open_items
from governance.secretariat.editions import handed_over, two_year_plan
from governance.secretariat.figures import evidence_of
from governance.secretariat.members import attendees, facts_of
from governance.secretariat.office import Desk, Done, Office, ends_at, starts_at
from governance.secretariat.outbox import attached, known, post
from governance.secretariat.papers import Heading, keep_paper, next_version
from governance.secretariat.status import answers_before
from governance.secretariat.steps import Handler, subject_of, take_due
from governance.store import agenda_book, minute_book, paper_shelf, queries
from governance.store.desk_tables import AgendaEntry
from governance.store.tables import Item, Occasion, Paper

MOST_PICTURES = 6  # weekly pictures told one by one; earlier ones are counted


def make_agendas(office: Office, municipality: Municipality) -> list[Done]:
    """Makes and sends every agenda that is due."""
    return take_due(office, municipality, "agenda", STEPS)


def document_name(formality: str) -> str:
    """What the paper is called: a summons with its agenda where the body has rules, an agenda in a group."""
    return "Dagordning" if formality == "informal" else "Kallelse och dagordning"


def standing(entry: AgendaEntry) -> StandingItem:
    """An entry of an agenda in the making as the item it gives."""
    return StandingItem(
        title=entry.title,
        kind=cast("ItemKind", entry.kind),
        source=cast("ItemSource", entry.source) if entry.source else None,
        presenter=entry.presenter,
        minutes=entry.minutes,
        text=entry.text,
        proposal=entry.proposal,
        confidentiality=cast("Confidentiality", entry.confidentiality),
    )


def _as_planned(desk: Desk) -> Body:
    """The body with this meeting's own agenda, where somebody has written one, in place of the standing one."""
    entries = agenda_book.entries_of(desk.session, desk.occasion.id)
    return replace(desk.body, agenda=tuple(map(standing, entries))) if entries else desk.body


def draft(desk: Desk) -> tuple[Agenda, list[tuple[Occasion, Paper]]]:
    """The agenda as it would be made now, and the papers that go with it: (edition, paper)."""
    municipality, occasion, body = desk.municipality, desk.occasion, _as_planned(desk)
    annexes = handed_over(desk.session, municipality, occasion, _since(desk))
    agenda = Agenda(
        document_name=document_name(body.formality),
        facts=facts_of(municipality, occasion),
        items=draft_items(body, _gather(desk, annexes), starts_at(occasion, municipality)),
        open_actions=open_items(desk.session, municipality, body.id, desk.today),
        coming=_coming(desk),
        made=desk.today,
        version=next_version(desk, "agenda"),
    )
    return agenda, annexes


def _make(desk: Desk) -> Done:
    municipality, occasion = desk.municipality, desk.occasion
    version, begun = agenda_book.how_far(desk.session, occasion.id)
    if version and begun:  # what is being written must not lose the items it stands at
        said = "ingen ny version: mötet har börjat antecknas"
        return Done("agenda", municipality.id, subject_of(municipality, occasion), said)
    agenda, annexes = draft(desk)
    write_items(desk, agenda)
    heading = Heading(desk.body.name, agenda.document_name, occasion.day)
    title = f"{agenda.document_name}, {desk.body.name} {long_date(occasion.day)}"
    paper = keep_paper(desk, "agenda", agenda, heading, title=title)
    mails = _send(desk, agenda, paper, [attached(each) for _, each in annexes])
    what = f"{count(len(agenda.items), 'ärende', 'ärenden')}, till {mails}"
    return Done("agenda", municipality.id, subject_of(municipality, occasion), what, papers=1, mails=mails)


STEPS: Mapping[str, Handler] = {"agenda": _make}


def _since(desk: Desk) -> datetime:
    """The body's meeting before this one, or a year back where there is none."""
    before = queries.neighbour(desk.session, desk.occasion, before=True)
    if before is not None:
        return starts_at(before, desk.municipality)
    return desk.now - timedelta(days=365)


def write_items(desk: Desk, agenda: Agenda) -> None:
    """Writes the agenda's items down: from here on neither templates nor config touch this meeting.

    A new version keeps the rows of the items that stand in it still, for what is written may point at them.
    """
    former: dict[str, list[Item]] = {}
    for old in minute_book.items_of(desk.session, desk.occasion.id):
        former.setdefault(old.title.casefold(), []).append(old)
        old.number += 1000  # out of the way first: the numbers are unique
    desk.session.flush()
    for item in agenda.items:
        same = former.get(item.title.casefold())
        _write_item(desk, same.pop(0) if same else Item(occasion_id=desk.occasion.id), item)
    for left in (each for rows in former.values() for each in rows):
        desk.session.delete(left)
    desk.session.flush()
    for referral in minute_book.referrals_waiting(desk.session, desk.occasion):
        referral.taken_up_id = desk.occasion.id


def _write_item(desk: Desk, row: Item, item: AgendaItem) -> None:
    row.number, row.title, row.kind, row.source = item.number, item.title, item.kind, item.source or ""
    row.presenter, row.minutes = item.presenter, item.minutes
    row.text, row.proposal, row.confidentiality = item.text, item.proposal, item.confidentiality
    desk.session.add(row)


def _send(desk: Desk, agenda: Agenda, paper: Paper, annexes: list[Attachment]) -> int:
    called = attendees(desk.municipality, desk.body, desk.occasion.day)
    context = {"facts": agenda.facts, "paper_title": agenda.document_name, "version": paper.version}
    attachments = [attached(paper), *annexes]
    return sum(
        post(desk, "agenda", person, context, version=paper.version, attachments=attachments)
        for person in known(desk.municipality, [each.id for each in called])
    )


def _coming(desk: Desk) -> tuple[datetime, ...]:
    later = queries.occasions(
        desk.session,
        desk.municipality.id,
        key=desk.occasion.key,
        first=desk.occasion.day + timedelta(days=1),
        last=desk.occasion.day + timedelta(days=400),
        statuses=("planned", "convened"),
    )
    return tuple(starts_at(each, desk.municipality) for each in later[:3])


# --- what the sources hold -------------------------------------------------------------------------------------


def _gather(desk: Desk, annexes: list[tuple[Occasion, Paper]]) -> Gathered:
    answers, silent = answers_before(desk, desk.occasion)
    return Gathered(
        points={
            "action-items": _action_points(desk),
            "situation-picture": _picture_points(desk),
            "referred": _referred_points(desk),
            "duties": _duty_points(desk),
            "previous-minutes": _previous_points(desk),
            "next-meeting": _next_points(desk),
            "follow-up": (*(f"{paper.title}, se bilagan." for _, paper in annexes), *_product_points(desk)),
        },
        answers=answers,
        unanswered=silent,
    )


def _action_points(desk: Desk) -> tuple[str, ...]:
    items = open_items(desk.session, desk.municipality, desk.body.id, desk.today)
    if not items:
        return ("Inga åtgärder är öppna.",)
    late = sum(1 for each in items if each.late)
    words = count(len(items), "öppen åtgärd", "öppna åtgärder", neuter=False)
    tail = f", varav {count(late, 'försenad', 'försenade', neuter=False)}" if late else ""
    return (f"{words[:1].upper()}{words[1:]}{tail}, se tabellen sist i handlingen.",)


def _picture_points(desk: Desk) -> tuple[str, ...]:
    """The joint judgements of the weekly pictures made below this body since it last met."""
    since = _since(desk).date()
    lines: list[str] = []
    for body in _below(desk.municipality, desk.body.id):
        if "weekly-situation-picture" not in desk.municipality.bodies[body].produces:
            continue
        for meeting, record in minute_book.records_between(desk.session, desk.municipality.id, body, since, desk.today):
            if record.assessment:
                lines.append(f"Vecka {meeting.day.isocalendar().week}: {record.assessment}")
    earlier = len(lines) - MOST_PICTURES
    if earlier > 0:
        words = count(earlier, "tidigare veckolägesbild", "tidigare veckolägesbilder", neuter=False)
        lines = [f"{words[:1].upper()}{words[1:]} sedan förra mötet finns i arkivet.", *lines[earlier:]]
    return tuple(lines) or ("Ingen veckolägesbild har gjorts sedan förra mötet.",)


def _below(municipality: Municipality, body: str) -> list[str]:
    """The body and all that report to it, near and far."""
    found = [body]
    for each in found:
        found += [
            other.id for other in municipality.bodies.values() if other.reports_to == each and other.id not in found
        ]
    return found


def _referred_points(desk: Desk) -> tuple[str, ...]:
    return tuple(
        f"{desk.municipality.body_name(row.body)} den {short_date(row.decided)}: {row.text}"
        for row in minute_book.referrals_waiting(desk.session, desk.occasion)
    )


def _previous_points(desk: Desk) -> tuple[str, ...]:
    before = queries.neighbour(desk.session, desk.occasion, before=True)
    lines: list[str] = []
    if before is not None:
        mark = "" if desk.body.numbering == "yearly-paragraph" else "Ärende "
        lines += [f"{mark}{row.number}: {row.text}" for row in minute_book.decisions_of(desk.session, before.id)]
        if not lines:
            lines.append(f"Inga beslut är antecknade från mötet den {short_date(before.day)}.")
    made = paper_shelf.latest_paper(desk.session, before.id, "agenda") if before else None
    after = made.made if made else starts_at(before, desk.municipality) if before else None
    for row in minute_book.answers_to(desk.session, desk.municipality.id, desk.body.id, after, desk.now):
        answerer = desk.municipality.body_name(row.referred_to)
        lines.append(f"Svar från {in_running_text(answerer)} på beslutet den {short_date(row.decided)}: {row.answer}")
    return tuple(lines)


def _next_points(desk: Desk) -> tuple[str, ...]:
    after = queries.neighbour(desk.session, desk.occasion, before=False)
    if after is None:
        return ("Dagen för nästa möte bestäms vid mötet.",)
    start, end = starts_at(after, desk.municipality), ends_at(after, desk.municipality)
    return (f"Nästa möte är {long_date(after.day)} {clock_range(start.time(), end.time())}.",)


def _duty_points(desk: Desk) -> tuple[str, ...]:
    states = duty_states(desk.municipality, evidence_of(desk.session, desk.municipality), desk.today)
    lines = [line for state in states if (line := _duty_line(state, desk.today))]
    plan = two_year_plan(desk.session, desk.municipality, desk.today)
    if plan is not None and plan.chain:
        names = [(in_running_text(desk.municipality.body_name(body)), day) for body, day in plan.chain]
        way = listing([f"{name} den {short_date(day)}" for name, day in names])
        lines.append(f"Tvåårsuppföljningen är planerad till {way}.")
    if plan is not None and plan.problem:
        lines.append(plan.problem)
    return tuple(lines)


def _duty_line(state: DutyState, today: date) -> str:
    area = f" ({state.area})" if state.area and state.area != "hela kommunen" else ""
    if state.next_due is not None and state.section == "6 §":
        left = (state.next_due - today).days
        if left < 0:
            return f"{state.section}: {state.text}{area}. Fristen gick ut den {short_date(state.next_due)}."
        if left <= 548:
            return f"{state.section}: {state.text}{area}. Senast den {short_date(state.next_due)}."
    if state.state in {"late", "not-shown"}:
        return f"{state.section}: {state.text}{area}. Underlag är inte antecknat."
    return ""


def _product_points(desk: Desk) -> tuple[str, ...]:
    """Papers with a rhythm of their own that fall due between the last meeting and this one."""
    since = _since(desk).date()
    lines: list[str] = []
    for product in desk.municipality.products.values():
        if desk.body.id not in product.to or product.kind == "annual-follow-up":
            continue
        editions = queries.occasions(
            desk.session,
            desk.municipality.id,
            kind="edition",
            key=product.id,
            first=since + timedelta(days=1),
            last=desk.occasion.day,
        )
        lines += [f"{product.title}, {long_date(each.day)}." for each in editions]
    return tuple(lines)
