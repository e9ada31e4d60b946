"""Standardise landed lines into records of the source's canonical table, a batch as well as a delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import contracts
from pipelines.base.errors import UnknownCode
from pipelines.contracts.batch import Batch
from pipelines.contracts.quality import UNHANDLED
from pipelines.s2_standardise import codes, dates, ids, names, numbers, texts
from pipelines.s2_standardise.columns import cast_to
from pipelines.s2_standardise.people import People, keep_named, split_cells
from pipelines.sources.spec import ColumnUse, Layout, SourceSpec

_Column = TypeVar("_Column", pa.Array, pa.Table)
_CODES = ("code", "flag", "letters")
_ADDRESS = ["record_id", "source", "delivery", "file_name", "line_no", "row_no"]


@dataclass(frozen=True, kw_only=True)
class Standardised:
    """Records (not yet validated: required cells may be empty) and the values no reader understood."""

    records: dict[str, pa.Table]
    unhandled: pa.Table


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """The readable data lines of a batch, and their columns by delivered name."""

    spec: SourceSpec
    layout: Layout
    file_name: str
    lines: pa.Table
    columns: Mapping[str, pa.Array]

    @property
    def table(self) -> str:
        return self.layout.table or self.spec.table


def standardise(*, batches: Iterable[Batch], spec: SourceSpec) -> Standardised:
    """Records of landed lines; UnknownCode when a category is neither mapped nor known.

    Lines with a fault and repeats of an earlier line give no records.
    """
    records: dict[str, list[pa.Table]] = {table: [_loose(table).empty_table()] for table in spec.tables}
    unhandled: list[dict[str, object]] = []
    for batch in batches:
        rows = _rows(batch, spec)
        if rows:
            records[rows.table].append(_records(rows, unhandled))
    return Standardised(
        records={table: _one_table(parts) for table, parts in records.items()},
        unhandled=counted_once(pa.Table.from_pylist(unhandled, schema=UNHANDLED.schema)),
    )


def counted_once(unhandled: pa.Table) -> pa.Table:
    """One row per file, column and value, however many batches it stood in."""
    rows: dict[str, dict[str, Any]] = {}
    for row in unhandled.to_pylist():
        known = rows.setdefault(row["record_id"], {**row, "rows": 0})
        known["rows"] += row["rows"]
    return pa.Table.from_pylist(list(rows.values()), schema=UNHANDLED.schema)


def _one_table(parts: list[pa.Table]) -> pa.Table:
    """The parts in one. The first is empty and only gives the columns: one more is taken without a copy."""
    empty, *filled = parts
    return filled[0] if len(filled) == 1 else pa.concat_tables([empty, *filled]).combine_chunks()


def _loose(table: str) -> pa.Schema:
    """The contract's schema before validation: any cell may still be empty."""
    return pa.schema([field.with_nullable(True) for field in contracts.by_name(table).schema])


def _rows(batch: Batch, spec: SourceSpec) -> _Rows | None:
    layout = spec.layout_of(batch.file_name)
    if layout is None or not len(batch.data):
        return None
    lines = batch.lines
    if len(lines) > len(batch.data):
        lines = lines.filter(
            pc.and_(
                pc.equal(lines["kind"], "data"),
                pc.and_(pc.is_null(lines["fault"]), pc.is_null(lines["repeats"])),
            )
        )
    columns = {name: batch.data[name].combine_chunks() for name in batch.data.column_names}
    address = lines.select(_ADDRESS).combine_chunks()
    return _Rows(spec=spec, layout=layout, file_name=batch.file_name, lines=address, columns=columns)


def _records(rows: _Rows, unhandled: list[dict[str, object]]) -> pa.Table:
    people = _people(rows)
    found: dict[str, pa.Array] = _address(rows, people) | _slot_facts(rows, people)
    for target, use in rows.layout.columns.items():
        if target not in ("name", "id_no"):
            values = _of_people(_trimmed(rows, use.source_column), people)
            found[target] = _read(values, use, rows, people, unhandled)
    schema = _loose(rows.table)
    if "name" in schema.names:
        found |= _person(people, found, rows)
    for target, value in rows.layout.constants.items():
        found[target] = _constant(value, rows, len(people.row))
    arrays = [cast_to(found.get(field.name), field.type, len(people.row)) for field in schema]
    return pa.table(arrays, schema=schema)


