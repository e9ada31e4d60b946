"""The one way to cases: every query for one or many begins with what the person's area lets them see.

A case of another area does not exist for them: the same 404 as a number nobody has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, false, func, select, true, tuple_

from pipelines.web.store.schema import CASE, CASE_REASON, TALLY

Row = Mapping[str, Any]
WHOLE_DISTRICT = frozenset({"district", "supervisor", "auditor"})
_MOST_COUNTED = 1_000


@dataclass(frozen=True, kw_only=True)
class Area:
    """What a person may see. Empty town and village together with `is_whole` mean the jurisdiction."""

    jurisdiction: str
    is_whole: bool
    town: str
    village: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters of the URL."""

    codes: tuple[str, ...] = ()
    outcome: str = ""
    programme: str = ""
    town: str = ""
    due_by: date | None = None
    number: str = ""
    state: str = ""
    states: tuple[str, ...] = ()  # any of them; none: all
    held_by: tuple[str, ...] = ()  # user names, "" for nobody; none: anybody


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The last case of the page before, or the first of the page after."""

    due_date: date
    id: int
    is_backward: bool = False

    @classmethod
    def parse(cls, text: str, *, is_backward: bool) -> Cursor | None:
        """`2026-12-21.17`; anything else is no cursor."""
        day, _, number = text.partition(".")
        try:
            return cls(due_date=date.fromisoformat(day), id=int(number), is_backward=is_backward)
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some cases by due date, and cursors where more stand before or after."""

    rows: Sequence[Row]
    before: str
    after: str


def area_of(role_names: frozenset[str], town: str, village: str, jurisdiction: str) -> Area:
    """A person's area. A role without one sees nothing."""
    if role_names & WHOLE_DISTRICT:
        return Area(jurisdiction=jurisdiction, is_whole=True, town="", village="")
    if "township" in role_names:
        return Area(jurisdiction=jurisdiction, is_whole=False, town=town, village="")
    if "village" in role_names and village:
        return Area(jurisdiction=jurisdiction, is_whole=False, town=town, village=village)
    return Area(jurisdiction=jurisdiction, is_whole=False, town="", village="")


def seen(area: Area, table: Any) -> ColumnElement[bool]:
    """The condition every query for cases begins with."""
    mine: ColumnElement[bool] = table.c.jurisdiction == area.jurisdiction
    if area.is_whole:
        return mine
    if not area.town:
        return false()
    in_town = and_(mine, table.c.town == area.town)
    return and_(in_town, table.c.village == area.village) if area.village else in_town


def visible(area: Area) -> Select[Any]:
    """Every case of the area, closed ones too."""
    return select(CASE).where(seen(area, CASE))


def one_case(engine: Engine, area: Area, case_no: str) -> Row | None:
    """A case of the area by its number, or nothing."""
    with engine.connect() as connection:
        found = connection.execute(visible(area).where(CASE.c.case_no == case_no)).mappings().first()
    return dict(found) if found else None


def page_of(engine: Engine, area: Area, wanted: Wanted, cursor: Cursor | None, rows: int) -> Page:
    """One page of open cases, most urgent first. Reached by key, so the thousandth page costs what the first does."""
    query = visible(area).where(_filters(wanted))
    backward = cursor is not None and cursor.is_backward
    place = tuple_(CASE.c.due_date, CASE.c.id)
    if cursor is not None:
        here = tuple_(cursor.due_date, cursor.id)
        query = query.where(place < here if backward else place > here)
    order = (CASE.c.due_date.desc(), CASE.c.id.desc()) if backward else (CASE.c.due_date, CASE.c.id)
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(query.order_by(*order).limit(rows + 1)).mappings()]
    more, shown = len(found) > rows, found[:rows]
    if backward:
        shown.reverse()
    return Page(
        rows=shown,
        before=_mark(shown[0]) if shown and (more if backward else cursor is not None) else "",
        after=_mark(shown[-1]) if shown and (True if backward else more) else "",
    )


def _mark(row: Row) -> str:
    return f"{row['due_date'].isoformat()}.{row['id']}"


def _filters(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [CASE.c.is_open.is_(True)]
    if wanted.codes:
        reason = select(CASE_REASON.c.case_id).where(
            CASE_REASON.c.case_id == CASE.c.id, CASE_REASON.c.code.in_(wanted.codes)
        )
        conditions.append(exists(reason))
    conditions += [
        column == value
        for column, value in (
            (CASE.c.outcome, wanted.outcome),
            (CASE.c.programme, wanted.programme),
            (CASE.c.town, wanted.town),
            (CASE.c.state, wanted.state),
        )
        if value
    ]
    if wanted.due_by is not None:
        conditions.append(CASE.c.due_date <= wanted.due_by)
    if wanted.states:
        conditions.append(CASE.c.state.in_(wanted.states))
    if wanted.held_by:
        conditions.append(CASE.c.assigned_to.in_(wanted.held_by))
    if wanted.number:
        conditions.append((CASE.c.case_no == wanted.number) | (CASE.c.household_no == wanted.number))
    return and_(true(), *conditions)


def count_up_to(engine: Engine, area: Area, wanted: Wanted, most: int = _MOST_COUNTED) -> tuple[int, bool]:
    """How many fit, and whether there are more than were counted: a long queue is never counted to its end."""
    rows = visible(area).where(_filters(wanted)).with_only_columns(CASE.c.id).limit(most + 1).subquery()
    with engine.connect() as connection:
        found = int(connection.scalar(select(func.count()).select_from(rows)) or 0)
    return min(found, most), found > most


def tallies(engine: Engine, area: Area) -> dict[str, int]:
    """Open cases by reason code, and under "" all, as counted when the month was projected."""
    query = select(TALLY.c.code, func.sum(TALLY.c.cases).label("cases")).where(seen(area, TALLY))
    with engine.connect() as connection:
        return {row.code: int(row.cases) for row in connection.execute(query.group_by(TALLY.c.code))}


def towns(engine: Engine, area: Area) -> list[str]:
    """The townships of the area that have open cases."""
    query = select(TALLY.c.town).where(seen(area, TALLY)).distinct().order_by(TALLY.c.town)
    with engine.connect() as connection:
        return list(connection.scalars(query))
