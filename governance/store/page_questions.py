"""The questions of the pages asked most, built once: rows of plain columns, without objects around them.

An overview asks four of them, whatever the size of the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, bindparam, case, cast, func, literal, or_, select, union_all

from governance.store.desk_tables import AgendaEntry, Approval, DraftMode, MinutesField
from governance.store.door_tables import MailReply
from governance.store.tables import (
    Action,
    AttendanceRow,
    Dispatch,
    DutyEvidence,
    Item,
    MeetingRecord,
    Moment,
    Occasion,
    Paper,
    StatusRequest,
    Step,
)

_O, _R, _S = Occasion.__table__, MeetingRecord.__table__, Step.__table__
_ASKED, _REPLIES, _MAILS = StatusRequest.__table__, MailReply.__table__, Dispatch.__table__
_FIELDS, _APPROVALS, _ACTIONS, _ITEMS = MinutesField.__table__, Approval.__table__, Action.__table__, Item.__table__
_PAPERS, _CAME = Paper.__table__, AttendanceRow.__table__
_EVIDENCE, _ENTRIES, _DRAFTS = DutyEvidence.__table__, AgendaEntry.__table__, DraftMode.__table__

UNHELD = ("planned", "convened")
_HERE = _O.c.municipality == bindparam("municipality")
_MEETING = and_(_HERE, _O.c.kind == "meeting", _O.c.key.in_(bindparam("bodies", expanding=True)))
_COLUMNS = (
    _O.c.id,
    _O.c.key,
    _O.c.slot,
    _O.c.day,
    _O.c.starts,
    _O.c.ends,
    _O.c.status,
    _O.c.reason,
    _R.c.id.label("recorded"),
)
_COMING = and_(_MEETING, _O.c.day >= bindparam("today"), _O.c.status.in_(UNHELD))
_NEXT = select(_O.c.id).where(_COMING).order_by(_O.c.day, _O.c.starts, _O.c.key).limit(bindparam("most"))
_MEETINGS = (
    select(*_COLUMNS)
    .select_from(_O.outerjoin(_R, _R.c.occasion_id == _O.c.id))
    .where(
        _MEETING,
        or_(
            _O.c.day.between(bindparam("first"), bindparam("last")),
            _O.c.id.in_(_NEXT),
            and_(
                _O.c.day <= bindparam("today"),
                or_(
                    and_(_O.c.status.in_(UNHELD), _O.c.key.in_(bindparam("own", expanding=True))),
                    and_(_O.c.status == "held", _O.c.key.in_(bindparam("approved", expanding=True))),
                ),
            ),
        ),
    )
    .order_by(_O.c.day, _O.c.starts, _O.c.key)
)


def meetings(
    asking: Connection,
    municipality: str,
    bodies: Sequence[str],
    first: date,
    last: date,
    today: date,
    *,
    own: Sequence[str] = (),
    approved: Sequence[str] = (),
    most: int = 6,
) -> Sequence[Row[Any]]:
    """The bodies' meetings of a period, the next ones from today on, and those that wait for something.

    Meetings of `own` bodies wait to be recorded, those of `approved` bodies for their minutes to be approved.
    """
    asked = {
        "municipality": municipality,
        "bodies": bodies,
        "first": first,
        "last": last,
        "today": today,
        "own": own,
        "approved": approved,
        "most": most,
    }
    return asking.execute(_MEETINGS, asked).all()


_OF_OCCASION = (_O.c.id, _O.c.kind.label("kind"), _O.c.key, _O.c.slot, _O.c.day)
_NOTHING, _ZERO = literal(""), literal(0)


def _waits(what: str, first: Any, second: Any, at: Any, words: Any) -> tuple[Any, ...]:
    labelled = (first.label("first"), second.label("second"), at.label("at"), words.label("words"))
    return (literal(what).label("what"), *_OF_OCCASION, *labelled)


_STEPS = (
    select(*_waits("step", _S.c.attempts, _ZERO, _S.c.due, _S.c.kind + literal(" ") + _S.c.evidence))
    .select_from(_S.join(_O, _O.c.id == _S.c.occasion_id))
    .where(_HERE, _S.c.done.is_(None), _S.c.due <= bindparam("now", type_=Moment), _S.c.attempts > 0)
)
_MINE = func.sum(case((and_(_ASKED.c.person == bindparam("person"), _ASKED.c.answered.is_(None)), 1), else_=0))
_QUESTIONS = (
    select(
        *_waits(
            "asked",
            func.count(_ASKED.c.id),
            func.count(_ASKED.c.answered),
            func.max(_ASKED.c.closes),
            cast(_MINE, Text),
        )
    )
    .select_from(_ASKED.join(_O, _O.c.id == _ASKED.c.occasion_id))
    .where(_COMING)
    .group_by(*_OF_OCCASION)
    .having(func.count(_ASKED.c.id) > func.count(_ASKED.c.answered))
)
_UNREAD = (
    select(*_waits("reply", func.count(_REPLIES.c.id), _ZERO, func.max(_REPLIES.c.at), _NOTHING))
    .select_from(_REPLIES.join(_O, _O.c.id == _REPLIES.c.occasion_id))
    .where(_HERE, _REPLIES.c.municipality == bindparam("municipality"), _REPLIES.c.state == "unreviewed")
    .group_by(*_OF_OCCASION)
)
_UNDELIVERED = (
    select(*_waits("mail", func.count(_MAILS.c.id), _ZERO, func.max(_MAILS.c.retry), func.max(_MAILS.c.problem)))
    .select_from(_MAILS.join(_O, _O.c.id == _MAILS.c.occasion_id))
    .where(_HERE, _MAILS.c.state == "failed")
    .group_by(*_OF_OCCASION)
)
_UNREAD_DRAFTS = (
    select(*_waits("draft", func.count(_MAILS.c.id), _ZERO, func.max(_MAILS.c.made), _NOTHING))
    .select_from(_MAILS.join(_O, _O.c.id == _MAILS.c.occasion_id))
    .where(_HERE, _MAILS.c.state == "held")
    .group_by(*_OF_OCCASION)
)
_NEWEST = (
    select(func.max(_PAPERS.c.id))
    .where(_PAPERS.c.occasion_id == _O.c.id, _PAPERS.c.kind == "minutes")
    .correlate(_O)
    .scalar_subquery()
)
_UNAPPROVED = and_(_HERE, _O.c.status == "held", _O.c.key.in_(bindparam("approved", expanding=True)))
_MY_APPROVAL = and_(_APPROVALS.c.paper_id == _NEWEST, _APPROVALS.c.person == bindparam("person"))
_TO_APPROVE = (
    select(
        *_waits(
            "approver",
            case((_APPROVALS.c.id.is_(None), 0), else_=1),
            func.coalesce(_NEWEST, 0),
            func.coalesce(_S.c.due, _R.c.recorded, type_=Moment),
            cast(_R.c.approvers, Text),
        )
    )
    .select_from(
        _R.join(_O, _O.c.id == _R.c.occasion_id)
        .outerjoin(_S, and_(_S.c.occasion_id == _O.c.id, _S.c.kind == "approval"))
        .outerjoin(_APPROVALS, _MY_APPROVAL)
    )
    .where(_UNAPPROVED)
)
_AWAY = (
    select(*_waits("away", _ZERO, _ZERO, _R.c.recorded, _CAME.c.person))
    .select_from(_CAME.join(_O, _O.c.id == _CAME.c.occasion_id).join(_R, _R.c.occasion_id == _O.c.id))
    .where(_UNAPPROVED, _CAME.c.presence != "present")
)
_WRITING = (
    select(*_waits("writing", func.count(_FIELDS.c.id), _ZERO, func.max(_FIELDS.c.at), _NOTHING))
    .select_from(_FIELDS.join(_O, _O.c.id == _FIELDS.c.occasion_id))
    .where(_HERE, _O.c.status.in_(UNHELD))
    .group_by(*_OF_OCCASION)
)
_WAITING = union_all(_STEPS, _QUESTIONS, _UNREAD, _UNDELIVERED, _UNREAD_DRAFTS, _TO_APPROVE, _AWAY, _WRITING)


def waiting(
    asking: Connection,
    municipality: str,
    bodies: Sequence[str],
    approved: Sequence[str],
    person: str,
    now: datetime,
    today: date,
) -> Sequence[Row[Any]]:
    """What waits for somebody, a row for each occasion and kind of thing (`what`):

    `step`: a step that failed (`words`: its kind and why). `asked`: status questions before a coming meeting (`first`
    asked, `second` answered, `at` when answers close, `words` 1 where this person has not answered). `reply`, `mail`,
    `draft`: how many mails wait to be read, were not delivered, are held back. `approver`: who was chosen to approve
    (`words`, JSON), by when (`at`), whether this person has (`first`), and the newest minutes (`second`, 0: none yet).
    `away`: who did not come to that meeting (`words`). `writing`: minutes begun and not finished.
    """
    asked = {
        "municipality": municipality,
        "bodies": bodies,
        "approved": approved,
        "person": person,
        "now": now,
        "today": today,
    }
    return asking.execute(_WAITING, asked).all()


_OPEN_ACTIONS = (
    select(
        _ACTIONS.c.number,
        _ACTIONS.c.text,
        _ACTIONS.c.owner,
        _ACTIONS.c.due,
        _ACTIONS.c.body,
        _ITEMS.c.confidentiality,
    )
    .select_from(_ACTIONS.outerjoin(_ITEMS, _ITEMS.c.id == _ACTIONS.c.item_id))
    .where(
        _ACTIONS.c.municipality == bindparam("municipality"),
        _ACTIONS.c.status.in_(("not-started", "in-progress")),
        or_(
            and_(_ACTIONS.c.due < bindparam("today"), _ACTIONS.c.body.in_(bindparam("kept", expanding=True))),
            _ACTIONS.c.owner == bindparam("person"),
        ),
    )
    .order_by(case((_ACTIONS.c.due.is_(None), 1), else_=0), _ACTIONS.c.due, _ACTIONS.c.year, _ACTIONS.c.sequence)
    .limit(bindparam("most"))
)


def open_actions(
    asking: Connection,
    municipality: str,
    kept: Sequence[str],
    person: str,
    today: date,
    most: int,
) -> Sequence[Row[Any]]:
    """A person's open actions in whatever body, and the late ones of everybody in the bodies they keep."""
    asked = {
        "municipality": municipality,
        "kept": kept,
        "person": person,
        "today": today,
        "most": most,
    }
    return asking.execute(_OPEN_ACTIONS, asked).all()


