"""A small city's month in the real Airflow: it ends in one publication, again changes nothing, and tells no names."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipelines.base.errors import AirflowFailed
from pipelines.base.ids import digest_tree
from pipelines.cockpit import run_month
from pipelines.cockpit.children import marked
from pipelines.cockpit.place import prepare
from pipelines.run.published import published_run, read_table
from pipelines.sources.spec import source_names
from tests.dags.conftest import MONTH, CityMonth

ID_NUMBER = re.compile(rb"(?<![0-9A-Za-z.])73\d{13}(?:\d{2}[\dXx])?(?![0-9A-Za-z])")
MADE = (".parquet", ".json", ".html", ".xlsx", ".css")


def silent(_what: str, _done: int, _of: int) -> None:
    return None


def rows(city_month: CityMonth, statement: str) -> list[Any]:
    with sqlite3.connect(city_month.home / "airflow" / "airflow.db") as metadata:
        return metadata.execute(statement).fetchall()


def test_every_source_lands_and_the_cross_check_runs_once(city_month: CityMonth) -> None:
    runs = {run.dag_id: run for run in city_month.result.runs}
    assert set(runs) == {*(f"landing_{source}" for source in source_names()), "cross_check"}
    assert len(city_month.result.runs) == len(runs)
    assert {run.state for run in runs.values()} == {"success"}
    assert runs["cross_check"].run_id.startswith("asset_triggered__")


def test_the_month_is_published_with_its_report(city_month: CityMonth) -> None:
    run = published_run(MONTH, city_month.where)
    assert (run.shop.reports.root / run.report_partition / "index.html").is_file()
    assert read_table(run, "flag").num_rows > 0


def test_progress_is_told_until_the_last_task(city_month: CityMonth) -> None:
    whats = [what for what, _, _ in city_month.progress]
    assert whats[0] == "database"
    assert "ready" in whats
    _, done, of = city_month.progress[-1]
    assert done == of == next(run.tasks for run in city_month.result.runs if run.dag_id == "cross_check")


def test_the_assets_tell_month_place_and_counts(city_month: CityMonth) -> None:
    events = [json.loads(extra) for (extra,) in rows(city_month, "SELECT extra FROM asset_event")]
    assert {event["source"] for event in events} == set(source_names())
    for event in events:
        assert event["month"] == MONTH
        assert event["where"] == city_month.where
        assert event["accepted"] >= 0


def test_what_airflow_keeps_holds_no_personal_data(city_month: CityMonth) -> None:
    """Rendered templates, results, events and the audit log in its database; every log; the alerts."""
    members = read_table(published_run(MONTH, city_month.where), "household_member")
    names = {str(name).encode() for name in members["name"].to_pylist() if name and len(name) > 1}
    airflow = city_month.home / "airflow"
    # SQLite's own side files come and go while its last connection closes; the database holds what they held.
    passing = (".pyc", ".db-wal", ".db-shm")
    files = [path for path in airflow.rglob("*") if path.is_file() and path.suffix not in passing]
    assert {"airflow.db", "scheduler.log", "attempt=1.log"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert not ID_NUMBER.search(content), f"{path.name} holds an id number"
        # In JSON a name is written \uXXXX: look for both forms.
        for name in names:
            assert name not in content, f"{path.name} holds a member's name"
            assert json.dumps(name.decode()).strip('"').encode() not in content, f"{path.name} holds a name"


def test_secrets_and_logs_are_readable_by_the_owner_only(city_month: CityMonth) -> None:
    airflow = city_month.home / "airflow"
    assert airflow.stat().st_mode & 0o077 == 0
    for name in ("keys.json", "passwords.json", "airflow.db"):
        assert (airflow / name).stat().st_mode & 0o077 == 0, name
    secret = json.loads((airflow / "keys.json").read_text("utf-8"))["password"].encode()
    assert not any(secret in path.read_bytes() for path in (airflow / "logs").rglob("*.log"))


def test_running_the_month_again_publishes_and_changes_nothing(city_month: CityMonth) -> None:
    run = published_run(MONTH, city_month.where)
    roots = [city_month.home / "lake", city_month.home / "reports"]
    before = digest_tree(roots, MADE)
    again = run_month(month=MONTH, where=city_month.where, port=None, progress=silent)
    assert {dag_run.state for dag_run in again.runs} == {"success"}
    assert digest_tree(roots, MADE) == before
    assert [row["run_id"] for row in run.shop.ledger.publications()] == [run.run_id]
    assert marked(prepare(city_month.where, None).marker) == []


def test_when_every_delivery_is_refused_one_plain_sentence_tells_it(village: Path, tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    batch = inbox / "vehicle" / "20261006_01"
    batch.mkdir(parents=True)
    for path in (village / "inbox" / "vehicle" / "20261006_01").iterdir():
        (batch / path.name).write_bytes(path.read_bytes())
    signed = next(batch.glob("*.ok"))
    name, count, _, day = signed.read_text("utf-8").split("|")
    signed.write_text(f"{name}|{count}|{'0' * 32}|{day}", "utf-8")
    # The lists the place needs: a month without one of them fails by itself.
    without = ["authorisation", "dibao_rural", "dibao_urban", "tekun"]
    where = {"home": str(home), "inbox": str(inbox), "jurisdiction": "demo", "without": without}

    with pytest.raises(AirflowFailed) as failed:
        run_month(month=MONTH, where=where, port=None, progress=silent)

    assert failed.value.what.startswith("failed: [landing_vehicle.settle]")
    assert "every delivery of [vehicle] for the month was refused" in failed.value.what
    assert Path(failed.value.place).is_file()
    alerts = [json.loads(line) for line in (home / "alerts.jsonl").read_text("utf-8").splitlines()]
    assert [alert["dag_id"] for alert in alerts] == ["landing_vehicle"]
    assert alerts[0]["month"] == MONTH
    assert alerts[0]["cause"] in alerts[0]["sentence"]
    assert "vehicle" in alerts[0]["sentence"]
    assert MONTH in alerts[0]["sentence_zh"]
    assert marked(prepare(where, None).marker) == []
