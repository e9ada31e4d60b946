"""Decisions of an area: those still to be put on a public list, the lists, and who is in the phase-out period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from pipelines.web.store.queue import Area, seen
from pipelines.web.store.schema import CASE, DECISION, PUBLICITY, PUBLICITY_CASE

Row = Mapping[str, Any]
_OF_CASE = tuple(column for column in CASE.c if column.name != "case_no")


def unpublished(engine: Engine, area: Area, effects: Sequence[str]) -> list[Row]:
    """Decisions in force of these effects that stand on no public list yet, by village."""
    on_list = select(PUBLICITY_CASE.c.determination_id)
    query = (
        select(DECISION, *_OF_CASE)
        .join(CASE, CASE.c.case_no == DECISION.c.case_no)
        .where(seen(area, CASE), DECISION.c.is_replaced.is_(False), DECISION.c.effect.in_(effects))
        .where(DECISION.c.determination_id.not_in(on_list), CASE.c.state.in_(("reply_open", *_CLOSED)))
        .order_by(CASE.c.town, CASE.c.village, CASE.c.case_no)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


_CLOSED = ("closed_raise", "closed_reduce", "closed_remove", "closed_keep")


def put_up(connection: Connection, row: Row, determinations: Sequence[str]) -> None:
    """Keep a public list as it was put up."""
    connection.execute(insert(PUBLICITY).values(**row))
    links = [{"publicity_id": row["publicity_id"], "determination_id": one} for one in determinations]
    connection.execute(insert(PUBLICITY_CASE), links)


def public_lists(engine: Engine, area: Area) -> list[Row]:
    """The area's public lists, the one that ends last first."""
    query = select(PUBLICITY).where(seen(area, PUBLICITY)).order_by(PUBLICITY.c.until.desc())
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query.limit(100)).mappings()]


def one_list(engine: Engine, area: Area, publicity_id: str) -> Row | None:
    """A public list of the area, or nothing."""
    query = select(PUBLICITY).where(seen(area, PUBLICITY), PUBLICITY.c.publicity_id == publicity_id)
    with engine.connect() as connection:
        found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def phasing_out(engine: Engine, area: Area) -> list[Row]:
    """Households whose aid goes on for a while after the decision to stop it, the first to end first."""
    query = (
        select(DECISION, *_OF_CASE)
        .join(CASE, CASE.c.case_no == DECISION.c.case_no)
        .where(seen(area, CASE), DECISION.c.is_replaced.is_(False), DECISION.c.phase_out_until != "")
        .order_by(DECISION.c.phase_out_until, CASE.c.town, CASE.c.village, CASE.c.case_no)
    )
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
