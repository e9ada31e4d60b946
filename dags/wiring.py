"""What every DAG shares: the sources with their assets and calendar, the owner, the retries and the alert."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from airflow.sdk import Asset, CronPartitionTimetable, ExceptionRetryPolicy, PartitionedAtRuntime
from airflow.sdk.definitions.retry_policy import RetryAction, RetryRule

from dags.alerts import record_failure
from dags.asked import PLACES, TIMEZONE

# Parameters left None: the month of the partition, the places of the environment.
ONE_AT_A_TIME: dict[str, Any] = {
    "params": dict.fromkeys(("month", *PLACES)),
    "max_active_runs": 1,
    "catchup": False,
}

# The texts only: pipelines.sources.spec imports Arrow, which is too heavy for a parse every few minutes.
OWN = Path(os.environ.get("HEDUI_SOURCES") or "/nonexistent")  # a city's own sources and connectors
_YAMLS = [*OWN.glob("*.yaml"), *(Path(__file__).parents[1] / "pipelines" / "sources").glob("*.yaml")]
SOURCES: dict[str, dict[str, Any]] = {
    name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, path in sorted({path.stem: path for path in _YAMLS}.items())
}

# A cause the product names does not heal by waiting; an unreachable ledger or a lost worker may.
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule([f"pipelines.base.errors.{name}" for name in ("LedgerUnavailable", "ProgramFault")]),
        RetryRule("pipelines.base.errors.HeduiError", RetryAction.FAIL),
    ]
)
DEFAULT_ARGS: dict[str, Any] = {
    "owner": "data-engineering",
    "retries": 2,
    "retry_delay": timedelta(seconds=15),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": record_failure,
}


def asset(source: str) -> Asset:
    """What a source offers; its partitions are months."""
    return Asset(name=f"hedui_{source}", uri=f"hedui://{source}", group="landed")


def calendar(cron: str) -> Any:
    """One run a tick and one partition a month; none by clock while the cockpit runs a single month."""
    if os.environ.get("HEDUI_SCHEDULES") == "off":
        return PartitionedAtRuntime()
    return CronPartitionTimetable(cron, timezone=TIMEZONE, key_format="%Y-%m")
