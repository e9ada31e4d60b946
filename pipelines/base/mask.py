"""What must not be read in a message is blacked out: id, account and phone numbers, however they are written.

And a fault told by its kind and its place in the program, without its text, which may quote a row.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

MARK = "[number]"
_RUN = re.compile(r"[0-9A-Za-z]*\d{12,}[0-9A-Za-z]*")
_PARTED = re.compile(
    r"(?<!\d)(?:\d{6}[ \-]\d{8}[ \-]\d{3}[\dXx]|\d{4}(?:[ \-]\d{4}){3,4}(?:[ \-]?\d{1,3})?)(?![\d])"
)
_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})")
_PHONE = re.compile(r"(?<![0-9A-Za-z.])1[3-9]\d{9}(?![0-9A-Za-z])")
_ROOT = Path(__file__).parents[2]


def redact(text: str) -> str:
    """Numbers of twelve digits and more, in one run or parted as on a card, and mobile numbers become [number].

    Digests in hexadecimal stay. Digits of any script count, and letters that touch the number go with it.
    """
    hidden = _RUN.sub(_number, text)
    return _PHONE.sub(MARK, _PARTED.sub(MARK, hidden))


def _number(found: re.Match[str]) -> str:
    return found[0] if _DIGEST.fullmatch(found[0]) else MARK


def fault_told(error: BaseException) -> str:
    """Kind of a fault and the program lines it passed, innermost last; of those it came from too. No text of its own."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        told.append(f"{type(current).__name__} at {_frames(current)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; from ".join(told)


def _frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames) or "?"


def _short(filename: str) -> str:
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
