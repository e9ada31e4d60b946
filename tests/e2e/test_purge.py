"""A village's month grows old: what is past its term is erased under an order, and what must stay can still be traced."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.base.errors import Erased, EvidenceBroken, PurgeRefused, StoreCorrupt
from pipelines.base.settings import Where
from pipelines.run import land, purging, run_month
from pipelines.run.published import published_run, read_table
from pipelines.run.shop import open_shop
from pipelines.store.sealed import MAGIC, Opened
from pipelines.store.vault import open_vault
from tests.e2e.village import MONTH, Hedui, only, terminal, village
from tests.unit.lineage.tampering import stand_alone

pytestmark = pytest.mark.xdist_group("purge")
ORDER = ("--order", "民核销〔2029〕3号", "--by", "周科长")
AFTER_RAW, AFTER_ALL = "2028-12-01", "2031-12-01"
_NUMBER = re.compile(rb"73\d{15}[\dX]")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inbox and the home of a published month."""
    folder = tmp_path_factory.mktemp("purge")
    only(village(folder), "vehicle", "death_police", "hukou")
    run_month(MONTH, where_of(folder))
    return folder


@pytest.fixture
def folder(grown: Path, tmp_path: Path) -> Path:
    """A copy to erase from."""
    shutil.copytree(grown, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    """A terminal in the year 2032."""
    monkeypatch.setattr(purging, "now", lambda: datetime(2032, 1, 1, tzinfo=UTC))
    return terminal(monkeypatch, capsys)


def where_of(folder: Path) -> dict[str, str]:
    return {"home": str(folder / "home"), "inbox": str(folder / "inbox"), "jurisdiction": "demo"}


def households(folder: Path) -> tuple[str, str]:
    """A flagged household and one without a flag."""
    run = published_run(MONTH, where_of(folder))
    flagged = set(read_table(run, "flag")["household_id"].to_pylist())
    everybody = set(read_table(run, "household")["record_id"].to_pylist())
    return min(flagged), min(everybody - flagged)


def numbers_of(folder: Path, household: str) -> set[str]:
    members = read_table(published_run(MONTH, where_of(folder)), "household_member").to_pylist()
    return {row["id18"] for row in members if row["household_id"] == household and row["id18"]}


def readable(home: Path) -> Iterator[bytes]:
    """Whatever anybody can still read in a home with all the keys that are left in it."""
    vault = open_vault(Where.of({"home": str(home)}))
    for path in home.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield data
        if not data.startswith(MAGIC):
            continue
        for unit, state in vault.units():
            if state == "erased":
                continue
            try:
                with Opened(path, lambda unit=unit: vault.key(unit)) as file:  # type: ignore[misc]
                    found = file.read()
            except StoreCorrupt:
                continue
            yield found
            yield _plain(found)


def _plain(data: bytes) -> bytes:
    """The values of a Parquet file, or what a packed file holds."""
    if data.startswith(b"PAR1"):
        import pyarrow as pa
        import pyarrow.parquet as pq

        return json.dumps(pq.read_table(pa.BufferReader(data)).to_pylist(), default=str).encode()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else b""


def hits(home: Path, numbers: set[str]) -> int:
    return sum(data.count(number.encode()) for data in readable(home) for number in numbers)


def outside(home: Path, hedui: Hedui) -> tuple[int, str]:
    copy = home.parent / "copy.sqlite"
    copy.unlink(missing_ok=True)
    hedui("verify", "--ledger", "--copy", copy, "--home", home)
    return stand_alone("--ledger", copy, "--checkpoints", home / "checkpoints", "--home", home)


def test_no_file_of_the_lake_but_manifests_can_be_read_without_the_key(grown: Path) -> None:
    lake = grown / "home" / "lake"
    files = [path for path in lake.rglob("*") if path.is_file() and path.name != "manifest.json"]
    assert len(files) > 100
    assert all(path.read_bytes().startswith(MAGIC) for path in files)
    assert not any(_NUMBER.search(path.read_bytes()) for path in lake.rglob("*") if path.is_file())
    master = grown / "home" / "keys" / "master.key"
    assert master.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_raw_data_past_its_term_is_erased_and_flags_can_still_be_traced(
    database: str,
    tmp_path: Path,
    hedui: Hedui,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if database == "postgresql":
        monkeypatch.setenv("HEDUI_LEDGER", str(request.getfixturevalue("postgres_url")))
    only(village(tmp_path), "vehicle", "death_police", "hukou")
    run_month(MONTH, where_of(tmp_path))
    home = tmp_path / "home"
    flagged, quiet = households(tmp_path)
    run = published_run(MONTH, where_of(tmp_path))
    flag = next(
        row["record_id"] for row in read_table(run, "flag").to_pylist() if row["household_id"] == flagged
    )
    told = hedui("trace", flag, "--home", home)
    assert told[0] == 0 and "bytes" in told[1], told
    theirs, others = numbers_of(tmp_path, flagged), numbers_of(tmp_path, quiet)
    assert hits(home, others) > 0
    member = next(
        row["record_id"]
        for row in read_table(run, "household_member").to_pylist()
        if row["household_id"] == flagged
    )

    code, said = hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)

    assert code == 0, said
    assert "lake/bytes: " in said and "lake/landing: " in said and "stays (term not over): 2" in said, said
    assert hits(home, others) == 0
    assert hits(home, theirs) > 0
    assert hedui("trace", flag, "--home", home) == told
    assert hedui("subject", flagged, member, "--home", home)[0] == 0
    assert hedui("deliveries", "--home", home)[0] == 0
    code, said = hedui("verify", "--home", home)
    assert code == 0, said
    assert f"under order {ORDER[1]}" in said and "missing" not in said
    code, said = outside(home, hedui)
    assert code == 0, said
    assert f"erased under order {ORDER[1]}" in said
    code, said = hedui("trace", quiet, "--home", home)
    assert code == 44 and ORDER[1] in said
    assert "nothing was erased" in hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)[1]

    code, said = hedui("purge", "--as-of", AFTER_ALL, *ORDER, "--home", home)

    assert code == 0, said
    assert hits(home, theirs) == 0
    assert hedui("trace", flag, "--home", home)[0] == 44
    assert hedui("verify", "--home", home)[0] == 0
    assert outside(home, hedui)[0] == 0


