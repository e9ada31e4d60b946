"""Hold a stage's result against its suite before it is written: a broken result never reaches the lake."""

from __future__ import annotations

import pyarrow as pa

from pipelines.base.errors import ContractBroken
from pipelines.s3_validate import load_suite, verdicts


def check_suite(table: pa.Table, suite_name: str, place: str) -> None:
    """ContractBroken when Great Expectations finds the table not as its suite says."""
    suite = load_suite(suite_name)
    failed = [verdict for verdict in verdicts(table, suite) if not verdict.success] if len(table) else []
    if failed:
        raise ContractBroken(
            f"{[(verdict.rule, verdict.observed) for verdict in failed]} of {suite_name} failed",
            place=place,
            remedy="nothing was written; this is a fault of the program: report it with the run id",
        )
