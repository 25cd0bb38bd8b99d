"""A meeting on one page: its facts and state, what happens when, agenda, papers, outcome; to each what they may see."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from markupsafe import Markup
from sqlalchemy.orm import Session

from governance.model.body import Body, Municipality
from governance.model.meeting import Attendance, Attendee, MeetingFacts
from governance.model.words import NBSP
from governance.papers import labels
from governance.papers.swedish import clock_range, long_date, sentence
from governance.secretariat import agenda, minutes
from governance.secretariat.actions import VEIL
from governance.secretariat.agenda_desk import OPEN, Line, clocked, line_of, standing_lines
from governance.secretariat.members import attendees, facts_of
from governance.secretariat.office import Office, ends_at, starts_at
from governance.store import agenda_book, meeting_folder
from governance.store.meeting_folder import Asked, Came, Folder, Sheet
from governance.store.tables import Action, DecisionRow, Item, Occasion, Paper, Step

PUBLIC = "public_minutes"  # the copy without secrets: whoever may read papers may read it
VEILED_TITLE = "Ärende med sekretess"
VEILED_DECISION = "Beslut i ett ärende med sekretess"


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may see of a body's meetings: rows of the matrix."""

    live: bool
    drafts: bool
    papers: bool
    others: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that belongs to the meeting and when: `mark` is done, next, late, off or coming."""

    name: str
    words: str
    mark: Literal["done", "next", "late", "off", "coming"]


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action made at the meeting, as it stands now."""

    number: str
    text: str
    owner: str
    due: date | None
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class Dealt:
    """An item of the agenda, and once the meeting is recorded what came of it. `ref` names it in forms."""

    ref: str
    line: Line
    label: str  # "§ 12" or "3"
    decisions: tuple[str, ...] = ()
    actions: tuple[NewAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of those asked have answered; the silent by name only to whom it concerns."""

    answered: int
    asked: int
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingOnPage:
    """All that the page shows."""

    facts: MeetingFacts
    state: str
    tone: str  # the pill's class
    happenings: tuple[Happening, ...]
    items: tuple[Dealt, ...]
    draft: bool  # the items are those in the making
    leaves: datetime | None  # when the agenda is sent, where it is not yet
    coverage: Coverage | None
    papers: tuple[Sheet, ...]
    withheld: bool  # there are papers that may tell of secret items to others than those called
    attendance: tuple[Attendance, ...]
    before: tuple[date, date] | None  # slot, day
    after: tuple[date, date] | None
    recorded: bool
    draft_mode: bool
    held: int


def meeting_on_page(
    session: Session, office: Office, municipality: Municipality, meeting: Occasion, reader: Reader
) -> MeetingOnPage:
    """A meeting as `reader` may see it: four questions."""
    body = municipality.bodies[meeting.key]
    folder = meeting_folder.folder(session, meeting)
    outcome = meeting_folder.outcome(session, meeting)
    sheets, asked, came = meeting_folder.sheets_and_people(session, meeting)
    secret = not reader.live and meeting_folder.secrets_near(session, meeting)
    papers = tuple(each for each in sheets if may_read(each, body, reader))
    told = reader.live or any(each.kind == "minutes" for each in papers)
    items = _dealt(municipality, meeting, outcome, office.today, reader, told=told)
    draft = not items and reader.drafts and meeting.status in OPEN and not body.external
    if draft:
        entries = agenda_book.entries_of(session, meeting.id)
        items = _in_the_making(municipality, body, meeting, [line_of(municipality, each) for each in entries])
    state, tone = state_in_words(office, municipality, meeting, folder)
    return MeetingOnPage(
        facts=facts_of(municipality, meeting),
        state=state,
        tone=tone,
        happenings=_happenings(office, municipality, meeting, folder, reader),
        items=items,
        draft=draft,
        leaves=next(
            (
                max(step.due, office.now).astimezone(municipality.timezone)
                for step in folder.steps
                if step.kind == "agenda" and step.done is None
            ),
            None,
        ),
        coverage=_coverage(municipality, asked, reader),
        papers=tuple(each for each in papers if not secret or each.kind == PUBLIC),
        withheld=bool(secret and papers),
        attendance=_attendance(municipality, body, meeting, came) if told else (),
        before=folder.before,
        after=folder.after,
        recorded=folder.record is not None,
        draft_mode=folder.draft_mode,
        held=folder.held,
    )


# --- papers ------------------------------------------------------------------------------------------------------


def may_read(sheet: Sheet, body: Body, reader: Reader) -> bool:
    """Whether somebody may read a paper, its secrecy apart: minutes not approved go to those they were sent to."""
    if sheet.kind == "agenda" or reader.drafts:
        return True
    if sheet.kind != "minutes":
        return reader.papers
    if sheet.mailed == "approved" or (sheet.mailed == "minutes" and body.formality == "informal"):
        return reader.papers
    return reader.live and sheet.mailed == "minutes"


def paper_of(
    session: Session, municipality: Municipality, meeting: Occasion, paper_id: int, reader: Reader
) -> tuple[Paper | None, bool]:
    """(one of the meeting's papers, whether `reader` may read it); None where it is another meeting's."""
    sheet = meeting_folder.sheet(session, meeting, paper_id)
    if sheet is None:
        return None, False
    allowed = may_read(sheet, municipality.bodies[meeting.key], reader)
    if allowed and not reader.live and sheet.kind != PUBLIC:
        allowed = not meeting_folder.secrets_near(session, meeting)
    return session.get_one(Paper, paper_id), allowed


_MAIN = re.compile(r"<main>\n(.*)\n</main>", re.DOTALL)
_WIDTH = re.compile(r'<col style="width:(\d+)%">')  # inline style, which the pages' policy forbids


def article(html: str) -> Markup:
    """What stands in a finished paper, to be shown within a page. The papers' writer has escaped it."""
    found = _MAIN.search(html)
    inner = found[1] if found else ""
    # The sheet has a class for every twentieth of a table's width.
    inner = _WIDTH.sub(lambda width: f'<col class="w{5 * max(1, round(int(width[1]) / 5))}">', inner)
    return Markup(inner)  # noqa: S704  # every value was escaped when the paper was made


# --- state and steps ---------------------------------------------------------------------------------------------


def state_in_words(office: Office, municipality: Municipality, meeting: Occasion, folder: Folder) -> tuple[str, str]:
    """(the meeting's state in Swedish, its pill's class)."""
    body = municipality.bodies[meeting.key]
    if meeting.status in OPEN:
        if ends_at(meeting, municipality) <= office.now:
            if body.external:  # its minutes are written elsewhere
                return "Genomfört", "good"
            return "Väntar på att antecknas", "warn"
        if starts_at(meeting, municipality) <= office.now:
            return "Pågår", "good"
    formal = body.formality != "informal" and not body.external
    approved = folder.record is not None and folder.record.approved_on is not None
    words, tone = {
        "planned": ("Planerat", ""),
        "convened": ("Kallat", "good"),
        "held": ("Genomfört, inte justerat", "warn") if formal and not approved else ("Genomfört", "good"),
        "closed": ("Genomfört och justerat" if formal else "Genomfört och färdigställt", "good"),
        "cancelled": ("Inställt", "late"),
        "not-held": ("Blev inte av", "late"),
    }[meeting.status]
    off = meeting.status in {"cancelled", "not-held"} and meeting.reason
    return (f"{words}: {meeting.reason}" if off else words), tone


def step_name(body: Body, kind: str) -> str:
    """What a step is called: `Kallelse och dagordning`."""
    if kind.startswith("status_reminder"):
        return "Påminnelse om läget"
    return {
        "invitation": "Kalenderinbjudan",
        "status_request": "Fråga om läget",
        "agenda": agenda.document_name(body.formality),
        "situation": "Veckolägesbild",
        "minutes": minutes.document_name(body.formality),
        "approval": "Påminnelse om justering",
    }.get(kind, kind)


def moment_in_words(moment: datetime) -> str:
    """`måndag 11 januari 2027 kl. 13.00`."""
    return f"{long_date(moment.date())} {clock_range(moment.time())}"


def _happenings(
    office: Office, municipality: Municipality, meeting: Occasion, folder: Folder, reader: Reader
) -> tuple[Happening, ...]:
    body = municipality.bodies[meeting.key]
    return tuple(
        replace(_happening(office, municipality, step, reader), name=step_name(body, step.kind))
        for step in folder.steps
        if not step.evidence.startswith("utgick: görs inte längre")
    )


def _happening(office: Office, municipality: Municipality, step: Step, reader: Reader) -> Happening:
    due = step.due.astimezone(municipality.timezone)
    if step.done is not None and step.evidence.startswith("utgick"):
        return Happening("", f"Utgick{step.evidence.removeprefix('utgick')}", "off")
    if step.done is not None:
        done = step.done.astimezone(municipality.timezone)
        told = f": {step.evidence}" if step.evidence else ""
        return Happening("", f"{sentence(moment_in_words(done))}{told}", "done")
    if step.attempts and step.evidence.startswith("misslyckades"):
        why = step.evidence.removeprefix("misslyckades: ")
        return Happening("", f"Gick inte att göra: {why}" if reader.others else "Dröjer", "late")
    if step.due <= office.now:
        return Happening("", "Görs inom kort", "next")
    return Happening("", sentence(moment_in_words(due)), "coming")


def _coverage(municipality: Municipality, asked: list[Asked], reader: Reader) -> Coverage | None:
    if not asked:
        return None
    silent = [municipality.person_name(each.person) for each in asked if each.answered is None]
    return Coverage(len(asked) - len(silent), len(asked), tuple(silent) if reader.others else ())


# --- items, outcome, attendance ----------------------------------------------------------------------------------


def _dealt(
    municipality: Municipality,
    meeting: Occasion,
    outcome: list[tuple[Item, DecisionRow | None, Action | None]],
    today: date,
    reader: Reader,
    *,
    told: bool,
) -> tuple[Dealt, ...]:
    items: dict[int, Item] = {}
    decisions: dict[int, dict[int, DecisionRow]] = {}
    actions: dict[int, dict[int, Action]] = {}
    for item, decision, action in outcome:
        items[item.id] = item
        if decision is not None:
            decisions.setdefault(item.id, {})[decision.id] = decision
        if action is not None:
            actions.setdefault(item.id, {})[action.id] = action
    lines = standing_lines(municipality.bodies[meeting.key], list(items.values())) if items else []
    times = clocked(lines, starts_at(meeting, municipality))
    found = []
    for item, line, timed in zip(items.values(), lines, times, strict=True):
        veiled = item.confidentiality == "secret" and not reader.live
        label = f"§{NBSP}{item.paragraph}" if item.paragraph else str(item.number)
        dealt = Dealt(f"i{item.id}", _veiled(line) if veiled else replace(line, starts=timed.starts), label)
        if told:
            dealt = replace(
                dealt,
                decisions=tuple(
                    VEILED_DECISION if veiled else each.text for each in decisions.get(item.id, {}).values()
                ),
                actions=tuple(
                    _action(municipality, each, today, veiled=veiled) for each in actions.get(item.id, {}).values()
                ),
            )
        found.append(dealt)
    return tuple(found)


def _veiled(line: Line) -> Line:
    return Line(line.ref, VEILED_TITLE, line.kind, confidentiality="secret")


def _action(municipality: Municipality, row: Action, today: date, *, veiled: bool) -> NewAction:
    late = row.closed is None and row.due is not None and row.due < today
    words = {"not-started": "Ej påbörjad", "in-progress": "Pågår", "done": "Klar", "dropped": "Avförd"}[row.status]
    return NewAction(
        number=row.number,
        text=VEIL if veiled else row.text,
        owner=municipality.person_name(row.owner),
        due=row.due,
        state="Försenad" if late else words,
        late=late,
    )


def _in_the_making(municipality: Municipality, body: Body, meeting: Occasion, own: list[Line]) -> tuple[Dealt, ...]:
    lines = own or standing_lines(body, [])
    times = clocked(lines, starts_at(meeting, municipality))
    return tuple(
        Dealt(line.ref, replace(line, starts=timed.starts), str(timed.number))
        for line, timed in zip(lines, times, strict=True)
    )


def _attendance(municipality: Municipality, body: Body, meeting: Occasion, came: list[Came]) -> tuple[Attendance, ...]:
    called = {each.id: each for each in attendees(municipality, body, meeting.day)}
    found = []
    for row in came:
        attendee = called.get(row.person) or _guest(municipality, row.person)
        presence: Literal["present", "excused", "absent"] = (
            "present" if row.presence == "present" else "excused" if row.presence == "excused" else "absent"
        )
        found.append(Attendance(attendee, presence, row.arrived, row.left))
    order = {person: place for place, person in enumerate(called)}
    return tuple(sorted(found, key=lambda each: order.get(each.attendee.id, len(order))))


def _guest(municipality: Municipality, person: str) -> Attendee:
    found = municipality.people.get(person)
    organisation = municipality.organisation_name(found.organisation) if found else ""
    return Attendee(person, found.name if found else person, organisation, "co-opted")


def presence_in_words(attendance: Attendance) -> str:
    """`Hela mötet`, `från kl. 09.20`, `Anmält förhinder`, `Frånvarande`."""
    if attendance.presence == "present":
        return labels.interval(attendance)
    return "Anmält förhinder" if attendance.presence == "excused" else "Frånvarande"
