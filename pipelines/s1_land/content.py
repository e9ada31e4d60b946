"""The bytes of a delivered file, a block at a time, and what one pass over them says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

BLOCK = 1 << 20
_LINE_END = b"\n"


class Content(Protocol):
    """Bytes that can be read through as often as wanted; whoever calls a stage decides where they lie."""

    def blocks(self) -> Iterator[bytes]:
        """All bytes in order, none of the blocks empty."""


@dataclass(frozen=True)
class InMemory:
    """Bytes at hand: a test's, a trial's, what was inside a packed file."""

    data: bytes

    def blocks(self) -> Iterator[bytes]:
        for at in range(0, len(self.data), BLOCK):
            yield self.data[at : at + BLOCK]


def content_of(data: bytes | Content) -> Content:
    return InMemory(data) if isinstance(data, bytes) else data


def whole(content: Content) -> bytes:
    """All bytes at once: for forms that can only be read as a whole, which are small."""
    return b"".join(content.blocks())


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one pass over the bytes says: digests, size, and line ends (counted without parsing)."""

    sha256: str
    md5: str
    size: int
    text_lines: int


def facts_of(content: Content) -> Facts:
    """One pass over all bytes."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size = lines = 0
    last = b""
    for block in content.blocks():
        sha256.update(block)
        md5.update(block)
        size += len(block)
        lines += block.count(_LINE_END)
        last = block[-1:]
    return Facts(
        sha256=sha256.hexdigest(),
        md5=md5.hexdigest(),
        size=size,
        text_lines=lines + (last not in (b"", _LINE_END)),
    )


def stretches(blocks: Iterable[bytes], size: int) -> Iterator[tuple[int, bytes]]:
    """(where it starts, bytes) of stretches of about `size` bytes that end with a line, the last one with the file.

    0x0A is never part of a longer character in UTF-8 or GB18030, so no character is cut.
    """
    start = 0
    kept: list[bytes] = []
    held = 0
    for block in blocks:
        kept.append(block)
        held += len(block)
        if held < size or _LINE_END not in block:
            continue
        body = b"".join(kept)
        end = body.rfind(_LINE_END) + 1
        yield start, body[:end]
        start += end
        kept, held = [body[end:]], len(body) - end
    if held:
        yield start, b"".join(kept)
