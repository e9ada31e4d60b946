"""Lines of a file that say the same as an earlier one, found without keeping the file in memory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.base.database import in_memory
from pipelines.s1_land.content import Content, stretches
from pipelines.s1_land.readers.delimited import STRETCH
from pipelines.s1_land.readers.lines import Lines, text_lines


class Repeats:
    """For each data line the record_id of the first line with the same contents, stretch after stretch.

    Hashes only say where to look: of each hash that two lines share the contents themselves are compared.
    """

    def __init__(self, parts: Iterable[pa.Array]) -> None:
        """`parts` are the contents of all lines of the file; eight bytes a line are held."""
        self._hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *(_hashes(part) for part in parts)])
        codes = np.sort(self._hashes)
        self._shared = np.unique(codes[1:][codes[1:] == codes[:-1]])
        self._first: dict[bytes, str] = {}
        self._seen = 0

    def of(self, lines: Lines, is_data: npt.NDArray[np.bool_], record_id: pa.Array) -> pa.Array:
        """Per line of the next stretch: the earlier record_id, or null."""
        codes = self._hashes[self._seen : self._seen + len(is_data)]
        self._seen += len(is_data)
        where = np.flatnonzero(is_data & np.isin(codes, self._shared)) if len(self._shared) else ()
        found: list[str | None] = [None] * len(is_data)
        if not len(where):
            return pa.array(found, pa.string())
        contents = lines.contents()
        for at in map(int, where):
            own = record_id[at].as_py()
            first = self._first.setdefault(contents[at].as_py(), own)
            found[at] = None if first == own else first
        return pa.array(found, pa.string())


def repeats_in_text(content: Content) -> Repeats:
    """For lines of text: one pass over them before they are read."""
    return Repeats(text_lines(data) for _, data in stretches(content.blocks(), STRETCH))


def _hashes(contents: pa.Array) -> npt.NDArray[np.uint64]:
    with in_memory() as connection:
        connection.execute("SET threads = 1")
        connection.register("line", pa.table({"content": contents}))
        found = connection.execute("SELECT hash(content) AS code FROM line").fetchnumpy()["code"]
    return np.asarray(found, dtype=np.uint64)
