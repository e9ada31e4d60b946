"""The waterfall of a pair: added up again from the row and the model that weighed it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.linked import LINK_MODEL
from pipelines.lineage.explaining import models_of, probability_ppm, waterfall
from pipelines.s4_link.model import probability_ppm as as_the_linkage_has_it

WHOLE, OTHER, FAULTY = "730724195606120019", "730724195606120027", "730724195606120018"
PRIORS = {"open": -16_660, "stranger": -16_515, "former": -25_481}


def figure(kind: str, name: str, level: str, weight: int) -> dict[str, Any]:
    empty = dict.fromkeys(("m_ppb", "u_ppb", "count", "of"))
    row = {"record_id": f"W-{kind}-{name}", "table_name": "vehicle", "sources": "vehicle", "model": "M-1"}
    return row | {"kind": kind, "name": name, "level": level, "weight": weight, "derived_from": []} | empty


MODELS = models_of(
    pa.Table.from_pylist(
        [
            *(figure("prior", kind, "odds", odds) for kind, odds in PRIORS.items()),
            figure("threshold", "match", "1/256", 7_994),
            figure("threshold", "review", "7/8", -2_807),
            figure("level", "sex", "equal", 998),
        ],
        schema=LINK_MODEL.schema,
    )
)


def pair(*compared: tuple[str, str, int], prior: str = "open", **said: Any) -> dict[str, Any]:
    """A row as the linkage writes it: its probability follows from the prior and the weights."""
    total = sum(weight for _, _, weight in compared)
    comparisons = [
        {"field": field, "level": level, "weight": weight, "record_value": None, "member_value": None}
        for field, level, weight in compared
    ]
    return {
        "record_id": "L-1", "method": "scored", "rule": "name_and_birth", "model": "M-1", "weight": total,
        "probability_ppm": probability_ppm(PRIORS[prior] + total), "comparisons": comparisons,
        "prior_kind": prior,
    } | said  # fmt: skip


def test_a_waterfall_goes_from_the_prior_over_every_field_to_the_result() -> None:
    fall = waterfall(
        pair(("id", "missing", 0), ("name", "equal", 13_000), ("birth_date", "equal", 14_500)), MODELS
    )
    assert fall.prior == -16_660
    assert [step.total for step in fall.steps] == [-16_660, -3_660, 10_840]
    assert (fall.odds, fall.end) == (10_840, 10_840)
    assert fall.probability_ppm == 999_455
    assert fall.figures is not None
    assert (fall.figures.match_odds, fall.figures.match_error) == (7_994, "1/256")
    assert (fall.figures.review_odds, fall.figures.review_error) == (-2_807, "7/8")


@given(st.lists(st.integers(-25_000, 30_000), max_size=6), st.sampled_from(sorted(PRIORS)))
def test_the_last_total_is_always_the_prior_and_the_weight_of_the_row(weights: list[int], prior: str) -> None:
    row = pair(*[("name", "equal", weight) for weight in weights], prior=prior)
    fall = waterfall(row, MODELS)
    assert fall.prior is not None
    assert fall.end == fall.odds == fall.prior + row["weight"]
    assert probability_ppm(fall.odds) == row["probability_ppm"]


@pytest.mark.parametrize("prior", sorted(PRIORS))
def test_each_kind_of_row_begins_at_its_prior(prior: str) -> None:
    fall = waterfall(pair(("id", "differ", -6_000), ("name", "equal", 20_000), prior=prior), MODELS)
    assert (fall.kind, fall.prior) == (prior, PRIORS[prior])


def test_a_pair_of_a_run_older_than_models_begins_at_nothing() -> None:
    row = pair(("id", "equal", 30_000), ("name", "equal", 9_000))
    for new in ("rule", "probability_ppm", "model", "prior_kind"):
        row[new] = None
    fall = waterfall(row, models_of(None))
    assert (fall.prior, fall.odds, fall.figures, fall.probability_ppm) == (None, None, None, None)
    assert [step.total for step in fall.steps] == [30_000, 39_000]


@given(st.integers(-60_000, 60_000))
def test_millionths_are_those_of_the_linkage(odds: int) -> None:
    assert probability_ppm(odds) == int(as_the_linkage_has_it(np.array([odds], dtype=np.int32))[0])
