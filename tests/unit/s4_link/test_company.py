"""Who stands beside a person in the same row or book: worth something once that other is linked by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.s4_link import default_settings
from pipelines.s4_link.company import Companions
from pipelines.s4_link.comparisons import levels_of
from pipelines.s4_link.people import companies, people_of_members, people_of_records
from pipelines.s4_link.settings import LEVELS
from tests.unit.s4_link.link_cases import deaths, found, linked, members, number, person

WIFE = person("赵明月", number("1980-02-02", "222"), household_id="h-home")
HUSBAND = person("李卫东", number("1978-07-01", "123"), household_id="h-home")
NAMED = person("李卫东")


def _in_row(*people: dict[str, Any], row: int = 7) -> list[dict[str, Any]]:
    """Several people of one row of a file: their addresses end in the slot."""
    return [who | {"record_id": f"couples.csv#{row}.{slot}"} for slot, who in enumerate(people)]


def _levels(records: pa.Table, lists: pa.Table, exact: list[int], asked: list[int]) -> list[str]:
    """Record i is member i; what company says of the pairs `asked` after the `exact` ones."""
    left, right = people_of_records(records), people_of_members(lists)
    rows, pairs = (np.array(which, dtype=np.int64) for which in (exact, asked))
    companions = Companions.of(left, right, (rows, rows))
    themselves = exact == asked
    compared = companions.compared(levels_of(left, right, (pairs, pairs)), linked_themselves=themselves)
    return [LEVELS["company"][code] for code in compared.of["company"]]


def test_a_couple_in_one_row_of_which_one_is_linked_by_number_brings_the_other() -> None:
    couple = _in_row(WIFE, NAMED)
    result = linked(couple, [WIFE, HUSBAND], listed=500)
    assert found(result) == {("couples.csv#7.0", "m0"): "exact_id", ("couples.csv#7.1", "m1"): "scored"}


def test_the_same_person_alone_in_a_row_is_not_matched_by_the_name() -> None:
    alone = [*_in_row(WIFE, row=7), *_in_row(NAMED, row=8)]
    assert found(linked(alone, [WIFE, HUSBAND], listed=500)) == {("couples.csv#7.0", "m0"): "exact_id"}


def test_a_second_owner_beside_somebody_of_another_household_stands_apart() -> None:
    owners = deaths(*_in_row(WIFE, NAMED))
    apart = members(WIFE, HUSBAND | {"household_id": "h-other"})
    assert _levels(owners, apart, [0], [1]) == ["apart"]
    assert _levels(owners, members(WIFE, HUSBAND), [0], [1]) == ["together"]


def test_a_hukou_book_holds_people_of_several_rows() -> None:
    rows = deaths(WIFE, NAMED)
    book = rows.append_column("book_no", pa.array(["book-1", "book-1"]))
    books = rows.append_column("book_no", pa.array(["book-1", "book-2"]))
    lists = members(WIFE, HUSBAND)
    assert _levels(book, lists, [0], [1]) == ["together"]
    assert _levels(books, lists, [0], [1]) == _levels(rows, lists, [0], [1]) == ["missing"]


def test_a_row_without_a_book_number_is_company_for_its_own_slots_only() -> None:
    rows = deaths(*_in_row(WIFE, NAMED, row=1), *_in_row(HUSBAND, row=11))
    numbered = rows.append_column("book_no", pa.array(["book-1", None, None]))
    assert companies(rows).to_pylist() == ["couples.csv#1", "couples.csv#1", "couples.csv#11"]
    assert companies(numbered).to_pylist() == ["book-1", "couples.csv#1", "couples.csv#11"]


def test_an_exact_pair_is_not_its_own_companion() -> None:
    couple, lists = deaths(*_in_row(WIFE, HUSBAND)), members(WIFE, HUSBAND)
    assert _levels(couple, lists, [0], [0]) == ["missing"]
    assert _levels(couple, lists, [0, 1], [0, 1]) == ["together", "together"]


def test_a_person_who_is_listed_in_two_households_is_one_companion() -> None:
    lists = members(WIFE, HUSBAND, WIFE | {"household_id": "h-other"})
    left, right = people_of_records(deaths(*_in_row(WIFE, NAMED))), people_of_members(lists)
    companions = Companions.of(left, right, (np.array([0, 0]), np.array([0, 2])))
    asked = levels_of(left, right, (np.array([0]), np.array([0])))
    compared = companions.compared(asked, linked_themselves=True)
    assert LEVELS["company"][compared.of["company"][0]] == "missing"


def test_a_collective_book_of_hundreds_says_nothing() -> None:
    people = [
        person(f"钱{at}", number("1970-01-01", f"{at:03d}"), household_id="h-home") for at in range(1, 301)
    ]
    rows = deaths(NAMED, *people)
    book = rows.append_column("book_no", pa.array(["temple"] * 301))
    lists = members(HUSBAND, *people)
    assert _levels(book, lists, list(range(1, 301)), [0]) == ["missing"]
    assert _levels(book, lists, list(range(1, 31)), [0]) == ["together"]


def test_standing_together_weighs_for_and_standing_apart_against() -> None:
    rows = linked([], [], listed=100).model.to_pylist()
    weights = {
        row["level"]: row["weight"] for row in rows if (row["kind"], row["name"]) == ("level", "company")
    }
    assert weights["together"] > 0 > weights["apart"]
    assert weights["missing"] == default_settings().fields["company"]["missing"] == 0
