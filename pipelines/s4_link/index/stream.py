"""A registry batch past the index: which rows may be about which members, and by which step of the cascade.

Pure: a batch and the index give the pairs, whatever came before; batches may run side by side, anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.s4_link.index.codes import Codes, mixed
from pipelines.s4_link.index.keys import Keys
from pipelines.s4_link.index.members import Index, RuleKeys
from pipelines.s4_link.index.side import Side
from pipelines.s4_link.people import Rows, Truths

Steps = npt.NDArray[np.int8]
_EXACT, _EXACT_15 = 0, 1
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Met:
    """Pairs of a batch, once for every step that finds them, in the order of row, member and step.

    `key` is the key they share, so that blocks can be counted over many batches; `same_name` whether both have
    the same name key. `over` lists the blocks (step, key) that were too large within this batch already.
    """

    records: Rows
    members: Rows
    steps: Steps
    keys: Codes
    same_name: Truths
    over: tuple[tuple[int, int], ...]
    open_rows: int
    unmatched_rows: int


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Distinct pairs with the first step that finds them; what each step cost over all batches."""

    records: Rows
    members: Rows
    steps: Steps
    same_name: Truths
    pairs_by_step: dict[str, int]
    blocks_skipped: dict[str, int]


def candidates(index: Index, side: Side) -> Met:
    """Every row of a batch looked at once: exact numbers first, the rest under each blocking rule."""
    numbered = np.flatnonzero(side.has_number)
    codes = mixed(side.numbers[numbered])
    at, key = index.numbers.found(codes)
    parts = [_exact(index, side, numbered[at], key, codes[at])]
    unmatched = numbered[~_settled(index, side, parts[0])[numbered]]
    cut = side.looks_cut[unmatched]
    free, strangers = np.union1d(side.open_rows, unmatched[cut]), unmatched[~cut]
    over: list[tuple[int, int]] = []
    for rule in index.rules:
        hits = [
            _hits(rule.every, side.keys(free, rule.rule.parts)),
            _hits(rule.waiting, _stranger_keys(side, rule, strangers)),
        ]
        large = _large_blocks(hits, index.most_pairs_per_block)
        over.extend((rule.step, key) for key in large.tolist())
        parts.extend(_meet(rule, one, large) for one in hits)
    return _met(index, side, parts, over, len(unmatched))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    records: Rows
    members: Rows
    steps: Steps
    keys: Codes


def _exact(index: Index, side: Side, rows: Rows, key: Rows, codes: Codes) -> _Found:
    at, members = index.numbers.spread(key)
    records = rows[at]
    old = side.is_old_form[records] | index.is_old_form[members]
    steps = np.where(old, _EXACT_15, _EXACT).astype(np.int8)
    return _Found(records=records, members=members, steps=steps, keys=codes[at])


def _settled(index: Index, side: Side, exact: _Found) -> Truths:
    """Rows with a member's number and name. The number of somebody of another name may be the list's mistake."""
    own = side.names.codes[exact.records]
    settled = np.zeros(side.rows, dtype=np.bool_)
    settled[exact.records[(own == index.names[exact.members]) & (own != 0)]] = True
    return settled


