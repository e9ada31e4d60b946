"""The ledger against its log, and the log against every signed checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table

from pipelines.lineage.findings import (
    ADDED,
    ALTERED,
    FORKED,
    MISSING,
    REORDERED,
    ROLLED_BACK,
    UNSIGNED,
    Verified,
)
from pipelines.store import merkle
from pipelines.store.checkpoints import checkpoint_files, read_note
from pipelines.store.leaves import UNREADABLE, leaf_hash, row_key, stored_rows
from pipelines.store.note import Checkpoint, NoteRefused, opened, public_of
from pipelines.store.schema import LOG_LEAF, METADATA, PUBLICATION

_HASH = re.compile(r"[0-9a-f]{64}")
# Times the ledger sets itself as it adds a row; the others are what a person said.
_ADDED_AT = {
    "landed_at",
    "released_at",
    "run_at",
    "ended_at",
    "published_at",
    "judged_at",
    "approved_at",
    "recorded_at",
    "held_at",
    "ordered_at",
    "kept_at",
    "erased_at",
}
_UNKNOWN = bytes(32)  # stands for a leaf that is none: no checkpoint fits it
Rows = dict[str, list[dict[str, Any]]]  # table → rows as the database holds them


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A ledger row: its leaf as it should be, and when it says it was added; empty where it does not say."""

    leaf: str
    added_at: str


@dataclass(kw_only=True)
class Log:
    """The ledger as it was read: its rows, and the log's entries by position."""

    rows: Rows
    entries: list[dict[str, Any]]
    known: dict[tuple[str, str], _Row] = field(default_factory=dict)

    def refs(self) -> list[tuple[str, str]]:
        return [(entry["table_name"], entry["row_key"]) for entry in self.entries]


def read_log(engine: Engine) -> Log:
    """Every row of the ledger, as it lies in the database, in one view of it."""
    with engine.connect() as connected:
        connection = _in_one_view(connected)
        rows = {table.name: list(stored_rows(connection, table)) for table in ledger_tables()}
        log = Log(rows=rows, entries=list(stored_rows(connection, LOG_LEAF)))
        connected.invalidate()  # its way of reading texts is no other's
    for table in ledger_tables():
        for row in rows[table.name]:
            log.known[table.name, row_key(table, row)] = _row(table, row)
    return log


