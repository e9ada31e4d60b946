"""The stage as a whole: the same bytes in any order of work, whole money, sound bounds, silence is not zero."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import ContractBroken, PackInvalid
from pipelines.policy.catalogue import RULES as CODES
from pipelines.reference import ROOT, SQL_ROOT
from pipelines.s5_assess import Assessed
from pipelines.s5_assess.rules import RULES
from tests.policy.small_city import (
    HOUSEHOLD,
    SOURCES,
    assess_case,
    assess_tables,
    household_tables,
    merged,
    pack_named,
)

FEN = st.integers(0, 300_000)
PENSION = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b"]),
        "pension_kind": st.sampled_from(["employee", "resident"]),
        "pay_month": st.sampled_from(["2024-05", "2024-06"]),
        "amount": FEN,
    }
)
PROPERTY = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b"]),
        "unit_no": st.sampled_from([None, "u1", "u2"]),
        "certificate_no": st.sampled_from(["c1", "c2"]),
        "location": st.sampled_from([None, "here", "there"]),
        "use": st.sampled_from(["dwelling", "shop", "parking"]),
    }
)
VEHICLE = st.fixed_dictionaries(
    {"owner": st.sampled_from(["a", "b"]), "status": st.sampled_from(["A", "BE", "AG"])}
)
DEATH = st.fixed_dictionaries(
    {"owner": st.just("b"), "death_date": st.sampled_from(["2024-06-30", "2024-07-01"])}
)
CASES = st.fixed_dictionaries(
    {
        "programme": st.sampled_from(["dibao_urban", "dibao_rural"]),
        "members": st.just([{"id": "a"}, {"id": "b", "covered": False}]),
        "listed": st.one_of(st.none(), FEN),
        "paid": st.one_of(st.none(), FEN),
        "pensions": st.lists(PENSION, max_size=3),
        "properties": st.lists(PROPERTY, max_size=3),
        "vehicles": st.lists(VEHICLE, max_size=2),
        "deaths": st.lists(DEATH, max_size=1),
    }
)
SMALL = settings(max_examples=15, deadline=None)


def verdicts(assessed: Assessed) -> dict[tuple[str, str], str]:
    return {(line["rule"], line["subject"]): line["verdict"] for line in assessed.lines.to_pylist()}


def outcome(assessed: Assessed) -> Mapping[str, Any]:
    row: Mapping[str, Any] = assessed.households.to_pylist()[0]
    return row


def city() -> dict[str, pa.Table]:
    """Forty households with something in every table."""
    households = []
    for number in range(40):
        case = {
            "programme": "dibao_rural" if number % 2 else "dibao_urban",
            "members": [{"id": "a"}, {"id": "b", "covered": number % 3 > 0}],
            "listed": 50_000,
            "paid": 50_000 + number % 5,
            "vehicles": [{"owner": "ab"[number % 2], "vehicle_no": "7"}, {"vehicle_no": "8"}][: number % 3],
            "properties": [
                {"owner": "a", "unit_no": "u1", "location": "x", "sharing": "common"},
                {"owner": "b", "unit_no": "u1", "location": "x", "sharing": "common"},
                {"owner": "a", "certificate_no": "c", "location": "x", "source": "property_old"},
                {"owner": "b", "unit_no": f"u{number}", "use": "shop", "review": "tie"},
            ][: number % 5],
            "pensions": [
                {"pay_month": "2024-06", "amount": 13_000 + number},
                {"owner": "b", "pension_kind": "employee", "pay_month": "2024-06", "amount": number * 5_000},
            ],
            "deaths": [
                {"owner": "b", "death_date": "2024-06-02"},
                {"owner": "b", "death_date": "2024-06-05", "registry": "medical", "source": "death_medical"},
            ][: number % 4],
            "missing": ["tax"] if number % 7 else [],
        }
        households.append(household_tables(case, f"H-{number:02d}"))
    return merged(households)


def test_one_thread_two_threads_and_any_order_of_rows_give_the_same_bytes() -> None:
    tables = city()
    shuffled = {name: some.take(list(range(some.num_rows))[::-1]) for name, some in tables.items()}
    results = [
        assess_tables(tables, threads=1),
        assess_tables(tables, threads=2),
        assess_tables(shuffled, threads=2),
    ]
    assert {_bytes(result.lines) for result in results} == {_bytes(results[0].lines)}
    assert {_bytes(result.households) for result in results} == {_bytes(results[0].households)}


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def test_every_household_has_a_line_of_every_rule_about_the_household() -> None:
    assessed = assess_tables(city())
    over = {
        line["household_id"]
        for line in assessed.lines.to_pylist()
        if line["rule"] == "income_over_standard" and line["verdict"] == "exceeded"
    }
    assert over
    per_household = ("vehicle_owned", "dwellings_over", "non_residential_owned", "income_over_standard")
    for code in (*per_household, "paid_differs_from_list"):
        assert assessed.lines["rule"].to_pylist().count(code) == 40
    assert assessed.lines["rule"].to_pylist().count("amount_above_entitlement") == 40 - len(over)
    assert assessed.households.num_rows == 40


def test_details_are_canonical_json_of_whole_numbers_codes_and_dates() -> None:
    for line in assess_tables(city()).lines.to_pylist():
        detail = json.loads(line["detail"])
        again = json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert again == line["detail"]
        assert not re.search(r"\d\.\d|H-\d\d/", line["detail"])


def test_lines_name_the_records_and_the_links_that_tie_them_to_the_household() -> None:
    assessed = assess_case({"vehicles": [{"row": "vehicle/b/f.csv#3"}]})
    line = next(line for line in assessed.lines.to_pylist() if line["rule"] == "vehicle_owned")
    record = f"{HOUSEHOLD}/vehicle/b/f.csv#3"
    assert line["derived_from"] == [HOUSEHOLD, record, f"M/{record}/a"]
    assert set(outcome(assessed)["derived_from"]) == {HOUSEHOLD, *assessed.lines["record_id"].to_pylist()}


def test_a_pair_under_review_is_derived_from_the_pair_alone() -> None:
    assessed = assess_case({"vehicles": [{"review": "tie"}]})
    line = next(line for line in assessed.lines.to_pylist() if line["rule"] == "identity_to_confirm")
    assert line["derived_from"] == [HOUSEHOLD, f"R/{HOUSEHOLD}/vehicle#0/a"]


def test_a_line_cites_the_parameter_of_the_month() -> None:
    lines = assess_case({"programme": "dibao_rural"}).lines.to_pylist()
    cited = {line["rule"]: (line["parameter"], line["valid_from"]) for line in lines}
    assert cited["income_over_standard"] == ("income.standard.rural", "2024-01-01")
    assert cited["vehicle_owned"] == ("assets.vehicles.limit", "2024-01-01")
    assert all(line["citation"] for line in lines)


def test_an_unverified_parameter_says_so_in_the_line() -> None:
    lines = assess_case({}, pack="demo", period="2026-10").lines.to_pylist()
    citation = next(line["citation"] for line in lines if line["rule"] == "income_over_standard")
    assert citation.endswith("（待核实 / to be verified）")


def test_lines_of_two_months_have_different_ids() -> None:
    may, june = (
        assess_case({}, period=month).lines["record_id"].to_pylist() for month in ("2024-05", "2024-06")
    )
    assert not set(may) & set(june)


def test_no_household_is_no_line() -> None:
    tables = {name: some.slice(0, 0) for name, some in city().items()}
    assessed = assess_tables(tables)
    assert (assessed.lines.num_rows, assessed.households.num_rows) == (0, 0)


def test_a_match_on_a_name_alone_is_refused() -> None:
    tables = merged([household_tables({"vehicles": [{}]})])
    named = pa.array(["name_only"], pa.string())
    column = tables["linked_match"].schema.get_field_index("method")
    tables["linked_match"] = tables["linked_match"].set_column(column, "method", named)
    with pytest.raises(ContractBroken, match="name alone"):
        assess_tables(tables)


def test_a_programme_without_a_standard_is_refused() -> None:
    with pytest.raises(PackInvalid, match="tekun"):
        assess_case({"programme": "tekun"})


@SMALL
@given(case=CASES)
def test_the_entitlement_is_never_above_standard_times_covered(case: dict[str, Any]) -> None:
    row = outcome(assess_case(case))
    living_covered = 1  # member a; b is not covered
    assert 0 <= row["entitlement_at_most"] <= row["standard"] * living_covered


@SMALL
@given(case=CASES)
def test_the_entitlement_is_the_floor_of_the_covered_share(case: dict[str, Any]) -> None:
    row = outcome(assess_case(case))
    gap = max(0, row["standard"] * row["living_members"] - row["counted_income"])
    assert row["entitlement_at_most"] == gap // row["living_members"]


@SMALL
@given(case=CASES, missing=st.lists(st.sampled_from(SOURCES), min_size=1, unique=True))
def test_a_source_that_goes_missing_never_makes_anything_exceeded(
    case: dict[str, Any], missing: list[str]
) -> None:
    full, blind = verdicts(assess_case(case)), verdicts(assess_case({**case, "missing": missing}))
    assert full.keys() == blind.keys()
    for key, before in full.items():
        allowed = {"within": {"within", "cannot_verify"}}.get(before, {before})
        assert blind[key] in allowed


@SMALL
@given(case=CASES)
def test_with_nothing_checked_nothing_is_called_within_or_kept(case: dict[str, Any]) -> None:
    assessed = assess_case({**case, "paid": None, "missing": list(SOURCES)})
    assert "within" not in verdicts(assessed).values()
    assert outcome(assessed)["outcome"] != "keep"


@SMALL
@given(case=CASES)
def test_pairs_under_review_change_no_figure(case: dict[str, Any]) -> None:
    reviews = [{"review": "tie", "unit_no": "u9", "use": "shop"}]
    plain, asked = assess_case(case), assess_case({**case, "properties": [*case["properties"], *reviews]})
    same = [name for name in plain.households.column_names if name not in ("outcome", "derived_from")]
    assert plain.households.select(same).equals(asked.households.select(same))
    found = verdicts(plain)
    assert {key: verdict for key, verdict in verdicts(asked).items() if key in found} == found


@SMALL
@given(case=CASES)
def test_money_is_whole(case: dict[str, Any]) -> None:
    assessed = assess_case(case)
    for table in (assessed.lines, assessed.households):
        assert not [field for field in table.schema if pa.types.is_floating(field.type)]
    for line in assessed.lines.to_pylist():
        if line["value"] is not None and line["limit"] is not None:
            assert line["margin"] == line["value"] - line["limit"]


def test_the_catalogue_and_the_rules_name_the_same_codes() -> None:
    assert tuple(RULES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_rule_holds_no_number_of_its_own(code: str) -> None:
    python = (ROOT / "pipelines" / "s5_assess" / "rules" / f"{code}.py").read_text(encoding="utf-8")
    statement = (SQL_ROOT / "transforms" / "assess" / f"{code}.sql").read_text(encoding="utf-8")
    code_lines = [line for line in statement.splitlines() if not line.startswith("--")]
    numbers = re.findall(r"(?<![\w'-])\d+(?![\w'-])", "\n".join(code_lines))
    assert set(numbers) <= {"0", "1"}
    assert not re.findall(r"=\s*\d", python)


@pytest.mark.parametrize("folder", ["assess", "flag"])
def test_every_statement_begins_with_its_grain(folder: str) -> None:
    files = sorted((SQL_ROOT / "transforms" / folder).glob("*.sql"))
    assert files
    for file in files:
        assert file.read_text(encoding="utf-8").startswith("-- One row per ")


@pytest.mark.parametrize("code", CODES)
def test_a_rule_says_its_sentence_in_both_languages(code: str) -> None:
    rule = RULES[code]
    assert rule.sentence_zh.endswith("。")
    assert rule.sentence_en.endswith(".")
    assert not re.search("违规|骗保", rule.sentence_zh)


def test_a_rule_binds_the_last_day_and_the_packs_values() -> None:
    from pipelines.base.period import Period

    bound = RULES["identity_to_confirm"].bindings(pack_named("yunxi"), Period(2024, 2))
    assert bound == {"disregard": 12_300, "dwelling_limit": 1, "last_day": date(2024, 2, 29)}
