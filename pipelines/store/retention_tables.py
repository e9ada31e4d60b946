"""The ledger's tables about what may not be erased, what an order erased, and what of it was kept.

They are part of pipelines.store.schema, from which everything imports them.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, DateTime, ForeignKey, String, Table, Text

from pipelines.store.metadata import METADATA, given

# One row per hold: what it is about is not erased until a named person lets it go. A person is named by a keyed hash.
HOLD = Table(
    "hold",
    METADATA,
    Column("hold_id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False, index=True),
    Column("order_no", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("held_by", String(100), nullable=False),
    Column("held_at", DateTime(timezone=True), nullable=False),
    given("subject"),
    given("order_no"),
    given("reason"),
    given("held_by"),
    CheckConstraint("kind IN ('household', 'person', 'delivery', 'run')", name="kind"),
)

# One row per hold that was let go.
HOLD_RELEASE = Table(
    "hold_release",
    METADATA,
    Column("hold_id", String(32), ForeignKey("hold.hold_id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("released_by", String(100), nullable=False),
    Column("released_at", DateTime(timezone=True), nullable=False),
    given("reason"),
    given("released_by"),
)

# One row per order to erase what is past its term on a day.
ERASURE_ORDER = Table(
    "erasure_order",
    METADATA,
    Column("order_id", String(32), primary_key=True),
    Column("order_no", String(200), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", String(100), nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    given("order_no"),
    given("reason"),
    given("ordered_by"),
)

# One row per household whose evidence an erasure keeps: a partition `lake/kept/…` of its own.
KEPT = Table(
    "kept",
    METADATA,
    Column("partition", String(400), primary_key=True),
    Column("order_id", String(32), ForeignKey("erasure_order.order_id"), nullable=False),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),
    Column("household_id", String(32), nullable=False),
    Column("manifest_digest", String(64), nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
)

# One row per unit (partition, delivered file) whose key was destroyed; the digest is of what it was, in plaintext.
ERASURE = Table(
    "erasure",
    METADATA,
    Column("item", String(400), primary_key=True),
    Column("order_id", String(32), ForeignKey("erasure_order.order_id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("due", Date, nullable=False),  # the last day of its term
    Column("erased_at", DateTime(timezone=True), nullable=False),
)