def _people(rows: _Rows) -> People:
    layout, count = rows.layout, len(rows.lines)
    every = np.arange(count, dtype=np.int64)
    if layout.shared_cell:
        cell = layout.shared_cell
        return split_cells(
            rows.columns[cell.names], rows.columns[cell.ids], rows.columns[cell.shared_column], cell
        )
    if not layout.slots:
        return People(
            row=every,
            slot=np.zeros(count, dtype=np.int32),
            names=_delivered(rows, "name"),
            ids=_delivered(rows, "id_no"),
        )
    places = [(rows.columns[str(slot["name"])], rows.columns[str(slot["id_no"])]) for slot in layout.slots]
    everyone = People(
        row=np.tile(every, len(places)),
        slot=np.repeat(np.arange(len(places), dtype=np.int32), count),
        names=pa.concat_arrays([name for name, _ in places]),
        ids=pa.concat_arrays([number for _, number in places]),
    )
    return keep_named(everyone)


def _of_people(values: _Column, people: People) -> _Column:
    """The row's value for each person; nothing moves where each row names one person."""
    if len(people.row) == len(values) and not people.slot.any():
        return values
    return values.take(pa.array(people.row))


def _delivered(rows: _Rows, target: str) -> pa.Array:
    """The delivered cells a canonical column comes from; empty where the layout has none (a business)."""
    use = rows.layout.columns.get(target)
    return rows.columns[use.source_column] if use else pa.nulls(len(rows.lines), pa.string())


def _address(rows: _Rows, people: People) -> dict[str, pa.Array]:
    lines = _of_people(rows.lines, people)
    line_id = lines["record_id"].combine_chunks()
    place = f"{lines['delivery'][0].as_py()}/{rows.file_name}#" if len(lines) else ""
    row_no = lines["row_no"].combine_chunks().cast(pa.string())
    places = ["", *(f".{slot}" for slot in range(1, int(people.slot.max(initial=0)) + 1))]
    suffix = pa.array(places, pa.string()).take(pa.array(people.slot))
    return {
        "record_id": pc.binary_join_element_wise(place, row_no, suffix, ""),
        "source": lines["source"].combine_chunks(),
        "delivery": lines["delivery"].combine_chunks(),
        "file_name": lines["file_name"].combine_chunks(),
        "row_no": lines["row_no"].combine_chunks(),
        "slot": pa.array(people.slot, pa.int32()),
        "derived_from": pa.ListArray.from_arrays(pa.array(np.arange(len(line_id) + 1), pa.int32()), line_id),
    }


def _person(people: People, found: dict[str, pa.Array], rows: _Rows) -> dict[str, pa.Array]:
    null_tokens = rows.spec.null_tokens
    cells = texts.trimmed(people.ids, null_tokens)
    if rows.layout.id_pattern:
        inner = pc.struct_field(pc.extract_regex(cells, pattern=f"(?P<id>{rows.layout.id_pattern})"), "id")
        cells = pc.coalesce(inner, cells)
    read = ids.read_ids(cells)
    own_birth, own_sex = found.get("birth_date"), found.get("sex")
    return {
        "name": names.read_names(texts.trimmed(people.names, null_tokens)),
        "name_raw": people.names,
        "id_no": read.id_no,
        "id_raw": people.ids,
        "id_state": read.id_state,
        "id18": read.id18,
        "birth_date": read.birth_date if own_birth is None else pc.coalesce(own_birth, read.birth_date),
        "sex": read.sex if own_sex is None else pc.coalesce(own_sex, read.sex),
    }


def _trimmed(rows: _Rows, column: str) -> pa.Array:
    return texts.trimmed(rows.columns[column], rows.spec.null_tokens)


