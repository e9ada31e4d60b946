"""Runs every case of tests/policy/*.yaml: a sentence, a period, an input, what must come out.

`output` states any of: verdict, value, limit, margin, missing_sources, detail (keys of it), records (what the
line derives from, without the household and the links), outcome, entitlement, subjects, lines (their number).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.policy.catalogue import RULES
from pipelines.s5_assess import Assessed
from tests.policy.small_city import HOUSEHOLD, assess_case

HERE = Path(__file__).parent
ENOUGH = 5


def _cases() -> list[Any]:
    return [
        pytest.param(file.stem, case, id=f"{file.stem}: {case['name']}")
        for file in sorted(HERE.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("rule", "case"), _cases())
def test_case(rule: str, case: dict[str, Any]) -> None:
    assert set(case) <= {"name", "period", "pack", "stated", "input", "output"}
    assessed = assess_case(
        case["input"], pack=case.get("pack", "yunxi"), period=case["period"], stated=case.get("stated")
    )
    lines = [
        line
        for line in assessed.lines.to_pylist()
        if (line["rule"], line["household_id"]) == (rule, HOUSEHOLD)
    ]
    found = {key: _found(key, lines, assessed) for key in case["output"]}
    expected = dict(case["output"])
    if "detail" in expected:
        found["detail"] = {key: found["detail"].get(key) for key in expected["detail"]}
    assert found == expected


def _found(key: str, lines: list[Mapping[str, Any]], assessed: Assessed) -> Any:
    household = assessed.households.to_pylist()[0]
    about_all = {
        "outcome": household["outcome"],
        "entitlement": household["entitlement_at_most"],
        "computed": household["amount_computed"],
        "next_tier": household["next_tier"],
        "gradual_until": household["gradual_until"],
        "single": [member.rpartition("/")[2] for member in household["single_persons"]],
        "lines": len(lines),
        "subjects": [line["subject"].rpartition("/")[2] for line in lines],
    }
    return about_all[key] if key in about_all else _of_line(key, lines)


def _of_line(key: str, lines: list[Mapping[str, Any]]) -> Any:
    (line,) = lines
    if key == "detail":
        return json.loads(line["detail"])
    if key == "records":
        return [
            name.removeprefix(f"{HOUSEHOLD}/")
            for name in line["derived_from"]
            if name != HOUSEHOLD and not name.startswith(("M/", "R/"))
        ]
    return line[key]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_at_least_five_cases(rule: str) -> None:
    assert len(yaml.safe_load((HERE / f"{rule}.yaml").read_text(encoding="utf-8"))) >= ENOUGH
