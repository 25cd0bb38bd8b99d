"""The tables of the secretary's desk: the agenda in the making, the minutes as they are written, their approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.store.tables import Base


class AgendaEntry(Base):
    """An item of an agenda in the making, in the place of the body's standing ones; without occasion: parked."""

    __tablename__ = "agenda_entries"
    __table_args__ = (Index(None, "occasion_id", "position"), Index(None, "municipality", "body"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasions.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(20), default="")
    presenter: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    confidentiality: Mapped[str] = mapped_column(String(10), default="public")
    added: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(80), default="")
    late: Mapped[bool] = mapped_column(default=False)  # came in after the last day for items
    origin: Mapped[str] = mapped_column(Text, default="")  # where it came from, in words
    not_before: Mapped[date | None]  # "ta upp igen nästa år": the first day it may be taken up
    proposed: Mapped[bool] = mapped_column(default=False)  # waits for the secretary to take it in


class DraftMode(Base):
    """That a body's mail is held back for the secretary to read first."""

    __tablename__ = "draft_modes"
    __table_args__ = (UniqueConstraint("municipality", "body"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(80))
    begun: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(80))


class MinutesField(Base):
    """One field of the minutes being written, as last saved; `version` counts from 1.

    `name` is `item:<id>:account`, `item:<id>:decision`, `attendance:<person>`, `meeting:begun` and the like.
    """

    __tablename__ = "minutes_fields"
    __table_args__ = (UniqueConstraint("occasion_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class MinutesRevision(Base):
    """Every text ever saved in a field, also one that met a newer (`refused`): nothing written is lost."""

    __tablename__ = "minutes_revisions"
    __table_args__ = (Index(None, "field_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("minutes_fields.id"))
    version: Mapped[int]  # the one it made, or the one it met
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    refused: Mapped[bool] = mapped_column(default=False)


class Approval(Base):
    """That a person approved one version of the minutes: the very bytes, by their hash."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("paper_id", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    means: Mapped[str] = mapped_column(String(12))


class Remark(Base):
    """What somebody who is to approve the minutes wants changed first; `settled` when the secretary has seen to it."""

    __tablename__ = "remarks"
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    settled: Mapped[datetime | None]


class Correction(Base):
    """Why approved minutes were written anew, and by whom."""

    __tablename__ = "corrections"
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))  # the approved one that it replaces
    approved_on: Mapped[date]  # when that one was approved, and by whom
    approved_by: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class PublicNotice(Base):
    """The notice on the board that a protocol has been approved (8 kap. 12 § kommunallagen): put up and taken down."""

    __tablename__ = "public_notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), unique=True)
    posted: Mapped[date]
    until: Mapped[date]
    person: Mapped[str] = mapped_column(String(80))


class Upload(Base):
    """Minutes edited in Word and sent back: the bytes as they came, and the changes found in them."""

    __tablename__ = "uploads"
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(deferred=True)
    changes: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="shown")  # shown | confirmed | dropped
