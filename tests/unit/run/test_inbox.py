"""The drop folder."""

from pathlib import Path

import pytest

from pipelines.base.errors import InboxNotFound, NotFound
from pipelines.run.inbox import find, read_delivery, unread
from tests.unit.run.parts import drop, vehicle_file


def test_only_complete_batches_in_the_months_window_are_found(tmp_path: Path) -> None:
    for batch in ("20261006_01", "20261115_01", "20261116_01", "20250930_01", "20251001_01"):
        drop(tmp_path, "vehicle", batch, *vehicle_file(2))
    drop(tmp_path, "vehicle", "20261007_01", *vehicle_file(2))
    (tmp_path / "vehicle/20261007_01/VEH_FULL_20261006.csv.ok").unlink()
    assert find("vehicle", "2026-10", {"inbox": tmp_path}) == [
        "vehicle/20251001_01",
        "vehicle/20261006_01",
        "vehicle/20261115_01",
    ]


def test_what_nobody_reads_is_told(tmp_path: Path) -> None:
    drop(tmp_path, "vehicle", "20261006_01", *vehicle_file(1))
    (tmp_path / "vehicle/20261006_01/VEH_FULL_20261006.csv.ok").unlink()
    (tmp_path / "vehicle/2026-10-06").mkdir()
    (tmp_path / "boats").mkdir()
    (tmp_path / "README.md").write_text("x")
    assert unread({"inbox": tmp_path}) == [
        "boats/ (no source of this name)",
        "vehicle/2026-10-06 (not a batch folder yyyymmdd_nn)",
        "vehicle/20261006_01 (sign-off missing: not complete)",
    ]


def test_an_inbox_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InboxNotFound, match="check the path"):
        find("vehicle", "2026-10", {"inbox": tmp_path / "none"})


def test_a_delivery_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="vehicle/20261006_01"):
        read_delivery("vehicle/20261006_01", tmp_path)
