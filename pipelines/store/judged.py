"""The ledger's rows that people write: verdicts on pairs and approvals of targets. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, Table, func, select

from pipelines.base.ids import short_id
from pipelines.base.period import now
from pipelines.store.appending import append, writing
from pipelines.store.schema import JUDGEMENT, THRESHOLD_APPROVAL


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A person's verdict on a pair of likenesses, and how the machine saw the pair. The ledger numbers and dates it."""

    jurisdiction: str
    run_id: str
    pair: str
    record: str
    member_id: str
    source: str
    table_name: str
    method: str
    outcome: str  # match, or the reason of the review
    probability_ppm: int | None
    model: str | None
    record_likeness: str
    member_likeness: str
    likeness: dict[str, dict[str, str | None]]  # record and member: name, id_no, birth_date, sex, place
    verdict: str
    judged_by: str
    reason: str
    judgement_id: str = ""
    sequence: int = 0
    judged_at: datetime | None = None

    @property
    def about(self) -> tuple[str, str]:
        """What was judged: two rows that say the same are the same here."""
        return self.record_likeness, self.member_likeness


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A person's word on the error targets, with the effect on a run that was shown to them."""

    jurisdiction: str
    run_id: str
    match_error: str
    review_error: str
    effect: list[dict[str, Any]]
    approved_by: str
    reason: str
    approval_id: str = ""
    sequence: int = 0
    approved_at: datetime | None = None


_Said = TypeVar("_Said", Judgement, Approval)


class JudgedRows:
    """The part of the ledger that keeps what people decided."""

    engine: Engine

    def add_judgement(self, judgement: Judgement) -> Judgement:
        """Record a verdict; the answer bears its id, its place in the sequence and its time."""

        def numbered(sequence: int) -> Judgement:
            own = short_id("J", str(sequence), *judgement.about, judgement.verdict, judgement.judged_by)
            return replace(judgement, sequence=sequence, judgement_id=own, judged_at=now())

        return self._added(JUDGEMENT, numbered)

    def judgements(self, jurisdiction: str | None = None) -> list[Judgement]:
        """Every verdict, oldest first: of one jurisdiction or of all."""
        return [Judgement(**row) for row in self._rows(JUDGEMENT, jurisdiction, "judged_at")]

    def add_approval(self, approval: Approval) -> Approval:
        """Record an approval; the answer bears its id, its place in the sequence and its time."""

        def numbered(sequence: int) -> Approval:
            said = approval.match_error, approval.review_error, approval.approved_by
            own = short_id("A", str(sequence), *said)
            return replace(approval, sequence=sequence, approval_id=own, approved_at=now())

        return self._added(THRESHOLD_APPROVAL, numbered)

    def approvals(self, jurisdiction: str | None = None) -> list[Approval]:
        """Every approval, oldest first: of one jurisdiction or of all."""
        return [Approval(**row) for row in self._rows(THRESHOLD_APPROVAL, jurisdiction, "approved_at")]

    def _added(self, table: Table, numbered: Callable[[int], _Said]) -> _Said:
        with writing(self.engine) as connection:
            last = connection.scalar(select(func.max(table.c.sequence))) or 0
            row = numbered(last + 1)
            append(connection, table, vars(row))
            return row

    def _rows(self, table: Table, jurisdiction: str | None, dated: str) -> list[dict[str, Any]]:
        query = select(table).order_by(table.c.sequence)
        if jurisdiction is not None:
            query = query.where(table.c.jurisdiction == jurisdiction)
        with self.engine.connect() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        # SQLite keeps the time without its zone, which is always UTC.
        return [row | {dated: row[dated].replace(tzinfo=row[dated].tzinfo or UTC)} for row in found]
