"""One month through the real DAGs: boot, land every source, wait for the cross-check, stop everything."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.base.period import Period, now
from pipelines.cockpit.boot import CROSS_CHECK, Progress, booted, landing_dag
from pipelines.cockpit.place import conf, prepare
from pipelines.cockpit.watch import Watch
from pipelines.sources.spec import source_names

_PATIENCE_SECONDS = 10.0  # from the last landing to the cross-check that its assets start
_HEAD_START_SECONDS = 1.5  # all runs are asked for before the first starts: see client.py


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


def run_month(
    *, month: str, where: Mapping[str, object], port: int | None, progress: Progress
) -> CockpitResult:
    """Runs the month in the embedded Airflow of this home; AirflowFailed names what failed and its log."""
    Period.parse(month)
    place = prepare(where, port)
    began = time.monotonic()
    with booted(place, by_clock=False, progress=progress) as (children, client):
        boot_seconds = time.monotonic() - began
        since = now().isoformat()
        watch = Watch(children=children, client=client, place=place, since=since, progress=progress)
        landed = land_all(watch, month)
        checked = cross_check(watch, month, landed)
        tasks = client.tasks(since)
    ended = [_told(run, tasks) for run in [*landed, *checked]]
    return CockpitResult(
        month=month,
        runs=tuple(ended),
        tasks=sum(run.tasks for run in ended),
        boot_seconds=round(boot_seconds, 1),
        seconds=round(time.monotonic() - began, 1),
        log_folder=place.folder / "logs",
    )


def land_all(watch: Watch, month: str) -> list[dict[str, Any]]:
    """Starts every landing DAG and waits for all."""
    places = conf(watch.place)
    started = {
        watch.client.trigger(landing_dag(source), month, places, after_seconds=_HEAD_START_SECONDS)
        for source in source_names()
    }
    return watch.until_ended(started)


def cross_check(watch: Watch, month: str, landed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Waits for the run that the assets start. Started too early (an older attempt had left the other assets
    pending) or not at all, it is started by hand: it takes what is landed, and runs twice with one result."""
    landed_ids = {run["dag_run_id"] for run in landed}
    settles = [task for task in watch.client.tasks(watch.since) if task["task_id"] == "settle"]
    settled = max(_moment(task["end_date"]) for task in settles if task["dag_run_id"] in landed_ids)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        runs = [run for run in watch.client.runs(watch.since) if run["dag_id"] == CROSS_CHECK]
        due = {
            r["dag_run_id"]
            for r in runs
            if r["partition_key"] == month and _moment(r["run_after"]) >= settled
        }
        if due:
            return watch.until_ended(due)
        watch.pause()
    return watch.until_ended({watch.client.trigger(CROSS_CHECK, month, conf(watch.place))})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _told(run: dict[str, Any], tasks: list[dict[str, Any]]) -> DagRun:
    return DagRun(
        dag_id=run["dag_id"],
        run_id=run["dag_run_id"],
        state=run["state"],
        seconds=round(float(run["duration"] or 0), 1),
        tasks=sum(task["dag_run_id"] == run["dag_run_id"] for task in tasks),
    )
