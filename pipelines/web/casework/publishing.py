"""What a public list says of a household, and putting one up: recorded in the ledger for each of its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from pipelines.base.ids import short_id
from pipelines.base.period import now
from pipelines.base.site_errors import MoveRefused
from pipelines.store.appending import writing
from pipelines.web.casework.acting import Act, Person
from pipelines.web.casework.recording import record
from pipelines.web.context import Site
from pipelines.web.store.lists import Row, put_up
from pipelines.web.store.moves import Move, add_move, case_now
from pipelines.web.store.schema import PUBLICITY_CASE

_SHOWN = ("head", "members", "programme", "effect", "amount_after", "from_month")


def line_of(row: Row) -> dict[str, Any]:
    """What is made public of a household: no number, no address below the village, no reason, nothing of health."""
    return {name: row[name] for name in _SHOWN}


def put_up_list(site: Site, by: Person, rows: Sequence[Row], place: str, posted_on: date, until: date) -> str:
    """Keep the list, and put a step on each of its cases; the list's number."""
    first, determinations = rows[0], [row["determination_id"] for row in rows]
    publicity_id = short_id("G", first["jurisdiction"], *determinations)
    listed = {
        "publicity_id": publicity_id,
        "jurisdiction": first["jurisdiction"],
        "town": first["town"],
        "village": first["village"],
        "lines": [line_of(row) for row in rows],
        "place": place,
        "posted_on": posted_on,
        "until": until,
        "posted_by": by.username,
        "posted_at": now(),
    }
    content = {"publicity": publicity_id, "place": place, "posted_on": posted_on.isoformat()}
    with writing(site.engine) as connection:
        known = select(PUBLICITY_CASE.c.determination_id).where(
            PUBLICITY_CASE.c.determination_id.in_(determinations)
        )
        if connection.scalar(known) is not None:
            raise MoveRefused("one of them is on a list already", place=publicity_id)
        put_up(connection, listed, determinations)
        for row in rows:
            _on_case(connection, by, row["case_no"], {**content, "until": until.isoformat()}, posted_on)
    return publicity_id


def _on_case(connection: Any, by: Person, case_no: str, content: Mapping[str, Any], day: date) -> None:
    case = case_now(connection, case_no)
    act = Act(
        action="posted",
        case_no=case_no,
        version=case["version"],
        by=by,
        content=content,
        flags=(),
        today=day,
    )
    recorded = record(connection, case, act, content)
    move = Move(
        case_no=case_no,
        version=case["version"] + 1,
        action="posted",
        from_state=case["state"],
        to_state=case["state"],
        made_by=by.username,
        made_at=now(),
        content=content,
        row_table=recorded.table,
        row_key=recorded.key,
    )
    add_move(connection, move, {})
