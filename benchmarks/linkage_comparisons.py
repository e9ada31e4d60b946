"""Pairs per second of each comparison of the linkage, beside rapidfuzz's own plain call on the same values.

    python benchmarks/linkage_comparisons.py [--pairs 100000] [--seed 7] [--rounds 3]

The pairs are distinct pairs of values of the simulated city: half of a recipient and a registry row about the same
person, half of two rows drawn by chance. The floor is `rapidfuzz.distance.Levenshtein.distance` called from the
same loop; the best of the rounds counts. The linkage compares every distinct pair of values once, so that these
are the calls it really makes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz.distance import Levenshtein

from benchmarks.linkage_city_people import Size
from benchmarks.linkage_city_rows import write_city
from pipelines.s4_link.comparisons import COMPARISONS
from pipelines.s4_link.people import people_of_members, people_of_records

Pairs: TypeAlias = list[tuple[Any, Any]]
_FACTOR = 0.1  # of the city: enough for so many distinct pairs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hedui-comparisons-") as name:
        folder = Path(name)
        write_city(folder, Size(factor=_FACTOR, seed=asked.seed))
        left, right = _sides(folder, asked.pairs, asked.seed)
    for field, (columns, level_of) in COMPARISONS.items():
        pairs = _distinct(left, right, columns)
        texts = [tuple(_text(value) for value in pair) for pair in pairs]
        own = _seconds(level_of, pairs, asked.rounds)
        plain = _seconds(Levenshtein.distance, texts, asked.rounds)
        print(
            f"{field:11} {len(pairs):7} distinct pairs  {len(pairs) / own / 1e6:5.2f} M a second; "
            f"rapidfuzz {len(pairs) / plain / 1e6:5.2f} M; {own / plain:5.1f} times the floor",
            flush=True,
        )


def _sides(folder: Path, count: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Registry rows and recipients, row by row: the first half each about one person, the rest by chance."""
    truth = [
        np.asarray(pq.read_table(folder / f"truth_{file}.parquet")["person"])
        for file in ("registry", "members")
    ]
    registry = pq.read_table(folder / "registry.parquet")
    members = pq.read_table(folder / "members.parquet")
    member_of = np.full(max(int(people.max()) for people in truth) + 1, -1)
    member_of[truth[1]] = np.arange(len(truth[1]))
    about = np.flatnonzero(member_of[truth[0]] >= 0)[: count // 2]
    rng = np.random.default_rng(seed)
    rows = np.concatenate([about, rng.integers(0, len(registry), count - len(about))])
    others = rng.integers(0, len(members), count - len(about))
    who = np.concatenate([member_of[truth[0][about]], others])
    left = people_of_records(registry.take(pa.array(rows))).rows
    return left, people_of_members(members).rows.take(pa.array(who))


def _distinct(left: pa.Table, right: pa.Table, columns: Sequence[str]) -> Pairs:
    """Distinct pairs of the values a comparison is given, in the order they come."""
    sides = [list(zip(*(side[name].to_pylist() for name in columns), strict=True)) for side in (left, right)]
    pairs = dict.fromkeys(zip(*sides, strict=True))
    return [(a[0], b[0]) if len(columns) == 1 else (a, b) for a, b in pairs]


def _text(value: Any) -> str:
    first = value[0] if isinstance(value, tuple) else value
    return "" if first is None else str(first)


def _seconds(compare: Callable[[Any, Any], Any], pairs: Sequence[tuple[Any, Any]], rounds: int) -> float:
    """CPU seconds of the best round."""
    return min(_round(compare, pairs) for _ in range(rounds))


def _round(compare: Callable[[Any, Any], Any], pairs: Sequence[tuple[Any, Any]]) -> float:
    started = time.process_time()
    for left, right in pairs:
        compare(left, right)
    return time.process_time() - started


if __name__ == "__main__":
    main()
