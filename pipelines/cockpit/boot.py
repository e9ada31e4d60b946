"""From nothing to a healthy Airflow that knows every DAG."""

from __future__ import annotations

import importlib.metadata
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pipelines.base.errors import AirflowFailed
from pipelines.base.period import now
from pipelines.cockpit.children import COMPONENTS, Children, ended, launch, stopped_at_the_end
from pipelines.cockpit.client import Client
from pipelines.cockpit.place import Place, check_port
from pipelines.sources.spec import source_names

Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, out of how much

CROSS_CHECK = "cross_check"
_BOOT_SECONDS = 300.0
_POLL_SECONDS = 0.25


def landing_dag(source: str) -> str:
    return f"landing_{source}"


@contextmanager
def booted(place: Place, *, by_clock: bool, progress: Progress) -> Iterator[tuple[Children, Client]]:
    """A running Airflow, and none when the block is left."""
    check_port(place.port)
    steps = 2 + len(COMPONENTS)
    began = now()
    progress("database", 0, steps)
    with stopped_at_the_end(place) as children:
        migrate(place)
        progress("components", 1, steps)
        for component in COMPONENTS:
            children.start(component, by_clock=by_clock)
        client = Client(place)
        wait_until(children, "healthy components", lambda: _healthy(client, progress, steps))
        client.log_in()
        client.get("/execution/health")  # builds the task API now instead of in the first task
        wait_until(children, "the DAGs", lambda: _dags_known(client, began))
        progress("ready", steps, steps)
        yield children, client


def migrate(place: Place) -> None:
    """Brings the metadata database to this Airflow's schema; skipped when this version already did."""
    version = importlib.metadata.version("apache-airflow")
    stamp = place.folder / "migrated.txt"
    done = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
    if done == version and (place.folder / "airflow.db").exists():
        return
    code = launch(place, "db-migrate", ("db", "migrate"), by_clock=False).wait()
    if code:
        raise ended(place, "db-migrate", code)
    stamp.write_text(version, encoding="utf-8")


def wait_until(children: Children, what: str, ready: Callable[[], bool]) -> None:
    """Polls until ready; fails at once when a component ends, and after five minutes."""
    deadline = time.monotonic() + _BOOT_SECONDS
    while not ready():
        children.check()
        if time.monotonic() > deadline:
            raise AirflowFailed(
                f"Airflow did not show {what} within [{_BOOT_SECONDS:.0f}] seconds",
                place=str(children.place.folder / "logs"),
                remedy="read the components' logs in this folder",
            )
        time.sleep(_POLL_SECONDS)


def _healthy(client: Client, progress: Progress, steps: int) -> bool:
    try:
        health: dict[str, Any] = client.get("/api/v2/monitor/health")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    parts = ("metadatabase", "scheduler", "dag_processor")
    up = len([part for part in parts if health[part]["status"] == "healthy"])
    progress("components", 1 + up, steps)
    return up == len(parts)


def _dags_known(client: Client, since: datetime) -> bool:
    """Each DAG read again since we began: what an older boot knew may be another version."""
    errors = client.get("/api/v2/importErrors")["import_errors"]
    if errors:
        raise AirflowFailed(
            f"[{len(errors)}] DAG files cannot be imported: {errors[0]['stack_trace'].strip().splitlines()[-1]}",
            place=str(errors[0]["filename"]),
        )
    expected = {CROSS_CHECK, *map(landing_dag, source_names())}
    dags = client.get("/api/v2/dags", limit=1000)["dags"]
    fresh = {dag["dag_id"] for dag in dags if datetime.fromisoformat(dag["last_parsed_time"]) >= since}
    return expected.issubset(fresh)
