"""Which registry records are about which household members: a cascade, each step the link's method.

exact_id and exact_id15 (same number, agreeing name), lent_id (the number is the hukou's) → repaired_id (one slip away) → scored residual (number
missing, cut, masked, or the member's own unknown) → name_only (a review, never a match). Judgements win.
The members are indexed, the registry streams past them once; memory does not grow with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.cascade import cascade
from pipelines.s4_link.checking import Linkage, check
from pipelines.s4_link.comparisons import counted_once, levels_of
from pipelines.s4_link.decisions import MATCH, Decided
from pipelines.s4_link.index import Index
from pipelines.s4_link.judgements import Verdicts, judged_names, read_verdicts
from pipelines.s4_link.links import Named, link_rows
from pipelines.s4_link.model import Model, weigh
from pipelines.s4_link.model_rows import model_rows
from pipelines.s4_link.one_each import one_record_each
from pipelines.s4_link.people import People, people_of_members, people_of_records
from pipelines.s4_link.settings import LinkSettings
from pipelines.s4_link.sift import NEEDED, Sieved, sieve

_JUDGED = "judged"


@dataclass(frozen=True, kw_only=True)
class LinkStats:
    """Counts of one linkage: what it decided and what it cost."""

    records: int
    matches: Mapping[str, int]  # by method
    reviews: Mapping[str, int]  # by reason
    pairs_by_rule: Mapping[str, int]
    blocks_skipped: Mapping[str, int]
    distinct_compared: Mapping[str, int]  # by field, in the scored residual
    judgements_absent: int


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Contract tables linked_match, linked_review and link_model, and their counts."""

    matches: pa.Table
    reviews: pa.Table
    model: pa.Table
    stats: LinkStats


def link(
    *,
    batches: Iterable[pa.RecordBatch],
    table_name: str,
    members: pa.Table,
    judgements: pa.Table | None,
    settings: LinkSettings,
    one_each: frozenset[str] = frozenset(),
) -> Linked:
    """Link any canonical table with PERSON columns and an address or a location to the members.

    `one_each` are sources that have one record a person.
    """
    index = Index.of(members, settings)
    found = sieve(
        index,
        (_checked(batch, table_name) for batch in batches),
        settings,
        judged=judged_names(judgements),
    )
    left, right = people_of_records(found.records), people_of_members(members)
    verdicts = read_verdicts(judgements, left, right)
    done = cascade(found, left, right, index, verdicts, settings)
    scored = one_record_each(done.scored, done.exact, left, right, one_each, settings.tie_margin)
    judged = _judged(left, right, verdicts, done.model, settings)
    parts = (
        Named(decided=done.exact, rules=done.exact_rules),
        Named(decided=scored, rules=done.scored_rules),
        Named(decided=judged, rules=pa.array([_JUDGED] * len(judged.at), pa.string())),
    )
    matches, reviews = link_rows(parts, left, right, table_name, done.model)
    linkage = Linkage(
        members=right, index=index, companions=done.companions, model=done.model, settings=settings
    )
    checked = check(done.levels, found.records, left, linkage, own_birth=found.own_birth)
    return Linked(
        matches=matches,
        reviews=reviews,
        model=model_rows(done.model, found, checked, table_name),
        stats=_stats((done.exact, scored, judged), found, verdicts),
    )


def _checked(batch: pa.RecordBatch, table_name: str) -> pa.RecordBatch:
    missing = [name for name in NEEDED if name not in batch.schema.names]
    if missing:
        raise ContractBroken(f"cannot be linked, columns missing {missing}", place=table_name)
    return batch


def _judged(left: People, right: People, verdicts: Verdicts, model: Model, settings: LinkSettings) -> Decided:
    levels = levels_of(left, right, verdicts.positive)
    compared = weigh(counted_once(levels, left, right, settings), left, right, model)
    count = len(compared.total)
    return Decided(
        compared=compared, at=np.arange(count), outcomes=[MATCH] * count, methods=[_JUDGED] * count
    )


def _stats(parts: tuple[Decided, ...], found: Sieved, verdicts: Verdicts) -> LinkStats:
    decided = [pair for part in parts for pair in zip(part.outcomes, part.methods, strict=True)]
    matches = Counter(method for outcome, method in decided if outcome == MATCH)
    reviews = Counter(outcome for outcome, _ in decided if outcome != MATCH)
    return LinkStats(
        records=found.size,
        matches=dict(sorted(matches.items())),
        reviews=dict(sorted(reviews.items())),
        pairs_by_rule=found.pairs.pairs_by_step,
        blocks_skipped=found.pairs.blocks_skipped,
        distinct_compared=dict(parts[1].compared.levels.distinct),
        judgements_absent=verdicts.absent,
    )