def test_a_file_that_is_gone_without_an_order_is_missing(folder: Path, hedui: Hedui) -> None:
    home = folder / "home"
    victim = next(path for path in sorted((home / "lake" / "bytes").rglob("*")) if path.is_file())
    victim.unlink()
    code, said = hedui("verify", "--home", home)
    assert code == 37 and "missing: " in said and victim.name in said
    code, said = outside(home, hedui)
    assert code == 37 and f"missing: {victim}" in said
    with pytest.raises(EvidenceBroken, match="nothing is erased"):
        purging.purge(
            purging.Order(order_no="1", as_of=_day(AFTER_RAW), reason="r", ordered_by="b"), where_of(folder)
        )


def test_a_key_destroyed_without_an_order_is_missing_and_one_not_destroyed_is_told(
    folder: Path, hedui: Hedui
) -> None:
    home = folder / "home"
    vault = open_vault(Where.of({"home": str(home)}))
    unit = next(unit for unit, _ in vault.units() if unit.startswith("lake/landing"))
    kept = vault.path(unit).read_bytes()
    vault.destroy(unit, "nobody's")
    code, said = hedui("verify", "--home", home)
    assert code == 37 and "the ledger has no order" in said
    assert outside(home, hedui)[0] == 37
    vault.path(unit).write_bytes(kept)
    assert hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)[0] == 0
    vault.path(unit).write_bytes(kept)
    code, said = hedui("verify", "--home", home)
    assert code == 37 and f"unerased: {unit}" in said
    code, said = outside(home, hedui)
    assert code == 37 and f"unerased: {unit}" in said


def test_a_held_household_is_kept_until_it_is_let_go(folder: Path, hedui: Hedui) -> None:
    home = folder / "home"
    _, quiet = households(folder)
    numbers = numbers_of(folder, quiet)
    said = hedui("hold", "add", "--household", quiet, "--reason", "诉讼", *ORDER, "--home", home)[1]
    hold_id = said.split()[1].rstrip(".")
    assert hedui("hold", "add", "--household", "H-NONE", "--reason", "诉讼", *ORDER, "--home", home)[0] == 33
    assert hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)[0] == 0
    assert hits(home, numbers) > 0
    code, said = hedui("trace", quiet, "--home", home)
    assert code == 0, said
    code, said = hedui("purge", "--as-of", AFTER_ALL, *ORDER, "--home", home)
    assert code == 0 and "stays (held): 1" in said
    assert hits(home, numbers) > 0
    assert hedui("hold", "release", hold_id, "--by", "李法官", "--reason", "已结案", "--home", home)[0] == 0
    assert "李法官" in hedui("hold", "list", "--home", home)[1]
    assert hedui("purge", "--as-of", AFTER_ALL, *ORDER, "--home", home)[0] == 0
    assert hits(home, numbers) == 0
    assert hedui("verify", "--home", home)[0] == 0


