"""Content hashes: the same content always has the same id, on any machine and in any order of work."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipelines.base.files import OnDisk


def digest_bytes(data: bytes) -> str:
    """SHA-256 of bytes, 64 hex characters."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    hasher = hashlib.sha256()
    for block in OnDisk(path).blocks():
        hasher.update(block)
    return hasher.hexdigest()


def digest_parts(parts: Iterable[str]) -> str:
    """SHA-256 over texts, each preceded by its length so that no two lists collide by joining."""
    hasher = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        hasher.update(f"{len(encoded)}:".encode())
        hasher.update(encoded)
    return hasher.hexdigest()


def short_id(prefix: str, *parts: str) -> str:
    """An id a person can read out: prefix and 16 base-32 characters (80 bits) of the parts' digest."""
    raw = bytes.fromhex(digest_parts(parts))[:10]
    return f"{prefix}-{base64.b32encode(raw).decode()}"


def digest_tree(roots: Iterable[Path], suffixes: tuple[str, ...]) -> str:
    """One digest over the files below `roots` with these suffixes: names and contents, in name order."""
    parts: list[str] = []
    for root in roots:
        files = (path for path in root.rglob("*") if path.suffix in suffixes and path.is_file())
        for path in sorted(files, key=lambda p: p.relative_to(root).as_posix()):
            parts += [path.relative_to(root).as_posix(), digest_file(path)]
    return digest_parts(parts)
