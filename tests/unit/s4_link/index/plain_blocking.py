"""An oracle for the index: candidate pairs by plain DuckDB joins over text keys, every row in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.addresses import parse_address
from pipelines.s4_link.id_numbers import IdKeys, id_keys
from pipelines.s4_link.people import People, Rows, each_distinct
from pipelines.s4_link.settings import BlockingRule, LinkSettings

_SQL = Path(__file__).with_name("sql")
_KEY_SCHEMA = pa.schema(
    [("rule", pa.int32()), ("key", pa.string()), ("row", pa.int64()), ("is_open", pa.bool_())]
)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Pairs of row numbers, and what each rule cost."""

    records: Rows
    members: Rows
    pairs_by_rule: Mapping[str, int]
    blocks_skipped: Mapping[str, int]


def exact_pairs(con: duckdb.DuckDBPyConnection) -> tuple[Rows, Rows]:
    """Records and members with the same valid number, by row."""
    return _two_columns(answer(con, "exact_id"))


def open_people(rows: pa.Table) -> pa.ChunkedArray:
    """No valid number, or one that ends as a spreadsheet cuts them: the true one may be another."""
    return pc.or_kleene(pc.is_null(rows["id18"]), pc.ends_with(rows["id18"], "000"))


def residual_rows(con: duckdb.DuckDBPyConnection, members: People) -> Rows:
    """Records that may still be about a member: no valid number, or one that matches nobody.

    Of the latter only those that can meet a member at all: millions of registry rows cannot.
    """
    waiting = members.rows.filter(pc.is_null(members.rows["id18"]))
    keys = _id_keys(waiting)
    con.register("waiting_repair", _one_column([number for key in keys for number in key.repairs]))
    con.register("waiting_prefix14", _one_column([key.prefix14 for key in keys if key.prefix14]))
    con.register("waiting_ends", _one_column([key.ends for key in keys if key.ends]))
    found = answer(con, "residual")
    return np.asarray(found["row"], dtype=np.int64)


def candidate_pairs(
    con: duckdb.DuckDBPyConnection, records: People, members: People, rows: Rows, settings: LinkSettings
) -> Candidates:
    """Pairs under every rule, each pair once; blocks above the limit are counted and left out."""
    con.register("record_key", _keys(records.rows.take(pa.array(rows)), settings))
    con.register("member_key", _keys(members.rows, settings))
    con.register("rule", _rule_table(settings.blocking))
    limit = {"most": settings.most_pairs_per_block}
    blocks = answer(con, "blocks", limit).to_pylist()
    left, right = _two_columns(answer(con, "candidates", limit))
    return Candidates(
        records=left,
        members=right,
        pairs_by_rule={block["rule"]: block["pairs"] for block in blocks},
        blocks_skipped={block["rule"]: block["skipped"] for block in blocks},
    )


def answer(con: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None) -> pa.Table:
    found: Any = con.sql(_SQL.joinpath(f"{name}.sql").read_text(encoding="utf-8"), params=values or None)
    return found.to_arrow_table()


def _two_columns(found: pa.Table) -> tuple[Rows, Rows]:
    return np.asarray(found["record"], dtype=np.int64), np.asarray(found["member"], dtype=np.int64)


def _one_column(values: list[str]) -> pa.Table:
    return pa.table({"value": pa.array(values, pa.string())})


def _rule_table(rules: tuple[BlockingRule, ...]) -> pa.Table:
    return pa.table(
        {
            "no": pa.array(range(len(rules)), pa.int32()),
            "name": pa.array([rule.name for rule in rules], pa.string()),
            "both_valid": pa.array([rule.both_valid for rule in rules], pa.bool_()),
        }
    )


def _id_keys(rows: pa.Table) -> list[IdKeys]:
    columns = (rows[name].to_pylist() for name in ("id_no", "id_state", "id18"))
    return [id_keys(text or "", state, id18 or "") for text, state, id18 in zip(*columns, strict=True)]


def _keys(rows: pa.Table, settings: LinkSettings) -> pa.Table:
    """One row per person, rule and key."""
    parts = _key_parts(rows)
    is_open = open_people(rows).combine_chunks()
    numbers = rows["row"].combine_chunks()
    tables = [_keys_of_rule(no, rule, parts, numbers, is_open) for no, rule in enumerate(settings.blocking)]
    return pa.concat_tables(tables)


def _key_parts(rows: pa.Table) -> Mapping[str, pa.Array]:
    """Every key part a rule may name; `id_repair` has several values a person, the others one or none."""
    keys = _id_keys(rows)
    place = rows["place"].combine_chunks()
    return {
        "name_key": rows["name_key"].combine_chunks(),
        "birth_date": rows["birth_date"].combine_chunks().cast(pa.string()),
        "sex": rows["sex"].combine_chunks(),
        "village": each_distinct(place, lambda text: parse_address(text or "").village),
        "town": each_distinct(place, lambda text: parse_address(text or "").town),
        "id_repair": pa.array([key.repairs for key in keys], pa.list_(pa.string())),
        "id_prefix14": pa.array([key.prefix14 for key in keys], pa.string()),
        "id_ends": pa.array([key.ends for key in keys], pa.string()),
    }


def _keys_of_rule(
    no: int, rule: BlockingRule, parts: Mapping[str, pa.Array], numbers: pa.Array, is_open: pa.Array
) -> pa.Table:
    at = pa.array(np.arange(len(numbers), dtype=np.int64))
    columns = [parts[name] for name in rule.parts]
    for place, column in enumerate(columns):
        if pa.types.is_list(column.type):
            at = pc.list_parent_indices(column)
            columns = [other.take(at) for other in columns]
            columns[place] = pc.list_flatten(column)
    joined = pc.binary_join_element_wise(*columns, "|", null_handling="emit_null")
    keys = pa.table(
        [pa.repeat(pa.scalar(no, pa.int32()), len(joined)), joined, numbers.take(at), is_open.take(at)],
        schema=_KEY_SCHEMA,
    )
    return keys.filter(pc.is_valid(keys["key"]))
