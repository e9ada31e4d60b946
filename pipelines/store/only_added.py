"""Triggers that make the database itself refuse to change, remove or replace a ledger row. For the migrations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, UniqueConstraint, text

REFUSAL = """
CREATE OR REPLACE FUNCTION hedui_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END
$$
"""
_SQLITE = ("not_changed", "not_removed", "not_replaced")
_POSTGRESQL = ("only_added", "not_emptied")


def guard_names(dialect: str, table: str) -> list[str]:
    """The triggers a ledger table has."""
    return [f"{table}_{name}" for name in (_SQLITE if dialect == "sqlite" else _POSTGRESQL)]


def guard(connection: Connection, table: Table) -> None:
    """Give a table its triggers, in place of those it has."""
    statements = _sqlite(table) if connection.dialect.name == "sqlite" else _postgresql(table.name)
    for statement in statements:
        connection.execute(text(statement))


def _postgresql(table: str) -> list[str]:
    return [
        REFUSAL,
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in guard_names("postgresql", table)),
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hedui_only_added()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION hedui_only_added()",
    ]


def _sqlite(table: Table) -> list[str]:
    """INSERT OR REPLACE removes a row without asking the trigger on removals, so that one asks before it.

    It replaces by the hidden rowid too, which reads -1 before an insert that does not state it.
    """
    name = table.name
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are only ever added'); END"
    taken = " OR ".join([_same(columns) for columns in _unique(table)] + ["rowid = NEW.rowid"])
    return [
        *(f"DROP TRIGGER IF EXISTS {trigger}" for trigger in guard_names("sqlite", name)),
        f"CREATE TRIGGER {name}_not_changed BEFORE UPDATE ON {name} {refuse}",
        f"CREATE TRIGGER {name}_not_removed BEFORE DELETE ON {name} {refuse}",
        f"CREATE TRIGGER {name}_not_replaced BEFORE INSERT ON {name} "
        f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {taken}) {refuse}",
    ]


def _unique(table: Table) -> Iterable[Sequence[str]]:
    yield [column.name for column in table.primary_key]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]


def _same(columns: Sequence[str]) -> str:
    return "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")"
