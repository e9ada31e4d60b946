"""One statement of sql/transforms/link run on registered tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.reference import sql


def answer(con: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None) -> pa.Table:
    """The rows of `sql/transforms/link/<name>.sql` with its parameters bound."""
    found: Any = con.sql(sql(f"transforms/link/{name}.sql"), params=values or None).to_arrow_table()
    return found
