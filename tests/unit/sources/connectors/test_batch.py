"""A batch is in the inbox whole or not at all."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from pipelines.base.errors import InboxNotFound
from pipelines.base.fetch_errors import FetchRefused, TransferBroken
from pipelines.s1_land.sign_off import check_md5, read_sign_off
from pipelines.sources.connectors.batch import check_name, source_inbox
from tests.unit.sources.connectors.deliveries import md5_of, seen

DAY = date(2024, 7, 5)


def test_a_batch_appears_with_its_files_and_sign_offs_and_nothing_else(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01") as batch:
        batch.put("a.json", b"[1]\n")
        batch.sign("a.json", rows=1, as_of=DAY)
    assert seen(inbox) == ["bank/20240705_01/a.json", "bank/20240705_01/a.json.ok"]


def test_our_sign_off_is_one_that_landing_accepts(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01") as batch:
        batch.put("a.json", b"[1]\n")
        batch.sign("a.json", rows=1, as_of=DAY)
    folder = inbox / "bank/20240705_01"
    signed = read_sign_off((folder / "a.json.ok").read_text(), file_name="a.json")
    check_md5(md5_of((folder / "a.json").read_bytes()), signed, place="")
    assert (signed.rows, signed.as_of) == (1, DAY)


def test_while_it_is_written_the_batch_has_no_name_a_reader_knows(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01") as batch:
        batch.put("a.json", b"[1]\n")
        entries = [entry.name for entry in (inbox / "bank").iterdir()]
    assert len(entries) == 1 and entries[0].startswith(".20240705_01.")


def test_a_failure_on_the_last_file_leaves_nothing_of_the_first(inbox: Path) -> None:
    def broken() -> None:
        with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01") as batch:
            batch.put("a.json", b"[1]\n")
            with batch.file("b.json", most_bytes=3) as file:
                file.write(b"too long")

    with pytest.raises(TransferBroken, match=r"more than the \[3\] bytes"):
        broken()
    assert list((inbox / "bank").iterdir()) == []


def test_files_and_folders_are_for_the_owner_only(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01") as batch:
        batch.put("a.json", b"[1]\n")
    folder = inbox / "bank/20240705_01"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a.json").stat().st_mode) == 0o600


def test_what_a_killed_fetch_left_is_swept_by_the_next(inbox: Path) -> None:
    left = inbox / "bank/.20240704_01.0a1b2c3d.part"
    left.mkdir(parents=True)
    (left / "a.json").write_bytes(b"[")
    with source_inbox(inbox, "bank", ".ok"):
        assert not left.exists()


def test_two_fetches_of_one_source_at_once_are_refused(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok"):
        with pytest.raises(FetchRefused, match="another fetch"), source_inbox(inbox, "bank", ".ok"):
            pass
        with source_inbox(inbox, "tax", ".ok") as other:
            assert other.folder.name == "tax"


def test_the_next_batch_of_the_day_takes_the_first_free_number(inbox: Path) -> None:
    (inbox / "bank/20240705_01").mkdir(parents=True)
    (inbox / "bank/20240705_03").mkdir()
    with source_inbox(inbox, "bank", ".ok") as held:
        assert held.next_batch(DAY) == "20240705_02"


def test_a_day_with_99_batches_is_full(inbox: Path) -> None:
    for number in range(1, 100):
        (inbox / f"bank/20240705_{number:02d}").mkdir(parents=True)
    with source_inbox(inbox, "bank", ".ok") as held, pytest.raises(FetchRefused, match="99 batches"):
        held.next_batch(DAY)


def test_a_batch_without_a_file_is_no_batch(inbox: Path) -> None:
    with source_inbox(inbox, "bank", ".ok") as held, held.batch("20240705_01"):
        pass
    assert list((inbox / "bank").iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\x00b", "a\nb", "名" * 67])
def test_a_name_with_a_path_in_it_is_refused(name: str) -> None:
    with pytest.raises(FetchRefused):
        check_name(name)


@pytest.mark.parametrize("name", ["vehicle_202406.csv", "6月 名单(新).xlsx", "名" * 66])
def test_a_plain_name_is_taken_as_it_is(name: str) -> None:
    assert check_name(name) == name


def test_a_data_file_cannot_pass_for_a_sign_off(inbox: Path) -> None:
    with (
        source_inbox(inbox, "bank", ".ok") as held,
        pytest.raises(FetchRefused),
        held.batch("20240705_01") as batch,
    ):
        batch.put("a.json.ok", b"")


def test_a_source_folder_that_is_a_link_is_refused(inbox: Path, tmp_path: Path) -> None:
    (inbox / "bank").symlink_to(tmp_path)
    with pytest.raises(FetchRefused, match="link"), source_inbox(inbox, "bank", ".ok"):
        pass


def test_a_source_name_with_a_path_in_it_is_refused(inbox: Path) -> None:
    with pytest.raises(FetchRefused), source_inbox(inbox, "../bank", ".ok"):
        pass


def test_without_an_inbox_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(InboxNotFound), source_inbox(tmp_path / "none", "bank", ".ok"):
        pass
    assert not (tmp_path / "none").exists()


def test_a_source_whose_senders_sign_nothing_off_gets_no_sign_off(inbox: Path) -> None:
    with source_inbox(inbox, "bank", "") as held, held.batch("20240705_01") as batch:
        batch.put("a.json", b"[1]\n")
        batch.sign("a.json", rows=1, as_of=DAY)
    assert seen(inbox) == ["bank/20240705_01/a.json"]
