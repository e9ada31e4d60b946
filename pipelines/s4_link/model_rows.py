"""A run's model as rows of link_model: what it weighed by, what each rule cost, and what the check found."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.ids import short_id
from pipelines.contracts import conform
from pipelines.contracts.linked import LINK_MODEL
from pipelines.s4_link.checking import Hidden
from pipelines.s4_link.model import Model, Weighed, thousandths
from pipelines.s4_link.sift import Sieved

_BILLION = 10**9
Row = dict[str, Any]


def model_rows(model: Model, sieved: Sieved, checked: tuple[Hidden, ...], table_name: str) -> pa.Table:
    """LINK_MODEL of one linkage."""
    met, sampled = (pc.unique(table["source"]).to_pylist() for table in (sieved.records, sieved.persons))
    sources = "+".join(sorted({*met, *sampled}))
    common = {"table_name": table_name, "sources": sources, "model": model.name, "derived_from": []}
    rows = [*_levels(model), *_priors(model, sieved), *_thresholds(model), *_rules(sieved)]
    rows += [row for hidden in checked for row in _hidden(hidden)]
    named = [
        common
        | row
        | {
            "record_id": short_id(
                "W", table_name, sources, model.digest, row["kind"], row["name"], row["level"]
            )
        }
        for row in rows
    ]
    return conform(pa.Table.from_pylist(named, schema=LINK_MODEL.schema), LINK_MODEL)


def _row(kind: str, name: str, level: str, **figures: int | None) -> Row:
    empty = dict.fromkeys(("weight", "m_ppb", "u_ppb", "count", "of", "expected_ppm"))
    return {"kind": kind, "name": name, "level": level} | empty | figures


def _levels(model: Model) -> Iterator[Row]:
    for field, levels in model.levels.items():
        for level, one in levels.items():
            yield _level(field, level, one)


def _level(field: str, level: str, one: Weighed) -> Row:
    return _row(
        "level",
        field,
        level,
        weight=one.weight,
        m_ppb=_ppb(one.m),
        u_ppb=_ppb(one.u),
        count=one.count,
        of=one.of,
    )


def _ppb(rate: Fraction | None) -> int | None:
    return None if rate is None else int(rate * _BILLION)


def _priors(model: Model, sieved: Sieved) -> Iterator[Row]:
    for name, prior in model.priors.items():
        yield _row("prior", name, "odds", weight=thousandths(prior))
    yield _row("prior", "rows", "with_number", count=sieved.with_number, of=sieved.size)
    yield _row("prior", "rows", "matched_by_number", count=sieved.matched, of=sieved.with_number)
    yield _row("prior", "names", "counted", count=model.names_counted)


def _thresholds(model: Model) -> Iterator[Row]:
    yield _row("threshold", "match", str(model.match_error), weight=model.match_odds)
    yield _row("threshold", "review", str(model.review_error), weight=model.review_odds)


def _rules(sieved: Sieved) -> Iterator[Row]:
    for rule, pairs in sieved.pairs.pairs_by_step.items():
        yield _row("rule", rule, "pairs", count=pairs)
        yield _row("rule", rule, "blocks_left_out", count=sieved.pairs.blocks_skipped[rule])


def _hidden(hidden: Hidden) -> Iterator[Row]:
    for level in ("reached", "matched", "wrong"):
        yield _row("hidden", hidden.damage, level, count=getattr(hidden, level), of=hidden.rows)
    for rule, reached in hidden.reached_by_rule.items():
        if hidden.pairs_by_rule[rule]:
            yield _row("hidden", hidden.damage, f"reached by {rule}", count=reached, of=hidden.rows)
    for one in hidden.bins:
        level = "below" if one.least is None else str(one.least)
        yield _row(
            "calibration", hidden.damage, level, count=one.true, of=one.pairs, expected_ppm=one.expected_ppm
        )
