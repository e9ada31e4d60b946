"""Land one delivery: check, read, address every line. A refused file is a result, not an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import DeliveryRefused, DigestWrong, LayoutBroken
from pipelines.contracts import conform
from pipelines.contracts.arrival import DELIVERY, LANDED_LINE
from pipelines.contracts.batch import Batch
from pipelines.s1_land.content import Content, Facts, content_of, facts_of, whole
from pipelines.s1_land.count import count_lines
from pipelines.s1_land.readers import Lines, is_text, opened, read
from pipelines.s1_land.readers.json_pages import check_pages
from pipelines.s1_land.repeats import Repeats, repeats_in_text
from pipelines.s1_land.sign_off import SignOff, check_md5, check_rows
from pipelines.sources.inflate import unpacked
from pipelines.sources.spec import JsonPages, Layout, SourceSpec


@dataclass(frozen=True, kw_only=True)
class DeliveredFile:
    """A file as it lies in the batch folder."""

    name: str
    data: bytes | Content
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

    @property
    def as_of(self) -> date:
        """The latest day any of its files speaks about."""
        return max(self.as_of_file(file) for file in self.files)

    def as_of_file(self, file: DeliveredFile) -> date:
        return file.sign_off.as_of if file.sign_off else self.received_at


@dataclass(frozen=True, kw_only=True)
class Landed:
    """What land() returns. `refusal` is the first cause when any file of the delivery was refused."""

    files: pa.Table
    refusal: DeliveryRefused | None


@dataclass(frozen=True, kw_only=True)
class LandedWhole:
    """A small delivery landed at once: nothing of a refused one is kept."""

    files: pa.Table
    refusal: DeliveryRefused | None
    batches: tuple[Batch, ...]

    @property
    def lines(self) -> pa.Table:
        return pa.concat_tables([LANDED_LINE.empty(), *(batch.lines for batch in self.batches)])


def land_whole(*, spec: SourceSpec, delivery: Delivery) -> LandedWhole:
    """The same with all batches kept."""
    batches: list[Batch] = []
    landed = land(spec=spec, delivery=delivery, onward=batches.append)
    kept = () if landed.refusal else tuple(batches)
    return LandedWhole(files=landed.files, refusal=landed.refusal, batches=kept)


def land(*, spec: SourceSpec, delivery: Delivery, onward: Callable[[Batch], None]) -> Landed:
    """All files of a delivery, their lines handed `onward` in order, a batch at a time.

    One refused file refuses the delivery: half a statement is none, and what was handed on is void.
    `onward` may refuse too (an unknown code); then the file is refused for that.
    """
    rows: list[dict[str, object]] = []
    refusal: DeliveryRefused | None = None
    for file in sorted(delivery.files, key=lambda f: f.name):
        facts = facts_of(content_of(file.data))
        counted = count_lines(spec.layout_of(file.name), content_of(file.data), facts.text_lines)
        status, error = "refused", None
        try:
            layout = _layout(spec, delivery, file)
            check_md5(facts.md5, file.sign_off, place=f"{delivery.delivery_id}/{file.name}")
            status = _land_file(layout, delivery, file, counted, _nowhere if refusal else onward)
        except DeliveryRefused as found:
            error, refusal = found, refusal or found
        rows.append(
            {
                **_file_row(spec, delivery, file, facts),
                "physical_lines": counted,
                "status": status,
                "cause": error.cause if error else None,
                "reason": str(error) if error else None,
            }
        )
    refusal = refusal or _pages_refusal(spec, delivery)
    files = pa.Table.from_pylist(rows, schema=DELIVERY.schema)
    return Landed(files=conform(files, DELIVERY), refusal=refusal)


def _nowhere(_: Batch) -> None:
    """After a refusal the other files are read only to say what is wrong with them too."""


def _layout(spec: SourceSpec, delivery: Delivery, file: DeliveredFile) -> Layout:
    layout = spec.layout_of(file.name)
    if layout is None:
        raise LayoutBroken(
            "no layout of the source has this file name",
            place=f"{delivery.delivery_id}/{file.name}",
            remedy=f"take it out of the folder, or add a layout to pipelines/sources/{spec.source}.yaml",
        )
    if file.sign_off_fault:
        raise file.sign_off_fault
    return layout


def _land_file(
    layout: Layout,
    delivery: Delivery,
    file: DeliveredFile,
    counted: int,
    onward: Callable[[Batch], None],
) -> str:
    """Hand the file's lines on; its status. Counts are checked at the end: they void all of it."""
    place = f"{delivery.delivery_id}/{file.name}"
    count, data, header = 0, 0, 0
    for batch in _batches(layout, delivery, file):
        onward(batch)
        kinds = batch.lines["kind"]
        count += len(kinds)
        data += pc.sum(pc.equal(kinds, "data")).as_py() or 0
        header += pc.sum(pc.equal(kinds, "header")).as_py() or 0
    check_rows(data, header, file.sign_off, place=place)
    if counted != count:
        # The lines counted in the bytes are those that were read: what a reader does not see is no list.
        raise LayoutBroken(
            f"[{counted}] lines stand in the bytes, [{count}] could be read",
            place=place,
            remedy="open the file in the program it is made for, save it as a plain list, or ask for it again",
        )
    return "accepted" if data else "empty"


