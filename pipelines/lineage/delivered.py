"""The very bytes of a delivered line: a slice of the file, or of what is packed inside it; or as they were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pipelines.sources.inflate import first_sheet, unpacked
from pipelines.sources.spec import Layout, Workbook, load_spec
from pipelines.store.lake import Lake


class Lines(Protocol):
    """Where the bytes of a landed line come from."""

    def line(self, row: Mapping[str, Any], sha256: str) -> bytes:
        """The bytes of a row of `landed_line` in the file with this digest."""


@dataclass(frozen=True)
class LakeLines:
    """From the file itself."""

    lake: Lake

    def line(self, row: Mapping[str, Any], sha256: str) -> bytes:
        layout = load_spec(row["source"]).layout_of(row["file_name"])
        data = self.lake.get_bytes(sha256)
        return delivered_bytes(data, layout, row["byte_offset"], row["byte_length"])


@dataclass(frozen=True)
class KeptLines:
    """From what was kept of a file that was erased."""

    kept: Mapping[str, bytes]

    def line(self, row: Mapping[str, Any], sha256: str) -> bytes:
        return self.kept[row["record_id"]]


def delivered_bytes(data: bytes, layout: Layout | None, offset: int, length: int) -> bytes:
    """`length` bytes at `offset` of the file, of what it packs, or of its first worksheet."""
    return readable_bytes(data, layout)[offset : offset + length]


def readable_bytes(data: bytes, layout: Layout | None) -> bytes:
    """What lines' addresses refer to: the file, what it packs, or its first worksheet."""
    if layout:
        data = unpacked(data, layout.packed)
    if layout and isinstance(layout.format, Workbook):
        data = first_sheet(data)
    return data
