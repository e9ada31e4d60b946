"""A score on a handful of links: one right, one false, one missed, one waiting for a person."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import by_name
from pipelines.score import Counts, Score, Share, score, score_lines

_LIST = "dibao_rural/20261028_01"
_CARS, _OLD_CARS = "vehicle/20261006_01", "vehicle/20261005_01"
_HOUSES = "property_old/20261012_02"


def _link(delivery: str, row: int, person: str, **other: Any) -> dict[str, Any]:
    return {
        "source": delivery.split("/", maxsplit=1)[0],
        "delivery": delivery,
        "file_name": "f",
        "row_no": row,
        "slot": 0,
        "person_key": person,
        "damage": "clean",
        "list_damage": "clean",
        "may_look_up": True,
        **other,
    }


def _person(key: str, household: str, name: str, id18: str) -> dict[str, Any]:
    return {"person_key": key, "household_no": household, "name": name, "id18": id18}


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """Zhang and his wife Li in one household, Wang in another."""
    links = [
        _link(_LIST, 1, "R-zhang"),
        _link(_CARS, 1, "R-zhang"),
        _link(_CARS, 2, "R-li", damage="typo+name_spaces"),
        _link(_CARS, 3, "R-zhang"),
        _link(_OLD_CARS, 1, "R-zhang"),
        _link("authorisation/20261027_01", 1, "R-zhang"),
        _link(_HOUSES, 1, "R-zhang", damage="id15"),
        _link(_HOUSES, 1, "R-li", slot=1, damage="first_id_only"),
        _link(_HOUSES, 2, "R-wang", list_damage="missing"),
    ]
    persons = [
        _person("R-zhang", "NC1", "张国", "z18"),
        _person("R-li", "NC1", "李梅", "l18"),
        _person("R-wang", "NC2", "王英", "w18"),
    ]
    flags = [
        {"household_no": "NC1", "code": "vehicle_owned", "subject_person_key": ""},
        {"household_no": "NC1", "code": "member_deceased", "subject_person_key": "R-li"},
        {"household_no": "NC2", "code": "dwellings_over", "subject_person_key": ""},
    ]
    candidates = [
        {"household_no": "NC1", "kind": "elder_allowance_due", "subject_person_key": "R-zhang"},
        {"household_no": "NC2", "kind": "elder_allowance_due", "subject_person_key": "R-wang"},
    ]
    tables = {
        "truth_link": links,
        "truth_person": persons,
        "truth_flag": flags,
        "truth_candidate": candidates,
    }
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / f"{name}.parquet")
    return tmp_path


def _table(contract: str, *rows: dict[str, Any]) -> pa.Table:
    """Rows of a contract in which only what a score reads is filled."""
    schema = by_name(contract).schema
    nullable = pa.schema([field.with_nullable(True) for field in schema])
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=nullable)


def _members() -> pa.Table:
    """Zhang is known by his list row, Li by her number, Wang only by his name."""
    return _table(
        "household_member",
        {
            "record_id": "P-1",
            "household_id": "H-1",
            "derived_from": [f"{_LIST}/f#1"],
            "id18": None,
            "name": None,
        },
        {"record_id": "P-2", "household_id": "H-1", "derived_from": [], "id18": "l18", "name": "李每"},
        {"record_id": "P-3", "household_id": "H-2", "derived_from": [], "id18": None, "name": "王英"},
    )


def _score(
    truth: Path,
    *,
    matches: list[tuple[str, str]],
    reviews: list[tuple[str, str]],
    flags: list[dict[str, Any]],
    candidates: tuple[dict[str, Any], ...] = (),
) -> Score:
    used = [(_CARS, "used"), (_OLD_CARS, "refused"), (_HOUSES, "used"), ("authorisation/20261027_01", "used")]
    return score(
        truth=truth,
        matches=_table(
            "linked_match", *({"record": record, "member_id": member} for record, member in matches)
        ),
        reviews=_table(
            "linked_review", *({"record": record, "member_id": member} for record, member in reviews)
        ),
        flags=_table("flag", *flags),
        candidates=_table("candidate", *candidates),
        households=_table(
            "household",
            {"record_id": "H-1", "household_no": "NC1"},
            {"record_id": "H-2", "household_no": "NC2"},
        ),
        members=_members(),
        accounts=_table(
            "line_account",
            *({"delivery": delivery, "file_name": "f", "status": status} for delivery, status in used),
        ),
        lines=_table(
            "landed_line",
            {"delivery": _CARS, "file_name": "f", "row_no": 1, "repeats": None},
            {"delivery": _CARS, "file_name": "f", "row_no": 3, "repeats": f"{_CARS}/f#1"},
        ),
    )


def _flag(household: str, code: str, subject: str = "", state: str = "opened") -> dict[str, Any]:
    return {"household_no": household, "code": code, "subject": subject, "state": state}


def test_a_right_a_false_a_missed_and_a_waiting_link_are_told_apart(truth: Path) -> None:
    result = _score(
        truth,
        matches=[(f"{_CARS}/f#1", "P-1"), (f"{_HOUSES}/f#1", "P-1"), (f"{_HOUSES}/f#2", "P-1")],
        reviews=[(f"{_HOUSES}/f#1.1", "P-2"), (f"{_CARS}/f#9", "P-3")],
        flags=[],
    )
    assert result.links == Counts(found=2, false=1, missed=2, in_review=1)
    assert result.links.precision.value == Fraction(2, 3)
    assert result.links.recall.value == Fraction(2, 5)
    assert result.links_by_source == {
        "property_old": Counts(found=1, false=1, missed=1, in_review=1),
        "vehicle": Counts(found=1, false=0, missed=1, in_review=0),
    }
    assert (result.reviews_right, result.reviews_wrong) == (1, 1)


def test_rows_of_a_refused_file_and_repeated_rows_are_not_expected(truth: Path) -> None:
    result = _score(truth, matches=[(f"{_CARS}/f#1", "P-1"), (f"{_CARS}/f#2", "P-2")], reviews=[], flags=[])
    assert result.links_by_source["vehicle"] == Counts(found=2)


def test_an_authorisation_is_no_evidence_so_no_link_of_it_is_expected(truth: Path) -> None:
    result = _score(truth, matches=[], reviews=[], flags=[])
    assert set(result.links_by_source) == {"property_old", "vehicle"}


def test_recall_is_told_for_each_kind_of_damage_on_either_side(truth: Path) -> None:
    result = _score(
        truth,
        matches=[(f"{_CARS}/f#2", "P-2"), (f"{_HOUSES}/f#2", "P-3")],
        reviews=[(f"{_HOUSES}/f#1", "P-1")],
        flags=[],
    )
    assert result.links_by_damage == {
        "clean": Counts(missed=1),
        "first_id_only": Counts(missed=1),
        "id15": Counts(in_review=1),
        "list: missing": Counts(found=1),
        "name_spaces": Counts(found=1),
        "typo": Counts(found=1),
    }


def test_a_link_to_the_wrong_member_of_the_right_household_is_false(truth: Path) -> None:
    result = _score(truth, matches=[(f"{_CARS}/f#1", "P-2")], reviews=[], flags=[])
    assert result.links.false == 1
    assert result.links.found == 0


def test_a_match_outranks_a_review_of_the_same_pair(truth: Path) -> None:
    result = _score(truth, matches=[(f"{_CARS}/f#1", "P-1")], reviews=[(f"{_CARS}/f#1", "P-1")], flags=[])
    assert result.links_by_source["vehicle"] == Counts(found=1, missed=1)


def test_flags_are_compared_by_household_code_and_person(truth: Path) -> None:
    result = _score(
        truth,
        matches=[],
        reviews=[],
        flags=[
            _flag("NC1", "vehicle_owned"),
            _flag("NC1", "member_deceased", "P-1"),
            _flag("NC2", "dwellings_over", state="closed"),
            _flag("NC2", "identity_to_confirm"),
        ],
    )
    assert result.flags_by_code == {
        "dwellings_over": Counts(missed=1),
        "member_deceased": Counts(false=1, missed=1),
        "vehicle_owned": Counts(found=1),
    }
    assert result.flags == Counts(found=1, false=1, missed=2)


def test_a_flag_on_the_right_dead_member_is_found(truth: Path) -> None:
    result = _score(truth, matches=[], reviews=[], flags=[_flag("NC1", "member_deceased", "P-2")])
    assert result.flags_by_code["member_deceased"] == Counts(found=1)


def test_candidates_of_a_planned_kind_are_compared_by_household_and_person(truth: Path) -> None:
    due, unplanned = {"kind": "elder_allowance_due"}, {"kind": "left_the_list"}
    result = _score(
        truth,
        matches=[],
        reviews=[],
        flags=[],
        candidates=(
            due | {"household_id": "H-1", "subject": "P-1"},
            due | {"household_id": "H-1", "subject": "P-2"},
            unplanned | {"household_id": "H-2", "subject": ""},
        ),
    )
    assert result.candidates_by_kind == {"elder_allowance_due": Counts(found=1, false=1, missed=1)}


def test_a_run_that_found_nothing_has_no_precision_and_no_recall(truth: Path) -> None:
    result = _score(truth, matches=[], reviews=[], flags=[])
    assert result.links.precision.value is None
    assert result.links.recall.value == 0


def test_the_wilson_interval_is_the_textbook_one() -> None:
    low, high = Share(hits=9, of=10).interval
    assert float(low) == pytest.approx(0.5958, abs=1e-4)
    assert float(high) == pytest.approx(0.9821, abs=1e-4)
    assert Share(hits=0, of=0).interval == (0, 1)


@given(st.integers(1, 10**6), st.data())
def test_the_interval_holds_the_share_and_stays_between_none_and_all(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    low, high = Share(hits=hits, of=of).interval
    assert 0 <= low <= Fraction(hits, of) <= high <= 1


def test_the_printed_score_names_every_source_and_code_in_columns(truth: Path) -> None:
    result = _score(
        truth, matches=[(f"{_CARS}/f#1", "P-1")], reviews=[], flags=[_flag("NC1", "vehicle_owned")]
    )
    lines = score_lines(result)
    table = [line for line in lines if line and not line.startswith(("pairs", "members"))]
    assert len({len(line) for line in table}) == 1
    assert any(line.startswith("vehicle ") and "100.00 %" in line for line in lines)
    assert any(line.startswith("dwellings_over") and "0.00 %" in line for line in lines)
    assert lines[-1] == "pairs in review: 0 right, 0 wrong"
