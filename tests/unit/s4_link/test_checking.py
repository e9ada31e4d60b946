"""Numbers hidden from exact pairs: what would be found again, and how well the weights are calibrated."""

from __future__ import annotations

import pytest

from pipelines.s4_link import Linked
from pipelines.s4_link.checking import BINS, DAMAGES
from pipelines.s4_link.id_numbers import is_possible
from tests.unit.s4_link.link_cases import linked, person, told

UNNUMBERED = person("赵明月", birth_date="1980-02-02", sex="F")  # the source holds birth dates beside numbers


@pytest.fixture(scope="module")
def checked() -> Linked:
    return linked([UNNUMBERED], [], listed=300)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_hidden_number_is_found_again_and_nobody_is_taken_for_another(
    checked: Linked, damage: str
) -> None:
    figures = {
        name: told(checked, "hidden", damage, name)["count"] for name in ("reached", "matched", "wrong")
    }
    assert figures == {"reached": 300, "matched": 300, "wrong": 0}


def test_each_rule_tells_how_many_it_reaches_alone(checked: Linked) -> None:
    assert told(checked, "hidden", "missing", "reached by name_and_birth")["count"] == 300
    assert told(checked, "hidden", "mistyped", "reached by near_id")["count"] == 300
    assert told(checked, "hidden", "excel_cut", "reached by cut_id")["count"] == 300


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_bins_hold_every_true_pair_once_and_expect_about_as_many(checked: Linked, damage: str) -> None:
    names = ["below" if least is None else str(least) for least in BINS]
    bins = [told(checked, "calibration", damage, name) for name in names]
    assert sum(row["count"] for row in bins) == 300
    assert all(row["count"] <= row["of"] for row in bins)
    assert abs(sum(row["expected_ppm"] for row in bins) - 300 * 1_000_000) < 9_000_000


def test_dates_that_stood_only_in_the_number_are_hidden_with_it() -> None:
    without = linked([], [], listed=300)  # no row shows that this source holds birth dates of its own
    assert told(without, "hidden", "missing", "matched")["of"] == 300
    assert told(without, "hidden", "missing", "matched")["count"] < 300
    rows = without.model.to_pylist()
    assert "reached by name_and_birth" not in {row["level"] for row in rows if row["name"] == "missing"}


def test_without_exact_pairs_there_is_nothing_to_hide() -> None:
    kinds = {row["kind"] for row in linked([UNNUMBERED], []).model.to_pylist()}
    assert kinds == {"level", "prior", "threshold", "rule"}


def test_a_mistyped_number_is_never_a_possible_one() -> None:
    state, mistype = DAMAGES["mistyped"]
    assert state == "checksum_wrong"
    for entry in linked([], [], listed=50).matches.to_pylist():
        valid = entry["comparisons"][0]["record_value"]
        wrong = mistype(valid)
        assert wrong is not None
        assert (len(wrong), wrong[17]) == (18, valid[17])
        assert sum(a != b for a, b in zip(wrong, valid, strict=True)) == 1
        assert not is_possible(wrong)
