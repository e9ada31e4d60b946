"""What a flag rests on: its own rows and those they were made from, down to the landed lines and delivered files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import flow
from pipelines.run.month import Run
from pipelines.run.published import read_table
from pipelines.run.tables import landing_partition

OF_MONTH = ("flag", "assessed_line", "linked_match", "linked_review", "household", "household_member")
_LANDED = frozenset(("delivery", "landed_line", *flow.CANONICAL))
_LEVELS = 6  # flag → line → match → record → landed line, and a match of a lent number between
Ref = tuple[str, str]  # table, record_id
Rows = Mapping[Ref, Mapping[str, Any]]
ById = dict[str, dict[Ref, Mapping[str, Any]]]


def evidence_rows(run: Run, record_ids: Iterable[str]) -> dict[Ref, dict[str, Any]]:
    """These records and all they were made from, down to the landed lines and the delivered files."""
    tables = {name: read_table(run, name) for name in OF_MONTH}
    found: dict[Ref, dict[str, Any]] = {}
    wanted, asked = set(record_ids), set[str]()
    for _ in range(_LEVELS):
        if not wanted:
            break
        asked |= wanted
        rows = {**dict(_picked(tables, wanted)), **dict(_landed(run, wanted))}
        found |= rows
        wanted = {parent for row in rows.values() for parent in row["derived_from"]} - asked
    return dict(sorted(found.items()))


def _picked(tables: Mapping[str, pa.Table], wanted: Iterable[str]) -> Iterator[tuple[Ref, dict[str, Any]]]:
    ids = pa.array(sorted(wanted), pa.string())
    for name, table in tables.items():
        for row in table.filter(pc.is_in(table["record_id"], value_set=ids)).to_pylist():
            yield (name, row["record_id"]), row


def _landed(run: Run, wanted: Iterable[str]) -> Iterator[tuple[Ref, dict[str, Any]]]:
    """The id of a landed row names its delivery: only the partitions that hold one are read."""
    by_delivery: dict[str, set[str]] = {}
    for record_id in wanted:
        delivery = "/".join(record_id.split("/")[:2])
        if delivery in run.key["seen"]:
            by_delivery.setdefault(delivery, set()).add(record_id)
    for delivery, ids in sorted(by_delivery.items()):
        partition, value_set = landing_partition(run, delivery), pa.array(sorted(ids), pa.string())
        for file in sorted(run.shop.lake.manifest(partition).files):
            name = file.removesuffix(".parquet")
            if name not in _LANDED:
                continue
            for batch in run.shop.lake.batches(partition, name):
                for row in batch.filter(pc.is_in(batch["record_id"], value_set=value_set)).to_pylist():
                    yield (name, row["record_id"]), row


def by_id(rows: Rows) -> ById:
    """A landed line and the record read from it may bear the same id."""
    found: ById = {}
    for ref, row in rows.items():
        found.setdefault(ref[1], {})[ref] = row
    return found


def resting(record_id: str, rows: ById) -> dict[Ref, Mapping[str, Any]]:
    """Of these rows, the record's own and those it was made from."""
    found: dict[Ref, Mapping[str, Any]] = {}
    waiting, seen = [record_id], {record_id}
    while waiting:
        mine = rows.get(waiting.pop(), {})
        found |= mine
        more = {parent for row in mine.values() for parent in row["derived_from"]} - seen
        seen |= more
        waiting += sorted(more)
    return found
