"""How fast a month's households are held against all rules of the demo pack, against bare DuckDB in the same run.

    python benchmarks/assess.py [--households 1500000] [--sizes 0.1,1] [--threads 2] [--statements]

A simulated district is run once; its households, members, links, records and source states are then repeated under
new ids until there are as many households as asked. Two ways over the same rows, each in a process of its own:
ours      pipelines.s5_assess.assess: facts, every rule, a line per household and rule, one outcome per household
floor     DuckDB alone: the rows of every table joined to their household by the links, counted and summed there
The tables are read before the clock starts; what they take is in the peak memory of both ways, and said apart.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.base.database import in_memory
from pipelines.base.period import Period
from pipelines.policy import load_pack
from pipelines.s5_assess import Evidence, assess
from pipelines.s5_assess.engine import Engine
from pipelines.s5_assess.evidence import COLUMNS, RECORD_TABLES

MONTH, PACK = "2026-10", "demo"
_GIVEN = ("household", "household_member", "linked_match", "linked_review", "source_status")
_METHOD = "method"  # the assessment refuses matches by name alone: it looks
# What is another thing in each repetition. Names of places, kinds and states stay.
_OWN = {
    "record_id", "household_id", "member_id", "record", "vehicle_no", "unit_no", "certificate_no", "pension_no",
    "account_no", "business_no",
}  # fmt: skip
Tables = Mapping[str, pa.Table]


def write_district(folder: Path) -> None:
    """One Parquet file a table: what the assessment of a simulated district's month is given."""
    from pipelines.run import run_month, tables
    from pipelines.run.evidence import evidence_of, source_words
    from pipelines.run.month import resume
    from pipelines.s4_link import coverage
    from pipelines.simulate import simulate

    simulate(profile="district", period=Period.parse(MONTH), seed=1, out=folder / "city")
    where = {"home": str(folder / "home"), "inbox": str(folder / "city" / "inbox"), "jurisdiction": PACK}
    run = resume(run_month(MONTH, where)["publication"]["run_id"], where)
    households, members = run.read("compose", "household"), run.read("compose", "household_member")
    matches, reviews = tables.linked(run, "linked_match"), tables.linked(run, "linked_review")
    standing = run.read("compose", "member_authorisation")
    status = coverage(households=households, matches=matches, words=source_words(run), standing=standing)
    evidence = evidence_of(run, matches, reviews, status)
    given = (households, members, matches, reviews, status)
    for name, table in (*zip(_GIVEN, given, strict=True), *evidence.records.items()):
        if name in COLUMNS:
            pq.write_table(table.select(_columns(name)), folder / f"{name}.parquet")


def _columns(name: str) -> list[str]:
    return [*COLUMNS[name], *([_METHOD] if name == "linked_match" else [])]


def repeated(folder: Path, households: int) -> Tables:
    """The district's tables often enough for so many households, each time under ids of its own."""
    times = math.ceil(households / pq.read_metadata(folder / "household.parquet").num_rows)
    found: dict[str, pa.Table] = {}
    with in_memory() as con:
        for name in COLUMNS:
            con.register("once", pq.read_table(folder / f"{name}.parquet"))
            own = ", ".join(f"{one} || '#' || time AS {one}" for one in _columns(name) if one in _OWN)
            text = f"SELECT * EXCLUDE (time) REPLACE ({own}) FROM once CROSS JOIN range({times}) AS t(time)"
            found[name] = con.sql(text).to_arrow_table()
            con.unregister("once")
    return found


def ours(given: Tables, threads: int) -> int:
    """Lines and outcomes of all households."""
    evidence = Evidence(
        matches=given["linked_match"],
        reviews=given["linked_review"],
        records={name: given[name] for name in RECORD_TABLES},
        source_status=given["source_status"],
    )
    done = assess(
        households=given["household"],
        members=given["household_member"],
        evidence=evidence,
        policy=load_pack(PACK),
        period=Period.parse(MONTH),
        threads=threads,
    )
    assert done.households.num_rows == given["household"].num_rows
    return int(done.lines.num_rows)


