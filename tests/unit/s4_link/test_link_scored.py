"""Records whose number is missing or damaged, or whose member's is."""

from __future__ import annotations

import dataclasses

import pytest

from pipelines.s4_link import default_settings
from tests.unit.s4_link.link_cases import HOME, TOWN, VILLAGE, found, level, linked, number, person, reviewed

BORN = "1968-07-01"
VALID = number(BORN, "123")
PAIR = ("d0", "m0")
LISTED = person("李卫东", VALID)


def _without_number(name: str, born: str | None = BORN, **other: object) -> dict[str, object]:
    return person(name, birth_date=born, sex="M", **other)


def test_missing_number_but_name_birth_date_and_village_agree() -> None:
    result = linked([_without_number("李卫东")], [LISTED])
    assert found(result) == {PAIR: "scored"}
    assert level(result, "address") == "same_village"


def test_a_mistyped_digit_is_repaired_when_the_name_agrees() -> None:
    wrong = VALID[:15] + str((int(VALID[15]) + 1) % 10) + VALID[16:]
    result = linked([person("李卫东", wrong, "checksum_wrong")], [LISTED])
    assert found(result) == {PAIR: "repaired_id"}
    assert level(result, "id") == "one_edit"


@pytest.mark.parametrize(
    "wrong",
    [VALID[:9] + VALID[10] + VALID[9] + VALID[11:], VALID[:5] + VALID[6:], VALID[:5] + VALID[4:]],
    ids=["two digits swapped", "a digit lost", "a digit doubled"],
)
def test_a_slip_of_the_hand_is_repaired(wrong: str) -> None:
    result = linked([person("李卫东", wrong, "malformed")], [LISTED])
    assert found(result) == {PAIR: "repaired_id"}


def test_a_mistyped_birth_digit_is_damage_and_not_another_birth_date() -> None:
    wrong = VALID[:13] + "2" + VALID[14:]
    result = linked([person("李卫东", wrong, "checksum_wrong", birth_date="1968-07-02")], [LISTED])
    assert found(result) == {PAIR: "repaired_id"}
    assert level(result, "birth_date") == "in_id"


def test_a_mistyped_number_with_another_name_is_nobody() -> None:
    wrong = VALID[:15] + str((int(VALID[15]) + 1) % 10) + VALID[16:]
    result = linked([person("赵明月", wrong, "checksum_wrong")], [LISTED])
    assert found(result) == reviewed(result) == {}


@pytest.mark.parametrize("cut", [VALID[:15] + "000", f"{VALID[0]}.{VALID[1:15]}E+17"])
def test_a_number_cut_by_a_spreadsheet_still_shows_county_and_birth_date(cut: str) -> None:
    result = linked([person("李卫东", cut, "excel_cut", birth_date=BORN)], [LISTED])
    assert found(result) == {PAIR: "scored"}
    assert level(result, "id") == "cut_agrees"


def test_a_cut_number_that_passes_the_checksum_by_chance_is_still_a_cut_number() -> None:
    cut = next(cut for s in range(10) if (cut := number(BORN, f"{s}00", county="730723"))[-1] == "0")
    whole = number(BORN, f"{cut[14]}37", "730723")
    result = linked([person("李卫东", cut)], [person("李卫东", whole)])
    assert found(result) == {PAIR: "scored"}


def test_a_cut_number_with_a_homophone_name_is_only_reviewed() -> None:
    result = linked([person("李卫冬", VALID[:15] + "000", "excel_cut", birth_date=BORN)], [LISTED])
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "below_match_threshold"}


def test_so_few_digits_say_nothing_beside_a_name() -> None:
    result = linked(
        [person("李卫东", "7.30724E+17", "excel_cut", address="长宁县龙阳街道粟公堤社区")], [LISTED]
    )
    assert found(result) == reviewed(result) == {}


def test_a_masked_number_with_both_ends_and_the_name() -> None:
    result = linked([person("李卫东", f"{VALID[:6]}********{VALID[-4:]}", "masked")], [LISTED])
    assert found(result) == {PAIR: "scored"}
    assert level(result, "id") == "masked_agrees"


def test_a_masked_number_whose_ends_differ_is_another_person() -> None:
    result = linked([person("李卫东", f"{VALID[:6]}********9999", "masked", birth_date=BORN)], [LISTED])
    assert found(result) == {}


def test_the_same_damaged_number_on_both_sides() -> None:
    wrong = VALID[:17] + ("0" if VALID[17] != "0" else "1")
    both = person("李卫东", wrong, "checksum_wrong", birth_date=BORN)
    result = linked([both], [both])
    assert found(result) == {PAIR: "scored"}
    assert level(result, "id") == "equal_damaged"


def test_a_member_whose_number_is_mistyped_meets_records_with_the_right_one() -> None:
    wrong = VALID[:16] + str((int(VALID[16]) + 2) % 10) + VALID[17]
    result = linked([LISTED], [person("李卫东", wrong, "checksum_wrong", birth_date=BORN)])
    assert found(result) == {PAIR: "repaired_id"}


