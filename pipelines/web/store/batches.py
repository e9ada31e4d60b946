"""Batches: up to fifty recommendations of one reason and one effect, staged by one person for another to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from pipelines.base.period import now
from pipelines.base.site_errors import CaseChanged
from pipelines.web.store.queue import Area, seen, visible
from pipelines.web.store.schema import BATCH, BATCH_CASE, CASE, CASE_REASON

Row = Mapping[str, Any]
MOST_IN_BATCH = 50
_WAITS = "district_review"


def groups(engine: Engine, area: Area) -> list[Row]:
    """How many recommendations of each reason and effect wait for confirmation."""
    query = (
        select(CASE_REASON.c.code, CASE.c.proposed, func.count().label("cases"))
        .join(CASE, CASE.c.id == CASE_REASON.c.case_id)
        .where(seen(area, CASE), CASE.c.is_open.is_(True), CASE.c.state == _WAITS, CASE.c.proposed != "")
        .group_by(CASE_REASON.c.code, CASE.c.proposed)
        .order_by(CASE_REASON.c.code, CASE.c.proposed)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def waiting(engine: Engine, area: Area, code: str, effect: str) -> list[Row]:
    """Cases of one reason and effect that wait for confirmation, most urgent first, as many as fit a batch."""
    query = (
        visible(area)
        .join(CASE_REASON, CASE_REASON.c.case_id == CASE.c.id)
        .where(CASE_REASON.c.code == code, CASE.c.is_open.is_(True))
        .where(CASE.c.state == _WAITS, CASE.c.proposed == effect)
        .order_by(CASE.c.due_date, CASE.c.id)
        .limit(MOST_IN_BATCH)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def stage(connection: Connection, batch: Row, cases: Sequence[tuple[str, int]]) -> None:
    """Put a batch before another person. `cases` are numbers with the version that was looked at."""
    connection.execute(insert(BATCH).values(**batch, ending="open"))
    rows = [
        {"batch_id": batch["batch_id"], "case_no": case_no, "version": version, "result": "staged"}
        for case_no, version in cases
    ]
    connection.execute(insert(BATCH_CASE), rows)


def end(connection: Connection, batch_id: str, ending: str, by: str) -> None:
    """Close a batch, once. The database refuses the stager's own confirmation."""
    done = connection.execute(
        update(BATCH)
        .where(BATCH.c.batch_id == batch_id, BATCH.c.ending == "open")
        .values(ending=ending, ended_by=by, ended_at=now())
    )
    if not done.rowcount:
        raise CaseChanged("the batch is ended already", place=batch_id)


def note_result(connection: Connection, batch_id: str, case_no: str, result: str) -> None:
    """What became of one case of a batch."""
    connection.execute(
        update(BATCH_CASE)
        .where(BATCH_CASE.c.batch_id == batch_id, BATCH_CASE.c.case_no == case_no)
        .values(result=result)
    )


def batches(engine: Engine, area: Area, most: int = 50) -> list[Row]:
    """Batches of the area, newest first."""
    query = (
        select(BATCH, func.count().label("cases"))
        .join(BATCH_CASE, BATCH_CASE.c.batch_id == BATCH.c.batch_id)
        .join(CASE, CASE.c.case_no == BATCH_CASE.c.case_no)
        .where(seen(area, CASE))
        .group_by(*BATCH.c)
        .order_by(BATCH.c.staged_at.desc())
        .limit(most)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def one_batch(engine: Engine, area: Area, batch_id: str) -> tuple[Row, list[Row]] | None:
    """A batch with its cases, or nothing when any of them is outside the area."""
    cases = (
        select(CASE, BATCH_CASE.c.version.label("staged_version"), BATCH_CASE.c.result)
        .join(BATCH_CASE, BATCH_CASE.c.case_no == CASE.c.case_no)
        .where(seen(area, CASE), BATCH_CASE.c.batch_id == batch_id)
        .order_by(CASE.c.due_date, CASE.c.id)
    )
    staged = select(func.count()).where(BATCH_CASE.c.batch_id == batch_id)
    with engine.connect() as connection:
        batch = connection.execute(select(BATCH).where(BATCH.c.batch_id == batch_id)).mappings().first()
        rows: list[Row] = [dict(row) for row in connection.execute(cases).mappings()]
        whole = connection.scalar(staged)
    return (dict(batch), rows) if batch and rows and len(rows) == whole else None
