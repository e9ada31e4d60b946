"""Rows are only ever added, each with its leaf, on SQLite and PostgreSQL alike."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from pipelines.lineage.findings import ADDED
from pipelines.lineage.verify_ledger import check_guards
from pipelines.lineage.verify_log import check_rows, ledger_tables, read_log
from pipelines.store.leaves import canonical, leaf_hash
from pipelines.store.ledger import Ledger
from pipelines.store.schema import ARTEFACT, LOG_LEAF, METADATA
from pipelines.web.store import schema as web_schema
from tests.unit.store.filled import AT, add, fill

TABLES = sorted(METADATA.tables)
ROOT = Path(__file__).parents[3]
_NAMED = re.compile(r"^from sqlalchemy[^(\n]*(\([^)]*)?\binsert\b", re.MULTILINE)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened = Ledger(url)
    fill(opened)
    return opened


def test_every_row_of_every_table_has_its_leaf_and_the_positions_have_no_gap(ledger: Ledger) -> None:
    log = read_log(ledger.engine)
    assert all(log.rows[table.name] for table in ledger_tables())
    assert check_rows(log).findings == []
    assert [entry["position"] for entry in log.entries] == list(range(len(log.known)))


def test_the_database_refuses_to_change_or_remove_a_row_of_any_table(ledger: Ledger) -> None:
    for name in TABLES:
        column = list(METADATA.tables[name].columns)[-1].name
        statements = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]
        if ledger.engine.dialect.name == "postgresql":
            statements.append(f"TRUNCATE {name} CASCADE")
        else:
            statements.append(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}")
        for statement in statements:
            refused = pytest.raises(DBAPIError, match=r"only ever added|the log has no gaps")
            with refused, ledger.engine.begin() as connection:
                connection.execute(text(statement))
    assert check_rows(read_log(ledger.engine)).findings == []


def test_sqlite_does_not_replace_a_row_by_its_hidden_number_either(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    fill(ledger)
    statement = "INSERT OR REPLACE INTO artefact (rowid, kind, name, digest, recorded_at) VALUES (1, 'file', 'x', 'y', 'z')"
    with pytest.raises(DBAPIError, match="only ever added"), ledger.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_database_refuses_a_leaf_that_leaves_a_gap(ledger: Ledger) -> None:
    row = {"table_name": "run", "row_key": '["R9"]', "leaf_hash": "0" * 64}
    with pytest.raises(DBAPIError, match="no gaps"), ledger.engine.begin() as connection:
        connection.execute(insert(LOG_LEAF).values(position=10_000, **row))


def test_every_guard_is_in_force_and_one_that_is_dropped_is_named(ledger: Ledger) -> None:
    assert check_guards(ledger.engine).findings == []
    name = "run_only_added" if ledger.engine.dialect.name == "postgresql" else "run_not_changed"
    with ledger.engine.begin() as connection:
        on = " ON run" if ledger.engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    assert [finding.item for finding in check_guards(ledger.engine).findings] == [name]


def test_a_row_that_came_by_another_way_is_found(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        row = {"kind": "file", "name": "x/y", "digest": "b" * 64, "recorded_at": AT}
        connection.execute(insert(ARTEFACT).values(**row))
    found = check_rows(read_log(ledger.engine)).findings
    assert [(one.kind, one.item) for one in found] == [(ADDED, f'artefact ["file","x/y","{"b" * 64}"]')]


def _inserting() -> dict[str, str]:
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "pipelines").rglob("*.py")
    }
    return {name: text for name, text in texts.items() if _NAMED.search(text)}


def test_nothing_but_the_appending_inserts_into_the_ledger() -> None:
    """Alembic's own version row apart; the review site inserts into its own tables, which are no part of the ledger."""
    using = _inserting()
    of_the_site = {name for name in using if name.startswith("pipelines/web/store/")}
    assert set(using) - of_the_site == {"pipelines/store/appending.py"}
    own = {name for name, value in vars(web_schema).items() if isinstance(value, Table)}
    for name in of_the_site:
        tables = re.findall(r"\binsert\((\w+)\)", using[name])
        assert tables and set(tables) <= own, name


def test_rivals_get_positions_without_gaps(ledger: Ledger) -> None:
    before = len(read_log(ledger.engine).entries)

    def one(number: int) -> int:
        row = {"kind": "file", "name": f"n/{number}", "digest": "c" * 64, "recorded_at": AT}
        return add(Ledger(ledger.url), ARTEFACT, row)

    with ThreadPoolExecutor(8) as pool:
        positions = sorted(pool.map(one, range(24)))
    assert positions == list(range(before, before + 24))
    assert check_rows(read_log(ledger.engine)).findings == []


def test_what_fails_leaves_neither_row_nor_leaf(ledger: Ledger) -> None:
    before = len(read_log(ledger.engine).entries)
    row = {"kind": "file", "name": "n/1", "digest": None, "recorded_at": AT}
    with pytest.raises(DBAPIError):
        add(ledger, ARTEFACT, row)
    with ledger.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(LOG_LEAF)) == before


def test_a_row_has_the_same_leaf_on_both_databases(tmp_path: Path, postgres_url: str) -> None:
    both = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}"), Ledger(postgres_url)
    row = {"kind": "file", "name": "户口/1 .csv", "digest": "c" * 64, "recorded_at": AT}
    for one in both:
        fill(one)
        add(one, ARTEFACT, row)
    leaves = [read_log(one.engine).entries[-1]["leaf_hash"] for one in both]
    plain = row | {"recorded_at": "2026-11-02T09:00:00.000000Z"}
    assert leaves == [leaf_hash("artefact", plain)] * 2


def test_no_column_is_of_a_kind_that_the_databases_return_differently() -> None:
    kinds = {type(column.type).__name__ for table in METADATA.tables.values() for column in table.columns}
    assert kinds == {"String", "Text", "Integer", "Date", "DateTime", "JSON"}


def test_the_canonical_text_is_fixed() -> None:
    assert canonical({"b": [1, None], "a": "核"}) == '{"a":"核","b":[1,null]}'
