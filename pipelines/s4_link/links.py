"""Decided pairs as rows of linked_match and linked_review, each with the comparisons that explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.ids import short_id
from pipelines.contracts import conform
from pipelines.contracts.linked import COMPARISON, LINKED_MATCH, LINKED_REVIEW
from pipelines.s4_link.decisions import MATCH, Decided
from pipelines.s4_link.lent import LENT_BY
from pipelines.s4_link.model import KINDS, Compared, Model, probability_ppm
from pipelines.s4_link.people import People, Rows
from pipelines.s4_link.settings import FIELDS, LEVELS

_SHOWN = {
    "id": "id_no",
    "name": "name",
    "birth_date": "birth_date",
    "sex": "sex",
    "address": "place",
    "company": "company",
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """Decided pairs and for each the step of the cascade, or the blocking rule, that first found it."""

    decided: Decided
    rules: pa.Array


def link_rows(
    parts: tuple[Named, ...], left: People, right: People, table_name: str, model: Model
) -> tuple[pa.Table, pa.Table]:
    """The two contract tables, sorted by the pair's id: the order of the input does not show."""
    rows = pa.concat_tables([_pair_rows(part, left, right, table_name, model) for part in parts])
    is_match = pc.equal(rows["reason"], MATCH)
    matches = rows.filter(is_match).drop_columns(["reason"])
    return conform(matches, LINKED_MATCH), conform(rows.filter(pc.invert(is_match)), LINKED_REVIEW)


def pair_id(record: str, member_id: str) -> str:
    """The id of a pair: the same whether it is a match or waits for review, so a judgement finds it."""
    return short_id("L", record, member_id)


def _pair_rows(named: Named, left: People, right: People, table_name: str, model: Model) -> pa.Table:
    part, compared = named.decided, named.decided.compared
    known = left.rows.take(pa.array(compared.records[part.at]))
    who = right.rows.take(pa.array(compared.members[part.at]))
    ids = list(zip(known["key"].to_pylist(), who["key"].to_pylist(), strict=True))
    columns = {
        "record_id": pa.array([pair_id(*pair) for pair in ids], pa.string()),
        "record": known["key"],
        "table_name": pa.repeat(pa.scalar(table_name), len(ids)),
        "source": known["group"],
        "member_id": who["key"],
        "household_id": who["group"],
        "method": pa.array(part.methods, pa.string()),
        "rule": named.rules,
        "weight": pa.array(compared.total[part.at], pa.int32()),
        "prior_kind": pa.array(KINDS, pa.string()).take(pa.array(compared.kinds[part.at])),
        "probability_ppm": pa.array(probability_ppm(compared.odds[part.at]), pa.int32()),
        "model": pa.repeat(pa.scalar(model.name), len(ids)),
        "comparisons": _comparisons(compared, part.at, known, who),
        "reason": pa.array(part.outcomes, pa.string()),
        "derived_from": pa.array(
            [
                [*pair, *([lent] if lent else [])]
                for pair, lent in zip(ids, who[LENT_BY].to_pylist(), strict=True)
            ],
            pa.list_(pa.string()),
        ),
    }
    return pa.table(columns)


def _comparisons(compared: Compared, at: Rows, known: pa.Table, who: pa.Table) -> pa.Array:
    """Per pair one entry a field, in the order of FIELDS: laid out by field, then dealt to the pairs."""
    fields = [_entries(field, compared, at, known, who) for field in FIELDS]
    count = len(at)
    by_pair = np.arange(count * len(FIELDS)).reshape(len(FIELDS), count).T.reshape(-1)
    entries = pa.concat_arrays(fields).take(pa.array(by_pair))
    offsets = pa.array(np.arange(count + 1, dtype=np.int32) * len(FIELDS))
    return pa.ListArray.from_arrays(offsets, entries)


def _entries(field: str, compared: Compared, at: Rows, known: pa.Table, who: pa.Table) -> pa.Array:
    level_names = pa.array(LEVELS[field], pa.string())
    arrays = [
        pa.repeat(pa.scalar(field), len(at)),
        level_names.take(pa.array(compared.levels.of[field][at])),
        pa.array(compared.weights[field][at], pa.int32()),
        known[_SHOWN[field]].combine_chunks().cast(pa.string()),
        who[_SHOWN[field]].combine_chunks().cast(pa.string()),
    ]
    return pa.StructArray.from_arrays(arrays, fields=list(COMPARISON))
