"""People's verdicts on pairs win over everything the machine found, and survive re-runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.people import People, Rows, Truths

_VERDICTS = ("positive", "negative", "unsure")


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Judged pairs of this month's tables, by row numbers; verdicts on absent pairs wait for their month."""

    positive: tuple[Rows, Rows]
    negative: tuple[Rows, Rows]
    absent: int

    def removes(self, records: Rows, members: Rows, persons: Rows) -> Truths:
        """Judged pairs themselves, and pairs of a record that was judged to be somebody else."""
        pairs = _coded(records, members)
        judged = np.isin(pairs, _coded(*self.negative)) | np.isin(pairs, _coded(*self.positive))
        is_that_person = np.isin(
            _coded(records, persons[members]), _coded(self.positive[0], persons[self.positive[1]])
        )
        removed: Truths = judged | (np.isin(records, self.positive[0]) & ~is_that_person)
        return removed


def read_verdicts(judgements: pa.Table | None, records: People, members: People) -> Verdicts:
    """Verdicts placed on the rows of the two tables. An unsure verdict changes nothing."""
    nobody = np.zeros(0, dtype=np.int64)
    if judgements is None or not judgements.num_rows:
        return Verdicts(positive=(nobody, nobody), negative=(nobody, nobody), absent=0)
    _check(judgements)
    left = _row_of(judgements["record"], records)
    right = _row_of(judgements["member_id"], members)
    here = (left >= 0) & (right >= 0)
    said = np.array(judgements["verdict"].to_pylist())
    positive, negative = (here & (said == verdict) for verdict in ("positive", "negative"))
    return Verdicts(
        positive=(left[positive], right[positive]),
        negative=(left[negative], right[negative]),
        absent=int((~here).sum()),
    )


def _check(judgements: pa.Table) -> None:
    missing = [name for name in ("record", "member_id", "verdict") if name not in judgements.column_names]
    if missing:
        raise ContractBroken(f"columns missing {missing}", place="judgements")
    unknown = sorted(set(judgements["verdict"].to_pylist()) - set(_VERDICTS), key=str)
    if unknown:
        raise ContractBroken(f"unknown verdicts {unknown}", place="judgements", remedy=f"of {_VERDICTS}")
    pairs = judgements.select(["record", "member_id"])
    if pairs.group_by(["record", "member_id"]).aggregate([]).num_rows != pairs.num_rows:
        raise ContractBroken("a pair has two verdicts", place="judgements", remedy="pass only the latest")


def _row_of(ids: pa.ChunkedArray, people: People) -> Rows:
    """Row numbers of the ids, −1 where this month has no such row."""
    found = pc.index_in(ids.combine_chunks(), value_set=people.rows["key"].combine_chunks())
    return np.asarray(pc.fill_null(found, -1), dtype=np.int64)


def _coded(records: Rows, members: Rows) -> Rows:
    return (records << 32) | members
