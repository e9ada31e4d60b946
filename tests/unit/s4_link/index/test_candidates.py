"""The index finds what the blocking rules say, batch by batch, in any order, on any number of threads."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.s4_link import LinkSettings, default_settings
from pipelines.s4_link.index import Index, Side, candidates, paired, streamed
from pipelines.s4_link.people import people_of_members, people_of_records
from tests.unit.s4_link.index.plain_blocking import candidate_pairs, exact_pairs, residual_rows
from tests.unit.s4_link.link_cases import HOME, crowd, deaths, members, number, person

VALID = number("1968-07-01", "123")
FORMER = number("1968-07-01", "127")
CUT = next(cut for first in range(10) if (cut := number("1968-07-01", f"{first}00", "730723"))[-1] == "0")
LISTED = person("李卫东", VALID)
Pairs = set[tuple[str, str]]


def _typo(valid: str, place: int = 15) -> str:
    return valid[:place] + str((int(valid[place]) + 1) % 10) + valid[place + 1 :]


# Everything a registry does to a person, and everything a list does.
PEOPLE: list[dict[str, Any]] = [
    LISTED,
    person("李卫东", "730724680701123", "valid15"),
    person("李卫东", _typo(VALID), "checksum_wrong"),
    person("李卫东", VALID[:5] + VALID[6:], "malformed"),
    person("李卫东", VALID[:15] + "000", "excel_cut"),
    person("李卫东", f"{VALID[0]}.{VALID[1:15]}E+17", "excel_cut"),
    person("李卫东", f"{VALID[:6]}********{VALID[-4:]}", "masked"),
    person("李卫东", f"{VALID[:14]}****", "masked"),
    person("李卫东", "1" * 18, "dummy", birth_date="1968-07-01", sex="M"),
    person("李卫东", birth_date="1968-07-01", sex="M", address=HOME),
    person("李卫冬", birth_date="1968-07-01", sex="M", address=HOME),
    person("李 衛東（亡）", birth_date="1968-07-01"),
    person("李卫东", address=HOME),
    person("李卫东", FORMER),
    person("李卫民", number("1968-07-01", "125")),
    person("赵明月", number("1980-02-02", "222"), address="澧水县王家厂镇大团村284号"),
    person("阿卜杜热合曼•买买提", number("1980-02-02", "224")),
    person(None, VALID),
    person("李卫东", CUT),
    person("李卫东", number("1968-07-01", f"{CUT[14]}37", "730723")),
    person("赵明月", VALID, address="澧水县王家厂镇大团村284号"),
    person("□□", birth_date="1968-07-01", sex="M"),
]


def _plainly(records: pa.Table, lists: pa.Table, settings: LinkSettings) -> tuple[Pairs, Pairs, Pairs]:
    """Exact pairs; pairs of the rules over all rows that number and name do not settle; those of the rows
    that an earlier release looked at."""
    left, right = people_of_records(records), people_of_members(lists)
    with duckdb.connect(":memory:") as con:
        con.register("record", left.rows)
        con.register("member", right.rows)
        exact = exact_pairs(con)
        looked_at = residual_rows(con, right)
        names = left.rows["name_key"].take(exact[0]), right.rows["name_key"].take(exact[1])
        settled = exact[0][np.asarray(pc.fill_null(pc.equal(*names), False), dtype=np.bool_)]
        free = np.setdiff1d(np.arange(records.num_rows), settled)
        by_rows = [candidate_pairs(con, left, right, rows, settings) for rows in (free, looked_at)]
    found = [exact, *((one.records, one.members) for one in by_rows)]
    return tuple(_named(records, lists, *pair) for pair in found)  # type: ignore[return-value]


def _named(records: pa.Table, lists: pa.Table, rows: Any, who: Any) -> Pairs:
    left = records["record_id"].take(pa.array(rows)).to_pylist()
    return set(zip(left, lists["record_id"].take(pa.array(who)).to_pylist(), strict=True))


def _ours(
    records: pa.Table, lists: pa.Table, settings: LinkSettings, size: int = 1 << 20, threads: int = 1
) -> dict[tuple[str, str], str]:
    index = Index.of(lists, settings)
    batches = records.combine_chunks().to_batches(max_chunksize=size)
    met = list(streamed(lambda batch: candidates(index, Side.of_records(batch)), batches, threads))
    firsts = np.cumsum([0, *(batch.num_rows for batch in batches)])[:-1].tolist()
    found = paired(index, met, firsts)
    left = records["record_id"].take(pa.array(found.records)).to_pylist()
    right = lists["record_id"].take(pa.array(found.members)).to_pylist()
    steps = [index.steps[step] for step in found.steps.tolist()]
    return dict(zip(zip(left, right, strict=True), steps, strict=True))


def _case() -> tuple[pa.Table, pa.Table]:
    return deaths(*PEOPLE, *crowd()), members(*PEOPLE, *crowd(400))


def test_the_index_finds_exactly_the_pairs_of_the_blocking_rules() -> None:
    exact, by_rules, _ = _plainly(*_case(), default_settings())
    assert set(_ours(*_case(), default_settings())) == exact | by_rules
    assert len(by_rules) > 100


@pytest.mark.parametrize("at", range(len(PEOPLE)))
def test_each_way_of_writing_one_listed_person_meets_what_the_rules_say(at: int) -> None:
    for record, listed in ((PEOPLE[at], LISTED), (LISTED, PEOPLE[at])):
        tables = deaths(record, *crowd()), members(listed, *crowd(50))
        exact, by_rules, earlier = _plainly(*tables, default_settings())
        found = set(_ours(*tables, default_settings()))
        assert found == exact | by_rules
        assert found >= earlier


def test_real_property_and_tables_without_any_place_are_read_as_plainly() -> None:
    records, lists = _case()
    for other in (records.rename_columns({"address": "location"}), records.drop_columns(["address"])):
        exact, by_rules, _ = _plainly(other, lists, default_settings())
        assert set(_ours(other, lists, default_settings())) == exact | by_rules


def test_each_pair_has_the_first_step_of_the_cascade_that_finds_it() -> None:
    records = deaths(*PEOPLE[:3], PEOPLE[9], PEOPLE[13], *crowd())
    steps = _ours(records, members(LISTED), default_settings())
    assert steps == {
        ("d0", "m0"): "exact_id",
        ("d1", "m0"): "exact_id15",
        ("d2", "m0"): "near_id",
        ("d3", "m0"): "name_and_birth",
        ("d4", "m0"): "name_and_birth",
    }


def test_a_valid_number_that_is_nobodys_meets_a_member_whose_own_number_is_missing() -> None:
    unknown = person("李卫东", birth_date="1968-07-01", sex="M", address=HOME)
    homophone = LISTED | {"name": "李卫冬", "address": HOME}
    found = _ours(deaths(LISTED, homophone, *crowd()), members(unknown), default_settings())
    assert found == {("d0", "m0"): "name_and_birth", ("d1", "m0"): "birth_and_village"}


def test_a_row_whose_number_is_a_members_meets_nobody_else() -> None:
    unknown = person("李卫东", birth_date="1968-07-01", sex="M", address=HOME)
    found = _ours(deaths(LISTED), members(LISTED, unknown), default_settings())
    assert found == {("d0", "m0"): "exact_id"}


@pytest.mark.parametrize(("size", "threads"), [(7, 1), (7, 2), (100, 2), (1 << 20, 2)])
def test_batches_of_any_size_on_one_and_two_threads_give_the_same_pairs(size: int, threads: int) -> None:
    records, lists = _case()
    expected = _ours(records, lists, default_settings())
    assert _ours(records, lists, default_settings(), size, threads) == expected


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_rows_and_members_give_the_same_pairs(seed: int) -> None:
    records, lists = _case()
    order = list(range(records.num_rows))
    random.Random(seed).shuffle(order)  # noqa: S311 an order, not a secret
    other = _ours(
        records.take(pa.array(order)),
        lists.take(pa.array(order[::-1]).filter(pc.less(pa.array(order[::-1]), len(lists)))),
        default_settings(),
        50,
    )
    assert other == _ours(records, lists, default_settings())


def test_one_and_two_threads_give_the_same_bytes() -> None:
    records, lists = _case()
    index = Index.of(lists, default_settings())
    batches = records.combine_chunks().to_batches(max_chunksize=64)
    one, two = (
        list(streamed(lambda b: candidates(index, Side.of_records(b)), batches, threads))
        for threads in (1, 2)
    )
    for left, right in zip(one, two, strict=True):
        for name in ("records", "members", "steps", "keys", "same_name"):
            assert getattr(left, name).tobytes() == getattr(right, name).tobytes()


def test_a_name_a_thousand_times_is_left_out_in_one_batch_and_over_many() -> None:
    settings = dataclasses.replace(default_settings(), most_pairs_per_block=50)
    records = deaths(*(person("李卫东") for _ in range(60)), person("李卫东", birth_date="1968-07-01"))
    lists = members(LISTED)
    for size in (7, 1 << 20):
        assert set(_ours(records, lists, settings, size)) == {("d60", "m0")}


def test_skipped_blocks_are_counted_once_however_many_batches_meet_them() -> None:
    settings = dataclasses.replace(default_settings(), most_pairs_per_block=5)
    records, lists = deaths(*(person("李卫东") for _ in range(60))), members(LISTED)
    index = Index.of(lists, settings)
    for size in (3, 20, 60):
        batches = records.combine_chunks().to_batches(max_chunksize=size)
        met = [candidates(index, Side.of_records(batch)) for batch in batches]
        found = paired(index, met, range(0, 60, size))
        assert found.blocks_skipped["name_and_village"] == 1
        assert len(found.records) == 0


def test_same_name_tells_agreeing_from_conflicting_names_of_one_number() -> None:
    records = deaths(
        LISTED, LISTED | {"name": "李 衛東"}, LISTED | {"name": "赵明月"}, LISTED | {"name": None}
    )
    met = candidates(Index.of(members(LISTED), default_settings()), Side.of_records(records))
    assert met.same_name.tolist() == [True, True, False, False]


def test_empty_registries_empty_lists_and_lists_without_any_number() -> None:
    assert _ours(deaths(), members(LISTED), default_settings()) == {}
    assert _ours(deaths(LISTED), members(), default_settings()) == {}
    assert _ours(deaths(LISTED), members(person("李卫东")), default_settings()) == {
        ("d0", "m0"): "name_and_village"
    }
    assert len(paired(Index.of(members(LISTED), default_settings()), [], []).records) == 0
