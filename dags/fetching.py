"""The fetch before a landing: only for a source with a connector, and tried again while its server may heal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, task
from airflow.sdk.definitions.retry_policy import RetryRule

from dags import asked, wiring

# Login, secret, authorisation, quota and a broken answer do not heal by asking again.
_MAY_HEAL = ("SourceUnreachable", "TransferBroken", "AnswerUnstable")
_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule([f"pipelines.base.fetch_errors.{name}" for name in _MAY_HEAL]),
        *wiring.RETRY_POLICY.rules,
    ]
)


def before(source: str, found: Any) -> None:
    """Put the fetch before `found`, where a connector is declared: in the source's YAML or by the city."""
    if "connector" in wiring.SOURCES[source] or (wiring.OWN / "connectors" / f"{source}.yaml").is_file():
        _fetch(source) >> found


def _fetch(source: str) -> Any:
    """The task reads the settings itself: what the city writes after the parse counts."""

    @task(task_id="fetch", retries=5, retry_delay=timedelta(minutes=1), retry_policy=_POLICY)
    def call(**context: Any) -> Any:
        from pipelines import run

        return run.bring(source, asked.month(context), asked.where(context))

    return call()
