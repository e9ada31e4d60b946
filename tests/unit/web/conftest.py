"""One small site a test run: tests that change it make their own."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.unit.web.parts import small_site


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return small_site(tmp_path_factory.mktemp("site"))
