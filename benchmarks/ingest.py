"""How fast a registry goes from its delivered bytes to checked Parquet, against two yardsticks in the same run.

    python benchmarks/ingest.py [--rows 1500000] [--sizes 0.1,1,2] [--sources vehicle,contrib,hukou]

Three ways over the same bytes, each in a process of its own so that its peak memory is its own:
ours      `hedui land`: sign-off, landing, standardising, validating, lake partition, ledger row
floor     PyArrow reads the bytes Python decoded, DuckDB SQL checks ids, names and dates, Parquet
pandas    pandas alone reads, checks and writes the same columns
The deliveries are generated (distinct ids, county codes of 73) and thrown away afterwards.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.ingest_rivals import floor, pandas_only
from benchmarks.ingest_rows import FORMS, write_delivery

_LINEAR = 1.3  # CPU seconds per row at the largest size, against the middle one: above this it is not linear


def ours(folder: Path, source: str) -> int:
    """The accepted records of a landing as the product does it."""
    from pipelines.run.landing import land

    batch = next((folder / "inbox" / source).iterdir())
    where = {"home": str(folder / "home"), "inbox": str(folder / "inbox")}
    landed = land(f"{source}/{batch.name}", where)
    assert landed["status"] == "accepted", landed["reason"]
    return int(landed["accepted"])


WAYS: dict[str, Callable[[Path, str], int]] = {"ours": ours, "floor": floor, "pandas": pandas_only}


def _warm(way: str, folder: Path) -> None:
    """Imports and an empty ledger are paid once a worker, not once a delivery: they stay out of the seconds."""
    if way != "ours":
        return
    import great_expectations as gx

    from pipelines.base.settings import Where
    from pipelines.run.shop import landing_code, open_shop

    gx.get_context(mode="ephemeral")
    open_shop(Where.of({"home": str(folder / "home")}))
    landing_code()


def measure_here(way: str, source: str, folder: Path) -> dict[str, float]:
    """Run one way in this process and say what it took."""
    _warm(way, folder)
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = WAYS[way](folder, source)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"rows": rows, "seconds": seconds, "cpu": cpu, "peak_mib": after.ru_maxrss / 1024}


def _measure(way: str, source: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", way, "--sources", source, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _one_source(source: str, rows: int, sizes: list[float], ways: list[str]) -> dict[float, float]:
    """Print a line per size and way; our CPU seconds by size are returned."""
    taken: dict[float, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="hedui-ingest-") as name:
            folder = Path(name)
            count = int(rows * size)
            size_mb = write_delivery(folder / "inbox", source, count) / 1e6
            found = {way: _measure(way, source, folder) for way in ways}
        for way, got in found.items():
            base = found.get("floor", got)
            print(
                f"{source:8} {size:4}x {size_mb:6.0f} MB {way:7}"
                f"{got['rows'] / got['seconds']:11,.0f} rows/s {got['seconds']:7.2f} s {got['cpu']:7.2f} CPU s "
                f"{got['peak_mib']:6,.0f} MiB  {got['seconds'] / base['seconds']:5.2f} x floor "
                f"(CPU {got['cpu'] / base['cpu']:5.2f} x)",
                flush=True,
            )
        taken[size] = found.get("ours", {}).get("cpu", 0.0)
    return taken


def _growth(source: str, taken: dict[float, float]) -> str:
    """Whether the cost of a row stays the same between the two largest sizes."""
    small, large = sorted(taken)[-2:]
    factor = (taken[large] / large) / (taken[small] / small)
    word = "linear" if factor <= _LINEAR else "NOT linear"
    return f"{source:8} CPU seconds per row at {large}x are {factor:.2f} times those at {small}x: {word}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_500_000)
    parser.add_argument("--sizes", default="0.1,1,2")
    parser.add_argument("--sources", default=",".join(FORMS))
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--child", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(measure_here(asked.child, asked.sources, asked.folder)))
        return
    sizes = sorted(float(size) for size in asked.sizes.split(","))
    for source in asked.sources.split(","):
        taken = _one_source(source, asked.rows, sizes, asked.ways.split(","))
        if len(sizes) > 1 and "ours" in asked.ways:
            print(_growth(source, taken), flush=True)


if __name__ == "__main__":
    main()
