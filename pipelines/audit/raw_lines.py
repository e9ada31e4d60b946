"""The raw lines a flag rests on, cut out of the delivered files, and everybody else who stands in the same lines."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import flow
from pipelines.lineage.delivered import delivered_bytes
from pipelines.run.month import Run
from pipelines.run.tables import landing_partition
from pipelines.sources.spec import load_spec

Row = Mapping[str, Any]
_NAMING = ("record_id", "row_no", "file_name", "name", "id_no", "derived_from")
_HEADER = "header"


@dataclass(frozen=True, kw_only=True)
class RawLine:
    """One physical line: where it stands in which file, and its bytes."""

    row: Row
    file: Row
    data: bytes

    def told(self, path: str) -> dict[str, Any]:
        """Its address beside the digest of the whole file. Cells only where the bytes alone do not say them."""
        layout = load_spec(self.row["source"]).layout_of(self.row["file_name"])
        said = {
            "line": self.row["record_id"],
            "bytes": path,
            "kind": self.row["kind"],
            "line_no": self.row["line_no"],
            "byte_offset": self.row["byte_offset"],
            "byte_length": self.row["byte_length"],
            "delivered_file": self.file["record_id"],
            "delivered_file_sha256": self.file["sha256"],
            "delivered_file_bytes": self.file["byte_count"],
            "received_at": self.file["received_at"].isoformat(),
            "as_of": self.file["as_of"].isoformat(),
            "encoding": getattr(layout.format, "encoding", "utf-8") if layout else "utf-8",
            "packed": layout.packed if layout else "",
        }
        return said | ({"cells": self.row["cells"]} if self.row["cells"] else {})


def raw_lines(run: Run, lines: Sequence[Row], files: Mapping[str, Row]) -> list[RawLine]:
    """The lines and the header lines of their files, in the order of their addresses."""
    by_file: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        by_file[line["derived_from"][0]].append(line)
    found = []
    for name, wanted in sorted(by_file.items()):
        file = files[name]
        whole = _content(run, file)
        for line in sorted([*wanted, *_headers(run, file)], key=lambda row: int(row["line_no"])):
            start = line["byte_offset"]
            found.append(RawLine(row=line, file=file, data=whole[start : start + line["byte_length"]]))
    return found


def _content(run: Run, file: Row) -> bytes:
    layout = load_spec(file["source"]).layout_of(file["file_name"])
    return delivered_bytes(run.shop.lake.get_bytes(file["sha256"]), layout, 0, sys.maxsize)


def _headers(run: Run, file: Row) -> list[Row]:
    """Column names, which say what the cells of the other lines are."""
    lines = run.shop.lake.read(landing_partition(run, file["delivery"]), "landed_line")
    mine = pc.and_(pc.equal(lines["file_name"], file["file_name"]), pc.equal(lines["kind"], _HEADER))
    found: list[Row] = lines.filter(mine).to_pylist()
    return found


def named_in(run: Run, lines: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Every record read from these lines, also those of people the flag is not about: a row may name several."""
    wanted = {line["record_id"] for line in lines}
    for delivery in sorted({line["delivery"] for line in lines}):
        rows = pa.array({line["row_no"] for line in lines if line["delivery"] == delivery}, pa.int32())
        partition = landing_partition(run, delivery)
        for table in flow.CANONICAL:
            if not run.shop.lake.holds(partition, table):
                continue
            for batch in run.shop.lake.batches(partition, table, _NAMING):
                for row in batch.filter(pc.is_in(batch["row_no"], value_set=rows)).to_pylist():
                    if wanted & set(row["derived_from"]):
                        yield table, row
