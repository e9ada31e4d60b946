"""Great Expectations' verdict, the quarantine rows, and that the two agree."""

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.base.errors import ExpectationStopped, SpecInvalid
from pipelines.contracts.canonical import DEATH, PENSION
from pipelines.reference import EXPECTATIONS_ROOT, ROOT
from pipelines.run.trial import trial
from pipelines.s3_validate import (
    Judge,
    Validated,
    check_unhandled,
    load_suite,
    quarantine_faults,
    validate,
    verdicts,
)
from pipelines.s3_validate.rows import ROW_LEVEL, failing_rows
from pipelines.s3_validate.suite import Suite, read_suite
from pipelines.sources.spec import load_spec, source_names
from tests.unit.s1_land.parts import VEHICLE_HEADER, land_vehicles, text_file, vehicles

SUITES = sorted(
    path.relative_to(EXPECTATIONS_ROOT).with_suffix("").as_posix()
    for path in EXPECTATIONS_ROOT.rglob("*.json")
)
AS_OF = date(2026, 10, 31)


def deaths(**columns: list[object]) -> pa.Table:
    count = len(next(iter(columns.values())))
    base: dict[str, list[object]] = {
        "record_id": [f"death_police/b/f#{n + 1}" for n in range(count)],
        "source": ["death_police"] * count,
        "delivery": ["death_police/b"] * count,
        "file_name": ["f"] * count,
        "row_no": list(range(1, count + 1)),
        "slot": [0] * count,
        "derived_from": [[f"death_police/b/f:{n + 2}"] for n in range(count)],
        "name": ["王腊"] * count,
        "id_state": ["missing"] * count,
        "registry": ["police"] * count,
        "death_date": [date(2026, 9, 1)] * count,
    }
    rows = base | columns
    schema = pa.schema([field.with_nullable(True) for field in DEATH.schema])
    return pa.table([pa.array(rows.get(f.name, [None] * count), f.type) for f in schema], schema=schema)


def judge(records: pa.Table) -> Validated:
    return validate(
        records=records, suite=load_suite("canonical/death"), delivery="death_police/b", as_of=AS_OF
    )


def test_a_record_that_names_nobody_is_quarantined_with_its_reason() -> None:
    judged = judge(deaths(name=["王腊", None]))
    assert judged.accepted["record_id"].to_pylist() == ["death_police/b/f#1"]
    (row,) = judged.quarantined.to_pylist()
    assert (row["rule"], row["row_no"], row["derived_from"]) == (
        "name_or_id_present",
        2,
        ["death_police/b/f:3"],
    )
    assert "belongs to nobody" in row["why"]


def test_a_death_after_the_day_of_the_extract_is_quarantined() -> None:
    judged = judge(deaths(death_date=[AS_OF, date(2026, 11, 1)]))
    assert [row["rule"] for row in judged.quarantined.to_pylist()] == ["not_died_in_future"]


def test_a_record_that_fails_two_rules_stands_twice_in_quarantine_and_is_refused_once() -> None:
    judged = judge(deaths(name=[None, "甲"], death_date=[None, AS_OF]))
    assert {row["rule"] for row in judged.quarantined.to_pylist()} == {
        "name_or_id_present",
        "death_date_present",
    }
    assert judged.accepted.num_rows == 1


def test_a_warning_keeps_the_record() -> None:
    judged = judge(deaths(birth_date=[date(2026, 9, 2)]))
    failed = [row["rule"] for row in judged.results.to_pylist() if not row["success"]]
    assert "not_died_before_birth" in failed
    assert judged.accepted.num_rows == 1 and judged.refusal is None


def test_pensions_in_yuan_where_fen_are_agreed_stop_the_delivery() -> None:
    schema = pa.schema([field.with_nullable(True) for field in PENSION.schema])
    columns = {"name": "甲", "pay_month": "2026-10", "state": "paid", "amount": 209, "id_state": "missing"}
    row = {
        "record_id": "r",
        "source": "s",
        "delivery": "d",
        "file_name": "f",
        "row_no": 1,
        "slot": 0,
        "derived_from": [],
    }
    table = pa.Table.from_pylist([row | columns], schema=schema)
    judged = validate(
        records=table, suite=load_suite("canonical/pension"), delivery="pension_res/b", as_of=AS_OF
    )
    assert isinstance(judged.refusal, ExpectationStopped)
    assert "amount_unit" in str(judged.refusal) and "do not widen" in str(judged.refusal)


def test_an_empty_delivery_is_judged_without_records() -> None:
    judged = judge(deaths(name=["甲"]).slice(0, 0))
    assert (judged.accepted.num_rows, judged.quarantined.num_rows, judged.results.num_rows) == (0, 0, 0)


def test_the_run_stops_when_the_two_programs_count_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        ROW_LEVEL, "expect_column_values_to_not_be_null", lambda table, _: pc.greater(table["row_no"], 0)
    )
    suite = _only(load_suite("canonical/death"), "name_or_id_present")
    with pytest.raises(AssertionError, match="counts 1, we 2"):
        validate(records=deaths(name=["甲", None]), suite=suite, delivery="death_police/b", as_of=AS_OF)


