"""The same input links the same way: in any row order, on any number of threads."""

from __future__ import annotations

import dataclasses
import random
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.s4_link import default_settings, link
from pipelines.s4_link.comparisons import thousandths_of_log2
from pipelines.s4_link.id_numbers import is_possible, repairs
from tests.unit.s4_link.link_cases import crowd, deaths, found, linked, members, number, person, reviewed

VALID = number("1968-07-01", "123")
LISTED = person("李卫东", VALID)
DAMAGED = person("李卫东", VALID[:17] + ("0" if VALID[17] != "0" else "1"), "checksum_wrong")
NAMED = person("赵明月", address="刻木山乡九里岗村8号")
PAIR = ("d0", "m0")

_sequence = st.integers(1, 999).map(lambda value: f"{value:03d}")
_birthday = st.dates(min_value=date(1930, 1, 1), max_value=date(2023, 12, 31))
_id = st.builds(lambda day, sequence: number(day.isoformat(), sequence), _birthday, _sequence)


def _mixed() -> tuple[pa.Table, pa.Table]:
    records = deaths(LISTED, DAMAGED, NAMED, person("李卫东", birth_date="1968-07-01", sex="M"), *crowd())
    lists = members(LISTED, person("赵明月", number("1980-02-02", "222")), *crowd(400))
    return records, lists


def _shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)  # noqa: S311 an order, not a secret
    return table.take(pa.array(order))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_rows_give_identical_tables(seed: int) -> None:
    records, lists = _mixed()
    common = {"table_name": "death", "judgements": None, "settings": default_settings()}
    one = link(batches=records.to_batches(), members=lists, **common)
    other = link(batches=_shuffled(records, seed).to_batches(), members=_shuffled(lists, seed + 9), **common)
    assert one.matches.num_rows > 120
    assert one.reviews.num_rows > 0
    assert one.matches.equals(other.matches)
    assert one.reviews.equals(other.reviews)
    assert one.stats == other.stats


def test_one_and_two_threads_give_identical_tables() -> None:
    records, lists = _mixed()
    both = [
        link(
            batches=records.to_batches(),
            members=lists,
            table_name="death",
            judgements=None,
            settings=dataclasses.replace(default_settings(), threads=threads),
        )
        for threads in (1, 2)
    ]
    assert both[0].matches.equals(both[1].matches)
    assert both[0].reviews.equals(both[1].reviews)


def test_empty_tables_link_to_nothing() -> None:
    result = link(
        batches=[], table_name="death", members=members(), judgements=None, settings=default_settings()
    )
    assert (result.matches.num_rows, result.reviews.num_rows) == (0, 0)


def test_members_who_all_lack_a_number_link_without_error() -> None:
    result = linked([LISTED], [person("李卫东"), person("赵明月")])
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "name_only"}


def test_a_table_without_an_address_links_by_what_it_has() -> None:
    result = link(
        batches=deaths(LISTED).drop_columns(["address"]).to_batches(),
        table_name="death",
        members=members(LISTED),
        judgements=None,
        settings=default_settings(),
    )
    assert result.matches["method"].to_pylist() == ["exact_id"]


def test_real_property_is_compared_by_where_it_lies() -> None:
    records = deaths(LISTED).rename_columns({"address": "location"})
    result = link(
        batches=records.to_batches(),
        table_name="property",
        members=members(LISTED),
        judgements=None,
        settings=default_settings(),
    )
    assert found(result) == {PAIR: "exact_id"}


@given(_id, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_always_breaks_the_checksum_and_the_true_number_is_among_the_repairs(
    valid: str, place: int, by: int
) -> None:
    digit = 10 if valid[place] == "X" else int(valid[place])
    wrong = valid[:place] + str((digit + by) % 10) + valid[place + 1 :]
    if wrong == valid:
        return
    assert not is_possible(wrong)
    assert valid in repairs(wrong)
    assert all(is_possible(number) for number in repairs(wrong))


@settings(max_examples=40, deadline=None)
@given(_id, _id, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_makes_a_record_somebody_elses(
    own: str, other: str, place: int, by: int
) -> None:
    wrong = own[:place] + str((int(own[place]) + by) % 10) + own[place + 1 :]
    record = person("李卫东", wrong, "checksum_wrong")
    result = linked([record], [person("李卫东", own), person("赵明月", other)])
    assert {pair for pair in found(result) if pair[1] == "m1"} == set()


@settings(max_examples=40, deadline=None)
@given(_id, _id)
def test_two_different_valid_numbers_are_never_matched_even_under_one_name(own: str, other: str) -> None:
    is_cut = "000" in (own[15:], other[15:])
    if own == other or is_cut:
        return
    assert found(linked([person("李卫东", own)], [person("李卫东", other)])) == {}


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_weights_of_frequencies_are_exact_floors(whole: int, part: int) -> None:
    weight = thousandths_of_log2(whole, part)
    if part >= whole:
        assert weight == 0
        return
    assert 2**weight * part**1000 <= whole**1000 < 2 ** (weight + 1) * part**1000