def _batches(layout: Layout, delivery: Delivery, file: DeliveredFile) -> Iterator[Batch]:
    place = f"{delivery.delivery_id}/{file.name}"
    content = opened(content_of(file.data), layout, place=place)
    repeats = repeats_in_text(content) if is_text(layout) else None
    rows_before = 0
    for lines in read(content, layout, place=place):
        batch = _addressed(lines, delivery, file.name, rows_before, repeats or Repeats([lines.contents()]))
        rows_before += pc.sum(pc.equal(batch.lines["kind"], "data")).as_py() or 0
        yield batch


def _addressed(lines: Lines, delivery: Delivery, file_name: str, rows_before: int, repeats: Repeats) -> Batch:
    place = f"{delivery.delivery_id}/{file_name}"
    count = len(lines.line_no)
    is_data = pc.equal(lines.kind, "data").to_numpy(zero_copy_only=False)
    record_id = pc.binary_join_element_wise(place, pa.array(lines.line_no).cast(pa.string()), ":")
    repeated = repeats.of(lines, is_data, record_id)
    addressed = pa.table(
        {
            "record_id": record_id,
            "source": _same(delivery.source, count),
            "delivery": _same(delivery.delivery_id, count),
            "file_name": _same(file_name, count),
            "line_no": pa.array(lines.line_no, pa.int32()),
            "row_no": pa.array(rows_before + np.cumsum(is_data), pa.int32(), mask=~is_data),
            "kind": lines.kind,
            "byte_offset": pa.array(lines.offset, pa.int64()),
            "byte_length": pa.array(lines.length, pa.int64()),
            "fault": lines.fault,
            "repeats": repeated,
            "cells": pa.nulls(count, pa.list_(pa.string())) if lines.cells is None else lines.cells,
            "derived_from": _each_alone(_same(place, count)),
        },
        schema=LANDED_LINE.schema,
    )
    readable = pc.is_null(repeated).filter(pa.array(is_data & pc.is_null(lines.fault).to_numpy(False)))
    data = lines.data if pc.all(readable).as_py() else lines.data.filter(readable)
    return Batch(file_name=file_name, lines=addressed, data=data.combine_chunks())


def _each_alone(values: pa.Array) -> pa.Array:
    """Lists of one value each."""
    return pa.ListArray.from_arrays(pa.array(np.arange(len(values) + 1), pa.int32()), values)


def _same(value: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), count)


def _pages_refusal(spec: SourceSpec, delivery: Delivery) -> DeliveryRefused | None:
    """Pages of one answer are whole only together."""
    for layout in spec.layouts:
        if isinstance(layout.format, JsonPages):
            pages = [
                unpacked(whole(content_of(file.data)), layout.packed)
                for file in delivery.files
                if spec.layout_of(file.name) is layout
            ]
            try:
                check_pages(pages, layout.format, place=delivery.delivery_id)
            except DeliveryRefused as error:
                return error
    return None


def _file_row(spec: SourceSpec, delivery: Delivery, file: DeliveredFile, facts: Facts) -> dict[str, object]:
    signed = file.sign_off
    return {
        "record_id": f"{delivery.delivery_id}/{file.name}",
        "source": delivery.source,
        "delivery": delivery.delivery_id,
        "file_name": file.name,
        "sha256": facts.sha256,
        "byte_count": facts.size,
        "part": spec.part_of(file.name),
        "as_of": delivery.as_of_file(file),
        "received_at": delivery.received_at,
        "stated_rows": signed.rows if signed else None,
        "stated_md5": signed.md5 if signed else None,
        "derived_from": [],
    }
