"""Which registry records are about which household members: a cascade, each step the link's method.

exact_id and exact_id15 (same number, agreeing name) → scored residual (number missing, damaged, cut,
masked, or the member's own number unknown) → name_only (a review, never a match). Judgements win.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.blocking import Candidates, candidate_pairs, exact_pairs, residual_rows
from pipelines.s4_link.comparisons import Compared, compare
from pipelines.s4_link.decisions import MATCH, Decided, decide_exact, decide_scored
from pipelines.s4_link.judgements import Verdicts, read_verdicts
from pipelines.s4_link.links import link_rows
from pipelines.s4_link.people import People, Rows, people_of_members, people_of_records, person_codes
from pipelines.s4_link.settings import FIELDS, LinkSettings

_NEEDED = ("record_id", "source", "name", "id_no", "id_state", "id18", "birth_date", "sex")


@dataclass(frozen=True, kw_only=True)
class LinkStats:
    """Counts of one linkage: what it decided and what it cost."""

    records: int
    residual: int
    matches: Mapping[str, int]  # by method
    reviews: Mapping[str, int]  # by reason
    pairs_by_rule: Mapping[str, int]
    blocks_skipped: Mapping[str, int]
    distinct_compared: Mapping[str, int]  # by field, in the scored residual
    judgements_absent: int


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Contract tables linked_match and linked_review, and their counts."""

    matches: pa.Table
    reviews: pa.Table
    stats: LinkStats


def link(
    *,
    records: pa.Table,
    table_name: str,
    members: pa.Table,
    judgements: pa.Table | None,
    settings: LinkSettings,
) -> Linked:
    """Link any canonical table with PERSON columns and an address or a location to the members."""
    _check_columns(records, table_name)
    left, right = people_of_records(records), people_of_members(members)
    verdicts = read_verdicts(judgements, left, right)
    with duckdb.connect(":memory:", config={"threads": settings.threads}) as con:
        con.register("record", left.rows)
        con.register("member", right.rows)
        exact = decide_exact(_compared(left, right, exact_pairs(con), verdicts, settings), settings)
        rows = residual_rows(con, right)
        found = candidate_pairs(con, left, right, rows, settings)
        pairs = _compared(left, right, (found.records, found.members), verdicts, settings)
        scored = decide_scored(con, pairs, right, settings)
    judged = _judged(compare(left, right, verdicts.positive, settings))
    parts = (exact, scored, judged)
    matches, reviews = link_rows(parts, left, right, table_name)
    return Linked(matches=matches, reviews=reviews, stats=_stats(parts, len(rows), records, found, verdicts))


def _check_columns(records: pa.Table, table_name: str) -> None:
    missing = [name for name in _NEEDED if name not in records.column_names]
    if missing:
        raise ContractBroken(f"cannot be linked, columns missing {missing}", place=table_name)


def _compared(
    left: People, right: People, pairs: tuple[Rows, Rows], verdicts: Verdicts, settings: LinkSettings
) -> Compared:
    """The pairs a person has not already decided, compared."""
    kept = ~verdicts.removes(*pairs, person_codes(right))
    return compare(left, right, (pairs[0][kept], pairs[1][kept]), settings)


def _judged(compared: Compared) -> Decided:
    count = len(compared.total)
    return Decided(
        compared=compared, at=np.arange(count), outcomes=[MATCH] * count, methods=["judged"] * count
    )


def _stats(
    parts: tuple[Decided, ...], residual: int, records: pa.Table, found: Candidates, verdicts: Verdicts
) -> LinkStats:
    decided = [pair for part in parts for pair in zip(part.outcomes, part.methods, strict=True)]
    matches = Counter(method for outcome, method in decided if outcome == MATCH)
    reviews = Counter(outcome for outcome, _ in decided if outcome != MATCH)
    return LinkStats(
        records=records.num_rows,
        residual=residual,
        matches=dict(sorted(matches.items())),
        reviews=dict(sorted(reviews.items())),
        pairs_by_rule=found.pairs_by_rule,
        blocks_skipped=found.blocks_skipped,
        distinct_compared={field: parts[1].compared.distinct[field] for field in FIELDS},
        judgements_absent=verdicts.absent,
    )
