"""The ledger's rows about who looked at whose data, and what files of it left. Rows are added, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine, Table, func, select

from pipelines.base.ids import short_id
from pipelines.base.period import now
from pipelines.store.appending import append, writing
from pipelines.store.schema import ACCESS_LOG, EXPORT_LOG


@dataclass(frozen=True, kw_only=True)
class Access:
    """A look at people's data. The ledger numbers and dates it."""

    jurisdiction: str
    run_id: str | None
    month: str | None
    verb: str
    item: str
    households: list[str]
    members: list[str]
    actor: str
    os_user: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file that left the store. The ledger numbers and dates it."""

    jurisdiction: str
    run_id: str | None
    month: str | None
    verb: str
    item: str
    file_digest: str
    rows: int
    columns: list[str]
    actor: str
    os_user: str
    purpose: str


_Kind = TypeVar("_Kind", Access, Export)


@dataclass(frozen=True, kw_only=True)
class Recorded(Generic[_Kind]):
    """A row as it stands: its id and time, and what it says."""

    own_id: str
    sequence: int
    at: datetime
    said: _Kind


class AccessRows:
    """The part of the ledger that keeps looks and exports."""

    engine: Engine

    def add_access(self, access: Access) -> str:
        """Record a look; its id."""
        return self._add_use(ACCESS_LOG, access, "K", "seen_at")

    def add_export(self, export: Export) -> str:
        """Record a file; its id."""
        return self._add_use(EXPORT_LOG, export, "X", "exported_at")

    def accesses(self, jurisdiction: str) -> list[Recorded[Access]]:
        """Every look, oldest first."""
        return self._uses(ACCESS_LOG, Access, jurisdiction, "seen_at")

    def exports(self, jurisdiction: str) -> list[Recorded[Export]]:
        """Every file, oldest first."""
        return self._uses(EXPORT_LOG, Export, jurisdiction, "exported_at")

    def _add_use(self, table: Table, said: Access | Export, prefix: str, dated: str) -> str:
        with writing(self.engine) as connection:
            sequence = (connection.scalar(select(func.max(table.c.sequence))) or 0) + 1
            own_id = short_id(prefix, str(sequence), said.verb, said.item, said.actor)
            key = next(iter(table.primary_key)).name
            append(connection, table, {**vars(said), key: own_id, "sequence": sequence, dated: now()})
        return own_id

    def _uses(self, table: Table, kind: type[_Kind], jurisdiction: str, dated: str) -> list[Recorded[_Kind]]:
        query = select(table).where(table.c.jurisdiction == jurisdiction).order_by(table.c.sequence)
        key = next(iter(table.primary_key)).name
        with self.engine.connect() as connection:
            found: list[dict[str, Any]] = [dict(row) for row in connection.execute(query).mappings()]
        return [
            Recorded(
                own_id=row[key],
                sequence=row["sequence"],
                # SQLite keeps the time without its zone, which is always UTC.
                at=row[dated].replace(tzinfo=row[dated].tzinfo or UTC),
                said=kind(**{name: row[name] for name in kind.__dataclass_fields__}),
            )
            for row in found
        ]
