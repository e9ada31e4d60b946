"""Our way: the product's own stages, from the index to the decision, without writing the links as contract rows."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.s4_link.cascade import cascade
from pipelines.s4_link.decisions import MATCH, Decided
from pipelines.s4_link.index import Index
from pipelines.s4_link.judgements import read_verdicts
from pipelines.s4_link.people import people_of_members, people_of_records
from pipelines.s4_link.settings import default_settings
from pipelines.s4_link.sift import Settled, Sieved, sieve

_COLUMNS = ["name", "id_no", "id_state", "id18", "birth_date", "sex", "address"]
_EXACT = ("exact_id", "exact_id15")


def link_city(folder: Path, threads: int, batch_rows: int) -> None:
    """Write links_ours.parquet: row, member, outcome, method, rule and odds."""
    pa.set_cpu_count(threads)
    lap = _laps()
    members = pq.read_table(folder / "members.parquet").combine_chunks()
    settings = dataclasses.replace(default_settings(), threads=threads)
    lap("start")
    index = Index.of(members, settings)
    lap("index")
    found = sieve(index, _batches(folder / "registry.parquet", batch_rows), settings, keep_settled=False)
    lap("sieve")
    left, right = people_of_records(found.records), people_of_members(members)
    lap("people")
    done = cascade(found, left, right, index, read_verdicts(None, left, right), settings)
    lap("cascade")
    links = [
        _plain(found.settled),
        _links(done.exact, found, done.exact_rules),
        _links(done.scored, found, done.scored_rules),
    ]
    pq.write_table(pa.concat_tables(links), folder / "links_ours.parquet")
    lap("write")


def _batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    """The file has no keys of its own: the number in the batch says that each row is one person."""
    keys, source = pa.array(np.arange(rows)).cast(pa.string()), pa.repeat(pa.scalar("city"), rows)
    with pq.ParquetFile(path, pre_buffer=False) as file:  # else all of the file is held
        for batch in file.iter_batches(batch_size=rows, columns=_COLUMNS, use_threads=False):
            named = batch.append_column("record_id", keys[: batch.num_rows])
            yield named.append_column("source", source[: batch.num_rows])


def _plain(settled: Settled) -> pa.Table:
    count = len(settled.records)
    methods = pa.array(_EXACT).take(pa.array(settled.steps.astype(np.int32)))
    return pa.table(
        {
            "row": pa.array(settled.records),
            "member": pa.array(settled.members),
            "outcome": pa.repeat(pa.scalar(MATCH), count),
            "method": methods,
            "rule": methods,
            "odds": pa.nulls(count, pa.int32()),
        }
    )


def _links(decided: Decided, found: Sieved, rules: pa.Array) -> pa.Table:
    compared, at = decided.compared, decided.at
    return pa.table(
        {
            "row": pa.array(found.rows[compared.records[at]]),
            "member": pa.array(compared.members[at]),
            "outcome": pa.array(decided.outcomes, pa.string()),
            "method": pa.array(decided.methods, pa.string()),
            "rule": rules,
            "odds": pa.array(compared.odds[at], pa.int32()),
        }
    )


def _laps():
    """With CITY_LAPS set, CPU seconds of each stage on the standard error stream."""
    before = [0.0]

    def lap(stage: str) -> None:
        now = time.process_time()
        if os.environ.get("CITY_LAPS"):
            print(f"{stage:8} {now - before[0]:6.2f} CPU s", file=sys.stderr, flush=True)
        before[0] = now

    return lap
