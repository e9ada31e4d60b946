"""Which pictures a case has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, insert, select

from pipelines.web.store.schema import PICTURE


def add_picture(engine: Engine, row: Mapping[str, Any]) -> None:
    """Once; the same picture again is no second one."""
    known = select(PICTURE.c.digest).where(
        PICTURE.c.case_no == row["case_no"], PICTURE.c.digest == row["digest"]
    )
    with engine.begin() as connection:
        if connection.scalar(known) is None:
            connection.execute(insert(PICTURE).values(**row))


def pictures_of(engine: Engine, case_no: str) -> list[Mapping[str, Any]]:
    """Oldest first."""
    query = select(PICTURE).where(PICTURE.c.case_no == case_no).order_by(PICTURE.c.added_at, PICTURE.c.digest)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
