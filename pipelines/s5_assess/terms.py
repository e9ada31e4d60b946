"""One row of what the pack states for the month and several statements read; empty where it states nothing."""

from __future__ import annotations

import pyarrow as pa

from pipelines.base.period import Period
from pipelines.policy import Pack
from pipelines.policy.catalogue import OPTIONAL, Unit

_DISREGARD = "income.resident_pension_disregard"
_BETWEEN = "amount.between_reviews"
_REVIEWS = "amount.review_months"
_WHOLE_PERCENT = 100
# Where the pack does not state them: what is above is clearly above, what is open closes where it opened.
_AT_ONCE = ("income.clearly_above", "amount.hysteresis")
_WHOLE = pa.int64()
_TEXTS = pa.list_(pa.string())


def terms(policy: Pack, period: Period) -> pa.Table:
    """The table `term`: a column for each optional parameter, dots as underscores, and what several statements share."""
    row: dict[str, int | list[str] | None] = {
        path.replace(".", "_"): _stated(policy, path, period) for path in OPTIONAL
    }
    for path in _AT_ONCE:
        row[path.replace(".", "_")] = row[path.replace(".", "_")] or _WHOLE_PERCENT
    row["whole"] = _WHOLE_PERCENT
    row["disregard"] = _stated(policy, _DISREGARD, period) or 0
    row["taxed_months"] = policy.value("income.taxed_months", period).number
    row["income_sources"] = policy.value("income.sources", period).codes
    row["materiality"] = _materiality(policy, period)
    lists = {path.replace(".", "_") for path, unit in OPTIONAL.items() if unit is Unit.CODES} | {
        "income_sources"
    }
    schema = pa.schema([(name, _TEXTS if name in lists else _WHOLE) for name in row])
    return pa.Table.from_pylist([row], schema=schema)


def _stated(policy: Pack, path: str, period: Period) -> int | list[str] | None:
    """A value that has ended, as the exclusion of the basic pension may, is none."""
    if not policy.states(path, period):
        return None
    value = policy.value(path, period).value
    return value if isinstance(value, int) else list(value)


def _materiality(policy: Pack, period: Period) -> int:
    """Between two reviews only a larger difference counts, where the pack says so."""
    usual = policy.value("amount.materiality", period).number
    if not (policy.states(_REVIEWS, period) and policy.states(_BETWEEN, period)):
        return usual
    is_review = f"{period.month:02d}" in policy.value(_REVIEWS, period).codes
    return usual if is_review else policy.value(_BETWEEN, period).number
