"""What a run's linkage weighs by: learned rates and weights, priors and thresholds, with a digest of all of it.

Whole thousandths of a bit throughout; no float reaches a decision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pipelines.base.ids import digest_bytes, short_id
from pipelines.s4_link.comparisons import Levels, thousandths_of_log2
from pipelines.s4_link.id_numbers import CUT_ENDING
from pipelines.s4_link.people import People, Rows, Truths
from pipelines.s4_link.settings import FIELDS, LEVELS

Weights = npt.NDArray[np.int32]
MILLION = 1_000_000
OPEN, STRANGER, FORMER = "open", "stranger", "former"
"""A row without a valid number; one whose valid number is nobody's with a member who has none; two valid numbers."""
KINDS = (OPEN, STRANGER, FORMER)
_SAME_NUMBER = frozenset({"equal", "equal_15"})


def thousandths(part: Fraction) -> int:
    """1000 · log2 of a ratio, towards zero."""
    if part >= 1:
        return thousandths_of_log2(part.numerator, part.denominator)
    return -thousandths_of_log2(part.denominator, part.numerator)


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """A level's rates among true and chance pairs, and its weight; `count` of `of` true pairs of the run show it."""

    m: Fraction | None
    u: Fraction | None
    count: int
    of: int
    weight: int


@dataclass(frozen=True, kw_only=True)
class Model:
    """Weights by field and level; the prior odds of the two kinds of rows; the log-odds a match and a review need.

    Of equal names `weights` holds only what m says; how rare a member's name is stands in `name_weights`,
    one a member.
    """

    levels: Mapping[str, Mapping[str, Weighed]]
    name_weights: Weights
    names_counted: int
    priors: Mapping[str, Fraction]
    match_error: Fraction
    review_error: Fraction
    settings_digest: str

    @property
    def name(self) -> str:
        """What links call it."""
        return short_id("M", self.digest)

    @property
    def match_odds(self) -> int:
        """Log-odds from which on a pair may be a match."""
        return thousandths(1 / self.match_error - 1)

    @property
    def review_odds(self) -> int:
        return thousandths(1 / self.review_error - 1)

    @cached_property
    def digest(self) -> str:
        """Of everything a weight or a threshold depends on."""
        document = {
            "levels": {
                field: {
                    level: [str(one.m), str(one.u), one.count, one.weight] for level, one in levels.items()
                }
                for field, levels in self.levels.items()
            },
            "names": [self.names_counted, digest_bytes(np.sort(self.name_weights).tobytes())],
            "priors": {name: str(prior) for name, prior in self.priors.items()},
            "targets": [str(self.match_error), str(self.review_error)],
            "settings": self.settings_digest,
        }
        return digest_bytes(json.dumps(document, sort_keys=True).encode())


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Levels and weights of pairs, their sum, and the sum with the prior: the log-odds that both are one person."""

    levels: Levels
    weights: Mapping[str, Weights]
    total: Weights
    kinds: Rows  # which prior, by its place in KINDS
    odds: Weights

    @property
    def records(self) -> Rows:
        return self.levels.records

    @property
    def members(self) -> Rows:
        return self.levels.members

    def is_level(self, field: str, levels: frozenset[str]) -> Truths:
        """For each pair: is the field at one of these levels."""
        return self.levels.is_level(field, levels)


def weigh(levels: Levels, records: People, members: People, model: Model) -> Compared:
    """Each level's weight; agreement on a rare name says more than on a common one."""
    weights = {field: _table(model, field)[levels.of[field]] for field in FIELDS}
    equal = levels.of["name"] == LEVELS["name"].index("equal")
    rare = np.where(equal, model.name_weights[levels.members], 0)
    weights["name"] = (weights["name"] + rare).astype(np.int32)
    total: Weights = np.stack([weights[field] for field in FIELDS]).sum(axis=0, dtype=np.int32)
    prior = np.array([thousandths(model.priors[kind]) for kind in KINDS], dtype=np.int32)
    kinds = _kinds(levels, records, members)
    return Compared(levels=levels, weights=weights, total=total, kinds=kinds, odds=total + prior[kinds])


def _kinds(levels: Levels, records: People, members: People) -> Rows:
    """Which prior each pair has, by its place in KINDS."""
    known, own = (
        _trusted(people)[at] for people, at in ((records, levels.records), (members, levels.members))
    )
    is_stranger = known & ~levels.is_level("id", _SAME_NUMBER)
    kinds: Rows = is_stranger.astype(np.int64) + (is_stranger & own)
    return kinds


def _trusted(people: People) -> Truths:
    """Whether each person's number is valid and not one that a spreadsheet may have cut."""
    numbers = people.rows["id18"]
    whole = pc.and_kleene(pc.is_valid(numbers), pc.invert(pc.ends_with(numbers, CUT_ENDING)))
    return np.asarray(pc.fill_null(whole, False), dtype=np.bool_)


def _table(model: Model, field: str) -> Weights:
    return np.array([model.levels[field][level].weight for level in LEVELS[field]], dtype=np.int32)


def probability_ppm(odds: Weights) -> npt.NDArray[np.int32]:
    """Log-odds as millionths, for people to read; never quite certain."""
    exact = MILLION / (1 + np.exp2(-np.clip(odds, -40_000, 40_000) / 1000))
    return np.clip(np.rint(exact), 0, MILLION - 1).astype(np.int32)
