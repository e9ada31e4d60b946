"""Papers given out: a check code, what it stands for, and whether it still holds. No personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, select

from pipelines.base.period import now
from pipelines.store.appending import append, writing
from pipelines.store.schema import PAPER, PUBLICATION

Standing = Literal["genuine", "superseded", "unknown"]


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """A paper as the ledger keeps it; the ledger numbers and dates it."""

    code: str
    kind: str
    language: str
    jurisdiction: str
    month: str
    household_id: str
    run_id: str
    pdf_digest: str
    made_by: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What may be said of a code to anybody: its standing, the kind of paper, the month and the day it was made."""

    standing: Standing
    kind: str = ""
    month: str = ""
    made_at: datetime | None = None


def keep_papers(engine: Engine, rows: Iterable[PaperRow]) -> int:
    """Write down papers; one that is known already is no new fact. The answer is how many were new."""
    with writing(engine) as connection:
        known = set(connection.scalars(select(PAPER.c.code)))
        sequence = connection.scalar(select(func.max(PAPER.c.sequence))) or 0
        new = {row.code: row for row in rows if row.code not in known}
        for place, row in enumerate(new.values(), start=sequence + 1):
            append(connection, PAPER, {**asdict(row), "sequence": place, "made_at": now()})
    return len(new)


def check_paper(engine: Engine, code: str) -> Checked:
    """Genuine, superseded (the month was published again, or a later paper of the kind was made), or unknown."""
    with engine.connect() as connection:
        found = connection.execute(select(PAPER).where(PAPER.c.code == code)).mappings().first()
        if found is None:
            return Checked(standing="unknown")
        standing: Standing = "genuine" if _holds(connection, found) else "superseded"
    return Checked(standing=standing, kind=found["kind"], month=found["month"], made_at=found["made_at"])


def _holds(connection: Connection, paper: Any) -> bool:
    of_month = PUBLICATION.c.jurisdiction == paper["jurisdiction"], PUBLICATION.c.month == paper["month"]
    newest = select(PUBLICATION.c.run_id).where(*of_month).order_by(PUBLICATION.c.revision.desc()).limit(1)
    same = [PAPER.c[name] == paper[name] for name in ("household_id", "kind", "language", "month")]
    last = select(func.max(PAPER.c.sequence)).where(*same)
    return bool(connection.scalar(newest) == paper["run_id"] and connection.scalar(last) == paper["sequence"])
