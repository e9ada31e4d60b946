"""The bytes of a file on disk, a block at a time; a file put in place once, whole and lasting."""

from __future__ import annotations

import os
import secrets
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


def put_once(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file whole under its name; False, and nothing done, when the name is taken."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True
