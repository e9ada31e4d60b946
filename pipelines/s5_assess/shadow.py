"""A rule in shadow is assessed like any other and asks nobody: no outcome, no flag, no page rests on it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_SHADOW = "is_shadow"


def asked(lines: pa.Table) -> pa.Table:
    """The lines of the rules that ask somebody. A month older than the column had no rule in shadow."""
    if _SHADOW not in lines.column_names:
        return lines
    return lines.filter(pc.invert(lines[_SHADOW]))


def in_shadow(lines: pa.Table) -> pa.Table:
    """The lines of the rules in shadow."""
    if _SHADOW not in lines.column_names:
        return lines.slice(0, 0)
    return lines.filter(lines[_SHADOW])
