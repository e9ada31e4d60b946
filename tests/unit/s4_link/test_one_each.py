"""A person dies once: of two records that only look alike, at most one may be the member's."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.s4_link import default_settings, link
from tests.unit.s4_link.link_cases import HOME, crowd, deaths, found, members, number, person, reviewed

_VALID = number("1968-07-01", "123")
_SLIPPED = _VALID[:15] + str((int(_VALID[15]) + 1) % 10) + _VALID[16:]
LISTED = person("李卫东", _VALID, address=HOME)
# one digit of the number mistyped, and everything else the same
ALIKE = person("李卫东", _SLIPPED, "checksum_wrong", birth_date="1968-07-01", sex="M", address=HOME)
FARTHER = {**ALIKE, "address": "临溪县刻木山乡九里岗村8号"}


def _linked(*records: dict[str, Any], one_each: bool = True) -> Any:
    return link(
        batches=deaths(*records, *crowd()).to_batches(),
        table_name="death",
        members=members(LISTED, *crowd(60)),
        judgements=None,
        settings=default_settings(),
        one_each=frozenset({"death_medical"}) if one_each else frozenset(),
    )


def _of_listed(rows: dict[tuple[str, str], str]) -> dict[str, str]:
    return {record: said for (record, member), said in rows.items() if member == "m0"}


def test_the_record_with_the_number_stays_and_one_that_looks_alike_is_put_to_a_person() -> None:
    result = _linked(LISTED, ALIKE)
    assert _of_listed(found(result)) == {"d0": "exact_id"}
    assert _of_listed(reviewed(result)) == {"d1": "another_record"}


def test_of_two_that_look_alike_the_clearly_better_one_matches() -> None:
    result = _linked(ALIKE, FARTHER)
    assert _of_listed(found(result)) == {"d0": "repaired_id"}
    assert _of_listed(reviewed(result)) == {"d1": "another_record"}


def test_of_two_equally_good_ones_neither_matches() -> None:
    result = _linked(ALIKE, ALIKE)
    assert _of_listed(found(result)) == {}
    assert _of_listed(reviewed(result)) == {"d0": "another_record", "d1": "another_record"}


@pytest.mark.parametrize("records", [(LISTED, ALIKE), (ALIKE, FARTHER), (ALIKE, ALIKE)])
def test_a_source_with_many_records_a_person_gives_them_all(records: tuple[dict[str, Any], ...]) -> None:
    assert set(_of_listed(found(_linked(*records, one_each=False)))) == {"d0", "d1"}
