"""Cases, steps, determinations, notices and objections, and what the database itself demands of a determination.

What reduces or ends aid rests on a verification step and a hearing of the same case, not later than it; whoever decides
took no verification step in the case; names and reasons say something. There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.only_added import guard

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = ("review_case", "case_step", "determination", "notice", "objection")


def _given(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"length({column}) > 0 AND {column} = trim({column}, ' 　')", name=op.f(f"ck_{table}_{column}")
    )


def upgrade() -> None:
    _create_cases()
    _create_determinations()
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=list(_TABLES))
    for name in _TABLES:
        guard(connection, known.tables[name])
    for statement in _GROUNDED[connection.dialect.name]:
        op.execute(statement)


def _create_cases() -> None:
    op.create_table(
        "review_case",
        sa.Column("case_id", sa.String(32), primary_key=True),
        sa.Column("jurisdiction", sa.String(64), nullable=False),
        sa.Column("household_id", sa.String(32), nullable=False),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.run_id"), nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("opened_by", sa.String(100), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _given("review_case", "opened_by"),
    )
    op.create_table(
        "case_step",
        sa.Column("step_id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("review_case.case_id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("taken_by", sa.String(100), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        _given("case_step", "finding"),
        _given("case_step", "taken_by"),
        sa.CheckConstraint("kind IN ('verification', 'hearing', 'note')", name=op.f("ck_case_step_kind")),
    )
    op.create_index("ix_case_step_case_id", "case_step", ["case_id"])


def _create_determinations() -> None:
    op.create_table(
        "determination",
        sa.Column("determination_id", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(32), sa.ForeignKey("review_case.case_id"), nullable=False),
        sa.Column("effect", sa.String(16), nullable=False),
        sa.Column("verification_step", sa.String(32), sa.ForeignKey("case_step.step_id")),
        sa.Column("hearing_step", sa.String(32), sa.ForeignKey("case_step.step_id")),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces", sa.String(32), sa.ForeignKey("determination.determination_id")),
        _given("determination", "reasons"),
        _given("determination", "decided_by"),
        sa.CheckConstraint(
            "effect IN ('keep', 'raise', 'reduce', 'suspend', 'end')", name=op.f("ck_determination_effect")
        ),
        sa.CheckConstraint(
            "effect IN ('keep', 'raise') OR (verification_step IS NOT NULL AND hearing_step IS NOT NULL)",
            name=op.f("ck_determination_rests_on"),
        ),
    )
    op.create_index("ix_determination_case_id", "determination", ["case_id"])
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.String(32), primary_key=True),
        sa.Column(
            "determination_id",
            sa.String(32),
            sa.ForeignKey("determination.determination_id"),
            nullable=False,
        ),
        sa.Column("document_digest", sa.String(64), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("served_by", sa.String(100), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        _given("notice", "way"),
        _given("notice", "served_by"),
    )
    op.create_table(
        "objection",
        sa.Column("objection_id", sa.String(32), primary_key=True),
        sa.Column(
            "determination_id",
            sa.String(32),
            sa.ForeignKey("determination.determination_id"),
            nullable=False,
        ),
        sa.Column("grounds", sa.Text, nullable=False),
        sa.Column("received_by", sa.String(100), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        _given("objection", "grounds"),
        _given("objection", "received_by"),
    )


# What is demanded, as a condition that is true when a determination lacks it; the same words for both databases.
_LACKS = (
    (
        "a verification step of this case before it",
        "NEW.verification_step IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_step WHERE step_id = NEW.verification_step "
        "AND case_id = NEW.case_id AND kind = 'verification' AND taken_at <= NEW.decided_at)",
    ),
    (
        "a hearing of this case before it",
        "NEW.hearing_step IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_step WHERE step_id = NEW.hearing_step "
        "AND case_id = NEW.case_id AND kind = 'hearing' AND taken_at <= NEW.decided_at)",
    ),
    (
        "a decider who did not verify",
        "EXISTS (SELECT 1 FROM case_step WHERE case_id = NEW.case_id AND kind = 'verification' "
        "AND lower(taken_by) = lower(NEW.decided_by))",
    ),
    (
        "a determination of this case to replace",
        "NEW.replaces IS NOT NULL AND NOT EXISTS (SELECT 1 FROM determination "
        "WHERE determination_id = NEW.replaces AND case_id = NEW.case_id)",
    ),
)

_CHECKS = "\n".join(
    f"    IF {lacks} THEN RAISE EXCEPTION 'a determination needs {what}'; END IF;" for what, lacks in _LACKS
)
_GROUNDED = {
    "sqlite": [
        f"CREATE TRIGGER determination_grounded_{number} BEFORE INSERT ON determination WHEN {lacks} "
        f"BEGIN SELECT RAISE(ABORT, 'a determination needs {what}'); END"
        for number, (what, lacks) in enumerate(_LACKS)
    ],
    "postgresql": [
        "CREATE FUNCTION hedui_grounded() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN\n{_CHECKS}\n    RETURN NEW;\nEND\n$$",
        "CREATE TRIGGER determination_grounded BEFORE INSERT ON determination "
        "FOR EACH ROW EXECUTE FUNCTION hedui_grounded()",
    ],
}
