"""A real browser over the site's files. Without one these tests fail: a page nobody opened is not tested."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from pipelines.s7_report import report
from tests.unit.s7_report.tables import MONTH, month
from tests.unit.web.parts import small_site

_NEEDED = "no browser: install Debian's `chromium` and `fonts-noto-cjk`, or set HEDUI_CHROMIUM to a Chromium"
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]


def chromium_path() -> str:
    """HEDUI_CHROMIUM, or the chromium on the path; a failure that names what to install otherwise."""
    named = os.environ.get("HEDUI_CHROMIUM", "")
    found = (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if not found or not Path(found).exists():
        pytest.fail(_NEEDED, pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small month, written out as a person would open it."""
    root = tmp_path_factory.mktemp("site")
    for path, body in report(data=month(), period=MONTH).documents.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return root


@dataclass(frozen=True, kw_only=True)
class Served:
    """The review site answering on this machine."""

    app: Flask
    url: str


@contextmanager
def serve(home: Path) -> Iterator[Served]:
    """The review site over the small month, five cases a page."""
    app = small_site(home, page_rows=5)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(app=app, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One site for all who only read it."""
    with serve(tmp_path_factory.mktemp("review")) as opened:
        yield opened
