"""What a ledger row is to the log: one canonical text over all its columns, the same on SQLite and PostgreSQL.

A column without a value is left out: a column that a later version adds does not change the leaves there are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    Table,
    Text,
    cast,
    select,
    type_coerce,
)
from sqlalchemy.sql import ColumnElement

from pipelines.base.errors import StoreCorrupt
from pipelines.store import merkle

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{6})")


# Stands for a stored value that the ledger itself never wrote: another type, another form. No leaf is made of it.
UNREADABLE = "\x00unreadable"


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, characters as themselves; no number that is none."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def leaf_text(table: str, row: Mapping[str, Any]) -> str:
    """What the leaf of a row is the hash of."""
    return canonical({"row": {name: row[name] for name in row if row[name] is not None}, "table": table})


def leaf_hash(table: str, row: Mapping[str, Any]) -> str:
    """The leaf of a row as `stored_rows` gives it, 64 hex characters."""
    return merkle.leaf_hash(leaf_text(table, row).encode()).hex()


def row_key(table: Table, row: Mapping[str, Any]) -> str:
    """The row's primary key as text: the name the log knows it by."""
    return canonical([row[column.name] for column in table.primary_key])


def stored_rows(
    connection: Connection, table: Table, key: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Rows as the database holds them, in plain JSON values, by primary key."""
    is_sqlite = connection.dialect.name == "sqlite"
    query = select(*(_raw(column, is_sqlite).label(column.name) for column in table.columns))
    for name, value in (key or {}).items():
        query = query.where(table.c[name] == value)
    for row in connection.execute(query.order_by(*table.primary_key)).mappings():
        yield {column.name: _plain(column, row[column.name]) for column in table.columns}


def _raw(column: Column[Any], is_sqlite: bool) -> ColumnElement[Any]:
    """What stands in the database, before any reading of it: JSON as its text, on SQLite everything as it lies."""
    if is_sqlite:
        return type_coerce(column, Text())
    return cast(column, Text()) if isinstance(column.type, JSON) else column


def _plain(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    try:
        return _read(column, value)
    except (ValueError, TypeError, RecursionError):
        return UNREADABLE


def _read(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, Integer):
        return _as(int, value)
    if isinstance(column.type, DateTime):
        return _time(value)
    if isinstance(column.type, Date):
        return value.isoformat() if isinstance(value, date) else _form(_DATE, value).group()
    text: str = _as(str, value)
    plain = _parsed(text) if isinstance(column.type, JSON) else text
    canonical(plain).encode()  # half a character cannot be written down
    return plain


def _as(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _time(value: Any) -> str:
    """UTC with microseconds. SQLite keeps the time without its zone, which is always UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    day, clock = _form(_TIME, value).groups()
    return f"{day}T{clock}Z"


def _form(form: re.Pattern[str], value: Any) -> re.Match[str]:
    found = form.fullmatch(_as(str, value))
    if found is None:
        raise ValueError
    return found


def _parsed(text: str) -> Any:
    """JSON that says each key once: a second one would be read over and could hide."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(_: str) -> Any:
    raise ValueError


def the_row(connection: Connection, table: Table, key: Mapping[str, Any]) -> dict[str, Any]:
    """The one row with this key, as the database holds it."""
    found = list(stored_rows(connection, table, key))
    if len(found) != 1 or UNREADABLE in found[0].values():
        raise StoreCorrupt("the ledger does not hold the row it was given", place=table.name)
    return found[0]
