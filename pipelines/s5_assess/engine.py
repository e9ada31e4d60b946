"""DuckDB in memory, shut off from files and network: tables in, one SELECT, a table out."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from pipelines.base.database import in_memory
from pipelines.reference import sql

_SETTINGS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    # No spilling: temporary files would hold record ids in plain text.
    "SET temp_directory = ''",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
)


class Engine:
    """One in-memory database. Every statement is a file under sql/transforms/assess/."""

    def __init__(self, tables: Mapping[str, pa.Table], threads: int) -> None:
        self._connection = in_memory()
        for setting in _SETTINGS:
            self._connection.execute(setting)
        self._connection.execute("SET threads = $threads", {"threads": threads})
        self._connection.execute("SET lock_configuration = true")
        for name, table in tables.items():
            self.add(name, table)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def add(self, name: str, table: pa.Table) -> None:
        """Makes a table known to the statements that follow."""
        self._connection.register(name, table)

    def select(self, name: str, **values: object) -> pa.Table:
        """The rows of `sql/transforms/assess/<name>.sql` with its parameters bound."""
        text = sql(f"transforms/assess/{name}.sql")
        return self._connection.sql(text, params=values or None).to_arrow_table()

    def derive(self, name: str, **values: object) -> None:
        """Runs the statement and makes its rows known under its name."""
        self.add(name, self.select(name, **values))
