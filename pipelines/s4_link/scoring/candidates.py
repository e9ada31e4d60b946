"""Candidate pairs: rows with the same key under some blocking rule, each pair once. Blocking bounds recall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Ints, Rows, expanded, row_keys
from pipelines.s4_link.scoring.schema import BlockingRule, KeyPart, LinkSchema

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class RuleCost:
    """What a rule costs: the pairs it gives, and the blocks and pairs left out as too large."""

    rule: str
    pairs: int
    blocks_left_out: int
    pairs_left_out: int


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Pairs by row number, in the order of left and right; and the cost of each rule."""

    left: Ints
    right: Ints
    costs: tuple[RuleCost, ...]


@dataclass(frozen=True, kw_only=True)
class _Blocks:
    """Rows in the order of their keys; block b holds `at[starts[b]:ends[b]]` and makes `pairs[b]` pairs."""

    at: Ints
    keys: Ints
    starts: Ints
    ends: Ints
    rights: Ints  # where the rows of the right side begin; with one side only, the same as starts
    pairs: Ints


def candidate_pairs(rows: Rows, schema: LinkSchema) -> Candidates:
    """Pairs under every rule; a pair found by several rules stands once."""
    found = [_pairs_of_rule(rows, rule, schema.most_pairs_per_block) for rule in schema.blocking]
    numbers = np.sort(np.concatenate([pairs for pairs, _ in found]))
    is_first = np.ones(len(numbers), dtype=np.bool_)
    is_first[1:] = numbers[1:] != numbers[:-1]
    left, right = np.divmod(numbers[is_first], rows.count)
    return Candidates(left=left, right=right, costs=tuple(cost for _, cost in found))


def pairs_by_rule(rows: Rows, schema: LinkSchema) -> dict[str, Ints]:
    """The pair numbers (left · rows + right) of each rule, for measuring what a rule reaches."""
    most = schema.most_pairs_per_block
    return {rule.name: np.unique(_pairs_of_rule(rows, rule, most)[0]) for rule in schema.blocking}


def _pairs_of_rule(rows: Rows, rule: BlockingRule, most: int) -> tuple[Ints, RuleCost]:
    blocks = _blocks(rows, *_keys(rows, rule.parts))
    is_large = blocks.pairs > most
    pairs = _enumerated(rows, blocks, ~is_large)
    left_out = blocks.pairs[is_large]
    if rule.then and len(left_out):
        split = _split(rows, blocks, is_large, rule.then)
        too_large = split.pairs > most
        pairs = np.concatenate([pairs, _enumerated(rows, split, ~too_large)])
        left_out = split.pairs[too_large]
    cost = RuleCost(
        rule=rule.name, pairs=len(pairs), blocks_left_out=len(left_out), pairs_left_out=int(left_out.sum())
    )
    return pairs, cost


def _keys(rows: Rows, parts: tuple[KeyPart, ...]) -> tuple[Ints, Ints]:
    return row_keys(rows, [(part.column, part.key) for part in parts])


def _blocks(rows: Rows, at: Ints, keys: Ints) -> _Blocks:
    order = np.argsort(keys, kind="stable")
    at, keys = at[order], keys[order]
    is_start = np.ones(len(keys), dtype=np.bool_)
    is_start[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(is_start).astype(np.int64)
    ends = np.append(starts[1:], len(keys)).astype(np.int64)
    if not rows.is_two_sided:
        size = ends - starts
        return _Blocks(
            at=at, keys=keys, starts=starts, ends=ends, rights=starts, pairs=size * (size - 1) // 2
        )
    lefts = np.add.reduceat((at < rows.left).astype(np.int64), starts) if len(starts) else starts
    rights = starts + lefts  # a side's rows are ascending within a block, the left side's first
    return _Blocks(at=at, keys=keys, starts=starts, ends=ends, rights=rights, pairs=lefts * (ends - rights))


def _split(rows: Rows, blocks: _Blocks, is_large: Truths, then: tuple[KeyPart, ...]) -> _Blocks:
    """The large blocks taken apart by a further key; rows without it are in none."""
    lines, within = expanded((blocks.ends - blocks.starts)[is_large])
    places = blocks.starts[is_large][lines] + within
    further_at, further = _keys(rows, then)
    further = np.unique(further, return_inverse=True)[1]
    by_row = np.full(rows.count, -1, dtype=np.int64)
    by_row[further_at] = further
    at = blocks.at[places]
    has = by_row[at] >= 0
    at, lines = at[has], lines[has]
    keys = lines * (rows.count + 1) + by_row[at]
    order = np.argsort(at, kind="stable")
    return _blocks(rows, at[order], keys[order])


def _enumerated(rows: Rows, blocks: _Blocks, kept: Truths) -> Ints:
    """Every pair within the kept blocks, as left · rows + right."""
    kept = kept & (blocks.pairs > 0)
    starts, ends, rights = blocks.starts[kept], blocks.ends[kept], blocks.rights[kept]
    if not rows.is_two_sided:
        lines, within = expanded(ends - starts)
        first = starts[lines] + within
        second_from, count = first + 1, ends[lines] - first - 1
    else:
        lines, within = expanded(rights - starts)
        first = starts[lines] + within
        second_from, count = rights[lines], (ends - rights)[lines]
    pairs, within = expanded(count)
    numbers: Ints = blocks.at[first[pairs]] * rows.count + blocks.at[second_from[pairs] + within]
    return numbers


def found_by(rows: Rows, schema: LinkSchema, left: int, right: int) -> tuple[str, ...]:
    """The rules under which two rows meet, for an explanation."""
    names = []
    for rule in schema.blocking:
        at, keys = _keys(rows, rule.parts)
        if np.intersect1d(keys[at == left], keys[at == right]).size:
            names.append(rule.name)
    return tuple(names)
