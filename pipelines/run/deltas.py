"""A full file and the deltas after it: which rows a later line about the same key replaces."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.database import in_memory
from pipelines.reference import sql


def replaced_by_later(records: pa.Table, row_key: str, deliveries: list[str]) -> set[str]:
    """record_ids that no longer hold. `deliveries` are in the order in which they were stated.

    Within a delta the later line wins. A line that deletes is itself kept out too, once it has done its work.
    Rows without a key stay.
    """
    rank = pc.index_in(records["delivery"], value_set=pa.array(deliveries, pa.string()))
    rows = pa.table(
        {
            "record_id": records["record_id"],
            "row_key": records[row_key],
            "change": records["change"],
            "rank": rank,
            "file_name": records["file_name"],
            "row_no": records["row_no"],
        }
    )
    with in_memory() as connection:
        connection.register("stated", rows)
        found = connection.sql(sql("transforms/run/replaced_by_later.sql")).to_arrow_table()
    return set(found["record_id"].to_pylist())
