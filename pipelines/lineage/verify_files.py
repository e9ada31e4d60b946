"""The files behind the ledger: partitions by their manifests, delivered bytes by their digests.

Digests are of the plaintext: sealed files are read with the home's keys. What an order erased is told, and is no fault.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.base.errors import Erased, StoreCorrupt
from pipelines.base.ids import digest_bytes
from pipelines.lineage.findings import ADDED, ALTERED, MISSING, UNERASED, Verified
from pipelines.lineage.verify_log import Rows
from pipelines.store.sealed import DataKey, Opened
from pipelines.store.vault import Vault

_MANIFEST = "manifest.json"
_KEY_CHARS = 16


@dataclass(frozen=True, kw_only=True, order=True)
class Partition:
    """A folder and the digest of its manifest, as a row of the ledger states it."""

    folder: str  # below the home
    digest: str
    stated_in: str


@dataclass(frozen=True, kw_only=True, order=True)
class Delivered:
    """A delivered file and its digest, as a row of the ledger states it."""

    name: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Sight:
    """With which keys the files are read, and which units the ledger says were erased, each under its order."""

    vault: Vault | None = None
    erased: Mapping[str, str] = field(default_factory=dict)  # unit → order number

    def digest(self, path: Path, unit: str) -> str:
        """SHA-256 of the plaintext; Erased or StoreCorrupt where there is none to be had."""
        hasher = hashlib.sha256()
        with Opened(path, lambda: self._key(unit)) as file:
            for block in file.blocks():
                hasher.update(block)
        return hasher.hexdigest()

    def _key(self, unit: str) -> DataKey:
        if self.vault is None:
            raise StoreCorrupt("is sealed and no vault was opened", place=unit)
        return self.vault.key(unit)


PLAIN = Sight()


def sight_of(rows: Rows, vault: Vault | None) -> Sight:
    """As the ledger and the home's keys allow."""
    orders = {row["order_id"]: str(row["order_no"]) for row in rows["erasure_order"]}
    return Sight(
        vault=vault, erased={str(row["item"]): orders.get(row["order_id"], "?") for row in rows["erasure"]}
    )


def check_erasures(rows: Rows, vault: Vault) -> Verified:
    """Of every unit that was erased the key is gone, and says so in its place."""
    found = Verified()
    for row in rows["erasure"]:
        item = str(row["item"])
        found.counts["erasures"] += 1
        if not vault.is_destroyed(item):
            found.add(UNERASED, item, "密钥尚未销毁", "its key is not destroyed")
    return found


def kept_partitions(rows: Rows, run_id: str | None = None) -> Iterator[Partition]:
    """What was kept of a run's households, or of all runs'."""
    for row in rows["kept"]:
        if run_id in (None, row["run_id"]):
            yield Partition(
                folder=f"lake/{row['partition']}",
                digest=row["manifest_digest"],
                stated_in=f"kept {row['partition']}",
            )


def landed_partitions(rows: Rows, keys: Iterable[str] | None = None) -> Iterator[Partition]:
    """The partition of each landing, or of those with these keys."""
    wanted = None if keys is None else set(keys)
    for row in rows["landing"]:
        if wanted is None or row["landing_key"] in wanted:
            yield Partition(
                folder=f"lake/landing/{row['delivery']}/{str(row['landing_key'])[:_KEY_CHARS]}",
                digest=row["manifest_digest"],
                stated_in=f"landing {row['landing_key']}",
            )


def run_partitions(rows: Rows, run_id: str | None = None) -> Iterator[Partition]:
    """The partition of each stage of a run, or of all runs."""
    for row in rows["stage_run"]:
        if run_id in (None, row["run_id"]):
            yield Partition(
                folder=_folder(row),
                digest=row["manifest_digest"],
                stated_in=f"stage_run {row['run_id']} {row['stage']}",
            )