def test_a_dummy_number_counts_as_none() -> None:
    result = linked([person("李卫东", "1" * 18, "dummy", birth_date=BORN, sex="M")], [LISTED])
    assert found(result) == {PAIR: "scored"}
    assert level(result, "id") == "missing"


def test_twins_with_numbers_missing_are_two_people() -> None:
    result = linked([_without_number("李卫民")], [LISTED])
    assert found(result) == reviewed(result) == {}


def test_twins_with_names_one_look_alike_apart_are_only_reviewed() -> None:
    result = linked([_without_number("张玮")], [person("张伟", VALID)])
    assert found(result) == {}
    assert set(reviewed(result).values()) <= {"below_match_threshold"}


def test_father_and_son_of_one_name_are_told_apart_by_their_birth_dates() -> None:
    result = linked([_without_number("李卫东", "1993-03-05", address=HOME)], [LISTED])
    assert found(result) == reviewed(result) == {}


def test_another_sex_is_another_person() -> None:
    result = linked([person("李卫东", birth_date=BORN, sex="F")], [LISTED])
    assert found(result) == {}


def test_a_differing_house_number_is_a_difference() -> None:
    at_home = person("李卫东", VALID, address=HOME)
    same = linked([_without_number("李卫东", address=HOME)], [at_home])
    other = linked([_without_number("李卫东", address=HOME.replace("103", "130"))], [at_home])
    assert (level(same, "address"), level(other, "address")) == ("same_number", "number_differs")
    assert other.matches["weight"][0].as_py() < same.matches["weight"][0].as_py()


def test_a_record_equally_good_for_two_members_is_a_tie() -> None:
    twice = [person("李卫东", number(BORN, "123")), person("李卫东", number(BORN, "125"))]
    result = linked([_without_number("李卫东")], twice)
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "tie", ("d0", "m1"): "tie"}


def test_the_same_person_in_two_households_is_not_a_tie() -> None:
    result = linked([_without_number("李卫东")], [LISTED, LISTED])
    assert set(found(result)) == {PAIR, ("d0", "m1")}


def test_a_record_goes_to_the_better_of_two_members() -> None:
    wrong = VALID[:15] + str((int(VALID[15]) + 1) % 10) + VALID[16:]
    record = person("李卫东", wrong, "checksum_wrong", birth_date=BORN)
    result = linked([record], [LISTED, person("李卫东", number(BORN, "789"))])
    assert set(found(result)) == {PAIR}


def test_a_common_name_and_a_birth_date_alone_are_only_reviewed() -> None:
    namesakes = [person("李卫东", number(f"19{year}-01-01", "111", "730701")) for year in range(30, 50)]
    away = _without_number("李卫东", address=None)
    result = linked([away, *namesakes], [LISTED])
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "below_match_threshold"}


def test_a_rare_name_alone_in_the_same_village_is_put_to_a_person_and_never_matched() -> None:
    result = linked([person("李卫东")], [LISTED])
    assert found(result) == {}
    assert reviewed(result) == {PAIR: "name_only"}
    assert result.reviews["method"].to_pylist() == ["name_only"]


def test_a_rare_name_alone_in_another_village_produces_nothing() -> None:
    result = linked([person("李卫东", address="澧水县王家厂镇大团村284号")], [LISTED])
    assert found(result) == reviewed(result) == {}


def test_a_common_name_alone_produces_nothing() -> None:
    namesakes = [person("李卫东", number(f"19{year}-01-01", "111", "730701")) for year in range(30, 50)]
    result = linked([person("李卫东"), *namesakes], [LISTED])
    assert found(result) == reviewed(result) == {}


def test_a_name_two_members_share_produces_nothing() -> None:
    result = linked([person("李卫东")], [LISTED, person("李卫东", number("1975-02-03", "321"))])
    assert found(result) == reviewed(result) == {}


def test_a_name_that_returns_on_very_many_rows_stays_bounded() -> None:
    settings = dataclasses.replace(default_settings(), most_pairs_per_block=50)
    result = linked([person("李卫东") for _ in range(60)], [LISTED], settings=settings)
    assert found(result) == reviewed(result) == {}
    assert result.stats.blocks_skipped["name_and_village"] == 1


def test_a_list_without_an_address_is_placed_by_town_and_village() -> None:
    result = linked([_without_number("李卫东", address=HOME)], [person("李卫东", VALID, address=None)])
    (row,) = result.matches.to_pylist()
    (place,) = [entry for entry in row["comparisons"] if entry["field"] == "address"]
    assert place["member_value"] == f"{TOWN}{VILLAGE}"


def test_the_counts_tell_what_was_decided_and_what_it_cost() -> None:
    stats = linked(
        [_without_number("李卫东"), LISTED, person("赵明月")],
        [LISTED, person("赵明月", number("1980-02-02", "222"))],
    ).stats
    assert stats.matches == {"exact_id": 1, "scored": 1}
    assert stats.reviews == {"name_only": 1}
    assert stats.records == 603
    assert stats.pairs_by_rule["name_and_birth"] == 1
    assert 1 <= stats.distinct_compared["name"] <= 2
