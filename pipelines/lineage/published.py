"""A published month read back by those who only read: whole tables, or what they say of one household.

Partitions are found through the ledger's own rows, so nothing here knows the stages. A partition never changes: its
files' digests are checked once a process, and again when a file's size or time did change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from pipelines import contracts
from pipelines.base.period import Period
from pipelines.sources.spec import load_spec
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.store.schema import STAGE_RUN

_KEY_CHARS = 16


@dataclass(frozen=True, kw_only=True)
class PublishedMonth:
    """A run by its id; `key` is what it depends on, as the ledger holds it."""

    lake: Lake
    ledger: Ledger
    run_id: str
    jurisdiction: str
    month: str
    key: dict[str, Any]

    @property
    def period(self) -> Period:
        return Period.parse(self.month)

    @cached_property
    def partitions(self) -> tuple[str, ...]:
        """The partitions the run's stages wrote, by stage name; the documents' stands elsewhere."""
        query = select(STAGE_RUN.c.partition).where(STAGE_RUN.c.run_id == self.run_id)
        with self.ledger.engine.connect() as connection:
            found = list(connection.scalars(query.order_by(STAGE_RUN.c.stage)))
        return tuple(partition for partition in found if self.lake.exists(partition))

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A month's table over all stages that wrote it; a table newer than the run is empty."""
        return self._read(name, columns=columns)

    def of_household(self, name: str, household_id: str) -> pa.Table:
        """The rows of a month's table about one household."""
        column = "record_id" if name == "household" else "household_id"
        return self._read(name, filters=[(column, "=", household_id)])

    def records(self, record_ids: Iterable[str]) -> dict[str, pa.Table]:
        """Canonical records by table. An id begins with the delivery that brought it."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for record_id in sorted(set(record_ids)):
            delivery = "/".join(record_id.split("/", maxsplit=2)[:2])
            if delivery in self.key["seen"]:
                wanted[delivery].append(record_id)
        parts: dict[str, list[pa.Table]] = defaultdict(list)
        for delivery, ids in wanted.items():
            for name, rows in self._landed(delivery, ids):
                parts[name].append(rows)
        return {name: _joined(name, tables) for name, tables in sorted(parts.items())}

    @cached_property
    def previous(self) -> PublishedMonth | None:
        """The run published for the month before, as it stood when this one was opened."""
        earlier = self.key["previous"]
        return None if earlier is None else opened(self.lake, self.ledger, earlier)

    def _landed(self, delivery: str, record_ids: list[str]) -> Iterator[tuple[str, pa.Table]]:
        partition = f"landing/{delivery}/{self.key['seen'][delivery][:_KEY_CHARS]}"
        for name in load_spec(delivery.split("/", maxsplit=1)[0]).tables:
            if self.lake.holds(partition, name):
                yield name, self.lake.look(partition, name, filters=[("record_id", "in", record_ids)])

    def _read(self, name: str, **how: Any) -> pa.Table:
        parts = [self.lake.look(at, name, **how) for at in self.partitions if self.lake.holds(at, name)]
        joined = _joined(name, parts, how.get("columns"))
        return joined.sort_by("record_id") if "record_id" in joined.column_names else joined


def latest(lake: Lake, ledger: Ledger, jurisdiction: str) -> PublishedMonth | None:
    """The newest revision of the newest month published in a jurisdiction."""
    rows = [row for row in ledger.publications() if row["jurisdiction"] == jurisdiction]
    return opened(lake, ledger, rows[-1]["run_id"]) if rows else None


def opened(lake: Lake, ledger: Ledger, run_id: str) -> PublishedMonth | None:
    """A run by its id, or nothing when the ledger knows none of that name."""
    found = ledger.run(run_id)
    if found is None:
        return None
    return PublishedMonth(
        lake=lake,
        ledger=ledger,
        run_id=run_id,
        jurisdiction=found["jurisdiction"],
        month=found["month"],
        key=found["run_key"],
    )


def _joined(name: str, parts: list[pa.Table], columns: Sequence[str] | None = None) -> pa.Table:
    empty = contracts.by_name(name).empty()
    if columns:
        empty = empty.select(list(columns))
    return pa.concat_tables([empty, *parts], promote_options="default")
