"""Secrets come from files only their owner can read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.base.errors import SecretUnsafe
from pipelines.base.secret import read_secret, read_secret_text
from tests.unit.sources.connectors.deliveries import secret


def test_a_secret_is_its_file_without_the_last_line_end(tmp_path: Path) -> None:
    assert read_secret(secret(tmp_path, b" top secret \r\n")) == b" top secret "


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_read_write_or_run_is_refused(tmp_path: Path, mode: int) -> None:
    path = secret(tmp_path, b"top secret", mode=mode)
    with pytest.raises(SecretUnsafe, match=f"mode {mode:o}") as refusal:
        read_secret(path)
    assert "top secret" not in str(refusal.value)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_the_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    assert read_secret(secret(tmp_path, b"s", mode=mode)) == b"s"


def test_a_link_is_judged_by_what_it_leads_to(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(secret(tmp_path, b"s", mode=0o644))
    with pytest.raises(SecretUnsafe):
        read_secret(link)
    secret(tmp_path, b"s", mode=0o600)
    assert read_secret(link) == b"s"


def test_an_empty_or_missing_file_a_folder_and_a_pipe_are_no_secrets(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (secret(tmp_path, b"\n"), tmp_path / "none", tmp_path, tmp_path / "pipe"):
        with pytest.raises(SecretUnsafe):
            read_secret(path)


def test_a_password_that_is_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretUnsafe, match="UTF-8"):
        read_secret_text(secret(tmp_path, b"\xff\xfe"))
