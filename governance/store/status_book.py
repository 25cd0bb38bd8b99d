"""Questions about status answers as the pages show them, and the signed links that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from governance.store.door_tables import MailReply, SignedLink
from governance.store.minute_book import CLOSED
from governance.store.tables import Action, ActionEvent, Dispatch, Item, Occasion, StatusReply, StatusRequest, Step

STATUS_MAILS = ("status_request", "status_reminder")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person was asked before a meeting and, where `at` is not None, answered: text by question."""

    person: str
    asked: datetime
    closes: datetime
    at: datetime | None
    choice: str
    late: bool
    replies: dict[str, str]
    day: date  # the meeting's


_ASKED = (
    select(StatusRequest, StatusReply.question, StatusReply.text, Occasion.day)
    .join(Occasion, Occasion.id == StatusRequest.occasion_id)
    .outerjoin(StatusReply, StatusReply.request_id == StatusRequest.id)
    .order_by(StatusRequest.id, StatusReply.id)
)
_OF_MEETING = _ASKED.where(StatusRequest.occasion_id == bindparam("occasion"))
_TO = _OF_MEETING.where(StatusRequest.person == bindparam("person"))
_EARLIER, _THEN = aliased(StatusRequest), aliased(Occasion)
# The same as `queries.last_replies` repeats: what was answered before the body's last meeting before this one.
_LAST = _ASKED.where(
    StatusRequest.id
    == (
        select(_EARLIER.id)
        .join(_THEN, _THEN.id == _EARLIER.occasion_id)
        .where(
            _THEN.municipality == bindparam("municipality"),
            _THEN.key == bindparam("body"),
            _THEN.day < bindparam("day"),
            _EARLIER.person == bindparam("person"),
            _EARLIER.answered.is_not(None),
        )
        .order_by(_THEN.day.desc())
        .limit(1)
        .scalar_subquery()
    )
)


def _answers(rows: Sequence[tuple[StatusRequest, str | None, str, date]]) -> list[Answered]:
    found: dict[int, Answered] = {}
    for request, question, text, day in rows:
        answered = found.setdefault(
            request.id,
            Answered(
                request.person, request.asked, request.closes, request.answered, request.choice, request.late, {}, day
            ),
        )
        if question is not None:
            answered.replies[question] = text
    return list(found.values())


def asked_before(session: Session, occasion_id: int) -> list[Answered]:
    """Everybody asked before a meeting with what they answered, in the order they were asked."""
    return _answers(
        [(row[0], row[1], row[2], row[3]) for row in session.execute(_OF_MEETING, {"occasion": occasion_id})]
    )


def answer_of(session: Session, occasion_id: int, person: str) -> Answered | None:
    """What one person was asked and answered before a meeting, None where neither happened."""
    rows = session.execute(_TO, {"occasion": occasion_id, "person": person})
    return next(iter(_answers([(row[0], row[1], row[2], row[3]) for row in rows])), None)


def last_answer(session: Session, meeting: Occasion, person: str) -> Answered | None:
    """What a person answered the last time before this meeting: what `as last time` repeats."""
    asked = {"municipality": meeting.municipality, "body": meeting.key, "day": meeting.day, "person": person}
    return next(iter(_answers([(row[0], row[1], row[2], row[3]) for row in session.execute(_LAST, asked)])), None)


_OWN = (
    select(Action, ActionEvent, Item.confidentiality)
    .outerjoin(
        ActionEvent,
        and_(
            ActionEvent.action_id == Action.id,
            ActionEvent.occasion_id == bindparam("occasion"),
            ActionEvent.source == bindparam("source"),
        ),
    )
    .outerjoin(Item, Item.id == Action.item_id)
    .where(
        Action.municipality == bindparam("municipality"),
        Action.owner == bindparam("person"),
        or_(Action.status.not_in(CLOSED), ActionEvent.status.in_(CLOSED)),
    )
    .order_by(Action.due.is_(None), Action.due, Action.year, Action.sequence)
)


def own_actions(session: Session, meeting: Occasion, person: str) -> list[tuple[Action, ActionEvent | None, bool]]:
    """A person's open actions in every body, and those they closed in their answer before this meeting.

    Each with what that answer said of it, and whether it comes from an item that is secret. By due date.
    """
    asked = {
        "municipality": meeting.municipality,
        "occasion": meeting.id,
        "person": person,
        "source": f"status:{person}",
    }
    return [(row[0], row[1], row[2] == "secret") for row in session.execute(_OWN, asked)]


_AGENDA = select(Step.done).where(
    Step.occasion_id == bindparam("occasion"), Step.kind == "agenda", Step.evidence.not_like("utgick%")
)


def agenda_left(session: Session, occasion_id: int) -> datetime | None:
    """When a meeting's agenda was made and sent, None until it has been."""
    return session.scalar(_AGENDA, {"occasion": occasion_id})


# --- signed links ----------------------------------------------------------------------------------------------

_LINKS = select(SignedLink).where(SignedLink.purpose == bindparam("purpose"))
_LINKS_OF = _LINKS.where(SignedLink.occasion_id == bindparam("occasion"))
_LINK = (
    select(SignedLink, Occasion)
    .join(Occasion, Occasion.id == SignedLink.occasion_id)
    .where(SignedLink.purpose == bindparam("purpose"), SignedLink.token_hash == bindparam("hash"))
)


def links_of(session: Session, purpose: str, occasion_id: int) -> dict[str, SignedLink]:
    """A meeting's links of a purpose, by person."""
    rows = session.scalars(_LINKS_OF, {"purpose": purpose, "occasion": occasion_id})
    return {row.person: row for row in rows}


def link_by_hash(session: Session, purpose: str, token_hash: str) -> tuple[SignedLink, Occasion] | None:
    """The link with this token's hash, and the meeting it leads to."""
    row = session.execute(_LINK, {"purpose": purpose, "hash": token_hash}).first()
    return (row[0], row[1]) if row else None


# --- replies by mail -------------------------------------------------------------------------------------------

_MAILS = (
    select(MailReply).where(MailReply.occasion_id == bindparam("occasion")).order_by(MailReply.at.desc(), MailReply.id)
)
_WAITING = select(func.count(MailReply.id)).where(
    MailReply.occasion_id == bindparam("occasion"), MailReply.state == "unreviewed"
)


def mail_replies(session: Session, occasion_id: int) -> list[MailReply]:
    """What came by mail before a meeting, the newest first."""
    return list(session.scalars(_MAILS, {"occasion": occasion_id}))


def mails_waiting(session: Session, occasion_id: int) -> int:
    """How many replies by mail nobody has read yet."""
    return session.scalar(_WAITING, {"occasion": occasion_id}) or 0


def status_mails_named(session: Session, identities: Sequence[str]) -> list[Dispatch]:
    """The status questions and reminders that left with any of these Message-IDs, the newest first."""
    question = select(Dispatch).where(Dispatch.message_id.in_(identities), Dispatch.kind.in_(STATUS_MAILS))
    return list(session.scalars(question.order_by(Dispatch.id.desc())))