def _folder(row: Mapping[str, Any]) -> str:
    """Documents for people lie under reports/, tables in the lake."""
    if row["stage"] == "report":
        return "reports/" + str(row["partition"]).removeprefix("month/").removesuffix("/report")
    return f"lake/{row['partition']}"


def delivered_files(rows: Rows, deliveries: Iterable[str] | None = None) -> Iterator[Delivered]:
    """Each file whose bytes the lake keeps, documents of bundles and audits too; or those of these deliveries."""
    wanted = None if deliveries is None else set(deliveries)
    for row in rows["artefact"]:
        name = str(row["name"])
        if wanted is None or (row["kind"] == "file" and name.rpartition("/")[0] in wanted):
            yield Delivered(name=name, digest=row["digest"])


def check_partitions(home: Path, partitions: Iterable[Partition], sight: Sight = PLAIN) -> Verified:
    """Every manifest is the one its row states, every file the one its manifest states, and there is no other file."""
    found = Verified()
    for partition in sorted(set(partitions)):
        found.counts["partitions"] += 1
        manifest = home / partition.folder / _MANIFEST
        said = manifest.read_bytes() if manifest.is_file() else None
        if said is None:
            found.add(MISSING, f"{partition.folder}/{_MANIFEST}", "文件不在", "the file is not there")
        elif digest_bytes(said) != partition.digest:
            zh, en = f"与 {partition.stated_in} 所记摘要不符", f"not the digest of {partition.stated_in}"
            found.add(ALTERED, f"{partition.folder}/{_MANIFEST}", zh, en)
        else:
            _check_folder(home, partition.folder, json.loads(said)["files"], found, sight)
    return found


def _check_folder(
    home: Path, folder: str, files: Mapping[str, Mapping[str, Any]], found: Verified, sight: Sight
) -> None:
    if folder in sight.erased:
        found.add_erased(folder, sight.erased[folder])
    for name, stated in files.items():
        item = Item(name=f"{folder}/{name}", unit=folder, digest=stated["sha256"])
        check_file(home / folder / name, item, found, sight)
    there = {
        path.relative_to(home / folder).as_posix() for path in (home / folder).rglob("*") if not path.is_dir()
    }
    for name in sorted(there - set(files) - {_MANIFEST}):
        found.add(ADDED, f"{folder}/{name}", "清单中没有此文件", "the manifest does not name it")


def check_delivered(home: Path, files: Iterable[Delivered], sight: Sight = PLAIN) -> Verified:
    """The bytes of every delivered file are those that were landed."""
    found = Verified()
    for file in sorted(set(files)):
        unit = f"lake/bytes/{file.digest[:2]}/{file.digest}"
        item = Item(name=f"{file.name} {file.digest}", unit=unit, digest=file.digest)
        if unit in sight.erased:
            found.add_erased(item.name, sight.erased[unit])
        check_file(home / unit, item, found, sight, counted="delivered_files")
    return found


@dataclass(frozen=True, kw_only=True)
class Item:
    """A file as it is told: its name, the unit whose key opens it, the digest of its plaintext."""

    name: str
    unit: str
    digest: str


def check_file(path: Path, item: Item, found: Verified, sight: Sight = PLAIN, counted: str = "files") -> None:
    """One file against its digest. One that is gone is no fault where its unit was erased under an order."""
    if not path.is_file():
        if item.unit not in sight.erased:
            found.counts[counted] += 1
            found.add(MISSING, item.name, "文件不在", "the file is not there")
        return
    found.counts[counted] += 1
    found.counts["bytes"] += path.stat().st_size
    try:
        if sight.digest(path, item.unit) != item.digest:
            found.add(ALTERED, item.name, "与所记摘要不符", "its digest is not the recorded one")
    except Erased:
        if item.unit not in sight.erased:
            found.add(
                MISSING, item.name, "密钥已毁而台账无令", "its key was destroyed, and the ledger has no order"
            )
    except StoreCorrupt as error:
        found.add(ALTERED, item.name, "密文或密钥有误", error.what)
