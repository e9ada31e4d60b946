"""Agreement on a rare value says more than on a common one: what a value adds to its level's weight."""

from __future__ import annotations

from math import log2

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Column, Ints, Rows
from pipelines.s4_link.scoring.comparing import Levels
from pipelines.s4_link.scoring.schema import Field
from pipelines.s4_link.scoring.words import is_word_field, shared, words_of

Thousandths = npt.NDArray[np.int32]


def frequency_part(
    rows: Rows, left: Ints, right: Ints, field: Field, levels: Levels, cap: int
) -> Thousandths:
    """Thousandths of a bit per pair, 0 where the two values are not equal."""
    if not field.by_frequency:
        return np.zeros(len(left), dtype=np.int32)
    column = rows.columns[field.columns[0]]
    if is_word_field(field):
        return _of_words(column, left, right, cap)
    worth = _worth(column.counts, cap)
    found = np.zeros(len(left), dtype=np.int32)
    equal = np.flatnonzero((levels == 1) & (column.codes[left] == column.codes[right]))
    found[equal] = worth[column.codes[left[equal]]]
    return found


def _worth(counts: Ints, cap: int) -> Thousandths:
    """1000 · log2(chance that two rows agree on any value / share of rows with this value), smoothed by one row.

    Among pairs that agree, matches hold a value as often as rows do, other pairs as often as its square:
    the ratio of the two is what the value adds to the weight of agreeing at all.
    """
    total = int(counts.sum())
    agreeing = int((counts * (counts - 1)).sum())
    if total <= 1 or not agreeing:
        return np.zeros(max(len(counts), 1), dtype=np.int32)
    table = {
        count: round(1000 * log2(agreeing / ((total - 1) * (count + 1))))
        for count in np.unique(counts).tolist()
    }
    return np.array([max(min(table[count], cap), -cap) for count in counts.tolist()], dtype=np.int32)


def _of_words(column: Column, left: Ints, right: Ints, cap: int) -> Thousandths:
    words = words_of(column)
    worth = _worth(words.rows, cap).astype(np.int64)
    _, total = shared(words, column.codes[left], column.codes[right], worth)
    return np.clip(total, -cap, cap).astype(np.int32)
