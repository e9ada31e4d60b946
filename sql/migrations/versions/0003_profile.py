"""The profile of a landing: how many values of each column are of each size; a later delivery is held against it.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("landing", sa.Column("profile", sa.JSON(none_as_null=True), nullable=True))
