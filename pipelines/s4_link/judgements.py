"""People's verdicts on pairs win over everything the machine found: in re-runs, resends and later months.

A verdict is about two likenesses, what a source writes of a person and what the lists write of a member. It
holds on every row that says exactly the same, and on no row that says anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.errors import ContractBroken
from pipelines.s4_link.likeness import LIKENESS, likeness_keys
from pipelines.s4_link.people import People, Rows, Truths

POSITIVE, NEGATIVE, UNSURE = "positive", "negative", "unsure"
VERDICTS = (POSITIVE, NEGATIVE, UNSURE)

_PERSON = pa.struct([pa.field(name, pa.string()) for name in LIKENESS])
# The verdicts in force: the latest on each pair of likenesses.
JUDGEMENTS = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("record", _PERSON),
        pa.field("member", _PERSON),
        pa.field("verdict", pa.string()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """Judged pairs of this month's tables, by row numbers. `absent` verdicts meet no row here and wait."""

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


def judged_names(judgements: pa.Table | None) -> pa.Array:
    """The names of the records that were judged to be a member, as their files write them.

    A row of such a name is kept whether a blocking rule meets it or not. A judged record without a name puts an
    empty cell among them, and `is_in` then keeps the rows without a name.
    """
    if judgements is None:
        return pa.array([], pa.string())
    _check(judgements)
    confirmed = judgements.filter(pc.equal(judgements["verdict"], POSITIVE))
    return _values(confirmed, "record", "name").unique()


def read_verdicts(judgements: pa.Table | None, records: People, members: People) -> Verdicts:
    """Verdicts placed on the rows of the two tables. An unsure verdict changes nothing."""
    nobody = np.zeros(0, dtype=np.int64)
    if judgements is None or not judgements.num_rows:
        return Verdicts(positive=(nobody, nobody), negative=(nobody, nobody), absent=0)
    _check(judgements)
    said = judgements.filter(pc.not_equal(judgements["verdict"], UNSURE))
    left = _rows_like(_keys(said, "record"), _values(said, "record", "name"), records, by_source=True)
    right = _rows_like(_keys(said, "member"), _values(said, "member", "name"), members, by_source=False)
    verdicts = said["verdict"].to_pylist()
    return Verdicts(
        positive=_pairs(left, right, [verdict == POSITIVE for verdict in verdicts]),
        negative=_pairs(left, right, [verdict == NEGATIVE for verdict in verdicts]),
        absent=sum(not len(one) or not len(other) for one, other in zip(left, right, strict=True)),
    )


def _check(judgements: pa.Table) -> None:
    missing = [name for name in JUDGEMENTS.names if name not in judgements.column_names]
    if missing:
        raise ContractBroken(f"columns missing {missing}", place="judgements")
    unknown = sorted(set(judgements["verdict"].to_pylist()) - set(VERDICTS), key=str)
    if unknown:
        raise ContractBroken(f"unknown verdicts {unknown}", place="judgements", remedy=f"of {VERDICTS}")
    pairs = pa.table({"record": _keys(judgements, "record"), "member": _keys(judgements, "member")})
    if pairs.group_by(["record", "member"]).aggregate([]).num_rows != pairs.num_rows:
        raise ContractBroken("a pair has two verdicts", place="judgements", remedy="pass only the latest")


def _values(judgements: pa.Table, side: str, name: str) -> pa.ChunkedArray:
    return pc.struct_field(judgements[side], name)


def _keys(judgements: pa.Table, side: str) -> pa.Array:
    """The likeness a verdict is about, of the record (with its source) or of the member."""
    values = [_values(judgements, side, name) for name in LIKENESS]
    return likeness_keys([judgements["source"], *values] if side == "record" else values)


def _rows_like(keys: pa.Array, names: pa.ChunkedArray, people: People, *, by_source: bool) -> list[Rows]:
    """For each key the rows of that likeness. Only rows of a judged name are looked at closely."""
    of_name = pc.is_in(people.rows["name"], value_set=names.unique())
    at = np.flatnonzero(np.asarray(of_name, dtype=np.bool_))
    rows = people.rows.take(pa.array(at))
    columns = [rows[name] for name in (("group", *LIKENESS) if by_source else LIKENESS)]
    wanted = keys.unique()
    found = np.asarray(pc.fill_null(pc.index_in(likeness_keys(columns), value_set=wanted), -1))
    order = np.argsort(found, kind="stable")
    starts = np.searchsorted(found[order], np.arange(len(wanted) + 1))
    alike = [at[order[first:end]] for first, end in pairwise(starts.tolist())]
    return [alike[which] for which in pc.index_in(keys, value_set=wanted).to_pylist()]


def _pairs(left: list[Rows], right: list[Rows], wanted: list[bool]) -> tuple[Rows, Rows]:
    """Every row of the one likeness with every row of the other, in row order."""
    nobody = [np.zeros(0, dtype=np.int64)]
    both = [pair for pair, want in zip(zip(left, right, strict=True), wanted, strict=True) if want]
    records = np.concatenate([*nobody, *(np.repeat(one, len(other)) for one, other in both)])
    members = np.concatenate([*nobody, *(np.tile(other, len(one)) for one, other in both)])
    order = np.lexsort((members, records))
    return records[order], members[order]


def _coded(records: Rows, members: Rows) -> Rows:
    return (records << 32) | members
