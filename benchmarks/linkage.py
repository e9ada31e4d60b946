"""How well and how cheaply public labelled files are linked, beside the best open linkers, in one run.

    python benchmarks/linkage.py --data FOLDER --peers VENV [--files febrl4,febrl3,…] [--ways ours,splink,…]

FOLDER holds historical_50k.parquet and fake_1000.parquet. VENV is an environment with benchmarks/peers.txt:

    uv venv VENV --python 3.11 && uv pip install --python VENV/bin/python -r benchmarks/peers.txt

Every way runs in a process of its own. CPU seconds are the whole process's until the answer stands: imports,
learning, scoring, clusters. Judging the answer is not in them. `best` is the largest F1 any threshold reaches,
`own` the F1 of the pairs the way itself calls matches (Splink, recordlinkage: p ≥ 0.5).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.linkage_files import FILES, Labelled, load
from benchmarks.linkage_others import goldenmatch_way, recordlinkage_way
from benchmarks.linkage_ours import ours
from benchmarks.linkage_splink import splink, splink_wide
from benchmarks.linkage_ways import Answer, judged

WAYS: dict[str, Callable[[Labelled], Answer]] = {
    "ours": ours,
    "splink": splink,
    "splink_wide": splink_wide,
    "recordlinkage": recordlinkage_way,
    "goldenmatch": goldenmatch_way,
}
_ONLY = {"recordlinkage": ("febrl4", "febrl3"), "goldenmatch": ("febrl3", "historical_50k", "fake_1000")}


def _child(way: str, file: Labelled, started: float) -> dict[str, float]:
    """Run one way in this process and say what it took and how good it is."""
    answer = WAYS[way](file)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    taken = {
        "cpu": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "seconds": time.perf_counter() - started,
        "peak_mib": own.ru_maxrss / 1024,
    }
    return taken | judged(answer, file)


def _measure(way: str, name: str, asked: argparse.Namespace) -> dict[str, float]:
    python = sys.executable if way == "ours" else str(asked.peers / "bin" / "python")
    command = [python, __file__, "--child", way, "--files", name, "--data", str(asked.data)]
    command += ["--peers", str(asked.peers)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return {"failed": float(done.returncode)}
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _line(name: str, way: str, got: dict[str, float], ours_cpu: float) -> str:
    if "failed" in got:
        return f"{name:15} {way:14} failed"
    cluster = f"{got['cluster_f1']:.4f}" if "cluster_f1" in got else "-"
    best = f"{got['best_f1']:.4f}" if "best_f1" in got else "-"
    return (
        f"{name:15} {way:14} {got['cpu']:7.2f} CPU s {got['seconds']:7.2f} s {got['peak_mib']:6,.0f} MiB  "
        f"best {best:6}  own {got['own_f1']:.4f}  clusters {cluster:6}  {got['pairs']:11,.0f} pairs  "
        f"blocking recall {got['recall_of_blocking']:.4f}  {got['cpu'] / ours_cpu:5.1f} x our CPU"
    )


def main() -> None:
    started = time.perf_counter()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--files", default=",".join(FILES))
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--child", choices=tuple(WAYS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(_child(asked.child, load(asked.files, asked.data, asked.peers), started)))
        return
    for name in asked.files.split(","):
        ours_cpu = 0.0
        for way in asked.ways.split(","):
            if name not in _ONLY.get(way, FILES):
                continue
            got = _measure(way, name, asked)
            ours_cpu = ours_cpu or got.get("cpu", 1.0)
            print(_line(name, way, got, ours_cpu), flush=True)


if __name__ == "__main__":
    main()
