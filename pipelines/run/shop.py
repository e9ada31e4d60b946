"""What every step of the shell needs: the lake, the ledger, and the digests of the code that does the work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipelines.base.ids import digest_file, digest_parts, digest_tree
from pipelines.base.scratch import keep_in
from pipelines.base.settings import Where
from pipelines.reference import EXPECTATIONS_ROOT, ROOT, SQL_ROOT
from pipelines.store.lake import Lake
from pipelines.store.ledger import Ledger
from pipelines.store.vault import open_vault

_CODE = (".py", ".yaml", ".sql", ".json", ".csv", ".parquet", ".j2", ".po", ".css")
_LANDING = ("base", "contracts", "reference", "s1_land", "s2_standardise", "s3_validate")
_MONTH = (
    "base",
    "contracts",
    "reference",
    "policy",
    "run",
    "s4_link",
    "s5_assess",
    "s6_flag",
    "wording",
    "s7_report",
)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """An open lake and ledger at the places of a run."""

    where: Where
    lake: Lake
    reports: Lake  # documents people open: <home>/reports/<jurisdiction>/<month>/<run>/index.html
    ledger: Ledger


def open_shop(where: Where) -> Shop:
    """The lake and ledger of these places; a ledger is opened once a process."""
    keep_in(where.home)
    return Shop(
        where=where,
        lake=Lake(where.lake_root, open_vault(where)),
        reports=Lake(where.home / "reports"),
        ledger=_ledger(where.ledger),
    )


@cache
def _ledger(url: str) -> Ledger:
    return Ledger(url)


@cache
def landing_code() -> str:
    """Digest of the code and suites that decide what a landing yields.

    A source's own YAML and suite stand in its spec_digest; how its deliveries are fetched decides nothing.
    """
    reading = digest_tree(
        [*(ROOT / "pipelines" / name for name in _LANDING), EXPECTATIONS_ROOT / "canonical"], _CODE
    )
    sources = sorted((ROOT / "pipelines" / "sources").glob("*.py"))
    return digest_parts([reading, *(part for path in sources for part in (path.name, digest_file(path)))])


@cache
def month_code() -> str:
    """Digest of the code and data that decide what a month's run yields."""
    roots = [*(ROOT / "pipelines" / name for name in _MONTH), SQL_ROOT / "transforms"]
    return digest_tree([*roots, EXPECTATIONS_ROOT / "linked", EXPECTATIONS_ROOT / "assessed"], _CODE)