def _read(
    values: pa.Array, use: ColumnUse, rows: _Rows, people: People, unhandled: list[dict[str, object]]
) -> pa.Array:
    if use.kind == "text":
        return values
    if use.kind == "squeezed":
        return texts.squeezed(values)
    if use.kind == "upper":
        return pc.utf8_upper(texts.squeezed(texts.half_width(values)))
    if use.kind == "by_unit":
        words = _of_people(_trimmed(rows, use.unit_from), people)
        clean, unknown = numbers.read_by_unit(values, words, dict(use.units))
    else:
        clean, unknown = texts.each_once(values, lambda distinct: _reader(distinct, use))
    if pc.any(unknown).as_py():
        if use.kind in _CODES:
            raise _unknown_code(values, unknown, use, rows, people)
        unhandled += _unhandled(values.filter(unknown), use, rows)
    return clean


def _reader(values: pa.Array, use: ColumnUse) -> tuple[pa.Array, pa.Array]:
    if use.kind in ("code", "flag"):
        return codes.read_codes(values, use)
    if use.kind == "letters":
        return codes.read_letters(values, use)
    if use.kind == "extract":
        return codes.read_extract(values, use)
    if use.kind == "date":
        return dates.read_dates(values)
    if use.kind == "month":
        return dates.read_months(values)
    return numbers.read_numbers(values, use.kind)


def _unknown_code(
    values: pa.Array, unknown: pa.Array, use: ColumnUse, rows: _Rows, people: People
) -> UnknownCode:
    where = people.row[np.flatnonzero(unknown.to_numpy(zero_copy_only=False))]
    line = pc.min(rows.lines["line_no"].take(pa.array(where))).as_py()
    codes_seen = sorted({codes.shown(code) for code in values.filter(unknown).to_pylist()})
    delivery = rows.lines["delivery"][0].as_py()
    return UnknownCode(
        f"column [{use.source_column}] has codes nobody mapped: {codes_seen[:5]}",
        place=f"{delivery}/{rows.file_name} line {line}",
        remedy=f"ask the registry what they mean and add them to pipelines/sources/{rows.spec.source}.yaml",
    )


def _unhandled(values: pa.Array, use: ColumnUse, rows: _Rows) -> list[dict[str, object]]:
    delivery = rows.lines["delivery"][0].as_py()
    place = f"{delivery}/{rows.file_name}"
    return [
        {
            "record_id": f"{place}={use.source_column}={count['values']}",
            "source": rows.spec.source,
            "delivery": delivery,
            "file_name": rows.file_name,
            "column": use.source_column,
            "value": count["values"],
            "rows": count["counts"],
            "derived_from": [place],
        }
        for count in pc.value_counts(values).to_pylist()
    ]


def _constant(value: str | bool, rows: _Rows, count: int) -> pa.Array:
    if value == "@part":
        part = texts.trimmed(pa.array([rows.spec.part_of(rows.file_name)]), ("",))
        value = dates.read_months(part)[0][0].as_py()
    return pa.array([value] * count)


def _slot_facts(rows: _Rows, people: People) -> dict[str, pa.Array]:
    """Facts that follow from the place in the row: the first of a household row is its head, her own birth date."""
    found: dict[str, pa.Array] = {}
    slots = rows.layout.slots
    for target in sorted({key for slot in slots for key in slot} - {"name", "id_no"}):
        stacked = pa.chunked_array(
            [_slot_fact(rows, slot.get(target), target) for slot in slots]
        ).combine_chunks()
        found[target] = stacked.take(pa.array(people.slot.astype(np.int64) * len(rows.lines) + people.row))
    return found


def _slot_fact(rows: _Rows, stated: str | bool | None, target: str) -> pa.Array:
    count = len(rows.lines)
    if isinstance(stated, str) and not stated.startswith("="):
        values = _trimmed(rows, stated)
        is_date = pa.types.is_date(_loose(rows.table).field(target).type)
        return dates.read_dates(values)[0] if is_date else texts.squeezed(values)
    return pa.array([stated.removeprefix("=") if isinstance(stated, str) else stated] * count)
