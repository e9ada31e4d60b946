"""What the connector tests share: a clock nobody waits for, an inbox, secrets, people, two real servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.sources.connectors.fake_clock import FakeClock
from tests.unit.sources.connectors.registry_server import RegistryServer, serving
from tests.unit.sources.connectors.sftp_server import SftpServer


@pytest.fixture
def fake_clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def sftp_server(tmp_path: Path) -> Iterator[SftpServer]:
    root = tmp_path / "offered"
    root.mkdir()
    with SftpServer(root) as server:
        yield server


@pytest.fixture
def registry(fake_clock: FakeClock) -> Iterator[RegistryServer]:
    with serving(RegistryServer(fake_clock)) as server:
        yield server
