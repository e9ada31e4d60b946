"""The very bytes of a delivered line: a slice of the file, or of what is packed inside it."""

from __future__ import annotations

from pipelines.sources.inflate import first_sheet, unpacked
from pipelines.sources.spec import Layout, Workbook


def delivered_bytes(data: bytes, layout: Layout | None, offset: int, length: int) -> bytes:
    """`length` bytes at `offset` of the file, of what it packs, or of its first worksheet."""
    if layout:
        data = unpacked(data, layout.packed)
    if layout and isinstance(layout.format, Workbook):
        data = first_sheet(data)
    return data[offset : offset + length]
