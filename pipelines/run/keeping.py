"""The evidence of single households, taken out of a month before its raw data is erased, and read again afterwards.

One partition a household and run, `kept/<jurisdiction>/<month>/<run>/<household>`, sealed by a key of its own: every record
its rows rest on, table by table, and the bytes of each delivered line.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import contracts
from pipelines.base.database import in_memory
from pipelines.base.errors import Erased
from pipelines.lineage.delivered import KeptLines, LakeLines, Lines, readable_bytes
from pipelines.lineage.trace import edges
from pipelines.reference import sql
from pipelines.run.month import Run
from pipelines.run.published import all_tables, read_table
from pipelines.sources.spec import load_spec
from pipelines.store.lake import Lake
from pipelines.store.retained import KeptRow, kept_rows

_LINES = "lines.json"
_ENDING = ".arrow"
# Of the whole month, and small: what a waterfall needs beside the pairs.
_SHARED = ("link_model",)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Tables and lines a trace walks over."""

    tables: Mapping[str, pa.Table]
    lines: Lines


def evidence_of(run: Run, record_id: str) -> Evidence:
    """The month's own tables; when they were erased, what was kept of the household the record belongs to."""
    try:
        return Evidence(tables=all_tables(run), lines=LakeLines(run.shop.lake))
    except Erased as erased:
        for row in kept_rows(run.shop.ledger.engine):
            if row.run_id == run.run_id:
                found = read_kept(run.shop.lake, row)
                if any(record_id in table["record_id"].to_pylist() for table in found.tables.values()):
                    return found
        raise Erased(
            f"{erased.what}, and nothing was kept of [{record_id}]", place=run.run_id, remedy=erased.remedy
        ) from None


def table_about(run: Run, name: str, household_id: str) -> pa.Table:
    """A table of the month; when it was erased, what was kept of this household, or no row at all."""
    try:
        return read_table(run, name)
    except Erased:
        for row in kept_rows(run.shop.ledger.engine):
            if (row.run_id, row.household_id) == (run.run_id, household_id):
                return read_kept(run.shop.lake, row).tables.get(name, contracts.by_name(name).empty())
        return contracts.by_name(name).empty()


def read_kept(lake: Lake, row: KeptRow) -> Evidence:
    """What was kept of a household."""
    names = lake.manifest(row.partition).files
    tables = {
        name.removesuffix(_ENDING): pa.ipc.open_stream(lake.document(row.partition, name)).read_all()
        for name in names
        if name.endswith(_ENDING)
    }
    coded = json.loads(lake.document(row.partition, _LINES))
    return Evidence(
        tables=tables, lines=KeptLines({name: base64.b64decode(text) for name, text in coded.items()})
    )


def keep(run: Run, households: Iterable[str]) -> Iterator[KeptRow]:
    """Write the evidence of these households of a run, each into its own partition."""
    wanted = sorted(set(households))
    if not wanted:
        return
    tables = all_tables(run)
    behind = _behind(tables, wanted)
    parts = {name: _by_household(table, behind) for name, table in tables.items() if name not in _SHARED}
    shared = {name: tables[name] for name in _SHARED if name in tables}
    opened: dict[str, bytes] = {}
    for household in wanted:
        mine = {name: rows[household] for name, rows in parts.items() if household in rows} | shared
        documents = {f"{name}{_ENDING}": _stream(table) for name, table in mine.items()}
        documents[_LINES] = json.dumps(_lines(run, mine, opened), sort_keys=True).encode()
        partition = f"kept/{run.jurisdiction}/{run.period}/{run.run_id}/{household}"
        written = run.shop.lake.write_documents(
            partition, documents, {"run": run.run_id, "household": household}
        )
        yield KeptRow(
            partition=partition,
            run_id=run.run_id,
            household_id=household,
            manifest_digest=written.digest,
        )


def _behind(tables: Mapping[str, pa.Table], households: list[str]) -> pa.Table:
    """(household_id, record_id): a household's own rows, and all they were made from."""
    wanted = pa.array(households, pa.string())
    own = []
    for name, table in tables.items():
        column = "record_id" if name == "household" else "household_id"
        if column in table.column_names:
            rows = table.filter(pc.is_in(table[column], value_set=wanted))
            own.append(pa.table({"household_id": rows[column], "record_id": rows["record_id"]}))
    with in_memory() as connection:
        connection.register("own", pa.concat_tables(own))
        connection.register("edge", pa.concat_tables([edges(table) for table in tables.values()]))
        found: pa.Table = connection.sql(sql("lineage/kept.sql")).to_arrow_table()
    return found


def _by_household(table: pa.Table, behind: pa.Table) -> dict[str, pa.Table]:
    """A table's rows behind each household."""
    rows = table.filter(pc.is_in(table["record_id"], value_set=behind["record_id"].combine_chunks()))
    place = {record: at for at, record in enumerate(rows["record_id"].to_pylist())}
    places: dict[str, list[int]] = {}
    for household, record in zip(
        behind["household_id"].to_pylist(), behind["record_id"].to_pylist(), strict=True
    ):
        if record in place:
            places.setdefault(household, []).append(place[record])
    return {household: rows.take(sorted(at)) for household, at in places.items()}


def _lines(run: Run, tables: Mapping[str, pa.Table], opened: dict[str, bytes]) -> dict[str, str]:
    """The bytes of each landed line, in base 64. A file is unpacked once for all households."""
    if "landed_line" not in tables:
        return {}
    files = {row["record_id"]: row for row in tables["delivery"].to_pylist()}
    found = {}
    for row in tables["landed_line"].to_pylist():
        digest = files[row["derived_from"][0]]["sha256"]
        if digest not in opened:
            layout = load_spec(row["source"]).layout_of(row["file_name"])
            opened[digest] = readable_bytes(run.shop.lake.get_bytes(digest), layout)
        data = opened[digest][row["byte_offset"] : row["byte_offset"] + row["byte_length"]]
        found[row["record_id"]] = base64.b64encode(data).decode()
    return found


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())
