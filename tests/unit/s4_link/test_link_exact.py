"""Records with a valid id number."""

from __future__ import annotations

import pytest

from tests.unit.s4_link.link_cases import HOME, found, level, linked, number, person, reviewed

LIWEI = number("1968-07-01", "123")
PAIR = ("d0", "m0")


def test_same_number_and_same_name_is_a_match_that_explains_itself() -> None:
    result = linked([person("李卫东", LIWEI)], [person("李卫东", LIWEI)])
    assert found(result) == {PAIR: "exact_id"}
    (row,) = result.matches.to_pylist()
    fields = [entry["field"] for entry in row["comparisons"]]
    assert fields == ["id", "name", "birth_date", "sex", "address", "company"]
    assert (row["rule"], row["probability_ppm"]) == ("exact_id", 999_999)
    assert row["weight"] == sum(entry["weight"] for entry in row["comparisons"])
    assert row["comparisons"][0]["record_value"] == LIWEI
    assert row["household_id"] == "h0"
    assert row["derived_from"] == ["d0", "m0"]


def test_birth_date_and_sex_inside_the_number_are_not_counted_twice() -> None:
    result = linked([person("李卫东", LIWEI)], [person("李卫东", LIWEI)])
    assert (level(result, "birth_date"), level(result, "sex")) == ("in_id", "in_id")


def test_a_fifteen_digit_number_is_the_same_number_in_its_old_form() -> None:
    result = linked([person("李卫东", "730724680701123", "valid15")], [person("李卫东", LIWEI)])
    assert found(result) == {PAIR: "exact_id15"}


@pytest.mark.parametrize(
    ("written", "listed", "expected"),
    [
        ("张伟", "张玮", "look_alike"),
        ("罗永磊", "罗勇磊", "homophone"),
        ("闫芳", "阎芳", "variant"),
        ("王?", "王䶮", "lost_character"),
        ("王YAN", "王䶮", "lost_character"),
        ("李??东", "李卫东", "lost_character"),
        ("李卫\ue000", "李卫东", "lost_character"),
        ("張衛東", "张卫东", "equal"),
        ("吴 芳素", "吴芳素", "equal"),
        ("李卫东（亡）", "李卫东", "equal"),
        ("阿卜杜热合曼•买买提", "阿卜杜热合曼·买买提", "equal"),
        ("阿卜杜热合曼买买提", "阿卜杜热合曼·买买提", "equal"),
        ("阿卜杜热合曼买", "阿卜杜热合曼·买买提", "cut_name"),
        ("阿卜杜热曼买买提", "阿卜杜热合曼·买买提", "long_one_edit"),
        ("阿依?曲比", "阿依·曲比", "lost_character"),
        ("托合提", "托合提·买买提", "first_part"),
        ("陈红梅", "李红梅", "surname_changed"),
    ],
)
def test_same_number_and_a_name_written_otherwise_is_a_match(
    written: str, listed: str, expected: str
) -> None:
    result = linked([person(written, LIWEI)], [person(listed, LIWEI)])
    assert found(result) == {PAIR: "exact_id"}
    assert level(result, "name") == expected


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("张伟", "张伟华"),
        ("李建国", "李建军"),
        ("唐玉", "唐英惠"),
        ("王红", "李红"),
        ("王??", "李卫东"),
        (None, "李卫东"),
        ("□□", "李卫东"),
    ],
)
def test_same_number_and_another_name_is_an_identity_conflict(written: str | None, listed: str) -> None:
    result = linked([person(written, LIWEI)], [person(listed, LIWEI)])
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "identity_conflict"}


def test_one_number_two_people_links_only_the_one_of_that_name() -> None:
    result = linked([person("李卫东", LIWEI)], [person("李卫东", LIWEI), person("赵明月", LIWEI)])
    assert found(result) == {PAIR: "exact_id"}
    assert reviewed(result) == {}


def test_a_person_in_two_households_is_linked_in_both() -> None:
    result = linked([person("李卫东", LIWEI)], [person("李卫东", LIWEI), person("李卫东", LIWEI)])
    assert found(result) == {PAIR: "exact_id", ("d0", "m1"): "exact_id"}


def test_several_records_of_one_member_are_all_linked() -> None:
    result = linked([person("李卫东", LIWEI), person("李卫东", LIWEI)], [person("李卫东", LIWEI)])
    assert set(found(result)) == {PAIR, ("d1", "m0")}


def test_a_neighbour_with_the_next_number_is_nobody_here() -> None:
    result = linked([person("李卫东", number("1968-07-01", "125"))], [person("李卫民", LIWEI)])
    assert found(result) == reviewed(result) == {}


def test_two_valid_numbers_with_one_name_and_birth_date_are_at_most_a_former_number_to_review() -> None:
    former = person("李卫东", number("1968-07-01", "125"))
    result = linked([former], [person("李卫东", LIWEI, address=HOME)], listed=500)
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "below_match_threshold"}


def test_in_a_registry_about_nobody_of_the_list_a_former_number_is_not_worth_a_look() -> None:
    former = person("李卫东", number("1968-07-01", "125"))
    result = linked([former], [person("李卫东", LIWEI)])
    assert found(result) == reviewed(result) == {}


def test_two_valid_numbers_in_different_places_are_two_people() -> None:
    elsewhere = person("李卫东", number("1968-07-01", "125", "730799"), address="澧水县王家厂镇大团村5号")
    result = linked([elsewhere], [person("李卫东", LIWEI)])
    assert found(result) == reviewed(result) == {}