def _in_one_view(connection: Connection) -> Connection:
    """All tables as they stood at one moment, whoever writes meanwhile."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    driver: Any = connection.connection.dbapi_connection
    driver.text_factory = _lenient_text
    connection.exec_driver_sql("BEGIN")
    return connection


def ledger_tables() -> list[Table]:
    return [table for name, table in sorted(METADATA.tables.items()) if name != LOG_LEAF.name]


def check_rows(log: Log) -> Verified:
    """Every row has its leaf, every leaf its row, and they agree; positions run from 0 without gaps."""
    found = Verified()
    found.counts["rows"], found.counts["leaves"] = len(log.known), len(log.entries)
    for before, entry in pairwise([{"position": -1}, *log.entries]):
        if entry["position"] != before["position"] + 1:
            item = f"log_leaf {before['position'] + 1}…{entry['position'] - 1}"
            found.add(MISSING, item, "日志中缺这些位置", "the log lacks these positions")
    logged = set()
    for entry, ref in zip(log.entries, log.refs(), strict=True):
        _check_entry(entry, log.known.get(ref), ref in logged, found)
        logged.add(ref)
    for table, key in sorted(log.known.keys() - logged):
        found.add(ADDED, f"{table} {key}", "日志中没有此行", "the log does not know this row")
    return found


def _check_entry(entry: Mapping[str, Any], row: _Row | None, is_second: bool, found: Verified) -> None:
    item = f"{entry['table_name']} {entry['row_key']}"
    if is_second:
        found.add(ADDED, f"log_leaf {entry['position']}", "此行已有日志", "its row has a leaf already")
    elif row is None:
        found.add(MISSING, item, f"日志第 {entry['position']} 位有此行", f"leaf {entry['position']} is of it")
    elif row.leaf != entry["leaf_hash"]:
        zh, en = f"与日志第 {entry['position']} 位不符", f"it is not what leaf {entry['position']} says"
        found.add(ALTERED, item, zh, en)


def check_checkpoints(log: Log, folder: Path, public_key: str | None) -> Verified:
    """Every checkpoint bears a good signature and fits the log; every publication is covered by one."""
    found = Verified()
    signed = dict(_checkpoints(folder, public_key, found))
    found.counts["checkpoints"] = len(signed)
    for number in sorted(set(range(1, max(signed, default=0) + 1)) - set(checkpoint_files(folder))):
        found.add(MISSING, f"{number}.txt", "缺此检查点", "the checkpoint is not there")
    _check_trees(log, {f"{number}.txt": said for number, said in sorted(signed.items())}, found)
    covered = max((checkpoint.size for checkpoint in signed.values()), default=0)
    found.counts["leaves_unsigned"] = max(0, len(log.entries) - covered)
    for entry in log.entries[covered:]:
        if entry["table_name"] == PUBLICATION.name:
            item = f"publication {entry['row_key']}"
            found.add(UNSIGNED, item, "没有检查点涵盖此次发布", "no checkpoint covers this publication")
    return found


def check_kept(log: Log, path: Path, public_key: str | None) -> Verified:
    """A checkpoint that somebody kept elsewhere: the log still begins with exactly what it signed."""
    found = Verified()
    found.counts["kept"] = 1
    try:
        kept = opened(read_note(path), public_of(public_key or ""))
    except NoteRefused as error:
        found.add(ALTERED, path.name, "签名或格式不符", str(error))
        return found
    _check_trees(log, {path.name: kept}, found)
    return found


def _checkpoints(folder: Path, public_key: str | None, found: Verified) -> Iterator[tuple[int, Checkpoint]]:
    files = checkpoint_files(folder)
    try:
        public = public_of(public_key or "")
    except NoteRefused as error:
        if files:
            found.add(MISSING, "public key", "没有可用的公钥", str(error))
        return
    for number, path in files.items():
        try:
            yield number, opened(read_note(path), public)
        except NoteRefused as error:
            found.add(ALTERED, path.name, "签名或格式不符", str(error))


def _check_trees(log: Log, signed: Mapping[str, Checkpoint], found: Verified) -> None:
    """The first checkpoint that does not fit says between which rows the log was changed; those after it follow."""
    leaves = [_hash(entry["leaf_hash"]) for entry in log.entries]
    roots = merkle.prefix_roots(leaves, {checkpoint.size for checkpoint in signed.values()})
    before = 0
    for item, checkpoint in signed.items():
        if checkpoint.size > len(leaves):
            zh = f"检查点签有 {checkpoint.size} 行，台账只有 {len(leaves)} 行"
            en = f"the checkpoint signed {checkpoint.size} rows, the ledger has {len(leaves)}"
            found.add(ROLLED_BACK, item, zh, en)
            return
        if roots[checkpoint.size] != checkpoint.root or checkpoint.size < before:
            _name_change(log, min(before, checkpoint.size), checkpoint.size, item, found)
            return
        before = checkpoint.size


def _name_change(log: Log, first: int, end: int, item: str, found: Verified) -> None:
    refs = log.refs()
    timed = [(at, log.known[refs[at]].added_at) for at in range(first, end) if refs[at] in log.known]
    swapped = [f"{a}/{b}" for (a, one), (b, two) in pairwise(pair for pair in timed if pair[1]) if one > two]
    if swapped:
        zh, en = f"检查点 {item} 签的是别的次序", f"{item} signed another order"
        found.add(REORDERED, f"log_leaf {', '.join(swapped)}", zh, en)
        return
    zh = f"第 {first}…{end - 1} 位不是检查点 {item} 所签的"
    found.add(FORKED, f"log_leaf {first}…{end - 1}", zh, f"these are not the leaves that {item} signed")


def _row(table: Table, row: Mapping[str, Any]) -> _Row:
    times = [str(row[name]) for name in row if name in _ADDED_AT]
    return _Row(leaf=_leaf(table, row), added_at=times[0] if times else "")


def _leaf(table: Table, row: Mapping[str, Any]) -> str:
    return "" if UNREADABLE in row.values() else leaf_hash(table.name, row)


def _hash(value: Any) -> bytes:
    return bytes.fromhex(value) if isinstance(value, str) and _HASH.fullmatch(value) else _UNKNOWN


def _lenient_text(data: bytes) -> str:
    """Bytes that are no text must be found altered, not break the reading."""
    return data.decode("utf-8", errors="surrogateescape")
