"""Ledger rows about what may not be erased, what was erased under an order, and what of it was kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from pipelines.base.errors import NotFound
from pipelines.base.ids import short_id
from pipelines.base.period import now
from pipelines.store.appending import append, writing
from pipelines.store.schema import (
    DETERMINATION,
    ERASURE,
    ERASURE_ORDER,
    HOLD,
    HOLD_RELEASE,
    KEPT,
    OBJECTION,
    REVIEW_CASE,
)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Somebody's word that something stays, and the word that let it go."""

    hold_id: str
    kind: str  # household · person (keyed hash) · delivery · run
    subject: str
    order_no: str
    reason: str
    held_by: str
    released_by: str = ""

    @property
    def stands(self) -> bool:
        return not self.released_by


@dataclass(frozen=True, kw_only=True)
class Order:
    """Who ordered to erase what is past its term on which day, under which number and why."""

    order_no: str
    as_of: date
    reason: str
    ordered_by: str


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """A unit that was erased: its name, the digest of what it was, the last day of its term, under which order."""

    item: str
    digest: str
    due: date
    order_no: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """A household's evidence in a run, kept when the rest was erased."""

    partition: str
    run_id: str
    household_id: str
    manifest_digest: str


@dataclass(frozen=True, kw_only=True)
class Casework:
    """Households with a case or an objection under way, and the last day a household was decided about."""

    under_way: frozenset[str]
    decided: Mapping[str, date]


def add_hold(engine: Engine, *, kind: str, subject: str, order_no: str, reason: str, held_by: str) -> Hold:
    """Record a hold; the same hold under the same order again is no new fact while it stands."""
    with writing(engine) as connection:
        said = {"kind": kind, "subject": subject, "order_no": order_no}
        for hold in _holds(connection):
            if hold.stands and all(getattr(hold, name) == value for name, value in said.items()):
                return hold
        hold_id = short_id("HO", *said.values(), str(len(_all(connection, HOLD))))
        row = {"hold_id": hold_id, **said, "reason": reason, "held_by": held_by}
        append(connection, HOLD, {**row, "held_at": now()})
        return Hold(**row)


def release_hold(engine: Engine, hold_id: str, *, reason: str, released_by: str) -> None:
    """Let a hold go; NotFound when it does not stand."""
    with writing(engine) as connection:
        if hold_id not in [hold.hold_id for hold in _holds(connection) if hold.stands]:
            raise NotFound(f"no hold called [{hold_id}] stands", remedy="hedui hold list")
        row = {"hold_id": hold_id, "reason": reason, "released_by": released_by, "released_at": now()}
        append(connection, HOLD_RELEASE, row)


def holds(engine: Engine) -> list[Hold]:
    """Every hold, oldest first."""
    with engine.connect() as connection:
        return _holds(connection)


def add_erasures(engine: Engine, order: Order, erased: Collection[Erasure], kept: Collection[KeptRow]) -> str:
    """Order, what was kept, what is erased: in one transaction, before any key is destroyed. The order's id."""
    with writing(engine) as connection:
        count = str(len(_all(connection, ERASURE_ORDER)))
        order_id = short_id("EO", order.order_no, order.as_of.isoformat(), count)
        append(connection, ERASURE_ORDER, {**vars(order), "order_id": order_id, "ordered_at": now()})
        for row in sorted(kept, key=lambda row: row.partition):
            append(connection, KEPT, {**vars(row), "order_id": order_id, "kept_at": now()})
        for one in sorted(erased, key=lambda one: one.item):
            row_of = {"item": one.item, "digest": one.digest, "due": one.due}
            append(connection, ERASURE, {**row_of, "order_id": order_id, "erased_at": now()})
    return order_id


def erasures(engine: Engine) -> dict[str, Erasure]:
    """Every erasure by its item."""
    query = select(ERASURE, ERASURE_ORDER.c.order_no).join(ERASURE_ORDER).order_by(ERASURE.c.item)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings()
        return {
            row["item"]: Erasure(**{name: row[name] for name in Erasure.__dataclass_fields__}) for row in rows
        }


def kept_rows(engine: Engine) -> list[KeptRow]:
    """Everything that was kept, by partition."""
    with engine.connect() as connection:
        return [
            KeptRow(**{name: row[name] for name in KeptRow.__dataclass_fields__})
            for row in sorted(_all(connection, KEPT), key=lambda row: str(row["partition"]))
        ]


def casework(engine: Engine) -> Casework:
    """A case is under way until something is determined; an objection until a determination replaces its own."""
    with engine.connect() as connection:
        cases = {row["case_id"]: row["household_id"] for row in _all(connection, REVIEW_CASE)}
        determined = {row["determination_id"]: row for row in _all(connection, DETERMINATION)}
        objected = {row["determination_id"] for row in _all(connection, OBJECTION)}
    replaced = {row["replaces"] for row in determined.values()}
    waiting = set(cases) - {row["case_id"] for row in determined.values()}
    waiting |= {determined[one]["case_id"] for one in objected - replaced}
    decided: dict[str, date] = {}
    for row in determined.values():
        household = cases[row["case_id"]]
        decided[household] = max(decided.get(household, date.min), row["decided_at"].date())
    return Casework(under_way=frozenset(cases[case] for case in waiting), decided=decided)


def _holds(connection: Connection) -> list[Hold]:
    released = {row["hold_id"]: row["released_by"] for row in _all(connection, HOLD_RELEASE)}
    rows = sorted(_all(connection, HOLD), key=lambda row: (row["held_at"], row["hold_id"]))
    names = [name for name in Hold.__dataclass_fields__ if name != "released_by"]
    return [
        Hold(**{name: row[name] for name in names}, released_by=released.get(row["hold_id"], ""))
        for row in rows
    ]


def _all(connection: Connection, table: Table) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]
