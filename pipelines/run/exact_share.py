"""Exact binomial figures: Clopper–Pearson intervals, and how many cases a claim about a rate of errors needs.

Shown to people; nothing is decided by them. Limits are whole millionths, rounded away from what was found.
"""

from __future__ import annotations

from math import exp, fsum, lgamma, log, log1p

from pipelines.run.judge_rates import MILLION, Share

TAIL_PPM = 25_000
"""Of a two-sided 95 % interval, on each side."""
CLAIM_TAIL_PPM = 50_000
"""A claim at 95 % confidence looks at one side only."""


def at_most(errors: int, cases: int, rate_ppm: int) -> float:
    """The chance of no more than `errors` in so many cases when each is one with this rate."""
    if errors >= cases or rate_ppm <= 0:
        return 1.0
    if rate_ppm >= MILLION:
        return 0.0
    rate = rate_ppm / MILLION
    return min(1.0, fsum(exp(_log_chance(found, cases, rate)) for found in range(errors + 1)))


def exact(part: int, whole: int, tail_ppm: int = TAIL_PPM) -> Share:
    """Clopper and Pearson's interval; of nothing it is everything from 0 to 1."""
    if not whole:
        return Share(part=0, whole=0, ppm=None, low_ppm=0, high_ppm=MILLION)
    return Share(
        part=part,
        whole=whole,
        ppm=round(part * MILLION / whole),
        low_ppm=MILLION - upper_limit(whole - part, whole, tail_ppm),
        high_ppm=upper_limit(part, whole, tail_ppm),
    )


def upper_limit(errors: int, cases: int, tail_ppm: int = TAIL_PPM) -> int:
    """The least rate at which no more than so many errors have at most this chance."""
    if errors >= cases:
        return MILLION
    low, high = 0, MILLION
    while high - low > 1:
        middle = (low + high) // 2
        if at_most(errors, cases, middle) * MILLION > tail_ppm:
            low = middle
            continue
        high = middle
    return high


def cases_needed(errors: int, most_ppm: int, tail_ppm: int = CLAIM_TAIL_PPM) -> int:
    """The fewest cases among which so many errors still show that the rate is at most `most_ppm`."""
    low, high = errors, errors + 1
    while at_most(errors, high, most_ppm) * MILLION > tail_ppm:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if at_most(errors, middle, most_ppm) * MILLION > tail_ppm:
            low = middle
            continue
        high = middle
    return high


def _log_chance(found: int, cases: int, rate: float) -> float:
    ways = lgamma(cases + 1) - lgamma(found + 1) - lgamma(cases - found + 1)
    return ways + found * log(rate) + (cases - found) * log1p(-rate)