def test_a_held_person_is_found_by_a_keyed_hash_and_the_number_stands_nowhere(
    folder: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    home = folder / "home"
    _, quiet = households(folder)
    number = min(numbers_of(folder, quiet))
    monkeypatch.setattr(sys, "stdin", io.StringIO(number + "\n"))
    assert hedui("hold", "add", "--person", "--reason", "诉讼", *ORDER, "--home", home)[0] == 0
    assert number not in hedui("hold", "list", "--home", home)[1]
    hedui("keys", "rotate", "--home", home)
    assert hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)[0] == 0
    code, said = hedui("trace", quiet, "--home", home)
    assert code == 0, said
    assert not any(number.encode() in path.read_bytes() for path in home.glob("ledger.sqlite*"))


def test_a_held_delivery_and_a_held_run_stay_whole(folder: Path, hedui: Hedui) -> None:
    home = folder / "home"
    delivery = next(row.delivery for row in open_shop(Where.of(where_of(folder))).ledger.history("vehicle"))
    hedui("hold", "add", "--delivery", delivery, "--reason", "审计", *ORDER, "--home", home)
    said = hedui("purge", "--as-of", AFTER_RAW, "--dry-run", "--home", home)[1]
    assert "stays (held): 2" in said
    run = published_run(MONTH, where_of(folder)).run_id
    hedui("hold", "add", "--run", run, "--reason", "审计", *ORDER, "--home", home)
    said = hedui("purge", "--as-of", AFTER_ALL, "--dry-run", "--home", home)[1]
    assert "lake/month" not in said and "lake/landing" not in said
    assert hedui("verify", "--run", run, "--home", home)[0] == 0


def test_an_order_needs_its_words_and_its_day(folder: Path, hedui: Hedui) -> None:
    home = folder / "home"
    assert hedui("purge", "--as-of", AFTER_RAW, "--home", home)[0] == 46
    assert hedui("purge", "--as-of", "2032-01-02", *ORDER, "--home", home)[0] == 46
    assert hedui("purge", "--as-of", "2032-01-02", "--dry-run", "--home", home)[0] == 0
    assert hedui("hold", "add", "--reason", "r", *ORDER, "--home", home)[0] == 46
    with pytest.raises(PurgeRefused):
        purging.hold("run", "R-1", " ", "r", "b", where_of(folder))


def test_what_was_erased_is_not_landed_again(folder: Path, hedui: Hedui) -> None:
    assert hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", folder / "home")[0] == 0
    delivery = next(row.delivery for row in open_shop(Where.of(where_of(folder))).ledger.history("vehicle"))
    with pytest.raises(Erased, match=re.escape(ORDER[1])):
        land(delivery, where_of(folder))


def test_a_purge_that_was_stopped_half_way_is_finished_by_the_next(
    folder: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    _, quiet = households(folder)
    numbers = numbers_of(folder, quiet)
    left = folder / "home" / "lake" / "landing" / ".unfinished.999999999"
    left.mkdir()
    (left / "vehicle.parquet").write_bytes(next(iter(numbers)).encode())
    real, calls = purging.finish, iter((1, 0))

    def stopped(shop: purging.Shop) -> None:
        if not next(calls):
            raise KeyboardInterrupt
        real(shop)

    monkeypatch.setattr(purging, "finish", stopped)
    order = purging.Order(order_no=ORDER[1], as_of=_day(AFTER_RAW), reason="r", ordered_by="b")
    with pytest.raises(KeyboardInterrupt):
        purging.purge(order, where_of(folder))
    assert "unerased: " in hedui("verify", "--home", home)[1]
    monkeypatch.setattr(purging, "finish", real)
    assert hedui("purge", "--as-of", AFTER_RAW, *ORDER, "--home", home)[0] == 0
    assert hits(home, numbers) == 0 and not left.exists()
    assert hedui("verify", "--home", home)[0] == 0


def _day(text: str) -> purging.date:
    return purging.date.fromisoformat(text)
