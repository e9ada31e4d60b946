"""A registry past the members, batch by batch: the rows that may be about somebody, and a sample of all persons.

`sift` is pure: a batch and the index give the answer, so batches may run in any order, side by side, on any
machine; `sieve` puts the answers together and does not depend on how the rows were dealt to batches.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.index import Index, Met, Paired, Side, Steps, candidates, paired, streamed
from pipelines.s4_link.index.codes import Codes, mixed
from pipelines.s4_link.people import BOOK, PLACE_COLUMNS, Rows, Truths
from pipelines.s4_link.settings import LinkSettings

NEEDED = ("record_id", "source", "name", "id_no", "id_state", "id18", "birth_date", "sex")
LINK_COLUMNS = (*NEEDED, *PLACE_COLUMNS, BOOK)
"""What linkage reads of a registry; the last three only where it has them."""
EXACT_STEPS = 2
_DIGESTS = 1 << 64
NOBODY = pa.array([], pa.string())


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The persons with the smallest digests of name, number and birth date, whatever the order of the rows.

    `names` has a code for each of `digests`; `rows` shows some of the persons, with their `digest`.
    """

    digests: Codes
    names: Codes
    rows: pa.Table


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """What one batch leaves. `kept` are the rows at `rows` of the batch; the others met nobody or are settled.

    `shown` says of each kept row whether the rates of true pairs may be learned from it.
    """

    met: Met
    rows: Rows
    kept: pa.Table
    shown: Truths
    size: int
    with_number: int
    matched: int
    own_birth: frozenset[str]  # sources that give birth dates beside the numbers
    sample: Sample


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Pairs that number and equal name decided, with nothing left to compare."""

    records: Rows
    members: Rows
    steps: Steps


@dataclass(frozen=True, kw_only=True)
class Sieved:
    """All batches together. `rows` are the row numbers of `records` in the whole; `pairs` speak of those numbers.

    `settled` are the pairs of rows that were left out: row number, member, step. `shown` says of each record
    whether the rates of true pairs may be learned from it.
    """

    records: pa.Table
    rows: Rows
    shown: Truths
    pairs: Paired
    settled: Settled
    size: int
    with_number: int
    matched: int
    own_birth: frozenset[str]
    names: Codes  # of each sampled person
    persons: pa.Table  # fewer of them, with their values


def sift(
    index: Index,
    batch: pa.RecordBatch,
    settings: LinkSettings,
    *,
    judged: pa.Array = NOBODY,
    keep_settled: bool = True,
) -> Sifted:
    """Look at every row once.

    `judged` are names of records a person has linked: such rows stay whatever the rules say. Rows that number
    and equal name settle can be left out, but for those about some members, whom the rates are learned from.
    """
    side = Side.of_records(batch)
    met = candidates(index, side)
    digests = _digests(side)
    counted = _smallest(digests, settings.learning.frequency_rows)
    shown = _smallest(digests, settings.learning.sample_rows)
    exact = met.steps < EXACT_STEPS
    is_shown = np.zeros(batch.num_rows, dtype=np.bool_)
    is_shown[met.records if keep_settled else met.records[exact & _of_few(index, met, settings)]] = True
    wanted = is_shown.copy()
    wanted[met.records[~(exact & met.same_name)]] = True
    if len(judged):
        wanted |= np.asarray(pc.is_in(batch.column("name"), value_set=judged), dtype=np.bool_)
    rows = np.flatnonzero(wanted)
    return Sifted(
        met=met,
        rows=rows,
        kept=_taken(batch, rows),
        shown=is_shown[rows],
        size=batch.num_rows,
        with_number=int(side.has_number.sum()),
        matched=_distinct(met.records[exact]),
        own_birth=_own_birth(side, batch),
        sample=Sample(
            digests=digests[counted],
            names=side.names.codes[counted],
            rows=_taken(batch, shown).append_column("digest", pa.array(digests[shown])),
        ),
    )


def sieve(
    index: Index,
    batches: Iterable[pa.RecordBatch],
    settings: LinkSettings,
    *,
    judged: pa.Array = NOBODY,
    keep_settled: bool = True,
) -> Sieved:
    """Stream the batches past the index on `settings.threads` threads."""
    parts = list(
        streamed(
            lambda batch: sift(index, batch, settings, judged=judged, keep_settled=keep_settled),
            batches,
            settings.threads,
        )
    )
    return sieved(index, parts, settings)


def sieved(index: Index, parts: list[Sifted], settings: LinkSettings) -> Sieved:
    """The answers of all batches, in the order of the rows."""
    firsts = np.cumsum([0, *(part.size for part in parts)])[:-1].tolist()
    digests = np.concatenate([part.sample.digests for part in parts] or [np.zeros(0, np.uint64)])
    names = np.concatenate([part.sample.names for part in parts] or [np.zeros(0, np.uint64)])
    counted = _smallest(digests, settings.learning.frequency_rows)
    _, once = np.unique(digests[counted], return_index=True)
    rows = np.concatenate(
        [part.rows + first for part, first in zip(parts, firsts, strict=True)] or [np.zeros(0, np.int64)]
    )
    pairs, settled = _without_settled(paired(index, [part.met for part in parts], firsts), rows)
    return Sieved(
        records=_joined([part.kept for part in parts]),
        rows=rows,
        shown=np.concatenate([part.shown for part in parts] or [np.zeros(0, np.bool_)]),
        pairs=pairs,
        settled=settled,
        size=sum(part.size for part in parts),
        with_number=sum(part.with_number for part in parts),
        matched=sum(part.matched for part in parts),
        own_birth=frozenset().union(*(part.own_birth for part in parts)),
        names=names[counted][once],
        persons=_persons([part.sample.rows for part in parts], settings.learning.sample_rows),
    )


def _distinct(ordered: Rows) -> int:
    """How many different rows there are."""
    return int((ordered[1:] != ordered[:-1]).sum()) + bool(len(ordered))


def _of_few(index: Index, met: Met, settings: LinkSettings) -> Truths:
    """Exact pairs of some of the members: those whose digests of the number are the smallest."""
    share = Fraction(settings.learning.frequency_rows, max(len(index.numbers.keys), 1))
    limit = np.uint64(min(int(share * _DIGESTS), _DIGESTS - 1))
    few: Truths = met.keys <= limit
    return few


def _without_settled(pairs: Paired, rows: Rows) -> tuple[Paired, Settled]:
    """The pairs of the rows that were kept, and those of the others."""
    at = np.minimum(np.searchsorted(rows, pairs.records), max(len(rows) - 1, 0))
    kept = rows[at] == pairs.records if len(rows) else np.zeros(len(pairs.records), dtype=np.bool_)
    settled = Settled(records=pairs.records[~kept], members=pairs.members[~kept], steps=pairs.steps[~kept])
    if kept.all():
        return pairs, settled
    open_pairs = dataclasses.replace(
        pairs,
        records=pairs.records[kept],
        members=pairs.members[kept],
        steps=pairs.steps[kept],
        same_name=pairs.same_name[kept],
    )
    return open_pairs, settled


def _own_birth(side: Side, batch: pa.RecordBatch) -> frozenset[str]:
    """A row without a valid number that has a birth date has it from elsewhere."""
    rows = side.open_rows[side.births.known[side.open_rows]]
    return frozenset(pc.unique(batch.column("source").take(pa.array(rows))).to_pylist())


def _digests(side: Side) -> Codes:
    births = np.where(side.births.known, side.births.codes, 0).astype(np.uint64)
    return mixed(mixed(mixed(side.names.codes) ^ side.numbers) ^ births)


def _smallest(digests: Codes, count: int) -> Rows:
    """Rows with one of the so many smallest digests; equal ones are all taken or all left."""
    if len(digests) <= count:
        return np.arange(len(digests))
    limit = np.partition(digests, count - 1)[count - 1]
    return np.flatnonzero(digests <= limit)


def _persons(parts: list[pa.Table], count: int) -> pa.Table:
    """One row a person; of several rows of a person the one whose address comes first, so that no order shows."""
    rows = _joined(parts)
    digests = np.asarray(rows["digest"]) if "digest" in rows.column_names else np.zeros(0, np.uint64)
    rows = rows.take(pa.array(_smallest(digests, count)))
    if not rows.num_rows:
        return rows
    ordered = rows.sort_by([(name, "ascending") for name in ("digest", "address", "id_no", "name")])
    _, once = np.unique(np.asarray(ordered["digest"]), return_index=True)
    return ordered.take(pa.array(once))


def _joined(parts: list[pa.Table]) -> pa.Table:
    if parts:
        return pa.concat_tables(parts).combine_chunks()
    names = (*NEEDED, "address", BOOK)
    kinds = [pa.date32() if name == "birth_date" else pa.string() for name in names]
    return pa.schema(list(zip(names, kinds, strict=True))).empty_table()


def _taken(batch: pa.RecordBatch, rows: Rows) -> pa.Table:
    """Those rows with the columns linkage needs; whatever the register calls the place is the address."""
    there = [name for name in LINK_COLUMNS if name in batch.schema.names]
    chosen = batch.select(there).take(pa.array(rows))
    columns = dict(zip(there, chosen.columns, strict=True))
    nothing = pa.nulls(len(rows), pa.string())
    places = [columns.pop(name) for name in PLACE_COLUMNS if name in columns]
    address = places[0] if places else nothing
    return pa.table(
        {**{name: columns[name] for name in NEEDED}, "address": address, BOOK: columns.get(BOOK, nothing)}
    )
