"""Batches copied through from a mounted folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.base.fetch_errors import FetchRefused, SourceUnreachable
from pipelines.run.inbox import find, read_delivery
from pipelines.sources.connectors.fetch import fetch
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import DropFolder
from tests.unit.sources.connectors.deliveries import offer, seen


def fetched(root: Path, inbox: Path, **changes: Any) -> Fetched:
    settings = DropFolder.model_validate({"kind": "drop_folder", "folder": str(root), **changes})
    return fetch(settings, source="vehicle", month="2024-06", inbox=inbox)


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "usb"


def test_a_signed_batch_comes_through_byte_for_byte_with_its_sign_off(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": "h\n䶮\n".encode("gb18030"), "b.csv": b"h\n"})
    found = fetched(usb, inbox)
    assert (found.delivery, found.files, found.rows) == ("vehicle/20240702_01", ("a.csv", "b.csv"), 3)
    for path in folder.iterdir():
        assert (inbox / "vehicle/20240702_01" / path.name).read_bytes() == path.read_bytes()


def test_batches_come_oldest_first_one_a_fetch_and_never_twice(usb: Path, inbox: Path) -> None:
    offer(usb, "20240703_01", {"a.csv": b"2\n"})
    offer(usb, "20240702_01", {"a.csv": b"1\n"})
    first, second, third = (fetched(usb, inbox) for _ in range(3))
    assert [first.delivery, second.delivery, third.delivery] == [
        "vehicle/20240702_01",
        "vehicle/20240703_01",
        None,
    ]
    assert [first.remaining, second.remaining, third.remaining] == [1, 0, 0]


def test_a_batch_with_one_unsigned_file_waits(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n", "b.csv": b"1\n"})
    (folder / "b.csv.ok").unlink()
    assert fetched(usb, inbox).delivery is None
    assert seen(inbox) == []


def test_a_file_whose_md5_is_wrong_is_carried_for_landing_to_judge(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n2\n"})
    (folder / "a.csv").write_bytes(b"1\n")
    assert fetched(usb, inbox).rows == 2
    assert (inbox / "vehicle/20240702_01/a.csv").read_bytes() == b"1\n"


def test_the_senders_suffix_becomes_ours(usb: Path, inbox: Path) -> None:
    offer(usb, "20240702_01", {"a.csv": b"1\n"}, suffix=".flg")
    fetched(usb, inbox, sign_off=".flg")
    assert seen(inbox) == ["vehicle/20240702_01/a.csv", "vehicle/20240702_01/a.csv.ok"]


def test_a_link_among_the_files_refuses_the_batch(usb: Path, inbox: Path, tmp_path: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n", "b.csv": b"1\n"})
    (tmp_path / "elsewhere").write_bytes(b"private\n")
    (folder / "b.csv").unlink()
    (folder / "b.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FetchRefused, match=r"\[b.csv\]"):
        fetched(usb, inbox)
    assert seen(inbox) == []


def test_a_linked_sign_off_refuses_the_batch(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n"})
    (folder / "a.csv.ok").rename(usb / "real")
    (folder / "a.csv.ok").symlink_to(usb / "real")
    with pytest.raises(FetchRefused):
        fetched(usb, inbox)
    assert seen(inbox) == []


def test_a_batch_folder_that_is_a_link_is_refused(usb: Path, inbox: Path, tmp_path: Path) -> None:
    offer(tmp_path / "else", "x", {"a.csv": b"1\n"})
    usb.mkdir()
    (usb / "20240702_01").symlink_to(tmp_path / "else/x")
    with pytest.raises(FetchRefused, match="20240702_01"):
        fetched(usb, inbox)


def test_a_pipe_among_the_files_neither_hangs_nor_passes(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n"})
    (folder / "a.csv").unlink()
    os.mkfifo(folder / "a.csv")
    with pytest.raises(FetchRefused, match="plain file"):
        fetched(usb, inbox)


def test_a_folder_in_a_batch_is_no_file(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n"})
    (folder / "a.csv").unlink()
    (folder / "a.csv").mkdir()
    with pytest.raises(FetchRefused, match="plain file"):
        fetched(usb, inbox)


def test_named_litter_is_left_behind(usb: Path, inbox: Path) -> None:
    folder = offer(usb, "20240702_01", {"a.csv": b"1\n"})
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    assert fetched(usb, inbox).delivery is None
    assert fetched(usb, inbox, ignore=["Thumbs.db"]).files == ("a.csv",)


def test_only_batches_of_the_month_or_the_next_are_taken_when_the_pattern_says_so(
    usb: Path, inbox: Path
) -> None:
    offer(usb, "20240402_01", {"a.csv": b"1\n"})
    offer(usb, "20240702_01", {"a.csv": b"1\n"})
    found = fetched(usb, inbox, batches=r"({month}|{next_month})\d{2}_\d{2}")
    assert (found.delivery, found.remaining) == ("vehicle/20240702_01", 0)


def test_a_senders_own_naming_is_turned_into_ours(usb: Path, inbox: Path) -> None:
    offer(usb, "车管-20240702-第3批", {"a.csv": b"1\n"})
    found = fetched(usb, inbox, batches=r"车管-(?P<day>\d{8})-第(?P<number>\d+)批")
    assert found.delivery == "vehicle/20240702_03"


def test_two_batches_that_would_have_one_name_are_refused_rather_than_one_lost(
    usb: Path, inbox: Path
) -> None:
    offer(usb, "A-20240702", {"a.csv": b"1\n"})
    offer(usb, "B-20240702", {"a.csv": b"2\n"})
    with pytest.raises(FetchRefused, match="one name"):
        fetched(usb, inbox, batches=r"[AB]-(?P<day>\d{8})")


def test_a_disk_that_is_not_mounted_is_said_so(tmp_path: Path, inbox: Path) -> None:
    with pytest.raises(SourceUnreachable, match="mounted"):
        fetched(tmp_path / "none", inbox)


def test_the_inbox_finds_and_reads_what_was_fetched(usb: Path, inbox: Path) -> None:
    offer(usb, "20240702_01", {"a.csv": b"1\n"})
    found = fetched(usb, inbox)
    assert find("vehicle", "2024-06", {"inbox": inbox}) == [found.delivery]
    file = read_delivery(str(found.delivery), inbox).files[0]
    assert file.sign_off and (b"".join(file.data.blocks()), file.sign_off.rows) == (b"1\n", 1)


def test_reading_the_settings_loads_none_of_the_connectors_libraries() -> None:
    code = (
        "import sys, pipelines.sources.connectors.settings as s; "
        "print(sorted({'httpx', 'asyncssh', 'sqlalchemy', 'cryptography'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
