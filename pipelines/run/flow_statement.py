"""Joins and exits between two published months, by programme: opening + joins − exits = closing, or no statement.

Members are those the lists say: households, and the persons in them who are covered. Opening and closing are counted
on the months' own households, joins and exits person by person, so that one can contradict the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.base.database import in_memory
from pipelines.base.errors import FlowUnreconciled, PeriodInvalid
from pipelines.base.period import Period
from pipelines.reference import sql
from pipelines.run import tables
from pipelines.run.month import Run
from pipelines.run.published import published_run

JOIN, EXIT = "join", "exit"
ALL = "all"
_MEMBER = ("record_id", "household_id", "name", "id18", "is_covered")
_HOUSEHOLD = ("record_id", "household_no", "programme", "covered", "start_date")
_DEATH, _CLOSED = "member_deceased", "closed"
_RUN_AGAIN = "correct the list with its owner, deliver it anew and run the month again"


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Households and the covered persons in them."""

    households: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Joins or exits of one programme for one cause."""

    programme: str
    movement: str
    cause: str
    households: int
    persons: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One programme, or all: what reconciles."""

    programme: str
    opening: Stock
    joins: Stock
    exits: Stock
    closing: Stock


@dataclass(frozen=True, kw_only=True)
class FlowStatement:
    """The statement of one month against an earlier one."""

    opening_month: str
    closing_month: str
    opening_run: str
    closing_run: str
    lines: tuple[Line, ...]
    causes: tuple[Cause, ...]


def flow_between(
    month: str, earlier: str | None = None, where: Mapping[str, object] | None = None
) -> FlowStatement:
    """The statement of a published month against the month before it, or an earlier one."""
    closing = Period.parse(month)
    opening = Period.parse(earlier) if earlier else closing.previous
    if opening >= closing:
        raise PeriodInvalid(
            f"[{opening}] is not before [{closing}]", place="--from", remedy="name an earlier month"
        )
    first, second = published_run(str(opening), where), published_run(str(closing), where)
    for run in (first, second):
        _refuse_doubled(run)
    causes = _causes(first, second)
    lines = _lines(_stock(first), _stock(second), causes)
    for line in lines:
        check_reconciled(line, f"{opening} → {closing}")
    return FlowStatement(
        opening_month=str(opening),
        closing_month=str(closing),
        opening_run=first.run_id,
        closing_run=second.run_id,
        lines=tuple(lines),
        causes=tuple(causes),
    )


def check_reconciled(line: Line, place: str) -> None:
    """Opening + joins − exits = closing, in households and in persons."""
    for name in ("households", "persons"):
        opening, joins, exits, closing = (
            getattr(stock, name) for stock in (line.opening, line.joins, line.exits, line.closing)
        )
        if opening + joins - exits != closing:
            raise FlowUnreconciled(
                f"{line.programme}, {name}: {opening} + {joins} - {exits} is {opening + joins - exits}, "
                f"the lists have {closing}",
                place=place,
                remedy="the months' tables do not belong together: run both months again",
            )


def doubled(recipients: pa.Table) -> list[dict[str, Any]]:
    """Household numbers that the lists give to more than one household."""
    with in_memory() as con:
        con.register("recipient", recipients)
        found: list[dict[str, Any]] = (
            con.sql(sql("transforms/run/listed_twice.sql")).to_arrow_table().to_pylist()
        )
    return found


def _refuse_doubled(run: Run) -> None:
    found = doubled(tables.used_records(run, "recipient"))
    if found:
        first = found[0]
        raise FlowUnreconciled(
            f"{len(found)} household numbers stand for more than one household, e.g. [{first['household_no']}]: "
            f"{first['heads']} heads, on {', '.join(first['programmes'])}",
            place=f"{run.period} {run.run_id}",
            remedy=_RUN_AGAIN,
        )


def _stock(run: Run) -> dict[str, Stock]:
    """By programme, counted on the month's households."""
    households, persons = Counter[str](), Counter[str]()
    for row in run.read("compose", "household").select(["programme", "covered"]).to_pylist():
        households[row["programme"]] += 1
        persons[row["programme"]] += row["covered"]
    return {name: Stock(households=households[name], persons=persons[name]) for name in households}


def _causes(opening: Run, closing: Run) -> list[Cause]:
    with in_memory() as con:
        _register(con, "opening", opening)
        _register(con, "closing", closing)
        con.register(
            "opening_assessed",
            opening.read("assess", "assessed_household").select(["household_id", "outcome"]),
        )
        con.register("opening_death", _deaths(opening))
        moved: Any = con.sql(sql("transforms/run/flow_member.sql")).to_arrow_table()
        con.register("moved", moved)
        last = {"last_opening": opening.period.last_day}
        found: Any = con.sql(sql("transforms/run/flow_cause.sql"), params=last).to_arrow_table()
    return [Cause(**row) for row in found.to_pylist()]


def _register(con: duckdb.DuckDBPyConnection, name: str, run: Run) -> None:
    con.register(f"{name}_household", run.read("compose", "household").select(_HOUSEHOLD))
    con.register(f"{name}_member", run.read("compose", "household_member").select(_MEMBER))


def _deaths(run: Run) -> pa.Table:
    """Members whose death a registry reported, as flagged in the month."""
    flags = run.read("flag", "flag")
    open_deaths = pc.and_(pc.equal(flags["code"], _DEATH), pc.not_equal(flags["state"], _CLOSED))
    return flags.filter(open_deaths).select(["household_id", "subject"])


def _lines(opening: Mapping[str, Stock], closing: Mapping[str, Stock], causes: Iterable[Cause]) -> list[Line]:
    moved: dict[tuple[str, str], list[Cause]] = {}
    for cause in causes:
        moved.setdefault((cause.programme, cause.movement), []).append(cause)
    none = Stock(households=0, persons=0)
    lines = [
        Line(
            programme=name,
            opening=opening.get(name, none),
            joins=_sum(moved.get((name, JOIN), [])),
            exits=_sum(moved.get((name, EXIT), [])),
            closing=closing.get(name, none),
        )
        for name in sorted({*opening, *closing})
    ]
    total = Line(
        programme=ALL,
        opening=_sum(line.opening for line in lines),
        joins=_sum(line.joins for line in lines),
        exits=_sum(line.exits for line in lines),
        closing=_sum(line.closing for line in lines),
    )
    return [*lines, total]


def _sum(parts: Iterable[Stock | Cause]) -> Stock:
    stocks = list(parts)
    return Stock(
        households=sum(part.households for part in stocks), persons=sum(part.persons for part in stocks)
    )
