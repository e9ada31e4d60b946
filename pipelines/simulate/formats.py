"""The bytes of each file format: text lines, fixed width in bytes, dBase III, and a small workbook.

Byte-deterministic: no clock, no compression (deflate differs between zlib builds), fixed zip timestamps.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias
from xml.sax.saxutils import escape

Cell: TypeAlias = str | int | None

_ZIP_TIME = (2024, 7, 1, 9, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_DBF_END_OF_FIELDS, _DBF_END = b"\x0d\x00", b"\x1a"
_DBF_HEADER, _DBF_FIELD = 32, 32


def delimited(
    columns: Sequence[Iterable[str]], *, header: Sequence[str] = (), by: str = ",", end: str = "\r\n"
) -> str:
    """Lines of unquoted cells, each ended."""
    lines = [by.join(header)] if header else []
    lines += map(by.join, zip(*columns, strict=True))
    return end.join(lines) + end


def padded(text: str, width: int, encoding: str, *, right: bool = False) -> bytes:
    """The text in exactly `width` bytes: cut behind a whole character where the codec allows, blank-filled."""
    raw = text.encode(encoding, "replace")
    if len(raw) > width:
        raw = raw[:width].decode(encoding, "ignore").encode(encoding)
    return raw.rjust(width) if right else raw.ljust(width)


def fixed(rows: Iterable[tuple[str, ...]], widths: Sequence[int], encoding: str, right: int) -> bytes:
    """Records of fixed byte widths; the column at position `right` is flush right."""
    lines = [
        b"".join(
            padded(text, width, encoding, right=place == right)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return b"\r\n".join(lines) + b"\r\n"


def dbf(
    rows: Sequence[tuple[str, ...]], fields: Sequence[tuple[str, int]], encoding: str, written: date
) -> bytes:
    """dBase III: character fields only, blank-filled; what the code page lacks becomes `?`."""
    record = 1 + sum(width for _, width in fields)
    start = _DBF_HEADER + _DBF_FIELD * len(fields) + 1
    head = struct.pack(
        "<4BIHH20x", 3, written.year - 1900, written.month, written.day, len(rows), start, record
    )
    described = b"".join(struct.pack("<11sc4xB15x", name.encode(), b"C", width) for name, width in fields)
    body = b"".join(
        b" " + b"".join(padded(text, width, encoding) for text, (_, width) in zip(row, fields, strict=True))
        for row in rows
    )
    return head + described + _DBF_END_OF_FIELDS[:1] + body + _DBF_END


def workbook(rows: Iterable[Sequence[Cell]], merges: Sequence[str]) -> bytes:
    """One sheet: whole numbers as numbers, texts inline, None as no cell."""
    lines = "".join(_row(number, cells) for number, cells in enumerate(rows, start=1))
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    sheet = (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>'
        f"<mergeCells>{merged}</mergeCells></worksheet>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(_zip_entry(name), text.encode())
    return buffer.getvalue()


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry


def _row(number: int, cells: Sequence[Cell]) -> str:
    drawn = "".join(
        _cell(f"{_column_letters(place)}{number}", value)
        for place, value in enumerate(cells)
        if value is not None
    )
    return f'<row r="{number}">{drawn}</row>'


def _cell(ref: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{ref}"><v>{value}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _column_letters(place: int) -> str:
    """0 → A; the widest sheet here has 23 columns."""
    return chr(ord("A") + place)
