"""Partitions of a registry may be sifted anywhere: in this process, in others, in any order."""

from __future__ import annotations

import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pyarrow as pa

from pipelines.s4_link import default_settings
from pipelines.s4_link.index import Index
from pipelines.s4_link.sift import Sieved, sieved, sift
from tests.unit.s4_link.link_cases import crowd, deaths, members, number, person

SETTINGS = default_settings()
LISTED = person("李卫东", number("1968-07-01", "123"))


def _case() -> tuple[Index, list[pa.RecordBatch]]:
    known = [LISTED, person("李卫东", birth_date="1968-07-01", sex="M"), person("赵明月")]
    lists = members(LISTED, person("赵明月", number("1980-02-02", "222")), *crowd(200))
    batches = deaths(*known, *crowd()).combine_chunks().to_batches(max_chunksize=150)
    return Index.of(lists, SETTINGS), batches


def _same(one: Sieved, other: Sieved) -> bool:
    return (
        one.records.equals(other.records)
        and one.persons.equals(other.persons)
        and all(
            np.array_equal(getattr(one.pairs, name), getattr(other.pairs, name))
            for name in ("records", "members", "steps", "same_name")
        )
        and (one.pairs.pairs_by_step, one.matched, one.with_number)
        == (other.pairs.pairs_by_step, other.matched, other.with_number)
        and np.array_equal(one.names, other.names)
    )


def test_two_other_processes_give_what_this_one_gives() -> None:
    index, batches = _case()
    here = [sift(index, batch, SETTINGS) for batch in batches]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        there = list(pool.map(partial(sift, index, settings=SETTINGS), batches))
    one, other = sieved(index, here, SETTINGS), sieved(index, there, SETTINGS)
    assert len(one.pairs.records) > 200
    assert _same(one, other)


def test_partitions_done_in_another_order_change_nothing() -> None:
    index, batches = _case()
    order = list(range(len(batches)))
    random.Random(5).shuffle(order)  # noqa: S311 an order, not a secret
    done = {at: sift(index, batches[at], SETTINGS) for at in order}
    in_order = [sift(index, batch, SETTINGS) for batch in batches]
    assert _same(
        sieved(index, [done[at] for at in range(len(batches))], SETTINGS),
        sieved(index, in_order, SETTINGS),
    )
