"""Actions and decisions from the archive as papers show them; and what answers and meetings say of actions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Set as AbstractSet
from datetime import date
from typing import cast

from sqlalchemy.orm import Session

from governance.model.action import ActionItem, ActionStatus
from governance.model.body import Municipality
from governance.model.decision import Decision
from governance.model.record import ActionUpdate
from governance.store import minute_book
from governance.store.tables import Action, ActionEvent, DecisionRow, Occasion

VEIL = "Åtgärd i ett ärende med sekretess"
NONE: frozenset[int] = frozenset()


def as_item(
    session: Session, municipality: Municipality, row: Action, day: date, secret: AbstractSet[int] = NONE
) -> ActionItem:
    """An action as it stands on `day`: late when its due date has passed, its age counted in meetings of its body.

    One that was made at an item in `secret` keeps its number, owner and dates, but not its text.
    """
    veiled = row.item_id in secret
    open_still = row.closed is None or row.closed > day
    # Closed after `day`: on that day it was still under way.
    status = "in-progress" if open_still and row.closed is not None else row.status
    return ActionItem(
        number=row.number,
        text=VEIL if veiled else row.text,
        owner=municipality.person_name(row.owner),
        owner_id=row.owner,
        due=row.due,
        status=cast("ActionStatus", status),
        body=municipality.body_name(row.body),
        origin_date=row.made,
        age=_meetings(session, municipality, row, day),
        late=open_still and row.due is not None and row.due < day,
        comment="" if veiled else row.comment,
        closed_on=None if open_still else row.closed,
    )


def _meetings(session: Session, municipality: Municipality, row: Action, day: date) -> int:
    """How many meetings an action's body has held since it was made, up to `day` or when it was closed.

    The days of all bodies are asked for once in a session.
    """
    asked = ("meeting days", municipality.id, day)
    if asked not in session.info:
        session.info[asked] = minute_book.meeting_days(session, municipality.id, until=day)
    days: list[date] = session.info[asked].get(row.body, [])
    return max(0, bisect_right(days, min(day, row.closed or day)) - bisect_right(days, row.made))


def open_items(
    session: Session, municipality: Municipality, body: str, day: date, secret: AbstractSet[int] = NONE
) -> tuple[ActionItem, ...]:
    """A body's open actions, the late first, then by due date; those without one last."""
    rows = minute_book.open_actions(session, municipality.id, body)
    items = [as_item(session, municipality, row, day, secret) for row in rows]
    return tuple(sorted(items, key=lambda each: (not each.late, each.due or date.max, each.number)))


def own_actions(session: Session, municipality: Municipality, day: date) -> dict[str, tuple[ActionItem, ...]]:
    """Everybody's open actions in every body, by person and number, as a mail may tell them."""
    secret = minute_book.secret_items(session, municipality.id)
    found: dict[str, tuple[ActionItem, ...]] = {}
    for row in minute_book.open_actions(session, municipality.id):
        found[row.owner] = (*found.get(row.owner, ()), as_item(session, municipality, row, day, secret))
    return found


def as_decision(municipality: Municipality, row: DecisionRow) -> Decision:
    """A decision with the names of the bodies it concerns."""
    return Decision(
        number=row.number,
        title=row.title,
        text=row.text,
        body=municipality.body_name(row.body),
        decided_on=row.decided,
        referred_to=municipality.body_name(row.referred_to) if row.referred_to else "",
        reported_back=row.answer,
        reported_on=row.answered,
    )


def update_action(
    session: Session,
    municipality: Municipality,
    meeting: Occasion,
    name: str,
    update: ActionUpdate,
    source: str,
    day: date,
) -> None:
    """Keeps what a meeting or a status answer (`source`) says of an action. Raises ValueError for an unknown one."""
    action = minute_book.action_by_name(session, municipality.id, name)
    if action is None:
        raise ValueError(f"Åtgärden ”{name}” finns inte.")
    event = minute_book.action_event(session, action.id, meeting.id, source)
    if event is None:
        event = ActionEvent(action_id=action.id, occasion_id=meeting.id, source=source, day=day)
        session.add(event)
    event.status, event.comment, event.due = update.status or "", update.comment, update.due
    session.flush()
    settle(session, action)


def settle(session: Session, action: Action) -> None:
    """Sets an action to what was last said of it: a correction of an old record must not undo what came after."""
    for event in minute_book.action_events(session, action.id):
        if event.status:
            action.status = event.status
            action.closed = event.day if event.status in minute_book.CLOSED else None
        action.comment = event.comment or action.comment
        action.due = event.due or action.due
