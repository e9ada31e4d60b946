"""A partition of the lake: its manifest, and the writing of its tables, each in parts that follow each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import contracts
from pipelines.base.errors import ContractBroken
from pipelines.contracts.contract import Contract
from pipelines.store.sealed import DataKey, Sealer

MANIFEST = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a partition holds. `made_from` names its inputs by digest; no time and no machine stands in it."""

    partition: str
    made_from: dict[str, Any]
    files: dict[str, dict[str, Any]]
    digest: str


class PartitionWriter:
    """Writes the tables of one partition, each in one or more parts that follow each other in key order."""

    def __init__(self, folder: Path, publish: Callable[..., Manifest], key: DataKey | None = None) -> None:
        self._folder, self._publish, self._key = folder, publish, key
        self._tables: dict[str, _TableFile] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """The next rows of a table, conformed to its contract."""
        if name not in self._tables:
            self._tables[name] = _TableFile(
                self._folder / f"{name}.parquet", contracts.by_name(name), self._key
            )
        self._tables[name].add(table)

    def finish(self, made_from: dict[str, Any]) -> Manifest:
        """Close all tables and publish the partition."""
        files = {f"{name}.parquet": table.close() for name, table in self._tables.items()}
        return self._publish(self._folder, files, made_from)

    def discard(self) -> None:
        """Nothing of it is kept."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _TableFile:
    """One Parquet file, a row group a part: zstd, with page checksums."""

    def __init__(self, path: Path, contract: Contract, key: DataKey | None) -> None:
        self._contract, self._rows = contract, 0
        self._last: tuple[Any, ...] | None = None
        self._sealer = Sealer(path, key)
        self._file = pq.ParquetWriter(
            pa.PythonFile(self._sealer, mode="w"),
            contract.schema,
            compression="zstd",
            compression_level=1,
            write_page_checksum=True,
        )

    def add(self, table: pa.Table) -> None:
        conformed = contracts.conform(table, self._contract)
        if not len(conformed):
            return
        first, last = (tuple(conformed[key][at].as_py() for key in self._contract.key) for at in (0, -1))
        if self._last is not None and not self._last < first:
            raise ContractBroken("a part does not follow the one before", place=self._contract.name)
        self._last = last
        self._rows += len(conformed)
        self._file.write_table(conformed)

    def close(self) -> dict[str, Any]:
        self._file.close()
        self._sealer.close()
        return {"rows": self._rows, "sha256": self._sealer.digest}


def write_bytes(path: Path, data: bytes, key: DataKey | None = None) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Sealer(path, key) as file:
        file.write(data)
    return {"bytes": file.size, "sha256": file.digest}
