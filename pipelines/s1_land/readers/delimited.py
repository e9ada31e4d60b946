"""Delimited text: one physical line is one record, always.

A parser that lets a quoted cell run over the line end can lose hundreds of rows to two stray quotes
without an error, so lines are counted and addressed on the bytes before any cell is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.content import Content, stretches
from pipelines.s1_land.readers.cells import cut_rows, one_line
from pipelines.s1_land.readers.lines import Lines, Whole, check_header, decode, text_array_of, text_lines
from pipelines.sources.spec import Delimited

STRETCH = 1 << 24  # bytes read at once
_LINE_END = 0x0A
_RETURN = 0x0D
_ARROW_REACH = 2**31 - 1  # bytes one Arrow text array can address


def read(content: Content, form: Delimited, expected: set[str], *, place: str) -> Iterator[Lines]:
    """Lines of a delimited file; LayoutBroken, MissingColumn or WrongEncoding when it is not as declared."""
    names: Sequence[str] = form.header
    if names:
        check_header(names, expected, place=f"{place} line 1")
    before = 0
    for start, data in stretches(content.blocks(), STRETCH):
        offset, length = line_spans(data)
        encoding = form.encoding if start == 0 else form.encoding.removesuffix("-sig")
        body = _text(data, encoding, len(offset), place=place, first_line=before + 1)
        kind = np.full(len(offset), "blank", dtype="U6")
        at, first = 0, 0
        if not names:
            at, first = _header_end(body)
            if at:
                names = [name.strip() for name in one_line(_last_line(body[:at]), form)]
                check_header(names, expected, place=f"{place} line {before + first}")
                kind[first - 1] = "header"
        rest = body[at:] if names else b""
        cut = cut_rows(rest, length[first:] if names else length[:0], names, form)
        kind[first:][cut.is_data] = "data"
        fault = np.full(len(offset), "", dtype="U11")
        fault[len(offset) - len(cut.fault) :] = cut.fault
        yield Lines(
            kind=text_array_of(kind, ("data", "blank", "header")),
            offset=offset + start,
            length=length,
            fault=text_array_of(fault, ("cell_count", "quote_stray")),
            line_no=np.arange(before + 1, before + 1 + len(offset), dtype=np.int64),
            data=cut.data,
            contents=partial(text_lines, data),
        )
        before += len(offset)
    if not names:
        check_header((), expected, place=f"{place} line 1")


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


def _text(data: bytes, encoding: str, count: int, *, place: str, first_line: int) -> bytes:
    """The text as UTF-8 with every line, the last one too, ended by a line feed."""
    text = decode(data, encoding, place=place, first_line=first_line)
    body = data if encoding == "utf-8" else text.encode()
    if body and not body.endswith(b"\n"):
        body = body.removesuffix(b"\r") + b"\n"
    if len(body) > _ARROW_REACH:
        raise LayoutBroken(
            f"a line of [{len(body)}] bytes: no list has such a line",
            place=place,
            remedy="ask the registry for a list with one record a line",
        )
    found = body.count(b"\n")
    if found != count:
        # Of a file cut inside or just after its byte-order mark no text is left.
        raise LayoutBroken(
            f"[{count}] lines in the bytes, [{found}] in the text",
            place=place,
            remedy="ask for the file again",
        )
    return body


def _header_end(body: bytes) -> tuple[int, int]:
    """Where the first line with a character ends, and how many lines that are; (0, 0) when there is none."""
    at = number = 0
    while at < len(body):
        end = body.index(b"\n", at) + 1
        number += 1
        if body[at:end].decode().strip():
            return end, number
        at = end
    return 0, 0


def _last_line(body: bytes) -> str:
    return body.decode().removesuffix("\n").rpartition("\n")[2]
