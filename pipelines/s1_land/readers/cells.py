"""Cells of lines of text. Most lines need no care and are cut by PyArrow; the others one by one.

Care is needed where a quotation mark does more than enclose a plain cell, where a carriage return stands
inside a line, and where the delimiter is no single ASCII sign. PyArrow never sees a quotation mark.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from pipelines.s1_land.readers.lines import Whole, table_of
from pipelines.sources.spec import Delimited

_LINE_END = 0x0A
_RETURN = 0x0D

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What lines below the header hold. `data` has one row for each line that is data without a fault."""

    data: pa.Table
    is_data: Truth  # a line with a character in it
    fault: npt.NDArray[np.str_]


def cut_rows(body: bytes, lengths: Whole, names: Sequence[str], form: Delimited) -> Rows:
    """The rows of a UTF-8 body whose every line ends with LF or CR LF; `lengths` are those of its lines."""
    care = _needs_care(body, lengths, names, form)
    if not care.any():
        return _plain_rows(body, lengths, names, form)
    if care.all():
        return _careful_rows(_lines(body), names, form)
    of_byte = np.repeat(care, _with_ends(body))
    octets = np.frombuffer(body, dtype=np.uint8)
    plain = _plain_rows(octets[~of_byte].tobytes(), lengths[~care], names, form)
    careful = _careful_rows(_lines(octets[of_byte].tobytes()), names, form)
    return _woven(plain, careful, care)


def one_line(line: str, form: Delimited) -> list[str]:
    """The cells of one line, for a header and for showing what was delivered."""
    text = line.removesuffix("\n").removesuffix("\r")
    return _parse_quoted(text, form) or text.split(form.delimiter)


def _needs_care(body: bytes, lengths: Whole, names: Sequence[str], form: Delimited) -> Truth:
    sign = form.delimiter.encode()
    if len(sign) != 1 or len(names) < 2 or body.count(b"\r") != body.count(b"\r\n"):  # noqa: PLR2004
        return np.ones(len(lengths), dtype=bool)
    quote = form.quote.encode()
    if not quote or quote not in body:
        return np.zeros(len(lengths), dtype=bool)
    return _oddly_quoted(body, lengths, quote[0], sign[0])


def _oddly_quoted(body: bytes, lengths: Whole, quote: int, delimiter: int) -> Truth:
    """Lines whose quotation marks do not simply stand around plain cells."""
    octets = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(octets == _LINE_END)
    marks = np.flatnonzero(octets == quote)
    line = np.searchsorted(ends, marks)
    per_line = np.bincount(line, minlength=len(lengths))
    cuts = np.flatnonzero(octets == delimiter)
    # A line without a delimiter is one cell; were it blank within its marks, it would seem no line at all.
    alone = np.diff(np.searchsorted(cuts, ends), prepend=0) == 0
    odd: Truth = (per_line % 2 == 1) | ((per_line > 0) & alone)
    nth = np.arange(len(marks)) - np.repeat(np.cumsum(per_line) - per_line, per_line)
    opens = nth % 2 == 0
    before = np.where(marks > 0, octets[marks - 1], _LINE_END)
    after = octets[np.minimum(marks + 1, len(octets) - 1)]
    right = np.where(
        opens,
        (before == delimiter) | (before == _LINE_END),
        (after == delimiter) | (after == _LINE_END) | (after == _RETURN),
    )
    odd[line[~right]] = True
    # A closing mark has passed as many delimiters as the mark before it, which opened the cell.
    passed = np.searchsorted(cuts, marks)
    odd[line[~opens & (passed != np.roll(passed, 1))]] = True
    return odd


def _plain_rows(body: bytes, lengths: Whole, names: Sequence[str], form: Delimited) -> Rows:
    wrong: dict[int, str] = {}

    def keep(row: pv.InvalidRow) -> str:
        wrong[row.number - 1] = "" if not row.text.strip() else "cell_count"
        return "skip"

    if form.quote:
        body = body.translate(None, form.quote.encode())
    table = _parsed(body, names, form.delimiter, keep)
    is_data = lengths > 0
    fault = np.full(len(lengths), "", dtype="U11")
    for row, told in wrong.items():
        fault[row] = told
        is_data[row] = bool(told)
    taken = np.ones(len(lengths), dtype=bool)
    taken[list(wrong)] = False
    if form.delimiter.isspace():
        is_data[taken] &= ~_without_a_sign(table)
    kept = is_data[taken]
    if not kept.all():
        table = table.filter(pa.array(kept))
    return Rows(data=table.combine_chunks(), is_data=is_data, fault=fault)


