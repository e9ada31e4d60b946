"""The ledger's tables about looks at people's data and files of it that left. No id number, no name of a person in them.

They are part of pipelines.store.schema, from which everything imports them.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Integer, String, Table

from pipelines.store.metadata import METADATA, given

# One row per look at people's data through the command line, written before anything is shown.
ACCESS_LOG = Table(
    "access_log",
    METADATA,
    Column("access_id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("run_id", String(32)),
    Column("month", String(7)),
    Column("verb", String(64), nullable=False),
    Column("item", String(400), nullable=False),  # the id that was asked for, or what kind of list
    Column("households", JSON, nullable=False),  # household ids (H-…) that were shown
    Column("members", JSON, nullable=False),  # member ids (P-…), where it was about some members only
    Column("actor", String(100), nullable=False),  # HEDUI_USER, else the operating system's user
    Column("os_user", String(100), nullable=False),
    Column("purpose", String(400), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    given("verb"),
    given("actor"),
    given("purpose"),
)

# One row per file that was written for use outside the store.
EXPORT_LOG = Table(
    "export_log",
    METADATA,
    Column("export_id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("run_id", String(32)),
    Column("month", String(7)),
    Column("verb", String(64), nullable=False),
    Column("item", String(400), nullable=False),  # the table, or what the file holds
    Column("file_digest", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("os_user", String(100), nullable=False),
    Column("purpose", String(400), nullable=False),
    Column("exported_at", DateTime(timezone=True), nullable=False),
    given("verb"),
    given("actor"),
    given("purpose"),
)
