"""Verdicts of people on linked pairs, and approvals of the linkage's error targets: rows are only ever added.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judgement",
        sa.Column("judgement_id", sa.String(32), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("pair", sa.String(32), nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("probability_ppm", sa.Integer),
        sa.Column("model", sa.String(64)),
        sa.Column("record_likeness", sa.String(64), nullable=False),
        sa.Column("member_likeness", sa.String(64), nullable=False),
        sa.Column("likeness", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("judged_by", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sequence", name="uq_judgement_sequence"),
    )
    op.create_index("ix_judgement_pair", "judgement", ["pair"])
    op.create_table(
        "threshold_approval",
        sa.Column("approval_id", sa.String(32), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("match_error", sa.String(40), nullable=False),
        sa.Column("review_error", sa.String(40), nullable=False),
        sa.Column("effect", sa.JSON, nullable=False),
        sa.Column("approved_by", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sequence", name="uq_threshold_approval_sequence"),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute(_REFUSAL)
    for table, key in (("judgement", "judgement_id"), ("threshold_approval", "approval_id")):
        for statement in _postgresql(table) if is_postgresql else _sqlite(table, key):
            op.execute(statement)


_REFUSAL = """
CREATE OR REPLACE FUNCTION hedui_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$
"""


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hedui_only_added()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hedui_only_added()",
    ]


def _sqlite(table: str, key: str) -> list[str]:
    """INSERT OR REPLACE removes a row without asking the trigger on removals, so that one asks before it."""
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
    return [
        f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_not_removed BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key} OR sequence = NEW.sequence) {refuse}",
    ]
