"""One household of a published month, assessed again on demand from the stored tables by the same code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.run import tables
from pipelines.run.assessing import assessed_of
from pipelines.run.published import published_run
from pipelines.run.reporting import report_data
from pipelines.s5_assess import asked
from pipelines.s6_flag import flag
from pipelines.s7_report import household_lines
from pipelines.wording.texts import Language


def check(household_id: str, month: str | None, where: Mapping[str, object], lang: Language) -> list[str]:
    """Its lines, the suggested next step and the sentences, as a terminal shows them."""
    run = published_run(month, where)
    assessed, status = assessed_of(run, household_id)
    before = tables.previous(run, "flag", "flag")
    flagged = flag(
        lines=assessed.lines,
        households=assessed.households,
        members=run.read("compose", "household_member"),
        household_table=run.read("compose", "household"),
        previous=None if before is None else _about(before, household_id),
        policy=run.pack,
        period=run.period,
        jurisdiction=run.jurisdiction,
    )
    data = replace(
        report_data(run),
        flags=flagged.flags,
        assessed_households=assessed.households,
        assessed_lines=asked(assessed.lines),
        source_status=_about(status, household_id),
    )
    return household_lines(data, household_id, run.period, lang)


def _about(table: pa.Table, household_id: str) -> pa.Table:
    return table.filter(pc.equal(table["household_id"], household_id))
