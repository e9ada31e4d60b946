"""Rows of both sides under each other, every column as whole numbers: a value is read once, not once per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.scoring.keys import KEYS
from pipelines.s4_link.scoring.schema import Call, LinkSchema

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
NONE = -1  # the code of an empty value
_MOST_KEYS = 1 << 40  # above this, keys are numbered anew so that their product stays a 64-bit number


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Codes of several keys per value: those of value v are `codes[starts[v]:starts[v + 1]]`."""

    starts: Ints
    codes: Codes
    size: int


class Column:
    """The distinct values of a column, the code of each row, and keys of the values made when first asked."""

    def __init__(self, values: list[str], codes: Codes) -> None:
        self.values = values
        self.codes = codes
        self.words: object = None  # set by `words.words_of`
        self._keys: dict[Call, Spread] = {}

    @cached_property
    def texts(self) -> npt.NDArray[np.object_]:
        texts = np.empty(len(self.values), dtype=np.object_)
        texts[:] = self.values
        return texts

    @cached_property
    def counts(self) -> Ints:
        """How many rows hold each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int64)

    def keys(self, call: Call) -> Spread:
        if call not in self._keys:
            self._keys[call] = _spread([KEYS[call.name](value, call.number) for value in self.values])
        return self._keys[call]

    def single(self, call: Call) -> Codes:
        """The one key of each value, NONE where it has none."""
        spread = self.keys(call)
        found = np.full(len(self.values), NONE, dtype=np.int32)
        has = np.diff(spread.starts) > 0
        found[has] = spread.codes[spread.starts[:-1][has]]
        return found


def _spread(keys: list[tuple[str, ...]]) -> Spread:
    starts = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in keys], out=starts[1:])
    codes: dict[str, int] = {}
    flat = [codes.setdefault(key, len(codes)) for each in keys for key in each]
    return Spread(starts=starts, codes=np.array(flat, dtype=np.int32), size=len(codes))


@dataclass(frozen=True, kw_only=True)
class Rows:
    """All rows, the left side's first, each side in the order of its ids: shuffled input gives the same rows."""

    ids: pa.Array
    left: int  # how many rows the left side has; with one side only, all of them
    is_two_sided: bool  # also when the right side has no row at all
    columns: dict[str, Column]
    crossed: dict[tuple[str, str], tuple[Column, Column]]  # two columns with one set of codes

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def possible_pairs(self) -> int:
        if self.is_two_sided:
            return self.left * (self.count - self.left)
        return self.left * (self.left - 1) // 2


def coded_rows(left: pa.Table, right: pa.Table | None, schema: LinkSchema) -> Rows:
    """The rows of one table (duplicates within) or of two (links between)."""
    sides = [_in_order(side, schema) for side in (left, right) if side is not None]
    both = pa.concat_tables(sides).combine_chunks()
    columns = {name: _column(both[name]) for name in schema.columns[1:]}
    return Rows(
        ids=both[schema.id_column].combine_chunks(),
        left=left.num_rows,
        is_two_sided=right is not None,
        columns=columns,
        crossed=_crossed(columns, schema),
    )


def _in_order(side: pa.Table, schema: LinkSchema) -> pa.Table:
    lacking = [name for name in schema.columns if name not in side.column_names]
    if lacking:
        raise ContractBroken(f"columns {lacking} are missing", place=schema.name)
    texts = pa.table({name: side[name].cast(pa.string()) for name in schema.columns})
    if pc.count_distinct(texts[schema.id_column]).as_py() != texts.num_rows:
        raise ContractBroken(f"[{schema.id_column}] is not one row's own", place=schema.name)
    return texts.sort_by(schema.id_column)


def _column(values: pa.ChunkedArray) -> Column:
    """Empty text is an empty value. Codes follow the order of the values."""
    array = values.combine_chunks()
    cleaned = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    coded = cleaned.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    place = np.empty(len(texts) + 1, dtype=np.int32)
    place[order] = np.arange(len(texts), dtype=np.int32)
    place[-1] = NONE
    indices = np.asarray(coded.indices.fill_null(len(texts)), dtype=np.int64)
    return Column([texts[at] for at in order], place[indices])


def _crossed(columns: dict[str, Column], schema: LinkSchema) -> dict[tuple[str, str], tuple[Column, Column]]:
    found = {}
    for field in schema.fields:
        if len(field.columns) == 1:
            continue
        first, second = (columns[name] for name in field.columns)
        values = sorted({*first.values, *second.values})
        found[field.columns[0], field.columns[1]] = (_recoded(first, values), _recoded(second, values))
    return found


def _recoded(column: Column, values: list[str]) -> Column:
    place = {value: at for at, value in enumerate(values)}
    table = np.array([*(place[value] for value in column.values), NONE], dtype=np.int32)
    return Column(values, table[column.codes])


def row_keys(rows: Rows, parts: Iterable[tuple[str, Call]]) -> tuple[Ints, Ints]:
    """Row numbers, ascending, and their keys, one line a key: rows without some part have no line."""
    at = np.arange(rows.count, dtype=np.int64)
    keys = np.zeros(rows.count, dtype=np.int64)
    size = 1
    for name, call in parts:
        column = rows.columns[name]
        spread = column.keys(call)
        codes = column.codes[at]
        filled = codes >= 0
        at, keys, codes = at[filled], keys[filled], codes[filled]
        starts, counts = spread.starts[codes], spread.starts[codes + 1] - spread.starts[codes]
        lines, within = expanded(counts)
        at = at[lines]
        if size * spread.size > _MOST_KEYS:
            keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
            size = rows.count
        keys = keys[lines] * spread.size + spread.codes[starts[lines] + within]
        size *= max(spread.size, 1)
    return at, keys


def expanded(counts: Ints) -> tuple[Ints, Ints]:
    """Line numbers repeated by their counts, and the place of each repetition: [2, 1] → [0 0 1], [0 1 0]."""
    lines = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    within = np.arange(len(lines), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
    return lines, within
