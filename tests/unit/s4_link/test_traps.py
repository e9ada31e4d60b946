"""People who are easily taken for one another. None of these may become a match, whatever else agrees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.s4_link.link_cases import HOME, found, linked, number, person, reviewed

BORN = "1968-07-01"
VALID = number(BORN, "123")
LISTED = person("李卫东", VALID, address=HOME)
AWAY = "澧水县王家厂镇大团村284号"


def _typo(valid: str) -> str:
    return valid[:15] + str((int(valid[15]) + 1) % 10) + valid[16:]


TRAPS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "same name and birth date, two valid numbers": (
        person("李卫东", number(BORN, "125"), address=HOME),
        LISTED,
    ),
    "same name and birth date in another county, two valid numbers": (
        person("李卫东", number(BORN, "125", "730799"), address=AWAY),
        LISTED,
    ),
    "same name in the village, nothing else known": (person("李卫东", address=HOME), LISTED),
    "same name in the village, another birth date": (
        person("李卫东", birth_date="1971-03-09", sex="M", address=HOME),
        LISTED,
    ),
    "same name, other sex": (person("李卫东", birth_date=BORN, sex="F", address=HOME), LISTED),
    "father and son of one name and house, the son's number missing": (
        person("李卫东", birth_date="1993-03-05", sex="M", address=HOME),
        LISTED,
    ),
    "father and son of one name and house, both numbers valid": (
        person("李卫东", number("1993-03-05", "123"), address=HOME),
        LISTED,
    ),
    "twins, the record's number missing": (
        person("李卫民", birth_date=BORN, sex="M", address=HOME),
        LISTED,
    ),
    "twins, both numbers missing": (
        person("李卫民", birth_date=BORN, sex="M", address=HOME),
        person("李卫东", birth_date=BORN, sex="M", address=HOME),
    ),
    "twins one look-alike character apart, the record's number missing": (
        person("张玮", birth_date=BORN, sex="M", address=HOME),
        person("张伟", VALID, address=HOME),
    ),
    "twins, the record's number mistyped": (
        person("李卫民", _typo(number(BORN, "125")), "checksum_wrong", address=HOME),
        LISTED,
    ),
    "twins, the record bears the listed twin's number": (person("李卫民", VALID, address=HOME), LISTED),
    "a neighbour with the next number": (person("王建国", number(BORN, "125"), address=HOME), LISTED),
    "a neighbour with the next number, mistyped": (
        person("王建国", _typo(number(BORN, "125")), "checksum_wrong", address=HOME),
        LISTED,
    ),
    "a neighbour's mistyped number that is one slip from the listed one": (
        person("王建国", _typo(VALID), "checksum_wrong", address=HOME),
        LISTED,
    ),
    "one number, two people": (person("赵明月", VALID, address=AWAY), LISTED),
    "one number in its old form, two people": (
        person("赵明月", "730724680701123", "valid15", address=AWAY),
        LISTED,
    ),
    "a dummy number on both sides and one name": (
        person("李卫东", "1" * 18, "dummy", address=HOME),
        person("李卫东", "1" * 18, "dummy", address=HOME),
    ),
    "same name in the village, the number masked to its county": (
        person("李卫东", VALID[:6] + "*" * 12, "masked", address=HOME),
        LISTED,
    ),
    "a damaged number two slips away, same name and birth date, another house": (
        person(
            "李卫东",
            VALID[:14] + str((int(VALID[14]) + 3) % 10) + str((int(VALID[15]) + 4) % 10) + VALID[16:],
            "checksum_wrong",
            birth_date=BORN,
            sex="M",
            address=HOME.replace("103", "130"),
        ),
        LISTED,
    ),
}


@pytest.mark.parametrize("townspeople", [0, 500], ids=["a registry of strangers", "a registry of members"])
@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_becomes_a_match(trap: str, townspeople: int) -> None:
    record, listed = TRAPS[trap]
    assert found(linked([record], [listed], listed=townspeople)) == {}


def test_all_traps_together_do_not_become_matches_through_one_another() -> None:
    records = [record for record, _ in TRAPS.values()]
    for townspeople in (0, 500):
        assert found(linked(records, [LISTED], listed=townspeople)) == {}


def test_a_shared_number_is_shown_as_an_identity_conflict_and_not_hidden() -> None:
    record, listed = TRAPS["one number, two people"]
    assert reviewed(linked([record], [listed])) == {("d0", "m0"): "identity_conflict"}


def test_of_two_listed_twins_without_numbers_the_record_goes_to_the_one_of_its_name() -> None:
    twins = [person(name, birth_date=BORN, sex="M", address=HOME) for name in ("李卫东", "李卫民")]
    record = person("李卫民", birth_date=BORN, sex="M", address=HOME)
    assert set(found(linked([record], twins))) == {("d0", "m1")}


def test_a_lost_character_cannot_choose_between_listed_twins() -> None:
    twins = [person(name, birth_date=BORN, sex="M", address=HOME) for name in ("李卫东", "李卫民")]
    record = person("李卫?", birth_date=BORN, sex="M", address=HOME)
    assert found(linked([record], twins)) == {}
