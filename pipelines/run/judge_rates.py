"""How often judged pairs were what the machine said: by method and source, and by predicted probability.

Shares are whole millionths with a Wilson 95 % interval. They are shown to people and decide nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from pipelines.run.judged_pairs import BY_SCORE, MATCH
from pipelines.s4_link.judgements import NEGATIVE, POSITIVE, UNSURE
from pipelines.store.judged import Judgement

MILLION = 1_000_000
ALL_SOURCES = ""
_Z = 1.959963984540054  # two-sided 95 %
_BANDS = (0, 125_000, 500_000, 900_000, 990_000, 999_000, 999_900, MILLION)


@dataclass(frozen=True, kw_only=True)
class Share:
    """Part of a whole in millionths, with its interval; nothing is known when the whole is 0."""

    part: int
    whole: int
    ppm: int | None
    low_ppm: int
    high_ppm: int


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Of the judged pairs of a kind: how many were wrong. Wrong is another person for a match, the same for a review."""

    kind: str  # match · review
    method: str
    source: str  # empty: all sources
    same: int
    different: int
    unsure: int
    wrong: Share


@dataclass(frozen=True, kw_only=True)
class Band:
    """Scored pairs whose predicted probability lies in a band: predicted against found share of the same person."""

    least_ppm: int
    below_ppm: int
    predicted_ppm: int
    same: Share


def wilson(part: int, whole: int) -> Share:
    """Wilson's score interval; of nothing it is everything from 0 to 1."""
    if not whole:
        return Share(part=0, whole=0, ppm=None, low_ppm=0, high_ppm=MILLION)
    share, z2 = part / whole, _Z * _Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = _Z * sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return Share(
        part=part,
        whole=whole,
        ppm=round(share * MILLION),
        low_ppm=0 if part == 0 else max(0, round((middle - reach) * MILLION)),
        high_ppm=MILLION if part == whole else min(MILLION, round((middle + reach) * MILLION)),
    )


def rates(latest: Iterable[Judgement]) -> list[Rate]:
    """By kind, method and source, each method first over all its sources."""
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for said in latest:
        kind = "match" if said.outcome == MATCH else "review"
        for source in (ALL_SOURCES, said.source):
            counts.setdefault((kind, said.method, source), Counter())[said.verdict] += 1
    return [_rate(*key, counts[key]) for key in sorted(counts)]


def _rate(kind: str, method: str, source: str, said: Counter[str]) -> Rate:
    same, different = said[POSITIVE], said[NEGATIVE]
    return Rate(
        kind=kind,
        method=method,
        source=source,
        same=same,
        different=different,
        unsure=said[UNSURE],
        wrong=wilson(different if kind == "match" else same, same + different),
    )


def bands(latest: Iterable[Judgement]) -> list[Band]:
    """Predicted against found, over the judged pairs that were decided by their score."""
    judged = [
        (said.probability_ppm, said.verdict == POSITIVE)
        for said in latest
        if said.method in BY_SCORE and said.probability_ppm is not None and said.verdict != UNSURE
    ]
    return [
        Band(
            least_ppm=least,
            below_ppm=below,
            predicted_ppm=sum(ppm for ppm, _ in found) // len(found),
            same=wilson(sum(is_same for _, is_same in found), len(found)),
        )
        for least, below in pairwise(_BANDS)
        if (found := _inside(judged, least, below))
    ]


def _inside(judged: list[tuple[int, bool]], least: int, below: int) -> list[tuple[int, bool]]:
    return [(ppm, is_same) for ppm, is_same in judged if least <= ppm < below + (below == MILLION)]
