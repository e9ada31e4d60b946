"""Thresholds, partners and clusters chosen from totals."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s4_link.scoring.assignment import one_to_one
from pipelines.s4_link.scoring.clusters import all_joins, cut
from pipelines.s4_link.scoring.threshold import choose_threshold


def _chosen(totals: list[int], target: int) -> int:
    return choose_threshold(
        np.array(totals, dtype=np.int64),
        possible_pairs=10_000,
        first_share=0.001,
        target_false_in_1000=target,
    ).threshold


def test_the_threshold_lies_between_two_heaps_of_totals() -> None:
    assert _chosen([30_000] * 20 + [-5_000] * 500, 0) == 30_000


def test_a_stricter_target_never_lowers_the_threshold() -> None:
    totals = list(range(-10_000, 40_000, 250))
    assert _chosen(totals, 1) >= _chosen(totals, 10) >= _chosen(totals, 100)


def test_the_heavier_pair_takes_the_partner_and_the_other_takes_what_is_left() -> None:
    left, right = np.array([0, 0, 1, 1]), np.array([8, 9, 8, 9])
    kept = one_to_one(left, right, np.array([9_000, 7_000, 8_000, 1_000]))
    assert kept.tolist() == [True, False, False, True]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 11), st.integers(-5, 5)), max_size=30))
def test_nobody_has_two_partners(pairs: list[tuple[int, int, int]]) -> None:
    left, right, totals = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in range(3))
    kept = one_to_one(left, right, totals)
    assert len(set(left[kept].tolist())) == kept.sum() == len(set(right[kept].tolist()))


def _clusters(edges: list[tuple[int, int, int]], count: int) -> list[int]:
    left, right, weights = (np.array([edge[at] for edge in edges], dtype=np.int64) for at in range(3))
    return cut(count, all_joins(count, left, right, weights, np.zeros(len(edges))), 0.0).tolist()


def test_a_pair_never_compared_does_not_keep_two_rows_apart() -> None:
    assert _clusters([(0, 1, 5_000), (1, 2, 5_000)], 4) == [0, 0, 0, 3]


def test_a_third_row_that_one_of_two_strongly_refuses_stays_out() -> None:
    assert _clusters([(0, 1, 9_000), (1, 2, 3_000), (0, 2, -8_000)], 3) == [0, 0, 2]


def test_joins_below_the_level_are_not_made() -> None:
    assert _clusters([(0, 1, -1)], 2) == [0, 1]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]),
        st.integers(-20_000, 20_000),
        max_size=20,
    )
)
def test_clusters_do_not_depend_on_the_order_of_pairs(edges: dict[tuple[int, int], int]) -> None:
    listed = [(a, b, weight) for (a, b), weight in edges.items()]
    found = _clusters(listed, 8)
    assert found == _clusters(listed[::-1], 8)
    assert all(found[row] <= row and found[found[row]] == found[row] for row in range(8))
