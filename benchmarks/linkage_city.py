"""Recipients of a city linked to a large registry: ours, the floor and Splink, each in a process of its own.

    python benchmarks/linkage_city.py [--sizes 0.1,1] [--ways floor,ours,splink] [--splink-python PATH]

ours    the members indexed, the registry streamed past them, what remains compared and decided
floor   PyArrow reads the columns that ours reads, and nothing else
splink  Splink with six blocking rules on DuckDB, its parameters estimated as its documentation says
Reported: CPU seconds and peak memory of the whole process, then precision and recall by kind of damage.
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

_BATCH = 250_000
_COLUMNS = ["name", "id_no", "id_state", "id18", "birth_date", "sex", "address"]


def ours(folder: Path, threads: int) -> None:
    """The cascade; links.parquet holds the pairs matched and reviewed."""
    from benchmarks.linkage_city_ours import link_city

    link_city(folder, threads, _BATCH)


def floor(folder: Path, threads: int) -> None:
    """Only read."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(folder / "registry.parquet", pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=_BATCH, columns=_COLUMNS, use_threads=threads > 1):
            assert batch.num_rows


def splink(folder: Path, threads: int) -> None:
    """Splink, in the interpreter that has it."""
    from benchmarks.linkage_city_splink import link_city

    link_city(folder, threads)


WAYS: dict[str, Callable[[Path, int], None]] = {"floor": floor, "ours": ours, "splink": splink}


def _measure(way: str, folder: Path, threads: int, python: str) -> dict[str, float]:
    """CPU seconds of the whole process, imports and start included; wall; peak memory."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [python, __file__, "--child", way, "--folder", str(folder), "--threads", str(threads)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak: float = json.loads(done.stdout.splitlines()[-1])["peak_mib"]
    return {"cpu": cpu, "seconds": time.perf_counter() - started, "peak_mib": peak}


def _peak_mib() -> float:
    """Of this program alone: what getrusage tells begins with the size of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _one_size(folder: Path, size: float, asked: argparse.Namespace) -> dict[str, float]:
    from benchmarks.linkage_city_score import score

    taken: dict[str, float] = {}
    for way in asked.ways.split(","):
        python = asked.splink_python if way == "splink" else sys.executable
        got = _measure(way, folder, asked.threads, python)
        taken[way] = got["cpu"]
        print(
            f"{size:4}x {way:7} {got['cpu']:8.2f} CPU s {got['seconds']:8.2f} s {got['peak_mib']:7,.0f} MiB",
            flush=True,
        )
        for line in score(folder, way) if way != "floor" else []:
            print(f"      {line}", flush=True)
    if {"ours", "splink"} <= set(taken):
        print(
            f"{size:4}x Splink takes {taken['splink'] / taken['ours']:.1f} times our CPU seconds", flush=True
        )
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="0.1,1")
    parser.add_argument("--ways", default="floor,ours")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rows-per-member", type=int, default=10)
    parser.add_argument("--missing", type=float, default=0.01, help="share of rows without an id number")
    parser.add_argument("--slip", type=float, default=0.01, help="share with one wrong digit or a swap")
    parser.add_argument("--id15", type=float, default=0.01, help="share with the 15-digit form")
    parser.add_argument("--moved", type=float, default=0.12, help="share with an older address")
    parser.add_argument("--alike", type=float, default=0.001, help="outsiders of a recipient's name and day")
    parser.add_argument("--splink-python", default=sys.executable, help="an interpreter that has splink")
    parser.add_argument("--folder", type=Path, help="where the files are kept; made when not there")
    parser.add_argument("--child", choices=tuple(WAYS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        WAYS[asked.child](asked.folder, asked.threads)
        print(json.dumps({"peak_mib": _peak_mib()}))
        return
    per_row = {}
    for size in sorted(float(size) for size in asked.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="hedui-city-") as name:
            folder = (asked.folder or Path(name)) / f"city_{size:g}"
            _make(folder, size, asked)
            per_row[size] = _one_size(folder, size, asked).get("ours", 0.0) / size
    if len(per_row) > 1:
        small, large = sorted(per_row)[-2:]
        print(
            f"CPU seconds per row at {large}x are {per_row[large] / per_row[small]:.2f} times those at {small}x"
        )


def _make(folder: Path, size: float, asked: argparse.Namespace) -> None:
    from benchmarks.linkage_city_people import Size
    from benchmarks.linkage_city_rows import Shares, write_city

    if (folder / "truth_registry.parquet").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    shares = Shares(missing=asked.missing, slip=asked.slip, id15=asked.id15, moved=asked.moved)
    city = Size(factor=size, seed=asked.seed, rows_per_member=asked.rows_per_member, alike=asked.alike)
    write_city(folder, city, shares)


if __name__ == "__main__":
    main()
