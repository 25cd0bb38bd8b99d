"""Takes in how a meeting went: attendance, notes, decisions, actions, duties carried out, and later its approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from governance.model.action import action_number
from governance.model.body import Municipality
from governance.model.record import (
    ApprovalEntry,
    ItemEntry,
    MeetingEntry,
    NewAction,
    NewDecision,
)
from governance.papers.swedish import count, short_date
from governance.secretariat.actions import settle, update_action
from governance.secretariat.corrections import open_correction
from governance.secretariat.editions import close_handled, plan_editions
from governance.secretariat.live_fields import follow_record
from governance.secretariat.office import Office
from governance.secretariat.steps import close, reopen
from governance.store import minute_book
from governance.store.tables import (
    Action,
    AttendanceRow,
    DecisionRow,
    DutyEvidence,
    Item,
    MeetingRecord,
    Occasion,
)

STRUCK = "Struken när anteckningen rättades."
APPROVED = (
    "Protokollet justerades den {day} och får inte ändras. Öppna en rättelse med skäl på mötets sida ”Justering”, "
    "eller skriv skälet som correction i filen; den justerade versionen står då kvar, och den rättade justeras på nytt."
)
SETTLED = (
    "Minnesanteckningarna färdigställdes den {day} och får inte ändras. Öppna en rättelse med skäl på mötets sida "
    "”Färdigställ”, eller skriv skälet som correction i filen; den färdiga versionen står då kvar."
)


def take_outcome(
    session: Session, office: Office, municipality: Municipality, meeting: Occasion, at: datetime, entry: MeetingEntry
) -> str:
    """Keeps how a meeting went; what was taken in, in words. Raises ValueError where the minutes are approved.

    An entry that gives the reason of a correction opens approved minutes for it.
    """
    approved = minute_book.record_of(session, meeting.id)
    if entry.correction and approved is not None and approved.approved_on is not None:
        open_correction(session, office, municipality, meeting, approved, entry.correction)
    require_open(session, municipality, meeting)
    if entry.not_held:
        meeting.status, meeting.reason = "not-held", entry.not_held
        return f"hölls inte: {entry.not_held}"
    _take_completions(session, office, municipality, meeting, entry)
    if municipality.bodies[entry.body].external:
        meeting.status = "held"
        return f"{count(len(entry.completed), 'beslut', 'beslut')} enligt lagen"
    _take_record(session, meeting, entry, at)
    _take_attendance(session, meeting, entry)
    decisions, actions = _take_items(session, municipality, meeting, entry)
    for name, update in entry.actions.items():
        update_action(session, municipality, meeting, name, update, "meeting", meeting.day)
    meeting.status = "held" if meeting.status != "closed" else "closed"
    close_handled(session, meeting, office.now)
    for kind in ("situation", "minutes"):
        reopen(session, meeting, kind, office.now)
    follow_record(session, municipality, meeting, entry, office.now, begin=False)
    new = count(actions, "ny åtgärd", "nya åtgärder", neuter=False)
    return f"{len(entry.attendance)} på närvarolistan, {decisions} beslut, {new}"


def require_open(session: Session, municipality: Municipality, meeting: Occasion) -> None:
    """Raises ValueError, in Swedish and with the remedy, where the minutes are approved and no correction is open.

    What was approved is not changed (5 kap. 69 § kommunallagen gives the text its force): a correction clears
    `approved_on`, is given a reason, and is approved anew.
    """
    record = minute_book.record_of(session, meeting.id)
    if record is not None and record.approved_on is not None:
        informal = municipality.bodies[meeting.key].formality == "informal"
        raise ValueError((SETTLED if informal else APPROVED).format(day=short_date(record.approved_on)))


def _take_record(session: Session, meeting: Occasion, entry: MeetingEntry, at: datetime) -> None:
    record = minute_book.record_of(session, meeting.id)
    if record is None:
        record = MeetingRecord(occasion_id=meeting.id, recorded=at, approved_by=[])
        session.add(record)
    record.assessment = entry.assessment
    record.ahead, record.to_parent, record.approvers = list(entry.ahead), list(entry.to_parent), list(entry.approvers)


def _take_attendance(session: Session, meeting: Occasion, entry: MeetingEntry) -> None:
    for old in minute_book.attendance_of(session, meeting.id):
        session.delete(old)
    session.flush()
    rows = [
        {
            "occasion_id": meeting.id,
            "person": each.person,
            "presence": each.presence,
            "arrived": each.arrived,
            "left": each.left,
            "note": each.note,
        }
        for each in entry.attendance
    ]
    if rows:
        session.execute(insert(AttendanceRow), rows)


def _take_items(
    session: Session, municipality: Municipality, meeting: Occasion, entry: MeetingEntry
) -> tuple[int, int]:
    items = _all_items(session, municipality, meeting, entry)
    body = municipality.bodies[meeting.key]
    if body.numbering == "yearly-paragraph":
        following = minute_book.highest_paragraph(session, municipality.id, body.id, meeting.day.year) + 1
        for item in items:
            if item.paragraph is None:
                item.paragraph, following = following, following + 1
    session.flush()
    former: dict[int, list[DecisionRow]] = {}
    for row in minute_book.decisions_of(session, meeting.id):
        former.setdefault(row.item_id, []).append(row)
    decisions = 0
    told: dict[str, list[ItemEntry]] = {}
    for each in entry.items:
        told.setdefault(each.title.casefold(), []).append(each)
    new: list[tuple[Item, NewAction]] = []
    for item in items:
        same = told.get(item.title.casefold())
        said = same.pop(0) if same else ItemEntry(item.title)
        item.account = said.account
        if said.recused or said.quorum or not entry.file:  # a file tells neither: what was written stays
            item.recused, item.quorum = list(said.recused), said.quorum
        decisions += _take_decisions(session, municipality, meeting, item, said, former.get(item.id, []))
        new += [(item, each) for each in said.actions]
    session.flush()
    return decisions, _take_actions(session, municipality, meeting, new)


def _all_items(session: Session, municipality: Municipality, meeting: Occasion, entry: MeetingEntry) -> list[Item]:
    """The agenda's items and those that came up, in the order they were handled, numbered anew."""
    items = minute_book.items_of(session, meeting.id)
    titles = {item.title.casefold() for item in items}
    standing = [item.title.casefold() for item in municipality.bodies[meeting.key].agenda]
    for said in entry.items:
        if said.title.casefold() in titles:
            continue
        titles.add(said.title.casefold())
        new = Item(occasion_id=meeting.id, number=1000 + len(items), title=said.title, kind="discussion")
        items.insert(_place_of(said, items, standing), new)
        session.add(new)
    if any(item.number != number for number, item in enumerate(items, start=1)):
        for place, item in enumerate(items):
            item.number = 2000 + place  # out of the way first: the numbers are unique
        session.flush()
        for number, item in enumerate(items, start=1):
            item.number = number
        session.flush()
    return items


