"""Fixed width in bytes. Widths are bytes of the declared encoding, so cells are cut before decoding."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pyarrow as pa

from pipelines.s1_land.readers.delimited import line_spans
from pipelines.s1_land.readers.lines import Lines, decode_cells, text_array
from pipelines.sources.spec import Fixed


def read(data: bytes, form: Fixed, *, place: str) -> Lines:
    """Lines of a fixed-width file; a line of another width is a fault of that line."""
    offset, length = line_spans(data)
    widths = list(form.widths.values())
    line_no = np.arange(1, len(offset) + 1, dtype=np.int64)
    fits = length == sum(widths)
    records = [data[start : start + size] for start, size in zip(offset[fits], length[fits], strict=True)]
    columns = cut_columns(records, widths, form.encoding, place=place, lines=line_no[fits].tolist())
    cells = _by_line(columns, np.flatnonzero(fits), len(offset))
    kind = ["blank" if size == 0 else "data" for size in length.tolist()]
    fault = [None if ok or size == 0 else "width" for ok, size in zip(fits, length.tolist(), strict=True)]
    return Lines(
        columns=tuple(form.widths),
        kind=text_array(kind),
        offset=offset,
        length=length,
        cells=cells,
        fault=text_array(fault),
        line_no=line_no,
    )


def cut_columns(
    records: list[bytes], widths: list[int], encoding: str, *, place: str, lines: list[int]
) -> list[list[str]]:
    """One list of decoded cells a column."""
    starts = [0, *accumulate(widths)][:-1]
    return [
        decode_cells([record[at : at + width] for record in records], encoding, place=place, lines=lines)
        if records
        else []
        for at, width in zip(starts, widths, strict=True)
    ]


def _by_line(columns: list[list[str]], where: np.ndarray, count: int) -> pa.Array:
    rows: list[list[str]] = [[] for _ in range(count)]
    for index, row in zip(where.tolist(), zip(*columns, strict=True), strict=True):
        rows[index] = list(row)
    return pa.array(rows, pa.list_(pa.string()))
