"""The profile of a table: how many values of each column are of each size, in whole numbers that can be added.

A size is a quarter of a decade of an amount (100 times as much is exactly eight sizes up), the year of a date,
the bytes of a text (three a Chinese character) and 1,000 more where it begins with a frequent surname. The
profile of a whole is the sum of the profiles of its parts, in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.reference import table

HUNDREDFOLD = 8  # sizes between an amount and 100 times that amount
PERCENT, PERMILLE = 100, 1000
ZERO, NEGATIVE = -1, -2  # sizes of amounts that have no magnitude to speak of

Kind = Literal["amount", "date", "text"]

_QUARTERS = (1000, 1778, 3162, 5623)  # thousandths: 10^0, 10^¼, 10^½, 10^¾
_DECADES = 19  # as many as a 64-bit number has
_LONGEST = 240  # bytes; longer texts count as this long
_SURNAMES = 200  # they cover some 92 % of people
_SURNAMED = 1000  # added to the bytes of a text that begins with a surname
_ADDRESS = frozenset({"record_id", "source", "delivery", "file_name", "row_no", "slot"})
# The shares of valid and repeated ids measure these; codes and months have a reader that knows every value.
_SAID = frozenset({"name_raw", "id_raw", "id_state", "id_no", "id18", "sex", "state"})
_MONTH = "_month"

# The least amount of each size; times 100 every edge is again an edge, so that a shift keeps the shape.
EDGES = tuple(-(-quarter * 10**decade // 1000) for decade in range(_DECADES) for quarter in _QUARTERS)[:-3]
_EDGES = np.array(EDGES, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Share:
    """part of whole."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part}/{self.whole}"

    def exceeds(self, other: Share, points: int) -> bool:
        """This share − the other > points percent, without division."""
        both = self.whole * other.whole
        return (self.part * other.whole - other.part * self.whole) * PERCENT > points * both

    def above(self, permille: int) -> bool:
        return self.part * PERMILLE > self.whole * permille


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """Values of a column by size, and how many are empty."""

    kind: Kind
    empty: int
    counts: Mapping[int, int]

    def plus(self, other: ColumnProfile) -> ColumnProfile:
        return ColumnProfile(
            kind=self.kind,
            empty=self.empty + other.empty,
            counts=dict(sorted((Counter(self.counts) + Counter(other.counts)).items())),
        )

    @property
    def sized(self) -> dict[int, int]:
        """The values that have a size: amounts above zero, every date, every text by its bytes alone."""
        if self.kind != "text":
            return {size: count for size, count in self.counts.items() if size >= 0}
        by_bytes: Counter[int] = Counter()
        for size, count in self.counts.items():
            by_bytes[size % _SURNAMED] += count
        return dict(by_bytes)

    @property
    def without_value(self) -> Share:
        """The cells that are empty, or zero where an amount is due."""
        return Share(part=self.empty + self.counts.get(ZERO, 0), whole=self.empty + sum(self.counts.values()))

    @property
    def surnamed(self) -> Share:
        """The texts that begin with a surname."""
        part = sum(count for size, count in self.counts.items() if size >= _SURNAMED)
        return Share(part=part, whole=sum(self.counts.values()))

    @property
    def middle(self) -> int | None:
        """The size of the middle value; of two middle ones the lower. None where no value has a size."""
        sized, passed = self.sized, 0
        for size in sorted(sized):
            passed += sized[size]
            if 2 * passed >= sum(sized.values()):
                return size
        return None


