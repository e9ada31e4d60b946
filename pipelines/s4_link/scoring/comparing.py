"""The level of every field of every pair: each distinct pair of values is looked at once, its answer spread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.agreement import holds
from pipelines.s4_link.scoring.coding import Codes, Column, Ints, Rows
from pipelines.s4_link.scoring.schema import Field, LinkSchema
from pipelines.s4_link.scoring.words import is_word_field, word_levels

Levels = npt.NDArray[np.int8]
_DENSE = 1 << 28  # a table of one byte a pair of values up to here, else the pairs are sorted;
_SPARSE = 64  # also when the table would have more than so many places a pair
_SLICE = 1 << 20  # pairs looked at in one go, so that memory does not grow with the pairs


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Per field the level of each pair (its place in the field's level names); and the distinct pairs looked at."""

    levels: Mapping[str, Levels]
    distinct: Mapping[str, int]


def compare(rows: Rows, left: Ints, right: Ints, schema: LinkSchema) -> Compared:
    """Levels of all fields for pairs of row numbers."""
    levels: dict[str, Levels] = {}
    distinct: dict[str, int] = {}
    for field in schema.fields:
        levels[field.name], distinct[field.name] = _field_levels(rows, left, right, field, schema)
    return Compared(levels=levels, distinct=distinct)


def _field_levels(
    rows: Rows, left: Ints, right: Ints, field: Field, schema: LinkSchema
) -> tuple[Levels, int]:
    if is_word_field(field):
        return word_levels(rows.columns[field.columns[0]], left, right, field), len(left)
    if len(field.columns) > 1:
        return _crosswise(rows, left, right, field, schema)
    column = rows.columns[field.columns[0]]
    return _spread_levels(
        column, column.codes[left], column.codes[right], _Answers(field, column, schema), len(field.levels)
    )


def _crosswise(rows: Rows, left: Ints, right: Ints, field: Field, schema: LinkSchema) -> tuple[Levels, int]:
    """The weaker of first-against-second and second-against-first."""
    first, second = rows.crossed[field.columns[0], field.columns[1]]
    answers = _Answers(field, first, schema)
    size = len(field.levels)
    one, seen = _spread_levels(first, first.codes[left], second.codes[right], answers, size)
    two, more = _spread_levels(first, second.codes[left], first.codes[right], answers, size)
    weaker: Levels = np.where((one == 0) | (two == 0), 0, np.maximum(one, two)).astype(np.int8)
    return weaker, seen + more


class _Answers:
    """Levels of distinct pairs of values."""

    def __init__(self, field: Field, column: Column, schema: LinkSchema) -> None:
        self._field, self._column, self._schema = field, column, schema

    def __call__(self, left: Codes, right: Codes) -> Levels:
        found = np.full(len(left), len(self._field.levels) + 1, dtype=np.int8)
        for place, level in enumerate(self._field.levels, start=1):
            at = np.flatnonzero(found > len(self._field.levels))
            for test in level.tests:
                at = at[holds(test, self._column, left[at], right[at], self._schema.synonyms)]
            found[at] = place
        return found


def _spread_levels(
    column: Column, left: Codes, right: Codes, answers: Callable[[Codes, Codes], Levels], size: int
) -> tuple[Levels, int]:
    """0 where a value is missing, else the answer for the two values; the order of the two does not matter."""
    values = len(column.values)
    filled = (left >= 0) & (right >= 0)
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs = (low.astype(np.int64) * values + high)[filled]
    levels = np.zeros(len(left), dtype=np.int8)
    if values * values <= min(_DENSE, _SPARSE * len(pairs)):
        levels[filled], seen = _by_table(pairs, values, answers)
    else:
        levels[filled], seen = _by_sorting(pairs, values, answers)
    return levels, seen


def _by_table(pairs: Ints, values: int, answers: Callable[[Codes, Codes], Levels]) -> tuple[Levels, int]:
    table = np.zeros(values * values, dtype=np.int8)
    table[pairs] = 1
    distinct = np.flatnonzero(table.view(np.bool_))
    table[distinct] = _in_slices(distinct, values, answers)
    return table[pairs], len(distinct)


def _by_sorting(pairs: Ints, values: int, answers: Callable[[Codes, Codes], Levels]) -> tuple[Levels, int]:
    distinct, places = np.unique(pairs, return_inverse=True)
    return _in_slices(distinct, values, answers)[places], len(distinct)


def _in_slices(distinct: Ints, values: int, answers: Callable[[Codes, Codes], Levels]) -> Levels:
    found = np.empty(len(distinct), dtype=np.int8)
    for start in range(0, len(distinct), _SLICE):
        left, right = np.divmod(distinct[start : start + _SLICE], max(values, 1))
        found[start : start + _SLICE] = answers(left.astype(np.int32), right.astype(np.int32))
    return found
