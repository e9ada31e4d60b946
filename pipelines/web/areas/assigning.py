"""待分派: cases nobody works on yet, and who has how many; giving one or many to a person."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pipelines.base.site_errors import CaseChanged, MoveRefused
from pipelines.web.casework.assigning import assign, name_of
from pipelines.web.context import site
from pipelines.web.policy import OFFICERS, allows, my_area
from pipelines.web.store.accounts import Account
from pipelines.web.store.moves import workload
from pipelines.web.store.queue import Cursor, Wanted, one_case, page_of, towns
from pipelines.web.words import gettext

AREA = Blueprint("assigning", __name__)
_MOST_AT_ONCE = 50


@AREA.post("/cases/<case_no>/assign")
@allows(*OFFICERS, scope="case")
def one(case_no: str) -> Response:
    """Take it, give it back, or as a supervisor give it to somebody."""
    version = request.form.get("version", "")
    to = request.form.get("to", "")[:64]
    try:
        assign(g.case, to, int(version) if version.isdecimal() else -1)
        flash(gettext("The case is with %(name)s now.") % {"name": name_of(to) or gettext("nobody")})
    except (CaseChanged, MoveRefused):
        flash(gettext("It could not be assigned: somebody else has it, or its state changed. Look again."))
    return redirect(url_for("cases.summary", case_no=case_no))


@AREA.get("/queue/unassigned")
@allows("supervisor", scope="area")
def show() -> str:
    """Cases nobody works on, most urgent first, fifty a page; beside them each person's load."""
    here, engine = my_area(), site().engine
    wanted = Wanted(town=request.args.get("town", "")[:100], held_by=("",))
    page = page_of(
        engine, here, wanted, Cursor.parse(request.args.get("after", ""), is_backward=False), _MOST_AT_ONCE
    )
    accounts = site().sessions.query(Account).filter(Account.active.is_(True)).order_by(Account.username)
    working = {"village", "township", "district"}
    return render_template(
        "unassigned.html",
        page=page,
        wanted=wanted,
        towns=towns(engine, here),
        load=[{**row, "name": name_of(row["assigned_to"])} for row in workload(engine, here.jurisdiction)],
        people=[account for account in accounts if account.role_names & working],
    )


@AREA.post("/queue/unassigned")
@allows("supervisor", scope="area")
def many() -> Response:
    """Give the chosen cases to one person; those it cannot be given are named."""
    to, left_out, given = request.form.get("to", "")[:64], [], 0
    chosen = request.form.getlist("case")
    if not to or not chosen:
        flash(gettext("Choose cases and a person."))
        return redirect(url_for("assigning.show"))
    if len(chosen) > _MOST_AT_ONCE:
        abort(400)
    for mark in chosen:
        case_no, _, version = mark.partition("@")
        case = one_case(site().engine, my_area(), case_no)
        if case is None:
            abort(404)
        try:
            assign(case, to, int(version) if version.isdecimal() else -1)
            given += 1
        except (CaseChanged, MoveRefused):
            left_out.append(case_no)
    flash(gettext("%(count)s cases are with %(name)s now.") % {"count": given, "name": name_of(to)})
    if left_out:
        what = gettext("Not assigned, because that person cannot bring them on or they changed: %(cases)s")
        flash(what % {"cases": "、".join(left_out)})
    return redirect(url_for("assigning.show", town=request.form.get("town", "")[:100]))
