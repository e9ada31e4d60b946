"""Prints, as JSON, what Airflow itself reads from the DAG folder. Run in a process of its own: importing
Airflow reads the environment and sets up logging for the whole process."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions.retry_policy import RetryAction
from airflow.serialization.serialized_objects import DagSerialization

from pipelines.base import errors, fetch_errors

HEAVY = ("pandas", "numpy", "pyarrow", "duckdb", "great_expectations", "rapidfuzz")


def facts_of(folder: Path) -> dict[str, object]:
    """Import errors, every DAG with its tasks, and which heavy libraries the import pulled in."""
    bag = DagBag(folder)
    return {
        "import_errors": bag.import_errors,
        "heavy": [name for name in HEAVY if name in sys.modules],
        "dags": {dag_id: dag_facts(dag) for dag_id, dag in bag.dags.items()},
    }


def dag_facts(dag) -> dict[str, object]:  # type: ignore[no-untyped-def]
    assert DagSerialization.to_dict(dag)  # the form the scheduler keeps
    return {
        "tags": sorted(dag.tags),
        "doc": dag.doc_md or "",
        "file": Path(dag.fileloc).name,
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "schedule": type(dag.timetable).__name__,
        "cron": getattr(dag.timetable, "expression", ""),
        "waits_for": sorted(asset.uri.rstrip("/") for asset in assets_of(dag.timetable)),
        "tasks": {task.task_id: task_facts(task) for task in dag.tasks},
    }


def assets_of(timetable) -> list:  # type: ignore[no-untyped-def, type-arg]
    condition = getattr(timetable, "asset_condition", None)
    return list(condition.objects) if condition else []


def task_facts(task) -> dict[str, object]:  # type: ignore[no-untyped-def]
    return {
        "owner": task.owner,
        "retries": task.retries,
        "backs_off": bool(task.retry_exponential_backoff),
        "retry_policy": bool(task.has_retry_policy),
        "alerts": bool(task.on_failure_callback),
        "after": sorted(task.upstream_task_ids),
        "is_mapped": bool(task.is_mapped),
        "outlets": [asset.uri.rstrip("/") for asset in task.outlets],
        "trigger_rule": task.trigger_rule.value,
        "tried_again_for": tried_again_for(task),
    }


def tried_again_for(task) -> list[str]:  # type: ignore[no-untyped-def]
    """The causes of the product's own errors after which the task is tried again."""
    policy = getattr(task, "retry_policy", None)
    named = {**vars(errors), **vars(fetch_errors)}.values()
    causes = {kind for kind in named if isinstance(kind, type) and issubclass(kind, errors.HeduiError)}
    if policy is None:
        return []
    return sorted(
        kind.__name__ for kind in causes if policy.evaluate(kind("x"), 1, 5).action is RetryAction.RETRY
    )


if __name__ == "__main__":
    found = facts_of(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(found, default=str), encoding="utf-8")
