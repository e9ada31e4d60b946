"""What was said of the households the month before: amounts move by what changed since, never by noise."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pipelines.contracts.assessed import ASSESSED_HOUSEHOLD, ASSESSED_LINE
from pipelines.s5_assess.shadow import asked

_HOUSEHOLD = (
    "household_id",
    "standard",
    "counting_members",
    "covered_members",
    "counted_income",
    "paid_amount",
    "missing_sources",
)
_LINE = ("household_id", "rule", "subject", "verdict")


@dataclass(frozen=True, kw_only=True)
class Before:
    """ASSESSED_HOUSEHOLD and ASSESSED_LINE of the month before."""

    households: pa.Table
    lines: pa.Table


def tables_before(before: Before | None) -> dict[str, pa.Table]:
    """The two as the statements read them; empty in the first month."""
    if before is None:
        before = Before(households=ASSESSED_HOUSEHOLD.empty(), lines=ASSESSED_LINE.empty())
    return {
        "household_before": before.households.select(list(_HOUSEHOLD)),
        "line_before": asked(before.lines).select(list(_LINE)),
    }
