"""Shared parts of the tests: telemetry off, a PostgreSQL of our own, a demo city."""

from __future__ import annotations

import os

os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
os.environ.setdefault("SCARF_ANALYTICS", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")

pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.city"]
