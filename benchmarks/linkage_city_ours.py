"""Our way: index the members, stream the registry, compare what the numbers do not settle, decide."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.s4_link.comparisons import Compared, compare, thousandths_of_log2
from pipelines.s4_link.decisions import Decided, decide_exact, decide_scored
from pipelines.s4_link.index import Index, Met, Paired, candidates, paired, streamed
from pipelines.s4_link.names import name_level
from pipelines.s4_link.people import People, Rows, Truths, people_of_members, people_of_records
from pipelines.s4_link.settings import LEVELS, LinkSettings, default_settings

_COLUMNS = ["name", "id_no", "id_state", "id18", "birth_date", "sex", "address"]
_EXACT_STEPS = 2
_BITS_ABOVE_EVEN = 4_000  # thousandths of a bit: of the weakest matches one in 17 may be wrong
_ONE_EDIT = 27_000  # m .01; u 1.4 in 10^10: of the pairs that a repair alone makes here nine in ten are right
_REVIEWED = 5_000
_ROWS_PER_LINK = 11  # one row in eleven is about a member, as the exact numbers show
# Nobody calls twins by the same sound, and a lost character cannot tell them apart: then both tie.
_SAME_HOUSE = {
    "name": frozenset({"homophone", "lost_character"}),
    "birth_date": frozenset({"equal"}),
    "sex": frozenset({"equal"}),
    "address": frozenset({"same_number"}),
    "id": frozenset({"missing"}),
}


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one batch leaves: its pairs, and the rows that must be compared."""

    met: Met
    rows: Rows
    records: pa.Table
    size: int


def link_city(folder: Path, threads: int, batch_rows: int) -> None:
    """Write links_ours.parquet: row, member, outcome, method."""
    pa.set_cpu_count(threads)
    members = pq.read_table(folder / "members.parquet")
    settings = city_settings(len(members), threads)
    index = Index.of(members, settings)
    with pq.ParquetFile(folder / "registry.parquet") as file:
        batches = file.iter_batches(batch_size=batch_rows, columns=_COLUMNS, use_threads=False)
        looked = list(streamed(lambda batch: _look(index, batch), batches, threads))
    firsts = np.cumsum([0, *(part.size for part in looked)])[:-1]
    pairs = paired(index, [part.met for part in looked], firsts.tolist())
    rows = np.concatenate([part.rows + first for part, first in zip(looked, firsts, strict=True)])
    records = pa.concat_tables([part.records for part in looked])
    pq.write_table(_decided(pairs, rows, records, members, index, settings), folder / "links_ours.parquet")


def city_settings(members: int, threads: int) -> LinkSettings:
    """The shipped settings with thresholds from the prior: one member of all, one row in eleven about any."""
    prior = thousandths_of_log2(members * _ROWS_PER_LINK, 1)
    return dataclasses.replace(
        default_settings(),
        threads=threads,
        match_threshold=prior + _BITS_ABOVE_EVEN,
        review_threshold=prior + _BITS_ABOVE_EVEN - _REVIEWED,
        name_weight_cap=thousandths_of_log2(members, 1),
        fields={
            **default_settings().fields,
            "id": {**default_settings().fields["id"], "one_edit": _ONE_EDIT},
        },
        match_needs=(*default_settings().match_needs, _SAME_HOUSE),
        match_never_id=default_settings().match_never_id | {"two_edits", "differ"},
    )


def _look(index: Index, batch: pa.RecordBatch) -> Looked:
    met = candidates(index, batch)
    rows = np.unique(met.records[~((met.steps < _EXACT_STEPS) & met.same_name)])
    records = pa.Table.from_batches([batch]).take(pa.array(rows))
    named = [pa.array(np.arange(len(rows))).cast(pa.string()), pa.repeat(pa.scalar("city"), len(rows))]
    for name, column in zip(("record_id", "source"), named, strict=True):
        records = records.append_column(name, column)
    return Looked(met=met, rows=rows, records=records, size=batch.num_rows)


def _decided(
    pairs: Paired, rows: Rows, records: pa.Table, members: pa.Table, index: Index, settings: LinkSettings
) -> pa.Table:
    """Equal number and equal name is settled; all else is compared field by field."""
    exact = pairs.steps < _EXACT_STEPS
    settled = exact & pairs.same_name
    open_exact = exact & ~settled & ~np.isin(pairs.records, pairs.records[settled])
    tables = [_plain(pairs, settled)]
    left = people_of_records(records)
    for chosen, decide in ((np.flatnonzero(open_exact), False), (np.flatnonzero(~exact), True)):
        own, which = np.unique(pairs.members[chosen], return_inverse=True)
        right = people_of_members(members.take(pa.array(own)))
        at = (np.searchsorted(rows, pairs.records[chosen]), which)
        if decide:
            near = _names_near(left, right, at)
            at = (at[0][near], at[1][near])
        compared = compare(left, right, at, settings)
        if not decide:
            decided = decide_exact(compared, settings)
        else:
            weighed = _weigh_by_members(compared, own, index, settings)
            with duckdb.connect(":memory:", config={"threads": settings.threads}) as con:
                decided = decide_scored(con, weighed, right, settings)
        tables.append(_named(decided, rows, own))
    return pa.concat_tables(tables)


def _names_near(left: People, right: People, at: tuple[Rows, Rows]) -> Truths:
    """Pairs of two different names are never kept: their numbers and addresses need no look."""
    names = [
        people.rows["name_key"].take(pa.array(rows)).to_pylist()
        for people, rows in zip((left, right), at, strict=True)
    ]
    return np.array(
        [name_level(a or "", b or "") != "different" for a, b in zip(*names, strict=True)], dtype=bool
    )


def _weigh_by_members(compared: Compared, own: Rows, index: Index, settings: LinkSettings) -> Compared:
    """How common a name is, counted over all members: a batch cannot know the registry."""
    _, which, counts = np.unique(index.names, return_inverse=True, return_counts=True)
    weight = np.array([thousandths_of_log2(len(which), int(n)) for n in range(1, int(counts.max()) + 1)])
    each = np.minimum(weight[counts[which] - 1], settings.name_weight_cap)[own[compared.members]]
    equal = compared.levels["name"] == LEVELS["name"].index("equal")
    name = np.where(equal, each, compared.weights["name"]).astype(np.int32)
    total = compared.total - compared.weights["name"] + name
    return dataclasses.replace(compared, weights={**compared.weights, "name": name}, total=total)


def _plain(pairs: Paired, settled: Truths) -> pa.Table:
    count = int(settled.sum())
    method = pa.array(["exact_id", "exact_id15"]).take(pa.array(pairs.steps[settled]))
    return _links(
        pairs.records[settled], pairs.members[settled], pa.repeat(pa.scalar("match"), count), method
    )


def _named(decided: Decided, rows: Rows, own: Rows) -> pa.Table:
    compared, at = decided.compared, decided.at
    columns = (pa.array(decided.outcomes, pa.string()), pa.array(decided.methods, pa.string()))
    return _links(rows[compared.records[at]], own[compared.members[at]], *columns)


def _links(rows: Rows, members: Rows, outcomes: pa.Array, methods: pa.Array) -> pa.Table:
    return pa.table(
        {"row": pa.array(rows), "member": pa.array(members), "outcome": outcomes, "method": methods}
    )
