"""A stretch of one delivered file on its way through landing: what became of each line, and what can be read."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some consecutive lines of one file. A large file comes in many, so that none fills the memory.

    `lines` is LANDED_LINE. `data` has one row for each of those lines that is data, bears no fault and repeats
    no earlier line, in the same order; its columns are the delivered ones, all text, as delivered.
    """

    file_name: str
    lines: pa.Table
    data: pa.Table
