"""The forms of a case: what an officer sees, found, recommends, decides. One address a form, with script or without."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from pipelines.base.ids import digest_bytes
from pipelines.base.site_errors import CaseChanged, MoveRefused, OtherPersonNeeded
from pipelines.web.areas.cases import case_dossier, case_identity
from pipelines.web.casework.acting import Act, perform, refusal
from pipelines.web.casework.actions import ACTIONS, Action
from pipelines.web.casework.agreeing import Beside, disagreements, settled
from pipelines.web.casework.assigning import me
from pipelines.web.casework.forms import FORMS
from pipelines.web.casework.notice import current_notice
from pipelines.web.casework.pictures import PictureRefused, keep_picture
from pipelines.web.casework.reading import Faults, Values, read
from pipelines.web.context import site
from pipelines.web.dossier import Dossier
from pipelines.web.policy import OFFICERS, allows
from pipelines.web.store.drafts import draft_of, drop_draft, keep_draft
from pipelines.web.store.looks import Look, add_look
from pipelines.web.store.moves import last_move, moves_of, proposal_of, published_since
from pipelines.web.words import chinese, gettext, moment
from pipelines.web.workdays import today
from pipelines.wording.texts import N_

AREA = Blueprint("casework", __name__, url_prefix="/cases/<case_no>")
_REFUSED = {
    CaseChanged: N_(
        "Somebody did something with this case since you opened the form. See below, then send again."
    ),
    MoveRefused: N_("This is not to be done with the case as it stands. Nothing was recorded."),
    OtherPersonNeeded: N_("Another person has to do this: you prepared this decision. Nothing was recorded."),
}


@AREA.get("/do/<action>")
@allows(*OFFICERS, scope="case")
def form(case_no: str, action: str) -> str | tuple[str, int]:
    """The form, with the draft where there is one."""
    chosen = _chosen(action)
    why_not = _why_not(chosen)
    if why_not is not None:
        return _refused(chosen, why_not, {}, 403)
    draft = draft_of(site().engine, current_user.id, case_no, action)
    given = draft["content"] if draft else _beginning(action)
    return _page(chosen, given, {}, saved=moment(draft["saved_at"]) if draft else "")


@AREA.post("/do/<action>")
@allows(*OFFICERS, scope="case")
def send(case_no: str, action: str) -> Response | str | tuple[str, int]:
    """Record it, or keep it as a draft, or say what is wrong with it; what was typed is never lost."""
    chosen = _chosen(action)
    if "keep" in request.form:
        _keep(action)
        return redirect(url_for("casework.form", case_no=case_no, action=action))
    found = case_dossier()
    values, faults = read(action, request.form, chinese)
    faults = disagreements(action, values, _beside(found)) | faults
    if faults:
        return _page(chosen, request.form, faults), 422
    try:
        content = _content(action, values, found)
        perform(site(), _act(action, content, found))
    except PictureRefused as fault:
        return _page(chosen, request.form, {"picture": str(fault)}), 422
    except (CaseChanged, MoveRefused, OtherPersonNeeded) as error:
        return _refused(chosen, error, request.form, 409 if isinstance(error, CaseChanged) else 403)
    drop_draft(site().engine, current_user.id, case_no, action)
    flash(gettext("Recorded: %(what)s") % {"what": gettext(chosen.title)})
    return redirect(url_for("cases.summary", case_no=case_no))


@AREA.post("/do/<action>/draft")
@allows(*OFFICERS, scope="case")
def draft(case_no: str, action: str) -> str:
    """Keep what is typed; for the script, which asks every other second while somebody types."""
    _chosen(action)
    return gettext("Draft kept %(at)s") % {"at": _keep(action)}


def _chosen(action: str) -> Action:
    if action not in ACTIONS:
        abort(404)
    return ACTIONS[action]


def _why_not(chosen: Action) -> MoveRefused | OtherPersonNeeded | None:
    with site().engine.connect() as connection:
        return refusal(connection, g.case, chosen.name, me(), today())


def _keep(action: str) -> str:
    names = {field.name for field in FORMS[action]}
    typed = {name: value[:4000] for name, value in request.form.items() if name in names}
    return moment(keep_draft(site().engine, current_user.id, g.case["case_no"], action, typed))


def _beginning(action: str) -> dict[str, str]:
    """What a form begins with: a confirmation with the recommended reason, days with today."""
    if action == "confirm":
        return {"words": (proposal_of(site().engine, g.case["case_no"]) or {}).get("words") or ""}
    return {field.name: today().isoformat() for field in FORMS[action] if field.kind == "day"}


def _beside(found: Dossier) -> Beside:
    with site().engine.connect() as connection:
        served = last_move(connection, g.case["case_no"], "serve")
        objected = last_move(connection, g.case["case_no"], "object")
        fresh = published_since(connection, g.case["jurisdiction"], objected["made_at"]) if objected else ""
    return Beside(
        today=today(),
        due=g.case["due_date"],
        paid=found.case.assessed["paid_amount"],
        names=(current_user.username.lower(), current_user.display_name.lower()),
        notice_day=served["content"]["served_on"] if served else "",
        fresh_run=fresh,
    )


def _content(action: str, values: Values, found: Dossier) -> Values:
    if action == "recheck":
        values = {**values, "fresh_run": _beside(found).fresh_run}
    if action in ("recommend", "recheck"):
        return settled(values, found.case.assessed["paid_amount"])
    if action == "visit":
        kept = keep_picture(site(), g.case["case_no"], request.files.get("picture"), current_user.username)
        return {**values, "picture": kept}
    if action == "serve":
        text = current_notice(found)
        return {**values, "document": text, "digest": digest_bytes(text.encode())}
    return values


def _objection() -> Any:
    """What the household said against the decision."""
    with site().engine.connect() as connection:
        found = last_move(connection, g.case["case_no"], "object")
    return found["content"] if found else None


def _act(action: str, content: Values, found: Dossier) -> Act:
    version = request.form.get("version", "")
    return Act(
        action=action,
        case_no=g.case["case_no"],
        version=int(version) if version.isdecimal() else -1,
        by=me(),
        content=content,
        flags=[flag["record_id"] for flag in found.case.flags],
        today=today(),
    )


def _refused(chosen: Action, error: Exception, typed: Any, status: int) -> tuple[str, int]:
    """Why not, with what was typed and what happened meanwhile. A refusal is logged like a look."""
    look = Look(
        username=current_user.username,
        kind="refused",
        purpose=chosen.name,
        case_no=g.case["case_no"],
        household_id=g.case["household_id"],
        reason=type(error).__name__,
    )
    add_look(site().engine, look)
    version = request.form.get("version", "")
    since = int(version) if version.isdecimal() else g.case["version"]
    return (
        _page(
            chosen,
            typed,
            {"": next(text for kind, text in _REFUSED.items() if isinstance(error, kind))},
            meanwhile=[
                move for move in moves_of(site().engine, g.case["case_no"]) if move["version"] > since
            ],
            may_send=isinstance(error, CaseChanged) and _why_not(chosen) is None,
        ),
        status,
    )


def _page(
    chosen: Action,
    typed: Any,
    faults: Faults,
    *,
    saved: str = "",
    meanwhile: Any = (),
    may_send: bool = True,
) -> str:
    found = case_dossier()
    return render_template(
        "case/act.html",
        **case_identity(found),
        action=chosen,
        fields=FORMS[chosen.name],
        typed=typed,
        faults={name: gettext(text) for name, text in faults.items()},
        saved=saved,
        meanwhile=meanwhile,
        may_send=may_send,
        proposal=proposal_of(site().engine, g.case["case_no"])
        if chosen.name in ("confirm", "hear")
        else None,
        objection=_objection() if chosen.name == "recheck" else None,
        document=current_notice(found) if chosen.name == "serve" and may_send else "",
    )
