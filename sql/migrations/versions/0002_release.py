"""Releases of held deliveries, and the measures of a landing that a later one is held against.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("person_records", "valid_ids", "repeated_ids"):
        op.add_column("landing", sa.Column(name, sa.Integer, nullable=True))
    op.create_table(
        "release",
        sa.Column("delivery", sa.String(200), primary_key=True),
        sa.Column("files_digest", sa.String(64), primary_key=True),
        sa.Column("released_by", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
    )
