"""Records and members in one shape, so that a comparison does not care which table a value came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.addresses import parse_address
from pipelines.s4_link.names import name_key

Rows = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class People:
    """One row per person of a table, by position: `row` is the row number in the table given.

    `group` is the source of a record and the household of a member.
    """

    rows: pa.Table  # row · name_key · id_no · id_state · id18 · birth_date · sex · place · name · key · group


def people_of_records(records: pa.Table) -> People:
    """Registry records; the place is the address, for real property where it lies; many registers carry none."""
    column = next((name for name in ("address", "location") if name in records.column_names), None)
    place = records[column].combine_chunks() if column else pa.nulls(len(records), pa.string())
    return _people(records, "source", place)


def people_of_members(members: pa.Table) -> People:
    """Household members; rural lists carry no address, so town and village stand for it."""
    columns = (members[name].to_pylist() for name in ("address", "town", "village"))
    places = [_member_place(*values) for values in zip(*columns, strict=True)]
    return _people(members, "household_id", pa.array(places, pa.string()))


def _member_place(address: str | None, town: str, village: str) -> str:
    listed = f"{town}{village}"
    if not address:
        return listed
    return address if parse_address(address).village or not listed else f"{listed}{address}"


def _people(source: pa.Table, group: str, place: pa.Array) -> People:
    names = source["name"].combine_chunks()
    columns = {
        "row": pa.array(np.arange(source.num_rows, dtype=np.int64)),
        "key": source["record_id"],
        "group": source[group],
        "name": names,
        "name_key": each_distinct(names, name_key),
        "id_no": source["id_no"],
        "id_state": source["id_state"],
        "id18": source["id18"],
        "birth_date": source["birth_date"],
        "sex": source["sex"],
        "place": place,
    }
    return People(rows=pa.table(columns))


def each_distinct(values: pa.Array, change: Callable[[str | None], str]) -> pa.Array:
    """A function of text run once per distinct value; an empty answer becomes an empty cell."""
    coded = pc.dictionary_encode(values, null_encoding="encode")
    changed = pa.array([change(value) or None for value in coded.dictionary.to_pylist()], pa.string())
    return changed.take(coded.indices)


def person_codes(members: People) -> Rows:
    """The same valid id number is the same person, in whichever household; other members stand alone."""
    rows = members.rows
    own = pc.coalesce(rows["id18"], pc.binary_join_element_wise("row", rows["row"].cast(pa.string()), " "))
    codes = pc.dictionary_encode(own).combine_chunks().indices
    return np.asarray(codes, dtype=np.int64)
