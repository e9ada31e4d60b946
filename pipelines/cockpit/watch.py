"""Looking at DAG runs until they end, telling the progress, and naming what failed."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.base.errors import AirflowFailed
from pipelines.cockpit.boot import Progress
from pipelines.cockpit.children import Children
from pipelines.cockpit.client import Client
from pipelines.cockpit.place import Place

_POLL_SECONDS = 0.5
_DONE = ("success", "skipped")
_ENDED = ("success", "failed")


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One attempt: everything due since it began."""

    children: Children
    client: Client
    place: Place
    since: str
    progress: Progress

    def until_ended(self, run_ids: set[str]) -> list[dict[str, Any]]:
        """The runs when all have ended; AirflowFailed when one of them did not succeed."""
        while True:
            self.children.check()
            runs = [run for run in self.client.runs(self.since) if run["dag_run_id"] in run_ids]
            tasks = [task for task in self.client.tasks(self.since) if task["dag_run_id"] in run_ids]
            self._tell(tasks)
            if len(runs) == len(run_ids) and all(run["state"] in _ENDED for run in runs):
                break
            self.pause()
        if any(run["state"] == "failed" for run in runs):
            raise failure(self.place, tasks)
        return runs

    def pause(self) -> None:
        time.sleep(_POLL_SECONDS)

    def _tell(self, tasks: list[dict[str, Any]]) -> None:
        running = sorted(
            f"{task['dag_id']}.{task['task_id']}" for task in tasks if task["state"] == "running"
        )
        self.progress(
            running[0] if running else "scheduling", sum(task["state"] in _DONE for task in tasks), len(tasks)
        )


def failure(place: Place, tasks: list[dict[str, Any]]) -> AirflowFailed:
    """Names every task that failed and the log of the first, and repeats its alert's sentence."""
    failed = sorted((t for t in tasks if t["state"] == "failed"), key=lambda t: str(t["end_date"]))
    names = dict.fromkeys(f"{task['dag_id']}.{task['task_id']}" for task in failed)
    if not failed:
        return AirflowFailed("a DAG run failed without a failed task", place=str(place.folder / "logs"))
    return AirflowFailed(
        f"failed: [{', '.join(names)}]. {sentence_of(place, failed[0])}",
        place=str(log_of(place, failed[0])),
        remedy=f"the sentences of all are in {place.home / 'alerts.jsonl'}",
    )


def sentence_of(place: Place, task: dict[str, Any]) -> str:
    """What the failure callback wrote about a task; empty when the task was lost before it could."""
    path = place.home / "alerts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    alerts = [json.loads(line) for line in lines]
    key = (task["dag_run_id"], task["task_id"])
    return next((str(a["sentence"]) for a in alerts if (a["run_id"], a["task_id"]) == key), "")


def log_of(place: Place, task: dict[str, Any]) -> Path:
    """The log file of a task's last attempt, as Airflow names it."""
    folder = place.folder / "logs" / "tasks" / f"dag_id={task['dag_id']}" / f"run_id={task['dag_run_id']}"
    folder = folder / f"task_id={task['task_id']}"
    if task["map_index"] >= 0:
        folder = folder / f"map_index={task['map_index']}"
    return folder / f"attempt={task['try_number']}.log"