def _stranger_keys(side: Side, rule: RuleKeys, rows: Rows) -> tuple[Rows, Codes]:
    """Rows whose valid number is nobody's: those alone go on that share all but the place with a waiting member."""
    if not len(rule.waiting.keys):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    if rule.cheap is None:
        return side.keys(rows, rule.rule.parts)
    at, codes = side.keys(rows, rule.cheap_parts)
    wanted = np.zeros(side.rows, dtype=np.bool_)
    wanted[at[rule.cheap.holds(codes)]] = True
    return side.keys(np.flatnonzero(wanted), rule.rule.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hits:
    """Rows that share a key with members, before the pairs are laid out: a block may have more than fit."""

    keys: Keys
    rows: Rows
    codes: Codes
    key: Rows


def _hits(keys: Keys, asked: tuple[Rows, Codes]) -> _Hits:
    rows, codes = asked
    hit, key = keys.found(codes)
    return _Hits(keys=keys, rows=rows[hit], codes=codes[hit], key=key)


def _large_blocks(hits: list[_Hits], most: int) -> Codes:
    """Keys of one rule with too many pairs in this batch: they have too many in all."""
    sizes = np.concatenate([one.keys.members_of(one.key) for one in hits])
    if sizes.sum() <= most:
        return np.zeros(0, dtype=np.uint64)
    keys, which = np.unique(np.concatenate([one.codes for one in hits]), return_inverse=True)
    pairs = np.zeros(len(keys), dtype=np.int64)
    np.add.at(pairs, which, sizes)
    large: Codes = keys[pairs > most]
    return large


def _meet(rule: RuleKeys, hits: _Hits, large: Codes) -> _Found:
    kept = ~np.isin(hits.codes, large)
    rows, codes = hits.rows[kept], hits.codes[kept]
    at, members = hits.keys.spread(hits.key[kept])
    steps = np.full(len(members), rule.step, dtype=np.int8)
    return _Found(records=rows[at], members=members, steps=steps, keys=codes[at])


def _met(index: Index, side: Side, parts: list[_Found], over: list[tuple[int, int]], unmatched: int) -> Met:
    records, members, steps, keys = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("records", "members", "steps", "keys")
    )
    order = np.lexsort((keys, steps, members, records))
    records, members = records[order], members[order]
    own = side.names.codes[records]
    return Met(
        records=records,
        members=members,
        steps=steps[order],
        keys=keys[order],
        same_name=(own == index.names[members]) & (own != 0),
        over=tuple(over),
        open_rows=len(side.open_rows),
        unmatched_rows=unmatched,
    )


def streamed(
    work: Callable[[pa.RecordBatch], _Answer], batches: Iterable[pa.RecordBatch], threads: int
) -> Iterator[_Answer]:
    """The answers for the batches in their order; so many at a time are in memory, and no more."""
    source = iter(batches)
    if threads == 1:
        yield from map(work, source)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(work, batch) for batch in islice(source, threads + 1)]
        while waiting:
            answer = waiting.pop(0).result()
            waiting.extend(pool.submit(work, batch) for batch in islice(source, 1))
            yield answer


def paired(index: Index, met: Iterable[Met], firsts: Iterable[int]) -> Paired:
    """All batches together: blocks counted over all of them, every pair once, with its first step.

    `firsts` are the row numbers of the first rows of the batches, in their order; the pairs then speak of rows
    of the whole.
    """
    parts, starts = list(met), list(firsts)
    records = np.concatenate(
        [part.records + first for part, first in zip(parts, starts, strict=True)] or [np.zeros(0, np.int64)]
    )
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0, kind)])
        for name, kind in (
            ("members", np.int64),
            ("steps", np.int8),
            ("keys", np.uint64),
            ("same_name", bool),
        )
    }
    large = {block for part in parts for block in part.over}
    return _counted(index, records, columns, large)


def _counted(
    index: Index, records: Rows, columns: dict[str, npt.NDArray[np.generic]], large: set[tuple[int, int]]
) -> Paired:
    steps, keys = columns["steps"], columns["keys"]
    kept = np.ones(len(records), dtype=np.bool_)
    pairs_by_step = dict.fromkeys(index.steps, 0)
    skipped = dict.fromkeys(index.steps, 0)
    for step, name in enumerate(index.steps):
        here = np.flatnonzero(steps == step)
        if step > _EXACT_15:
            own = {key for at, key in large if at == step}
            found, which, counts = np.unique(keys[here], return_inverse=True, return_counts=True)
            drop = (counts > index.most_pairs_per_block) | np.isin(
                found, np.array(sorted(own), dtype=np.uint64)
            )
            skipped[name] = len(own | set(found[drop].tolist()))
            kept[here[drop[which]]] = False
            here = here[~drop[which]]
        pairs_by_step[name] = len(here)
    return _distinct(
        records[kept], {name: column[kept] for name, column in columns.items()}, pairs_by_step, skipped
    )


def _distinct(
    records: Rows,
    columns: dict[str, npt.NDArray[np.generic]],
    pairs_by_step: dict[str, int],
    skipped: dict[str, int],
) -> Paired:
    """Pairs come in the order of row, member and step: the first of equal ones has the first step."""
    members = columns["members"].astype(np.int64)
    first = np.ones(len(records), dtype=np.bool_)
    first[1:] = (records[1:] != records[:-1]) | (members[1:] != members[:-1])
    return Paired(
        records=records[first],
        members=members[first],
        steps=columns["steps"][first].astype(np.int8),
        same_name=columns["same_name"][first].astype(np.bool_),
        pairs_by_step=pairs_by_step,
        blocks_skipped=skipped,
    )
