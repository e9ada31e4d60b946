"""Why two records were held to be one person: the waterfall of a pair, added up again from its row and its model.

Whole thousandths of a bit. Words stand elsewhere (wording/explained.py): this is only the sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

Row = Mapping[str, Any]
MILLION = 1_000_000
_KINDS = ("open", "stranger", "former")
_STEEPEST = 40_000  # beyond it a probability no longer moves


@dataclass(frozen=True, kw_only=True)
class ModelFigures:
    """Of one model: prior log-odds by the kind of row, and the log-odds from which on a pair matches or is shown."""

    priors: Mapping[str, int]
    match_odds: int | None
    review_odds: int | None
    match_error: str
    review_error: str


Models = Mapping[str, ModelFigures]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One comparison, and the running total once it is added."""

    field: str
    level: str
    weight: int
    total: int
    record_value: str | None
    member_value: str | None


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """From the prior odds over every field to the log-odds that both are one person.

    A pair of a run older than models has no prior: its steps begin at 0 and `odds` is None.
    """

    pair: str
    method: str
    reason: str  # of a review; empty for a match
    rule: str
    model: str
    figures: ModelFigures | None
    kind: str  # of row, which prior it has; empty where unknown
    prior: int | None
    steps: tuple[Step, ...]
    odds: int | None
    probability_ppm: int | None

    @property
    def end(self) -> int:
        """The last running total."""
        return self.steps[-1].total if self.steps else self.prior or 0


def models_of(link_model: pa.Table | None) -> dict[str, ModelFigures]:
    """The models of a run by the name that links call them."""
    rows: dict[str, list[Row]] = {}
    for row in link_model.to_pylist() if link_model is not None else ():
        if row["kind"] in ("prior", "threshold"):
            rows.setdefault(row["model"], []).append(row)
    return {name: _figures(found) for name, found in rows.items()}


def _figures(rows: Iterable[Row]) -> ModelFigures:
    by_key = {(row["kind"], row["name"]): row for row in rows if row["weight"] is not None}
    match, review = (by_key.get(("threshold", name)) for name in ("match", "review"))
    return ModelFigures(
        priors={kind: by_key["prior", kind]["weight"] for kind in _KINDS if ("prior", kind) in by_key},
        match_odds=match["weight"] if match else None,
        review_odds=review["weight"] if review else None,
        match_error=match["level"] if match else "",
        review_error=review["level"] if review else "",
    )


def waterfall(pair: Row, models: Models) -> Waterfall:
    """The sum behind a row of linked_match or linked_review."""
    figures = models.get(pair.get("model") or "")
    kind = pair.get("prior_kind") or ""
    prior = figures.priors[kind] if figures else None
    return Waterfall(
        pair=pair["record_id"],
        method=pair["method"],
        reason=pair.get("reason") or "",
        rule=pair.get("rule") or "",
        model=pair.get("model") or "",
        figures=figures,
        kind=kind,
        prior=prior,
        steps=_steps(pair["comparisons"], prior or 0),
        odds=None if prior is None else prior + pair["weight"],
        probability_ppm=pair.get("probability_ppm"),
    )


def _steps(comparisons: Iterable[Row], total: int) -> tuple[Step, ...]:
    steps = []
    for one in comparisons:
        total += one["weight"]
        steps.append(
            Step(
                field=one["field"],
                level=one["level"],
                weight=one["weight"],
                total=total,
                record_value=one["record_value"],
                member_value=one["member_value"],
            )
        )
    return tuple(steps)


def probability_ppm(odds: int) -> int:
    """Log-odds in thousandths of a bit as millionths; never quite certain."""
    steep = max(-_STEEPEST, min(_STEEPEST, odds))
    return min(MILLION - 1, max(0, round(MILLION / (1 + math.pow(2, -steep / 1000)))))
