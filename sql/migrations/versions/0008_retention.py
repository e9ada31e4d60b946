"""Holds and their releases, orders to erase, what they erased and what of it was kept.

There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.only_added import guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("hold", "hold_release", "erasure_order", "kept", "erasure")


def _given(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({column}) > 0 AND {column} = trim({column}, ' \u3000')", name=op.f(f"ck_{table}_{column}")
    )


def upgrade() -> None:
    _create_holds()
    _create_erasures()
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=list(_TABLES))
    for name in _TABLES:
        guard(connection, known.tables[name])


def _create_holds() -> None:
    op.create_table(
        "hold",
        sa.Column("hold_id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("order_no", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("held_by", sa.String(100), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        _given("hold", "subject"),
        _given("hold", "order_no"),
        _given("hold", "reason"),
        _given("hold", "held_by"),
        sa.CheckConstraint("kind IN ('household', 'person', 'delivery', 'run')", name=op.f("ck_hold_kind")),
    )
    op.create_index("ix_hold_subject", "hold", ["subject"])
    op.create_table(
        "hold_release",
        sa.Column("hold_id", sa.String(32), sa.ForeignKey("hold.hold_id"), primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("released_by", sa.String(100), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        _given("hold_release", "reason"),
        _given("hold_release", "released_by"),
    )


def _create_erasures() -> None:
    op.create_table(
        "erasure_order",
        sa.Column("order_id", sa.String(32), primary_key=True),
        sa.Column("order_no", sa.String(200), nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.String(100), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        _given("erasure_order", "order_no"),
        _given("erasure_order", "reason"),
        _given("erasure_order", "ordered_by"),
    )
    order = sa.ForeignKey("erasure_order.order_id")
    op.create_table(
        "kept",
        sa.Column("partition", sa.String(400), primary_key=True),
        sa.Column("order_id", sa.String(32), order, nullable=False),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("manifest_digest", sa.String(64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "erasure",
        sa.Column("item", sa.String(400), primary_key=True),
        sa.Column("order_id", sa.String(32), sa.ForeignKey("erasure_order.order_id"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
    )
