"""Looks at people's data and files of it that left: rows are only ever added.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.only_added import guard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _given(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({column}) > 0 AND {column} = trim({column}, ' 　')", name=op.f(f"ck_{table}_{column}")
    )


def upgrade() -> None:
    _create(
        "access_log",
        "access_id",
        "seen_at",
        sa.Column("households", sa.JSON, nullable=False),
        sa.Column("members", sa.JSON, nullable=False),
    )
    _create(
        "export_log",
        "export_id",
        "exported_at",
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
    )


def _create(table: str, key: str, dated: str, *own: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.String(32), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.Column("month", sa.String(7)),
        sa.Column("verb", sa.String(64), nullable=False),
        sa.Column("item", sa.String(400), nullable=False),
        *own,
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("os_user", sa.String(100), nullable=False),
        sa.Column("purpose", sa.String(400), nullable=False),
        sa.Column(dated, sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("sequence", name=f"uq_{table}_sequence"),
        _given(table, "verb"),
        _given(table, "actor"),
        _given(table, "purpose"),
    )
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=[table])
    guard(connection, known.tables[table])
