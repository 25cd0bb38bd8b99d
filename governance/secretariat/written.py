"""What is recorded of a meeting, as one entry: the way back from the archive to what a record says."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.meeting import Presence
from governance.model.record import Completion, ItemEntry, MeetingEntry, NewAction, NewDecision, PresenceEntry
from governance.secretariat.outcome import STRUCK
from governance.store import minute_book
from governance.store.tables import DutyEvidence, Occasion


def entry_of(session: Session, municipality: Municipality, meeting: Occasion) -> MeetingEntry:
    """What the archive holds of a meeting, so that it can be taken in again with a change and lose nothing else.

    Which decision answered another body's is not in it: answers once given stay (see `word.confirm_upload`).
    """
    record = minute_book.record_of(session, meeting.id)
    decisions = minute_book.decisions_of(session, meeting.id)
    actions = [row for row in minute_book.actions_made_at(session, meeting.id) if row.comment != STRUCK]
    items = tuple(
        ItemEntry(
            item.title,
            item.account,
            tuple(NewDecision(row.text, row.ref, row.referred_to) for row in decisions if row.item_id == item.id),
            tuple(NewAction(row.text, row.owner, row.due, row.ref) for row in actions if row.item_id == item.id),
            tuple(item.recused),
            item.quorum,
        )
        for item in minute_book.items_of(session, meeting.id)
    )
    attendance = tuple(
        PresenceEntry(row.person, cast("Presence", row.presence), row.arrived, row.left, row.note)
        for row in minute_book.attendance_of(session, meeting.id)
    )
    evidence = session.scalars(select(DutyEvidence).filter_by(occasion_id=meeting.id).order_by(DutyEvidence.id))
    return MeetingEntry(
        file=municipality.name,
        line=0,
        body=meeting.key,
        day=meeting.day,
        attendance=attendance,
        items=items,
        assessment=record.assessment if record else "",
        ahead=tuple(record.ahead) if record else (),
        to_parent=tuple(record.to_parent) if record else (),
        approvers=tuple(record.approvers) if record else (),
        completed=tuple(Completion(row.duty, row.decision, row.text, row.area) for row in evidence),
    )
