"""What the assessment may see: linked records, pairs under review, and which source could speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import flow
from pipelines.run.choose import USED
from pipelines.run.tables import touched_records, used_records
from pipelines.s4_link import SourceWord
from pipelines.s5_assess import Evidence
from pipelines.sources.spec import load_spec, source_names

if TYPE_CHECKING:
    from pipelines.run.month import Run

NOT_CONNECTED = "no_source_yet"


def evidence_of(run: Run, matches: pa.Table, reviews: pa.Table, status: pa.Table) -> Evidence:
    """The evidence of the month; registry rows about nobody on the lists stay out."""
    return Evidence(
        matches=matches,
        reviews=reviews,
        records=seen_records(run, matches, reviews),
        source_status=status,
        authorisations=run.read("compose", "member_authorisation"),
    )


def seen_records(run: Run, matches: pa.Table, reviews: pa.Table) -> dict[str, pa.Table]:
    """Records linked or under review, and the businesses they name: a business itself names no person."""
    records = touched_records(run, matches, reviews)
    named = pa.array(sorted(set(records["business_role"]["business_no"].to_pylist())), pa.string())
    businesses = used_records(run, "business")
    wanted = businesses.filter(pc.is_in(businesses["business_no"], value_set=named))
    return {**records, "business": wanted.sort_by("record_id")}


def source_words(run: Run) -> list[SourceWord]:
    """One word a registry, and one for each source the rules need that is not connected at all."""
    states = run.shop.ledger.source_states(run.run_id)
    as_of = _as_of(run)
    connected = [name for name in source_names() if load_spec(name).table in flow.REGISTRIES]
    words = [
        SourceWord(
            source=name,
            reason="" if states[name][0] == USED else states[name][0],
            as_of=as_of.get(name, "") if states[name][0] == USED else "",
        )
        for name in connected
    ]
    needed = sorted(set(run.pack.value("income.sources", run.period).codes) - set(source_names()))
    return words + [SourceWord(source=name, reason=NOT_CONNECTED, as_of="") for name in needed]


def _as_of(run: Run) -> dict[str, str]:
    latest: dict[str, str] = {}
    for delivery in run.key["used"]:
        row = run.shop.ledger.landing(run.key["seen"][delivery])
        if row:
            latest[row.source] = max(latest.get(row.source, ""), row.as_of.isoformat())
    return latest
