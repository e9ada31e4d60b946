"""The gate before every write."""

import pyarrow as pa
import pytest

from pipelines import contracts
from pipelines.base.errors import ContractBroken, NotFound
from pipelines.contracts.contract import Column, Contract, conform

BED = Contract(
    name="bed",
    grain="One row per bed.",
    key=("room", "bed"),
    columns=(
        Column(name="room", type=pa.string(), nullable=False, doc="room"),
        Column(name="bed", type=pa.int32(), nullable=False, doc="bed"),
        Column(name="who", type=pa.string(), doc="who sleeps there"),
    ),
)


def rows(*beds: tuple[str, int, str | None]) -> pa.Table:
    return pa.table({"who": [b[2] for b in beds], "bed": [b[1] for b in beds], "room": [b[0] for b in beds]})


def test_rows_come_out_in_the_order_of_the_key_and_columns_of_the_contract() -> None:
    table = conform(rows(("b", 1, "x"), ("a", 2, None), ("a", 1, "y")), BED)
    assert table.schema == BED.schema
    assert table.column("bed").to_pylist() == [1, 2, 1]


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(ContractBroken, match=r"columns missing \['who'\]"):
        conform(rows(("a", 1, "x")).drop_columns("who"), BED)


def test_an_extra_column_is_refused() -> None:
    with pytest.raises(ContractBroken, match="not in the contract"):
        conform(rows(("a", 1, "x")).append_column("more", pa.array([1])), BED)


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(ContractBroken, match="repeat the key"):
        conform(rows(("a", 1, "x"), ("b", 1, "z"), ("a", 1, "y")), BED)


def test_an_empty_cell_where_none_may_be_is_refused() -> None:
    with pytest.raises(ContractBroken, match=r"\[room\] is empty in 1 rows"):
        conform(pa.table({"room": [None], "bed": [1], "who": ["x"]}), BED)


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ContractBroken, match="does not fit"):
        conform(pa.table({"room": ["a"], "bed": [1 << 40], "who": ["x"]}), BED)


def test_every_contract_says_its_grain_and_carries_its_lineage() -> None:
    for contract in contracts.ALL:
        assert contract.grain.startswith("One row per"), contract.name
        assert {"record_id", "derived_from"} <= set(contract.schema.names), contract.name
        assert set(contract.key) <= set(contract.schema.names), contract.name
        assert all(column.doc for column in contract.columns), contract.name
        assert conform(contract.empty(), contract).num_rows == 0


def test_an_unknown_table_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="household_member"):
        contracts.by_name("households")