def _parsed(body: bytes, names: Sequence[str], delimiter: str, keep: object) -> pa.Table:
    if not body:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return pv.read_csv(
        pa.BufferReader(body),
        read_options=pv.ReadOptions(column_names=list(names), use_threads=False, block_size=len(body) + 1),
        parse_options=pv.ParseOptions(
            delimiter=delimiter,
            quote_char=False,
            double_quote=False,
            escape_char=False,
            newlines_in_values=False,
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        convert_options=pv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=False
        ),
    )


def _without_a_sign(table: pa.Table) -> Truth:
    """Rows whose every cell is blank: where the delimiter is a blank itself, such a line holds nothing."""
    blank = np.ones(len(table), dtype=bool)
    for name in table.column_names:
        where = np.flatnonzero(blank)
        if not len(where):
            return blank
        cells = table[name].take(pa.array(where))
        empty = pc.equal(pc.utf8_trim_whitespace(cells), "").combine_chunks()
        blank[where] = empty.to_numpy(zero_copy_only=False)
    return blank


def _careful_rows(lines: pa.Array, names: Sequence[str], form: Delimited) -> Rows:
    is_data = ~pc.equal(pc.utf8_trim_whitespace(lines), "").to_numpy(zero_copy_only=False)
    cells = pc.split_pattern(lines, form.delimiter)
    fault = np.full(len(lines), "", dtype="U11")
    quoted = pc.match_substring(lines, form.quote).to_numpy(zero_copy_only=False) if form.quote else ~is_data
    where = np.flatnonzero(quoted & is_data)
    if len(where):
        parsed = [_parse_quoted(lines[int(at)].as_py(), form) for at in where]
        picks = np.arange(len(lines))
        picks[where] = len(lines) + np.arange(len(where))
        told = pa.array([found or [] for found in parsed], cells.type)
        cells = pa.concat_arrays([cells, told]).take(pa.array(picks))
        fault[where] = ["" if found else "quote_stray" for found in parsed]
    counts = pc.list_value_length(cells).to_numpy(zero_copy_only=False)
    fault[is_data & (counts != len(names)) & (fault == "")] = "cell_count"
    readable = np.flatnonzero(is_data & (fault == ""))
    return Rows(data=table_of(cells, readable, names), is_data=is_data, fault=fault)


def _woven(plain: Rows, careful: Rows, care: Truth) -> Rows:
    """The rows of both, in the order of their lines."""
    is_data = np.zeros(len(care), dtype=bool)
    fault = np.full(len(care), "", dtype="U11")
    place = np.full(len(care), -1, dtype=np.int64)
    before = 0
    for rows, mine in ((plain, ~care), (careful, care)):
        is_data[mine], fault[mine] = rows.is_data, rows.fault
        readable = np.flatnonzero(mine)[rows.is_data & (rows.fault == "")]
        place[readable] = before + np.arange(len(readable))
        before += len(readable)
    both = pa.concat_tables([plain.data, careful.data])
    return Rows(data=both.take(pa.array(place[place >= 0])).combine_chunks(), is_data=is_data, fault=fault)


def _parse_quoted(line: str, form: Delimited) -> list[str] | None:
    if not form.quote:
        return None
    try:
        rows = list(csv.reader([line], delimiter=form.delimiter, quotechar=form.quote, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lines(body: bytes) -> pa.Array:
    """Each line as a text, without its end."""
    body = body.replace(b"\r\n", b"\n")
    octets = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(octets == _LINE_END)
    offsets = np.zeros(len(ends) + 1, dtype=np.int32)
    offsets[1:] = ends - np.arange(len(ends))
    return pa.StringArray.from_buffers(
        len(ends), pa.py_buffer(offsets), pa.py_buffer(body.translate(None, b"\n"))
    )


def _with_ends(body: bytes) -> Whole:
    """Bytes of each line with its end."""
    ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == _LINE_END)
    return np.diff(ends, prepend=-1).astype(np.int64)
