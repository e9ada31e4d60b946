"""Doing something with a case: one transaction that looks again, records it in the ledger, and moves the case on.

Ledger and site share one database and one writer at a time, so what was looked at is still true when it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from pipelines.base.period import now
from pipelines.base.site_errors import CaseChanged, MoveRefused, OtherPersonNeeded
from pipelines.store.appending import writing
from pipelines.web import workdays
from pipelines.web.casework.actions import ACTIONS, UNDECIDED, leads_to, working_roles
from pipelines.web.casework.recording import Recorded, record
from pipelines.web.context import Site
from pipelines.web.store.moves import (
    Move,
    Row,
    add_decision,
    add_move,
    case_now,
    decision_in_force,
    did_own_work,
    last_move,
    leave_queue,
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who acts."""

    username: str
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a person wants done. `version` is the case's when the form was opened; `flags` are those looked into."""

    action: str
    case_no: str
    version: int
    by: Person
    content: Mapping[str, Any]
    flags: Sequence[str]
    today: date


def perform(site: Site, act: Act) -> Row:
    """Do it, or say why not; the case as it stands then."""
    try:
        with writing(site.engine) as connection:
            return perform_in(connection, site, act)
    except DatabaseError as error:
        # What was asked above the database, the database asks itself: a rival got in between, or code forgot.
        if "own work" in str(error.orig) or "did not verify" in str(error.orig):
            raise OtherPersonNeeded("the database refused it", place=act.case_no) from None
        raise


def perform_in(connection: Connection, site: Site, act: Act) -> Row:
    """The same within a transaction that writes."""
    case = case_now(connection, act.case_no)
    if case["version"] != act.version:
        raise CaseChanged(f"version {case['version']}, not {act.version}", place=act.case_no)
    why_not = refusal(connection, case, act.action, act.by, act.today)
    if why_not:
        raise why_not
    content = _completed(connection, case, act)
    to_state = leads_to(act.action, case["state"], content)
    recorded = record(connection, case, act, content)
    at = now()
    move = Move(
        case_no=act.case_no,
        version=case["version"] + 1,
        action=act.action,
        from_state=case["state"],
        to_state=to_state,
        made_by=act.by.username,
        made_at=at,
        content=content,
        row_table=recorded.table,
        row_key=recorded.key,
    )
    add_move(connection, move, _changed(site, case, act, content, to_state))
    _keep_lists(connection, case, act, content, recorded, to_state)
    return case_now(connection, act.case_no)


def refusal(
    connection: Connection, case: Row, action: str, by: Person, today: date
) -> MoveRefused | OtherPersonNeeded | None:
    """Why this person may not do this now, or nothing."""
    chosen, place = ACTIONS[action], case["case_no"]
    if not chosen.roles & by.roles or case["state"] not in chosen.states:
        return MoveRefused(f"{action} is not for this person in this state", place=place)
    if chosen.needs_other_person and did_own_work(connection, place, by.username):
        return OtherPersonNeeded(f"{action} of one's own work", place=place)
    why_not = _out_of_turn(connection, case, action, by, today)
    return MoveRefused(why_not, place=place) if why_not else None


def _out_of_turn(connection: Connection, case: Row, action: str, by: Person, today: date) -> str:
    if action == "send_back" and not working_roles(case["state"]) & by.roles:
        return "another level has the case"
    if action == "recall":
        last = last_move(connection, case["case_no"])
        is_own = last is not None and last["made_by"] == by.username and last["action"] in _TAKEN_BACK
        return "" if is_own else "somebody went on meanwhile"
    if action == "close" and today <= case["due_date"]:
        return "the reply period is not over"
    is_others = case["assigned_to"] not in ("", by.username)
    return "it is assigned to somebody else" if is_others and action not in ("note", "extend") else ""


_TAKEN_BACK = ("check", "visit", "recommend", "hear")


def _completed(connection: Connection, case: Row, act: Act) -> dict[str, Any]:
    """The form's answers with what only the case's course can tell."""
    content = dict(act.content)
    if act.action == "recall":
        last = last_move(connection, act.case_no)
        content["to_state"] = last["from_state"] if last else case["state"]
    if act.action == "close":
        decided = decision_in_force(connection, act.case_no)
        content["to_state"] = f"closed_{decided['effect'] if decided else 'keep'}"
    if act.action == "recheck":
        content["was_heard"] = last_move(connection, act.case_no, "hear") is not None
    if act.action == "send_back":
        proposed = last_move(connection, act.case_no, "recommend", "recheck")
        if case["state"] == "district_review" and proposed and proposed["action"] == "recheck":
            content["to_state"] = "objection"  # its re-check is to be made better, by another than the first
    if act.action == "confirm":
        found = last_move(connection, act.case_no, "recommend", "recheck")
        content["proposal"] = dict(found["content"]) if found else {}
        content["proposed_by"] = found["made_by"] if found else ""
    return content


def _changed(site: Site, case: Row, act: Act, content: Mapping[str, Any], to_state: str) -> dict[str, Any]:
    """What else changes of the case: deadline, whom it is assigned to, what waits for confirmation."""
    settings, changed = site.settings, dict[str, Any]()
    if act.action == "extend":
        changed["due_date"] = date.fromisoformat(content["until"])
    if act.action == "confirm":
        changed["due_date"] = workdays.after(act.today, settings.notice_workdays)
    if act.action == "serve":
        changed["due_date"] = workdays.after(
            date.fromisoformat(content["served_on"]), settings.reply_workdays
        )
    if act.action == "object":
        changed["due_date"] = workdays.after(act.today, settings.objection_workdays)
    if act.action in ("recommend", "recheck"):
        changed["proposed"] = content["effect"]
    if act.action == "send_back" or (act.action == "recall" and to_state in UNDECIDED[:3]):
        changed["proposed"] = ""
    if to_state != case["state"] and not (
        case["assigned_to"] == act.by.username and working_roles(to_state) & act.by.roles
    ):
        changed["assigned_to"] = ""
    if act.action == "close":
        changed["is_open"] = False
    return changed


def _keep_lists(
    connection: Connection, case: Row, act: Act, content: Mapping[str, Any], recorded: Recorded, to_state: str
) -> None:
    if act.action == "close":
        leave_queue(connection, case)
    if act.action != "confirm":
        return
    proposal = content["proposal"]
    row = {
        "determination_id": recorded.key,
        "case_no": act.case_no,
        "effect": proposal["effect"],
        "amount_before": proposal["amount_before"],
        "amount_after": proposal["amount_after"],
        "from_month": proposal["from_month"] or "",
        "phase_out_until": proposal["phase_out_until"] or "",
        "decided_on": act.today,
    }
    add_decision(connection, row, recorded.replaces)
