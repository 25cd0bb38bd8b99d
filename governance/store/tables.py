"""The archive's tables. Natural keys are unique, so that whatever runs twice changes nothing the second time.

Moments are stored in UTC; a meeting's day and clock times are local wall time, because that is what was promised.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LIVE = ("planned", "convened", "held", "closed")  # the states of a meeting that is to be or has been


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC in a column without a zone (SQLite has none)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC without a zone; a naive moment is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware UTC moment."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables; constraint names follow one pattern so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        bytes: LargeBinary,
        list[str]: JSON,
        dict[str, str]: JSON,
    }


class Installation(Base):
    """One row: the id that makes this installation's calendar UIDs its own."""

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    begun: Mapped[datetime]


class GovernanceVersion(Base):
    """What the config said from `adopted` on; the yearly follow-up tells what changed between two of them."""

    __tablename__ = "governance_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, str]]
    adopted: Mapped[datetime]


class Occasion(Base):
    """A meeting of a body, or an edition of a paper with a rhythm or clock of its own. `slot` is its identity."""

    __tablename__ = "occasions"
    __table_args__ = (UniqueConstraint("municipality", "kind", "key", "slot"), Index(None, "municipality", "day"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))  # meeting | edition
    key: Mapped[str] = mapped_column(String(80))  # the body's id, or the product's or duty's
    slot: Mapped[date]
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    status: Mapped[str] = mapped_column(String(12), default="planned")
    moved_from: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    uid: Mapped[str] = mapped_column(String(255), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime | None]  # when this version of the invitation was made


class Step(Base):
    """Something owed to an occasion: due, done, and what shows it. A flow takes what is due and does it once."""

    __tablename__ = "steps"
    __table_args__ = (UniqueConstraint("occasion_id", "kind"), Index(None, "done", "due"))
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    kind: Mapped[str] = mapped_column(String(60))
    due: Mapped[datetime]
    done: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry: Mapped[datetime | None]  # when a step that failed is tried again
    evidence: Mapped[str] = mapped_column(Text, default="")


class StatusRequest(Base):
    """A person was asked before a meeting; `answered` is None until something came back."""

    __tablename__ = "status_requests"
    __table_args__ = (UniqueConstraint("occasion_id", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    person: Mapped[str] = mapped_column(String(80))
    asked: Mapped[datetime]
    closes: Mapped[datetime]
    answered: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    choice: Mapped[str] = mapped_column(String(16), default="")


class StatusReply(Base):
    """What a person answered to one question before one meeting."""

    __tablename__ = "status_replies"
    __table_args__ = (UniqueConstraint("request_id", "question"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("status_requests.id"))
    question: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class Item(Base):
    """An item of an opened agenda, and what was said at it. `paragraph` is set where the body numbers by year."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("occasion_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(20), default="")
    presenter: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    confidentiality: Mapped[str] = mapped_column(String(10), default="public")
    decision_id: Mapped[int | None]  # the referral it takes up; no foreign key, for decisions point here already
    paragraph: Mapped[int | None]
    account: Mapped[str] = mapped_column(Text, default="")
    recused: Mapped[list[str]] = mapped_column(default=list)  # person ids that took no part for bias (jäv)
    quorum: Mapped[str] = mapped_column(Text, default="")  # who decided, in words, as it was when they did


class MeetingRecord(Base):
    """That a meeting's outcome was recorded, and what belongs to the meeting as a whole."""

    __tablename__ = "meeting_records"
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), unique=True)
    recorded: Mapped[datetime]
    assessment: Mapped[str] = mapped_column(Text, default="")
    ahead: Mapped[list[str]]
    to_parent: Mapped[list[str]]
    approvers: Mapped[list[str]]
    approved_on: Mapped[date | None]
    approved_by: Mapped[list[str]]


class AttendanceRow(Base):
    """Who came, from when to when."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("occasion_id", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    person: Mapped[str] = mapped_column(String(80))
    presence: Mapped[str] = mapped_column(String(10))
    arrived: Mapped[time | None]
    left: Mapped[time | None] = mapped_column("left_at")
    note: Mapped[str] = mapped_column(Text, default="")


class DecisionRow(Base):
    """A decision; where it was referred, at which meeting that body took it up, and what it answered."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("item_id", "position"), Index(None, "municipality", "referred_to"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    position: Mapped[int]
    body: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    decided: Mapped[date]
    ref: Mapped[str] = mapped_column(String(80), default="")
    referred_to: Mapped[str] = mapped_column(String(80), default="")
    taken_up_id: Mapped[int | None] = mapped_column(ForeignKey("occasions.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[date | None]


class Action(Base):
    """An action: numbered once per municipality and year, carried until it is done or dropped."""

    __tablename__ = "actions"
    __table_args__ = (UniqueConstraint("municipality", "year", "sequence"), Index(None, "municipality", "body"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    made: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(80))
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12), default="not-started")
    comment: Mapped[str] = mapped_column(Text, default="")
    closed: Mapped[date | None]


class ActionEvent(Base):
    """A change of an action, from a status answer or a meeting: once per action, occasion and source."""

    __tablename__ = "action_events"
    __table_args__ = (UniqueConstraint("action_id", "occasion_id", "source"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    source: Mapped[str] = mapped_column(String(90))  # meeting | status:<person>
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(12), default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]


class Arrival(Base):
    """Something that came in and was taken in: the same again is known by its fingerprint."""

    __tablename__ = "arrivals"
    __table_args__ = (UniqueConstraint("occasion_id", "part"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    part: Mapped[str] = mapped_column(String(120))
    fingerprint: Mapped[str] = mapped_column(String(64))
    arrived: Mapped[datetime]


class Paper(Base):
    """A finished paper: its bytes as they were made, never changed; a new version is a new row."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("occasion_id", "kind", "version"), Index(None, "municipality", "made"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    kind: Mapped[str] = mapped_column(String(30))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(200))  # path below the municipality's folder, without ending
    docx: Mapped[bytes]
    html: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    made: Mapped[datetime]


class Dispatch(Base):
    """The outbox: a mail's finished bytes, stored before it leaves; `key` makes it unique."""

    __tablename__ = "dispatches"
    __table_args__ = (Index(None, "state", "retry"), Index(None, "municipality", "occasion_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(320))
    message_id: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(200))  # the file's name in a folder delivery
    data: Mapped[bytes] = mapped_column(deferred=True)
    made: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="queued")  # queued | held | sent | failed | withheld
    attempts: Mapped[int] = mapped_column(default=0)
    retry: Mapped[datetime]
    sent: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")


class DutyEvidence(Base):
    """That a duty of the law was carried out on a day, and the decision or paper that shows it."""

    __tablename__ = "duty_evidence"
    __table_args__ = (UniqueConstraint("municipality", "duty", "area", "done"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80))
    duty: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(120), default="")
    done: Mapped[date]
    body: Mapped[str] = mapped_column(String(80))
    decision: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasions.id"))
