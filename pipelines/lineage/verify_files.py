"""The files behind the ledger: partitions by their manifests, delivered bytes by their digests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.base.ids import digest_bytes, digest_file
from pipelines.lineage.findings import ADDED, ALTERED, MISSING, Verified
from pipelines.lineage.verify_log import Rows

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
    """Each delivered file, or those of these deliveries."""
    wanted = None if deliveries is None else set(deliveries)
    for row in rows["artefact"]:
        name = str(row["name"])
        if row["kind"] == "file" and (wanted is None or name.rpartition("/")[0] in wanted):
            yield Delivered(name=name, digest=row["digest"])


def check_partitions(home: Path, partitions: Iterable[Partition]) -> Verified:
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
            _check_folder(home, partition.folder, json.loads(said)["files"], found)
    return found


def _check_folder(home: Path, folder: str, files: Mapping[str, Mapping[str, Any]], found: Verified) -> None:
    for name, stated in files.items():
        check_file(home / folder / name, f"{folder}/{name}", stated["sha256"], found)
    there = {
        path.relative_to(home / folder).as_posix() for path in (home / folder).rglob("*") if not path.is_dir()
    }
    for name in sorted(there - set(files) - {_MANIFEST}):
        found.add(ADDED, f"{folder}/{name}", "清单中没有此文件", "the manifest does not name it")


def check_delivered(home: Path, files: Iterable[Delivered]) -> Verified:
    """The bytes of every delivered file are those that were landed."""
    found = Verified()
    for file in sorted(set(files)):
        path = home / "lake" / "bytes" / file.digest[:2] / file.digest
        check_file(path, f"{file.name} {file.digest}", file.digest, found, counted="delivered_files")
    return found


def check_file(path: Path, item: str, digest: str, found: Verified, counted: str = "files") -> None:
    """One file against its digest."""
    found.counts[counted] += 1
    if not path.is_file():
        found.add(MISSING, item, "文件不在", "the file is not there")
        return
    found.counts["bytes"] += path.stat().st_size
    if digest_file(path) != digest:
        found.add(ALTERED, item, "与所记摘要不符", "its digest is not the recorded one")
