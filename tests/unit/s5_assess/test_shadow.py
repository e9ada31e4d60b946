"""A rule in shadow is assessed and asks nobody: no outcome, no flag, no missing source, no page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa

from pipelines.base.period import Period
from pipelines.policy import Pack, RuleInForce, load_pack
from pipelines.s5_assess import Assessed, Evidence, asked, assess, in_shadow
from pipelines.s5_assess.evidence import RECORD_TABLES
from pipelines.s6_flag import flag
from tests.policy.small_city import household_tables, merged, table

MONTH = Period.parse("2024-06")
CAR: dict[str, Any] = {"paid": 70_000, "listed": 70_000, "vehicles": [{}]}


def place(shadow: bool) -> Pack:
    pack = load_pack("yunxi")
    rule = RuleInForce(track="eligibility", shadow=shadow)
    return replace(pack, rules={**pack.rules, "vehicle_owned": rule})


def month(case: dict[str, Any], pack: Pack) -> tuple[dict[str, pa.Table], Assessed]:
    tables = merged([household_tables(case)])
    evidence = Evidence(
        matches=tables["linked_match"],
        reviews=tables["linked_review"],
        records={name: tables[name] for name in RECORD_TABLES},
        source_status=tables["source_status"],
        authorisations=tables["member_authorisation"],
    )
    found = assess(
        households=tables["household"],
        members=tables["household_member"],
        evidence=evidence,
        policy=pack,
        period=MONTH,
        threads=1,
    )
    return tables, found


def codes(
    tables: dict[str, pa.Table], found: Assessed, pack: Pack, previous: pa.Table | None = None
) -> pa.Table:
    return flag(
        lines=found.lines,
        households=found.households,
        household_table=tables["household"],
        previous=previous,
        policy=pack,
        period=MONTH,
        jurisdiction="yunxi",
    ).flags


def test_a_car_under_a_rule_in_force_suggests_an_exit_and_is_asked_about() -> None:
    tables, found = month(CAR, place(shadow=False))
    assert found.households["outcome"].to_pylist() == ["exit_suggested"]
    assert codes(tables, found, place(shadow=False))["code"].to_pylist() == ["vehicle_owned"]


def test_the_same_car_under_a_rule_in_shadow_is_found_and_asks_nobody() -> None:
    tables, found = month(CAR, place(shadow=True))
    (line,) = in_shadow(found.lines).to_pylist()
    assert (line["rule"], line["verdict"], line["value"], line["is_shadow"]) == (
        "vehicle_owned",
        "exceeded",
        1,
        True,
    )
    assert found.households["outcome"].to_pylist() == ["keep"]
    assert line["record_id"] not in found.households["derived_from"].to_pylist()[0]
    assert codes(tables, found, place(shadow=True)).num_rows == 0
    assert "vehicle_owned" not in asked(found.lines)["rule"].to_pylist()


def test_a_source_only_a_rule_in_shadow_needs_is_not_missing() -> None:
    case = {"paid": 70_000, "listed": 70_000, "missing": ["vehicle"]}
    _, open_now = month(case, place(shadow=False))
    _, in_trial = month(case, place(shadow=True))
    assert open_now.households["missing_sources"].to_pylist() == [["vehicle"]]
    assert in_trial.households["missing_sources"].to_pylist() == [[]]
    assert in_trial.households["outcome"].to_pylist() == ["keep"]


def test_everything_else_is_what_it_is_without_the_rule() -> None:
    pack = place(shadow=True)
    without = replace(
        pack, rules={code: rule for code, rule in pack.rules.items() if code != "vehicle_owned"}
    )
    _, trial = month(CAR, pack)
    _, bare = month(CAR, without)
    assert trial.households.equals(bare.households)
    assert asked(trial.lines).equals(bare.lines)


def test_a_case_of_a_rule_that_went_into_shadow_is_closed() -> None:
    tables, found = month(CAR, place(shadow=False))
    before = codes(tables, found, place(shadow=False))
    tables, found = month(CAR, place(shadow=True))
    assert codes(tables, found, place(shadow=True), before)["state"].to_pylist() == ["closed"]


def test_lines_older_than_the_column_had_no_rule_in_shadow() -> None:
    older = table("assessed_line", [{"rule": "vehicle_owned"}]).drop_columns(["is_shadow"])
    assert asked(older).num_rows == 1
    assert in_shadow(older).num_rows == 0
