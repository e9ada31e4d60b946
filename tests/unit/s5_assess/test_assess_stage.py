"""The stage as a whole: the same bytes in any order of work, whole money, sound bounds, silence is not zero."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.errors import ContractBroken, PackInvalid
from pipelines.base.period import Period
from pipelines.s5_assess import Assessed, Evidence, assess
from pipelines.s5_assess.evidence import RECORD_TABLES
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
WAGE = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b"]),
        "payer": st.sampled_from(["employee", "flexible"]),
        "fee_month": st.sampled_from(["2024-04", "2024-05"]),
        "base": FEN,
    }
)
TAXED = st.fixed_dictionaries(
    {"owner": st.sampled_from(["a", "b"]), "agent": st.sampled_from([None, "x", "z"]), "amount": FEN}
)
BALANCE = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b"]),
        "account_no": st.sampled_from([None, "****0001"]),
        "asked_date": st.sampled_from(["2024-06-10", "2024-06-11"]),
        "balance": st.integers(0, 4_000_000),
    }
)
ROLE = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["a", "b"]),
        "business_no": st.sampled_from(["b1", "b2", "b9"]),
        "role": st.sampled_from(["operator", "officer", "cooperative_member"]),
    }
)
BUSINESSES = [{"capital": 10_000_000}, {"business_no": "b2", "capital": None}]
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
        "contributions": st.lists(WAGE, max_size=3),
        "taxed_incomes": st.lists(TAXED, max_size=3),
        "bank_balances": st.lists(BALANCE, max_size=3),
        "business_roles": st.lists(ROLE, max_size=2),
        "businesses": st.just(BUSINESSES),
    }
)
JUNE = Period(2024, 6)
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
            "programme_payments": [{"amount": 9_000}][: number % 2],
            "disabilities": [{"level": "1"}][: number % 2],
            "contributions": [
                {"owner": "a", "base": 20_000 + number},
                {"owner": "b", "base": 9_000, "review": "tie"},
            ][: number % 3],
            "taxed_incomes": [
                {"owner": "a", "agent": "x", "amount": 300_000 + number},
                {"owner": "a", "agent": "z", "amount": 7},
                {"owner": "b", "agent": "z", "amount": 900_000, "review": "tie"},
            ][: number % 4],
            "bank_balances": [
                {"owner": "a", "account_no": "****0001", "balance": 1_000_000 + number},
                {"owner": "b", "account_no": "****0001", "balance": 1_000_000 + number},
                {"owner": "b", "account_kind": "securities", "balance": 700_000},
                {"owner": "a", "balance": 9_000_000, "review": "tie"},
            ][: number % 5],
            "business_roles": [
                {"owner": "a", "role": "shareholder"},
                {"owner": "b"},
                {"owner": "b", "business_no": "b2"},
            ][: number % 4],
            "businesses": BUSINESSES,
            "missing": ["tax"] if number % 7 else [],
        }
        households.append(household_tables(case, f"H-{number:02d}"))
    return merged(households)


def test_one_thread_two_threads_and_any_order_of_rows_give_the_same_bytes() -> None:
    tables = city()
    shuffled = {
        name: some.take(pa.array(range(some.num_rows)[::-1], pa.int64())) for name, some in tables.items()
    }
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


def test_a_household_alone_comes_out_as_among_all() -> None:
    tables = city()
    together = assess_tables(tables)
    for household_id in tables["household"]["record_id"].to_pylist()[:3]:
        alone = assess_tables(
            tables
            | {
                "household": _about(tables["household"], "record_id", household_id),
                "household_member": _about(tables["household_member"], "household_id", household_id),
            }
        )
        assert alone.households.equals(_about(together.households, "household_id", household_id))
        assert alone.lines.equals(_about(together.lines, "household_id", household_id))


def _about(table: pa.Table, column: str, household_id: str) -> pa.Table:
    return table.filter(pc.equal(table[column], household_id))


def test_every_household_has_a_line_of_every_rule_about_the_household() -> None:
    assessed = assess_tables(city())
    over = {
        line["household_id"]
        for line in assessed.lines.to_pylist()
        if line["rule"] == "income_over_standard" and line["verdict"] == "exceeded"
    }
    assert over
    about_members = ("member_deceased", "identity_to_confirm")
    for code in set(pack_named("yunxi").rules) - {"amount_above_entitlement", *about_members}:
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


def test_a_registry_nobody_gave_is_refused_and_not_read_as_empty() -> None:
    tables = merged([household_tables({})])
    del tables["bank_balance"]
    given = {name: tables[name] for name in RECORD_TABLES if name in tables}
    with pytest.raises(ContractBroken, match="bank_balance"):
        assess(
            households=tables["household"],
            members=tables["household_member"],
            evidence=Evidence(
                matches=tables["linked_match"],
                reviews=tables["linked_review"],
                records=given,
                source_status=tables["source_status"],
                authorisations=tables["member_authorisation"],
            ),
            policy=pack_named("yunxi"),
            period=JUNE,
        )


def test_a_business_in_the_figure_is_named_beside_the_post_and_the_link() -> None:
    assessed = assess_case({"business_roles": [{}], "businesses": [{"capital": 10_000_000}]})
    line = next(line for line in assessed.lines.to_pylist() if line["rule"] == "business_owned")
    role = f"{HOUSEHOLD}/business_role#0"
    assert line["derived_from"] == sorted([HOUSEHOLD, f"{HOUSEHOLD}/business#0", role, f"M/{role}/a"])


def test_an_amount_rests_on_wages_and_pensions_alike() -> None:
    case = {
        "paid": 70_000,
        "contributions": [{"base": 100}],
        "taxed_incomes": [{"amount": 2_400}],
        "pensions": [{"pay_month": "2024-06", "amount": 12_400}],
    }
    lines = assess_case(case).lines.to_pylist()
    line = next(line for line in lines if line["rule"] == "amount_above_entitlement")
    records = {name.rpartition("/")[2] for name in line["derived_from"] if not name.startswith("M/")}
    assert records == {HOUSEHOLD, "contribution#0", "taxed_income#0", "pension#0"}
    assert json.loads(line["detail"])["income"] == 300


# Registries that only ask questions beside the outcome: who belongs to the household, other programmes' pay lists.
ASKING = ("disability", "hukou", "marriage", "other_payments")


@pytest.mark.parametrize("source", SOURCES)
def test_a_household_is_kept_only_when_every_source_the_rules_need_was_checked(source: str) -> None:
    quiet = {"listed": 1, "paid": 1}
    july = Period(2026, 7)
    assert outcome(assess_case(quiet, pack="demo", period=str(july)))["outcome"] == "keep"
    needed = {code for rule in RULES.values() for code in rule.needed_sources(pack_named("demo"), july)}
    assert needed == set(SOURCES)
    blind = assess_case({**quiet, "missing": [source]}, pack="demo", period=str(july))
    # A payment that is there proves that its list came.
    kept = source in ("payment", *ASKING)
    assert (outcome(blind)["outcome"] == "keep") is kept


@SMALL
@given(case=CASES)
def test_the_wage_is_the_larger_figure_of_each_counted_member(case: dict[str, Any]) -> None:
    lines = assess_case(case).lines.to_pylist()
    detail = json.loads(next(line["detail"] for line in lines if line["rule"] == "income_over_standard"))
    assert max(detail["base"], detail["taxed"]) <= detail["wage"] <= detail["base"] + detail["taxed"]


@SMALL
@given(case=CASES)
def test_the_balances_by_kind_come_to_the_sum(case: dict[str, Any]) -> None:
    lines = assess_case(case).lines.to_pylist()
    line = next(line for line in lines if line["rule"] == "financial_assets_over")
    detail = json.loads(line["detail"])
    assert sum(kind["amount"] for kind in detail["kinds"]) == line["value"]
    assert line["limit"] == detail["months"] * detail["standard"] * detail["counting"]


def test_a_programme_without_a_standard_is_refused() -> None:
    with pytest.raises(PackInvalid, match="tekun"):
        assess_case({"programme": "tekun"})


@SMALL
@given(case=CASES)
def test_the_entitlement_is_never_above_standard_times_covered(case: dict[str, Any]) -> None:
    row = outcome(assess_case(case))
    counting_covered = 1  # member a; b is not covered
    assert 0 <= row["entitlement_at_most"] <= row["standard"] * counting_covered


@SMALL
@given(case=CASES)
def test_the_entitlement_is_the_floor_of_the_covered_share(case: dict[str, Any]) -> None:
    row = outcome(assess_case(case))
    gap = max(0, row["standard"] * row["counting_members"] - row["counted_income"])
    assert row["entitlement_at_most"] == gap // row["counting_members"]


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
