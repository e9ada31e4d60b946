"""XML lists: one element a record, its children the cells. No DTD, no entities, no network.

Whatever is in a record and is no cell (an attribute, loose text, an element in an element, a cell twice) would
get lost, so the file is refused for it.
"""

from __future__ import annotations

from xml.parsers import expat  # nosec: entities and DTDs are refused below

import numpy as np

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers.lines import Lines, check_header, decode, whole_lines
from pipelines.sources.spec import Xml


class _Forbidden(ValueError):
    """The file declares or holds something that a plain list has not."""


class _Records:
    """Collects records and their byte spans while expat reads."""

    def __init__(self, record: str, data: bytes) -> None:
        self.record = record
        self.data = data
        self.rows: list[dict[str, str]] = []
        self.spans: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._forbid
        self.parser.EntityDeclHandler = self._forbid
        self.parser.XmlDeclHandler = self._declared
        self._cell: str | None = None
        self._open = False
        self._start_at = 0

    def _forbid(self, *_: object) -> None:
        raise _Forbidden("it declares a document type or an entity")

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            raise _Forbidden(f"it is declared as {encoding}, UTF-8 is agreed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if (self._open or name == self.record) and attributes:
            self._refuse("it has an attribute")
        if name == self.record and not self._open:
            self.rows.append({})
            self._open, self._start_at = True, self.parser.CurrentByteIndex
        elif self._open:
            if self._cell is not None or name == self.record:
                self._refuse("it holds an element in an element")
            if name in self.rows[-1]:
                self._refuse(f"[{name}] stands twice")
            self._cell = name
            self.rows[-1][name] = ""

    def _end(self, name: str) -> None:
        if name == self.record:
            end = self.data.index(b">", self.parser.CurrentByteIndex) + 1
            self.spans.append((self._start_at, end - self._start_at))
            self._open = False
        self._cell = None

    def _text(self, text: str) -> None:
        if self._open and self._cell is not None:
            self.rows[-1][self._cell] += text
        elif text.strip():
            raise _Forbidden(f"text outside the cells, near record {len(self.rows)}")

    def _refuse(self, what: str) -> None:
        raise _Forbidden(f"record {len(self.rows) + (not self._open)}: {what}")


def read(data: bytes, form: Xml, expected: set[str], *, place: str) -> Lines:
    """The records of an XML list; LayoutBroken when it is not well formed or declares anything."""
    decode(data, "utf-8", place=place)
    found = _Records(form.record, data)
    try:
        found.parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise LayoutBroken(
            f"not plain XML: {error}", place=place, remedy="ask for a plain list again"
        ) from error
    for number, row in enumerate(found.rows, start=1):
        check_header(list(row), expected, place=f"{place} record {number}")
    columns = sorted(expected)
    count = len(found.rows)
    return whole_lines(
        columns=columns,
        kind=["header"] + ["data"] * count,
        offset=np.array([0, *(start for start, _ in found.spans)], dtype=np.int64),
        length=np.array([0, *(size for _, size in found.spans)], dtype=np.int64),
        fault=[None] * (count + 1),
        line_no=np.arange(count + 1, dtype=np.int64) + 1,
        cells=[columns, *([row[name] for name in columns] for row in found.rows)],
    )
