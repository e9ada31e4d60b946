"""Reading and adding the moves of a case, in the transaction of whoever adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from pipelines.store.schema import PUBLICATION
from pipelines.web.store.schema import ACCOUNT, CASE, CASE_REASON, DECISION, MOVE, TALLY

Row = Mapping[str, Any]
OWN_WORK = ("check", "visit", "recommend", "recheck", "confirm")


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing somebody did. `version` is the case's, after it."""

    case_no: str
    version: int
    action: str
    from_state: str
    to_state: str
    made_by: str
    made_at: datetime
    content: Mapping[str, Any]
    row_table: str = ""
    row_key: str = ""


def add_move(connection: Connection, move: Move, changed: Mapping[str, Any]) -> None:
    """The move, and what it changes of the case. The database refuses a person's second look at their own work."""
    connection.execute(insert(MOVE).values(**vars(move)))
    values = {"version": move.version, "state": move.to_state, **changed}
    connection.execute(update(CASE).where(CASE.c.case_no == move.case_no).values(**values))


def case_now(connection: Connection, case_no: str) -> Row:
    """The case as it stands in this transaction."""
    return dict(connection.execute(select(CASE).where(CASE.c.case_no == case_no)).mappings().one())


def did_own_work(connection: Connection, case_no: str, person: str) -> bool:
    """Whether somebody checked, visited, recommended, re-checked or confirmed in the case."""
    query = select(func.count()).where(
        MOVE.c.case_no == case_no,
        func.lower(MOVE.c.made_by) == person.lower(),
        MOVE.c.action.in_(OWN_WORK),
    )
    return bool(connection.scalar(query))


def last_move(connection: Connection, case_no: str, *actions: str) -> Row | None:
    """The latest move of a case; with names, the latest of these."""
    query = select(MOVE).where(MOVE.c.case_no == case_no).order_by(MOVE.c.version.desc())
    if actions:
        query = query.where(MOVE.c.action.in_(actions))
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def moves_of(engine: Engine, case_no: str) -> list[Row]:
    """Every move of a case, oldest first, with the name of who made it."""
    query = (
        select(MOVE, ACCOUNT.c.display_name)
        .join(ACCOUNT, ACCOUNT.c.username == MOVE.c.made_by, isouter=True)
        .where(MOVE.c.case_no == case_no)
        .order_by(MOVE.c.version)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def proposal_of(engine: Engine, case_no: str) -> Row | None:
    """What was last recommended."""
    with engine.connect() as connection:
        found = last_move(connection, case_no, "recommend", "recheck")
    return found["content"] if found else None


def decision_in_force(connection: Connection, case_no: str) -> Row | None:
    """The case's determination that nothing replaces."""
    query = select(DECISION).where(DECISION.c.case_no == case_no, DECISION.c.is_replaced.is_(False))
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def published_since(connection: Connection, jurisdiction: str, at: datetime) -> str:
    """The run published last in a jurisdiction, if that was after a time; else nothing."""
    query = select(PUBLICATION.c.run_id).where(
        PUBLICATION.c.jurisdiction == jurisdiction, PUBLICATION.c.published_at > at
    )
    return str(connection.scalar(query.order_by(PUBLICATION.c.published_at.desc())) or "")


def decisions_of(engine: Engine, case_no: str) -> list[Row]:
    """The case's determinations, oldest first."""
    query = select(DECISION).where(DECISION.c.case_no == case_no).order_by(DECISION.c.decided_on)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def add_decision(connection: Connection, row: Row, replaces: str | None) -> None:
    """A determination as the lists show it, in place of the one it replaces."""
    if replaces:
        connection.execute(
            update(DECISION).where(DECISION.c.determination_id == replaces).values(is_replaced=True)
        )
    connection.execute(insert(DECISION).values(**row, is_replaced=False))


def leave_queue(connection: Connection, case: Row) -> None:
    """A closed case is counted no more."""
    connection.execute(
        update(TALLY)
        .where(
            TALLY.c.jurisdiction == case["jurisdiction"],
            TALLY.c.town == case["town"],
            TALLY.c.village == case["village"],
            TALLY.c.code.in_(["", *case["codes"]]),
        )
        .values(cases=TALLY.c.cases - 1)
    )
    connection.execute(CASE_REASON.delete().where(CASE_REASON.c.case_id == case["id"]))


def workload(engine: Engine, jurisdiction: str) -> Sequence[Row]:
    """Open cases by the person they are assigned to."""
    query = (
        select(CASE.c.assigned_to, func.count().label("cases"), func.min(CASE.c.due_date).label("first_due"))
        .where(CASE.c.jurisdiction == jurisdiction, CASE.c.is_open.is_(True), CASE.c.assigned_to != "")
        .group_by(CASE.c.assigned_to)
        .order_by(CASE.c.assigned_to)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
