"""How often the determinations of a month are wrong, in both directions: 错保 and 漏保, from a reviewed sample.

错保: somebody gets what the rules do not give. 漏保: somebody does not get what they give. Households outside the
lists are not in the sample. Cases nobody could decide are left out of the rates and count as errors in the claim.

Over all strata: each stratum's rate weighs as many as the stratum has households. The interval is Clopper and
Pearson's at the effective number of cases (Kish: n / (1 + the square of the weights' variation)), with whole cases
rounded so that the interval is the wider one. Where every case weighs the same it is valid whatever the rates of the
strata are (Hoeffding 1956); else it is near. Nothing is taken off for the finite number of households.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

from pipelines.run.accuracy_file import UNSURE, WRONGLY_IN, WRONGLY_OUT, read_verdicts
from pipelines.run.accuracy_sample import Sample, Stratum
from pipelines.run.exact_share import CLAIM_TAIL_PPM, TAIL_PPM, exact, upper_limit
from pipelines.run.judge_rates import MILLION, Share

_WORST = (WRONGLY_IN, WRONGLY_OUT, UNSURE)
METHOD = {
    "zh": "合计：各层比例按层内户数加权；区间为有效样本量（Kish）下的 Clopper–Pearson 精确区间，取整从宽。",
    "en": "All: each stratum's rate weighs its households; the interval is Clopper-Pearson's at the effective number "
    "of cases (Kish), rounded to the wider side.",
}


@dataclass(frozen=True, kw_only=True)
class StratumRates:
    """One stratum: its households, the verdicts, and both rates among the decided."""

    programme: str
    is_flagged: bool
    households: int
    reviewed: int
    unsure: int
    wrongly_in: Share
    wrongly_out: Share


@dataclass(frozen=True, kw_only=True)
class Overall:
    """A rate over all strata; nothing is known while a stratum has no decided case."""

    ppm: int | None
    low_ppm: int
    high_ppm: int


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """The figure of a reviewed sample."""

    run_id: str
    month: str
    seed: str
    strata: tuple[StratumRates, ...]
    wrongly_in: Overall
    wrongly_out: Overall
    wrong: Overall
    claim_ppm: int
    """With 95 % confidence at least this share is right, the undecided counted as wrong."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Of one stratum: households, cases looked at, and errors among them."""

    households: int
    cases: int
    errors: int


def accuracy_of(path: Path, where: Mapping[str, object] | None = None) -> Accuracy:
    """The figure of a filled file; ReviewInvalid when the file is not the sample it says it is."""
    sample, verdicts = read_verdicts(path, where)
    return rated(sample, verdicts)


def rated(sample: Sample, verdicts: Mapping[str, str]) -> Accuracy:
    """Both rates by stratum and over all."""
    said: dict[Stratum, Counter[str]] = {stratum: Counter() for stratum in sample.sizes}
    for one in sample.drawn:
        said[one.stratum][verdicts[one.household_id]] += 1

    def over_all(*kinds: str) -> Overall:
        return weighted([_tally(sample.sizes[at], said[at], kinds) for at in sample.sizes])

    worst = [
        Tally(households=sample.sizes[at], cases=said[at].total(), errors=_count(said[at], _WORST))
        for at in sample.sizes
    ]
    return Accuracy(
        run_id=sample.run_id,
        month=sample.month,
        seed=sample.seed,
        strata=tuple(_stratum(at, sample.sizes[at], said[at]) for at in sample.sizes),
        wrongly_in=over_all(WRONGLY_IN),
        wrongly_out=over_all(WRONGLY_OUT),
        wrong=over_all(WRONGLY_IN, WRONGLY_OUT),
        claim_ppm=MILLION - weighted(worst, tail_ppm=CLAIM_TAIL_PPM).high_ppm,
    )


def weighted(tallies: list[Tally], tail_ppm: int = TAIL_PPM) -> Overall:
    """See the module's docstring for the method."""
    households = sum(tally.households for tally in tallies)
    if not households or not all(tally.cases for tally in tallies):
        return Overall(ppm=None, low_ppm=0, high_ppm=MILLION)
    rate = sum((Fraction(one.errors * one.households, one.cases * households) for one in tallies), Fraction())
    # Each case stands for households / cases of its stratum: (Σ w)² / Σ w².
    squares = sum((Fraction(one.households**2, one.cases) for one in tallies), Fraction())
    effective = Fraction(households**2) / squares
    return Overall(
        ppm=round(rate * MILLION),
        low_ppm=exact(floor(rate * effective), ceil(effective), tail_ppm).low_ppm,
        high_ppm=upper_limit(ceil(rate * effective), floor(effective), tail_ppm),
    )


def _tally(households: int, said: Counter[str], kinds: tuple[str, ...]) -> Tally:
    return Tally(households=households, cases=said.total() - said[UNSURE], errors=_count(said, kinds))


def _count(said: Counter[str], kinds: tuple[str, ...]) -> int:
    return sum(said[kind] for kind in kinds)


def _stratum(at: Stratum, households: int, said: Counter[str]) -> StratumRates:
    decided = said.total() - said[UNSURE]
    return StratumRates(
        programme=at[0],
        is_flagged=at[1],
        households=households,
        reviewed=said.total(),
        unsure=said[UNSURE],
        wrongly_in=exact(said[WRONGLY_IN], decided),
        wrongly_out=exact(said[WRONGLY_OUT], decided),
    )
