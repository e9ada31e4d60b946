"""Households and members from the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.base.ids import short_id
from pipelines.base.period import Period
from pipelines.contracts import by_name
from pipelines.s4_link import Composed, compose
from tests.unit.s4_link.link_cases import number, person

MONTH = Period.parse("2024-06")
HEAD, WIFE, SON = (number(f"19{year}-03-04", "123") for year in (58, 60, 88))


def recipients(*rows: dict[str, Any]) -> pa.Table:
    filled = []
    for at, row in enumerate(rows):
        base = {"record_id": f"list#{at + 1}", "source": "dibao_rural", "delivery": "dibao_rural/20240628_01"}
        base |= {"file_name": "list.csv", "row_no": at + 1, "slot": 0, "derived_from": [], "address": None}
        base |= {
            "household_no": "NC00000001",
            "programme": "dibao_rural",
            "town": "刻木山乡",
            "village": "九里岗村",
        }
        base |= {"is_head": at == 0, "is_covered": True, "relation": None, "category": "partial"}
        base |= {"covered_stated": None, "household_amount": None, "person_amount": 20000}
        filled.append(base | {"start_date": None, "account_no": None} | row)
    return pa.Table.from_pylist(filled, schema=by_name("recipient").schema)


def payments(*rows: dict[str, Any]) -> pa.Table:
    filled = []
    for at, row in enumerate(rows):
        base = {"record_id": f"pay#{at + 1}", "source": "payment", "delivery": "payment/20240625_01"}
        base |= {"file_name": "pay.txt", "row_no": at + 1, "slot": 0, "derived_from": []} | person(
            "李卫东", HEAD
        )
        base |= {"household_no": "NC00000001", "pay_month": "2024-06", "amount": 40000, "state": "paid"}
        filled.append(base | {"account_no": None} | row)
    return pa.Table.from_pylist(filled, schema=by_name("payment").schema)


def composed(lists: pa.Table, paid: pa.Table | None = None) -> Composed:
    paid = payments() if paid is None else paid
    return compose(recipients=lists, payments=paid, jurisdiction="demo", period=MONTH)


def household(lists: pa.Table, paid: pa.Table | None = None) -> dict[str, Any]:
    (row,) = composed(lists, paid).households.to_pylist()
    return row


def by_person(lists: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in composed(lists).members.to_pylist()}


def test_a_household_number_is_one_household_with_its_people() -> None:
    row = household(recipients(person("李卫东", HEAD), person("赵明月", WIFE) | {"is_covered": False}))
    assert row["record_id"] == short_id("H", "demo", "NC00000001")
    assert (row["members"], row["covered"], row["head_name"]) == (2, 1, "李卫东")
    assert row["derived_from"] == ["list#1", "list#2"]


def test_the_amount_listed_for_a_person_is_counted_for_each_covered_member() -> None:
    row = household(
        recipients(
            person("李卫东", HEAD), person("赵明月", WIFE), person("李明", SON) | {"is_covered": False}
        )
    )
    assert row["listed_amount"] == 40000


def test_the_amount_listed_for_the_household_stands_as_it_is() -> None:
    amounts = {"household_amount": 54000, "person_amount": None}
    row = household(recipients(person("李卫东", HEAD) | amounts, person("赵明月", WIFE) | amounts))
    assert row["listed_amount"] == 54000


def test_the_number_of_covered_people_is_counted_and_not_taken_from_the_list() -> None:
    assert household(recipients(person("李卫东", HEAD) | {"covered_stated": 3}))["covered"] == 1


def test_a_person_named_twice_with_one_number_is_one_member() -> None:
    lists = recipients(
        person("李卫东", HEAD), person("赵明月", WIFE), person("赵明月", WIFE) | {"is_covered": False}
    )
    members = by_person(lists)
    assert sorted(members) == ["李卫东", "赵明月"]
    assert members["赵明月"]["derived_from"] == ["list#2", "list#3"]
    assert members["赵明月"]["is_covered"]
    assert members["赵明月"]["record_id"] == short_id("P", "demo", "NC00000001", WIFE)


def test_a_person_named_again_with_a_damaged_number_is_one_member_with_the_good_number() -> None:
    damaged = person("赵明月", WIFE[:15] + "000", "excel_cut")
    members = by_person(recipients(damaged, person("赵明月", WIFE)))
    assert members["赵明月"]["id18"] == WIFE
    assert members["赵明月"]["id_state"] == "valid18"
    assert members["赵明月"]["derived_from"] == ["list#1", "list#2"]


def test_a_child_listed_under_its_mothers_number_is_a_second_member() -> None:
    members = by_person(recipients(person("赵明月", WIFE), person("李小宝", WIFE)))
    assert sorted(members) == ["李小宝", "赵明月"]
    assert members["李小宝"]["record_id"] == short_id("P", "demo", "NC00000001", "list#2")


def test_two_of_one_name_with_their_own_numbers_are_two_members() -> None:
    assert household(recipients(person("李卫东", HEAD), person("李卫东", SON)))["members"] == 2


def test_people_without_number_and_name_stay_apart() -> None:
    assert household(recipients(person(None), person(None)))["members"] == 2


def test_a_member_without_a_number_is_known_by_name_and_birth_date() -> None:
    members = by_person(recipients(person("李小宝", birth_date="2023-09-11")))
    assert members["李小宝"]["record_id"] == short_id("P", "demo", "NC00000001", "李小宝", "2023-09-11")
    assert members["李小宝"]["birth_date"] == date(2023, 9, 11)


def test_family_who_only_count_get_their_place_from_the_household() -> None:
    bare = {"town": None, "village": None, "is_covered": False, "record_id": "a-earlier#1"}
    lists = recipients(
        person("李卫东", HEAD) | {"address": "刻木山乡九里岗村3号"}, person("赵明月", WIFE) | bare
    )
    row = by_person(lists)["赵明月"]
    assert (row["town"], row["village"], row["address"]) == ("刻木山乡", "九里岗村", "刻木山乡九里岗村3号")
    assert household(lists)["town"] == "刻木山乡"


def test_a_place_nobody_states_is_empty() -> None:
    row = household(recipients(person("李卫东", HEAD) | {"town": None, "village": None}))
    assert (row["town"], row["village"], row["address"]) == ("", "", None)


@pytest.mark.parametrize("heads", [(False, False), (True, True)], ids=["no head stated", "two heads stated"])
def test_the_first_member_is_the_head_when_the_list_does_not_say_which(heads: tuple[bool, bool]) -> None:
    people = [person("李卫东", HEAD) | {"is_head": heads[0]}, person("赵明月", WIFE) | {"is_head": heads[1]}]
    rows = by_person(recipients(*people))
    assert [name for name, row in rows.items() if row["is_head"]] == ["李卫东"]


@pytest.mark.parametrize(("stated", "heads"), [((False, False), 0), ((True, True), 2), ((True, False), 1)])
def test_a_household_says_how_many_heads_the_list_itself_names(stated: tuple[bool, bool], heads: int) -> None:
    people = [
        person("李卫东", HEAD) | {"is_head": stated[0]},
        person("赵明月", WIFE) | {"is_head": stated[1]},
    ]
    assert household(recipients(*people))["heads"] == heads


def test_a_head_named_on_two_rows_is_one_head() -> None:
    assert household(recipients(*[person("李卫东", HEAD) | {"is_head": True}] * 2))["heads"] == 1


def test_what_was_paid_for_the_month_is_the_sum_of_paid_instructions() -> None:
    paid = payments({}, {"amount": 500}, {"amount": 700, "state": "returned"}, {"pay_month": "2024-05"})
    row = household(recipients(person("李卫东", HEAD)), paid)
    assert row["paid_amount"] == 40500
    assert row["derived_from"] == ["list#1", "pay#1", "pay#2", "pay#3"]


def test_nothing_paid_is_not_the_same_as_no_payment_file() -> None:
    lists = recipients(person("李卫东", HEAD))
    assert household(lists, payments({"household_no": "NC00000009"}))["paid_amount"] == 0
    assert household(lists, payments({"pay_month": "2024-05"}))["paid_amount"] is None


_row = st.tuples(st.integers(1, 4), st.sampled_from("甲乙丙丁"), st.booleans())


@settings(max_examples=50, deadline=None)
@given(
    st.lists(_row, min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 10**6)), max_size=8),
)
def test_every_person_once_and_every_fen_kept(
    rows: list[tuple[int, str, bool]], paid: list[tuple[int, int]]
) -> None:
    people = [
        person(f"李{name}", number(f"19{50 + ord(name) % 40}-01-02", f"{home}{ord(name) % 90:02d}"))
        | {"household_no": f"NC{home}", "is_covered": covered}
        for home, name, covered in rows
    ]
    listed = {home for home, _, _ in rows}
    instructions = [
        {"household_no": f"NC{home}", "amount": amount} for home, amount in paid if home in listed
    ]
    result = composed(recipients(*people), payments(*instructions))
    assert result.members.num_rows == len({(home, name) for home, name, _ in rows})
    assert sum(result.households["members"].to_pylist()) == result.members.num_rows
    assert sum(result.households["covered"].to_pylist()) == sum(result.members["is_covered"].to_pylist())
    assert sorted(i for ids in result.members["derived_from"].to_pylist() for i in ids) == sorted(
        f"list#{at + 1}" for at in range(len(rows))
    )
    assert sum(amount or 0 for amount in result.households["paid_amount"].to_pylist()) == sum(
        row["amount"] for row in instructions
    )
