"""The few calls of Airflow's REST API that the cockpit makes, over loopback and past any proxy."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from pipelines.base.errors import AirflowFailed
from pipelines.cockpit.place import USER, Place

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Client:
    """A logged-in caller."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.token = ""

    def log_in(self) -> None:
        """A bearer token for the one user there is."""
        body = {"username": USER, "password": self.place.keys["password"]}
        self.token = self._send("POST", "/auth/token", body)["access_token"]

    def get(self, path: str) -> Any:
        return self._send("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._send("POST", path, body)

    def trigger(self, dag_id: str, month: str, conf: dict[str, str]) -> str:
        """Starts a run of one month's partition; its run id."""
        body = {"logical_date": None, "partition_key": month, "conf": conf}
        return str(self.post(f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def runs(self, dag_ids: list[str], since: str) -> list[dict[str, Any]]:
        """The runs of these DAGs that were due at or after a moment."""
        body = {"dag_ids": dag_ids, "run_after_gte": since, "page_limit": 100}
        return list(self.post("/api/v2/dags/~/dagRuns/list", body)["dag_runs"])

    def tasks(self, run_ids: list[str]) -> list[dict[str, Any]]:
        """The task instances of these runs."""
        body = {"dag_run_ids": run_ids, "page_limit": 1000}
        return list(self.post("/api/v2/dags/~/dagRuns/~/taskInstances/list", body)["task_instances"])

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.place.address + path, data=data, method=method)  # noqa: S310 - loopback
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with _OPENER.open(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AirflowFailed(
                f"[{method} {path}] answered {error.code}: {error.read().decode(errors='replace')[:300]}",
                place=str(self.place.log("api-server")),
            ) from error
