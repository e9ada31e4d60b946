"""Fixed width in bytes. Widths are bytes of the declared encoding, so cells are cut before decoding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import accumulate

import numpy as np
import pyarrow as pa

from pipelines.s1_land.content import Content, stretches
from pipelines.s1_land.readers.delimited import STRETCH, line_spans
from pipelines.s1_land.readers.lines import Lines, check_writing, decode_cells, text_array, text_lines
from pipelines.sources.spec import Fixed

_LOOKED_AT = 1000  # records whose writing is looked at


def read(content: Content, form: Fixed, *, place: str) -> Iterator[Lines]:
    """Lines of a fixed-width file; a line of another width is a fault of that line."""
    widths = list(form.widths.values())
    before = 0
    for start, data in stretches(content.blocks(), STRETCH):
        offset, length = line_spans(data)
        line_no = np.arange(before + 1, before + 1 + len(offset), dtype=np.int64)
        fits = length == sum(widths)
        records = [data[at : at + size] for at, size in zip(offset[fits], length[fits], strict=True)]
        columns = cut_columns(records, widths, form.encoding, place=place, lines=line_no[fits].tolist())
        sizes = length.tolist()
        yield Lines(
            kind=text_array(["blank" if size == 0 else "data" for size in sizes]),
            offset=offset + start,
            length=length,
            fault=text_array(
                [None if ok or size == 0 else "width" for ok, size in zip(fits, sizes, strict=True)]
            ),
            line_no=line_no,
            data=pa.table([pa.array(cells, pa.string()) for cells in columns], names=list(form.widths)),
            contents=partial(text_lines, data),
        )
        before += len(offset)


def cut_columns(
    records: list[bytes], widths: list[int], encoding: str, *, place: str, lines: list[int]
) -> list[list[str]]:
    """One list of decoded cells a column."""
    sample = b"".join(records[:_LOOKED_AT])
    check_writing(sample, sample.decode(encoding, "ignore"), encoding, place=place)
    starts = [0, *accumulate(widths)][:-1]
    return [
        decode_cells([record[at : at + width] for record in records], encoding, place=place, lines=lines)
        if records
        else []
        for at, width in zip(starts, widths, strict=True)
    ]
