"""Answers of a query service: a page is a file, a row of it is a line. Each row keeps its bytes' address."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers.lines import Lines, check_header, decode, text_array
from pipelines.sources.spec import JsonPages

_DECODER = json.JSONDecoder()


def read(data: bytes, form: JsonPages, expected: set[str], *, place: str) -> Lines:
    """The rows of one page; LayoutBroken when the page is an error answer or no JSON of this form."""
    text = decode(data, "utf-8", place=place)
    page = _page(text, place)
    code = str(dig(page, form.code, place))
    if code != form.good_code:
        raise LayoutBroken(
            f"the service answered code [{code}]",
            place=place,
            remedy="ask the query again; nothing of it was read",
        )
    rows = dig(page, form.rows, place)
    columns = sorted(expected)
    for number, row in enumerate(rows, start=1):
        check_header(list(row), expected, place=f"{place} row {number}")
    offset, length = _spans(text, form.rows.rsplit(".", maxsplit=1)[-1], len(rows), place)
    return Lines(
        columns=tuple(columns),
        kind=text_array(["header"] + ["data"] * len(rows)),
        offset=np.array([0, *offset], dtype=np.int64),
        length=np.array([0, *length], dtype=np.int64),
        cells=pa.array(
            [columns, *([_text(row[name]) for name in columns] for row in rows)], pa.list_(pa.string())
        ),
        fault=text_array([None] * (len(rows) + 1)),
        line_no=np.arange(len(rows) + 1, dtype=np.int64) + 1,
    )


def check_pages(pages: Iterable[bytes], form: JsonPages, *, place: str) -> None:
    """LayoutBroken when the pages of a delivery do not hold as many rows as each of them states in all."""
    parsed = [json.loads(page) for page in pages]
    totals = {int(dig(page, form.total, place)) for page in parsed}
    held = sum(len(dig(page, form.rows, place)) for page in parsed)
    if totals != {held}:
        raise LayoutBroken(
            f"the pages hold {held} rows and state {sorted(totals)}",
            place=place,
            remedy="the answer changed between pages or one is missing: ask all of it again",
        )


def dig(page: Any, path: str, place: str) -> Any:
    """The value at a dotted path; LayoutBroken when the page has no such thing."""
    for key in path.split("."):
        if not isinstance(page, dict) or key not in page:
            raise LayoutBroken(f"the page has no [{path}]", place=place, remedy="ask the query again")
        page = page[key]
    return page


def _page(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise LayoutBroken(
            f"not JSON: {error}", place=place, remedy="the page is cut: ask it again"
        ) from error


def _spans(text: str, key: str, count: int, place: str) -> tuple[Sequence[int], Sequence[int]]:
    """Byte offset and length of each row object of the list under `key`."""
    at = text.find("[", text.find(f'"{key}"')) + 1
    done_chars = done_bytes = 0
    offset: list[int] = []
    length: list[int] = []
    for _ in range(count):
        start = text.find("{", at)
        _, at = _DECODER.raw_decode(text, start)
        done_bytes += len(text[done_chars:start].encode())
        size = len(text[start:at].encode())
        offset.append(done_bytes)
        length.append(size)
        done_chars, done_bytes = at, done_bytes + size
    return offset, length


def _text(value: Any) -> str:
    """A cell as text; null is empty, a number keeps its own digits."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
