"""Papers of a published month from the terminal: made, written, and entered in the ledger by their check codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.base.errors import NotFound
from pipelines.base.settings import Where
from pipelines.lineage.published import PublishedMonth, opened
from pipelines.papers.code import read_code
from pipelines.papers.issuing import issue_of, row_of
from pipelines.papers.making import Made, papers, write_papers
from pipelines.run.published import published_run
from pipelines.run.shop import Shop, open_shop
from pipelines.store.papers import Checked, PaperRow, check_paper, keep_papers
from pipelines.wording.texts import Language

Seen = Callable[[Made], None]


@dataclass(frozen=True, kw_only=True)
class PapersMade:
    """How many papers stand in the folder, how many of them the ledger did not know, and their bytes together."""

    count: int
    new: int
    size: int


def make_papers(
    kind: str,
    *,
    month: str | None,
    household: str,
    languages: Iterable[Language],
    out: Path,
    made_by: str,
    processes: int,
    seen: Seen,
    where: Mapping[str, object],
) -> PapersMade:
    """Papers of one household or of all that are flagged. Codes are entered last: a code is never known before its file."""
    shop = open_shop(Where.of(where))
    published = _month(shop, published_run(month, where).run_id)
    rows: list[PaperRow] = []
    size = 0
    for made in _made(published, kind, tuple(languages), household, out, processes):
        seen(made)
        rows.append(row_of(made.paper, made.pdf_digest, published, made_by))
        size += made.size
    return PapersMade(count=len(rows), new=keep_papers(shop.ledger.engine, rows), size=size)


def _made(
    month: PublishedMonth,
    kind: str,
    languages: tuple[Language, ...],
    household: str,
    out: Path,
    processes: int,
) -> Iterator[Made]:
    for language in languages:
        found = papers(month, kind, (language,), issue_of(month, language), household)
        yield from write_papers(found, out, processes)


def _month(shop: Shop, run_id: str) -> PublishedMonth:
    found = opened(shop.lake, shop.ledger, run_id)
    if found is None:
        raise NotFound(f"no run is called [{run_id}]", place=str(shop.where.home))
    return found


def check_code(typed: str, where: Mapping[str, object]) -> Checked:
    """What the ledger knows of a code somebody typed."""
    code = read_code(typed)
    if code is None:
        return Checked(standing="unknown")
    return check_paper(open_shop(Where.of(where)).ledger.engine, code)
