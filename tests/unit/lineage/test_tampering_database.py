"""What is done to the database itself: on PostgreSQL, and to the bytes and the schema of a SQLite file."""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from pipelines.base.errors import EvidenceBroken
from pipelines.base.settings import Where
from pipelines.lineage.findings import UNGUARDED
from pipelines.lineage.portable import write_portable
from pipelines.lineage.verify_log import check_rows, ledger_tables, read_log
from pipelines.store.appending import writing
from pipelines.store.checkpoints import sign
from pipelines.store.ledger import Ledger
from pipelines.store.signing import signing_key
from pipelines.store.vault import open_vault
from tests.unit.lineage.tampering import Home, signed_home
from tests.unit.store.filled import ERASED_ITEM, fill


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return signed_home(tmp_path_factory.mktemp("signed"))


def test_on_postgresql_every_column_changed_and_every_row_deleted_is_found(
    postgres_url: str, whole: Home, tmp_path: Path
) -> None:
    """By the product's verifier in the database, by the stand-alone one in the copy it is handed."""
    ledger = Ledger(postgres_url)
    fill(ledger)
    copy = replace(whole, database=tmp_path / "copy.sqlite", where=Where.of({"home": str(tmp_path)}))
    sign(ledger, copy.where.checkpoints, signing_key(copy.where), "R1")
    open_vault(copy.where).destroy(ERASED_ITEM, "民字7号")
    assert _rows_at_fault(ledger, copy) == []
    assert check_rows(read_log(ledger.engine)).findings == []
    with ledger.engine.begin() as connection:
        for table, name in connection.execute(text(_CHECKS)).all():
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    missed: list[object] = []
    for table in ledger_tables():
        for column in table.columns:
            change = _changing(column.name, str(column.type))
            missed += [] if _found(ledger, table.name, change, copy) else [column]
        missed += [] if _found(ledger, table.name, None, copy) else [table]
    assert missed == []


_CHECKS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0"


def _changing(column: str, kind: str) -> str:
    if kind == "INTEGER":
        return f'"{column}" = coalesce("{column}", 0) + 1000'
    if kind in ("DATE", "DATETIME"):
        return f'"{column}" = "{column}" + interval \'1 day\''
    if kind == "JSON":
        return f'"{column}" = json_build_array("{column}")'
    return f"\"{column}\" = coalesce(left(\"{column}\", -1), '') || 'x'"


def _rows_at_fault(ledger: Ledger, copy: Home) -> list[str]:
    """What the stand-alone verifier says of the rows of a copy; its home has no files."""
    copy.database.unlink(missing_ok=True)
    write_portable(read_log(ledger.engine), copy.database)
    return [said for said in copy.theirs() if not said.startswith(f"missing: {copy.where.home}")]


def _found(ledger: Ledger, table: str, change: str | None, copy: Home) -> bool:
    """Whether both find it once done; the rows are put back afterwards."""
    statement = f"UPDATE {table} SET {change}" if change else f"DELETE FROM {table}"
    one = f"WHERE ctid = (SELECT ctid FROM {table} LIMIT 1)"
    with writing(ledger.engine) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"CREATE TABLE kept_apart AS SELECT * FROM {table}"))
        connection.execute(text(f"{statement} {one}"))
    found = bool(check_rows(read_log(ledger.engine)).findings) and bool(_rows_at_fault(ledger, copy))
    with writing(ledger.engine) as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_apart"))
        connection.execute(text("DROP TABLE kept_apart"))
    return found and not check_rows(read_log(ledger.engine)).findings


def test_a_flipped_bit_of_the_database_file_is_found_or_changes_nothing_that_is_recorded(whole: Home) -> None:
    """Free pages and unused bytes of a page mean nothing; whatever means something is found by both."""
    draw = random.Random(5)  # noqa: S311
    copy = whole.copy("bits")
    pristine = copy.database.read_bytes()
    recorded, missed, found = _recorded(copy.database), [], 0
    for _ in range(250):
        at = draw.randrange(len(pristine))
        flipped = pristine[:at] + bytes([pristine[at] ^ (1 << draw.randrange(8))]) + pristine[at + 1 :]
        copy.restore(flipped)
        ours, theirs = _ours_finds(copy), bool(copy.theirs())
        found += ours
        if not (ours and theirs) and _recorded(copy.database) != recorded:
            missed.append((at, ours, theirs))
    assert missed == []
    assert found > 20


def _ours_finds(home: Home) -> bool:
    try:
        return bool(home.ours())
    except EvidenceBroken:
        return True


def _recorded(database: Path) -> object:
    """All that the database says, or that it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            tables = sorted(connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
            names = [name.decode() for (name,) in tables if name != b"alembic_version"]
            return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
    except (sqlite3.Error, UnicodeDecodeError):
        return "unreadable"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP TRIGGER run_not_removed", "run_not_removed"),
        ("DROP INDEX ix_judgement_pair", "ix_judgement_pair"),
        ("DROP TRIGGER determination_grounded_2", "determination_grounded_2"),
    ],
)
def test_a_guard_that_is_gone_is_named(whole: Home, statement: str, named: str) -> None:
    copy = whole.copy(named)
    with closing(sqlite3.connect(copy.database)) as connection, connection:
        connection.execute(statement)
    assert [(one.kind, one.item) for one in copy.ours()] == [(UNGUARDED, named)]


def test_a_guard_of_the_same_name_that_does_nothing_is_named(whole: Home) -> None:
    copy = whole.copy("empty")
    with closing(sqlite3.connect(copy.database)) as connection, connection:
        connection.execute("DROP TRIGGER run_not_removed")
        connection.execute("CREATE TRIGGER run_not_removed BEFORE DELETE ON run BEGIN SELECT 1; END")
    assert [(one.kind, one.item) for one in copy.ours()] == [(UNGUARDED, "run_not_removed")]


def test_a_file_that_is_no_database_is_said_to_be_broken(whole: Home) -> None:
    copy = whole.copy("none")
    copy.restore(b"no database" * 1000)
    with pytest.raises(EvidenceBroken, match="can no longer be read"):
        copy.ours()
    assert copy.theirs()[0].startswith("unreadable")
