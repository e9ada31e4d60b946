"""Amounts in another unit and columns exchanged, on whole registers of a city, and which gate says so.

The records are changed as a reader would hand them over: what a registry delivers in 元 and means in 万元 comes
out 10,000 times too small or too large whatever its form. Row-level expectations and gates follow as in a landing.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.run.holds import shape_of, titles_of
from pipelines.run.measures import Measures
from pipelines.s3_validate import Shape, Shock, load_suite, shocks
from pipelines.s3_validate.rows import failing_rows
from pipelines.sources.spec import SourceSpec
from pipelines.store.ledger import LandingRow

Records = Mapping[str, pa.Table]
MONEY = {"yuan", "wan_yuan", "fen", "by_unit", "area"}
_DAY = date(2026, 10, 6)
_ROW = LandingRow(
    landing_key="", source="", delivery="", files_digest="", code_digest="", status="accepted", cause=None,
    reason=None, received_at=_DAY, as_of=_DAY, part="", physical_lines=0, accepted_records=0, quarantine_rows=0,
    manifest_digest="",
)  # fmt: skip
_SEED = 20261123


@dataclass(frozen=True, kw_only=True)
class Change:
    """One mutation of a register: what it is called, what it does to its tables."""

    name: str
    place: str  # table.column, or table.column ↔ column
    apply: Callable[[Records], Records]


def unit_changes(spec: SourceSpec, records: Records) -> Iterator[Change]:
    """Every amount of the source × and ÷ 100 and 10,000, in every row and in every tenth."""
    for table, column in amounts(spec, records):
        for sign, factor in ((sign, factor) for sign in "×÷" for factor in (100, 10_000)):
            for every, rows in ((1, "all rows"), (10, "10 % of rows")):
                yield Change(
                    name=f"{sign}{factor:,} {rows}",
                    place=f"{table}.{column}",
                    apply=lambda found, t=table, c=column, s=sign, f=factor, e=every: _moved(
                        found, t, c, s, f, e
                    ),
                )


def swaps(spec: SourceSpec, records: Records) -> Iterator[Change]:
    """Every two columns of one kind exchanged in every row: amounts, dates, and name with each free text.

    A column of codes is not among them: with foreign values in it the delivery is refused as not understood.
    """
    for table, found in sorted(records.items()):
        read = {
            name
            for layout in spec.layouts
            if (layout.table or spec.table) == table
            for name in {**layout.columns, **(layout.slots[0] if layout.slots else {})}
            if name not in layout.columns or layout.columns[name].kind not in ("code", "flag", "letters")
        }
        for one, two in combinations([name for name in found.column_names if name in read], 2):
            if _may_be_exchanged(found, one, two):
                yield Change(
                    name="exchanged",
                    place=f"{table}.{one} ↔ {two}",
                    apply=lambda r, t=table, a=one, b=two: _exchanged(r, t, a, b),
                )


def amounts(spec: SourceSpec, records: Records) -> list[tuple[str, str]]:
    """Table and column of everything the source delivers in a unit."""
    found = {
        (layout.table or spec.table, name): None
        for layout in spec.layouts
        for name, use in layout.columns.items()
        if use.kind in MONEY
    }
    return [place for place in found if pc.max(records[place[0]][place[1]]).as_py()]


def held(spec: SourceSpec, now: Records, before: Records | None) -> tuple[Shock, ...]:
    """The gates a delivery of these records does not pass, alone or after another; suites put rows aside first."""
    shapes = [_judged(records) for records in (now, before) if records]
    return shocks(shapes[0], shapes[1] if before else None, spec.gates, titles_of(spec))


def _judged(records: Records) -> Shape:
    accepted = {table: _accepted(found, table) for table, found in records.items()}
    return shape(accepted, sum(map(len, records.values())) - sum(map(len, accepted.values())))


def shape(accepted: Records, quarantined: int) -> Shape:
    """By the measures and the ledger row a landing has."""
    measures = Measures()
    for table, found in accepted.items():
        measures.add(table, found)
    return shape_of(replace(_ROW, **measures.row(), quarantine_rows=quarantined))


def _accepted(records: pa.Table, table: str) -> pa.Table:
    """Without the rows a suite puts aside."""
    bad = pa.repeat(False, len(records))
    judged = records
    for at, field in enumerate(records.schema):
        if pa.types.is_date(field.type):  # a suite sees dates as ISO texts
            judged = judged.set_column(at, field.name, records[field.name].cast(pa.string()))
    for expectation in load_suite(f"canonical/{table}").expectations:
        names = [expectation.kwargs.get(key) for key in ("column", "column_A", "column_B")]
        if expectation.consequence == "quarantine" and {*names} <= {None, *records.column_names}:
            found = failing_rows(judged, expectation.type, expectation.kwargs)
            bad = pc.or_(bad, found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found)
    return records.filter(pc.invert(bad))


def _moved(records: Records, table: str, column: str, sign: str, factor: int, every: int) -> Records:
    found = records[table]
    dice = random.Random(_SEED)  # noqa: S311
    chosen = pa.array([dice.randrange(every) == 0 for _ in range(len(found))], pa.bool_())
    change = pc.multiply if sign == "×" else pc.divide
    values = pc.if_else(chosen, change(found[column], factor), found[column])
    return {**records, table: found.set_column(found.column_names.index(column), column, values)}


def _exchanged(records: Records, table: str, one: str, two: str) -> Records:
    found = records[table]
    names = [two if name == one else one if name == two else name for name in found.column_names]
    return {**records, table: found.rename_columns(names).select(found.column_names)}


def _may_be_exchanged(found: pa.Table, one: str, two: str) -> bool:
    """Of one kind, not both empty, and not the same in every row (then nothing is exchanged)."""
    a, b = found[one], found[two]
    if a.type != b.type or pa.types.is_boolean(a.type) or a.null_count == len(a) or b.null_count == len(b):
        return False
    if pa.types.is_string(a.type) and "name" not in (one, two):
        return False
    return a.combine_chunks() != b.combine_chunks()
