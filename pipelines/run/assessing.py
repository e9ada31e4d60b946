"""The assessment of a month's households, or of one of them on demand: the same evidence, the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import NotFound
from pipelines.policy import Pack
from pipelines.run import tables
from pipelines.run.evidence import evidence_of, source_words
from pipelines.s4_link import coverage
from pipelines.s5_assess import Assessed, Before, asked, assess

if TYPE_CHECKING:
    from pipelines.run.month import Run


def assessed_of(
    run: Run, household_id: str | None = None, *, policy: Pack | None = None
) -> tuple[Assessed, pa.Table]:
    """Lines and outcomes, and the source status they rest on: of every household, or of one; under another pack."""
    households = run.read("compose", "household")
    matches, reviews = tables.linked(run, "linked_match"), tables.linked(run, "linked_review")
    status = coverage(
        households=households,
        matches=matches,
        words=source_words(run),
        standing=run.read("compose", "member_authorisation"),
    )
    # All linked records are read even for one household: which month is the latest delivered, all of them say.
    evidence = evidence_of(run, matches, reviews, status)
    members = run.read("compose", "household_member")
    if household_id is not None:
        households = _only(households, "record_id", household_id)  # all members stay: one may be listed twice
        if not households.num_rows:
            raise NotFound(
                f"no household is called [{household_id}]",
                place=f"{run.jurisdiction} {run.period}",
                remedy="the ids stand on the report's pages; a household new since then is in a later month",
            )
    assessed = assess(
        households=households,
        members=members,
        evidence=evidence,
        policy=policy or run.pack,
        period=run.period,
        before=_before(run),
    )
    return assessed, status


def _only(table: pa.Table, column: str, value: str) -> pa.Table:
    return table.filter(pc.equal(table[column], value))


def _before(run: Run) -> Before | None:
    households = tables.previous(run, "assess", "assessed_household")
    lines = tables.previous(run, "assess", "assessed_line")
    if households is None or lines is None:
        return None
    return Before(households=households, lines=asked(lines))
