"""One case: why, what would clear it, the members and how they were matched, the way to the delivered lines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask_security import current_user
from werkzeug.wrappers import Response

from pipelines.web.casework.assigning import candidates, doable, may_assign, name_of
from pipelines.web.casework.notice import current_notice
from pipelines.web.casework.pictures import picture
from pipelines.web.casework.timeline import timeline
from pipelines.web.context import site
from pipelines.web.dossier import Dossier, dossier, id_number
from pipelines.web.policy import CASE_READERS, OFFICERS, allows
from pipelines.web.store.looks import Look, add_look
from pipelines.web.store.moves import decisions_of, moves_of
from pipelines.web.tracing import steps_of
from pipelines.web.words import gettext, words
from pipelines.wording.cases import Row
from pipelines.wording.household_page import (
    comparisons,
    line_views,
    link_views,
    member_views,
    missing_views,
    reason_views,
    record_views,
    sentences,
)
from pipelines.wording.labels import STATUS_REASONS, STATUSES, lenient, source_title
from pipelines.wording.masking import mask_name
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.texts import N_, texts

AREA = Blueprint("cases", __name__, url_prefix="/cases/<case_no>")
REVEAL_REASONS = (
    N_("To check identity with the household"),
    N_("To ask the registry about this record"),
    N_("To enter it in a form of the case"),
)
_REVEAL_SECONDS = 60


@AREA.get("/")
@allows(*CASE_READERS, scope="case")
def summary(case_no: str) -> str:
    """Why the household is flagged, in both languages, and what stands behind it."""
    found, t = case_dossier(), words()
    told = sentences(found.case, texts("zh"), texts("en"))
    return render_template(
        "case/summary.html",
        **case_identity(found),
        outcome=outcome_of(found.case, t),
        reasons=reason_views(told, t),
        missing=missing_views(found.case, t),
        comparisons=comparisons(found.case, t),
        records=[record for record in record_views(found.case, t) if record.used_for],
        has_previous=found.month.previous is not None,
        has_members=found.case.assessed["counting_members"] > 0,
        entries=timeline(moves_of(site().engine, case_no)),
        doable=doable(g.case),
        candidates=candidates(g.case) if may_assign() else [],
        assigned_name=name_of(g.case["assigned_to"]),
    )


@AREA.get("/members")
@allows(*CASE_READERS, scope="case")
def members(case_no: str) -> str:
    """Who is in the household, and why a record is held to be a member's."""
    return _members(case_dossier(), {})


@AREA.get("/evidence")
@allows(*CASE_READERS, scope="case")
def evidence(case_no: str) -> str:
    """What the registries say, masked, each with its date."""
    found, t = case_dossier(), words()
    records = record_views(found.case, t)
    return render_template(
        "case/evidence.html",
        **case_identity(found),
        records=records,
        hidden=len(found.case.evidence) - len(records),
        statuses=[row for row in found.case.statuses if row["status"] != "matched"],
        lines=line_views(found.case, t),
        source_title=lambda source: source_title(source, t),
        status_words=_status_words,
    )


@AREA.get("/lineage")
@allows(*CASE_READERS, scope="case")
def lineage(case_no: str) -> str:
    """Flag, rule, figures, records, delivered files: a table a line."""
    found = case_dossier()
    return render_template("case/lineage.html", **case_identity(found), steps=steps_of(found, words()))


@AREA.get("/notices")
@allows(*CASE_READERS, scope="case")
def notices(case_no: str) -> str:
    """What was decided, the notices word for word with their service, and the objections."""
    found, moves = case_dossier(), moves_of(site().engine, case_no)
    return render_template(
        "case/notices.html",
        **case_identity(found),
        decisions=decisions_of(site().engine, case_no),
        served=[move for move in moves if move["action"] == "serve"],
        objections=[move for move in moves if move["action"] == "object"],
        draft=current_notice(found) if g.case["state"] == "notice_due" else "",
    )


@AREA.get("/pictures/<digest>")
@allows(*CASE_READERS, scope="case")
def show_picture(case_no: str, digest: str) -> Response:
    """A picture of a home visit, as it was sent."""
    found = picture(site(), case_no, digest)
    if found is None:
        abort(404)
    body, mime = found
    return Response(body, mimetype=mime, headers={"X-Content-Type-Options": "nosniff"})


@AREA.post("/members/<member_id>/reveal")
@allows(*OFFICERS, scope="case")
def reveal(case_no: str, member_id: str) -> Response | str | tuple[str, int]:
    """One whole number, for a reason, logged before it is shown; the page leaves by itself after a minute."""
    found = case_dossier()
    reason = _given_reason()
    if member_id not in found.case.members:
        abort(404)
    if not reason:
        return _members(found, {member_id: gettext("Say why you need the whole number")}), 422
    look = Look(
        username=current_user.username,
        kind="reveal",
        purpose="id_number",
        case_no=case_no,
        household_id=g.case["household_id"],
        member_id=member_id,
        reason=reason,
    )
    add_look(site().engine, look)
    number = id_number(found.month, g.case["household_id"], member_id)
    name = mask_name(found.case.members[member_id]["name"])
    answer = Response(
        render_template(
            "case/revealed.html",
            **case_identity(found),
            number=number,
            name=name,
            reason=reason,
            seconds=_REVEAL_SECONDS,
        ),
        mimetype="text/html",
    )
    answer.headers["Refresh"] = f"{_REVEAL_SECONDS}; url=/cases/{case_no}/members"
    return answer


def _status_words(row: Row) -> str:
    t = words()
    said = lenient(STATUSES, row["status"], t)
    why = lenient(STATUS_REASONS, row["reason"], t) if row["reason"] else ""
    return said + t.gettext("(%(cause)s)") % {"cause": why} if why else said


def _given_reason() -> str:
    chosen = request.form.get("reason", "")
    if chosen == "other":
        return request.form.get("words", "").strip()[:500]
    return chosen if chosen in REVEAL_REASONS else ""


def _members(found: Dossier, errors: dict[str, str]) -> str:
    t = words()
    return render_template(
        "case/members.html",
        **case_identity(found),
        members=list(zip(found.case.members, member_views(found.case), strict=True)),
        links=link_views(found.case, found.models, t),
        reveal_reasons=REVEAL_REASONS,
        may_reveal=bool(current_user.role_names & set(OFFICERS)),
        errors=errors,
    )


def case_dossier() -> Dossier:
    """What the case's month says of it; 404 when that run flags it no more."""
    month = site().month(g.case["run_id"])
    found = None if month is None else dossier(month, g.case["household_id"])
    if found is None:
        abort(404)
    return found


def case_identity(found: Dossier) -> dict[str, Any]:
    """The bar under the bar: whose case it is."""
    return {
        "row": g.case,
        "month": found.month,
        # Where a death is recorded the whole page keeps the calm colour.
        "tone": "death" if g.case["track"] == "death" else "",
    }
