"""The ledger's tables. The migrations in sql/migrations build them; a test holds the two together.

run_at and landed_at are wall-clock times: they live here only, never in a partition.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

# One row per landing: a delivery, its bytes, the YAML and the code that read it.
LANDING = Table(
    "landing",
    METADATA,
    Column("landing_key", String(64), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("source", String(64), nullable=False),
    Column("delivery", String(200), nullable=False, index=True),
    Column("files_digest", String(64), nullable=False),
    Column("code_digest", String(64), nullable=False),
    Column("status", String(16), nullable=False),  # accepted · empty · refused
    Column("cause", String(64)),
    Column("reason", String(2000)),
    Column("received_at", Date, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("part", String(200), nullable=False),
    Column("physical_lines", Integer, nullable=False),
    Column("accepted_records", Integer, nullable=False),
    Column("quarantine_rows", Integer, nullable=False),
    # What a later delivery is held against; empty in rows an older version wrote.
    Column("person_records", Integer),
    Column("valid_ids", Integer),
    Column("repeated_ids", Integer),
    Column("profile", JSON(none_as_null=True)),
    Column("manifest_digest", String(64), nullable=False),
    Column("landed_at", DateTime(timezone=True), nullable=False),
)

# One row per delivery a named person released from a hold. It is about these bytes, whatever code reads them.
RELEASE = Table(
    "release",
    METADATA,
    Column("delivery", String(200), primary_key=True),
    Column("files_digest", String(64), primary_key=True),
    Column("released_by", String(100), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("released_at", DateTime(timezone=True), nullable=False),
)

# One row per run: its id is the digest of everything it depends on.
RUN = Table(
    "run",
    METADATA,
    Column("run_id", String(32), primary_key=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("month", String(7), nullable=False),
    Column("run_key", JSON, nullable=False),
    Column("run_at", DateTime(timezone=True), nullable=False),
)

# One row per stage of a run, committed after its partition was renamed into place.
STAGE_RUN = Table(
    "stage_run",
    METADATA,
    Column("run_id", String(32), ForeignKey("run.run_id"), primary_key=True),
    Column("stage", String(64), primary_key=True),
    Column("partition", String(400), nullable=False),
    Column("manifest_digest", String(64), nullable=False),
    Column("rows", JSON, nullable=False),
    Column("seconds_ms", Integer, nullable=False),
    Column("ended_at", DateTime(timezone=True), nullable=False),
)

# One row per source and run: what the source could say that month.
SOURCE_STATE = Table(
    "source_state",
    METADATA,
    Column("run_id", String(32), ForeignKey("run.run_id"), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("status", String(16), nullable=False),  # used · empty · not_received · refused · held · waived
    Column("reason", String(2000), nullable=False),
)

# One row per published run. Two rivals for the same revision: the database lets one in.
PUBLICATION = Table(
    "publication",
    METADATA,
    Column("jurisdiction", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),
    Column("replaces", String(32)),
    Column("published_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("run_id"),
)

# One row per verdict a named person gave on a pair; a trigger refuses to change or remove one. The likenesses are
# personal data like any table of the lake.
JUDGEMENT = Table(
    "judgement",
    METADATA,
    Column("judgement_id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),
    Column("pair", String(32), nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("source", String(64), nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("method", String(32), nullable=False),  # how the machine found the pair
    Column("outcome", String(32), nullable=False),  # match, or the reason of the review
    Column("probability_ppm", Integer),
    Column("model", String(64)),
    Column("record_likeness", String(64), nullable=False),
    Column("member_likeness", String(64), nullable=False),
    Column("likeness", JSON, nullable=False),
    Column("verdict", String(16), nullable=False),  # positive · negative · unsure
    Column("judged_by", String(100), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("judged_at", DateTime(timezone=True), nullable=False),
)

# One row per approval of the linkage's error targets; the latest is in force. Nothing here is changed either.
THRESHOLD_APPROVAL = Table(
    "threshold_approval",
    METADATA,
    Column("approval_id", String(32), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),  # whose effect was shown
    Column("match_error", String(40), nullable=False),  # a fraction: 1/512
    Column("review_error", String(40), nullable=False),
    Column("effect", JSON, nullable=False),  # the before and after the person saw
    Column("approved_by", String(100), nullable=False),
    Column("reason", String(2000), nullable=False),
    Column("approved_at", DateTime(timezone=True), nullable=False),
)
