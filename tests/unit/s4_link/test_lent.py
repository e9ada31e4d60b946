"""A member without a sound number takes the one of their hukou record, and every link says so."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from pipelines.contracts.linked import LENT_NUMBER
from pipelines.s4_link import lent_numbers, link, with_lent_numbers
from pipelines.s4_link.settings import default_settings
from tests.unit.s4_link.link_cases import crowd, deaths, found, members, number, person

BORN = "1968-07-01"
VALID = number(BORN, "123")
OTHER = number(BORN, "127")
CUT = next(cut for first in range(10) if (cut := number(BORN, f"{first}00", "730723"))[-1] == "0")
UNKNOWN = person("李卫东")


def _links(*pairs: tuple[str, str]) -> pa.Table:
    """Hukou links L0, L1 … of records and members."""
    rows = [
        {"record_id": f"L{at}", "record": record, "member_id": member}
        for at, (record, member) in enumerate(pairs)
    ]
    columns = pa.schema([(name, pa.string()) for name in ("record_id", "record", "member_id")])
    return pa.Table.from_pylist(rows, schema=columns)


def _lent(listed: dict[str, Any], *hukou: dict[str, Any]) -> pa.Table:
    pairs = [(f"d{at}", "m0") for at in range(len(hukou))]
    return lent_numbers(members(listed), _links(*pairs), deaths(*hukou))


def test_a_member_without_a_number_gets_the_one_of_the_hukou_link() -> None:
    (row,) = _lent(UNKNOWN, person("李卫东", VALID)).to_pylist()
    assert (row["member_id"], row["id18"], row["link_id"]) == ("m0", VALID, "L0")
    assert row["derived_from"] == ["m0", "L0"]


def test_birth_date_and_sex_come_with_the_number() -> None:
    lists = members(UNKNOWN)
    (row,) = with_lent_numbers(lists, _lent(UNKNOWN, person("李卫东", VALID))).to_pylist()
    assert (row["id_no"], row["id18"], row["id_state"], row["lent_by"]) == (VALID, VALID, "lent", "L0")
    assert (str(row["birth_date"]), row["sex"]) == (BORN, "M")


@pytest.mark.parametrize(
    "listed",
    [person("李卫东", VALID[:17] + "?", "malformed"), person("李卫东", CUT), UNKNOWN],
    ids=["garbled", "cut, and the checksum is right by chance", "missing"],
)
def test_a_number_that_cannot_be_relied_on_is_replaced(listed: dict[str, Any]) -> None:
    lent = _lent(listed, person("李卫东", VALID))
    assert with_lent_numbers(members(listed), lent)["id18"].to_pylist() == [VALID]


def test_a_sound_number_of_the_list_stands() -> None:
    listed = person("李卫东", OTHER)
    lent = _lent(listed, person("李卫东", VALID))
    assert lent.num_rows == 0
    (row,) = with_lent_numbers(members(listed), lent).to_pylist()
    assert (row["id18"], row["id_state"], row["lent_by"]) == (OTHER, "valid18", None)


def test_two_hukou_records_with_two_numbers_lend_nothing() -> None:
    assert _lent(UNKNOWN, person("李卫东", VALID), person("李卫东", OTHER)).num_rows == 0


def test_two_hukou_records_with_one_number_lend_it_once() -> None:
    assert _lent(UNKNOWN, person("李卫东", VALID), person("李卫东", VALID))["id18"].to_pylist() == [VALID]


def test_a_hukou_record_without_a_number_lends_nothing() -> None:
    lent = _lent(UNKNOWN, UNKNOWN)
    assert lent.schema.names == LENT_NUMBER.schema.names
    assert lent.num_rows == 0


def test_a_link_by_a_lent_number_says_so_and_is_derived_from_the_hukou_link() -> None:
    lists = with_lent_numbers(members(UNKNOWN), _lent(UNKNOWN, person("李卫东", VALID)))
    result = link(
        batches=deaths(person("李卫东", VALID), *crowd()).to_batches(),
        table_name="death",
        members=lists,
        judgements=None,
        settings=default_settings(),
    )
    assert found(result) == {("d0", "m0"): "lent_id"}
    (row,) = result.matches.to_pylist()
    assert row["derived_from"] == ["d0", "m0", "L0"]
