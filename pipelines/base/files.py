"""The bytes of a file on disk, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True)
class OnDisk:
    """A file that is read as often as wanted and never held whole."""

    path: Path

    def blocks(self) -> Iterator[bytes]:
        with self.path.open("rb") as handle:
            while block := handle.read(_BLOCK):
                yield block