def floor(given: Tables, threads: int) -> int:
    """Every row joined to its household, counted, and its whole numbers summed; nothing is judged."""
    rows = 0
    with in_memory(threads) as con:
        for name, table in given.items():
            con.register(name, table)
        for name in RECORD_TABLES:
            sums = ", ".join(
                f"sum({field.name}) AS {field.name}"
                for field in given[name].schema
                if pa.types.is_integer(field.type)
            )
            # A business names no person: its roles lead to it.
            by = (
                "business_role AS r JOIN linked_match AS m ON m.record = r.record_id "
                "JOIN business AS t ON t.business_no = r.business_no"
                if name == "business"
                else f"{name} AS t JOIN linked_match AS m ON m.record = t.record_id"
            )
            con.execute(
                f"CREATE TEMP TABLE sum_{name} AS SELECT p.household_id, count(*) AS rows{', ' + sums if sums else ''} "
                f"FROM {by} JOIN household_member AS p ON p.record_id = m.member_id GROUP BY p.household_id"
            )
        joins = " ".join(
            f"LEFT JOIN sum_{name} ON sum_{name}.household_id = h.record_id" for name in RECORD_TABLES
        )
        counts = ", ".join(f"sum_{name}.* EXCLUDE (household_id)" for name in RECORD_TABLES)
        status = "(SELECT household_id, count(*) AS sources FROM source_status GROUP BY household_id)"
        reviews = "(SELECT member_id, count(*) AS reviews FROM linked_review GROUP BY member_id)"
        people = (
            f"(SELECT household_id, count(*) AS members, sum(reviews) AS reviews FROM household_member "
            f"LEFT JOIN {reviews} AS v ON v.member_id = record_id GROUP BY household_id)"
        )
        text = (
            f"SELECT h.*, s.sources, q.members, q.reviews, {counts} FROM household AS h "
            f"LEFT JOIN {status} AS s ON s.household_id = h.record_id "
            f"LEFT JOIN {people} AS q ON q.household_id = h.record_id {joins} ORDER BY h.record_id"
        )
        rows = con.sql(text).to_arrow_table().num_rows
    assert rows == given["household"].num_rows
    return int(rows)


WAYS: dict[str, Callable[[Tables, int], int]] = {"ours": ours, "floor": floor}


def measure_here(way: str, folder: Path, households: int, threads: int) -> dict[str, Any]:
    """Run one way in this process and say what it took, our statements one by one."""
    spent = _statements()
    given = repeated(folder, households)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = WAYS[way](given, threads)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    return {
        "households": given["household"].num_rows,
        "input": sum(table.num_rows for table in given.values()),
        "rows": rows,
        "seconds": seconds,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "held_mib": held / 1024,
        "peak_mib": after.ru_maxrss / 1024,
        "statements": dict(spent.most_common()),
    }


def _statements() -> Counter[str]:
    """Seconds by statement, filled while the engine works."""
    spent: Counter[str] = Counter()
    select = Engine.select

    def timed(self: Engine, name: str, **values: object) -> pa.Table:
        started = time.perf_counter()
        found = select(self, name, **values)
        spent[name] += time.perf_counter() - started  # type: ignore[assignment]
        return found

    Engine.select = timed  # type: ignore[method-assign]
    return spent


def _measure(way: str, folder: Path, households: int, threads: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", way, "--folder", str(folder)]
    command += ["--households", str(households), "--threads", str(threads)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=1_500_000)
    parser.add_argument("--sizes", default="0.1,1")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--statements", action="store_true", help="seconds of each of our statements")
    parser.add_argument("--child", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(measure_here(asked.child, asked.folder, asked.households, asked.threads)))
        return
    with tempfile.TemporaryDirectory(prefix="hedui-assess-") as name:
        write_district(Path(name))
        for size in sorted(float(size) for size in asked.sizes.split(",")):
            _one_size(Path(name), int(asked.households * size), asked.threads, asked.statements)


def _one_size(folder: Path, households: int, threads: int, has_statements: bool) -> None:
    found = {way: _measure(way, folder, households, threads) for way in WAYS}
    base = found["floor"]
    for way, got in found.items():
        print(
            f"{way:6} {got['households']:9,} households {got['input']:11,} rows in {got['seconds']:7.2f} s "
            f"{got['cpu']:7.2f} CPU s {got['peak_mib']:6,.0f} MiB (tables {got['held_mib']:,.0f})  "
            f"{got['seconds'] / base['seconds']:5.2f} x floor (CPU {got['cpu'] / base['cpu']:.2f} x, "
            f"memory {got['peak_mib'] / base['peak_mib']:.2f} x)",
            flush=True,
        )
    if has_statements:
        for statement, seconds in found["ours"]["statements"].items():
            print(f"       {statement:28} {seconds:7.2f} s")


if __name__ == "__main__":
    main()
