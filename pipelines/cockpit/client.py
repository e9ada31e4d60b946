"""The few calls of Airflow's REST API that the cockpit makes, over loopback and past any proxy.

Watching uses GET only. Every POST writes an audit row while it blocks the server's event loop, and with
SQLite that can hold up the very task whose transaction it waits for.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta
from typing import Any

from pipelines.base.errors import AirflowFailed
from pipelines.base.period import now
from pipelines.cockpit.place import USER, Place

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_ATTEMPTS = 5
_SERVER_ERROR = 500
_CONFLICT = 409


class Client:
    """A logged-in caller."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.token = ""

    def log_in(self) -> None:
        """A bearer token for the one user there is."""
        body = {"username": USER, "password": self.place.keys["password"]}
        self.token = self._send("POST", "/auth/token", body)["access_token"]

    def get(self, path: str, **query: str | int) -> Any:
        return self._send("GET", f"{path}?{urllib.parse.urlencode(query)}" if query else path, None)

    def trigger(self, dag_id: str, month: str, conf: dict[str, object], *, after_seconds: float = 0) -> str:
        """Starts a run of one month's partition; its run id, which is the same when asked twice."""
        due = now() + timedelta(seconds=after_seconds)
        run_id = f"cockpit__{month}__{due:%Y%m%dT%H%M%S.%f}__{dag_id}"
        body = {
            "dag_run_id": run_id,
            "logical_date": None,
            "run_after": due.isoformat(),
            "partition_key": month,
            "conf": conf,
        }
        self._send("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)
        return run_id

    def runs(self, since: str) -> list[dict[str, Any]]:
        """Every DAG run due at or after a moment."""
        found = self.get("/api/v2/dags/~/dagRuns", run_after_gte=since, limit=1000)
        return list(found["dag_runs"])

    def tasks(self, since: str) -> list[dict[str, Any]]:
        """Every task instance of such runs."""
        found = self.get("/api/v2/dags/~/dagRuns/~/taskInstances", run_after_gte=since, limit=1000)
        return list(found["task_instances"])

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        """One answer; a locked SQLite shows as 500 and is asked again."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._once(method, path, body)
            except urllib.error.HTTPError as error:
                if error.code == _CONFLICT and attempt > 1:  # the attempt before had arrived after all
                    return None
                if error.code < _SERVER_ERROR or attempt == _ATTEMPTS:
                    raise self._refused(method, path, error) from error
                time.sleep(attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.place.address + path, data=data, method=method)  # noqa: S310 - loopback
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with _OPENER.open(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def _refused(self, method: str, path: str, error: urllib.error.HTTPError) -> AirflowFailed:
        said = error.read().decode(errors="replace")[:300]
        return AirflowFailed(
            f"[{method} {path}] answered {error.code}: {said}", place=str(self.place.log("api-server"))
        )