_SHOWN = (
    select(_EVIDENCE.c.duty, _EVIDENCE.c.done, _EVIDENCE.c.area, _EVIDENCE.c.body, _EVIDENCE.c.decision)
    .where(_EVIDENCE.c.municipality == bindparam("municipality"))
    .order_by(_EVIDENCE.c.done)
)


def evidence(asking: Connection, municipality: str) -> Sequence[Row[Any]]:
    """What shows that duties were carried out, oldest first."""
    return asking.execute(_SHOWN, {"municipality": municipality}).all()


_DESK = select(
    select(func.count(_ENTRIES.c.id))
    .where(
        _ENTRIES.c.municipality == bindparam("municipality"),
        _ENTRIES.c.body == bindparam("body"),
        _ENTRIES.c.occasion_id.is_(None),
    )
    .scalar_subquery()
    .label("parked"),
    select(func.max(_DRAFTS.c.begun))
    .where(_DRAFTS.c.municipality == bindparam("municipality"), _DRAFTS.c.body == bindparam("body"))
    .scalar_subquery()
    .label("drafts_since"),
)


def desk_of(asking: Connection, municipality: str, body: str) -> tuple[int, datetime | None]:
    """How many items a body has parked, and since when its mail is held back, None where it is not."""
    row = asking.execute(_DESK, {"municipality": municipality, "body": body}).one()
    return row.parked, row.drafts_since


_NEXT_OF_ALL = select(_O.c.key, func.min(_O.c.day).label("day")).where(_COMING).group_by(_O.c.key)


def next_days(asking: Connection, municipality: str, bodies: Sequence[str], today: date) -> dict[str, date]:
    """The day of each body's next meeting; bodies that have none planned are left out."""
    rows = asking.execute(_NEXT_OF_ALL, {"municipality": municipality, "bodies": bodies, "today": today})
    return {row[0]: row[1] for row in rows}