def _place_of(said: ItemEntry, items: Sequence[Item], standing: Sequence[str]) -> int:
    """Where an item not on the agenda belongs: at its standing place, else before the closing formalities."""
    title = said.title.casefold()
    if title in standing:
        rank = standing.index(title)
        later = [
            place
            for place, item in enumerate(items)
            if item.title.casefold() in standing and standing.index(item.title.casefold()) > rank
        ]
        return later[0] if later else len(items)
    closing = [place for place, item in enumerate(items) if item.source == "next-meeting"]
    return closing[0] if closing else len(items)


def _take_decisions(
    session: Session,
    municipality: Municipality,
    meeting: Occasion,
    item: Item,
    said: ItemEntry,
    former: Sequence[DecisionRow],
) -> int:
    """An item's decisions; one known by its ref or its words stays the same row, for other bodies may refer to it."""
    rows = _matched(said.decisions, former, lambda place, row: row.position == place + 1)
    if former:
        for place, row in enumerate(former, start=1):
            row.position = 1000 + place  # out of the way first: the positions are unique
        session.flush()
    number = f"§ {item.paragraph}" if item.paragraph else str(item.number)
    for position, (new, found) in enumerate(zip(said.decisions, rows, strict=True), start=1):
        row = found or DecisionRow(
            municipality=municipality.id, occasion_id=meeting.id, item_id=item.id, body=meeting.key
        )
        row.position, row.number, row.title, row.decided = position, number, item.title, meeting.day
        row.text, row.ref, row.referred_to = new.text, new.ref, new.refer_to
        session.add(row)
        if new.answers:
            answered = minute_book.decision_by_ref(session, municipality.id, new.answers)
            if answered is None:
                raise ValueError(f"Beslutet ”{new.answers}” som besvaras finns inte.")
            answered.answer, answered.answered = new.text, meeting.day
    for row in former:
        if row not in rows:
            session.delete(row)
    return len(said.decisions)


