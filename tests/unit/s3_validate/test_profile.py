"""The profile of a table: whole numbers by size, that can be added over parts."""

import json
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s3_validate import Profile, profile
from pipelines.s3_validate.profile import HUNDREDFOLD, NEGATIVE, ZERO, bounds

AMOUNTS = st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), max_size=40)


def table(amounts: list[int | None], names: list[str | None] | None = None) -> pa.Table:
    days = [None if a is None else date(1950 + a % 70, 1 + a % 12, 1) for a in amounts]
    return pa.table(
        {
            "record_id": pa.array([f"r{n}" for n in range(len(amounts))], pa.string()),
            "name": pa.array(names or ["王海梅"] * len(amounts), pa.string()),
            "amount": pa.array(amounts, pa.int64()),
            "tax": pa.array([None if a is None else a // 10 for a in amounts], pa.int64()),
            "start_date": pa.array(days, pa.date32()),
        }
    )


def sizes(*amounts: int) -> list[int]:
    return [next(iter(profile(table([amount])).columns["amount"].counts)) for amount in amounts]


@given(AMOUNTS, st.integers(0, 40))
def test_the_profiles_of_two_parts_add_up_to_that_of_the_whole(amounts: list[int | None], cut: int) -> None:
    whole = table(amounts)
    parts = profile(whole.slice(0, cut)).plus(profile(whole.slice(cut)))
    assert parts == profile(whole) == profile(whole).plus(Profile())


@given(AMOUNTS)
def test_the_ledger_keeps_a_profile_as_it_is(amounts: list[int | None]) -> None:
    found = profile(table(amounts))
    assert Profile.of_json(json.loads(json.dumps(found.to_json()))) == found


@given(st.integers(1, 10**13))
def test_a_hundred_times_as_much_is_exactly_eight_sizes_up(amount: int) -> None:
    one, hundred, ten_thousand = sizes(amount, amount * 100, amount * 10_000)
    assert (hundred - one, ten_thousand - hundred) == (HUNDREDFOLD, HUNDREDFOLD)
    least, most = bounds(one)
    assert least <= amount <= most < bounds(one + 1)[0]


def test_nothing_less_than_nothing_and_an_empty_cell_are_counted_apart() -> None:
    column = profile(table([0, -5, None, 100])).columns["amount"]
    assert (column.empty, column.counts) == (1, {NEGATIVE: 1, ZERO: 1, 8: 1})
    assert str(column.without_value) == "2/4"


def test_the_middle_is_the_size_of_the_middle_amount_above_zero() -> None:
    column = profile(table([0, 0, 0, 19_300, 19_400, 1_900_000])).columns["amount"]
    assert column.middle is not None
    assert bounds(column.middle) == (17_780, 31_619)
    assert profile(table([0, None])).columns["amount"].middle is None


def test_names_are_told_from_places_by_the_surnames_they_begin_with() -> None:
    column = profile(table([1, 2, 3], ["王海梅", "苇坪乡", None])).columns["name"]
    assert str(column.surnamed) == "1/2"
    assert column.middle == 9
    assert column.empty == 1


def test_of_two_amounts_it_is_counted_which_is_the_larger() -> None:
    found = profile(table([100, 200, None, 0]))
    assert str(found.above("amount", "tax")) == "2/3"
    assert str(found.above("tax", "amount")) == "0/3"
    assert str(found.above("amount", "nothing")) == "0/0"
