"""Physical lines counted on the bytes alone: the independent side of the account, so it shares no parser."""

from __future__ import annotations

import struct
import zipfile

from pipelines.s1_land.readers.workbook_child import first_sheet
from pipelines.sources.spec import Dbf, Layout, Workbook


def count_lines(layout: Layout | None, data: bytes) -> int:
    """Text lines, worksheet rows or DBF records (and the DBF header) in the bytes; 0 where the container cannot be opened."""
    if layout and isinstance(layout.format, Workbook):
        return _sheet_rows(data)
    if layout and isinstance(layout.format, Dbf):
        return _dbf_records(data)
    return data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))


def _sheet_rows(data: bytes) -> int:
    try:
        return first_sheet(data).count(b"<row ")
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        return 0


def _dbf_records(data: bytes) -> int:
    try:
        header_size, record_size = struct.unpack_from("<HH", data, 8)
    except struct.error:
        return 0
    return 1 + int((len(data) - header_size) // record_size) if record_size else 0