def _only(suite: Suite, rule: str) -> Suite:
    return suite.only(tuple(one for one in suite.expectations if one.rule == rule))


CASES = {
    "expect_column_values_to_not_be_null": ({"column": "t"}, [False, False, True, False]),
    "expect_column_values_to_be_in_set": (
        {"column": "t", "value_set": ["a", "b"]},
        [False, False, False, True],
    ),
    "expect_column_values_to_match_regex": ({"column": "t", "regex": "^[ab]$"}, [False, False, False, True]),
    "expect_column_values_to_be_between": (
        {"column": "n", "min_value": 2, "max_value": 3},
        [True, False, False, True],
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        {"column_A": "n", "column_B": "m", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        [True, False, False, False],
    ),
}


@pytest.mark.parametrize("kind", sorted(ROW_LEVEL))
def test_great_expectations_and_we_count_the_same_failing_rows(kind: str, tmp_path: Path) -> None:
    kwargs, failing = CASES[kind]
    table = pa.table({"t": ["a", "b", None, "c"], "n": [1, 2, None, 4], "m": [2, 2, 2, None]})
    meta = {
        "rule": "r",
        "why": "w",
        "owner": "o",
        "consequence": "quarantine",
        "sentence": {"zh": "则", "en": "rule"},
    }
    document = {"name": "t", "expectations": [{"type": kind, "kwargs": kwargs, "meta": meta}]}
    (tmp_path / "t.json").write_text(json.dumps(document))
    suite = read_suite(tmp_path / "t.json", "t")
    assert failing_rows(table, kind, kwargs).to_pylist() == failing
    assert [verdict.unexpected for verdict in verdicts(table, suite)] == [sum(failing)]


@pytest.mark.parametrize("name", SUITES)
def test_every_suite_loads_in_great_expectations_and_says_why_and_who(name: str) -> None:
    import great_expectations as gx

    suite = load_suite(name)
    assert len(gx.ExpectationSuite(**suite.document).expectations) == len(suite.expectations) > 0
    for entry in suite.document["expectations"]:
        assert entry["meta"]["sentence"]["zh"] and entry["meta"]["sentence"]["en"]


@pytest.mark.parametrize(
    ("key", "value", "words"), [("why", "", "lacks"), ("consequence", "shout", "no consequence")]
)
def test_an_expectation_without_its_reason_is_refused(
    key: str, value: str, words: str, tmp_path: Path
) -> None:
    document = json.loads((EXPECTATIONS_ROOT / "canonical/death.json").read_text(encoding="utf-8"))
    document["expectations"][0]["meta"][key] = value
    (tmp_path / "d.json").write_text(json.dumps(document))
    with pytest.raises(SpecInvalid, match=words):
        read_suite(tmp_path / "d.json", "d")


def test_lines_that_are_no_records_are_quarantined_by_their_fault() -> None:
    lines = vehicles(3)
    lines[1] = lines[1].rsplit(",", 1)[0]
    (row,) = quarantine_faults(land_vehicles(text_file([VEHICLE_HEADER, *lines]), 3).lines).to_pylist()
    assert (row["rule"], row["row_no"]) == ("cell_count", 2)


def test_too_many_values_in_no_known_form_refuse_the_delivery() -> None:
    unhandled = pa.Table.from_pylist(
        [{"delivery": "vehicle/b", "file_name": "f", "column": "CCDJRQ", "value": "x", "rows": 3}]
    )
    check_unhandled(unhandled, 150, load_spec("vehicle"))
    with pytest.raises(ExpectationStopped, match="3 of 149"):
        check_unhandled(unhandled, 149, load_spec("vehicle"))


@pytest.mark.parametrize("source", source_names())
def test_verdicts_on_parts_come_to_the_verdict_on_the_whole(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for what only the whole column can say: a median, a number that stands twice."""
    spec = load_spec(source)
    files = [path for path in (ROOT / "tests" / "sources" / source / "extract").iterdir() if path.is_file()]
    for table, records in trial(spec, files).records.items():
        twice = pa.concat_tables([records, records]).combine_chunks()
        whole = validate(records=twice, suite=load_suite(f"canonical/{table}"), delivery="x/b", as_of=AS_OF)
        with monkeypatch.context() as patch:
            patch.setattr("pipelines.s3_validate.verdict._AT_ONCE", 3)
            judge = Judge(suite=load_suite(f"canonical/{table}"), delivery="x/b", as_of=AS_OF)
            accepted = [judge.judge(twice.slice(at, 2)).accepted for at in range(0, len(twice), 2)]
            results, refusal = judge.results()
        assert results.equals(whole.results)
        assert str(refusal) == str(whole.refusal)
        assert pa.concat_tables(accepted).equals(whole.accepted)
