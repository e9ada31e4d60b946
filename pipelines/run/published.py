"""Read a published month: any contract table of it, and all tables a trace may need."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from pipelines import contracts, flow
from pipelines.base.errors import NotFound
from pipelines.base.settings import Where
from pipelines.run import tables
from pipelines.run.month import Run, resume
from pipelines.run.shop import open_shop


def published_run(month: str | None, where: Mapping[str, object] | None = None) -> Run:
    """The published run of a month, or of the latest month published; NotFound when there is none."""
    shop = open_shop(Where.of(where))
    rows = [row for row in shop.ledger.publications() if row["jurisdiction"] == shop.where.jurisdiction]
    rows = [row for row in rows if month in (None, row["month"])]
    if not rows:
        raise NotFound(
            f"no run of {month or 'any month'} is published",
            place=f"{shop.where.home} {shop.where.jurisdiction}",
            remedy="run it first: hedui run --month …; check --home and --jurisdiction",
        )
    return resume(rows[-1]["run_id"], where)


def read_table(run: Run, name: str) -> pa.Table:
    """Any contract table of a run, wherever its stage wrote it; NotFound when the run is older than the table."""
    found = _table(run, name)
    if found is None:
        raise NotFound(
            f"the run was made before there was a table called [{name}]",
            place=run.run_id,
            remedy=f"run the month again: hedui run --month {run.period}",
        )
    return found


def all_tables(run: Run) -> dict[str, pa.Table]:
    """Every table the run has. A run made before a table existed has nothing that came from it."""
    found = {contract.name: _table(run, contract.name) for contract in contracts.ALL}
    return {name: table for name, table in found.items() if table is not None}


def _table(run: Run, name: str) -> pa.Table | None:
    contracts.by_name(name)
    if name == flow.LENT:
        return _linked(run, name, f"link-{flow.LENDER}")
    if name in flow.LINKED:
        return _linked(run, name, "link-")
    stage = flow.stage_writing(name)
    if stage.per != "month":
        return tables.used_records(run, name) if name in flow.CANONICAL else tables.seen(run, name)
    partition = run.partition(stage.name)
    # A partition that is gone is an error; one without the table was written before there was one.
    is_older = run.shop.lake.exists(partition) and not run.shop.lake.holds(partition, name)
    return None if is_older else run.read(stage.name, name)


def _linked(run: Run, name: str, prefix: str) -> pa.Table | None:
    """Over the registries there were when the run was made; a partition of theirs that is gone is an error."""
    made = [stage for stage in run.shop.ledger.stages(run.run_id) if stage.startswith(prefix)]
    lake, partitions = run.shop.lake, {stage: run.partition(stage) for stage in made}
    older = [stage for stage, at in partitions.items() if lake.exists(at) and not lake.holds(at, name)]
    if older:
        return None
    parts = [contracts.by_name(name).empty(), *(run.read(stage, name) for stage in made)]
    # A column that is newer than the run is empty there.
    return pa.concat_tables(parts, promote_options="default").sort_by("record_id").combine_chunks()
