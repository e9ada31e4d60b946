"""The queue made from a published month: one open case a household with a standing flag.

A case keeps its number and its due date while its household stays flagged, whatever run speaks of it. A household no run
flags any more has its case withdrawn, not removed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Column, Connection, Engine, delete, func, insert, select, update

from pipelines.base.period import now
from pipelines.lineage.published import PublishedMonth
from pipelines.store.schema import PUBLICATION
from pipelines.web import workdays
from pipelines.web.casework.actions import SYSTEM, UNDECIDED
from pipelines.web.store.moves import Move, add_move, decision_in_force
from pipelines.web.store.schema import CASE, CASE_REASON, PROJECTED, TALLY
from pipelines.wording.cases import flag_order
from pipelines.wording.masking import mask_name, safe_text

Row = Mapping[str, Any]
WAITS, WITHDRAWN = "village_check", "withdrawn"
# The first a household has names its case.
TRACKS = (
    "death",
    "conflict",
    "custody",
    "population",
    "authorisation",
    "duplicate",
    "pay_list",
    "eligibility",
    "amount",
    "identity",
)
_CHUNK = 5_000


def projected_run(engine: Engine, jurisdiction: str) -> str | None:
    """The run the queue shows."""
    with engine.connect() as connection:
        query = select(PROJECTED.c.run_id).where(PROJECTED.c.jurisdiction == jurisdiction)
        found: str | None = connection.scalar(query)
        return found


def project(engine: Engine, month: PublishedMonth, days_of: Mapping[str, int]) -> int:
    """Make the queue show this month; how many cases are open. Doing it again changes nothing."""
    with engine.begin() as connection:
        published = _published_on(connection, month.run_id)
        rows = list(_rows(month, published, days_of))
        known = _open_cases(connection, month.jurisdiction)
        fresh = [row for row in rows if row["household_id"] not in known]
        kept = [row for row in rows if row["household_id"] in known]
        _withdraw(connection, set(known) - {row["household_id"] for row in rows}, known)
        _renew(connection, kept, known)
        _open(connection, fresh, month)
        count_reasons(connection, month.jurisdiction)
        connection.execute(delete(PROJECTED).where(PROJECTED.c.jurisdiction == month.jurisdiction))
        connection.execute(
            insert(PROJECTED).values(
                jurisdiction=month.jurisdiction, month=month.month, run_id=month.run_id, projected_at=now()
            )
        )
    return len(rows)


def _published_on(connection: Connection, run_id: str) -> date:
    at = connection.scalar(select(PUBLICATION.c.published_at).where(PUBLICATION.c.run_id == run_id))
    return now().date() if at is None else at.date()


def _rows(month: PublishedMonth, published: date, days_of: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    standing = month.table("flag")
    flags: dict[str, list[Row]] = defaultdict(list)
    for flag in standing.filter(pc.not_equal(standing["state"], "closed")).to_pylist():
        flags[flag["household_id"]].append(flag)
    ids = pa.array(sorted(flags), pa.string())
    households = _by_id(month.table("household"), "record_id", ids)
    assessed = _by_id(month.table("assessed_household"), "household_id", ids)
    due_on = {days: workdays.after(published, days) for days in set(days_of.values())}
    for key in sorted(flags, key=lambda key: (households[key]["household_no"], key)):
        own = sorted(flags[key], key=flag_order)
        days = min(days_of[flag["track"]] for flag in own)
        yield _row(own, households[key], assessed[key]) | {
            "jurisdiction": month.jurisdiction,
            "month": month.month,
            "run_id": month.run_id,
            "due_date": due_on[days],
        }


def _by_id(table: pa.Table, column: str, ids: pa.Array) -> dict[str, Row]:
    return {row[column]: row for row in table.filter(pc.is_in(table[column], value_set=ids)).to_pylist()}


def _row(flags: list[Row], household: Row, assessed: Row) -> dict[str, Any]:
    paid, entitled = assessed["paid_amount"], assessed["entitlement_at_most"]
    tracks = {flag["track"] for flag in flags}
    return {
        "household_id": household["record_id"],
        "household_no": _cut(household["household_no"], CASE.c.household_no),
        "programme": household["programme"],
        "town": _cut(household["town"], CASE.c.town),
        "village": _cut(household["village"], CASE.c.village),
        "head": mask_name(household["head_name"]) or "—",
        "members": household["members"],
        "codes": list(dict.fromkeys(flag["code"] for flag in flags)),
        "track": next(track for track in TRACKS if track in tracks),
        "outcome": assessed["outcome"],
        "difference": None if paid is None else entitled - paid,
        "is_incomplete": any(row["missing_sources"] for row in (*flags, assessed)),
    }


def _cut(text: str, column: Column[str]) -> str:
    """A text as the pages may show it, and no longer than its column."""
    return safe_text(text)[: column.type.length]  # type: ignore[attr-defined]


def _open_cases(connection: Connection, jurisdiction: str) -> dict[str, Row]:
    columns = (CASE.c.household_id, CASE.c.id, CASE.c.case_no, CASE.c.version, CASE.c.state, CASE.c.run_id)
    query = select(*columns).where(CASE.c.jurisdiction == jurisdiction, CASE.c.is_open.is_(True))
    return {row["household_id"]: dict(row) for row in connection.execute(query).mappings()}


def _withdraw(connection: Connection, gone: set[str], known: Mapping[str, Row]) -> None:
    """No run flags these any more. What is decided, or was and is objected to, stays."""
    for key in sorted(gone):
        case = known[key]
        if case["state"] in UNDECIDED and decision_in_force(connection, case["case_no"]) is None:
            _change(connection, case, {"is_open": False, "assigned_to": ""}, "withdrawn", WITHDRAWN)


def _renew(connection: Connection, rows: list[dict[str, Any]], known: Mapping[str, Row]) -> None:
    """What the new month says. A decided case keeps the month it was decided on, until somebody objects."""
    for row in rows:
        case = known[row["household_id"]]
        if case["state"] in (*UNDECIDED, "objection"):
            changed = {key: value for key, value in row.items() if key != "due_date"}
            _change(connection, case, changed, "renewed", case["state"])


def _change(connection: Connection, case: Row, changed: Row, action: str, state: str) -> None:
    """A case somebody works on has the change on its timeline, and forms opened before it are out of date."""
    if not case["version"]:
        connection.execute(update(CASE).where(CASE.c.id == case["id"]).values(**changed, state=state))
        return
    move = Move(
        case_no=case["case_no"],
        version=case["version"] + 1,
        action=action,
        from_state=case["state"],
        to_state=state,
        made_by=SYSTEM,
        made_at=now(),
        content={"run_id": changed.get("run_id", case["run_id"])},
    )
    add_move(connection, move, changed)


def _open(connection: Connection, rows: list[dict[str, Any]], month: PublishedMonth) -> None:
    """New cases, or withdrawn ones of the same month that a later revision raises again."""
    earlier = {
        row.household_id: row.id
        for row in connection.execute(
            select(CASE.c.household_id, CASE.c.id).where(
                CASE.c.jurisdiction == month.jurisdiction, CASE.c.opened_month == month.month
            )
        )
    }
    raised_again = [row for row in rows if row["household_id"] in earlier]
    for row in raised_again:
        connection.execute(
            update(CASE)
            .where(CASE.c.id == earlier[row["household_id"]], CASE.c.state == WITHDRAWN)
            .values(**row, is_open=True, state=WAITS, proposed="")
        )
    fresh = [row for row in rows if row["household_id"] not in earlier]
    first = len(earlier) + 1
    month_code = month.month.replace("-", "")
    values = [
        {
            **row,
            "case_no": f"HD-{month_code}-{place:05d}",
            "state": WAITS,
            "opened_month": month.month,
            "is_open": True,
        }
        for place, row in enumerate(fresh, start=first)
    ]
    for start in range(0, len(values), _CHUNK):
        connection.execute(insert(CASE), values[start : start + _CHUNK])


def count_reasons(connection: Connection, jurisdiction: str) -> None:
    """Which open cases have which reason, and how many a village has of each."""
    _reasons(connection, jurisdiction)
    _tally(connection, jurisdiction)


def _reasons(connection: Connection, jurisdiction: str) -> None:
    mine = select(CASE.c.id).where(CASE.c.jurisdiction == jurisdiction)
    connection.execute(delete(CASE_REASON).where(CASE_REASON.c.case_id.in_(mine)))
    query = select(CASE.c.id, CASE.c.codes).where(
        CASE.c.jurisdiction == jurisdiction, CASE.c.is_open.is_(True)
    )
    values = [{"case_id": row.id, "code": code} for row in connection.execute(query) for code in row.codes]
    for start in range(0, len(values), _CHUNK):
        connection.execute(insert(CASE_REASON), values[start : start + _CHUNK])


def _tally(connection: Connection, jurisdiction: str) -> None:
    query = select(CASE.c.town, CASE.c.village, CASE.c.codes, func.count().label("cases")).where(
        CASE.c.jurisdiction == jurisdiction, CASE.c.is_open.is_(True)
    )
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in connection.execute(query.group_by(CASE.c.id)):
        counts.update((row.town, row.village, code) for code in ("", *row.codes))
    connection.execute(delete(TALLY).where(TALLY.c.jurisdiction == jurisdiction))
    values = [
        {"jurisdiction": jurisdiction, "town": town, "village": village, "code": code, "cases": cases}
        for (town, village, code), cases in sorted(counts.items())
    ]
    for start in range(0, len(values), _CHUNK):
        connection.execute(insert(TALLY), values[start : start + _CHUNK])
