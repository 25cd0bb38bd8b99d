"""Questions about the approval of minutes: who approved what, what was corrected and why, what was put on the board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from governance.store.desk_tables import Approval, Correction, PublicNotice, Remark
from governance.store.tables import ActionEvent, Item, MeetingRecord, Occasion, Paper, Step

_CORRECTIONS = select(Correction).where(Correction.occasion_id == bindparam("occasion")).order_by(Correction.id)


def corrections_of(session: Session, occasion_id: int) -> list[Correction]:
    """Why a meeting's approved minutes were written anew, the oldest first."""
    return list(session.scalars(_CORRECTIONS, {"occasion": occasion_id}))


def approvals_of(session: Session, occasion_id: int) -> list[Approval]:
    """Who approved which version of a meeting's minutes, the oldest first."""
    return list(session.scalars(select(Approval).filter_by(occasion_id=occasion_id).order_by(Approval.id)))


def notice_of(session: Session, occasion_id: int) -> PublicNotice | None:
    """The notice that a meeting's minutes have been approved, None where none was put up."""
    return session.scalar(select(PublicNotice).filter_by(occasion_id=occasion_id))


def remark(session: Session, occasion_id: int, remark_id: int) -> Remark | None:
    """A remark on a meeting's minutes; None where it is not about that meeting."""
    return session.scalar(select(Remark).filter_by(occasion_id=occasion_id, id=remark_id))


def events_after(session: Session, actions: Sequence[int], day: date) -> list[ActionEvent]:
    """What was said of actions after a day."""
    return list(session.scalars(select(ActionEvent).where(ActionEvent.action_id.in_(actions), ActionEvent.day > day)))


def confidential_items(session: Session, municipality: str) -> dict[int, str]:
    """The ids of every item that is secret or internal, with which of them it is."""
    question = (
        select(Item.id, Item.confidentiality)
        .join(Occasion, Occasion.id == Item.occasion_id)
        .where(Occasion.municipality == municipality, Item.confidentiality != "public")
    )
    return {row[0]: row[1] for row in session.execute(question)}


# --- what the page asks, in few questions ------------------------------------------------------------------------


def papers_of_minutes(session: Session, occasion_id: int) -> list[Row[tuple[int, str, int, str, str, object, str]]]:
    """(id, kind, version, sha256, name, made, html) of the minutes and their public copies, the newest first.

    The page of a paper only for the newest of each kind; the others' is empty.
    """
    kinds = ("minutes", "public_minutes")
    newest = (
        select(func.max(Paper.id))
        .where(Paper.occasion_id == occasion_id, Paper.kind.in_(kinds))
        .group_by(Paper.kind)
        .scalar_subquery()
    )
    question = (
        select(
            Paper.id,
            Paper.kind,
            Paper.version,
            Paper.sha256,
            Paper.name,
            Paper.made,
            case((Paper.id.in_(newest), Paper.html), else_=""),
        )
        .where(Paper.occasion_id == occasion_id, Paper.kind.in_(kinds))
        .order_by(Paper.kind, Paper.version.desc())
    )
    return list(session.execute(question).all())


def standing(
    session: Session, occasion_id: int
) -> Row[tuple[MeetingRecord | None, PublicNotice | None, Step | None, bool, int | None, int | None]]:
    """How a meeting's approval stands.

    Its record, its notice, the step that makes its minutes, whether it has secret items, and its first and last §.
    """
    items = select(Item.id).where(Item.occasion_id == occasion_id)
    question = (
        select(
            MeetingRecord,
            PublicNotice,
            Step,
            exists(items.where(Item.confidentiality == "secret")),
            select(func.min(Item.paragraph)).where(Item.occasion_id == occasion_id).scalar_subquery(),
            select(func.max(Item.paragraph)).where(Item.occasion_id == occasion_id).scalar_subquery(),
        )
        .select_from(Occasion)
        .outerjoin(MeetingRecord, MeetingRecord.occasion_id == Occasion.id)
        .outerjoin(PublicNotice, PublicNotice.occasion_id == Occasion.id)
        .outerjoin(Step, and_(Step.occasion_id == Occasion.id, Step.kind == "minutes"))
        .where(Occasion.id == occasion_id)
    )
    return session.execute(question).one()


def happenings(session: Session, occasion_id: int) -> list[Row[tuple[str, int, int, str, object, str, object | None]]]:
    """(what, id, paper, person, moment, text, settled) of approvals, remarks and corrections, the oldest first.

    `text` is how somebody had signed in, what the remark says, or why it was corrected.
    """
    approved = select(
        literal("approval"), Approval.id, Approval.paper_id, Approval.person, Approval.at, Approval.means, null()
    ).where(Approval.occasion_id == occasion_id)
    remarked = select(
        literal("remark"), Remark.id, Remark.paper_id, Remark.person, Remark.at, Remark.text, Remark.settled
    ).where(Remark.occasion_id == occasion_id)
    corrected = select(
        literal("correction"),
        Correction.id,
        Correction.paper_id,
        Correction.person,
        Correction.at,
        Correction.reason,
        null(),
    ).where(Correction.occasion_id == occasion_id)
    rows: list[Row[Any]] = list(session.execute(union_all(approved, remarked, corrected)).all())
    return sorted(rows, key=lambda row: (row[4], row[0], row[1]))
