"""Delimited text: one physical line is one record, always.

A parser that lets a quoted cell run over the line end can lose hundreds of rows to two stray quotes
without an error, so lines are cut first and cells second.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import LinesUnbalanced
from pipelines.s1_land.readers.lines import Lines, Whole, check_header, decode, text_array
from pipelines.sources.spec import Delimited

_LINE_END = 0x0A
_RETURN = 0x0D


def read(data: bytes, form: Delimited, expected: set[str], *, place: str) -> Lines:
    """Lines of a delimited file; MissingColumn or WrongEncoding when it is not as declared."""
    text = decode(data, form.encoding, place=place)
    offset, length = line_spans(data)
    lines = _cut_lines(text, len(offset))
    cells, stray = _cut_cells(lines, form)
    blank = pc.equal(pc.utf8_trim_whitespace(lines), "").to_numpy(zero_copy_only=False)
    columns, header_line = _columns(cells, blank, form)
    check_header(columns, expected, place=f"{place} line {header_line + 1}")
    kind = np.where(blank, "blank", "data").astype(object)
    if not form.header:
        kind[header_line] = "header"
    return Lines(
        columns=tuple(columns),
        kind=text_array(kind.tolist()),
        offset=offset,
        length=length,
        cells=cells,
        fault=_faults(cells, kind == "data", stray, len(columns)),
        line_no=np.arange(1, len(offset) + 1, dtype=np.int64),
    )


def line_spans(data: bytes) -> tuple[Whole, Whole]:
    """Start and length (without CR LF) of every line. 0x0A is never part of a GB18030 or UTF-8 character."""
    octets = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(octets == _LINE_END).astype(np.int64)
    if len(data) and (not len(ends) or ends[-1] != len(data) - 1):
        ends = np.append(ends, np.int64(len(data)))
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)) if len(ends) else ends
    length = ends - starts
    if len(ends):
        has_return = (length > 0) & (octets[np.maximum(ends - 1, 0)] == _RETURN)
        length = length - has_return
    return starts, length


def _cut_lines(text: str, count: int) -> pa.Array:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if len(lines) == count + 1 and not lines[-1]:
        lines.pop()
    if len(lines) != count:
        raise LinesUnbalanced(f"{count} lines in the bytes, {len(lines)} in the text")
    return text_array(lines)


def _cut_cells(lines: pa.Array, form: Delimited) -> tuple[pa.Array, set[int]]:
    """Cells of every line, and the lines whose quotes do not close."""
    plain = pc.split_pattern(lines, form.delimiter)
    if not form.quote:
        return plain, set()
    quoted = np.flatnonzero(pc.match_substring(lines, form.quote).to_numpy(zero_copy_only=False))
    if not len(quoted):
        return plain, set()
    stray: set[int] = set()
    parsed: list[list[str]] = []
    for index in quoted:
        line = lines[int(index)].as_py()
        cells = _parse_quoted(line, form)
        if cells is None:
            stray.add(int(index))
        parsed.append(cells if cells is not None else [line])
    picks = np.arange(len(lines))
    picks[quoted] = len(lines) + np.arange(len(quoted))
    return pa.concat_arrays([plain, pa.array(parsed, plain.type)]).take(pa.array(picks)), stray


def _parse_quoted(line: str, form: Delimited) -> list[str] | None:
    try:
        rows = list(csv.reader([line], delimiter=form.delimiter, quotechar=form.quote, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _columns(cells: pa.Array, blank: np.ndarray, form: Delimited) -> tuple[Sequence[str], int]:
    """The names of the cells, and the index of the header line (0 when the YAML gives the names)."""
    if form.header:
        return form.header, 0
    written = np.flatnonzero(~blank)
    if not len(written):
        return (), 0
    first = int(written[0])
    return [name.strip() for name in cells[first].as_py()], first


def _faults(cells: pa.Array, is_data: np.ndarray, stray: set[int], width: int) -> pa.Array:
    counts = pc.list_value_length(cells).to_numpy(zero_copy_only=False)
    faults: list[str | None] = [None] * len(cells)
    for index in np.flatnonzero(is_data & (counts != width)).tolist():
        faults[index] = "cell_count"
    for index in stray:
        faults[index] = "quote_stray"
    return text_array(faults)
