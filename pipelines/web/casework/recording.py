"""What becomes of an act in the ledger: a step, a determination, a notice, an objection. Their rows are evidence.

A step's finding and a determination's reasons are one JSON text with sorted keys: what the form said, in full, so that the
row stands by itself. The ledger's own triggers demand that what lowers or ends aid rests on a verification and a hearing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from pipelines.base.ids import digest_bytes, short_id
from pipelines.base.period import now
from pipelines.base.site_errors import MoveRefused
from pipelines.store.appending import append
from pipelines.store.schema import CASE_STEP, DETERMINATION, NOTICE, OBJECTION, REVIEW_CASE
from pipelines.web.casework.actions import ADVERSE, IN_LEDGER
from pipelines.web.store.moves import Row, decision_in_force

if TYPE_CHECKING:
    from pipelines.web.casework.acting import Act

_KIND_OF_STEP = {
    "check": "verification",
    "visit": "verification",
    "recheck": "verification",
    "hear": "hearing",
}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The ledger's row an act became; for a determination, the one it replaces."""

    table: str
    key: str
    replaces: str | None = None


def ledger_case(case: Row) -> str:
    """The ledger's name of a case."""
    return short_id("C", case["jurisdiction"], case["case_no"])


def as_text(content: Mapping[str, Any]) -> str:
    """What a form said as one line of JSON: the same answers give the same text."""
    said = {key: value for key, value in content.items() if value not in (None, "")}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record(connection: Connection, case: Row, act: Act, content: Mapping[str, Any]) -> Recorded:
    """Add the rows of an act."""
    _open(connection, case, act)
    if act.action == "confirm":
        return _determination(connection, case, act, content)
    step = _step(connection, case, act, content)
    if act.action == "serve":
        return _notice(connection, case, act, content)
    if act.action == "object":
        return _objection(connection, case, act, content)
    return step


def _open(connection: Connection, case: Row, act: Act) -> None:
    case_id = ledger_case(case)
    if connection.scalar(select(REVIEW_CASE.c.case_id).where(REVIEW_CASE.c.case_id == case_id)):
        return
    append(
        connection,
        REVIEW_CASE,
        {
            "case_id": case_id,
            "jurisdiction": case["jurisdiction"],
            "household_id": case["household_id"],
            "run_id": case["run_id"],
            "flags": list(act.flags),
            "opened_by": act.by.username,
            "opened_at": now(),
        },
    )


def _step(connection: Connection, case: Row, act: Act, content: Mapping[str, Any]) -> Recorded:
    key = _key("S", case, act)
    row = {
        "step_id": key,
        "case_id": ledger_case(case),
        "kind": _KIND_OF_STEP.get(act.action, "note"),
        "finding": as_text({"form": act.action, "run_id": case["run_id"], **content}),
        "taken_by": act.by.username,
        "taken_at": now(),
    }
    append(connection, CASE_STEP, row)
    return Recorded(table="case_step", key=key)


def _determination(connection: Connection, case: Row, act: Act, content: Mapping[str, Any]) -> Recorded:
    proposal = content["proposal"]
    if not proposal:
        raise MoveRefused("nothing is recommended", place=act.case_no)
    verified, heard = (_last_step(connection, case, kind) for kind in ("verification", "hearing"))
    if proposal["effect"] in ADVERSE and not (verified and heard):
        raise MoveRefused("not verified, or not heard", place=act.case_no)
    before = decision_in_force(connection, act.case_no)
    replaces = str(before["determination_id"]) if before else None
    key = _key("D", case, act)
    row = {
        "determination_id": key,
        "case_id": ledger_case(case),
        "effect": IN_LEDGER[proposal["effect"]],
        "verification_step": verified,
        "hearing_step": heard,
        "reasons": as_text({"run_id": case["run_id"], **content}),
        "decided_by": act.by.username,
        "decided_at": now(),
        "replaces": replaces,
    }
    append(connection, DETERMINATION, row)
    return Recorded(table="determination", key=key, replaces=replaces)


def _last_step(connection: Connection, case: Row, kind: str) -> str | None:
    query = (
        select(CASE_STEP.c.step_id)
        .where(CASE_STEP.c.case_id == ledger_case(case), CASE_STEP.c.kind == kind)
        .order_by(CASE_STEP.c.taken_at.desc(), CASE_STEP.c.step_id)
    )
    found: str | None = connection.scalar(query)
    return found


def _notice(connection: Connection, case: Row, act: Act, content: Mapping[str, Any]) -> Recorded:
    key = _key("N", case, act)
    row = {
        "notice_id": key,
        "determination_id": _decided(connection, act),
        "document_digest": digest_bytes(str(content["document"]).encode()),
        "way": content["way"],
        "served_by": act.by.username,
        "served_at": now(),
    }
    append(connection, NOTICE, row)
    return Recorded(table="notice", key=key)


def _objection(connection: Connection, case: Row, act: Act, content: Mapping[str, Any]) -> Recorded:
    key = _key("O", case, act)
    row = {
        "objection_id": key,
        "determination_id": _decided(connection, act),
        "grounds": content["words"],
        "received_by": act.by.username,
        "received_at": now(),
    }
    append(connection, OBJECTION, row)
    return Recorded(table="objection", key=key)


def _decided(connection: Connection, act: Act) -> str:
    found = decision_in_force(connection, act.case_no)
    if found is None:
        raise MoveRefused("nothing is decided", place=act.case_no)
    return str(found["determination_id"])


def _key(letter: str, case: Row, act: Act) -> str:
    return short_id(letter, case["jurisdiction"], act.case_no, str(case["version"]), act.action)
