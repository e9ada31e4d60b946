"""A table for programs that know only flat cells: lists become JSON, cells that look like formulas are defused."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

_FORMULA = r"^[=+\-@\t\r]"


def flat(table: pa.Table) -> pa.Table:
    """The table with nested cells as JSON text and a ' before any text a spreadsheet would compute."""
    columns = {name: _flat_column(table[name]) for name in table.column_names}
    return pa.table(columns)


def _flat_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_nested(column.type):
        texts = [
            None if cell is None else json.dumps(cell, ensure_ascii=False) for cell in column.to_pylist()
        ]
        return pa.chunked_array([pa.array(texts, pa.string())])
    if not pa.types.is_string(column.type):
        return column
    live = pc.match_substring_regex(column, _FORMULA)
    return pc.if_else(live, pc.binary_join_element_wise("'", column, ""), column)
