"""The log: a leaf for every ledger row; triggers that let rows only be added, on every table; landed files by digest.

Rows older than the log get their leaves here, table by table. There is no downgrade: a ledger loses nothing.
"""

import sqlalchemy as sa
from alembic import op

from pipelines.store.appending import append_leaf
from pipelines.store.only_added import guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OLDER = (
    "landing",
    "release",
    "run",
    "source_state",
    "stage_run",
    "publication",
    "judgement",
    "threshold_approval",
)


def upgrade() -> None:
    op.create_table(
        "artefact",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(400), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "log_leaf",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("table_name", sa.String(64), nullable=False),
        sa.Column("row_key", sa.Text, nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("table_name", "row_key", name="uq_log_leaf_table_name"),
    )
    connection = op.get_bind()
    known = sa.MetaData()
    known.reflect(connection, only=[*_OLDER, "artefact", "log_leaf"])
    for name in _OLDER:
        table = known.tables[name]
        for key in connection.execute(sa.select(*table.primary_key).order_by(*table.primary_key)).mappings():
            append_leaf(connection, table, dict(key))
    for name in (*_OLDER, "artefact", "log_leaf"):
        guard(connection, known.tables[name])
    for statement in _NO_GAP[connection.dialect.name]:
        op.execute(statement)


_NO_GAP = {
    "sqlite": [
        "CREATE TRIGGER log_leaf_without_gap BEFORE INSERT ON log_leaf "
        "WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM log_leaf) "
        "BEGIN SELECT RAISE(ABORT, 'the log has no gaps'); END"
    ],
    "postgresql": [
        """
CREATE FUNCTION hedui_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM log_leaf) THEN
        RAISE EXCEPTION 'the log has no gaps';
    END IF;
    RETURN NEW;
END
$$
""",
        "CREATE TRIGGER log_leaf_without_gap BEFORE INSERT ON log_leaf "
        "FOR EACH ROW EXECUTE FUNCTION hedui_without_gap()",
    ],
}
