"""Texts of several words compared by the words they share, whatever their order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import NONE, Codes, Column, Ints
from pipelines.s4_link.scoring.keys import words
from pipelines.s4_link.scoring.schema import Field

Levels = npt.NDArray[np.int8]
SHARED = "shared_words"
_MOST_WORDS = 6


def is_word_field(field: Field) -> bool:
    """A field with such a level has no level of another kind."""
    return any(test.name == SHARED for level in field.levels for test in level.tests)


class Words:
    """Up to six words of each distinct value, the rarest, and how many rows hold each word."""

    def __init__(self, column: Column) -> None:
        split = [words(value) for value in column.values]
        known = {word: at for at, word in enumerate(sorted({word for each in split for word in each}))}
        self.rows = np.zeros(max(len(known), 1), dtype=np.int64)
        for each, count in zip(split, column.counts.tolist(), strict=True):
            for word in each:
                self.rows[known[word]] += count
        self.table = np.full((len(split) + 1, _MOST_WORDS), NONE, dtype=np.int32)
        for at, each in enumerate(split):
            codes = sorted((known[word] for word in each), key=lambda code: (self.rows[code], code))
            kept = codes[:_MOST_WORDS]
            self.table[at, : len(kept)] = kept
        self.most = max(1, int((self.table != NONE).sum(axis=1).max()))


def shared(words: Words, left: Codes, right: Codes, worth: Ints | None = None) -> tuple[Levels, Ints]:
    """How many words two values share, and what the shared words are worth together."""
    count = np.zeros(len(left), dtype=np.int8)
    total = np.zeros(len(left) if worth is not None else 0, dtype=np.int64)
    most = words.most
    rights = [np.ascontiguousarray(words.table[:, b])[right] for b in range(most)]
    for a in range(most):
        mine = np.ascontiguousarray(words.table[:, a])[left]
        meets = mine == rights[0]
        for other in rights[1:]:
            meets |= mine == other
        meets &= mine != NONE
        count += meets
        if worth is not None:
            at = np.flatnonzero(meets)
            total[at] += worth[mine[at]]
    return count, total


def word_levels(column: Column, left: Ints, right: Ints, field: Field) -> Levels:
    """Levels in the order written: `shared_words(2)` is two or more."""
    a, b = column.codes[left], column.codes[right]
    count, _ = shared(words_of(column), a, b)
    levels = np.full(len(left), len(field.levels) + 1, dtype=np.int8)
    for place in range(len(field.levels), 0, -1):
        levels[count >= field.levels[place - 1].tests[0].number] = place
    levels[(a < 0) | (b < 0)] = 0
    return levels


def words_of(column: Column) -> Words:
    """The words of a column, split once."""
    if not isinstance(column.words, Words):
        column.words = Words(column)
    return column.words
