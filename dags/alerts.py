"""One line of alerts.jsonl per failed task: a plain sentence in both languages, without personal data.

Only the texts of our own errors are copied (they carry codes and counts); any other exception may quote a
row, so its class name stands for it and its text stays in the task's log.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from pipelines.base.errors import HeduiError
from pipelines.base.period import now


def record_failure(context: Any) -> None:
    """Airflow calls this when a task has failed for good."""
    task = context["task_instance"]
    run = context["dag_run"]
    params = context.get("params") or {}
    month = params.get("month") or run.partition_key or ""
    cause, text = cause_of(context.get("exception"))
    index = task.map_index if task.map_index >= 0 else None
    line = {
        "at": now().isoformat(timespec="seconds"),
        "dag_id": task.dag_id,
        "task_id": task.task_id,
        "map_index": index,
        "run_id": run.run_id,
        "month": month,
        "cause": cause,
        "sentence_zh": f"{month} 的 {task.dag_id} 在「{task.task_id}」一步没有完成。{text}",
        "sentence": f"{task.dag_id} for {month} did not finish [{task.task_id}]. {text}",
    }
    append(Path(params.get("home") or os.environ.get("HEDUI_HOME") or "var"), line)


def cause_of(error: object) -> tuple[str, str]:
    """The name of the cause and what may be told of it."""
    if isinstance(error, HeduiError):
        return error.cause, " ".join(str(error).split())
    name = type(error).__name__ if isinstance(error, BaseException) else "TaskLost"
    return name, f"{name}: not an error of the data; its text is in the task's log."


def append(home: Path, line: dict[str, Any]) -> None:
    """One write of one line, so that tasks failing together do not mix theirs; readable by the owner only."""
    home.mkdir(parents=True, exist_ok=True)
    file = os.open(home / "alerts.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
    finally:
        os.close(file)
