"""An empty DuckDB in memory that is quiet, never fetches anything and spills into a private folder only."""

from __future__ import annotations

import duckdb

from pipelines.base.scratch import scratch_folder

_NOTHING_FETCHED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def in_memory(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection of its own; on so many threads, or as many as there are processors."""
    own: dict[str, str | bool | int | float | list[str]] = {} if threads is None else {"threads": threads}
    own |= {"temp_directory": str(scratch_folder())}
    connection = duckdb.connect(":memory:", config=_NOTHING_FETCHED | own)
    connection.execute("SET enable_progress_bar = false")  # a bar on standard output is no part of a result
    return connection
