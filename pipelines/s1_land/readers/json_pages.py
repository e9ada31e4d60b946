"""Answers of a query service: a page is a file, a row of it is a line. Each row keeps its bytes' address.

Numbers are kept as the digits that were sent: a float would lose some of them. A key that stands twice, a
cell that is itself an object, half a character: the page is refused, for nobody can say which value counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers.lines import Lines, check_header, decode, whole_lines
from pipelines.sources.spec import JsonPages

_SHOWN = 20  # characters of a code: an answer of another form may hold anything in its place
_BETWEEN = re.compile(r"[\s,:]*")


_HALF = re.compile("[\ud800-\udfff]")  # half a character, written as \\u


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError("a key stands twice in one object")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"[{word}] is no number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=_no_number
)


def read(data: bytes, form: JsonPages, expected: set[str], *, place: str) -> Lines:
    """The rows of one page; LayoutBroken when the page is an error answer or no JSON of this form."""
    text = decode(data, "utf-8", place=place)
    page = _page(text, place)
    code = str(dig(page, form.code, place))
    if code != form.good_code:
        raise LayoutBroken(
            f"the service answered code [{code[:_SHOWN]}]",
            place=place,
            remedy="ask the query again; nothing of it was read",
        )
    rows = _rows_of(page, form, place)
    columns = sorted(expected)
    for number, row in enumerate(rows, start=1):
        check_header(list(row), expected, place=f"{place} row {number}")
    cells = [
        [_text(row[name], f"{place} row {number} [{name}]") for name in columns]
        for number, row in enumerate(rows, start=1)
    ]
    offset, length = _spans(text, form.rows.split("."), len(rows))
    return whole_lines(
        columns=columns,
        kind=["header"] + ["data"] * len(rows),
        offset=np.array([0, *offset], dtype=np.int64),
        length=np.array([0, *length], dtype=np.int64),
        fault=[None] * (len(rows) + 1),
        line_no=np.arange(len(rows) + 1, dtype=np.int64) + 1,
        cells=[columns, *cells],
    )


def check_pages(pages: Sequence[bytes], form: JsonPages, *, place: str) -> None:
    """LayoutBroken when the pages of a delivery do not hold as many rows as each of them states in all."""
    if not pages:
        return
    parsed = [_page(decode(page, "utf-8", place=place), place) for page in pages]
    rows = [_rows_of(page, form, place) for page in parsed]
    totals = {str(dig(page, form.total, place)) for page in parsed}
    held = sum(len(page) for page in rows)
    if totals != {str(held)}:
        raise LayoutBroken(
            f"the pages hold {held} rows and state {sorted(totals)}",
            place=place,
            remedy="the answer changed between pages or one is missing: ask all of it again",
        )
    written = [json.dumps(page) for page in rows if page]
    if len(set(written)) != len(written):
        raise LayoutBroken(
            "two pages hold the same rows: one page came twice and another not at all",
            place=place,
            remedy="ask all pages again",
        )


def dig(page: Any, path: str, place: str) -> Any:
    """The value at a dotted path; LayoutBroken when the page has no such thing."""
    for key in path.split("."):
        if not isinstance(page, dict) or key not in page:
            raise LayoutBroken(f"the page has no [{path}]", place=place, remedy="ask the query again")
        page = page[key]
    return page


def _rows_of(page: Any, form: JsonPages, place: str) -> list[dict[str, Any]]:
    rows = dig(page, form.rows, place)
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise LayoutBroken(f"[{form.rows}] is no list of rows", place=place, remedy="ask the query again")


def _page(text: str, place: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise LayoutBroken(
            f"not JSON: {error}", place=place, remedy="the page is cut: ask it again"
        ) from error


def _spans(text: str, path: Sequence[str], count: int) -> tuple[Sequence[int], Sequence[int]]:
    """Byte offset and length of each row object of the list at the path."""
    at = _start_of(text, path) + 1
    done_chars = done_bytes = 0
    offset: list[int] = []
    length: list[int] = []
    for _ in range(count):
        start = _next(text, at)
        _, at = _DECODER.raw_decode(text, start)
        done_bytes += len(text[done_chars:start].encode())
        size = len(text[start:at].encode())
        offset.append(done_bytes)
        length.append(size)
        done_chars, done_bytes = at, done_bytes + size
    return offset, length


def _start_of(text: str, path: Sequence[str]) -> int:
    """Where the value at the path starts. The names may also stand elsewhere, in values or other objects."""
    at = _next(text, 0)
    for wanted in path:
        key, at = _DECODER.raw_decode(text, _next(text, at + 1))
        at = _next(text, at)
        while key != wanted:
            _, at = _DECODER.raw_decode(text, at)
            key, at = _DECODER.raw_decode(text, _next(text, at))
            at = _next(text, at)
    return at


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _text(value: Any, place: str) -> str:
    """A cell as text; null is empty, a number keeps its own digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (value.isprintable() or not _HALF.search(value)):
        return value
    raise LayoutBroken(
        "the cell is not one value in whole characters", place=place, remedy="ask the query again"
    )
