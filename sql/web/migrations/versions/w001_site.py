"""The review site's own tables: accounts, sessions, rate limits, looks, the queue's projection, drafts.

Looks are only ever added: the database refuses to change or remove one.
"""

import sqlalchemy as sa
from alembic import op

revision = "w001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("village", sa.String(length=100), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_phone_number", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_account")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_web_account_fs_uniquifier")),
        sa.UniqueConstraint("username", name=op.f("uq_web_account_username")),
    )
    op.create_table(
        "web_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=32), nullable=False),
        sa.Column("jurisdiction", sa.String(length=64), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=False),
        sa.Column("household_no", sa.String(length=64), nullable=False),
        sa.Column("programme", sa.String(length=32), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("village", sa.String(length=100), nullable=False),
        sa.Column("head", sa.String(length=32), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("track", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("is_incomplete", sa.Boolean(), nullable=False),
        sa.Column("opened_month", sa.String(length=7), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_case")),
        sa.UniqueConstraint("case_no", name=op.f("uq_web_case_case_no")),
        sa.UniqueConstraint(
            "jurisdiction", "household_id", "opened_month", name=op.f("uq_web_case_jurisdiction")
        ),
    )
    op.create_index(op.f("ix_web_case_household_no"), "web_case", ["household_no"], unique=False)
    op.create_index(
        "ix_web_case_queue", "web_case", ["jurisdiction", "is_open", "due_date", "id"], unique=False
    )
    op.create_index(
        "ix_web_case_town", "web_case", ["jurisdiction", "is_open", "town", "due_date", "id"], unique=False
    )
    op.create_index(
        "ix_web_case_village",
        "web_case",
        ["jurisdiction", "is_open", "town", "village", "due_date", "id"],
        unique=False,
    )
    op.create_table(
        "web_look",
        sa.Column("look_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("case_no", sa.String(length=32), nullable=False),
        sa.Column("household_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("look_id", name=op.f("pk_web_look")),
    )
    op.create_index(op.f("ix_web_look_at"), "web_look", ["at"], unique=False)
    op.create_index(op.f("ix_web_look_case_no"), "web_look", ["case_no"], unique=False)
    op.create_index(op.f("ix_web_look_username"), "web_look", ["username"], unique=False)
    op.create_table(
        "web_projected",
        sa.Column("jurisdiction", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("projected_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction", name=op.f("pk_web_projected")),
    )
    op.create_table(
        "web_rate",
        sa.Column("rate_key", sa.String(length=64), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rate_key", name=op.f("pk_web_rate")),
    )
    op.create_table(
        "web_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_role")),
        sa.UniqueConstraint("name", name=op.f("uq_web_role_name")),
    )
    op.create_table(
        "web_session",
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_digest", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_account"), "web_session", ["account"], unique=False)
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_table(
        "web_tally",
        sa.Column("jurisdiction", sa.String(length=64), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("village", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction", "town", "village", "code", name=op.f("pk_web_tally")),
    )
    op.create_table(
        "web_account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["web_account.id"], name=op.f("fk_web_account_role_account_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["web_role.id"], name=op.f("fk_web_account_role_role_id")),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_web_account_role")),
    )
    op.create_table(
        "web_case_reason",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["web_case.id"], name=op.f("fk_web_case_reason_case_id")),
        sa.PrimaryKeyConstraint("code", "case_id", name=op.f("pk_web_case_reason")),
    )
    op.create_table(
        "web_draft",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["web_account.id"], name=op.f("fk_web_draft_account_id")),
        sa.PrimaryKeyConstraint("account_id", "case_no", "form", name=op.f("pk_web_draft")),
    )
    # ### end Alembic commands ###

    for statement in _ONLY_ADDED[op.get_bind().dialect.name]:
        op.execute(statement)


_REFUSE = "BEGIN SELECT RAISE(ABORT, 'looks are only ever added'); END"
_ONLY_ADDED = {
    "sqlite": [
        f"CREATE TRIGGER web_look_not_changed BEFORE UPDATE ON web_look {_REFUSE}",
        f"CREATE TRIGGER web_look_not_removed BEFORE DELETE ON web_look {_REFUSE}",
        "CREATE TRIGGER web_look_not_replaced BEFORE INSERT ON web_look "
        f"WHEN EXISTS (SELECT 1 FROM web_look WHERE look_id = NEW.look_id) {_REFUSE}",
    ],
    "postgresql": [
        "CREATE FUNCTION web_only_added() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    RAISE EXCEPTION 'looks are only ever added';\nEND\n$$",
        "CREATE TRIGGER web_look_only_added BEFORE UPDATE OR DELETE ON web_look "
        "FOR EACH ROW EXECUTE FUNCTION web_only_added()",
        "CREATE TRIGGER web_look_not_emptied BEFORE TRUNCATE ON web_look "
        "FOR EACH STATEMENT EXECUTE FUNCTION web_only_added()",
    ],
}
