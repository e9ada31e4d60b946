"""Tables of a run by name: those of the landings it saw, those in force, those linked, those of the month before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import contracts, flow
from pipelines.base.period import Period
from pipelines.run.deltas import replaced_by_later
from pipelines.run.landing import partition_of
from pipelines.s4_link import closed_numbers, is_closed
from pipelines.sources.spec import load_spec

if TYPE_CHECKING:
    from pipelines.run.month import Run

_ADDRESS = ("record_id", "delivery", "file_name", "row_no")


def landing_partition(run: Run, delivery: str) -> str:
    """The partition of a delivery the run saw."""
    row = run.shop.ledger.landing(run.key["seen"][delivery])
    assert row is not None, f"a run names a landing the ledger does not hold: {delivery}"  # noqa: S101
    return partition_of(row)


def seen(run: Run, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A landing table, or columns of it, over every delivery the run saw, refused and superseded ones too."""
    return _concat(run, sorted(run.key["seen"]), table, columns)


def used_records(run: Run, table: str) -> pa.Table:
    """A canonical table over the deliveries in force, without rows that a later delta replaces.

    Of a registry also without the rows of listed people who may not be looked up in it.
    """
    return pa.Table.from_batches(used_batches(run, table), contracts.by_name(table).schema).combine_chunks()


def used_batches(
    run: Run, table: str, *, columns: Sequence[str] | None = None, sources: Collection[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The same in stretches: some columns, of all sources or of some."""
    schema = contracts.by_name(table).schema
    if columns is not None:
        schema = pa.schema([schema.field(name) for name in columns])
    gone = pa.array(sorted(superseded_records(run, table)), pa.string())
    closed = _closed(run, table)
    for delivery in run.key["used"]:
        source = delivery.split("/", maxsplit=1)[0]
        partition = landing_partition(run, delivery)
        if (sources is not None and source not in sources) or not run.shop.lake.holds(partition, table):
            continue
        for batch in run.shop.lake.batches(partition, table, schema.names):
            rows = pa.Table.from_batches([batch])
            if len(gone):
                rows = rows.filter(pc.invert(pc.is_in(rows["record_id"], value_set=gone)))
            if source in closed:
                rows = rows.filter(pc.invert(is_closed(rows, {source: closed[source]})))
            yield from _conforming(rows, schema).combine_chunks().to_batches()


def _closed(run: Run, table: str) -> Mapping[str, frozenset[str]]:
    if table not in flow.REGISTRIES:
        return {}
    members, standing = run.read("compose", "household_member"), run.read("compose", "member_authorisation")
    return closed_numbers(members, standing, sources_of(run, table))


def sources_of(run: Run, table: str) -> list[str]:
    """The sources whose deliveries in force hold rows of a canonical table."""
    return [source for source in _sources(run) if table in load_spec(source).tables]


def _conforming(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """What an older code landed may lack a column: it is empty there."""
    columns = [
        rows[field.name] if field.name in rows.column_names else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def not_authorised_records(run: Run, members: pa.Table, standing: pa.Table) -> frozenset[str]:
    """Records in force that bear the number of a listed person who may not be looked up in their source."""
    found: set[str] = set()
    of_registries = [name for name in _sources(run) if set(load_spec(name).tables) & set(flow.REGISTRIES)]
    closed = closed_numbers(members, standing, of_registries)
    for source in closed:
        mine = [delivery for delivery in run.key["used"] if delivery.startswith(f"{source}/")]
        for table in sorted(set(load_spec(source).tables) & set(flow.REGISTRIES)):
            records = _concat(run, mine, table, ["record_id", "source", "id18"])
            found |= set(records.filter(is_closed(records, closed))["record_id"].to_pylist())
    return frozenset(found)


def _sources(run: Run) -> list[str]:
    """The sources of the deliveries in force."""
    return sorted({delivery.split("/", maxsplit=1)[0] for delivery in run.key["used"]})


def superseded_records(run: Run, table: str | None = None) -> frozenset[str]:
    """Of sources sent as full file and deltas, the records a later line about the same key replaces.

    Of all tables, or of one.
    """
    replaced: set[str] = set()
    for name in _sources(run):
        spec = load_spec(name)
        if spec.statement == "full_delta" and table in (None, spec.table):
            mine = [delivery for delivery in run.key["used"] if delivery.startswith(f"{name}/")]
            records = _concat(run, mine, spec.table)
            replaced |= replaced_by_later(records, spec.row_key, mine)
    return frozenset(replaced)


def seen_addresses(run: Run) -> pa.Table:
    """Delivery, file and row of every accepted record of the deliveries seen."""
    parts = []
    for delivery in sorted(run.key["seen"]):
        partition = landing_partition(run, delivery)
        for table in load_spec(delivery.split("/", maxsplit=1)[0]).tables:
            if run.shop.lake.holds(partition, table):
                parts.append(run.shop.lake.read(partition, table, _ADDRESS))
    schema = contracts.by_name("death").schema
    empty = pa.schema([schema.field(name) for name in _ADDRESS]).empty_table()
    return pa.concat_tables([empty, *parts])


def linked(run: Run, table: str) -> pa.Table:
    """linked_match or linked_review over all registries."""
    parts = [run.read(f"link-{name}", table) for name in flow.REGISTRIES]
    return pa.concat_tables(parts).sort_by("record_id").combine_chunks()


def touched_records(run: Run, matches: pa.Table, reviews: pa.Table) -> dict[str, pa.Table]:
    """Of each registry the records that are linked or under review: all that later stages may see."""
    wanted = pa.array(sorted({*matches["record"].to_pylist(), *reviews["record"].to_pylist()}), pa.string())
    found = {}
    for name in flow.REGISTRIES:
        parts = [
            batch.filter(pc.is_in(batch["record_id"], value_set=wanted)) for batch in used_batches(run, name)
        ]
        found[name] = pa.Table.from_batches(parts, contracts.by_name(name).schema).sort_by("record_id")
    return found


def previous(run: Run, stage: str, table: str) -> pa.Table | None:
    """A table of the run published for the month before, as it stood when this run was opened."""
    earlier = run.key["previous"]
    if earlier is None:
        return None
    month = Period.parse(run.key["month"]).previous
    found = run.shop.lake.read(f"month/{run.jurisdiction}/{month}/{earlier}/{stage}", table)
    # What an older code wrote may lack a column: it is empty there.
    return _conforming(found, contracts.by_name(table).schema)


def _concat(run: Run, deliveries: list[str], table: str, columns: Sequence[str] | None = None) -> pa.Table:
    empty = contracts.by_name(table).empty()
    parts = [empty.select(list(columns)) if columns else empty]
    for delivery in deliveries:
        partition = landing_partition(run, delivery)
        if run.shop.lake.holds(partition, table):
            parts.append(run.shop.lake.read(partition, table, columns))
    # What an older code landed may lack a column: it is empty there.
    return pa.concat_tables(parts, promote_options="default").combine_chunks()
