"""The threshold chosen from the scores alone: by expected F1, or by the share of false matches that is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Ints
from pipelines.s4_link.scoring.learning import Shares, probability

_ROUNDS = 20
_THOUSAND = 1000
_ALL = 1.0
_BANDS = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A threshold in thousandths of a bit, and what is expected of the pairs at or above it."""

    threshold: int
    match_share: float  # among all possible pairs
    expected_matches: float
    expected_precision: float
    expected_recall: float  # of the matches among the candidates


@dataclass(frozen=True, kw_only=True)
class Band:
    """Pairs whose predicted probability lies in a band: predicted against found share of matches."""

    least: float
    most: float
    pairs: int
    predicted: float
    found: float


def estimated_share(totals: Ints, counts: Ints, possible_pairs: int, first: float) -> float:
    """The share of matches that the totals imply of themselves."""
    share = first
    for _ in range(_ROUNDS):
        expected = float((probability(totals / _THOUSAND, share) * counts).sum())
        share = max(expected, 1.0) / max(possible_pairs, 1)
    return share


def choose_threshold(
    totals: Ints, *, possible_pairs: int, first_share: float, target_false_in_1000: int
) -> Chosen:
    """At or above the threshold a pair is a match. With a target, the lowest threshold that meets it."""
    values, counts = np.unique(totals, return_counts=True)
    if not len(values):
        return Chosen(
            threshold=0, match_share=0.0, expected_matches=0.0, expected_precision=1.0, expected_recall=1.0
        )
    share = estimated_share(values, counts, possible_pairs, first_share)
    values, counts = values[::-1], counts[::-1]
    expected = probability(values / _THOUSAND, share) * counts
    matches, pairs = np.cumsum(expected), np.cumsum(counts)
    at = _place(matches, pairs, target_false_in_1000)
    return Chosen(
        threshold=int(values[at]),
        match_share=share,
        expected_matches=float(matches[-1]),
        expected_precision=float(matches[at] / pairs[at]),
        expected_recall=float(matches[at] / max(matches[-1], 1e-12)),
    )


def _place(matches: Shares, pairs: Ints, target_false_in_1000: int) -> int:
    if not target_false_in_1000:
        return int(np.argmax(2 * matches / (pairs + matches[-1])))
    allowed = np.flatnonzero(pairs - matches <= pairs * target_false_in_1000 / _THOUSAND)
    return int(allowed[-1]) if len(allowed) else 0


def calibration(totals: Ints, is_match: npt.NDArray[np.bool_], share: float) -> tuple[Band, ...]:
    """Predicted against found share of matches, by band of predicted probability."""
    predicted = probability(totals / _THOUSAND, share)
    bands = []
    for least, most in pairwise(_BANDS):
        inside = (predicted >= least) & ((predicted < most) | (most == _ALL))
        if inside.any():
            bands.append(
                Band(
                    least=least,
                    most=most,
                    pairs=int(inside.sum()),
                    predicted=float(predicted[inside].mean()),
                    found=float(is_match[inside].mean()),
                )
            )
    return tuple(bands)
