"""What a landing is measured by: how many records name a person, how many ids are valid, how many repeat."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc


def id_counts(tables: Sequence[pa.Table]) -> dict[str, int]:
    """person_records, valid_ids and repeated_ids over the canonical tables of a landing that name persons."""
    of_persons = [table["id18"] for table in tables if "id18" in table.column_names]
    valid = [len(ids) - ids.null_count for ids in of_persons]
    distinct = [pc.count_distinct(ids, mode="only_valid").as_py() for ids in of_persons]
    return {
        "person_records": sum(len(ids) for ids in of_persons),
        "valid_ids": sum(valid),
        "repeated_ids": sum(valid) - sum(distinct),
    }
