"""Batches over SFTP, from a real server on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncssh
import pytest

from pipelines.base.errors import SecretUnsafe, SpecInvalid
from pipelines.base.fetch_errors import (
    AccessDenied,
    FetchRefused,
    HostKeyWrong,
    SourceUnreachable,
    TransferBroken,
)
from pipelines.sources.connectors.fetch import fetch
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import Sftp
from tests.unit.sources.connectors.deliveries import offer, secret, seen
from tests.unit.sources.connectors.sftp_server import PASSWORD, USER, SftpServer

LARGE = b"0123456789abcdef\n" * 200_000  # 3.4 MB: several reads


def fetched(server: SftpServer, inbox: Path, **changes: Any) -> Fetched:
    password = inbox.parent / "password"
    if not password.exists():
        secret(inbox.parent, PASSWORD.encode() + b"\n", name="password")
    stated: dict[str, Any] = {
        "kind": "sftp",
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "folder": "/",
        "host_keys": [server.public_key],
        "secret_file": str(password),
        "seconds_to_connect": 5,
    }
    stated = {key: value for key, value in {**stated, **changes}.items() if value is not None}
    return fetch(Sftp.model_validate(stated), source="vehicle", month="2024-06", inbox=inbox)


def test_a_batch_comes_byte_for_byte_with_the_senders_sign_off(sftp_server: SftpServer, inbox: Path) -> None:
    folder = offer(sftp_server.root, "20240702_01", {"a.csv": LARGE, "b.csv": b"", "名单.csv": b"1\n"})
    found = fetched(sftp_server, inbox)
    assert found.files == ("a.csv", "b.csv", "名单.csv")
    assert (found.delivery, found.rows, found.requests) == ("vehicle/20240702_01", 200_001, 6)
    for path in folder.iterdir():
        assert (inbox / "vehicle/20240702_01" / path.name).read_bytes() == path.read_bytes()


def test_a_batch_that_is_here_is_not_read_again(sftp_server: SftpServer, inbox: Path) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"})
    fetched(sftp_server, inbox)
    reads = sftp_server.reads
    assert fetched(sftp_server, inbox).delivery is None
    assert sftp_server.reads == reads


def test_batches_come_oldest_first_and_an_unsigned_one_waits(sftp_server: SftpServer, inbox: Path) -> None:
    offer(sftp_server.root, "20240704_01", {"a.csv": b"3\n"})
    offer(sftp_server.root, "20240703_01", {"a.csv": b"2\n"})
    (offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"}) / "a.csv.ok").unlink()
    found = fetched(sftp_server, inbox)
    assert (found.delivery, found.remaining) == ("vehicle/20240703_01", 1)


def test_a_key_file_opens_as_well_as_a_password(sftp_server: SftpServer, inbox: Path, tmp_path: Path) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"})
    key = secret(tmp_path, sftp_server.client_key.export_private_key(), name="key")
    assert fetched(sftp_server, inbox, key_file=str(key), secret_file=None).rows == 1


def test_a_key_under_a_passphrase_is_refused_by_name(
    sftp_server: SftpServer, inbox: Path, tmp_path: Path
) -> None:
    locked = sftp_server.client_key.export_private_key("pkcs8-pem", passphrase=PASSWORD)
    key = secret(tmp_path, locked, name="key")
    with pytest.raises(SecretUnsafe, match=r"\[.*key\] .* passphrase"):
        fetched(sftp_server, inbox, key_file=str(key), secret_file=None)


def test_another_host_key_is_refused_before_the_password_is_shown(
    sftp_server: SftpServer, inbox: Path
) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"})
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(HostKeyWrong, match="host_keys") as refusal:
        fetched(sftp_server, inbox, host_keys=[other])
    assert PASSWORD not in str(refusal.value)
    assert (refusal.value.exit_code, seen(inbox)) == (71, [])


def test_while_a_key_changes_two_are_known(sftp_server: SftpServer, inbox: Path) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"})
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    assert fetched(sftp_server, inbox, host_keys=[other, sftp_server.public_key]).rows == 1


def test_what_is_no_host_key_is_a_fault_of_the_yaml(sftp_server: SftpServer, inbox: Path) -> None:
    with pytest.raises(SpecInvalid, match="host_keys"):
        fetched(sftp_server, inbox, host_keys=["not a key"])


def test_a_wrong_password_is_access_denied(sftp_server: SftpServer, inbox: Path) -> None:
    secret(inbox.parent, b"wrong", name="password")
    with pytest.raises(AccessDenied) as refusal:
        fetched(sftp_server, inbox)
    assert "wrong" not in str(refusal.value)


def test_a_password_that_others_can_read_is_not_used(sftp_server: SftpServer, inbox: Path) -> None:
    secret(inbox.parent, PASSWORD.encode(), name="password", mode=0o644)
    with pytest.raises(SecretUnsafe, match="mode 644"):
        fetched(sftp_server, inbox)


@pytest.mark.parametrize("after", [0, 1, 1_000_000, 3_000_000])
def test_a_connection_lost_in_the_middle_leaves_nothing(
    sftp_server: SftpServer, inbox: Path, after: int
) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n" if after <= 1 else b"", "b.csv": LARGE})
    sftp_server.breaks_after = after
    with pytest.raises(TransferBroken):
        fetched(sftp_server, inbox)
    assert list((inbox / "vehicle").iterdir()) == []


def test_after_a_broken_transfer_the_next_one_begins_anew_and_is_whole(
    sftp_server: SftpServer, inbox: Path
) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": LARGE})
    sftp_server.breaks_after = 1_000_000
    with pytest.raises(TransferBroken):
        fetched(sftp_server, inbox)
    sftp_server.breaks_after = None
    fetched(sftp_server, inbox)
    assert (inbox / "vehicle/20240702_01/a.csv").read_bytes() == LARGE


def test_fewer_bytes_than_the_server_states_leave_nothing(sftp_server: SftpServer, inbox: Path) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n"})
    sftp_server.short_by = 5
    with pytest.raises(TransferBroken, match=r"\[2\] bytes came, the server states \[7\]"):
        fetched(sftp_server, inbox)
    assert list((inbox / "vehicle").iterdir()) == []


def test_a_file_larger_than_allowed_leaves_nothing(sftp_server: SftpServer, inbox: Path) -> None:
    offer(sftp_server.root, "20240702_01", {"a.csv": LARGE})
    with pytest.raises(TransferBroken, match="more than"):
        fetched(sftp_server, inbox, most_bytes=1000)
    assert list((inbox / "vehicle").iterdir()) == []


def test_a_link_on_the_server_is_refused(sftp_server: SftpServer, inbox: Path) -> None:
    folder = offer(sftp_server.root, "20240702_01", {"a.csv": b"1\n", "b.csv": b"1\n"})
    (folder / "b.csv").unlink()
    (folder / "b.csv").symlink_to("a.csv")
    with pytest.raises(FetchRefused, match="link"):
        fetched(sftp_server, inbox)
    assert list((inbox / "vehicle").iterdir()) == []


def test_a_folder_that_is_not_there_is_told_as_such(sftp_server: SftpServer, inbox: Path) -> None:
    with pytest.raises(TransferBroken, match="SFTPNoSuchFile"):
        fetched(sftp_server, inbox, folder="/elsewhere")


def test_a_server_that_is_not_there_is_unreachable(sftp_server: SftpServer, inbox: Path) -> None:
    with pytest.raises(SourceUnreachable):
        fetched(sftp_server, inbox, port=1)
