"""The verdict of Great Expectations on a table, telemetry off, nothing written to disk."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines.s3_validate.suite import Suite


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What Great Expectations says of one expectation: success, observed value (counts only), failing rows."""

    rule: str
    success: bool
    observed: str
    unexpected: int


def verdicts(table: pa.Table, suite: Suite) -> list[Verdict]:
    """One verdict per expectation of the suite, in its order."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("records").add_dataframe_asset("records")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": _frame(table, suite)})
    loaded = gx.ExpectationSuite(**suite.document)
    outcome = batch.validate(loaded, result_format="SUMMARY")
    return [_verdict(result) for result in outcome.results]


def _frame(table: pa.Table, suite: Suite) -> pd.DataFrame:
    """Only the columns the suite reads."""
    used = {
        expectation.kwargs[key]
        for expectation in suite.expectations
        for key in ("column", "column_A", "column_B")
        if key in expectation.kwargs
    } | {name for expectation in suite.expectations for name in expectation.kwargs.get("column_list", ())}
    frame: pd.DataFrame = table.select(sorted(used) or table.column_names[:1]).to_pandas()
    return frame


def _verdict(result: Any) -> Verdict:
    found = result.result or {}
    if "'raised_exception': True" in str(result.exception_info):
        raise RuntimeError(
            f"Great Expectations failed on [{result.expectation_config.type}]: it gave no verdict"
        )
    unexpected = int(found.get("unexpected_count") or 0)
    observed = found.get("observed_value")
    counted = f"{unexpected} of {found.get('element_count')}" if "element_count" in found else ""
    return Verdict(
        rule=result.expectation_config.meta["rule"],
        success=bool(result.success),
        observed=counted if observed is None else str(observed),
        unexpected=unexpected,
    )
