"""Papers of a published month: of one household or of all that are flagged, one file each, in bulk over processes.

The same month gives the same bytes. Each file is written whole or not at all.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipelines.base.errors import NotFound
from pipelines.lineage.published import PublishedMonth
from pipelines.papers import card, report, visit
from pipelines.papers.sheet import Issue, Paper
from pipelines.wording.cases import Case, active_flags, case_of, cases
from pipelines.wording.reading import household_data, month_data
from pipelines.wording.texts import Language, texts

Maker = Callable[..., Paper]
KINDS: Mapping[str, Maker] = {report.KIND: report.report, card.KIND: card.card, visit.KIND: visit.visit}
_AT_ONCE = 64  # papers a process is given at a time


@dataclass(frozen=True, kw_only=True)
class Made:
    """A paper's file. `pdf_digest` is sha256 of its bytes."""

    paper: Paper
    path: Path
    pdf_digest: str
    size: int


def papers(
    month: PublishedMonth, kind: str, languages: Iterable[Language], issue: Issue, household_id: str = ""
) -> Iterator[Paper]:
    """The papers of a kind, by household number, in each language."""
    if kind not in KINDS:
        raise NotFound(f"no paper is called [{kind}]", remedy=f"one of {', '.join(KINDS)}")
    spoken = tuple(languages)
    for case in _cases(month, household_id):
        if kind == card.KIND and not case.assessed["counting_members"]:
            continue  # nobody is left to hand it to
        for language in spoken:
            yield KINDS[kind](case, issue, texts(language))


def _cases(month: PublishedMonth, household_id: str) -> Iterator[Case]:
    if not household_id:
        data = month_data(month)
        yield from cases(data, active_flags(data))
        return
    data = household_data(month, household_id)
    if not data.households.num_rows:
        raise NotFound(f"no household [{household_id}] in {month.month}", remedy="hedui trace finds ids")
    yield case_of(data, household_id)


def write_papers(made: Iterable[Paper], out: Path, processes: int) -> Iterator[Made]:
    """Sets and writes each paper as <household no>_<kind>_<language>.pdf; the order stays."""
    out.mkdir(parents=True, exist_ok=True)
    batches = _batched(made, out)
    if processes <= 1:
        for batch in batches:
            yield from _written(batch)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for written in pool.map(_written, batches):
            yield from written


def _batched(made: Iterable[Paper], out: Path) -> Iterator[list[tuple[Paper, Path]]]:
    rest = iter(made)
    while batch := [(paper, out) for paper in islice(rest, _AT_ONCE)]:
        yield batch


def _written(batch: list[tuple[Paper, Path]]) -> list[Made]:
    return [_write(paper, out) for paper, out in batch]


def _write(paper: Paper, out: Path) -> Made:
    path = out / f"{paper.household_no}_{paper.kind}_{paper.language}.pdf"
    content = paper.pdf()
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return Made(paper=paper, path=path, pdf_digest=hashlib.sha256(content).hexdigest(), size=len(content))
