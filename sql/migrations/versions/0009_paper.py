"""Papers that were given out: what a check code stands for, without personal data. Rows are only ever added.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.only_added import guard

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("code", sa.String(19), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("pdf_digest", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sequence", name="uq_paper_sequence"),
        sa.CheckConstraint(
            "length(made_by) > 0 AND made_by = trim(made_by, ' 　')", name=op.f("ck_paper_made_by")
        ),
    )
    op.create_index("ix_paper_household_id", "paper", ["household_id"])
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=["paper"])
    guard(connection, known.tables["paper"])
