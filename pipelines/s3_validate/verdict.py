"""The verdict of Great Expectations on a table, telemetry off, nothing written to disk."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.database import in_memory
from pipelines.s3_validate.rows import ROW_LEVEL
from pipelines.s3_validate.suite import Expectation, Suite

_AT_ONCE = 500_000  # rows
_SORTED_WORDS = ("expect_column_values_to_be_in_set", "expect_column_values_to_match_regex")
_PRESENCE = "expect_column_values_to_not_be_null"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What Great Expectations says of one expectation: success, observed value (counts only), failing rows."""

    rule: str
    success: bool
    observed: str
    unexpected: int
    rows: int = 0  # of a row-level expectation: the rows it saw, and how many had a value to judge
    judged: int = 0


class Verdicts:
    """Verdicts over rows that come in parts, of which only so many are in memory.

    Row-level expectations are judged part by part and their counts added. The others (a median, uniqueness)
    need their whole columns: numbers are kept as they are, texts as 64-bit hashes.
    """

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._by_row = tuple(one for one in suite.expectations if one.type in ROW_LEVEL)
        self._by_column = tuple(one for one in suite.expectations if one.type not in ROW_LEVEL)
        self._waiting: list[pa.Table] = []
        self._columns: list[pa.Table] = []
        self._added: dict[str, Verdict] = {}

    def add(self, table: pa.Table) -> None:
        """Rows to judge."""
        self._waiting.append(table.select(_columns_of(self._suite.expectations)))
        if sum(map(len, self._waiting)) >= _AT_ONCE:
            self._judge_waiting()

    def all(self) -> list[Verdict]:
        """One verdict per expectation of the suite, in its order; none when there was no row."""
        if not self._added:
            return verdicts(pa.concat_tables(self._waiting), self._suite) if self._waiting else []
        self._judge_waiting()
        columns = pa.concat_tables(self._columns) if self._by_column else None
        whole = verdicts(columns, self._suite.only(self._by_column)) if columns is not None else []
        found = {**self._added, **{verdict.rule: verdict for verdict in whole}}
        return [found[expectation.rule] for expectation in self._suite.expectations]

    def _judge_waiting(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        self._waiting = []
        self._columns.append(_hashed(table.select(_columns_of(self._by_column))))
        for one, verdict in zip(self._by_row, verdicts(table, self._suite.only(self._by_row)), strict=True):
            known = self._added.get(one.rule)
            self._added[one.rule] = _sum(one, known, verdict) if known else verdict


def verdicts(table: pa.Table, suite: Suite) -> list[Verdict]:
    """One verdict per expectation of the suite, in its order."""
    if not suite.expectations:
        return []
    import great_expectations as gx

    batch = _definition().get_batch({"dataframe": _frame(table, suite)})
    outcome = batch.validate(gx.ExpectationSuite(**suite.document), result_format="SUMMARY")
    # Great Expectations answers in an order of its own.
    found = {verdict.rule: verdict for verdict in map(_verdict, outcome.results)}
    return [found[expectation.rule] for expectation in suite.expectations]


@cache
def _definition() -> Any:
    """A context in memory, made once a process: making it costs as much as judging 300,000 rows."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("records").add_dataframe_asset("records")
    return asset.add_batch_definition_whole_dataframe("all")


def _columns_of(expectations: tuple[Expectation, ...]) -> list[str]:
    """Only the columns these expectations read."""
    return sorted({name for expectation in expectations for name in expectation.columns})


def _frame(table: pa.Table, suite: Suite) -> pd.DataFrame:
    """The columns as Great Expectations reads them soonest: it hashes every cell of a frame before it begins.

    A column asked only whether it is there is told by its presence; codes stand as categories.
    """
    asked: dict[str, set[str]] = {}
    for expectation in suite.expectations:
        for name in expectation.columns:
            asked.setdefault(name, set()).add(expectation.type)
    columns: dict[str, Any] = {}
    for name in sorted(asked) or table.column_names[:1]:
        column, types = table[name], asked.get(name, {_PRESENCE})
        if types == {_PRESENCE}:
            columns[name] = pc.if_else(pc.is_valid(column), 1.0, pa.scalar(None, pa.float64())).to_pandas()
        elif types <= {_PRESENCE, *_SORTED_WORDS} and pa.types.is_string(column.type):
            columns[name] = column.dictionary_encode().unify_dictionaries().to_pandas()
        else:
            # A hash with empty cells beside it must not become a float: it would lose its last digits.
            columns[name] = column.to_pandas(integer_object_nulls=pa.types.is_uint64(column.type))
    return pd.DataFrame(columns)


def _hashed(table: pa.Table) -> pa.Table:
    """Texts as 64-bit hashes; in a delivery of ten million distinct ones two meet once in 400,000 times."""
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    if not texts:
        return table
    with in_memory() as connection:
        for name in texts:
            connection.register("part", pa.table({"value": table[name]}))
            query = "SELECT CASE WHEN value IS NOT NULL THEN hash(value) END AS code FROM part"
            codes = connection.sql(query).to_arrow_table()["code"]
            table = table.set_column(table.column_names.index(name), name, codes)
    return table


def _sum(expectation: Expectation, one: Verdict, other: Verdict) -> Verdict:
    """Two verdicts about the same expectation on different rows."""
    judged, unexpected = one.judged + other.judged, one.unexpected + other.unexpected
    share = expectation.kwargs.get("mostly")
    enough = not unexpected if share is None else judged - unexpected >= share * judged
    rows = one.rows + other.rows
    return replace(
        one,
        success=enough or not judged,
        observed=f"{unexpected} of {rows}",
        unexpected=unexpected,
        judged=judged,
        rows=rows,
    )


def _verdict(result: Any) -> Verdict:
    found = result.result or {}
    if "'raised_exception': True" in str(result.exception_info):
        raise RuntimeError(
            f"Great Expectations failed on [{result.expectation_config.type}]: it gave no verdict"
        )
    unexpected = int(found.get("unexpected_count") or 0)
    observed = found.get("observed_value")
    rows = int(found.get("element_count") or 0)
    counted = f"{unexpected} of {rows}" if "element_count" in found else ""
    return Verdict(
        rule=result.expectation_config.meta["rule"],
        success=bool(result.success),
        observed=counted if observed is None else str(observed),
        unexpected=unexpected,
        rows=rows,
        judged=rows - int(found.get("missing_count") or 0),
    )
