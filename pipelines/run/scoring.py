"""Gather what a month's quality scores are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.run import tables
from pipelines.run.delivered import cells_as_delivered
from pipelines.run.quality import Spoken, quality_score, quarantine_sample, sampled
from pipelines.sources.spec import load_spec

if TYPE_CHECKING:
    from pipelines.run.month import Run


def quality_tables(run: Run, *, files: pa.Table, accounts: pa.Table) -> dict[str, pa.Table]:
    """quality_score and quarantine_sample of the month."""
    samples = sampled(tables.seen(run, "quarantine"))
    return {
        "quality_score": quality_score(
            period=run.period,
            spoken=spoken(run, files),
            files=files,
            accounts=accounts,
            unhandled=tables.seen(run, "unhandled"),
            results=tables.seen(run, "expectation_result"),
        ),
        "quarantine_sample": quarantine_sample(samples, cells_as_delivered(run, files, samples)),
    }


def spoken(run: Run, files: pa.Table) -> list[Spoken]:
    """One a source, in name order."""
    states = run.shop.ledger.source_states(run.run_id)
    return [_spoken(run, source, status, files) for source, (status, _) in sorted(states.items())]


def _spoken(run: Run, source: str, status: str, files: pa.Table) -> Spoken:
    spec = load_spec(source)
    used = frozenset(name for name in run.key["used"] if name.startswith(f"{source}/"))
    rows = [row for name in sorted(used) if (row := run.shop.ledger.landing(run.key["seen"][name]))]
    read = {
        file["record_id"]: len(layout.columns)
        for file in files.select(["record_id", "delivery", "file_name"]).to_pylist()
        if file["delivery"] in used and (layout := spec.layout_of(file["file_name"]))
    }
    return Spoken(
        source=source,
        status=status,
        cadence=spec.cadence,
        used=used,
        persons=sum(row.person_records or 0 for row in rows),
        valid_ids=sum(row.valid_ids or 0 for row in rows),
        columns_read=read,
    )
