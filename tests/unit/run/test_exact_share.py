"""The exact figures: a published table of sample sizes, Clopper–Pearson's definition, and the weighted rate."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.run.accuracy import Tally, weighted
from pipelines.run.accuracy_sample import allotted
from pipelines.run.exact_share import at_most, cases_needed, exact
from pipelines.run.judge_rates import MILLION

TWO_PER_CENT = 20_000


@pytest.mark.parametrize(("errors", "cases"), [(0, 149), (1, 236), (2, 313), (3, 386)])
def test_a_claim_of_98_per_cent_needs_so_many_cases_and_one_fewer_is_too_few(errors: int, cases: int) -> None:
    assert cases_needed(errors, TWO_PER_CENT) == cases
    assert _exactly(errors, cases, TWO_PER_CENT) <= 0.05 < _exactly(errors, cases - 1, TWO_PER_CENT)


def _exactly(errors: int, cases: int, ppm: int) -> float:
    """In whole numbers: nothing is rounded before the last division."""
    ways = sum(
        comb(cases, found) * ppm**found * (MILLION - ppm) ** (cases - found) for found in range(errors + 1)
    )
    return ways / MILLION**cases


@given(st.integers(1, 60), st.data())
def test_the_chance_of_few_errors_is_the_binomials(cases: int, data: st.DataObject) -> None:
    errors, ppm = data.draw(st.integers(0, cases)), data.draw(st.integers(1, MILLION - 1))
    assert at_most(errors, cases, ppm) == pytest.approx(_exactly(errors, cases, ppm), rel=1e-9, abs=1e-12)


@given(st.integers(1, 200), st.data())
def test_an_interval_holds_what_was_found_and_misses_on_each_side_by_the_stated_chance(
    cases: int, data: st.DataObject
) -> None:
    errors = data.draw(st.integers(0, cases))
    share = exact(errors, cases)
    assert share.ppm is not None and 0 <= share.low_ppm <= share.ppm <= share.high_ppm <= MILLION
    if errors < cases:
        above, below = at_most(errors, cases, share.high_ppm), at_most(errors, cases, share.high_ppm - 1)
        assert above <= 0.025 < below
    if errors > 0:
        at_least = 1 - at_most(errors - 1, cases, share.low_ppm)
        assert at_least <= 0.025 + 1e-9 < 1 - at_most(errors - 1, cases, share.low_ppm + 2)


@given(st.integers(0, 100), st.integers(1, 100))
def test_right_and_wrong_are_mirror_images(errors: int, more: int) -> None:
    wrong, right = exact(errors, errors + more), exact(more, errors + more)
    assert (wrong.low_ppm, wrong.high_ppm) == (MILLION - right.high_ppm, MILLION - right.low_ppm)


def test_known_intervals() -> None:
    assert (exact(0, 10).low_ppm, exact(0, 10).high_ppm) == (0, 308_498)  # 1 − 0.025^(1/10) = 0.308497…
    assert (exact(1, 20).low_ppm, exact(1, 20).high_ppm) == (1_265, 248_733)
    nothing = exact(0, 0)
    assert (nothing.ppm, nothing.low_ppm, nothing.high_ppm) == (None, 0, MILLION)


@given(st.integers(1, 400), st.data())
def test_strata_sampled_alike_have_the_interval_of_the_whole_sample(cases: int, data: st.DataObject) -> None:
    """Each case stands for five households in either stratum."""
    other = data.draw(st.integers(1, 400))
    wrong, more = data.draw(st.integers(0, cases)), data.draw(st.integers(0, other))
    both = [
        Tally(households=5 * cases, cases=cases, errors=wrong),
        Tally(households=5 * other, cases=other, errors=more),
    ]
    found, whole = weighted(both), exact(wrong + more, cases + other)
    assert (found.ppm, found.low_ppm, found.high_ppm) == (whole.ppm, whole.low_ppm, whole.high_ppm)


def test_a_stratum_weighs_as_many_as_it_has_households() -> None:
    found = weighted([Tally(households=900, cases=30, errors=0), Tally(households=100, cases=30, errors=15)])
    assert found.ppm == 50_000
    assert found.high_ppm > exact(3, 60).high_ppm  # unequal weights know less than sixty cases


def test_a_stratum_nobody_could_decide_leaves_the_whole_unknown() -> None:
    found = weighted([Tally(households=900, cases=30, errors=0), Tally(households=100, cases=0, errors=0)])
    assert (found.ppm, found.low_ppm, found.high_ppm) == (None, 0, MILLION)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=8), st.integers(1, 2_000))
def test_every_stratum_gets_its_proportion_and_never_nothing(sizes: list[int], count: int) -> None:
    strata = {(f"programme {at}", False): size for at, size in enumerate(sizes)}
    shares, wanted = allotted(strata, count), min(count, sum(sizes))
    assert all(1 <= shares[at] <= strata[at] for at in strata)
    assert wanted <= sum(shares.values()) <= wanted + len(sizes)
    due = {at: size * wanted / sum(sizes) for at, size in strata.items()}
    assert all(abs(shares[at] - due[at]) < 1 or shares[at] == 1 for at in strata)
