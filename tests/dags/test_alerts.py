"""The sentence of an alert: our own errors in full, any other by its class name only."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from dags.alerts import cause_of, record_failure
from pipelines.base.errors import DigestWrong


def failure(home: Path, error: BaseException | None, map_index: int = -1) -> dict[str, object]:
    return {
        "task_instance": SimpleNamespace(dag_id="landing_vehicle", task_id="land", map_index=map_index),
        "dag_run": SimpleNamespace(run_id="r1", partition_key="2026-10"),
        "params": {"home": str(home)},
        "exception": error,
    }


def test_a_cause_the_product_names_is_told_with_place_and_remedy(tmp_path: Path) -> None:
    error = DigestWrong("md5 is not the signed one", place="vehicle/20261006_01", remedy="ask for it again")
    record_failure(failure(tmp_path, error))
    line = json.loads((tmp_path / "alerts.jsonl").read_text("utf-8"))
    assert line["cause"] == "DigestWrong"
    assert line["month"] == "2026-10"
    assert "[vehicle/20261006_01] md5 is not the signed one Remedy: ask for it again" in line["sentence"]
    assert "没有完成" in line["sentence_zh"]


def test_any_other_error_keeps_its_text_to_itself(tmp_path: Path) -> None:
    record_failure(failure(tmp_path, KeyError("王小明 730102199001011234"), map_index=3))
    text = (tmp_path / "alerts.jsonl").read_text("utf-8")
    assert "王小明" not in text
    assert "7301" not in text
    assert json.loads(text)["cause"] == "KeyError"
    assert json.loads(text)["map_index"] == 3


def test_a_task_that_was_lost_has_a_cause_too() -> None:
    assert cause_of(None)[0] == "TaskLost"


def test_each_failure_is_one_line_that_only_the_owner_reads(tmp_path: Path) -> None:
    for _ in range(3):
        record_failure(failure(tmp_path, DigestWrong("two\nlines")))
    path = tmp_path / "alerts.jsonl"
    assert len(path.read_text("utf-8").splitlines()) == 3
    assert path.stat().st_mode & 0o077 == 0
