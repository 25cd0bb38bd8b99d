"""The pages: their door, the secretary's desk, and who took no part in an item."""

import sqlalchemy as sa
from alembic import op

from governance.store.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the pages' tables and gives items their two new columns."""
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_log_municipality_at"), ["municipality", "at"], unique=False)

    op.create_table(
        "draft_modes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("begun", Moment(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_modes")),
        sa.UniqueConstraint("municipality", "body", name=op.f("uq_draft_modes_municipality_body")),
    )
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_tries_key_at"), ["key", "at"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("used", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("onward", sa.String(length=300), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_nonce_hash"), ["nonce_hash"], unique=False)

    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("means", sa.String(length=12), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_web_sessions_key_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_address"), ["address"], unique=False)

    op.create_table(
        "agenda_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("presenter", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.String(length=10), nullable=False),
        sa.Column("added", Moment(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("proposed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_agenda_entries_occasion_id_occasions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_entries")),
    )
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_entries_municipality_body"), ["municipality", "body"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_agenda_entries_occasion_id_position"), ["occasion_id", "position"], unique=False
        )

    op.create_table(
        "mail_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_mail_replies_occasion_id_occasions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_replies")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_replies_message_id")),
    )
    with op.batch_alter_table("mail_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_replies_municipality"), ["municipality"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_replies_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "minutes_fields",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_minutes_fields_occasion_id_occasions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_fields")),
        sa.UniqueConstraint("occasion_id", "name", name=op.f("uq_minutes_fields_occasion_id_name")),
    )
    op.create_table(
        "public_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("posted", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasions.id"], name=op.f("fk_public_notices_occasion_id_occasions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_notices")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_public_notices_occasion_id")),
    )
    op.create_table(
        "signed_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("revoked", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_signed_links_occasion_id_occasions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_links")),
        sa.UniqueConstraint(
            "purpose", "occasion_id", "person", name=op.f("uq_signed_links_purpose_occasion_id_person")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signed_links_token_hash")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_uploads_occasion_id_occasions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploads_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("means", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_approvals_occasion_id_occasions")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_approvals_paper_id_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("paper_id", "person", name=op.f("uq_approvals_paper_id_person")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("settled", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_remarks_occasion_id_occasions")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_remarks_paper_id_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    with op.batch_alter_table("remarks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remarks_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasions.id"], name=op.f("fk_corrections_occasion_id_occasions")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_corrections_paper_id_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrections_occasion_id"), ["occasion_id"], unique=False)

    op.create_table(
        "minutes_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["minutes_fields.id"], name=op.f("fk_minutes_revisions_field_id_minutes_fields")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_revisions")),
    )
    with op.batch_alter_table("minutes_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_minutes_revisions_field_id_version"), ["field_id", "version"], unique=False
        )

    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recused", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("quorum", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Away with them."""
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_column("quorum")
        batch_op.drop_column("recused")

    with op.batch_alter_table("minutes_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minutes_revisions_field_id_version"))

    op.drop_table("minutes_revisions")
    with op.batch_alter_table("remarks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remarks_occasion_id"))

    op.drop_table("remarks")
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrections_occasion_id"))

    op.drop_table("corrections")
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_occasion_id"))

    op.drop_table("approvals")
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uploads_occasion_id"))

    op.drop_table("uploads")
    op.drop_table("signed_links")
    op.drop_table("public_notices")
    op.drop_table("minutes_fields")
    with op.batch_alter_table("mail_replies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_replies_occasion_id"))
        batch_op.drop_index(batch_op.f("ix_mail_replies_municipality"))

    op.drop_table("mail_replies")
    with op.batch_alter_table("agenda_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_entries_occasion_id_position"))
        batch_op.drop_index(batch_op.f("ix_agenda_entries_municipality_body"))

    op.drop_table("agenda_entries")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_address"))

    op.drop_table("web_sessions")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_nonce_hash"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_tries_key_at"))

    op.drop_table("sign_in_tries")
    op.drop_table("identities")
    op.drop_table("draft_modes")
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_log_municipality_at"))

    op.drop_table("audit_log")
