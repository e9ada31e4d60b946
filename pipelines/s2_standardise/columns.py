"""Columns of a canonical table."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def cast_to(values: pa.Array | None, wanted: pa.DataType, count: int) -> pa.Array:
    """A canonical column of its contract's type; all empty where nothing was read."""
    if values is None:
        return pa.nulls(count, wanted)
    if pa.types.is_boolean(wanted) and pa.types.is_string(values.type):
        return pc.if_else(pc.is_null(values), pa.scalar(None, pa.bool_()), pc.equal(values, "true"))
    return values.cast(wanted)
