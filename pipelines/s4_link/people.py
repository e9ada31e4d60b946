"""Records and members in one shape, so that a comparison does not care which table a value came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.lent import LENT_BY
from pipelines.s4_link.names import name_key
from pipelines.s4_link.places import member_places

Rows = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
PLACE_COLUMNS = ("address", "location")
"""Where a registry says the person lives, for real property where it lies; many registers carry neither."""
BOOK = "book_no"
_SLOT = r"(#\d+)\.\d+$"  # an address with a slot: one of several persons of a row


@dataclass(frozen=True, kw_only=True)
class People:
    """One row per person of a table, by position: `row` is the row number in the table given.

    `group` is the source of a record and the household of a member; `company` what a person shares with others
    of the same row or hukou book, for a member the household again. Members have `lent_by` besides.
    """

    rows: (
        pa.Table
    )  # row · key · group · company · name · name_key · id_no · id_state · id18 · birth_date · sex · place

    @cached_property
    def persons(self) -> Rows:
        """The same valid id number is the same person, in whichever household; all others stand alone."""
        rows = self.rows
        own = pc.coalesce(
            rows["id18"], pc.binary_join_element_wise("row", rows["row"].cast(pa.string()), " ")
        )
        codes = pc.dictionary_encode(own).combine_chunks().indices
        return np.asarray(codes, dtype=np.int64)


def people_of_records(records: pa.Table) -> People:
    """Registry records."""
    column = next((name for name in PLACE_COLUMNS if name in records.column_names), None)
    place = records[column].combine_chunks() if column else pa.nulls(len(records), pa.string())
    return _people(records, "source", place, companies(records))


def people_of_members(members: pa.Table) -> People:
    """Household members."""
    people = _people(members, "household_id", member_places(members), members["household_id"])
    lent = members[LENT_BY] if LENT_BY in members.column_names else pa.nulls(len(members), pa.string())
    return People(rows=people.rows.append_column(LENT_BY, lent))


def _people(source: pa.Table, group: str, place: pa.Array, company: pa.ChunkedArray) -> People:
    names = source["name"].combine_chunks()
    columns = {
        "row": pa.array(np.arange(source.num_rows, dtype=np.int64)),
        "key": source["record_id"],
        "group": source[group],
        "company": company,
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


def companies(records: pa.Table) -> pa.ChunkedArray:
    """For each record the number of the hukou book, else the row of the file without the slot."""
    rows = pc.replace_substring_regex(records["record_id"], _SLOT, r"\1")
    return pc.coalesce(records[BOOK], rows) if BOOK in records.column_names else rows


def each_distinct(values: pa.Array, change: Callable[[str | None], str]) -> pa.Array:
    """A function of text run once per distinct value; an empty answer becomes an empty cell."""
    coded = pc.dictionary_encode(values, null_encoding="encode")
    changed = pa.array([change(value) or None for value in coded.dictionary.to_pylist()], pa.string())
    return changed.take(coded.indices)


def person_codes(members: People) -> Rows:
    """The same valid id number is the same person, in whichever household; other members stand alone."""
    return members.persons
