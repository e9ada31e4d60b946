"""Small batches as a sender lays them out, and what of an inbox can be seen."""

from __future__ import annotations

import hashlib
from pathlib import Path


def md5_of(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def sign_off_of(name: str, data: bytes, rows: int, day: str) -> bytes:
    return f"{name}|{rows}|{md5_of(data)}|{day}\n".encode()


def offer(
    root: Path, batch: str, files: dict[str, bytes], *, suffix: str = ".ok", day: str = "20240630"
) -> Path:
    folder = root / batch
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / (name + suffix)).write_bytes(sign_off_of(name, data, data.count(b"\n"), day))
    return folder


def seen(inbox: Path) -> list[str]:
    """Every entry below the inbox, hidden ones too."""
    return sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file())


def secret(folder: Path, text: bytes, *, name: str = "secret", mode: int = 0o600) -> Path:
    path = folder / name
    path.write_bytes(text)
    path.chmod(mode)
    return path
