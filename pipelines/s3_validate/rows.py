"""Which rows fail a row-level expectation, in one vectorised pass over Arrow columns.

Great Expectations says how many; this says which. As there, an empty cell fails nothing but not-null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def _not_null(table: pa.Table, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    return pc.is_null(table[kwargs["column"]])


def _in_set(table: pa.Table, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    column = table[kwargs["column"]]
    allowed = pa.array(kwargs["value_set"], column.type)
    return pc.and_(pc.is_valid(column), pc.invert(pc.is_in(column, value_set=allowed)))


def _between(table: pa.Table, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    column = table[kwargs["column"]]
    lowest, highest = kwargs.get("min_value"), kwargs.get("max_value")
    below = pc.less(column, lowest) if lowest is not None else pc.less(column, column)
    above = pc.greater(column, highest) if highest is not None else pc.less(column, column)
    return pc.or_(below, above).fill_null(False)


def _regex(table: pa.Table, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    return pc.invert(pc.match_substring_regex(table[kwargs["column"]], kwargs["regex"])).fill_null(False)


def _not_before(table: pa.Table, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    """column_A ≥ column_B; rows with either side empty are passed over."""
    return pc.less(table[kwargs["column_A"]], table[kwargs["column_B"]]).fill_null(False)


ROW_LEVEL: dict[str, Callable[[pa.Table, dict[str, Any]], pa.ChunkedArray]] = {
    "expect_column_values_to_not_be_null": _not_null,
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_match_regex": _regex,
    "expect_column_pair_values_a_to_be_greater_than_b": _not_before,
}


def failing_rows(table: pa.Table, expectation_type: str, kwargs: dict[str, Any]) -> pa.ChunkedArray:
    """A mask of the rows of `table` that fail."""
    return ROW_LEVEL[expectation_type](table, kwargs)
