"""m and u of every joint level: u from random pairs, m from sure pairs or by few rounds of EM with priors.

A level's share is taken among pairs where the same fields are present, so that an empty value is no evidence.
Fields of one group are learned together, pulled towards independence where pairs are few: what they have in
common (a place and its postcode) is counted once. Random pairs hold a few matches; those are weighed out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.patterns import GroupShape, Patterns
from pipelines.s4_link.scoring.schema import LinkSchema

Shares = npt.NDArray[np.float64]
_LEAST = 1e-12
_HALF = 0.5
_RANDOM_PRIOR = 1000.0  # pairs that independence is worth when u of a group is learned
_ROUNDS_FOR_SHARE = 5


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Per group log2(m / u) of each joint level, and the share of matches among all possible pairs."""

    weights: tuple[Shares, ...]
    m: tuple[Shares, ...]
    u: tuple[Shares, ...]
    match_share: float


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is learned from: patterns of candidates, of random pairs, and of sure pairs where there are any."""

    candidates: Patterns
    random: Patterns
    sure: Patterns | None
    possible_pairs: int
    first_matches: int  # a first guess of how many matches there are


def learn(schema: LinkSchema, shapes: tuple[GroupShape, ...], evidence: Evidence) -> Learned:
    """With sure pairs m is counted once; without, EM re-counts it among the candidates."""
    priors = [_prior(schema, shape) for shape in shapes]
    m = priors
    if evidence.sure is not None:
        m = _counted(
            shapes, evidence.sure, evidence.sure.counts.astype(np.float64), priors, schema.prior_pairs
        )
    u = _random_shares(shapes, evidence.random, evidence.random.counts.astype(np.float64))
    share = evidence.first_matches / max(evidence.possible_pairs, 1)
    rounds = schema.em_rounds if evidence.sure is None else min(schema.em_rounds, _ROUNDS_FOR_SHARE)
    for _ in range(rounds):
        probable = _posterior(evidence.candidates, m, u, share)
        among_random = _posterior(evidence.random, m, u, share)
        matches = probable * evidence.candidates.counts
        share = max(float(matches.sum()), 1.0) / max(evidence.possible_pairs, 1)
        if evidence.sure is None:
            m = _counted(shapes, evidence.candidates, matches, priors, schema.prior_pairs)
        u = _random_shares(shapes, evidence.random, (1 - among_random) * evidence.random.counts)
    weights = tuple(_log_ratio(a, b) for a, b in zip(m, u, strict=True))
    return Learned(weights=weights, m=tuple(m), u=tuple(u), match_share=share)


def _log_ratio(m: Shares, u: Shares) -> Shares:
    found: Shares = np.log2(np.maximum(m, _LEAST) / np.maximum(u, _LEAST))
    return found


def _posterior(patterns: Patterns, m: list[Shares], u: list[Shares], share: float) -> Shares:
    bits = np.zeros(len(patterns.counts))
    for joint, a, b in zip(patterns.joint, m, u, strict=True):
        bits += _log_ratio(a, b)[joint]
    return probability(bits, share)


def probability(bits: Shares, share: float) -> Shares:
    """The probability of a match, from the sum of match weights and the share of matches among all pairs."""
    share = min(max(share, _LEAST), 1 - _LEAST)
    with_prior = np.clip(bits + np.log2(share / (1 - share)), -100, 100)
    found: Shares = 1 / (1 + np.exp2(-with_prior))
    return found


def _prior(schema: LinkSchema, shape: GroupShape) -> Shares:
    """Shares of joint levels among matches before any data, as the schema states them, fields independent."""
    each = []
    for name in shape.fields:
        field = schema.field(name)
        shares = np.array([*(level.prior for level in field.levels), field.different_prior], dtype=np.float64)
        each.append(np.concatenate([[1.0], shares / shares.sum()]))
    return _within_mask(_product(each), shape)


def _product(each: list[Shares]) -> Shares:
    joint = np.ones(1)
    for shares in each:
        joint = np.outer(joint, shares).ravel()
    return joint


def _within_mask(shares: Shares, shape: GroupShape) -> Shares:
    """Shares add up to one among the joint levels with the same fields missing."""
    totals = np.bincount(shape.mask, shares)
    found: Shares = shares / np.maximum(totals[shape.mask], _LEAST)
    return found


def _counted(
    shapes: tuple[GroupShape, ...], patterns: Patterns, counts: Shares, priors: list[Shares], worth: int
) -> list[Shares]:
    return [
        _within_mask(np.bincount(joint, counts, minlength=shape.size) + worth * prior, shape)
        for shape, joint, prior in zip(shapes, patterns.joint, priors, strict=True)
    ]


def _random_shares(shapes: tuple[GroupShape, ...], patterns: Patterns, counts: Shares) -> list[Shares]:
    found = []
    for shape, joint in zip(shapes, patterns.joint, strict=True):
        seen: Shares = np.bincount(joint, counts, minlength=shape.size).astype(np.float64)
        independent = _within_mask(_product(_margins(shape, seen)), shape)
        found.append(_within_mask(seen + _RANDOM_PRIOR * independent, shape))
    return found


def _margins(shape: GroupShape, seen: Shares) -> list[Shares]:
    """Each field's own level shares; a level never seen counts as half a pair."""
    table = seen.reshape(shape.sizes)
    margins = []
    for axis in range(len(shape.sizes)):
        others = tuple(each for each in range(len(shape.sizes)) if each != axis)
        counts = table.sum(axis=others)[1:] + _HALF
        margins.append(np.concatenate([[1.0], counts / counts.sum()]))
    return margins
