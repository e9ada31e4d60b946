"""The one way into the ledger: a row and its leaf in the log, in one transaction, one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from pipelines.store.leaves import leaf_hash, row_key, the_row
from pipelines.store.schema import LOG_LEAF

_LOCK = 731_000_002  # any number: all who append ask PostgreSQL for the same advisory lock


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes. Rivals wait: what is read in it stays true until it ends."""
    with engine.begin() as connection:
        _alone(connection)
        yield connection


def append(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row and its leaf; the answer is its place in the log. Without gaps, from 0 on."""
    _alone(connection)
    connection.execute(insert(table).values(**row))
    return append_leaf(connection, table, {column.name: row[column.name] for column in table.primary_key})


def append_leaf(connection: Connection, table: Table, key: Mapping[str, Any]) -> int:
    """The leaf of a row that stands already: for `append`, and for rows older than the log (migration 0005)."""
    stored = the_row(connection, table, key)
    last = connection.scalar(select(func.max(LOG_LEAF.c.position)))
    position = 0 if last is None else last + 1
    connection.execute(
        insert(LOG_LEAF).values(
            position=position,
            table_name=table.name,
            row_key=row_key(table, stored),
            leaf_hash=leaf_hash(table.name, stored),
        )
    )
    return position


def _alone(connection: Connection) -> None:
    """Until the transaction ends. Asking again within it costs nothing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        return
    driver: Any = connection.connection.dbapi_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
