"""Error rates of judged pairs with their intervals, and what other targets would do to a run."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import NotFound
from pipelines.run import judge_targets
from pipelines.run.judge_rates import MILLION, Rate, bands, rates, wilson
from pipelines.run.judge_sample import _in_turns, _shuffled, is_near
from pipelines.run.judge_targets import Effect, fraction_of
from pipelines.run.judging import Targets
from tests.unit.run.judged_parts import said

_NOW = Targets(match_error=(1, 1024), review_error=(7, 8))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0, 277_533),  # R: binom.confint(0, 10, method = "wilson")
        (1, 10, 17_876, 404_150),
        (5, 10, 236_593, 763_407),
        (10, 10, 722_467, MILLION),
        (0, 0, 0, MILLION),
    ],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: int, high: int) -> None:
    share = wilson(part, whole)
    assert (share.low_ppm, share.high_ppm) == (low, high)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share_and_is_its_mirror_image(part: int, more: int) -> None:
    share, mirror = wilson(part, part + more), wilson(more, part + more)
    assert share.ppm is not None
    assert 0 <= share.low_ppm <= share.ppm <= share.high_ppm <= MILLION
    assert abs(share.low_ppm - (MILLION - mirror.high_ppm)) <= 1
    tenfold = wilson(part * 10, (part + more) * 10)
    assert tenfold.high_ppm - tenfold.low_ppm < share.high_ppm - share.low_ppm


def test_wrong_is_another_person_for_a_match_and_the_same_person_for_a_review() -> None:
    given_verdicts = [
        said(1, "positive", "1"),
        said(2, "negative", "2"),
        said(3, "unsure", "3"),
        said(4, "positive", "4", source="bank"),
        said(5, "positive", "5", method="name_only", outcome="name_only", probability_ppm=2000),
    ]

    def told(rate: Rate) -> tuple[object, ...]:
        return (rate.kind, rate.method, rate.source, rate.wrong.part, rate.wrong.whole, rate.unsure)

    assert [told(rate) for rate in rates(given_verdicts)] == [
        ("match", "scored", "", 1, 3, 1),
        ("match", "scored", "bank", 0, 1, 0),
        ("match", "scored", "vehicle", 1, 2, 1),
        ("review", "name_only", "", 1, 1, 0),
        ("review", "name_only", "vehicle", 1, 1, 0),
    ]


def test_predicted_probability_is_held_against_what_people_found() -> None:
    given_verdicts = [
        said(1, "positive", "1", probability_ppm=999_950),
        said(2, "positive", "2", probability_ppm=MILLION),
        said(3, "negative", "3", probability_ppm=600_000),
        said(4, "positive", "4", probability_ppm=700_000),
        said(5, "unsure", "5", probability_ppm=600_000),
        said(6, "positive", "6", method="exact_id", probability_ppm=600_000),
        said(7, "positive", "7", probability_ppm=None),
    ]
    found = [
        (band.least_ppm, band.predicted_ppm, band.same.part, band.same.whole)
        for band in bands(given_verdicts)
    ]
    assert found == [(500_000, 650_000, 1, 2), (999_900, 999_975, 2, 2)]


def _effects(matches: list[int], reviews: list[int], *tried: Targets, judged: Any = ()) -> list[Effect]:
    """Scored matches and reviews of these probabilities, and one of each that no target moves."""
    tables = {
        "linked_match": pa.table(
            {
                "method": ["exact_id", *("scored" for _ in matches)],
                "probability_ppm": pa.array([999_999, *matches], pa.int32()),
            }
        ),
        "linked_review": pa.table(
            {
                "reason": ["tie", *("below_match_threshold" for _ in reviews)],
                "probability_ppm": pa.array([999_999, *reviews], pa.int32()),
            }
        ),
    }
    run: Any = SimpleNamespace(run_id="R1", period="2026-10")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge_targets, "read_table", lambda _run, name: tables[name])
        return judge_targets._effects(run, list(judged), [_NOW, *tried])


def test_a_stricter_target_turns_matches_into_reviews_and_a_looser_one_turns_them_back() -> None:
    stricter, looser = (Targets(match_error=error, review_error=(7, 8)) for error in ((1, 4096), (1, 64)))
    now, strict, loose = _effects([999_900, 999_500], [990_000, 500_000], stricter, looser)
    assert (now.matches, now.reviews, now.is_in_force) == (3, 3, True)
    assert (strict.matches, strict.match_to_review, strict.reviews) == (2, 1, 4)
    assert (loose.matches, loose.review_to_match, loose.reviews) == (4, 1, 2)
    assert not strict.is_in_force and not loose.unseen


def test_a_review_that_reaches_todays_threshold_is_held_back_by_something_else() -> None:
    (_, loose) = _effects([], [999_990], Targets(match_error=(1, 64), review_error=(7, 8)))
    assert (loose.review_to_match, loose.matches) == (0, 1)


def test_more_reviews_than_the_run_kept_cannot_be_counted_and_fewer_can() -> None:
    more, fewer = (Targets(match_error=(1, 1024), review_error=error) for error in ((15, 16), (1, 4)))
    _, wide, narrow = _effects([999_900], [990_000, 500_000], more, fewer)
    assert wide.unseen and wide.reviews == 3
    assert not narrow.unseen
    assert (narrow.review_to_nothing, narrow.reviews) == (1, 2)


def test_the_judged_pairs_fall_on_either_side_of_a_target() -> None:
    judged = [
        said(1, "positive", "1", probability_ppm=999_900),
        said(2, "negative", "2", probability_ppm=990_000),
        said(3, "positive", "3", probability_ppm=500_000),
        said(4, "negative", "4", method="exact_id", probability_ppm=MILLION),
    ]
    now, loose = _effects([], [], Targets(match_error=(1, 64), review_error=(7, 8)), judged=judged)
    assert (now.judged_same_matched, now.judged_different_matched, now.judged_same_below) == (1, 0, 1)
    assert (loose.judged_same_matched, loose.judged_different_matched, loose.judged_same_below) == (1, 1, 1)


def test_targets_are_proposed_when_the_verdicts_speak_against_those_in_force() -> None:
    stricter = Targets(match_error=(1, 4096), review_error=(7, 8))
    looser = Targets(match_error=(1, 64), review_error=(7, 8))

    def proposed(*judged: Any) -> str:
        (one,) = [
            effect
            for effect in _effects([999_900, 999_500], [990_000], stricter, looser, judged=judged)
            if effect.is_proposed
        ]
        return one.match_error

    assert proposed() == "1/1024"
    false_link = said(1, "negative", "1", probability_ppm=999_500)
    missed = said(2, "positive", "2", probability_ppm=990_000)
    assert proposed(false_link) == "1/4096"
    assert proposed(missed) == "1/64"
    assert proposed(false_link, missed) == "1/4096"
    assert proposed(said(1, "unsure", "1", probability_ppm=999_500)) == "1/1024"


@given(st.lists(st.integers(0, 999_999), max_size=20), st.fractions(Fraction(1, 5000), Fraction(4, 5)))
def test_no_pair_is_lost_between_before_and_after(probabilities: list[int], match: Fraction) -> None:
    held = [ppm for ppm in probabilities if ppm >= 999_023]
    below = [ppm for ppm in probabilities if 125_000 <= ppm < 999_023]
    tried = Targets(match_error=(match.numerator, match.denominator), review_error=(7, 8))
    now, after = _effects(held, below, tried)
    assert (
        now.matches + now.reviews
        == after.matches + after.reviews + after.match_to_nothing + after.review_to_nothing
    )
    assert (
        after.matches == now.matches - after.match_to_review - after.match_to_nothing + after.review_to_match
    )


@pytest.mark.parametrize("text", ["0", "1", "3/2", "-1/4", "1/0", "often", "", f"1/{10**50}"])
def test_a_target_is_a_part_of_one(text: str) -> None:
    with pytest.raises(NotFound):
        fraction_of(text)
    assert fraction_of("2/1024") == Fraction(1, 512)


def test_near_is_within_three_bits_of_the_odds_a_match_needs() -> None:
    assert is_near(999_023, "scored", _NOW)
    assert is_near(992_300, "scored", _NOW) and is_near(999_870, "scored", _NOW)
    assert not is_near(992_000, "scored", _NOW) and not is_near(999_900, "scored", _NOW)
    assert not is_near(999_023, "exact_id", _NOW) and not is_near(None, "scored", _NOW)


@given(st.lists(st.text(alphabet="ABC234", min_size=1), unique=True), st.text(max_size=5))
def test_a_draw_follows_from_the_seed_and_the_pair_alone(pairs: list[str], seed: str) -> None:
    drawn = _shuffled(pairs, seed)
    assert drawn == _shuffled(sorted(pairs), seed)
    assert (
        [pair for pair in drawn if pair != pairs[0]] == _shuffled(pairs[1:], seed) if pairs else drawn == []
    )


def test_every_kind_has_its_turn_before_any_has_a_second_and_the_doubtful_come_first() -> None:
    strata = {
        ("match", "exact_id", "bank", False): ["e1", "e2", "e3", "e4"],
        ("match", "exact_id", "vehicle", False): ["f1", "f2"],
        ("match", "scored", "bank", True): ["n1"],
        ("review", "name_only", "bank", False): ["o1", "o2"],
    }
    drawn = _in_turns(strata, "1")
    assert [pair[0] for pair in drawn[:3]] in (["n", "e", "o"], ["n", "f", "o"])
    assert {pair[0] for pair in drawn[3:5]} <= {"e", "f", "o"}
    assert {pair[0] for pair in (drawn[1], drawn[3])} == {"e", "f"}  # each source before any has a second
    assert sorted(drawn) == sorted(pair for pairs in strata.values() for pair in pairs)
    assert _in_turns({}, "1") == []


def test_another_seed_draws_others() -> None:
    pairs = [f"L-{at}" for at in range(200)]
    assert _shuffled(pairs, "1")[:20] != _shuffled(pairs, "2")[:20]
