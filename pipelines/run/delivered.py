"""Cells of single lines as they were delivered, read again from the kept bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.lineage.delivered import delivered_bytes
from pipelines.run.tables import landing_partition
from pipelines.s1_land import shown_cells
from pipelines.sources.spec import load_spec

if TYPE_CHECKING:
    from pipelines.run.month import Run

_WHERE = ("file_name", "row_no", "byte_offset", "byte_length", "cells")


def cells_as_delivered(
    run: Run, files: pa.Table, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str, int], list[str]]:
    """Cells by (delivery, file, row) of the lines these rows name by `delivery`, `file_name` and `row_no`."""
    digests = {
        (row["delivery"], row["file_name"]): row["sha256"]
        for row in files.select(["delivery", "file_name", "sha256"]).to_pylist()
    }
    wanted: dict[str, dict[str, set[int]]] = {}
    for row in rows:
        wanted.setdefault(row["delivery"], {}).setdefault(row["file_name"], set()).add(row["row_no"])
    found: dict[tuple[str, str, int], list[str]] = {}
    for delivery, by_file in wanted.items():
        lines = run.shop.lake.read(landing_partition(run, delivery), "landed_line", _WHERE)
        for name, numbers in by_file.items():
            cells = _of_file(run, delivery, name, digests[delivery, name], _picked(lines, name, numbers))
            found |= {(delivery, name, number): row for number, row in cells.items()}
    return found


def _picked(lines: pa.Table, name: str, numbers: set[int]) -> list[dict[str, Any]]:
    mine = pc.and_(
        pc.equal(lines["file_name"], name),
        pc.is_in(lines["row_no"], value_set=pa.array(sorted(numbers), pa.int32())),
    )
    picked: list[dict[str, Any]] = lines.filter(mine).to_pylist()
    return picked


def _of_file(
    run: Run, delivery: str, name: str, digest: str, lines: list[dict[str, Any]]
) -> dict[int, list[str]]:
    layout = load_spec(delivery.split("/", maxsplit=1)[0]).layout_of(name)
    if layout is None or all(line["cells"] is not None for line in lines):
        return {line["row_no"]: line["cells"] or [] for line in lines}
    data = run.shop.lake.get_bytes(digest)
    return {
        line["row_no"]: shown_cells(
            delivered_bytes(data, layout, line["byte_offset"], line["byte_length"]), layout
        )
        for line in lines
    }
