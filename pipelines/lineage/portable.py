"""The whole ledger as one SQLite file that the stand-alone verifier reads, whatever database it lies in."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Table
from sqlalchemy.dialects import sqlite

from pipelines.lineage.verify_log import Log, ledger_tables
from pipelines.store.leaves import UNREADABLE, canonical
from pipelines.store.schema import LOG_LEAF


def write_portable(log: Log, path: Path) -> None:
    """Every row and every leaf as they were read, into a new file."""
    with closing(sqlite3.connect(path)) as copy, copy:
        for table in ledger_tables():
            _copy(copy, table, log.rows[table.name])
        _copy(copy, LOG_LEAF, log.entries)


def _copy(copy: sqlite3.Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    copy.execute(_created(table))
    marks = ", ".join("?" for _ in table.columns)
    copy.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', (_stored(table, row) for row in rows))


def _created(table: Table) -> str:
    """As the ledger has it on SQLite, without what would refuse rows that were tampered with."""
    kinds = {column.name: column.type.compile(dialect=sqlite.dialect()) for column in table.columns}
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
    return f'CREATE TABLE "{table.name}" ({columns}, PRIMARY KEY ({keys}))'


def _stored(table: Table, row: Mapping[str, Any]) -> list[Any]:
    return [_value(column, row[column.name]) for column in table.columns]


def _value(column: Column[Any], value: Any) -> Any:
    """A plain value in the form in which SQLite keeps it."""
    if value is None or value == UNREADABLE:
        return value
    if isinstance(column.type, JSON):
        return canonical(value)
    return value.replace("T", " ").removesuffix("Z") if isinstance(column.type, DateTime) else value
