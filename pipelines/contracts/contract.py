"""What a contract is, and the one gate every table passes before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken

TEXT = pa.string()
WHOLE = pa.int64()
SMALL = pa.int32()
FEN = pa.int64()
DATE = pa.date32()
TRUTH = pa.bool_()
TEXTS = pa.list_(pa.string())


class Sensitivity(StrEnum):
    """How much a column says about a person; decides masking and what logs may carry."""

    PLAIN = "plain"
    PERSONAL = "personal"
    IDENTIFYING = "identifying"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: type, what it means (with its unit), whether it may be empty, how sensitive it is."""

    name: str
    type: pa.DataType
    doc: str
    nullable: bool = True
    sensitivity: Sensitivity = Sensitivity.PLAIN


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A table: its grain in one sentence, its key, its columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        return pa.schema(
            [pa.field(column.name, column.type, nullable=column.nullable) for column in self.columns]
        )

    def empty(self) -> pa.Table:
        return self.schema.empty_table()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def names(self, *sensitivities: Sensitivity) -> list[str]:
        """The names of the columns with one of these sensitivities."""
        return [column.name for column in self.columns if column.sensitivity in sensitivities]


def conform(table: pa.Table, contract: Contract) -> pa.Table:
    """The table in the contract's column order and types, sorted by its key; ContractBroken otherwise.

    Missing and extra columns, values that do not cast without loss, empty cells where none may be,
    and repeated keys are all refused: a table that passes can be written byte for byte again.
    """
    _check_columns(table, contract)
    _check_empty_cells(table, contract)
    try:
        cast = table.select(contract.schema.names).cast(contract.schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
        raise ContractBroken(f"a value does not fit its column: {error}", place=contract.name) from error
    in_order = _is_in_order(cast, contract)
    ordered = cast if in_order else cast.sort_by([(name, "ascending") for name in contract.key])
    _check_key(ordered, contract)
    return ordered.combine_chunks()


def _check_columns(table: pa.Table, contract: Contract) -> None:
    missing = [name for name in contract.schema.names if name not in table.column_names]
    extra = [name for name in table.column_names if name not in contract.schema.names]
    if missing or extra:
        raise ContractBroken(f"columns missing {missing}, not in the contract {extra}", place=contract.name)
    if len(set(table.column_names)) != len(table.column_names):
        raise ContractBroken("a column stands twice", place=contract.name)


def _check_empty_cells(table: pa.Table, contract: Contract) -> None:
    for column in contract.columns:
        empty = table[column.name].null_count
        if empty and not column.nullable:
            raise ContractBroken(f"[{column.name}] is empty in {empty} rows", place=contract.name)


def _is_in_order(table: pa.Table, contract: Contract) -> bool:
    """Whether the rows stand sorted by the key already: seeing it costs far less than moving every column."""
    if not table.num_rows:
        return True
    below, same = None, None
    for name in contract.key:
        values = table[name].combine_chunks()
        earlier, later = values.slice(0, len(values) - 1), values.slice(1)
        less, equal = pc.less(earlier, later), pc.equal(earlier, later)
        below = less if same is None else pc.or_(below, pc.and_(same, less))
        same = equal if same is None else pc.and_(same, equal)
    # An empty key cell compares to nothing and leaves the sorting to decide.
    return bool(pc.all(pc.or_(below, same).fill_null(False)).as_py())


def _check_key(ordered: pa.Table, contract: Contract) -> None:
    """Sorted by key, equal keys are neighbours."""
    if not ordered.num_rows:
        return
    same = None
    for name in contract.key:
        values = ordered[name].combine_chunks()
        equal = pc.equal(values.slice(1), values.slice(0, len(values) - 1))
        same = equal if same is None else pc.and_(same, equal)
    repeated = pc.sum(same).as_py() or 0
    if repeated:
        raise ContractBroken(f"{repeated} rows repeat the key {contract.key}", place=contract.name)
