"""Land one delivery: check, read, address every line. A refused file is a result, not an exception."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import DeliveryRefused, DigestWrong, LayoutBroken
from pipelines.base.ids import digest_bytes
from pipelines.contracts import conform
from pipelines.contracts.arrival import DELIVERY, LANDED_LINE
from pipelines.s1_land.count import count_lines
from pipelines.s1_land.readers import Lines, read
from pipelines.s1_land.readers.json_pages import check_pages
from pipelines.s1_land.sign_off import SignOff, check_md5, check_rows
from pipelines.sources.inflate import unpacked
from pipelines.sources.spec import JsonPages, SourceSpec

_CELL_END = "\x1f"


@dataclass(frozen=True, kw_only=True)
class DeliveredFile:
    """A file as it lies in the batch folder."""

    name: str
    data: bytes
    sign_off: SignOff | None
    sign_off_fault: DigestWrong | None = None  # the sign-off is there and cannot be read


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A batch folder: `<source>/<batch>`, received on the day its name begins with."""

    source: str
    batch: str
    received_at: date
    files: tuple[DeliveredFile, ...]

    @property
    def delivery_id(self) -> str:
        return f"{self.source}/{self.batch}"


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What land() returns. `refusal` is the first cause when any file of the delivery was refused."""

    files: pa.Table
    lines: pa.Table
    refusal: DeliveryRefused | None


def land(*, spec: SourceSpec, delivery: Delivery) -> Landed:
    """All files of a delivery. One refused file refuses the delivery: half a statement is none."""
    rows: list[dict[str, object]] = []
    lines: list[pa.Table] = []
    refusal: DeliveryRefused | None = None
    for file in sorted(delivery.files, key=lambda f: f.name):
        try:
            landed = _land_file(spec, delivery, file)
            status = "accepted" if pc.any(pc.equal(landed["kind"], "data")).as_py() else "empty"
            row = _file_row(spec, delivery, file, status, None)
            _check_count(row, len(landed))
            lines.append(landed)
            rows.append(row)
        except DeliveryRefused as error:
            refusal = refusal or error
            rows.append(_file_row(spec, delivery, file, "refused", error))
    refusal = refusal or _pages_refusal(spec, delivery)
    files = pa.Table.from_pylist(rows, schema=DELIVERY.schema)
    kept = pa.concat_tables(lines) if lines and refusal is None else LANDED_LINE.empty()
    return Landed(files=conform(files, DELIVERY), lines=conform(kept, LANDED_LINE), refusal=refusal)


def _check_count(row: dict[str, object], read_lines: int) -> None:
    """The lines counted in the bytes are those that were read: what a reader does not see is no list."""
    if row["physical_lines"] != read_lines:
        raise LayoutBroken(
            f"[{row['physical_lines']}] lines stand in the bytes, [{read_lines}] could be read",
            place=str(row["record_id"]),
            remedy="open the file in the program it is made for, save it as a plain list, or ask for it again",
        )


def _pages_refusal(spec: SourceSpec, delivery: Delivery) -> DeliveryRefused | None:
    """Pages of one answer are whole only together."""
    for layout in spec.layouts:
        if isinstance(layout.format, JsonPages):
            pages = [
                unpacked(file.data, layout.packed)
                for file in delivery.files
                if spec.layout_of(file.name) is layout
            ]
            try:
                check_pages(pages, layout.format, place=delivery.delivery_id)
            except DeliveryRefused as error:
                return error
    return None


def _land_file(spec: SourceSpec, delivery: Delivery, file: DeliveredFile) -> pa.Table:
    place = f"{delivery.delivery_id}/{file.name}"
    layout = spec.layout_of(file.name)
    if layout is None:
        raise LayoutBroken(
            "no layout of the source has this file name",
            place=place,
            remedy=f"take it out of the folder, or add a layout to pipelines/sources/{spec.source}.yaml",
        )
    if file.sign_off_fault:
        raise file.sign_off_fault
    check_md5(file.data, file.sign_off, place=place)
    lines = read(file.data, layout, place=place)
    data, header = (pc.sum(pc.equal(lines.kind, kind)).as_py() or 0 for kind in ("data", "header"))
    check_rows(data, header, file.sign_off, place=place)
    return _addressed(lines, delivery, file.name)


def _addressed(lines: Lines, delivery: Delivery, file_name: str) -> pa.Table:
    place = f"{delivery.delivery_id}/{file_name}"
    count = len(lines.line_no)
    is_data = pc.equal(lines.kind, "data").to_numpy(zero_copy_only=False)
    row_no = np.cumsum(is_data)
    numbers = pa.array(row_no, pa.int32(), mask=~is_data)
    record_id = pc.binary_join_element_wise(place, pa.array(lines.line_no).cast(pa.string()), ":")
    return pa.table(
        {
            "record_id": record_id,
            "source": _same(delivery.source, count),
            "delivery": _same(delivery.delivery_id, count),
            "file_name": _same(file_name, count),
            "line_no": pa.array(lines.line_no, pa.int32()),
            "row_no": numbers,
            "kind": lines.kind,
            "byte_offset": pa.array(lines.offset, pa.int64()),
            "byte_length": pa.array(lines.length, pa.int64()),
            "fault": lines.fault,
            "repeats": _repeats(lines, is_data, record_id),
            "cells": lines.cells,
            "derived_from": _each_alone(_same(place, count)),
        },
        schema=LANDED_LINE.schema,
    )


def _repeats(lines: Lines, is_data: np.ndarray, record_id: pa.Array) -> pa.Array:
    """For each data line equal to an earlier one, that one's record_id."""
    where = np.flatnonzero(is_data & _seem_repeated(lines.cells))
    cells = lines.cells.take(pa.array(where))
    codes = pc.binary_join(cells, _CELL_END).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    # Codes are given in order of first appearance: a line is the first of its kind where the code is new.
    is_new = np.diff(np.maximum.accumulate(codes), prepend=-1) > 0
    repeats = np.flatnonzero(~is_new)
    earliest = np.full(len(is_data), -1, dtype=np.int64)
    earliest[where[repeats]] = where[np.flatnonzero(is_new)[codes[repeats]]]
    return record_id.take(pa.array(earliest, mask=earliest < 0))


