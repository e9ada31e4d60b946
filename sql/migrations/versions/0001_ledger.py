"""The first ledger: landings, runs, stages, source states, publications.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landing",
        sa.Column("landing_key", sa.String(64), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("delivery", sa.String(200), nullable=False),
        sa.Column("files_digest", sa.String(64), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("cause", sa.String(64)),
        sa.Column("reason", sa.String(2000)),
        sa.Column("received_at", sa.Date, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("part", sa.String(200), nullable=False),
        sa.Column("physical_lines", sa.Integer, nullable=False),
        sa.Column("accepted_records", sa.Integer, nullable=False),
        sa.Column("quarantine_rows", sa.Integer, nullable=False),
        sa.Column("manifest_digest", sa.String(64), nullable=False),
        sa.Column("landed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sequence", name="uq_landing_sequence"),
    )
    op.create_index("ix_landing_delivery", "landing", ["delivery"])
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(32), primary_key=True),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("run_key", sa.JSON, nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "stage_run",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), primary_key=True),
        sa.Column("stage", sa.String(64), primary_key=True),
        sa.Column("partition", sa.String(400), nullable=False),
        sa.Column("manifest_digest", sa.String(64), nullable=False),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.Column("seconds_ms", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "source_state",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
    )
    op.create_table(
        "publication",
        sa.Column("jurisdiction", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("replaces", sa.String(32)),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("run_id", name="uq_publication_run_id"),
    )
