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

from pipelines.base.errors import LayoutBroken, LinesUnbalanced
from pipelines.s1_land.readers.lines import Lines, Whole, check_header, decode, text_array_of
from pipelines.sources.spec import Delimited

_LINE_END = 0x0A
_RETURN = 0x0D
_ARROW_REACH = 2**31 - 1  # bytes one Arrow text array can address


def read(data: bytes, form: Delimited, expected: set[str], *, place: str) -> Lines:
    """Lines of a delimited file; MissingColumn or WrongEncoding when it is not as declared."""
    offset, length = line_spans(data)
    body = _line_feeds(decode(data, form.encoding, place=place), len(offset), place=place)
    lines = _cut_lines(body)
    cells, stray = _cut_cells(lines, body, form)
    blank = _blank(lines)
    columns, header_line = _columns(cells, blank, form)
    check_header(columns, expected, place=f"{place} line {header_line + 1}")
    kind = np.where(blank, "blank", "data").astype("U6")
    if not form.header:
        kind[header_line] = "header"
    return Lines(
        columns=tuple(columns),
        kind=text_array_of(kind, ("data", "blank", "header")),
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


def _line_feeds(text: str, count: int, *, place: str) -> bytes:
    """The text as UTF-8 with every line, the last one too, ended by one LF."""
    body = text.encode().replace(b"\r\n", b"\n")
    if body and not body.endswith(b"\n"):
        body = body.removesuffix(b"\r") + b"\n"
    if len(body) > _ARROW_REACH:
        raise LayoutBroken(
            f"[{len(body)}] bytes of text are more than one table holds",
            place=place,
            remedy="ask the registry for several files, each below 2 GiB",
        )
    found = body.count(b"\n")
    if found != count:
        raise LinesUnbalanced(f"{count} lines in the bytes, {found} in the text")
    return body


def _cut_lines(body: bytes) -> pa.Array:
    return _cut(body, b"\n")[0]


def _cut(body: bytes, ends: bytes) -> tuple[pa.Array, Whole]:
    """The texts between any of these ASCII signs, and where in the body each ends: no Python string is made."""
    octets = np.frombuffer(body, dtype=np.uint8)
    is_end = octets == ends[0]
    for end in ends[1:]:
        is_end |= octets == end
    at = np.flatnonzero(is_end)
    offsets = np.zeros(len(at) + 1, dtype=np.int32)
    offsets[1:] = at - np.arange(len(at))
    texts = pa.StringArray.from_buffers(
        len(at), pa.py_buffer(offsets), pa.py_buffer(body.translate(None, ends))
    )
    return texts, at


def _blank(lines: pa.Array) -> np.ndarray:
    """Lines without a character. Only one that is empty or starts with a blank needs a closer look."""
    blank = np.zeros(len(lines), dtype=bool)
    starts_plain = pc.match_substring_regex(lines, "^[!-~]").to_numpy(zero_copy_only=False)
    unsure = np.flatnonzero(~starts_plain)
    blank[unsure] = pc.equal(pc.utf8_trim_whitespace(lines.take(pa.array(unsure))), "").to_numpy(
        zero_copy_only=False
    )
    return blank


def _cut_cells(lines: pa.Array, body: bytes, form: Delimited) -> tuple[pa.Array, set[int]]:
    """Cells of every line, and the lines whose quotes do not close."""
    plain = _plain_cells(lines, body, form.delimiter)
    if not form.quote or form.quote.encode() not in body:
        return plain, set()
    quoted = np.flatnonzero(pc.match_substring(lines, form.quote).to_numpy(zero_copy_only=False))
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


def _plain_cells(lines: pa.Array, body: bytes, delimiter: str) -> pa.Array:
    """Cells of every line as if no quote counted."""
    sign = delimiter.encode()
    if len(sign) > 1 or sign == b"\n":
        return pc.split_pattern(lines, delimiter)
    cells, at = _cut(body, sign + b"\n")
    octets = np.frombuffer(body, dtype=np.uint8)
    bounds = np.zeros(len(lines) + 1, dtype=np.int32)
    bounds[1:] = np.flatnonzero(octets[at] == _LINE_END) + 1
    return pa.ListArray.from_arrays(pa.array(bounds), cells)


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
    fault = np.where(is_data & (counts != width), "cell_count", "").astype("U11")
    fault[sorted(stray)] = "quote_stray"
    return text_array_of(fault, ("cell_count", "quote_stray"))
