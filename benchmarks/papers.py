"""核对报告 in bulk: reports a second, bytes, and whether a second time gives the same bytes.

    python benchmarks/papers.py --home HOME --month 2026-10 [--papers 5000] [--processes 2]

Reads a published month's flagged households once and sets their reports, over and over until so many are set; then the
first hundred again, in another process, to compare.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.base.settings import Where
from pipelines.lineage.published import opened
from pipelines.papers.issuing import issue_of
from pipelines.papers.making import papers, write_papers
from pipelines.papers.sheet import Paper
from pipelines.run.published import published_run
from pipelines.run.shop import open_shop

AGAIN = 100


def numbered(made: list[Paper], count: int) -> Iterator[Paper]:
    """The same papers under new household numbers, so that each is a file of its own."""
    for place, paper in enumerate(islice(cycle(made), count)):
        yield replace(paper, household_no=f"{place:06d}")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--home", required=True)
    asked.add_argument("--month", required=True)
    asked.add_argument("--papers", type=int, default=5000)
    asked.add_argument("--processes", type=int, default=2)
    given = asked.parse_args()
    where = {"home": given.home, "jurisdiction": "demo"}
    shop = open_shop(Where.of(where))
    month = opened(shop.lake, shop.ledger, published_run(given.month, where).run_id)
    assert month is not None
    started = time.perf_counter()
    made = list(papers(month, "report", ("zh",), issue_of(month, "zh")))
    written = time.perf_counter() - started
    print(
        f"{len(made)} reports of the month put into words: {written:.1f} s, {len(made) / written:.0f} a second"
    )
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        first = list(write_papers(numbered(made, given.papers), Path(folder) / "a", given.processes))
        took = time.perf_counter() - started
        again = list(write_papers(numbered(made, AGAIN), Path(folder) / "b", 1))
    size = sum(one.size for one in first)
    same = [one.pdf_digest for one in first[:AGAIN]] == [one.pdf_digest for one in again]
    print(
        f"{len(first)} set by {given.processes} processes: {took:.0f} s, {len(first) / took:.1f} a second, "
        f"{size / len(first):,.0f} bytes each; again the same bytes: {'yes' if same else 'NO'}"
    )


if __name__ == "__main__":
    main()
