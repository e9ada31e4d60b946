"""One month through the real DAGs: boot, land every source, wait for the cross-check, stop everything."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.base.errors import AirflowFailed
from pipelines.base.period import Period, now
from pipelines.cockpit.boot import CROSS_CHECK, Progress, booted, landing_dag
from pipelines.cockpit.children import Children
from pipelines.cockpit.client import Client
from pipelines.cockpit.place import Place, prepare
from pipelines.sources.spec import source_names

_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 10.0  # from the last landing to the cross-check that its assets start
_ENDED = ("success", "failed")


@dataclass(frozen=True, kw_only=True)
class DagRun:
    """How one DAG run ended."""

    dag_id: str
    run_id: str
    state: str
    seconds: float
    tasks: int


@dataclass(frozen=True, kw_only=True)
class CockpitResult:
    """One month in Airflow. `boot_seconds` is the part of `seconds` before the first DAG run."""

    month: str
    runs: tuple[DagRun, ...]
    tasks: int
    boot_seconds: float
    seconds: float
    log_folder: Path


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """What is looked at again and again while the month runs."""

    children: Children
    client: Client
    month: str
    since: str
    progress: Progress

    def runs(self, dag_ids: list[str]) -> list[dict[str, Any]]:
        return [
            run for run in self.client.runs(dag_ids, self.since) if run["partition_key"] == self.month
        ]

    def wait(self, dag_ids: list[str], run_ids: set[str]) -> list[dict[str, Any]]:
        """Until these runs have ended; tells the finished tasks meanwhile."""
        while True:
            self.children.check()
            runs = [run for run in self.runs(dag_ids) if run["dag_run_id"] in run_ids]
            self._tell(run_ids)
            if runs and all(run["state"] in _ENDED for run in runs):
                return runs
            time.sleep(_POLL_SECONDS)

    def _tell(self, run_ids: set[str]) -> None:
        tasks = self.client.tasks(sorted(run_ids))
        running = sorted({f"{task['dag_id']}.{task['task_id']}" for task in tasks if task["state"] == "running"})
        done = sum(task["state"] in ("success", "skipped") for task in tasks)
        self.progress(running[0] if running else "waiting", done, len(tasks))


def run_month(
    *, month: str, where: Mapping[str, str], port: int | None, progress: Progress
) -> CockpitResult:
    """Runs the month in the embedded Airflow of this home; AirflowFailed names what failed and its log."""
    Period.parse(month)
    place = prepare(where, port)
    began = time.monotonic()
    with booted(place, by_clock=False, progress=progress) as (children, client):
        boot_seconds = time.monotonic() - began
        since = now().isoformat()
        watch = _Watch(children=children, client=client, month=month, since=since, progress=progress)
        landed = land_all(watch, place)
        refuse_failures(place, client, landed)
        checked = cross_check(watch, place, landed)
        refuse_failures(place, client, checked)
        tasks = client.tasks(sorted({run["dag_run_id"] for run in [*landed, *checked]}))
    return CockpitResult(
        month=month,
        runs=tuple(_told(run, tasks) for run in [*landed, *checked]),
        tasks=len(tasks),
        boot_seconds=round(boot_seconds, 1),
        seconds=round(time.monotonic() - began, 1),
        log_folder=place.folder / "logs",
    )


def land_all(watch: _Watch, place: Place) -> list[dict[str, Any]]:
    """Starts every landing DAG and waits for all."""
    dag_ids = [landing_dag(source) for source in source_names()]
    run_ids = {watch.client.trigger(dag_id, watch.month, conf(place)) for dag_id in dag_ids}
    return watch.wait(dag_ids, run_ids)


def cross_check(watch: _Watch, place: Place, landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Waits for the run that the assets start. Started too early (an older attempt had left the other assets
    pending) or not at all, it is started by hand: it takes what is landed, and runs twice with one result."""
    settled = [task["end_date"] for task in _tasks_of(watch, landed) if task["task_id"] == "settle"]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        late = {run["dag_run_id"] for run in watch.runs([CROSS_CHECK]) if run["run_after"] >= max(settled)}
        if late:
            return watch.wait([CROSS_CHECK], late)
        time.sleep(_POLL_SECONDS)
    started = watch.client.trigger(CROSS_CHECK, watch.month, conf(place))
    return watch.wait([CROSS_CHECK], {started})


def refuse_failures(place: Place, client: Client, runs: list[dict[str, Any]]) -> None:
    """Raises for the first task that failed, in the order of the flow."""
    failed_runs = [run["dag_run_id"] for run in runs if run["state"] == "failed"]
    if not failed_runs:
        return
    failed = [task for task in client.tasks(failed_runs) if task["state"] == "failed"]
    names = ", ".join(sorted({f"{task['dag_id']}.{task['task_id']}" for task in failed}))
    log = log_of(place, failed[0]) if failed else place.folder / "logs"
    raise AirflowFailed(
        f"failed: [{names or failed_runs}]",
        place=str(log),
        remedy=f"the sentence for each is in {place.home / 'alerts.jsonl'}",
    )


def log_of(place: Place, task: dict[str, Any]) -> Path:
    """The log file of a task's last attempt, as Airflow names it."""
    folder = place.folder / "logs" / "tasks" / f"dag_id={task['dag_id']}" / f"run_id={task['dag_run_id']}"
    folder = folder / f"task_id={task['task_id']}"
    if task["map_index"] >= 0:
        folder = folder / f"map_index={task['map_index']}"
    return folder / f"attempt={task['try_number']}.log"


def conf(place: Place) -> dict[str, str]:
    """The places, written into the run so that its page shows them; the ledger's address may hold a password."""
    names = {"HEDUI_HOME": "home", "HEDUI_INBOX": "inbox", "HEDUI_JURISDICTION": "jurisdiction"}
    return {key: place.data[name] for name, key in names.items() if name in place.data}


def _tasks_of(watch: _Watch, runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return watch.client.tasks(sorted({run["dag_run_id"] for run in runs}))


def _told(run: dict[str, Any], tasks: list[dict[str, Any]]) -> DagRun:
    own = [t for t in tasks if t["dag_id"] == run["dag_id"] and t["dag_run_id"] == run["dag_run_id"]]
    return DagRun(
        dag_id=run["dag_id"],
        run_id=run["dag_run_id"],
        state=run["state"],
        seconds=round(float(run["duration"] or 0), 1),
        tasks=len(own),
    )
