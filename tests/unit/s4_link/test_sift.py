"""How the rows are dealt to batches and threads never shows; what nobody needs any more is left out."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.s4_link import default_settings
from pipelines.s4_link.index import Index
from pipelines.s4_link.sift import Sieved, sieve
from tests.unit.s4_link.link_cases import crowd, deaths, members, number, person

VALID = number("1968-07-01", "123")
LISTED = person("李卫东", VALID)
PEOPLE = [LISTED, person("李卫东", birth_date="1968-07-01", sex="M"), person("赵明月"), person("欧阳慧")]
# Small samples, so that most persons are left out of them: which ones must not depend on the batches.
SMALL = dataclasses.replace(
    default_settings(),
    learning=dataclasses.replace(default_settings().learning, sample_rows=40, frequency_rows=90),
)


@cache
def _case() -> tuple[Index, pa.Table]:
    lists = members(LISTED, person("赵明月", number("1980-02-02", "222")), *crowd(120))
    return Index.of(lists, SMALL), deaths(*PEOPLE, *crowd(250)).combine_chunks()


def _sieved(
    size: int, threads: int = 1, *, keep_settled: bool = True, judged: tuple[str, ...] = ()
) -> Sieved:
    index, records = _case()
    return sieve(
        index,
        records.to_batches(max_chunksize=size),
        dataclasses.replace(SMALL, threads=threads),
        judged=pa.array(judged, pa.string()),
        keep_settled=keep_settled,
    )


def _names(found: Sieved) -> set[str]:
    return set(found.records["name"].to_pylist())


def _same(one: Sieved, other: Sieved) -> bool:
    arrays = [(one.rows, other.rows), (one.shown, other.shown), (one.names, other.names)]
    arrays += [
        (getattr(left, name), getattr(right, name))
        for left, right in ((one.pairs, other.pairs), (one.settled, other.settled))
        for name in ("records", "members", "steps")
    ]
    counts = [(found.size, found.with_number, found.matched, found.own_birth) for found in (one, other)]
    return (
        all(np.array_equal(left, right) for left, right in arrays)
        and counts[0] == counts[1]
        and one.pairs.pairs_by_step == other.pairs.pairs_by_step
        and one.records.equals(other.records)
        and one.persons.equals(other.persons)
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.sampled_from([1, 2]), st.booleans())
def test_any_size_of_batches_on_one_and_two_threads_gives_the_same(
    size: int, threads: int, keep: bool
) -> None:
    assert _same(_sieved(size, threads, keep_settled=keep), _sieved(1 << 20, keep_settled=keep))


def test_the_samples_are_the_same_whatever_the_order_of_the_rows() -> None:
    index, records = _case()
    turned = records.take(pa.array(range(records.num_rows)[::-1]))
    one, other = (sieve(index, table.to_batches(), SMALL) for table in (records, turned))
    assert 0 < one.persons.num_rows <= 40
    columns = ["name", "id_no", "address", "digest"]
    assert one.persons.select(columns).equals(other.persons.select(columns))
    assert np.array_equal(one.names, other.names)


def test_rows_that_met_nobody_are_not_kept_unless_a_person_has_judged_their_name() -> None:
    assert "欧阳慧" not in _names(_sieved(100))
    assert "欧阳慧" in _names(_sieved(100, judged=("欧阳慧",)))


def test_rows_settled_by_number_and_name_may_be_left_out_and_their_pairs_are_not_lost() -> None:
    every, few = _sieved(100), _sieved(100, keep_settled=False)
    assert len(every.settled.records) == 0
    assert len(few.settled.records) > 0
    assert few.records.num_rows < every.records.num_rows

    def pairs(found: Sieved) -> set[tuple[int, int]]:
        both = (found.pairs, found.settled)
        return {pair for one in both for pair in zip(one.records.tolist(), one.members.tolist(), strict=True)}

    assert pairs(every) == pairs(few)
    assert (every.matched, every.with_number) == (few.matched, few.with_number)
