"""The ledger whole: readable, guarded as this version guards it, and as it was logged and signed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from pipelines.base.errors import EvidenceBroken
from pipelines.lineage.findings import ALTERED, UNGUARDED, Verified
from pipelines.lineage.verify_log import Log, check_checkpoints, check_rows, read_log
from pipelines.store.migrate import fresh_schema, sqlite_schema
from pipelines.store.only_added import guard_names
from pipelines.store.schema import METADATA


def check_ledger(engine: Engine, folder: Path, public_key: str | None) -> tuple[Verified, Log]:
    """Rows, log, checkpoints and guards; and the ledger as it was read."""
    try:
        log = read_log(engine)
        found = check_rows(log)
        found.take(check_guards(engine))
    except (DatabaseError, UnicodeDecodeError) as error:  # the second: a message that quotes broken names
        raise EvidenceBroken(
            f"altered: the ledger's database can no longer be read ({type(error).__name__})",
            place=str(engine.url.database),
            remedy="keep the file as it is, tell the auditor, restore from backup",
        ) from None
    found.take(check_checkpoints(log, folder, public_key))
    return found, log


def check_guards(engine: Engine) -> Verified:
    """The triggers that let rows only be added are all there; on SQLite word by word, and the file is sound."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return _check_sqlite(connection)
        found = Verified()
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        there = set(connection.scalars(text(query)))
    for table in METADATA.tables:
        for name in guard_names("postgresql", table):
            found.counts["guards"] += 1
            if name not in there:
                found.add(UNGUARDED, name, "触发器不在或已停用", "the trigger is gone or switched off")
    return found


def _check_sqlite(connection: Connection) -> Verified:
    found, there = Verified(), sqlite_schema(connection)
    for name, said in fresh_schema().items():
        found.counts["guards"] += 1
        if there.get(name) != said:
            found.add(
                UNGUARDED,
                name,
                "表、索引或触发器不在或已被改",
                "a table, index or trigger is gone or another",
            )
    sound = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    if sound != ["ok"]:
        found.add(
            ALTERED,
            "ledger.sqlite",
            "数据库文件内部不一致",
            f"the database file is unsound: {len(sound)} faults",
        )
    return found
