"""XML lists: one element a record, its children the cells. No DTD, no entities, no network."""

from __future__ import annotations

from xml.parsers import expat  # nosec: entities and DTDs are refused below

import numpy as np
import pyarrow as pa

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers.lines import Lines, check_header, text_array
from pipelines.sources.spec import Xml


class _Forbidden(ValueError):
    """The file declares a document type or an entity."""


class _Records:
    """Collects records and their byte spans while expat reads."""

    def __init__(self, record: str) -> None:
        self.record = record
        self.rows: list[dict[str, str]] = []
        self.spans: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._forbid
        self.parser.EntityDeclHandler = self._forbid
        self._cell: str | None = None
        self._open = False
        self._start_at = 0

    def _forbid(self, *_: object) -> None:
        raise _Forbidden("it declares a document type or an entity")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == self.record:
            self.rows.append({})
            self._open, self._start_at = True, self.parser.CurrentByteIndex
        elif self._open:
            self._cell = name
            self.rows[-1][name] = ""

    def _end(self, name: str) -> None:
        if name == self.record:
            end = self.parser.CurrentByteIndex + len(f"</{name}>".encode())
            self.spans.append((self._start_at, end - self._start_at))
            self._open = False
        self._cell = None

    def _text(self, text: str) -> None:
        if self._open and self._cell is not None:
            self.rows[-1][self._cell] += text


def read(data: bytes, form: Xml, expected: set[str], *, place: str) -> Lines:
    """The records of an XML list; LayoutBroken when it is not well formed or declares anything."""
    found = _Records(form.record)
    try:
        found.parser.Parse(data, True)
    except (expat.ExpatError, _Forbidden) as error:
        raise LayoutBroken(
            f"not plain XML: {error}", place=place, remedy="ask for a plain list again"
        ) from error
    for number, row in enumerate(found.rows, start=1):
        check_header(list(row), expected, place=f"{place} record {number}")
    columns = sorted(expected)
    count = len(found.rows)
    return Lines(
        columns=tuple(columns),
        kind=text_array(["header"] + ["data"] * count),
        offset=np.array([0, *(start for start, _ in found.spans)], dtype=np.int64),
        length=np.array([0, *(size for _, size in found.spans)], dtype=np.int64),
        cells=pa.array(
            [columns, *([row[name] for name in columns] for row in found.rows)], pa.list_(pa.string())
        ),
        fault=text_array([None] * (count + 1)),
        line_no=np.arange(count + 1, dtype=np.int64) + 1,
    )
