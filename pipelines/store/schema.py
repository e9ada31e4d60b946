"""The ledger's tables. The migrations in sql/migrations build them; a test holds the two together.

run_at and landed_at are wall-clock times: they live here only, never in a partition. Triggers refuse to change or remove
a row of any of them, and every row has a leaf in the log (appending.py).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pipelines.store.access_tables import ACCESS_LOG, EXPORT_LOG
from pipelines.store.metadata import METADATA, given
from pipelines.store.retention_tables import ERASURE, ERASURE_ORDER, HOLD, HOLD_RELEASE, KEPT

__all__ = [
    "ACCESS_LOG",
    "ARTEFACT",
    "CASE_STEP",
    "DETERMINATION",
    "ERASURE",
    "ERASURE_ORDER",
    "EXPORT_LOG",
    "HOLD",
    "HOLD_RELEASE",
    "JUDGEMENT",
    "KEPT",
    "LANDING",
    "LOG_LEAF",
    "METADATA",
    "NOTICE",
    "OBJECTION",
    "PUBLICATION",
    "RELEASE",
    "REVIEW_CASE",
    "RUN",
    "SOURCE_STATE",
    "STAGE_RUN",
    "THRESHOLD_APPROVAL",
]

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

# One row per verdict a named person gave on a pair. The likenesses are personal data like any table of the lake.
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

# One row per approval of the linkage's error targets; the latest is in force.
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

# One row per file whose bytes the lake keeps: a delivered file (kind `file`, name <delivery>/<file>), the manifest of an
# evidence bundle, an auditor's verdict (documents.py). What other rows already name by digest (partitions in landing and
# stage_run, pack and code in run) does not stand here again.
ARTEFACT = Table(
    "artefact",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("name", String(400), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

# The log: one row per ledger row, in the order in which they were added, from 0 without gaps.
LOG_LEAF = Table(
    "log_leaf",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("table_name", String(64), nullable=False),
    Column("row_key", Text, nullable=False),  # the primary key as a JSON array
    Column("leaf_hash", String(64), nullable=False),
    UniqueConstraint("table_name", "row_key"),
)


# One row per case: a household whose flags a person looks into.
REVIEW_CASE = Table(
    "review_case",
    METADATA,
    Column("case_id", String(32), primary_key=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("household_id", String(32), nullable=False),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),
    Column("flags", JSON, nullable=False),
    Column("opened_by", String(100), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    given("opened_by"),
)

# One row per thing a person did about a case.
CASE_STEP = Table(
    "case_step",
    METADATA,
    Column("step_id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("review_case.case_id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("finding", Text, nullable=False),
    Column("taken_by", String(100), nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
    given("finding"),
    given("taken_by"),
    CheckConstraint("kind IN ('verification', 'hearing', 'note')", name="kind"),
)

# One row per decision of a named person. What reduces or ends aid rests on a verification and a hearing of the same case,
# taken before it; who decides has verified nothing in the case (triggers: migration 0006).
DETERMINATION = Table(
    "determination",
    METADATA,
    Column("determination_id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("review_case.case_id"), nullable=False, index=True),
    Column("effect", String(16), nullable=False),
    Column("verification_step", String(32), ForeignKey("case_step.step_id")),
    Column("hearing_step", String(32), ForeignKey("case_step.step_id")),
    Column("reasons", Text, nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("replaces", String(32), ForeignKey("determination.determination_id")),
    given("reasons"),
    given("decided_by"),
    CheckConstraint("effect IN ('keep', 'raise', 'reduce', 'suspend', 'end')", name="effect"),
    CheckConstraint(
        "effect IN ('keep', 'raise') OR (verification_step IS NOT NULL AND hearing_step IS NOT NULL)",
        name="rests_on",
    ),
)

# One row per notice of a determination that was served on the household.
NOTICE = Table(
    "notice",
    METADATA,
    Column("notice_id", String(32), primary_key=True),
    Column("determination_id", String(32), ForeignKey("determination.determination_id"), nullable=False),
    Column("document_digest", String(64), nullable=False),
    Column("way", String(32), nullable=False),
    Column("served_by", String(100), nullable=False),
    Column("served_at", DateTime(timezone=True), nullable=False),
    given("way"),
    given("served_by"),
)

# One row per objection of a household to a determination; what comes of it is a determination that replaces it.
OBJECTION = Table(
    "objection",
    METADATA,
    Column("objection_id", String(32), primary_key=True),
    Column("determination_id", String(32), ForeignKey("determination.determination_id"), nullable=False),
    Column("grounds", Text, nullable=False),
    Column("received_by", String(100), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    given("grounds"),
    given("received_by"),
)

# One row per paper given out, by its check code: a paper made again with the same content is the same paper.
PAPER = Table(
    "paper",
    METADATA,
    Column("code", String(19), primary_key=True),
    Column("sequence", Integer, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("jurisdiction", String(64), nullable=False),
    Column("month", String(7), nullable=False),
    Column("household_id", String(32), nullable=False, index=True),
    Column("run_id", String(32), ForeignKey("run.run_id"), nullable=False),
    Column("pdf_digest", String(64), nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("length(made_by) > 0 AND made_by = trim(made_by, ' 　')", name="made_by"),
)
