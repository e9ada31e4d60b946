"""What the tests here share: the DAGs as Airflow reads them, and one small city's month really run in Airflow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.base.period import Period
from pipelines.cockpit import CockpitResult, run_month
from pipelines.simulate import simulate_city
from pipelines.simulate.profile import DISTRICT, Cohort, Profile

ROOT = Path(__file__).resolve().parents[2]
MONTH = "2026-10"
VILLAGE = Profile(
    name="village",
    residents=1_500,
    towns=2,
    villages_per_town=2,
    urban=Cohort(households=30, covered=40, top_up_fen=46_792, uncovered_share=0.18),
    rural=Cohort(households=40, covered=55, top_up_fen=47_350, uncovered_share=0.16),
    tekun=Cohort(households=4, covered=4, top_up_fen=0, uncovered_share=0),
    standards=DISTRICT.standards,
)


@dataclass(frozen=True, kw_only=True)
class CityMonth:
    """A month that Airflow ran, and where it left what it made."""

    where: dict[str, str]
    home: Path
    inbox: Path
    result: CockpitResult
    progress: list[tuple[str, int, int]]


def read_dags(folder: Path, **more: str) -> dict[str, Any]:
    """What Airflow reads from the DAG folder, in a process of its own with these further variables."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    env |= {"AIRFLOW_HOME": str(folder), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "PYTHONPATH": str(ROOT)}
    script = Path(__file__).with_name("dag_facts.py")
    told = folder / "facts.json"
    subprocess.run(
        [sys.executable, script, ROOT / "dags", told], env=env | more, cwd=folder, check=True, timeout=120
    )
    return dict(json.loads(told.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def dag_facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read_dags(tmp_path_factory.mktemp("dag_facts"))


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("village")
    simulate_city(profile=VILLAGE, period=Period.parse(MONTH), seed=7, out=out)
    return out


@pytest.fixture(scope="session")
def city_month(village: Path, tmp_path_factory: pytest.TempPathFactory) -> CityMonth:
    home = tmp_path_factory.mktemp("home")
    where = {"home": str(home), "inbox": str(village / "inbox"), "jurisdiction": "demo"}
    progress: list[tuple[str, int, int]] = []
    result = run_month(month=MONTH, where=where, port=None, progress=lambda *step: progress.append(step))
    return CityMonth(where=where, home=home, inbox=village / "inbox", result=result, progress=progress)
