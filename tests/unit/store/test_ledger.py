"""The ledger, the same on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, insert, inspect, text

from pipelines.base.errors import LedgerUnavailable
from pipelines.lineage.verify_log import check_rows, read_log
from pipelines.reference import SQL_ROOT
from pipelines.store.ledger import LandingRow, Ledger, Release
from pipelines.store.schema import METADATA

ROW = LandingRow(
    landing_key="k1",
    source="vehicle",
    delivery="vehicle/20261006_01",
    files_digest="f",
    code_digest="c",
    status="accepted",
    cause=None,
    reason=None,
    received_at=date(2026, 10, 6),
    as_of=date(2026, 10, 5),
    part="",
    physical_lines=10,
    accepted_records=9,
    quarantine_rows=0,
    manifest_digest="m",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


def test_the_migrations_build_exactly_the_tables_the_code_knows(url: str) -> None:
    inspector = inspect(Ledger(url).engine)
    assert set(inspector.get_table_names()) == {*METADATA.tables, "alembic_version"}
    for name, table in METADATA.tables.items():
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(name)}
        assert found == {column.name: column.nullable for column in table.columns}, name
        assert inspector.get_pk_constraint(name)["constrained_columns"] == [
            c.name for c in table.primary_key
        ], name
        unique = {tuple(entry["column_names"]) for entry in inspector.get_unique_constraints(name)}
        assert unique == {
            tuple(c.name for c in constraint.columns)
            for constraint in table.constraints
            if type(constraint).__name__ == "UniqueConstraint"
        }, name


def test_opening_a_ledger_again_changes_nothing(url: str) -> None:
    Ledger(url).add_landing(ROW)
    assert Ledger(url).landing("k1") == ROW


def test_a_ledger_of_a_newer_version_is_refused(url: str) -> None:
    engine = Ledger(url).engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerUnavailable, match="not one of this version"):
        Ledger(url)


def test_the_same_landing_twice_is_one_fact(url: str) -> None:
    ledger = Ledger(url)
    ledger.add_landing(ROW)
    ledger.add_landing(ROW)
    assert ledger.landings("vehicle", date(2026, 1, 1), date(2026, 12, 31), "c") == [ROW]


def test_of_one_delivery_the_latest_landing_counts_and_only_by_this_code(url: str) -> None:
    ledger = Ledger(url)
    for row in (
        ROW,
        replace(ROW, landing_key="k2", files_digest="g"),
        replace(ROW, landing_key="k3", code_digest="d"),
    ):
        ledger.add_landing(row)
    found = ledger.landings("vehicle", date(2026, 10, 6), date(2026, 10, 6), "c")
    assert [row.landing_key for row in found] == ["k2"]
    assert ledger.landings("vehicle", date(2026, 10, 7), date(2026, 12, 1), "c") == []


def test_publishing_twice_is_publishing_once_and_another_run_replaces_it(url: str) -> None:
    ledger = Ledger(url)
    for run_id in ("R1", "R2"):
        ledger.add_run(run_id, "demo", "2026-10", {"a": run_id}, {"vehicle": ("used", "")})
    first = ledger.publish("R1", "demo", "2026-10")
    assert ledger.publish("R1", "demo", "2026-10") == first
    second = ledger.publish("R2", "demo", "2026-10")
    assert (second.revision, second.replaces) == (2, "R1")
    assert ledger.publish("R1", "demo", "2026-10").revision == 1
    assert len(ledger.publications()) == 2


def test_of_eight_rivals_for_one_run_one_publication_comes(url: str) -> None:
    ledger = Ledger(url)
    ledger.add_run("R1", "demo", "2026-10", {}, {"vehicle": ("used", "")})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Ledger(url).publish("R1", "demo", "2026-10"), range(8)))
    assert {publication.revision for publication in found} == {1}
    assert len(ledger.publications()) == 1


def test_rival_landings_each_get_their_own_place_in_the_sequence(url: str) -> None:
    ledger = Ledger(url)
    with ThreadPoolExecutor(4) as pool:
        rows = [replace(ROW, landing_key=f"k{n}", delivery=f"vehicle/{n}") for n in range(4)]
        list(pool.map(lambda row: Ledger(url).add_landing(row), rows))
    assert len(ledger.landings("vehicle", date(2026, 1, 1), date(2026, 12, 31), "c")) == 4


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(LedgerUnavailable) as caught:
        Ledger("postgresql+psycopg://hedui:secret@127.0.0.1:1/none")
    assert "127.0.0.1" in str(caught.value) and "secret" not in str(caught.value)


def test_a_run_remembers_what_each_source_could_say(url: str) -> None:
    ledger = Ledger(url)
    states = {"vehicle": ("used", ""), "death_police": ("not_received", "no delivery in the window")}
    ledger.add_run("R1", "demo", "2026-10", {"x": [1, "二"]}, states)
    assert ledger.source_states("R1") == states
    assert ledger.run("R1")["run_key"] == {"x": [1, "二"]}  # type: ignore[index]
    assert ledger.run("R9") is None
    assert create_engine(url).dialect.name in url


def test_a_release_is_one_fact_and_keeps_its_first_words(url: str) -> None:
    ledger = Ledger(url)
    first = Release(
        delivery=ROW.delivery, files_digest="f", released_by="李工", reason="the registry confirmed the count"
    )
    ledger.add_release(first)
    ledger.add_release(replace(first, reason="other words"))
    ledger.add_release(replace(first, files_digest="g"))
    assert ledger.releases()[(ROW.delivery, "f")] == first
    assert len(ledger.releases()) == 2


def test_the_history_holds_every_landing_of_every_code_in_the_order_of_landing(url: str) -> None:
    ledger = Ledger(url)
    rows = [
        replace(ROW, valid_ids=8, person_records=9, repeated_ids=0, profile={"pension": {"columns": {}}}),
        replace(ROW, landing_key="k2", code_digest="d"),
        replace(ROW, landing_key="k3", source="bank", delivery="bank/20261006_01"),
    ]
    for row in rows:
        ledger.add_landing(row)
    assert ledger.history("vehicle") == rows[:2]
    assert ledger.history() == rows


def test_a_ledger_of_the_first_version_is_brought_forward_and_loses_nothing(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SQL_ROOT / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        columns = {"sequence": 1, "landed_at": datetime(2026, 10, 7, 8, 30, tzinfo=UTC)}
        known = MetaData()
        known.reflect(connection, only=["landing"])
        older = [column.name for column in known.tables["landing"].columns if column.name in vars(ROW)]
        row = {name: getattr(ROW, name) for name in older}
        connection.execute(insert(known.tables["landing"]).values(**row, **columns))
    ledger = Ledger(url)
    assert ledger.history() == [ROW]
    assert check_rows(read_log(ledger.engine)).findings == []
    assert len(read_log(ledger.engine).entries) == 1
