"""What was typed into a form and not yet sent, one a person, case and form. Nobody else reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from pipelines.base.period import now
from pipelines.web.store.schema import DRAFT


def keep_draft(engine: Engine, account: int, case_no: str, form: str, content: Mapping[str, str]) -> datetime:
    """In place of the one before; when it was kept."""
    at = now()
    with engine.begin() as connection:
        connection.execute(delete(DRAFT).where(_of(account, case_no, form)))
        connection.execute(
            insert(DRAFT).values(
                account_id=account, case_no=case_no, form=form, content=dict(content), saved_at=at
            )
        )
    return at


def draft_of(engine: Engine, account: int, case_no: str, form: str) -> Mapping[str, Any] | None:
    """The draft and when it was kept, or nothing."""
    with engine.connect() as connection:
        found = connection.execute(select(DRAFT).where(_of(account, case_no, form))).mappings().first()
    return dict(found) if found else None


def drop_draft(engine: Engine, account: int, case_no: str, form: str) -> None:
    """What was sent, or is not wanted any more."""
    with engine.begin() as connection:
        connection.execute(delete(DRAFT).where(_of(account, case_no, form)))


def _of(account: int, case_no: str, form: str) -> Any:
    return (DRAFT.c.account_id == account) & (DRAFT.c.case_no == case_no) & (DRAFT.c.form == form)
