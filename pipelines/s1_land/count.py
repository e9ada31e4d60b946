"""Physical lines counted on the bytes alone: the independent side of the account, so it shares no parser."""

from __future__ import annotations

import json
import re
import struct

from pipelines.s1_land.content import Content, whole
from pipelines.s1_land.readers import is_text
from pipelines.sources.inflate import Unpackable, first_sheet, unpacked
from pipelines.sources.spec import Dbf, JsonPages, Layout, Workbook, Xml

_FILE_END = b"\x1a"


def count_lines(layout: Layout | None, content: Content, text_lines: int) -> int:
    """Text lines, worksheet rows, records of a DBF, JSON page or XML list (and their header); 0 if unreadable.

    `text_lines` are the line ends already counted on the bytes as they lie there.
    """
    if layout is None or (is_text(layout) and not layout.packed):
        return text_lines
    try:
        return _count(layout, unpacked(whole(content), layout.packed))
    except (Unpackable, ValueError, RecursionError, struct.error):
        return 0


def _count(layout: Layout, data: bytes) -> int:
    form = layout.format
    if isinstance(form, Workbook):
        return first_sheet(data).count(b"<row ")
    if isinstance(form, Dbf):
        return _dbf_records(data)
    if isinstance(form, JsonPages):
        return 1 + _json_rows(data, form)
    if isinstance(form, Xml):
        return 1 + len(re.findall(rf"</{re.escape(form.record)}\s*>".encode(), data))
    return _text_lines(data)


def _text_lines(data: bytes) -> int:
    return data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))


def _dbf_records(data: bytes) -> int:
    header_size, record_size = struct.unpack_from("<HH", data, 8)
    if not record_size:
        return 0
    return 1 + max(0, int(len(data.removesuffix(_FILE_END)) - header_size)) // int(record_size)


def _json_rows(data: bytes, form: JsonPages) -> int:
    page = json.loads(data)
    for key in form.rows.split("."):
        page = page.get(key, {}) if isinstance(page, dict) else {}
    return len(page) if isinstance(page, list) else 0
