"""Takes in a status answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.model.body import Municipality
from governance.model.occurrence import calendar_of
from governance.model.record import (
    AnswerEntry,
)
from governance.model.steps import status_closes
from governance.secretariat.actions import update_action
from governance.secretariat.office import starts_at
from governance.store import queries
from governance.store.tables import (
    Occasion,
    StatusReply,
    StatusRequest,
)


def take_answer(
    session: Session, municipality: Municipality, meeting: Occasion, at: datetime, answer: AnswerEntry
) -> str:
    """Keeps a person's answers before a meeting and what they say of their actions; what was taken in, in words."""
    request = queries.request_to(session, meeting.id, answer.person)
    if request is None:  # answered of their own accord
        body = municipality.bodies[meeting.key]
        closes = status_closes(body, starts_at(meeting, municipality), calendar_of(body, municipality.calendar))
        request = StatusRequest(occasion_id=meeting.id, person=answer.person, asked=at, closes=closes)
        session.add(request)
        session.flush()
    said = dict(answer.answers)
    if answer.choice == "as-last-time":
        said = {row.question: row.text for row in queries.last_replies(session, meeting, answer.person)}
    for old in queries.replies_to(session, request.id):
        session.delete(old)
    session.flush()
    if said:
        replies = [{"request_id": request.id, "question": asked, "text": text} for asked, text in said.items()]
        session.execute(insert(StatusReply), replies)
    request.answered, request.choice, request.late = at, answer.choice, at > request.closes
    day = at.astimezone(municipality.timezone).date()
    for name, update in answer.actions.items():
        update_action(session, municipality, meeting, name, update, f"status:{answer.person}", day)
    person = municipality.people.get(answer.person)
    # No names: what is done goes into the flow's record, which is kept outside this archive.
    organisation = municipality.organisation_name(person.organisation) if person else "okänd"
    return f"svar från {organisation}" + (" (sent)" if request.late else "")
