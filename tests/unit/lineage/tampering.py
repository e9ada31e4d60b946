"""A signed home to tamper with, what an attacker does to its database, and the two verifiers' word on it."""

from __future__ import annotations

import runpy
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from sqlalchemy import create_engine

from pipelines.base.settings import Where
from pipelines.lineage.findings import Finding
from pipelines.lineage.proofs import STAND_ALONE
from pipelines.lineage.verify_files import (
    check_delivered,
    check_erasures,
    check_partitions,
    delivered_files,
    kept_partitions,
    landed_partitions,
    run_partitions,
    sight_of,
)
from pipelines.lineage.verify_ledger import check_ledger
from pipelines.store.checkpoints import Signed, sign
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.store.signing import public_key_file, signing_key
from pipelines.store.vault import open_vault
from tests.unit.store.filled import ERASED_ITEM, LANDING, fill


@dataclass(frozen=True, kw_only=True)
class Home:
    """A home whose ledger has rows in every table, with every file they name; or a copy of its database."""

    where: Where
    database: Path

    @property
    def ledger(self) -> Ledger:
        return Ledger(f"sqlite:///{self.database}")

    def copy(self, name: str) -> Home:
        """Another database beside the same files and checkpoints."""
        database = self.database.with_name(f"{name}.sqlite")
        shutil.copyfile(self.database, database)
        return replace(self, database=database)

    def restore(self, pristine: bytes) -> None:
        """The database as it was, without what SQLite keeps beside it."""
        for beside in ("-wal", "-shm"):
            self.database.with_name(self.database.name + beside).unlink(missing_ok=True)
        self.database.write_bytes(pristine)

    def change(self, *statements: str) -> None:
        """As an attacker does who owns the file: guards dropped, rows changed, guards restored as they were."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            guards = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in guards:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for _, guard in guards:
                connection.execute(guard)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    def sign(self, run_id: str = "R1") -> Signed:
        ledger = self.ledger
        signed = sign(ledger, self.where.checkpoints, signing_key(self.where), run_id)
        ledger.engine.dispose()
        return signed

    def ours(self) -> list[Finding]:
        """What the product's verifier finds."""
        engine = create_engine(f"sqlite:///{self.database}")
        key = public_key_file(self.where).read_bytes().decode(errors="replace")
        found, log = check_ledger(engine, self.where.checkpoints, key)
        engine.dispose()
        home, vault = self.where.home, open_vault(self.where)
        sight = sight_of(log.rows, vault)
        for partitions in (landed_partitions(log.rows), run_partitions(log.rows), kept_partitions(log.rows)):
            found.take(check_partitions(home, partitions, sight))
        found.take(check_delivered(home, delivered_files(log.rows), sight))
        found.take(check_erasures(log.rows, vault))
        return found.findings

    def theirs(self) -> list[str]:
        """What the stand-alone verifier finds."""
        places = {"ledger": self.database, "checkpoints": self.where.checkpoints, "home": self.where.home}
        code, said = stand_alone(*(word for name, path in places.items() for word in (f"--{name}", path)))
        lines = said.splitlines()[1:]
        assert (code == 0) == (lines == ["all as recorded and signed / 全部与所记、所签一致"])
        return lines if code else []


def stand_alone(*words: object) -> tuple[int, str]:
    """A fresh run of the stand-alone verifier: exit code and words."""
    before, said = sys.argv, StringIO()
    sys.argv = ["hedui_verify.py", *map(str, words)]
    try:
        with redirect_stdout(said):
            code = runpy.run_path(str(STAND_ALONE))["main"]()
    finally:
        sys.argv = before
    return int(code), said.getvalue()


def signed_home(folder: Path) -> Home:
    """Two checkpoints: the second covers five delivered files more."""
    where = Where.of({"home": str(folder / "home"), "jurisdiction": "demo"})
    home = Home(where=where, database=where.home / "ledger.sqlite")
    ledger, lake = home.ledger, Lake(where.lake_root, open_vault(where))
    documents = {"index.html": "页".encode(), "pages/1.html": b"1"}
    landed = lake.write_documents(
        f"landing/{LANDING.delivery}/{LANDING.landing_key[:16]}", documents, {"of": 1}
    )
    staged = lake.write_documents("month/demo/2026-10/R1/compose", documents, {"run": "R1"})
    Lake(where.home / "reports").write_documents("demo/2026-10/R1", documents, {"run": "R1"})
    kept = lake.write_documents("kept/demo/2026-10/R1/H-1", documents, {"run": "R1"})
    open_vault(where).destroy(ERASED_ITEM, "民字7号")
    digests = {"landed": landed.digest, "staged": staged.digest, "kept": kept.digest}
    fill(ledger, **digests, file=_put(lake, folder / "cars.csv", "车"))
    home.sign()
    pages = {f"{number}.json": _put(lake, folder / f"{number}.json", str(number)) for number in range(5)}
    ledger.add_files("bank/20261007_01", pages)
    ledger.engine.dispose()
    home.sign()
    return home


def _put(lake: Lake, path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return lake.put_file(path)


def cells(home: Home) -> Iterator[tuple[str, int, str, str, object]]:
    """Every column of every row: table, rowid, column, declared type, value."""
    for (table,) in home.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        if table == "alembic_version":
            continue
        for _, column, kind, *_ in home.query(f"PRAGMA table_info({table})"):
            for rowid, value in home.query(f'SELECT rowid, "{column}" FROM {table}'):
                yield str(table), int(str(rowid)), str(column), str(kind), value
