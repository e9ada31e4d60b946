"""What a file says of a person, as one text: two rows have the same likeness when every value is the same.

Addresses of rows change with every delivery; a likeness stays as long as what was written stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken
from pipelines.base.ids import digest_parts

Values: TypeAlias = dict[str, str | None]

LIKENESS = ("name", "id_no", "birth_date", "sex", "place")
# The fields of `comparisons` in linked_match and linked_review, and the value each of them shows.
_SHOWN = {"name": "name", "id": "id_no", "birth_date": "birth_date", "sex": "sex", "address": "place"}
_ABSENT = "-"


def likeness_keys(columns: Sequence[pa.ChunkedArray]) -> pa.Array:
    """One text a row, equal only where all values are; each value has its length before it, as no value can."""
    parts = [_part(column) for column in columns]
    joined = pc.binary_join_element_wise(*parts, "")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _part(values: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = values.cast(pa.string())
    return pc.binary_join_element_wise(pc.utf8_length(texts).cast(pa.string()), texts, ":").fill_null(_ABSENT)


def likeness_digest(values: Sequence[str | None]) -> str:
    """The digest of one likeness, for the ledger."""
    return digest_parts([_ABSENT if value is None else f"{len(value)}:{value}" for value in values])


def likenesses(comparisons: Sequence[Mapping[str, Any]]) -> tuple[Values, Values]:
    """The record's and the member's values as a linked pair shows them."""
    by_field = {entry["field"]: entry for entry in comparisons}
    missing = sorted(set(_SHOWN) - set(by_field))
    if missing:
        raise ContractBroken(f"a pair does not show {missing}", place="comparisons")
    record, member = (
        {value: by_field[field][side] for field, value in _SHOWN.items()}
        for side in ("record_value", "member_value")
    )
    return record, member
