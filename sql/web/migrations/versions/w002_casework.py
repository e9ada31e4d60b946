"""Casework: moves, decisions as lists show them, public lists, batches, pictures; and four eyes held by the database.

Moves are only ever added. Whoever checked, visited, recommended, re-checked or confirmed in a case confirms nothing in it;
whoever did any of it re-checks no objection in it. There is no downgrade.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.only_added import guard

revision = "w002"
down_revision = "w001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _widen_case()
    _create_moves()
    _create_lists()
    _create_batches()
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=["web_move"])
    guard(connection, known.tables["web_move"])
    for statement in _FOUR_EYES[connection.dialect.name]:
        op.execute(statement)


def _widen_case() -> None:
    op.add_column("web_case", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("web_case", sa.Column("assigned_to", sa.String(64), nullable=False, server_default=""))
    op.add_column("web_case", sa.Column("proposed", sa.String(16), nullable=False, server_default=""))
    op.create_index("ix_web_case_assigned_to", "web_case", ["assigned_to"])


def _create_moves() -> None:
    op.create_table(
        "web_move",
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("row_table", sa.String(32), nullable=False),
        sa.Column("row_key", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_web_move")),
        sa.UniqueConstraint("case_no", "version", name=op.f("uq_web_move_case_no")),
    )
    op.create_index("ix_web_move_case_no", "web_move", ["case_no"])
    op.create_table(
        "web_decision",
        sa.Column("determination_id", sa.String(32), nullable=False),
        sa.Column("case_no", sa.String(32), nullable=False),
        sa.Column("effect", sa.String(16), nullable=False),
        sa.Column("amount_before", sa.BigInteger()),
        sa.Column("amount_after", sa.BigInteger()),
        sa.Column("from_month", sa.String(7), nullable=False),
        sa.Column("phase_out_until", sa.String(7), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("is_replaced", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("determination_id", name=op.f("pk_web_decision")),
    )
    op.create_index("ix_web_decision_case_no", "web_decision", ["case_no"])


def _create_lists() -> None:
    op.create_table(
        "web_publicity",
        sa.Column("publicity_id", sa.String(32), nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("town", sa.String(100), nullable=False),
        sa.Column("village", sa.String(100), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("posted_by", sa.String(64), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("publicity_id", name=op.f("pk_web_publicity")),
    )
    op.create_table(
        "web_publicity_case",
        sa.Column("publicity_id", sa.String(32), nullable=False),
        sa.Column("determination_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["publicity_id"], ["web_publicity.publicity_id"], name=op.f("fk_web_publicity_case_publicity_id")
        ),
        sa.PrimaryKeyConstraint("publicity_id", "determination_id", name=op.f("pk_web_publicity_case")),
    )
    op.create_table(
        "web_picture",
        sa.Column("case_no", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("mime", sa.String(32), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_no", "digest", name=op.f("pk_web_picture")),
    )


def _create_batches() -> None:
    op.create_table(
        "web_batch",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("effect", sa.String(16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("staged_by", sa.String(64), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ending", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_web_batch")),
        sa.CheckConstraint(
            "ending <> 'confirmed' OR lower(ended_by) <> lower(staged_by)",
            name=op.f("ck_web_batch_four_eyes"),
        ),
    )
    op.create_table(
        "web_batch_case",
        sa.Column("batch_id", sa.String(32), nullable=False),
        sa.Column("case_no", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["web_batch.batch_id"], name=op.f("fk_web_batch_case_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "case_no", name=op.f("pk_web_batch_case")),
    )


_OWN_WORK = (
    "NEW.action IN ('confirm', 'recheck') AND EXISTS (SELECT 1 FROM web_move WHERE case_no = NEW.case_no "
    "AND lower(made_by) = lower(NEW.made_by) AND action IN ('check', 'visit', 'recommend', 'recheck', 'confirm'))"
)
_SAYS = "one person may not confirm or re-check what is their own work"
_FOUR_EYES = {
    "sqlite": [
        f"CREATE TRIGGER web_move_four_eyes BEFORE INSERT ON web_move WHEN {_OWN_WORK} "
        f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION web_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n    IF {_OWN_WORK} THEN RAISE EXCEPTION '{_SAYS}'; END IF;\n    RETURN NEW;\nEND\n$$",
        "CREATE TRIGGER web_move_four_eyes BEFORE INSERT ON web_move "
        "FOR EACH ROW EXECUTE FUNCTION web_four_eyes()",
    ],
}
