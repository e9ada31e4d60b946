"""Trace a flag to the bytes: flag → line → match → standardised record → landed line → the delivered file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.database import in_memory
from pipelines.base.errors import NotFound
from pipelines.lineage.delivered import LakeLines, Lines
from pipelines.reference import sql
from pipelines.store.lake import Lake


@dataclass(frozen=True, kw_only=True)
class Node:
    """One record on the way: its table, its row, what it was made from. `delivered` is set on landed lines."""

    record_id: str
    table: str
    row: Mapping[str, Any]
    parents: tuple[Node, ...]
    delivered: bytes | None


def trace(record_id: str, tables: Mapping[str, pa.Table], source: Lake | Lines) -> Node:
    """The tree behind a record; lines come from the lake, or from what was kept. `tables` are the month's tables by name; NotFound when none holds the id."""
    if record_id not in _ids(tables.values()):
        raise NotFound(
            f"no record of the month is called [{record_id}]", remedy="hedui export flag lists the flags"
        )
    ancestry = _ancestry(record_id, tables)
    wanted = {record_id, *(edge["parent"] for edge in ancestry), *(edge["record_id"] for edge in ancestry)}
    rows = {row["record_id"]: (name, row) for name, row in _rows(tables, wanted)}
    parents: dict[str, list[str]] = {}
    for edge in ancestry:
        parents.setdefault(edge["record_id"], []).append(edge["parent"])
    return _node(record_id, rows, parents, LakeLines(source) if isinstance(source, Lake) else source)


def _ids(tables: Iterable[pa.Table]) -> set[str]:
    return {value for table in tables for value in table["record_id"].to_pylist()}


def _ancestry(record_id: str, tables: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    made_from = pa.concat_tables([edges(table) for table in tables.values()])
    with in_memory() as connection:
        connection.register("edge", made_from)
        found: pa.Table = connection.sql(
            sql("lineage/trace.sql"), params={"record_id": record_id}
        ).to_arrow_table()
    return list(found.to_pylist())


def edges(table: pa.Table) -> pa.Table:
    """One row per entry of derived_from."""
    narrow = table.select(["record_id", "derived_from"]).combine_chunks()
    lists = narrow["derived_from"].combine_chunks()
    children = narrow["record_id"].combine_chunks().take(pc.list_parent_indices(lists))
    return pa.table({"record_id": children, "parent": pc.list_flatten(lists)})


def _rows(tables: Mapping[str, pa.Table], wanted: set[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    ids = pa.array(sorted(wanted), pa.string())
    for name, table in tables.items():
        for row in table.filter(pc.is_in(table["record_id"], value_set=ids)).to_pylist():
            yield name, row


def _node(
    record_id: str,
    rows: Mapping[str, tuple[str, dict[str, Any]]],
    parents: Mapping[str, list[str]],
    lines: Lines,
) -> Node:
    if record_id not in rows:
        # A member of another household, or last month's flag: named, and traced by its own id.
        return Node(record_id=record_id, table="", row={}, parents=(), delivered=None)
    table, row = rows[record_id]
    above = tuple(_node(parent, rows, parents, lines) for parent in sorted(set(parents.get(record_id, []))))
    delivered = None
    if table == "landed_line":
        file = rows[row["derived_from"][0]][1]
        delivered = lines.line(row, file["sha256"])
    return Node(record_id=record_id, table=table, row=row, parents=above, delivered=delivered)
