"""Rows and a schema in, scored pairs out: candidates, levels, weights, threshold; the same for shuffled rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.scoring.candidates import RuleCost, candidate_pairs
from pipelines.s4_link.scoring.coding import Ints, Rows, coded_rows
from pipelines.s4_link.scoring.comparing import Levels, compare
from pipelines.s4_link.scoring.frequency import Thousandths, frequency_part
from pipelines.s4_link.scoring.learning import Evidence, learn
from pipelines.s4_link.scoring.model import GroupWeights, Model, group_weights, share_in_1e9
from pipelines.s4_link.scoring.patterns import GroupShape, Patterns, patterns, shapes
from pipelines.s4_link.scoring.schema import LinkSchema
from pipelines.s4_link.scoring.threshold import Chosen, choose_threshold

_SEED = 20261123


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Candidate pairs by row number with the level of every field and the total, in thousandths of a bit."""

    schema: LinkSchema
    rows: Rows
    left: Ints
    right: Ints
    levels: Mapping[str, Levels]
    by_frequency: Mapping[str, Thousandths]
    totals: Ints
    model: Model
    chosen: Chosen
    costs: tuple[RuleCost, ...]
    distinct: Mapping[str, int]

    @property
    def is_match(self) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = self.totals >= self.model.threshold
        return found


def score(
    left: pa.Table,
    right: pa.Table | None,
    schema: LinkSchema,
    *,
    sure: pa.Table | None = None,
    model: Model | None = None,
) -> Scored:
    """Score the pairs of two tables, or of one with itself.

    `sure` are pairs known to be matches (columns left, right: ids), from which m is counted; without it m is
    learned by EM. With a `model` nothing is learned, and its threshold holds.
    """
    rows = coded_rows(left, right, schema)
    found = candidate_pairs(rows, schema)
    compared = compare(rows, found.left, found.right, schema)
    groups = shapes(schema)
    seen = patterns(groups, compared.levels)
    weights, share = (
        _weights(rows, schema, groups, seen, sure) if model is None else (model.groups, model.match_share)
    )
    parts = {
        field.name: frequency_part(
            rows, found.left, found.right, field, compared.levels[field.name], schema.frequency_cap
        )
        for field in schema.fields
        if field.by_frequency
    }
    totals = _totals(seen, weights, parts)
    chosen = choose_threshold(
        totals,
        possible_pairs=rows.possible_pairs,
        first_share=share,
        target_false_in_1000=schema.target_false_in_1000,
    )
    return Scored(
        schema=schema,
        rows=rows,
        left=found.left,
        right=found.right,
        levels=compared.levels,
        by_frequency=parts,
        totals=totals,
        model=model or _model(schema, weights, chosen),
        chosen=chosen,
        costs=found.costs,
        distinct=compared.distinct,
    )


def _model(schema: LinkSchema, weights: tuple[GroupWeights, ...], chosen: Chosen) -> Model:
    return Model(
        schema=schema.name,
        groups=weights,
        matches_per_1e9=share_in_1e9(chosen.match_share),
        threshold=chosen.threshold,
    )


def _weights(
    rows: Rows, schema: LinkSchema, groups: tuple[GroupShape, ...], seen: Patterns, sure: pa.Table | None
) -> tuple[tuple[GroupWeights, ...], float]:
    a, b = random_pairs(rows, schema.random_pairs)
    evidence = Evidence(
        candidates=seen,
        random=patterns(groups, compare(rows, a, b, schema).levels),
        sure=None if sure is None else _sure_patterns(rows, schema, groups, sure),
        possible_pairs=rows.possible_pairs,
        first_matches=min(rows.left, rows.count - rows.left) if rows.is_two_sided else rows.left,
    )
    learned = learn(schema, groups, evidence)
    names = {field.name: field.level_names for field in schema.fields}
    return group_weights(learned, groups, names), learned.match_share


def _sure_patterns(
    rows: Rows, schema: LinkSchema, groups: tuple[GroupShape, ...], sure: pa.Table
) -> Patterns:
    """Pairs whose ids are both among the rows."""
    a = pc.index_in(sure["left"].cast(pa.string()), value_set=rows.ids[: rows.left])
    right_from = rows.left if rows.is_two_sided else 0
    b = pc.index_in(sure["right"].cast(pa.string()), value_set=rows.ids[right_from:])
    both = pc.and_(pc.is_valid(a), pc.is_valid(b))
    left = np.asarray(a.filter(both), dtype=np.int64)
    right = np.asarray(b.filter(both), dtype=np.int64) + right_from
    return patterns(groups, compare(rows, left, right, schema).levels)


def random_pairs(rows: Rows, count: int) -> tuple[Ints, Ints]:
    """So many pairs drawn evenly, the same on every run; of a file with itself, a row never with itself."""
    draw = np.random.Generator(np.random.PCG64(_SEED))
    if not rows.possible_pairs:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing
    if rows.is_two_sided:
        return draw.integers(0, rows.left, count), draw.integers(rows.left, rows.count, count)
    a, b = draw.integers(0, rows.count, count), draw.integers(0, rows.count - 1, count)
    return a, b + (b >= a)


def _totals(seen: Patterns, weights: tuple[GroupWeights, ...], parts: Mapping[str, Thousandths]) -> Ints:
    by_pattern = np.zeros(len(seen.counts), dtype=np.int64)
    for joint, group in zip(seen.joint, weights, strict=True):
        by_pattern += np.array(group.weights, dtype=np.int64)[joint]
    totals = by_pattern[seen.of_pair]
    for part in parts.values():
        totals += part
    return totals
