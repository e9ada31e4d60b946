"""A month of a village computed again from the delivered bytes: equal, whatever threads, time zone or order."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.audit.rederive import rederived, stale_of
from pipelines.audit.rederived_flags import compared, drawn, flags_of
from pipelines.base import database
from pipelines.base.errors import EvidenceBroken
from pipelines.policy import load_pack
from pipelines.run import run_month
from pipelines.run.month import Run
from pipelines.run.published import published_run
from pipelines.run.tables import landing_partition
from pipelines.store.copying import stage_digests
from tests.e2e.village import MONTH, Hedui, only, terminal, village

pytestmark = pytest.mark.xdist_group("rederive")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rederive")
    inbox = village(folder)
    only(inbox, "vehicle", "death_police", "hukou")
    run_month(MONTH, {"home": str(folder / "home"), "inbox": str(inbox), "jurisdiction": "demo"})
    return folder / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return published_run(MONTH, {"home": str(home), "jurisdiction": "demo"})


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def test_every_flag_of_a_month_comes_out_byte_for_byte(home: Path, hedui: Hedui) -> None:
    before = sorted(path for path in home.rglob("*"))
    code, said = hedui("rederive", "--month", MONTH, "--home", home)
    assert code == 0, said
    assert "are equal byte for byte" in said and "never published" not in said
    assert sorted(path for path in home.rglob("*")) == before  # nothing is written into the real home


def test_one_flag_and_a_sample_are_computed_again(home: Path, run: Run, hedui: Hedui) -> None:
    flags = flags_of(run)
    code, said = hedui("rederive", flags[0], "--home", home)
    assert code == 0 and "flags equal: 1/1" in said, said
    code, said = hedui("rederive", "--month", MONTH, "--sample", 3, "--seed", "a", "--home", home)
    assert code == 0 and "flags equal: 3/3" in said, said
    assert drawn(flags, 3, "a") == drawn(list(reversed(flags)), 3, "a")
    assert drawn(flags, len(flags) + 1, "a") == flags
    assert hedui("rederive", "F-NONE", "--home", home)[0] == 33
    assert hedui("rederive", flags[0], "--month", MONTH, "--home", home)[0] == 2


@pytest.mark.parametrize(
    ("threads", "name", "order"), [(1, "Asia/Shanghai", ""), (2, "America/Los_Angeles", "b"), (1, "UTC", "c")]
)
def test_threads_time_zone_and_the_order_of_deliveries_change_no_byte(
    run: Run, zone: pytest.MonkeyPatch, threads: int, name: str, order: str
) -> None:
    connect = duckdb.connect

    def narrow(at: str, config: dict[str, object]) -> duckdb.DuckDBPyConnection:
        return connect(at, config={**config, "threads": threads})

    zone.setenv("TZ", name)
    time.tzset()
    zone.setattr(database.duckdb, "connect", narrow)
    with rederived(run, order_seed=order) as again:
        assert again.different == ()
        assert [flag.difference for flag in compared(again, flags_of(run))] == [None] * len(flags_of(run))


def test_a_pack_or_code_that_is_another_now_is_said_and_refused_unless_asked_for_anyway(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path, hedui: Hedui
) -> None:
    monkeypatch.setattr("pipelines.audit.rederive.month_code", lambda: "another")
    with pytest.raises(EvidenceBroken, match="code of the month"), rederived(run):
        pass
    code, said = hedui("rederive", "--month", MONTH, "--home", home)
    assert code == 37 and "--anyway" in said
    code, said = hedui("rederive", "--month", MONTH, "--anyway", "--home", home)
    assert code == 0 and "not the recorded one any more: code of the month" in said


def test_a_flag_that_comes_out_otherwise_is_named_with_the_first_difference(run: Run) -> None:
    """The fresh month's own file is changed: as if other code had written it."""
    flags = flags_of(run)
    with rederived(run) as again:
        partition = again.fresh.partition("flag")
        table = again.fresh.read("flag", "flag")
        folder = again.fresh.shop.lake.root / partition
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        towns = ["elsewhere", *table["town"].to_pylist()[1:]]
        changed = table.set_column(table.schema.get_field_index("town"), table.schema.field("town"), [towns])
        again.fresh.shop.lake.write(partition, {"flag": changed}, {})
        found = compared(again, flags)
    [first, *others] = sorted(found, key=lambda flag: flag.difference is None)
    assert "town [" in str(first.difference) and "elsewhere" in str(first.difference)
    assert all(flag.difference is None for flag in others)


def test_delivered_bytes_that_were_changed_are_refused(run: Run) -> None:
    delivery = next(iter(sorted(run.key["seen"])))
    file = run.shop.lake.read(landing_partition(run, delivery), "delivery").to_pylist()[0]
    path = run.shop.lake.bytes_path(file["sha256"])
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    try:
        with pytest.raises(EvidenceBroken, match="delivered bytes") as refused, rederived(run):
            pass
        assert refused.value.place == f"{delivery}/{file['file_name']}"
    finally:
        path.write_bytes(kept)


def test_a_pack_with_another_value_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load_pack("demo")
    limit = dict(pack.parameters["assets.vehicles.limit"])
    first = min(limit)
    limit[first] = limit[first].model_copy(update={"value": 2})
    other = replace(pack, parameters={**pack.parameters, "assets.vehicles.limit": limit})
    monkeypatch.setattr("pipelines.audit.rederive.load_pack", lambda _: other)
    assert stale_of(run) == ("pack demo",)


def test_a_ledger_on_postgresql_gives_the_same_month_and_it_is_computed_again(
    home: Path, run: Run, postgres_url: str, tmp_path: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_LEDGER", postgres_url)
    run_month(MONTH, {"home": str(tmp_path), "inbox": str(home.parent / "inbox"), "jurisdiction": "demo"})
    other = published_run(MONTH, {"home": str(tmp_path), "jurisdiction": "demo"})
    assert stage_digests(other.shop.ledger, run.run_id) == stage_digests(run.shop.ledger, run.run_id)
    code, said = hedui("rederive", "--month", MONTH, "--home", tmp_path)
    assert code == 0 and "are equal byte for byte" in said, said