def _seem_repeated(cells: pa.Array) -> np.ndarray:
    """Lines whose characters hash like those of another line: a quick look that spares all others the exact one."""
    texts = cells.values
    _, bounds_buffer, octets_buffer = texts.buffers()
    if octets_buffer is None:
        return np.ones(len(cells), dtype=bool)
    at = cells.offsets.to_numpy() + texts.offset
    bounds = np.frombuffer(bounds_buffer, dtype=np.int32)[at]
    octets = octets_buffer.slice(0, int(bounds[-1])).to_pybytes()
    starts, ends = bounds[:-1].tolist(), bounds[1:].tolist()
    codes = np.fromiter(
        (hash(octets[start:end]) for start, end in zip(starts, ends, strict=True)), np.int64, len(cells)
    )
    ordered = np.sort(codes)
    return np.isin(codes, np.unique(ordered[1:][ordered[1:] == ordered[:-1]]))


def _each_alone(values: pa.Array) -> pa.Array:
    """Lists of one value each."""
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), values)


def _same(value: str, count: int) -> pa.Array:
    return pa.array([value], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def _file_row(
    spec: SourceSpec, delivery: Delivery, file: DeliveredFile, status: str, error: DeliveryRefused | None
) -> dict[str, object]:
    signed = file.sign_off
    return {
        "record_id": f"{delivery.delivery_id}/{file.name}",
        "source": delivery.source,
        "delivery": delivery.delivery_id,
        "file_name": file.name,
        "sha256": digest_bytes(file.data),
        "byte_count": len(file.data),
        "physical_lines": count_lines(spec.layout_of(file.name), file.data),
        "part": spec.part_of(file.name),
        "as_of": signed.as_of if signed else delivery.received_at,
        "received_at": delivery.received_at,
        "stated_rows": signed.rows if signed else None,
        "stated_md5": signed.md5 if signed else None,
        "status": status,
        "cause": error.cause if error else None,
        "reason": str(error) if error else None,
        "derived_from": [],
    }
