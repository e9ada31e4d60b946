"""The very bytes of a delivered line: a slice of the file, or of the worksheet's XML inside a workbook."""

from __future__ import annotations

import zipfile
from io import BytesIO

from pipelines.sources.spec import Layout, Workbook

_INFLATED = 512 << 20


def delivered_bytes(data: bytes, layout: Layout | None, offset: int, length: int) -> bytes:
    """`length` bytes at `offset` of the file, or of its first worksheet."""
    if layout and isinstance(layout.format, Workbook):
        data = _first_sheet(data)
    return data[offset : offset + length]


def _first_sheet(data: bytes) -> bytes:
    """As the reader finds it: the first worksheet member by name."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [
            name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ]
        with archive.open(min(names, key=lambda name: (len(name), name))) as member:
            return member.read(_INFLATED)
