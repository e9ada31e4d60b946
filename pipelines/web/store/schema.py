"""The review site's own tables, apart from the ledger's. The migrations in sql/web/migrations build them; a test holds
the two together.

`web_case` is a projection: what it says of a household is made again from each published month, and where it stands in
casework follows from `web_move` and the ledger's rows, in which what people found and decided is kept for good.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

WEB_METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# One row per account. A village officer has town and village, a township officer a town, the others neither.
ACCOUNT = Table(
    "web_account",
    WEB_METADATA,
    Column("id", Integer, primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("email", String(255)),
    Column("display_name", String(100), nullable=False),
    Column("password", String(255)),
    Column("active", Boolean, nullable=False),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),
    Column("town", String(100), nullable=False),
    Column("village", String(100), nullable=False),
    Column("tf_primary_method", String(64)),
    Column("tf_totp_secret", String(255)),
    Column("tf_phone_number", String(64)),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

ROLE = Table(
    "web_role",
    WEB_METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
)

ACCOUNT_ROLE = Table(
    "web_account_role",
    WEB_METADATA,
    Column("account_id", Integer, ForeignKey("web_account.id"), primary_key=True),
    Column("role_id", Integer, ForeignKey("web_role.id"), primary_key=True),
)

# One row per session; the cookie holds the key, the table its digest alone.
SESSION = Table(
    "web_session",
    WEB_METADATA,
    Column("key_digest", String(64), primary_key=True),
    Column("account", String(64), index=True),
    Column("content", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

# One row per limit and window still open.
RATE = Table(
    "web_rate",
    WEB_METADATA,
    Column("rate_key", String(64), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
)

# One row per look at a case, reveal of a number or refusal: added, never changed (triggers refuse it).
LOOK = Table(
    "web_look",
    WEB_METADATA,
    Column("look_id", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("username", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # look · reveal · refused
    Column("purpose", String(64), nullable=False),  # which page or action
    Column("case_no", String(32), nullable=False, index=True),
    Column("household_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("reason", String(500), nullable=False),
)

# One row per household with a standing flag, as the latest published run has it.
CASE = Table(
    "web_case",
    WEB_METADATA,
    Column("id", Integer, primary_key=True),
    Column("case_no", String(32), nullable=False, unique=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("household_id", String(64), nullable=False),
    Column("household_no", String(64), nullable=False, index=True),
    Column("programme", String(32), nullable=False),
    Column("town", String(100), nullable=False),
    Column("village", String(100), nullable=False),
    Column("head", String(32), nullable=False),  # masked
    Column("members", Integer, nullable=False),
    Column("codes", JSON, nullable=False),  # reason codes in their order
    Column("track", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("difference", BigInteger),  # 分 a month: entitlement at most − paid
    Column("is_incomplete", Boolean, nullable=False),
    Column("opened_month", String(7), nullable=False),
    Column("month", String(7), nullable=False),
    Column("run_id", String(32), nullable=False),
    Column("due_date", Date, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),  # one more with every move
    Column("assigned_to", String(64), nullable=False, server_default="", index=True),
    Column(
        "proposed", String(16), nullable=False, server_default=""
    ),  # the effect that waits for confirmation
    UniqueConstraint("jurisdiction", "household_id", "opened_month"),
    Index("ix_web_case_queue", "jurisdiction", "is_open", "due_date", "id"),
    Index("ix_web_case_town", "jurisdiction", "is_open", "town", "due_date", "id"),
    Index("ix_web_case_village", "jurisdiction", "is_open", "town", "village", "due_date", "id"),
)

CASE_REASON = Table(
    "web_case_reason",
    WEB_METADATA,
    Column("code", String(64), primary_key=True),
    Column("case_id", Integer, ForeignKey("web_case.id"), primary_key=True),
)

# One row per village and reason code: open cases, counted when the month was projected. Code "" counts all.
TALLY = Table(
    "web_tally",
    WEB_METADATA,
    Column("jurisdiction", String(64), primary_key=True),
    Column("town", String(100), primary_key=True),
    Column("village", String(100), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("cases", Integer, nullable=False),
)

# One row per jurisdiction: which published run the queue shows.
PROJECTED = Table(
    "web_projected",
    WEB_METADATA,
    Column("jurisdiction", String(64), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("run_id", String(32), nullable=False),
    Column("projected_at", DateTime(timezone=True), nullable=False),
)

# One row per person, case and form: what was typed and not yet sent.
DRAFT = Table(
    "web_draft",
    WEB_METADATA,
    Column("account_id", Integer, ForeignKey("web_account.id"), primary_key=True),
    Column("case_no", String(32), primary_key=True),
    Column("form", String(32), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)

# One row per thing somebody did with a case: added, never changed. Triggers keep four eyes: who checked, visited,
# recommended or confirmed does not confirm or re-check the same case (migration w002).
MOVE = Table(
    "web_move",
    WEB_METADATA,
    Column("move_id", Integer, primary_key=True),
    Column("case_no", String(32), nullable=False, index=True),
    Column("version", Integer, nullable=False),  # the case's, after it
    Column("action", String(16), nullable=False),
    Column("from_state", String(32), nullable=False),
    Column("to_state", String(32), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("content", JSON, nullable=False),  # what the form said
    Column("row_table", String(32), nullable=False),  # the ledger's row it became, if any
    Column("row_key", String(32), nullable=False),
    UniqueConstraint("case_no", "version"),
)

# One row per determination in force or replaced: what lists of them are made from. The ledger's row is the decision.
DECISION = Table(
    "web_decision",
    WEB_METADATA,
    Column("determination_id", String(32), primary_key=True),
    Column("case_no", String(32), nullable=False, index=True),
    Column("effect", String(16), nullable=False),
    Column("amount_before", BigInteger),  # 分 a month
    Column("amount_after", BigInteger),
    Column("from_month", String(7), nullable=False),
    Column("phase_out_until", String(7), nullable=False),  # the last month benefits go on for, or empty
    Column("decided_on", Date, nullable=False),
    Column("is_replaced", Boolean, nullable=False),
)

# One row per list put up in a village or community.
PUBLICITY = Table(
    "web_publicity",
    WEB_METADATA,
    Column("publicity_id", String(32), primary_key=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("town", String(100), nullable=False),
    Column("village", String(100), nullable=False),
    Column("lines", JSON, nullable=False),  # as they were put up: masked
    Column("place", String(200), nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("posted_by", String(64), nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=False),
)

PUBLICITY_CASE = Table(
    "web_publicity_case",
    WEB_METADATA,
    Column("publicity_id", String(32), ForeignKey("web_publicity.publicity_id"), primary_key=True),
    Column("determination_id", String(32), primary_key=True),
)

# One row per staged batch: recommendations of one reason and one effect. Another person than the stager confirms it.
BATCH = Table(
    "web_batch",
    WEB_METADATA,
    Column("batch_id", String(32), primary_key=True),
    Column("jurisdiction", String(64), nullable=False),
    Column("code", String(64), nullable=False),
    Column("effect", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("staged_by", String(64), nullable=False),
    Column("staged_at", DateTime(timezone=True), nullable=False),
    Column("ended_by", String(64)),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", String(16), nullable=False),  # open · confirmed · dropped
    CheckConstraint("ending <> 'confirmed' OR lower(ended_by) <> lower(staged_by)", name="four_eyes"),
)

BATCH_CASE = Table(
    "web_batch_case",
    WEB_METADATA,
    Column("batch_id", String(32), ForeignKey("web_batch.batch_id"), primary_key=True),
    Column("case_no", String(32), primary_key=True),
    Column("version", Integer, nullable=False),  # when it was staged
    Column("result", String(16), nullable=False),  # staged · confirmed · changed · own_work
)

# One row per picture of a home visit; its bytes stand in the site's folder under their digest.
PICTURE = Table(
    "web_picture",
    WEB_METADATA,
    Column("case_no", String(32), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("mime", String(32), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("added_by", String(64), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)