@dataclass(frozen=True, kw_only=True)
class Order:
    """Of two columns of one kind: in how many records the first is less than, equal to, more than the second."""

    less: int = 0
    equal: int = 0
    more: int = 0

    def plus(self, other: Order) -> Order:
        return Order(less=self.less + other.less, equal=self.equal + other.equal, more=self.more + other.more)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The columns of a table by size, and the order of its amounts and dates among themselves."""

    columns: Mapping[str, ColumnProfile] = field(default_factory=dict)
    orders: Mapping[tuple[str, str], Order] = field(default_factory=dict)

    def plus(self, other: Profile) -> Profile:
        """The profile of both parts together. A column that only one part has is that part's."""
        columns = dict(self.columns)
        for name, found in other.columns.items():
            columns[name] = columns[name].plus(found) if name in columns else found
        orders = dict(self.orders)
        for pair, order in other.orders.items():
            orders[pair] = orders[pair].plus(order) if pair in orders else order
        return Profile(columns=columns, orders=orders)

    def above(self, one: str, two: str) -> Share:
        """In how many records the first of two columns is more than the second; 0 of 0 where none has both."""
        order = self.orders.get((one, two))
        if order:
            return Share(part=order.more, whole=order.less + order.equal + order.more)
        order = self.orders.get((two, one), Order())
        return Share(part=order.less, whole=order.less + order.equal + order.more)

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": {
                name: {
                    "kind": column.kind,
                    "empty": column.empty,
                    "counts": {str(size): count for size, count in column.counts.items()},
                }
                for name, column in self.columns.items()
            },
            "orders": [
                [*pair, order.less, order.equal, order.more] for pair, order in sorted(self.orders.items())
            ],
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Profile:
        return cls(
            columns={
                name: ColumnProfile(
                    kind=column["kind"],
                    empty=column["empty"],
                    counts={int(size): count for size, count in column["counts"].items()},
                )
                for name, column in stored["columns"].items()
            },
            orders={
                (one, two): Order(less=less, equal=equal, more=more)
                for one, two, less, equal, more in stored["orders"]
            },
        )


def profile(records: pa.Table) -> Profile:
    """The profile of a canonical table, or of a part of one."""
    kinds = {
        column.name: kind
        for column in records.schema
        if column.name not in _ADDRESS | _SAID
        and not column.name.endswith(_MONTH)
        and (kind := _kind(column.type))
    }
    return Profile(
        columns={name: _column(records[name], kind) for name, kind in kinds.items()},
        orders={
            (one, two): _order(records[one], records[two])
            for one, two in combinations(kinds, 2)
            if kinds[one] == kinds[two] != "text"
        },
    )


def bounds(size: int) -> tuple[int, int]:
    """The least and the greatest amount of a size."""
    return EDGES[size], (EDGES[size + 1] - 1 if size + 1 < len(EDGES) else EDGES[-1] * 10)


def _kind(type_: pa.DataType) -> Kind | None:
    if pa.types.is_int64(type_):
        return "amount"
    if pa.types.is_date(type_):
        return "date"
    return "text" if pa.types.is_string(type_) else None


def _column(values: pa.ChunkedArray, kind: Kind) -> ColumnProfile:
    counts = np.bincount(_sizes(values.drop_null(), kind) - NEGATIVE)
    return ColumnProfile(
        kind=kind,
        empty=values.null_count,
        counts={int(at) + NEGATIVE: int(counts[at]) for at in np.flatnonzero(counts)},
    )


def _sizes(values: pa.ChunkedArray, kind: Kind) -> Any:
    if kind == "date":
        return np.asarray(pc.year(values).to_numpy(), dtype=np.int64)
    if kind == "text":
        lengths = np.minimum(pc.binary_length(values).to_numpy(), _LONGEST)
        return lengths + _SURNAMED * _begins_with_surname(values).to_numpy().astype(np.int64)
    amounts = values.to_numpy()
    sizes = np.searchsorted(_EDGES, amounts, side="right") - 1
    return np.where(amounts < 0, NEGATIVE, sizes)


def _begins_with_surname(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(pc.utf8_slice_codeunits(values, 0, 1), value_set=_surnames())


@cache
def _surnames() -> pa.Array:
    """First characters of the most frequent surnames: rarer ones begin places and firms as often."""
    most = table("surnames.csv")["surname"].slice(0, _SURNAMES).to_pylist()
    return pa.array(sorted({name[:1] for name in most}), pa.string())


def _order(one: pa.ChunkedArray, two: pa.ChunkedArray) -> Order:
    less, equal, more = (
        pc.sum(compare(one, two)).as_py() or 0 for compare in (pc.less, pc.equal, pc.greater)
    )
    return Order(less=less, equal=equal, more=more)
