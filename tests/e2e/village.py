"""A village with every registry, small enough that a month of it runs in seconds."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.base.period import Period
from pipelines.cli import main
from pipelines.simulate import simulate_city
from pipelines.simulate.profile import DISTRICT, Cohort, Profile

MONTH = "2026-10"
LISTS = ("authorisation", "dibao_rural", "dibao_urban", "payment", "tekun")
VILLAGE = Profile(
    name="village",
    residents=600,
    towns=2,
    villages_per_town=2,
    urban=Cohort(households=12, covered=18, top_up_fen=46_792, uncovered_share=0.18),
    rural=Cohort(households=16, covered=25, top_up_fen=47_350, uncovered_share=0.16),
    tekun=Cohort(households=6, covered=6, top_up_fen=0, uncovered_share=0),
    standards=DISTRICT.standards,
)

Hedui = Callable[..., tuple[int, str]]


def village(out: Path) -> Path:
    """Its deliveries; returns the inbox."""
    simulate_city(profile=VILLAGE, period=Period.parse(MONTH), seed=7, out=out)
    return out / "inbox"


def only(inbox: Path, *sources: str) -> None:
    """Leave these sources and the lists a month needs."""
    for folder in inbox.iterdir():
        if folder.name not in (*LISTS, *sources):
            shutil.rmtree(folder)


def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    """Run a verb as at a terminal: exit code and everything it said."""

    def call(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["hedui", "--lang", "en", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def without_table(partition: Path, table: str) -> None:
    """A partition as it would be had the table not existed when it was written."""
    manifest = partition / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    del document["files"][f"{table}.parquet"]
    manifest.write_text(json.dumps(document), encoding="utf-8")
    (partition / f"{table}.parquet").unlink()
