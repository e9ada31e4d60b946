"""The lake: immutable partitions of Parquet files, each written whole or not at all, checked before every read.

A partition is a folder with one file a table and a manifest that says what it is, what it was made from
and the SHA-256 of each file. It is written under a temporary name, synced and renamed.
With a vault every file but the manifest is sealed (sealed.py); digests are of the plaintext all the same.
"""

from __future__ import annotations

import hashlib
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

from pipelines.base.errors import NotFound, StoreCorrupt
from pipelines.base.files import OnDisk
from pipelines.base.ids import digest_bytes, digest_file
from pipelines.store.partition import MANIFEST, Manifest, PartitionWriter, write_bytes
from pipelines.store.sealed import DataKey, Opened, Sealer
from pipelines.store.vault import Vault

_BATCH_ROWS = 125_000
_IN_MEMORY = 64 << 20  # a table up to this size is decrypted once, and then read from memory


class Lake:
    """Partitions and delivered bytes under one root folder, sealed where there is a vault."""

    def __init__(self, root: Path, vault: Vault | None = None) -> None:
        self.root, self.vault = root, vault
        self._looked: dict[Path, tuple[int, int]] = {}

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
        key = self._key_for(partition)
        return PartitionWriter(self._unfinished(partition), partial(self._finish, partition), key)

    def write_documents(
        self, partition: str, documents: dict[str, bytes], made_from: dict[str, Any]
    ) -> Manifest:
        """The same for a tree of documents (a month's report)."""
        if self.exists(partition):
            return self.manifest(partition)
        key, unfinished = self._key_for(partition), self._unfinished(partition)
        files = {name: write_bytes(unfinished / name, documents[name], key) for name in sorted(documents)}
        return self._finish(partition, unfinished, files, made_from)

    def read(
        self,
        partition: str,
        table: str,
        columns: Sequence[str] | None = None,
        filters: list[tuple[str, str, Any]] | None = None,
    ) -> pa.Table:
        """A table of a partition, or some columns or rows of it, after its digest was checked; StoreCorrupt otherwise."""
        with self._checked(partition, f"{table}.parquet") as file:
            return _table(file, columns, filters)

    def look(
        self,
        partition: str,
        table: str,
        columns: Sequence[str] | None = None,
        filters: list[tuple[str, str, Any]] | None = None,
    ) -> pa.Table:
        """The same for who looks often: the digest is checked once a process, and again when the file changed."""
        path = self.root / partition / f"{table}.parquet"
        found = path.stat() if path.is_file() else None
        mark = (found.st_mtime_ns, found.st_size) if found else (0, 0)
        if self._looked.get(path) != mark:
            rows = self.read(partition, table, columns, filters)
            self._looked[path] = mark
            return rows
        opened = self._opened(path, partition)
        with pa.PythonFile(opened, mode="r") as file:
            return _table(file, columns, filters)

    def batches(
        self, partition: str, table: str, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The same in stretches of rows: memory does not grow with the table."""
        with (
            self._checked(partition, f"{table}.parquet") as opened,
            pq.ParquetFile(opened, page_checksum_verification=True) as file,
        ):
            wanted = [name for name in file.schema_arrow.names if columns is None or name in columns]
            yield from file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted)

    def document(self, partition: str, file_name: str) -> bytes:
        """The bytes of a partition's document, checked in the same way."""
        with self._checked(partition, file_name) as file:
            data: bytes = file.read()
            return data

    def _checked(self, partition: str, file_name: str) -> pa.NativeFile:
        """A partition's file, open for reading, whose content is still what was written."""
        known = self.manifest(partition).files.get(file_name)
        if known is None:
            raise NotFound(f"the partition has no file [{file_name}]", place=partition)
        path = self.root / partition / file_name
        opened = self._opened(path, partition)
        blocks, hasher = [], hashlib.sha256()
        for block in opened.blocks():
            hasher.update(block)
            if opened.is_sealed and opened.size <= _IN_MEMORY:
                blocks.append(block)
        if hasher.hexdigest() != known["sha256"]:
            opened.close()
            raise StoreCorrupt(
                f"[{file_name}] is not what was written",
                place=partition,
                remedy="restore the file from backup, or delete the partition folder and run the month again",
            )
        if opened.is_sealed and opened.size > _IN_MEMORY:
            return pa.PythonFile(opened, mode="r")
        opened.close()
        return pa.BufferReader(b"".join(blocks)) if opened.is_sealed else pa.OSFile(str(path))

    def _opened(self, path: Path, unit: str) -> Opened:
        """Erased when its key was destroyed, StoreCorrupt when the file is not there or was changed."""
        if self.vault and not path.is_file():
            self.vault.check_not_erased(self.unit(unit))
        if not path.is_file():
            raise StoreCorrupt(
                f"[{path.name}] is not there", place=unit, remedy="restore the file from backup"
            )
        return Opened(path, lambda: self._key(unit))

    def unit(self, name: str) -> str:
        """The name under which the vault keeps the key of a partition or of `bytes/…`."""
        return f"{self.root.name}/{name}"

    def _key(self, name: str) -> DataKey:
        if not self.vault:
            raise StoreCorrupt("is sealed and no vault was opened", place=name)
        return self.vault.key(self.unit(name))

    def _key_for(self, name: str) -> DataKey | None:
        return self.vault.key_for(self.unit(name)) if self.vault else None

    def holds(self, partition: str, table: str) -> bool:
        return self.exists(partition) and f"{table}.parquet" in self.manifest(partition).files

    def exists(self, partition: str) -> bool:
        return (self.root / partition / MANIFEST).is_file()

    def manifest(self, partition: str) -> Manifest:
        """The manifest; NotFound when the partition was never written."""
        path = self.root / partition / MANIFEST
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
        """Keep a delivered file's bytes under their SHA-256; the same bytes are kept once. Erased ones stay erased."""
        digest = digest_file(path)
        kept = self.bytes_path(digest)
        if kept.is_file():
            return digest
        key = self._key_for(_bytes_name(digest))
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f".{digest}.{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        with Sealer(unfinished, key) as copy:
            for block in OnDisk(path).blocks():
                copy.write(block)
        if copy.digest != digest:
            unfinished.unlink()
            raise StoreCorrupt(
                "the file changed while it was copied", place=path.name, remedy="land it again"
            )
        unfinished.replace(kept)
        return digest

    def get_bytes(self, digest: str) -> bytes:
        """Delivered bytes; StoreCorrupt when they no longer have that digest, Erased when they were erased."""
        data = b"".join(self.content(digest).blocks())
        if digest_bytes(data) != digest:
            raise StoreCorrupt("the delivered bytes have changed", place=digest, remedy="restore from backup")
        return data

    def content(self, digest: str) -> Kept:
        """Delivered bytes to be read through a block at a time, as often as wanted."""
        path, name = self.bytes_path(digest), _bytes_name(digest)
        if not path.is_file() and not (self.vault and self.vault.path(self.unit(name)).is_file()):
            raise NotFound("the delivered bytes are not in the lake", place=digest)
        return Kept(partial(self._opened, path, name))

    def is_kept(self, digest: str) -> bool:
        """Whether delivered bytes are there and still have that digest; Erased when they were erased under an order."""
        hasher = hashlib.sha256()
        try:
            for block in self.content(digest).blocks():
                hasher.update(block)
        except (NotFound, StoreCorrupt):
            return False
        return hasher.hexdigest() == digest

    def bytes_path(self, digest: str) -> Path:
        """Where delivered bytes with this digest lie, or would."""
        return self.root / _bytes_name(digest)

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
        write_bytes(unfinished / MANIFEST, text.encode())
        try:
            unfinished.rename(self.root / partition)
        except OSError:
            # A rival finished first: the same key has the same bytes, so its partition is ours.
            shutil.rmtree(unfinished, ignore_errors=True)
            if not self.exists(partition):
                raise
        _sync_folder((self.root / partition).parent)
        return self.manifest(partition)


@dataclass(frozen=True)
class Kept:
    """Delivered bytes as the lake keeps them, in plaintext."""

    opened: Callable[[], Opened]

    def blocks(self) -> Iterator[bytes]:
        with self.opened() as file:
            yield from file.blocks()


def _table(
    file: pa.NativeFile, columns: Sequence[str] | None, filters: list[tuple[str, str, Any]] | None
) -> pa.Table:
    wanted = list(columns) if columns else None
    return pq.read_table(file, columns=wanted, filters=filters, page_checksum_verification=True)


def _bytes_name(digest: str) -> str:
    return f"bytes/{digest[:2]}/{digest}"


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
