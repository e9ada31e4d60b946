"""What the papers of a published month speak for, and how the ledger keeps one."""

from __future__ import annotations

from pipelines.lineage.published import PublishedMonth
from pipelines.papers.office import office
from pipelines.papers.sheet import Issue, Paper
from pipelines.policy import load_pack
from pipelines.store.papers import PaperRow
from pipelines.wording.texts import Language, texts


def issue_of(month: PublishedMonth, language: Language) -> Issue:
    """What the papers of a month speak for; the day is the day the run was published."""
    rows = [row for row in month.ledger.publications() if row["run_id"] == month.run_id]
    place = load_pack(month.jurisdiction).title[texts(language).language]
    return Issue(
        place=place,
        period=month.period,
        run_id=month.run_id,
        made_on=rows[-1]["published_at"].date(),
        office=office(),
    )


def row_of(paper: Paper, pdf_digest: str, month: PublishedMonth, made_by: str) -> PaperRow:
    """How the ledger keeps a paper. `pdf_digest` is sha256 of its bytes."""
    return PaperRow(
        code=paper.code,
        kind=paper.kind,
        language=paper.language,
        jurisdiction=month.jurisdiction,
        month=month.month,
        household_id=paper.household_id,
        run_id=month.run_id,
        pdf_digest=pdf_digest,
        made_by=made_by,
    )
