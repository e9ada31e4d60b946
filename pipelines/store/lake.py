"""The lake: immutable partitions of Parquet files, each written whole or not at all, checked before every read.

A partition is a folder with one file a table and a manifest that says what it is, what it was made from
and the SHA-256 of each file. It is written under a temporary name, synced and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import contracts
from pipelines.base.errors import ContractBroken, NotFound, StoreCorrupt
from pipelines.base.ids import digest_bytes, digest_file
from pipelines.contracts.contract import Contract

_MANIFEST = "manifest.json"
_BATCH_ROWS = 125_000


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a partition holds. `made_from` names its inputs by digest; no time and no machine stands in it."""

    partition: str
    made_from: dict[str, Any]
    files: dict[str, dict[str, Any]]
    digest: str


class Lake:
    """Partitions and delivered bytes under one root folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, partition: str, tables: dict[str, pa.Table], made_from: dict[str, Any]) -> Manifest:
        """Write a partition; when it is there already (the same work done before, or by a rival) keep that one."""
        if self.exists(partition):
            return self.manifest(partition)
        writer = self.writer(partition)
        for name, table in tables.items():
            writer.add(name, table)
        return writer.finish(made_from)

    def writer(self, partition: str) -> PartitionWriter:
        """A partition whose tables come in parts: nothing of it is seen until it is finished."""
        return PartitionWriter(self._unfinished(partition), partial(self._finish, partition))

    def write_documents(
        self, partition: str, documents: dict[str, bytes], made_from: dict[str, Any]
    ) -> Manifest:
        """The same for a tree of documents (a month's report)."""
        if self.exists(partition):
            return self.manifest(partition)
        unfinished = self._unfinished(partition)
        files = {name: _write_bytes(unfinished / name, documents[name]) for name in sorted(documents)}
        return self._finish(partition, unfinished, files, made_from)

    def read(self, partition: str, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table of a partition, or some columns of it, after its digest was checked; StoreCorrupt otherwise."""
        path = self.checked_path(partition, f"{table}.parquet")
        return pq.read_table(
            path, columns=list(columns) if columns else None, page_checksum_verification=True
        )

    def batches(
        self, partition: str, table: str, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The same in stretches of rows: memory does not grow with the table."""
        path = self.checked_path(partition, f"{table}.parquet")
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            wanted = [name for name in file.schema_arrow.names if columns is None or name in columns]
            yield from file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted)

    def checked_path(self, partition: str, file_name: str) -> Path:
        """The path of a partition's file whose bytes are still those written."""
        known = self.manifest(partition).files.get(file_name)
        if known is None:
            raise NotFound(f"the partition has no file [{file_name}]", place=partition)
        path = self.root / partition / file_name
        if not path.is_file() or digest_file(path) != known["sha256"]:
            raise StoreCorrupt(
                f"[{file_name}] is not what was written",
                place=partition,
                remedy="restore the file from backup, or delete the partition folder and run the month again",
            )
        return path

    def holds(self, partition: str, table: str) -> bool:
        return self.exists(partition) and f"{table}.parquet" in self.manifest(partition).files

    def exists(self, partition: str) -> bool:
        return (self.root / partition / _MANIFEST).is_file()

    def manifest(self, partition: str) -> Manifest:
        """The manifest; NotFound when the partition was never written."""
        path = self.root / partition / _MANIFEST
        if not path.is_file():
            raise NotFound("the partition was never written", place=partition)
        data = path.read_bytes()
        document = json.loads(data)
        return Manifest(
            partition=partition,
            made_from=document["made_from"],
            files=document["files"],
            digest=digest_bytes(data),
        )

    def put_file(self, path: Path) -> str:
        """Keep a delivered file's bytes under their SHA-256; the same bytes are kept once."""
        digest = digest_file(path)
        kept = self.bytes_path(digest)
        if kept.is_file():
            return digest
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f".{digest}.{os.getpid()}")
        shutil.copyfile(path, unfinished)
        _sync(unfinished)
        copied = digest_file(unfinished)
        if copied != digest:
            unfinished.unlink()
            raise StoreCorrupt(
                "the file changed while it was copied", place=path.name, remedy="land it again"
            )
        unfinished.replace(kept)
        return digest

    def get_bytes(self, digest: str) -> bytes:
        """Delivered bytes; StoreCorrupt when they no longer have that digest."""
        path = self.bytes_path(digest)
        if not path.is_file():
            raise NotFound("the delivered bytes are not in the lake", place=digest)
        data = path.read_bytes()
        if digest_bytes(data) != digest:
            raise StoreCorrupt("the delivered bytes have changed", place=digest, remedy="restore from backup")
        return data

    def bytes_path(self, digest: str) -> Path:
        """Where delivered bytes with this digest lie, or would."""
        return self.root / "bytes" / digest[:2] / digest

    def _unfinished(self, partition: str) -> Path:
        final = self.root / partition
        final.parent.mkdir(parents=True, exist_ok=True)
        unfinished = final.with_name(f".{final.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        return unfinished

    def _finish(
        self, partition: str, unfinished: Path, files: dict[str, dict[str, Any]], made_from: dict[str, Any]
    ) -> Manifest:
        document = {"made_from": made_from, "files": dict(sorted(files.items()))}
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        _write_bytes(unfinished / _MANIFEST, text.encode())
        try:
            unfinished.rename(self.root / partition)
        except OSError:
            # A rival finished first: the same key has the same bytes, so its partition is ours.
            shutil.rmtree(unfinished, ignore_errors=True)
            if not self.exists(partition):
                raise
        _sync_folder((self.root / partition).parent)
        return self.manifest(partition)


class PartitionWriter:
    """Writes the tables of one partition, each in one or more parts that follow each other in key order."""

    def __init__(self, folder: Path, publish: Callable[..., Manifest]) -> None:
        self._folder, self._publish = folder, publish
        self._tables: dict[str, _TableFile] = {}

    def add(self, name: str, table: pa.Table) -> None:
        """The next rows of a table, conformed to its contract."""
        if name not in self._tables:
            self._tables[name] = _TableFile(self._folder / f"{name}.parquet", contracts.by_name(name))
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

    def __init__(self, path: Path, contract: Contract) -> None:
        self._path, self._contract, self._rows = path, contract, 0
        self._last: tuple[Any, ...] | None = None
        self._file = pq.ParquetWriter(
            path, contract.schema, compression="zstd", compression_level=1, write_page_checksum=True
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
        _sync(self._path)
        return {"rows": self._rows, "sha256": digest_file(self._path)}


def _write_bytes(path: Path, data: bytes) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    _sync(path)
    return {"bytes": len(data), "sha256": digest_bytes(data)}


def _sync(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
