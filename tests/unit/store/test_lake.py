"""The lake: whole or not at all, checked before every read."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.base.errors import ContractBroken, NotFound, StoreCorrupt
from pipelines.contracts.quality import UNHANDLED
from pipelines.store.lake import Lake


def rows(count: int) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "record_id": f"r{n}",
                "source": "s",
                "delivery": "s/b",
                "file_name": "f",
                "column": "c",
                "value": f"v{n:05d}",
                "rows": n,
                "derived_from": [],
            }
            for n in range(count)
        ],
        schema=UNHANDLED.schema,
    )


def test_what_was_written_is_what_is_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write("a/b", {"unhandled": rows(5)}, {"from": "x"})
    assert lake.read("a/b", "unhandled").equals(rows(5))
    assert lake.manifest("a/b").made_from == {"from": "x"}


def test_shuffled_rows_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = Lake(tmp_path / "1"), Lake(tmp_path / "2")
    table = rows(200)
    first = one.write("p", {"unhandled": table}, {})
    second = other.write("p", {"unhandled": table.take(list(range(199, -1, -1)))}, {})
    assert first.digest == second.digest


def test_writing_again_keeps_the_first(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first = lake.write("p", {"unhandled": rows(1)}, {})
    assert lake.write("p", {"unhandled": rows(2)}, {}).digest == first.digest
    assert lake.read("p", "unhandled").num_rows == 1


def test_a_table_that_breaks_its_contract_leaves_nothing_readable(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(ContractBroken):
        lake.write("p", {"unhandled": rows(2).drop_columns("rows")}, {})
    assert not lake.exists("p")


def test_the_loser_of_a_race_takes_over_the_winners_partition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, rival = Lake(tmp_path), Lake(tmp_path)
    asked = iter([False])
    monkeypatch.setattr(
        lake, "exists", lambda partition: next(asked, None) is not False and Lake.exists(lake, partition)
    )
    won = rival.write("p", {"unhandled": rows(3)}, {})
    assert lake.write("p", {"unhandled": rows(3)}, {}).digest == won.digest
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_is_never_read_as_data(place: int, bit: int, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    lake.write("p", {"unhandled": rows(50)}, {})
    path = tmp_path / "lake" / "p" / "unhandled.parquet"
    sound = path.read_bytes()
    broken = bytearray(sound)
    broken[place % len(sound)] ^= 1 << bit
    path.write_bytes(broken)
    with pytest.raises(StoreCorrupt, match="restore the file from backup"):
        lake.read("p", "unhandled")
    path.write_bytes(sound)


def test_a_table_may_come_in_parts_that_follow_each_other(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    writer = lake.writer("p")
    for number in (1, 2, 3):
        writer.add("unhandled", rows(4).slice(number, 1))
    manifest = writer.finish({})
    assert manifest.files["unhandled.parquet"]["rows"] == 3
    assert lake.read("p", "unhandled", ["value"])["value"].to_pylist() == ["v00001", "v00002", "v00003"]


def test_a_part_out_of_order_is_refused_and_a_discarded_partition_leaves_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    writer = lake.writer("p")
    writer.add("unhandled", rows(2).slice(1))
    with pytest.raises(ContractBroken, match="does not follow"):
        writer.add("unhandled", rows(1))
    writer.discard()
    assert not lake.exists("p") and list(tmp_path.iterdir()) == []


def test_delivered_bytes_are_kept_once_and_checked(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    delivered = tmp_path / "VEH.csv"
    delivered.write_bytes(b"abc")
    digest = lake.put_file(delivered)
    assert lake.put_file(delivered) == digest
    assert lake.get_bytes(digest) == b"abc"
    (tmp_path / "bytes" / digest[:2] / digest).write_bytes(b"abd")
    with pytest.raises(StoreCorrupt):
        lake.get_bytes(digest)
    with pytest.raises(NotFound):
        lake.get_bytes("0" * 64)
