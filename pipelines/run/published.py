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
    """Any contract table of a run, wherever its stage wrote it."""
    contracts.by_name(name)
    if name in ("linked_match", "linked_review"):
        return tables.linked(run, name)
    stage = flow.stage_writing(name)
    if stage.per == "month":
        return run.read(stage.name, name)
    return tables.used_records(run, name) if name in flow.CANONICAL else tables.seen(run, name)


def all_tables(run: Run) -> dict[str, pa.Table]:
    """Every table of a run."""
    return {contract.name: read_table(run, contract.name) for contract in contracts.ALL}
