"""The tables of the pages' door: who signed in, from where links lead, and the log of what was done.

No secret is stored as it is: tokens, codes and session keys only as their SHA-256.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.store.tables import Base


class SignIn(Base):
    """Somebody on the way in: good once, for a quarter of an hour, in the browser that asked (`nonce_hash`).

    By mail: a link (`token_hash`) and a code sent to an address. By the municipality's own sign-in: `token_hash` is of
    the state that comes back, `issuer` who was asked, `subject` who it was; a mail that carries both binds them to
    its address.
    """

    __tablename__ = "sign_ins"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    nonce_hash: Mapped[str] = mapped_column(String(64), index=True)
    made: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    onward: Mapped[str] = mapped_column(String(300), default="")  # the path they were on their way to
    issuer: Mapped[str] = mapped_column(String(255), default="")
    subject: Mapped[str] = mapped_column(String(255), default="")


class SignInTry(Base):
    """That an address or a computer (`key`, a hash) asked to sign in: what the limits count."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (Index(None, "key", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class WebSession(Base):
    """Somebody signed in. `address` is the identity; the config says what it may do."""

    __tablename__ = "web_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(320), index=True)
    means: Mapped[str] = mapped_column(String(12))  # mail-link | oidc | proxy
    issuer: Mapped[str] = mapped_column(String(255), default="")  # oidc: who vouched for them
    made: Mapped[datetime]
    seen: Mapped[datetime]
    ended: Mapped[datetime | None]


class Identity(Base):
    """Which address an identity of the municipality's own sign-in (issuer and subject) belongs to."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(320))
    made: Mapped[datetime]


class AuditEntry(Base):
    """One thing somebody did, chained to the one before by hash. Never the text itself, so that it can be weeded."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "municipality", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    municipality: Mapped[str] = mapped_column(String(80), default="")
    person: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    body: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of what was there
    after: Mapped[str] = mapped_column(String(64), default="")
    request: Mapped[str] = mapped_column(String(40), default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class SignedLink(Base):
    """A link somebody may use without signing in: for one person and one thing, until it expires or is revoked."""

    __tablename__ = "signed_links"
    __table_args__ = (UniqueConstraint("purpose", "occasion_id", "person"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))  # status
    municipality: Mapped[str] = mapped_column(String(80))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"))
    person: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made: Mapped[datetime]
    expires: Mapped[datetime]
    revoked: Mapped[datetime | None]


class MailReply(Base):
    """What somebody wrote back to a status question by mail: kept as it came, until the secretary has read it."""

    __tablename__ = "mail_replies"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(80), index=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasions.id"), index=True)
    person: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="unreviewed")  # unreviewed | taken | dropped
