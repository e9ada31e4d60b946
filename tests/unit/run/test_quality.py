"""The score of a source: accuracy, timeliness and validity as whole thousandths."""

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.period import Period
from pipelines.run.quality import Spoken, masked, permille, quality_score, quarantine_sample, sampled
from tests.unit.s7_report.tables import table

OCTOBER = Period.parse("2026-10")
BATCH, NAME = "vehicle/20261006_01", "VEH.csv"
FILE = f"{BATCH}/{NAME}"
ADDRESS = {"source": "vehicle", "delivery": BATCH, "file_name": NAME}
SPOKEN = Spoken(
    source="vehicle",
    status="used",
    cadence="monthly",
    used=frozenset([BATCH]),
    persons=90,
    valid_ids=85,
    columns_read={FILE: 10},
)


def score(
    spoken: Spoken = SPOKEN, as_of: date = date(2026, 10, 5), results: tuple[bool, ...] = (True, False)
) -> dict[str, Any]:
    files = [
        {
            **ADDRESS,
            "record_id": FILE,
            "as_of": as_of,
            "received_at": date(2026, 10, 6),
            "status": "accepted",
        }
    ]
    accounts = [
        {
            **ADDRESS,
            "record_id": f"{FILE}=account",
            "physical_lines": 102,
            "header_lines": 1,
            "blank_lines": 1,
            "loaded": 90,
            "quarantined": 7,
            "duplicates": 3,
            "derived_from": [FILE],
        }
    ]
    unhandled = [{**ADDRESS, "record_id": f"{FILE}=?", "column": "HPZL", "value": "99", "rows": 4}]
    judged = [
        {"record_id": f"E{n}", "source": "vehicle", "delivery": BATCH, "rule": f"r{n}", "success": good}
        for n, good in enumerate(results)
    ]
    found = quality_score(
        period=OCTOBER,
        spoken=[spoken],
        files=table("delivery", files),
        accounts=table("line_account", accounts),
        unhandled=table("unhandled", unhandled),
        results=table("expectation_result", judged),
    )
    (row,) = found.to_pylist()
    return dict(row)


def test_accuracy_is_the_share_of_valid_ids_and_of_lines_set_aside() -> None:
    row = score()
    assert (row["valid_id_permille"], row["quarantined_permille"]) == (944, 70)


def test_timeliness_is_the_age_at_the_months_end_and_the_days_until_receipt() -> None:
    row = score()
    assert (row["age_days"], row["lag_days"], row["is_late"]) == (26, 1, False)
    assert score(as_of=date(2026, 9, 29))["is_late"] is True


def test_validity_is_the_share_of_lines_loaded_and_of_values_understood() -> None:
    row = score()
    assert (row["loaded_permille"], row["understood_permille"]) == (900, 996)


def test_failed_checks_are_counted() -> None:
    assert (score()["checks"], score()["checks_failed"]) == (2, 1)


def test_a_source_of_which_nothing_counts_is_late_and_has_no_shares() -> None:
    silent = Spoken(
        source="vehicle",
        status="held",
        cadence="monthly",
        used=frozenset(),
        persons=0,
        valid_ids=0,
        columns_read={},
    )
    row = score(silent)
    assert row["is_late"] and row["status"] == "held"
    shares = (
        "valid_id_permille",
        "quarantined_permille",
        "loaded_permille",
        "understood_permille",
        "age_days",
    )
    assert [row[name] for name in shares] == [None] * len(shares)


def test_a_sample_holds_ten_lines_of_each_rule_in_row_order_and_hides_the_people() -> None:
    numbers = range(1, 13)
    quarantine = [
        {**ADDRESS, "record_id": f"{FILE}:{n}=cell_count", "row_no": n, "rule": "cell_count"} for n in numbers
    ]
    cells = {
        (ADDRESS["delivery"], ADDRESS["file_name"], n): ["张建国", "73070119500101001X"] for n in numbers
    }
    found = quarantine_sample(sampled(table("quarantine", quarantine)), cells).sort_by("row_no")
    assert found["row_no"].to_pylist() == list(range(1, 11))
    assert found["cells"][0].as_py() == ["张**", "7" + "*" * 17]


def test_a_refused_file_has_no_line_to_sample() -> None:
    refused = table("quarantine", [{**ADDRESS, "record_id": "x", "rule": "DigestWrong"}])
    assert quarantine_sample(sampled(refused), {}).num_rows == 0


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_nothing_short_of_all_is_a_thousand(part: int, whole: int) -> None:
    found = permille(min(part, whole), whole)
    assert found is not None and (found == 1000) == (part >= whole)


@given(st.text(max_size=40))
def test_of_a_cell_no_letter_or_digit_but_the_first_character_is_shown(cell: str) -> None:
    shown = masked(cell)
    assert len(shown) == len(cell.strip())
    assert not any(char.isalnum() for char in shown[1:])


def test_the_tables_are_the_same_bytes_in_whatever_order_their_rows_came() -> None:
    rows = [{**ADDRESS, "record_id": f"{FILE}:{n}=width", "row_no": n, "rule": "width"} for n in range(1, 30)]
    forward, backward = (
        quarantine_sample(sampled(table("quarantine", some)), {}) for some in (rows, rows[::-1])
    )
    assert isinstance(forward, pa.Table) and forward.equals(backward)