_Row = TypeVar("_Row", DecisionRow, Action)


def _matched(
    new: Sequence[NewDecision | NewAction], former: Sequence[_Row], same_place: Callable[[int, _Row], bool]
) -> list[_Row | None]:
    """The former row of each thing said: by its ref, by its words, else by its place; None where it is new."""
    left = list(former)
    found: list[_Row | None] = [None] * len(new)

    def match(fits: Callable[[int, _Row], bool]) -> None:
        for place in range(len(new)):
            row = next((row for row in left if found[place] is None and fits(place, row)), None)
            if row is not None:
                left.remove(row)
                found[place] = row

    match(lambda place, row: bool(row.ref) and new[place].ref == row.ref)
    match(lambda place, row: new[place].text == row.text)
    match(lambda place, row: new[place].ref == row.ref and same_place(place, row))
    return found


def _take_actions(
    session: Session, municipality: Municipality, meeting: Occasion, said: Sequence[tuple[Item, NewAction]]
) -> int:
    """New actions get the year's next numbers; those known are corrected; those struck out keep theirs, dropped."""
    former = minute_book.actions_made_at(session, meeting.id)
    rows = _matched([new for _, new in said], former, lambda place, row: row.item_id == said[place][0].id)
    fresh = 0
    for (item, new), found in zip(said, rows, strict=True):
        row = found
        if row is None:
            row, fresh = _new_action(session, municipality, meeting), fresh + 1
        if row.comment == STRUCK:
            row.status, row.closed, row.comment = "not-started", None, ""
        row.text, row.owner, row.due, row.ref, row.item_id = new.text, new.owner, new.due, new.ref, item.id
        session.add(row)
        session.flush()
        settle(session, row)
    for row in former:
        if row not in rows:
            row.status, row.closed, row.comment = "dropped", meeting.day, STRUCK
    session.flush()
    return fresh


def _new_action(session: Session, municipality: Municipality, meeting: Occasion) -> Action:
    year = meeting.day.year
    sequence = minute_book.next_action_sequence(session, municipality.id, year)
    return Action(
        municipality=municipality.id,
        year=year,
        sequence=sequence,
        number=action_number(year, sequence),
        body=meeting.key,
        occasion_id=meeting.id,
        made=meeting.day,
    )


def _take_completions(
    session: Session, office: Office, municipality: Municipality, meeting: Occasion, entry: MeetingEntry
) -> None:
    wanted = {(each.duty, each.area) for each in entry.completed}
    former = session.scalars(select(DutyEvidence).filter_by(occasion_id=meeting.id)).all()
    for old in former:
        if (old.duty, old.area) not in wanted:
            session.delete(old)
    if not former and not wanted:
        return
    for each in entry.completed:
        found = session.scalar(
            select(DutyEvidence).filter_by(
                municipality=municipality.id, duty=each.duty, area=each.area, done=meeting.day
            )
        )
        if found is None:
            found = DutyEvidence(municipality=municipality.id, duty=each.duty, area=each.area, done=meeting.day)
            session.add(found)
        found.body, found.decision, found.text, found.occasion_id = meeting.key, each.decision, each.text, meeting.id
    session.flush()
    plan_editions(session, office, municipality)  # the clocks start again


def take_approval(session: Session, office: Office, meeting: Occasion, at: datetime, approval: ApprovalEntry) -> str:
    """Keeps that the minutes were approved. Raises ValueError where the meeting is not recorded."""
    record = minute_book.record_of(session, meeting.id)
    if record is None:
        raise ValueError("Mötet är inte antecknat och kan inte justeras.")
    record.approved_on, record.approved_by = approval.on, list(approval.by)
    meeting.status = "closed"
    close(session, meeting, "approval", at, f"justerat {short_date(approval.on)}")
    reopen(session, meeting, "minutes", office.now)
    return f"justerat av {len(approval.by)}"
