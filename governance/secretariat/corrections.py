"""Opens approved minutes for correction: the reason is kept, and what was approved stays what it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.deadlines import after
from governance.model.occurrence import calendar_of
from governance.model.steps import MORNING
from governance.secretariat.office import Office
from governance.secretariat.steps import reopen
from governance.store import paper_shelf
from governance.store.desk_tables import Correction
from governance.store.tables import MeetingRecord, Occasion

LONGEST = 4000  # characters of a reason, or of a remark


def open_correction(
    session: Session,
    office: Office,
    municipality: Municipality,
    meeting: Occasion,
    record: MeetingRecord,
    reason: str,
    person: str = "",
) -> None:
    """Lets the minutes be written anew, and has the next version approved in as long a time as the first had.

    `person` is who opened it, nobody where a record file did.
    """
    paper = paper_shelf.latest_paper(session, meeting.id, "minutes")
    if paper is not None and record.approved_on is not None:
        session.add(
            Correction(
                occasion_id=meeting.id,
                paper_id=paper.id,
                approved_on=record.approved_on,
                approved_by=record.approved_by,
                reason=reason[:LONGEST],
                person=person,
                at=office.now,
            )
        )
    record.approved_on, record.approved_by = None, []
    meeting.status = "held"
    body = municipality.bodies[meeting.key]
    now = office.now.astimezone(municipality.timezone)
    day = after(body.lead_times.approval, now.date(), calendar_of(body, municipality.calendar))
    reopen(session, meeting, "approval", datetime.combine(day, MORNING, municipality.timezone))
