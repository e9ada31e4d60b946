"""Who a case is with, who may take it, and what whoever is signed in may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_security import current_user
from sqlalchemy import select

from pipelines.base.period import now
from pipelines.base.site_errors import CaseChanged, MoveRefused
from pipelines.store.appending import writing
from pipelines.web.casework.acting import Person, refusal
from pipelines.web.casework.actions import ACTIONS, OPEN_STATES, Action, working_roles
from pipelines.web.context import site
from pipelines.web.store.accounts import Account
from pipelines.web.store.moves import Move, add_move, case_now
from pipelines.web.store.schema import ACCOUNT
from pipelines.web.workdays import today

Row = Mapping[str, Any]
_ASSIGNERS = frozenset({"supervisor"})


def me() -> Person:
    """Whoever is signed in, as casework knows them."""
    return Person(username=current_user.username, roles=current_user.role_names)


def may_assign() -> bool:
    """Whether whoever is signed in gives cases to others."""
    return bool(me().roles & _ASSIGNERS)


def doable(case: Row) -> list[Action]:
    """What they may do with the case now, in the order of the course."""
    by, day = me(), today()
    with site().engine.connect() as connection:
        return [
            action for action in ACTIONS.values() if refusal(connection, case, action.name, by, day) is None
        ]


def candidates(case: Row) -> list[Account]:
    """Active accounts that can bring the case on where it stands."""
    accounts = site().sessions.query(Account).filter(Account.active.is_(True)).order_by(Account.username)
    return [one for one in accounts if can_work(one, case)]


def can_work(account: Account, case: Row) -> bool:
    """Whether an account's roles fit the case's state, and its area holds the case."""
    roles = working_roles(case["state"]) & account.role_names
    if not account.active or not roles:
        return False
    if "district" in roles:
        return True
    in_town = account.town == case["town"]
    if "township" in roles and in_town:
        return True
    return "village" in roles and in_town and account.village == case["village"]


def account_named(username: str) -> Account | None:
    """An account by its name."""
    found: Account | None = site().sessions.query(Account).filter(Account.username == username).first()
    return found


def name_of(username: str) -> str:
    """How a person is called on the pages."""
    if not username:
        return ""
    with site().engine.connect() as connection:
        query = select(ACCOUNT.c.display_name).where(ACCOUNT.c.username == username)
        return str(connection.scalar(query) or username)


def assign(case: Row, to: str, version: int) -> None:
    """Give the case to a person, or to nobody. Officers take and give back; supervisors give to others."""
    by = me()
    holder = account_named(to) if to else None
    if to and (holder is None or not can_work(holder, case)):
        raise MoveRefused("this person cannot bring the case on", place=case["case_no"])
    if not may_assign() and (to or case["assigned_to"]) != by.username:
        raise MoveRefused("supervisors give cases to others", place=case["case_no"])
    with writing(site().engine) as connection:
        row = case_now(connection, case["case_no"])
        if row["version"] != version:
            raise CaseChanged(f"version {row['version']}, not {version}", place=case["case_no"])
        if not may_assign() and row["assigned_to"] not in ("", by.username):
            raise MoveRefused("it is assigned to somebody else", place=case["case_no"])
        if row["state"] not in OPEN_STATES:
            raise MoveRefused("the case is closed", place=case["case_no"])
        move = Move(
            case_no=row["case_no"],
            version=row["version"] + 1,
            action="assign",
            from_state=row["state"],
            to_state=row["state"],
            made_by=by.username,
            made_at=now(),
            content={"to": to},
        )
        add_move(connection, move, {"assigned_to": to})
