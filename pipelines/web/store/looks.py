"""Who looked at what and why: rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select

from pipelines.base.period import now
from pipelines.web.store.schema import LOOK


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a case, one reveal, or one refusal."""

    username: str
    kind: str  # look · reveal · refused
    purpose: str
    case_no: str
    household_id: str = ""
    member_id: str = ""
    reason: str = ""


def add_look(engine: Engine, look: Look) -> None:
    """Before anything is shown: what cannot be logged is not shown."""
    with engine.begin() as connection:
        connection.execute(insert(LOOK).values(at=now(), **vars(look)))


def looks_at(engine: Engine, case_no: str, most: int = 20) -> list[Mapping[str, Any]]:
    """The latest looks at a case, newest first."""
    query = select(LOOK).where(LOOK.c.case_no == case_no).order_by(LOOK.c.look_id.desc()).limit(most)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
