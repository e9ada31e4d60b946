"""dBase III tables: a header that states count and widths, then records of fixed byte width.

Own code and not a library: the evidence needs each record's byte offset, and the record count in the
header must be held against the file's size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers.fixed import cut_columns
from pipelines.s1_land.readers.lines import Lines, check_header, whole_lines
from pipelines.sources.spec import Dbf

_HEADER = struct.Struct("<BBBBIHH")
_FIELD_SIZE = 32
_FIELDS_END = 0x0D
_FILE_END = b"\x1a"
_DELETED = b"*"


@dataclass(frozen=True, kw_only=True)
class _Shape:
    records: int
    header_size: int
    record_size: int
    widths: dict[str, int]


def read(data: bytes, form: Dbf, expected: set[str], *, place: str) -> Lines:
    """Records of a DBF file; LayoutBroken when its header and its size disagree."""
    shape = _shape(data, place)
    check_header(list(shape.widths), expected, place=place)
    starts = shape.header_size + shape.record_size * np.arange(shape.records, dtype=np.int64)
    records = [data[at : at + shape.record_size] for at in starts.tolist()]
    # Line 1 is the file header: its cells are the column names, as in any other list.
    line_no = np.arange(1, shape.records + 2, dtype=np.int64)
    bodies = [record[1:] for record in records]
    widths = list(shape.widths.values())
    columns = cut_columns(bodies, widths, form.encoding, place=place, lines=line_no[1:].tolist())
    cells = [list(shape.widths), *([list(row) for row in zip(*columns, strict=True)])]
    return whole_lines(
        columns=list(shape.widths),
        kind=["header"] + ["data"] * shape.records,
        offset=np.concatenate((np.zeros(1, np.int64), starts)),
        length=np.array([shape.header_size] + [shape.record_size] * shape.records, dtype=np.int64),
        fault=[None] + ["deleted" if record[:1] == _DELETED else None for record in records],
        line_no=line_no,
        cells=cells,
    )


def _shape(data: bytes, place: str) -> _Shape:
    if len(data) < _FIELD_SIZE:
        raise LayoutBroken("shorter than a DBF header", place=place, remedy="ask for the file again")
    _, _, _, _, records, header_size, record_size = _HEADER.unpack_from(data)
    widths = _widths(data, header_size, place)
    body = data[header_size:].removesuffix(_FILE_END)
    if record_size != 1 + sum(widths.values()) or len(body) != records * record_size:
        raise LayoutBroken(
            f"the header states {records} records of {record_size} bytes, the file holds {len(body)} bytes of records",
            place=place,
            remedy="the file is cut or was changed by hand: ask for it again",
        )
    return _Shape(records=records, header_size=header_size, record_size=record_size, widths=widths)


def _widths(data: bytes, header_size: int, place: str) -> dict[str, int]:
    widths: dict[str, int] = {}
    at = _FIELD_SIZE
    while at + _FIELD_SIZE <= min(header_size, len(data)) and data[at] != _FIELDS_END:
        name = data[at : at + 11].split(b"\0")[0].decode("ascii", "replace")
        widths[name] = data[at + 16]
        at += _FIELD_SIZE
    if at >= len(data) or not widths:
        raise LayoutBroken("the DBF field list does not end", place=place, remedy="ask for the file again")
    return widths
