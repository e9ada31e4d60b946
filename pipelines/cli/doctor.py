"""`hedui doctor`: is everything here that the product needs, and does what is stored still hold."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Callable, Mapping

from pipelines.base.errors import HeduiError, ToolMissing
from pipelines.base.settings import Where
from pipelines.cli.speech import DEFAULT_HOME, Home, Jurisdiction, say
from pipelines.policy import load_pack
from pipelines.run.shop import open_shop
from pipelines.s3_validate import suite_for
from pipelines.sources.spec import load_spec, source_names

_LIBRARIES = ("airflow", "duckdb", "great_expectations", "pandas", "pyarrow", "rapidfuzz", "sqlalchemy")
_FREE_BYTES = 2 << 30


def command(home: Home = DEFAULT_HOME, jurisdiction: Jurisdiction = "demo") -> None:
    """检查环境、来源定义、规则包、校验规则与台账 / check libraries, sources, packs, suites and ledger."""
    where = {"home": home, "jurisdiction": jurisdiction}
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: sys.version.split()[0]),
        *((name, _library(name)) for name in _LIBRARIES),
        ("sources", lambda: str(len([load_spec(name) for name in source_names()]))),
        (
            "suites",
            lambda: str(len([suite_for(load_spec(name), load_spec(name).table) for name in source_names()])),
        ),
        (f"pack {jurisdiction}", lambda: load_pack(jurisdiction).digest[:12]),
        ("ledger", lambda: _ledger(where)),
        ("disk", lambda: _disk(where)),
    ]
    bad = [name for name, check in checks if not _told(name, check)]
    if bad:
        raise ToolMissing(f"not in order: {bad}", remedy="see the lines above")
    say("一切就绪。", "All in order.")


def _told(name: str, check: Callable[[], str]) -> bool:
    try:
        say.plain(f"  ok   {name}: {check()}")
    except (HeduiError, ImportError) as error:
        say.plain(f"  FAIL {name}: {error}")
        return False
    return True


def _library(name: str) -> Callable[[], str]:
    return lambda: str(importlib.import_module(name).__version__)


def _ledger(where: Mapping[str, object]) -> str:
    shop = open_shop(Where.of(where))
    return f"{len(shop.ledger.publications())} publications"


def _disk(where: Mapping[str, object]) -> str:
    home = Where.of(where).home
    home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(home).free
    if free < _FREE_BYTES:
        raise ToolMissing(f"{free >> 20} MiB free", place=str(home), remedy="free at least 2 GiB")
    return f"{free >> 30} GiB free"
