"""The same city twice is the same city, byte by byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import HeduiError, NotFound
from pipelines.base.ids import digest_tree
from pipelines.simulate import simulate
from pipelines.simulate.draw import stream
from tests.unit.simulate.conftest import MONTH, SEED, Month

_ALL = (".csv", ".txt", ".TXT", ".DBF", ".xlsx", ".ok", ".parquet", ".tsv", ".json", ".gz")


def test_the_same_profile_month_and_seed_give_the_same_bytes(district: Month, tmp_path: Path) -> None:
    simulate(profile="district", period=MONTH, seed=SEED, out=tmp_path)
    assert digest_tree([tmp_path], _ALL) == digest_tree([district.root], _ALL)


def test_another_seed_gives_another_city(district: Month, tmp_path: Path) -> None:
    simulate(profile="district", period=MONTH, seed=SEED + 1, out=tmp_path)
    assert digest_tree([tmp_path], _ALL) != digest_tree([district.root], _ALL)


def test_simulating_again_into_the_same_folder_leaves_nothing_of_the_first_month(tmp_path: Path) -> None:
    simulate(profile="district", period=MONTH, seed=SEED, out=tmp_path)
    simulate(profile="district", period=MONTH.shift(1), seed=SEED, out=tmp_path)
    assert not list(tmp_path.glob("inbox/dibao_rural/20261028_01"))
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "truth"}


def test_an_inbox_that_no_simulation_wrote_is_never_replaced(tmp_path: Path) -> None:
    real = tmp_path / "inbox" / "vehicle" / "real.csv"
    real.parent.mkdir(parents=True)
    real.write_text("a real delivery")
    with pytest.raises(HeduiError, match="no simulation wrote"):
        simulate(profile="district", period=MONTH, seed=SEED, out=tmp_path)
    assert real.read_text() == "a real delivery"


def test_a_profile_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="district, prefecture"):
        simulate(profile="province", period=MONTH, seed=SEED, out=tmp_path)


def test_workbooks_carry_no_clock(district: Month) -> None:
    for path in district.root.glob("inbox/*/*/*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2024, 7, 1, 9, 0, 0)}


@given(st.integers(0, 2**40), st.text(max_size=20))
def test_a_named_stream_starts_the_same_every_time(seed: int, name: str) -> None:
    assert stream(seed, name).integers(0, 2**60) == stream(seed, name).integers(0, 2**60)
