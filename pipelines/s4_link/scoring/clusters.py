"""Clusters by average linkage over the scored pairs: two clusters join on the mean weight of the pairs between them.

Pairs that were never candidates count neither for nor against a join. Each round joins every two clusters that are
each other's nearest, so that a few rounds over arrays do what a queue of single joins would. Where to stop is
chosen from the probabilities: the level at which the expected F1 of all pairs within clusters is largest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Ints

Floats = npt.NDArray[np.float64]
_EXTREME = 30_000  # thousandths of a bit from the threshold; beyond, a pair is as sure as can be
_DEPTH = 4_000  # how far below the match threshold joins are still looked at


@dataclass(frozen=True, kw_only=True)
class Joins:
    """Every join made, as the two clusters' smallest rows, with the level at which it stands."""

    kept: Ints
    joined: Ints
    level: Floats  # the mean weight, or a lower one of a join inside it
    pairs: Ints  # row pairs that the join puts into one cluster
    expected: Floats  # how many of them are expected to be matches


@dataclass(frozen=True, kw_only=True)
class _Edges:
    a: Ints
    b: Ints
    total: Ints
    count: Ints
    expected: Floats

    def chosen(self, at: Ints) -> _Edges:
        return _Edges(
            a=self.a[at], b=self.b[at], total=self.total[at], count=self.count[at], expected=self.expected[at]
        )


def clusters(count: int, left: Ints, right: Ints, totals: Ints, probable: Floats, *, threshold: int) -> Ints:
    """The cluster of each row, named by its smallest row number."""
    joins = all_joins(count, left, right, totals - threshold, probable)
    return cut(count, joins, best_level(joins, float(probable.sum())))


def all_joins(count: int, left: Ints, right: Ints, weights: Ints, probable: Floats) -> Joins:
    edges = _Edges(
        a=np.minimum(left, right),
        b=np.maximum(left, right),
        total=np.clip(weights, -_EXTREME, _EXTREME).astype(np.int64),
        count=np.ones(len(left), dtype=np.int64),
        expected=probable,
    )
    size = np.ones(count, dtype=np.int64)
    level = np.full(count, np.inf)
    made: list[tuple[Ints, Ints, Floats, Ints, Floats]] = []
    while True:
        edges = _reachable(count, edges)
        at = _nearest(count, edges)
        if not len(at):
            break
        a, b = edges.a[at], edges.b[at]
        level[a] = np.minimum(np.minimum(level[a], level[b]), edges.total[at] / edges.count[at])
        made.append((a, b, level[a], size[a] * size[b], edges.expected[at]))
        size[a] += size[b]
        edges = _after(count, edges, a, b)
    columns = [np.concatenate(each) for each in zip(*made, strict=True)] if made else [np.zeros(0)] * 5
    return Joins(
        kept=columns[0].astype(np.int64),
        joined=columns[1].astype(np.int64),
        level=columns[2],
        pairs=columns[3].astype(np.int64),
        expected=columns[4],
    )


def _reachable(count: int, edges: _Edges) -> _Edges:
    """Edges between clusters that a chain of edges good enough to join by connects; the others decide nothing."""
    good = np.flatnonzero(edges.total >= -_DEPTH * edges.count)
    part = _connected(count, edges.a[good], edges.b[good])
    return edges.chosen(np.flatnonzero(part[edges.a] == part[edges.b]))


def _connected(count: int, a: Ints, b: Ints) -> Ints:
    """The smallest number that a chain of edges leads to, for each number below count."""
    part = np.arange(count, dtype=np.int64)
    while True:
        low = np.minimum(part[a], part[b])
        before = part.copy()
        np.minimum.at(part, before[a], low)
        np.minimum.at(part, before[b], low)
        part = part[part]
        if np.array_equal(part, before):
            return part


def _nearest(count: int, edges: _Edges) -> Ints:
    """The edges that are the best of both their ends; of equal edges the first by row numbers is the better."""
    good = np.flatnonzero(edges.total >= -_DEPTH * edges.count)
    mean = edges.total[good] / edges.count[good]
    order = good[np.lexsort((edges.b[good], edges.a[good], -mean))]
    rank = np.arange(len(order), dtype=np.int64)
    best = np.full(count, len(order), dtype=np.int64)
    np.minimum.at(best, edges.a[order], rank)
    np.minimum.at(best, edges.b[order], rank)
    mutual: Ints = order[(best[edges.a[order]] == rank) & (best[edges.b[order]] == rank)]
    return mutual


def _after(count: int, edges: _Edges, kept: Ints, joined: Ints) -> _Edges:
    """Edges between the clusters there are now, those that fell together added up."""
    name = np.arange(count, dtype=np.int64)
    name[joined] = kept
    a, b = name[edges.a], name[edges.b]
    moved = (a != edges.a) | (b != edges.b)
    touched = np.zeros(count, dtype=np.bool_)
    touched[kept] = True
    changed = moved | touched[a] | touched[b]
    inside = a == b
    low, high = np.minimum(a, b), np.maximum(a, b)
    same = edges.chosen(np.flatnonzero(~changed))
    at = np.flatnonzero(changed & ~inside)
    code = low[at] * count + high[at]
    order = np.argsort(code, kind="stable")
    code, at = code[order], at[order]
    starts = np.flatnonzero(np.append(True, code[1:] != code[:-1])) if len(code) else at
    if not len(at):
        return same
    return _Edges(
        a=np.concatenate([same.a, low[at[starts]]]),
        b=np.concatenate([same.b, high[at[starts]]]),
        total=np.concatenate([same.total, np.add.reduceat(edges.total[at], starts)]),
        count=np.concatenate([same.count, np.add.reduceat(edges.count[at], starts)]),
        expected=np.concatenate([same.expected, np.add.reduceat(edges.expected[at], starts)]),
    )


def best_level(joins: Joins, expected_matches: float) -> float:
    """The level at which pairs within clusters have the largest expected F1."""
    if not len(joins.level):
        return 0.0
    order = np.argsort(-joins.level, kind="stable")
    found, pairs = np.cumsum(joins.expected[order]), np.cumsum(joins.pairs[order])
    at = int(np.argmax(2 * found / (pairs + max(expected_matches, found[-1]))))
    return float(joins.level[order][at])


def cut(count: int, joins: Joins, level: float) -> Ints:
    """Clusters from the joins at this level or above."""
    parent = np.arange(count, dtype=np.int64)
    chosen = joins.level >= level
    parent[joins.joined[chosen]] = joins.kept[chosen]
    while True:
        further = parent[parent]
        if np.array_equal(further, parent):
            return parent
        parent = further
