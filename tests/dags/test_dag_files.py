"""The DAG files are wiring: importable, light, one screen each, and every task has somebody who hears of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources.spec import load_spec, source_names
from tests.dags.conftest import read_dags

DAGS = Path(__file__).resolve().parents[2] / "dags"
LANDING = {f"landing_{source}" for source in source_names()}


def every_task(dag_facts: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{dag_id}.{task_id}", task)
        for dag_id, dag in dag_facts["dags"].items()
        for task_id, task in dag["tasks"].items()
    ]


def test_every_dag_file_imports(dag_facts: dict[str, Any]) -> None:
    assert dag_facts["import_errors"] == {}


def test_there_is_one_landing_per_source_and_one_cross_check(dag_facts: dict[str, Any]) -> None:
    assert set(dag_facts["dags"]) == LANDING | {"cross_check"}


def test_importing_the_dag_files_imports_no_heavy_library(dag_facts: dict[str, Any]) -> None:
    assert dag_facts["heavy"] == []


def test_every_task_has_owner_retries_with_back_off_and_an_alert(dag_facts: dict[str, Any]) -> None:
    for name, task in every_task(dag_facts):
        assert task["owner"] not in ("", "airflow"), name
        assert task["retries"] >= 1, name
        assert task["backs_off"], name
        assert task["retry_policy"], name
        assert task["alerts"], name


def test_no_task_waits_for_itself(dag_facts: dict[str, Any]) -> None:
    for dag_id, dag in dag_facts["dags"].items():
        waiting = {task_id: set(task["after"]) for task_id, task in dag["tasks"].items()}
        while ready := [task_id for task_id, after in waiting.items() if not after]:
            waiting = {task_id: after - set(ready) for task_id, after in waiting.items() if after}
        assert waiting == {}, dag_id


def test_every_dag_tells_what_it_is_and_runs_once_at_a_time(dag_facts: dict[str, Any]) -> None:
    for dag_id, dag in dag_facts["dags"].items():
        assert dag["doc"], dag_id
        assert dag["tags"], dag_id
        assert dag["max_active_runs"] == 1, dag_id
        assert dag["catchup"] is False, dag_id


@pytest.mark.parametrize("source", source_names())
def test_a_landing_dag_is_what_its_yaml_says(dag_facts: dict[str, Any], source: str) -> None:
    dag, spec = dag_facts["dags"][f"landing_{source}"], load_spec(source)
    assert dag["cron"] == spec.schedule
    assert dag["schedule"] == "CronPartitionTimetable"
    assert spec.title.zh in dag["doc"]
    assert spec.publisher.en in dag["doc"]
    assert {task["owner"] for task in dag["tasks"].values()} == {spec.owner}
    assert dag["tasks"]["land"]["is_mapped"]
    assert dag["tasks"]["settle"]["outlets"] == [f"hedui://{source}"]
    assert dag["tasks"]["settle"]["trigger_rule"] == "none_failed"


def test_a_source_is_fetched_first_only_where_the_city_or_its_yaml_declares_a_connector(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own"
    (own / "connectors").mkdir(parents=True)
    (own / "connectors/tax.yaml").write_text("kind: drop_folder\nfolder: /mnt/tax\n", encoding="utf-8")
    vehicle = (DAGS.parent / "pipelines/sources/vehicle.yaml").read_text(encoding="utf-8")
    offered = "connector: {kind: drop_folder, folder: /mnt/cars}\n"
    (own / "cars.yaml").write_text(
        vehicle.replace("source: vehicle", "source: cars") + offered, encoding="utf-8"
    )
    facts = read_dags(tmp_path, HEDUI_SOURCES=str(own))
    assert facts["import_errors"] == {}
    assert set(facts["dags"]) == LANDING | {"cross_check", "landing_cars"}
    fetched = {dag_id for dag_id, dag in facts["dags"].items() if "fetch" in dag["tasks"]}
    assert fetched == {"landing_tax", "landing_cars"}
    tasks = facts["dags"]["landing_tax"]["tasks"]
    assert tasks["find"]["after"] == ["fetch"]
    assert (tasks["fetch"]["retries"], tasks["find"]["retries"]) == (5, 2)
    assert tasks["fetch"]["backs_off"]
    assert tasks["find"]["tried_again_for"] == ["LedgerUnavailable", "ProgramFault"]
    assert tasks["fetch"]["tried_again_for"] == [
        "AnswerUnstable",
        "LedgerUnavailable",
        "ProgramFault",
        "SourceUnreachable",
        "TransferBroken",
    ]
    assert facts["dags"]["cross_check"]["waits_for"] == sorted(
        f"hedui://{source}" for source in (*source_names(), "cars")
    )


def test_the_cross_check_waits_for_every_source_and_keeps_the_order_of_the_flow(
    dag_facts: dict[str, Any],
) -> None:
    dag = dag_facts["dags"]["cross_check"]
    assert dag["waits_for"] == [f"hedui://{source}" for source in sorted(source_names())]
    order = ["open_run", "compose", "link_lender", "link", "assess", "flag", "report", "publish"]
    assert set(dag["tasks"]) == set(order)
    for before, after in pairwise(order):
        assert before in dag["tasks"][after]["after"]


def test_a_dag_file_fits_one_screen() -> None:
    for path in DAGS.glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, path.name


def test_the_timetable_names_every_source() -> None:
    timetable = (DAGS / "README.md").read_text(encoding="utf-8")
    for source in source_names():
        row = f"| `{source}` | {load_spec(source).title.zh} |"
        assert row in timetable
        assert f"| {load_spec(source).cadence} |" in next(
            line for line in timetable.splitlines() if line.startswith(row)
        )


def test_files_that_are_no_dags_are_not_parsed_as_such(dag_facts: dict[str, Any]) -> None:
    ignored = set((DAGS / ".airflowignore").read_text(encoding="utf-8").split())
    parsed = {dag["file"] for dag in dag_facts["dags"].values()}
    assert {path.name for path in DAGS.glob("*.py")} == parsed | {n for n in ignored if n.endswith(".py")}
