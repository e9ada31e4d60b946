"""Columns out of the cells of lines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Columns(dict[str, pa.Array]):
    """The columns of some of the lines, each gathered from the cells when it is first asked for."""

    def __init__(self, cells: pa.Array, lines: np.ndarray, header: list[str]) -> None:
        super().__init__()
        self._cells, self._lines = cells, lines
        self._place = {name: at for at, name in enumerate(header)}
        bounds = cells.offsets.to_numpy()
        self._starts = bounds[lines].astype(np.int64)
        self._narrowest = int((bounds[lines + 1] - bounds[lines]).min(initial=len(header)))

    def __missing__(self, name: str) -> pa.Array:
        at = self._place[name]
        if at < self._narrowest:
            column = self._cells.values.take(pa.array(self._starts + at))
        else:
            column = pc.list_element(self._cells.take(pa.array(self._lines)), at)
        self[name] = column
        return column


def in_text_order(numbers: np.ndarray) -> np.ndarray:
    """The places of whole numbers ≥ 1 in the order of their decimal texts: 1, 10, 11, 2 …"""
    digits = np.floor(np.log10(np.maximum(numbers, 1))).astype(np.int64) + 1
    longest = int(digits.max(initial=1))
    return np.lexsort((digits, numbers * 10 ** (longest - digits)))


def cast_to(values: pa.Array | None, wanted: pa.DataType, count: int) -> pa.Array:
    """A canonical column of its contract's type; all empty where nothing was read."""
    if values is None:
        return pa.nulls(count, wanted)
    if pa.types.is_boolean(wanted) and pa.types.is_string(values.type):
        return pc.if_else(pc.is_null(values), pa.scalar(None, pa.bool_()), pc.equal(values, "true"))
    return values.cast(wanted)
