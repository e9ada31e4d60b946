"""What every reader returns, and the checks all readers share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.base.errors import LayoutBroken, MissingColumn, WrongEncoding

Whole = npt.NDArray[np.int64]
_MIN_FOREIGN = 6  # so many multi-byte characters are never UTF-8 by chance


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The physical lines of one file, in order. Arrays have one entry a line."""

    columns: tuple[str, ...]  # names of the cells, by position
    kind: pa.Array  # header · data · trailer · blank
    offset: Whole  # byte where the line starts
    length: Whole  # bytes without the line end
    cells: pa.Array  # list<string>
    fault: pa.Array  # text, null where the line can be read
    line_no: Whole  # 1-based


def check_header(found: Sequence[str], expected: set[str], *, place: str) -> None:
    """The header must hold exactly the columns the YAML reads or signs off, each once."""
    missing = sorted(expected - set(found))
    extra = sorted(set(found) - expected)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise MissingColumn(
            f"columns stand twice: {twice}", place=place, remedy="ask the registry which one counts"
        )
    if missing:
        raise MissingColumn(
            f"columns missing: {missing}; not in the YAML: {extra}",
            place=place,
            remedy="ask the registry for the agreed layout, or change `columns` in the source's YAML",
        )
    if extra:
        raise MissingColumn(
            f"columns nobody signed off: {extra}",
            place=place,
            remedy="read them in `columns` or sign them off in `unused_columns` of the source's YAML",
        )


def decode(data: bytes, encoding: str, *, place: str) -> str:
    """The whole file under its declared encoding, strictly; the error names the line."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongEncoding(
            f"byte {error.start} is not {encoding}",
            place=f"{place} line {line}",
            remedy="ask the registry for the whole file in one encoding; nothing of it was read",
        ) from error
    if encoding.startswith("gb") and _is_utf8(data):
        raise WrongEncoding(
            f"declared {encoding}, but the bytes are UTF-8",
            place=place,
            remedy="correct `encoding` in the source's YAML once the registry confirms the change",
        )
    return text


def _is_utf8(data: bytes) -> bool:
    """UTF-8 bytes often pass as GB18030 and come out as other characters; the reverse never happens."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(data) - len(text) >= 2 * _MIN_FOREIGN


def decode_cells(raw: list[bytes], encoding: str, *, place: str, lines: Sequence[int]) -> list[str]:
    """Cells of fixed byte width. A character cut by the width becomes U+FFFD; anything else is refused."""
    try:
        cells = b"\n".join(raw).decode(encoding).split("\n")
    except UnicodeDecodeError:
        cells = []
    if len(cells) == len(raw):
        return cells
    # A character is cut somewhere, or a DBF cell holds a line end of its own: each cell alone.
    return [_decode_cell(cell, encoding, f"{place} line {no}") for cell, no in zip(raw, lines, strict=True)]


def _decode_cell(cell: bytes, encoding: str, place: str) -> str:
    try:
        return cell.decode(encoding)
    except UnicodeDecodeError as error:
        if error.reason == "incomplete multibyte sequence" and error.end == len(cell):
            return cell[: error.start].decode(encoding) + "\ufffd"
        raise WrongEncoding(
            f"byte {error.start} of a cell is not {encoding}", place=place, remedy="ask for the file again"
        ) from error


def text_array(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def text_array_of(values: np.ndarray, words: Sequence[str]) -> pa.Array:
    """Texts out of a few words; null where the value is none of them."""
    codes = np.full(len(values), len(words), dtype=np.int32)
    for code, word in enumerate(words):
        codes[values == word] = code
    return pa.array([*words, None], pa.string()).take(pa.array(codes))


def check_trailer_is_last(kinds: Sequence[str], *, place: str) -> None:
    """A total in the middle of the data means two lists were pasted together."""
    seen = False
    for number, kind in enumerate(kinds, start=1):
        seen = seen or kind == "trailer"
        if seen and kind == "data":
            raise LayoutBroken(
                "data after the total line",
                place=f"{place} row {number}",
                remedy="ask for one list a file, or correct `trailer` in the source's YAML",
            )
