"""What every reader returns, and the checks all readers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import LayoutBroken, MissingColumn, WrongEncoding

_CELL_END = "\x1f"
_LINE_END = 0x0A
Whole = npt.NDArray[np.int64]
_LOOKED_AT = 1 << 16
_LEAST_EVERYDAY = (3, 4)  # lists of persons and addresses hold 98 of 100 and more
_MIN_FOREIGN = 6  # so many multi-byte characters are never UTF-8 by chance


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Consecutive physical lines of one file, in order. Arrays have one entry a line.

    `data` has one row for each line that is data and bears no fault. `contents` tells lines apart: two lines
    with the same say the same. `cells` are set by forms whose lines have no bytes that could be read again
    alone (worksheet rows, records, rows of a page).
    """

    kind: pa.Array  # header · data · trailer · blank
    offset: Whole  # byte where the line starts
    length: Whole  # bytes without the line end
    fault: pa.Array  # text, null where the line can be read
    line_no: Whole  # 1-based
    data: pa.Table  # the delivered columns, all text
    contents: Callable[[], pa.Array]  # binary, made when asked for
    cells: pa.Array | None = None  # list<string>


def whole_lines(
    *,
    columns: Sequence[str],
    kind: Sequence[str],
    offset: Whole,
    length: Whole,
    fault: Sequence[str | None],
    line_no: Whole,
    cells: Sequence[Sequence[str]],
) -> Lines:
    """All lines of a file whose form is read as a whole."""
    lists = pa.array(cells, pa.list_(pa.string()))
    readable = [one == "data" and not wrong for one, wrong in zip(kind, fault, strict=True)]
    return Lines(
        kind=text_array(kind),
        offset=offset,
        length=length,
        fault=text_array(fault),
        line_no=line_no,
        data=table_of(lists, np.flatnonzero(readable), columns),
        contents=partial(_joined, lists),
        cells=lists,
    )


def _joined(cells: pa.Array) -> pa.Array:
    """The cells of every line as one text. A delivered cell may hold the very sign put between cells."""
    texts = cells.flatten()
    if pc.any(pc.match_substring(texts, _CELL_END)).as_py():
        plain = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), _CELL_END, "\\e")
        cells = pa.ListArray.from_arrays(cells.offsets, plain)
    return pc.binary_join(cells, _CELL_END).cast(pa.binary())


def text_lines(data: bytes) -> pa.Array:
    """The bytes of every line of a stretch of text, without CR LF."""
    body = data.replace(b"\r\n", b"\n")
    if body and not body.endswith(b"\n"):
        body = body.removesuffix(b"\r") + b"\n"
    ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == _LINE_END)
    offsets = np.zeros(len(ends) + 1, dtype=np.int32)
    offsets[1:] = ends + 1
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(body)]
    return pa.BinaryArray.from_buffers(pa.binary(), len(ends), buffers)


def table_of(cells: pa.Array, rows: Whole, columns: Sequence[str]) -> pa.Table:
    """The cells of some rows as columns; each of these rows must have a cell a column at least."""
    starts = cells.offsets.to_numpy()[rows].astype(np.int64)
    return pa.table(
        [cells.values.take(pa.array(starts + at)) for at in range(len(columns))], names=list(columns)
    )


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


def decode(data: bytes, encoding: str, *, place: str, first_line: int = 1) -> str:
    """The text under its declared encoding, strictly; the error names the line."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + first_line
        raise WrongEncoding(
            f"byte {error.start} is not {encoding}",
            place=f"{place} line {line}",
            remedy="ask the registry for the whole file in one encoding; nothing of it was read",
        ) from error
    check_writing(data, text, encoding, place=place)
    return text


def check_writing(data: bytes, text: str, encoding: str, *, place: str) -> None:
    """WrongEncoding when bytes of another encoding pass as GB18030: the characters are not what was written."""
    if encoding.startswith("gb") and _is_utf8(data):
        raise WrongEncoding(
            f"declared {encoding}, but the bytes are UTF-8",
            place=place,
            remedy="correct `encoding` in the source's YAML once the registry confirms the change",
        )
    if encoding.startswith("gb") and _seems_foreign(text):
        raise WrongEncoding(
            f"declared {encoding}, but hardly a character is one that Chinese is written with: perhaps Big5",
            place=place,
            remedy="ask the registry which encoding the file has; nothing of it was read",
        )


def _seems_foreign(text: str) -> bool:
    """Big5 and others often pass as GB18030, as characters outside the 6,763 of everyday writing (GB 2312)."""
    strange = [sign for sign in text[:_LOOKED_AT] if not sign.isascii()]
    everyday = len("".join(strange).encode("gb2312", "ignore").decode("gb2312"))
    return (
        len(strange) >= 2 * _MIN_FOREIGN and everyday * _LEAST_EVERYDAY[1] < len(strange) * _LEAST_EVERYDAY[0]
    )


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
