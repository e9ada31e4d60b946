"""Batches: stage recommendations of one reason and one effect, look them over, and have another person confirm them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from pipelines.base.site_errors import CaseChanged, MoveRefused, OtherPersonNeeded
from pipelines.store.appending import writing
from pipelines.web.casework.actions import EFFECTS
from pipelines.web.casework.assigning import me, name_of
from pipelines.web.casework.batching import confirm_batch, stage_batch
from pipelines.web.context import site
from pipelines.web.policy import allows, my_area
from pipelines.web.store.batches import MOST_IN_BATCH, Row, batches, end, groups, one_batch, waiting
from pipelines.web.store.looks import Look, add_look
from pipelines.web.store.moves import proposal_of
from pipelines.web.store.queue import one_case
from pipelines.web.words import gettext
from pipelines.web.workdays import today
from pipelines.wording.labels import REASONS
from pipelines.wording.masking import holds_id, printable

AREA = Blueprint("batches", __name__, url_prefix="/batches")


@AREA.get("")
@allows("township", "district", "supervisor", scope="area")
def show() -> str:
    """What could be a batch, and the batches there are."""
    here, engine = my_area(), site().engine
    found = [{**row, "by": name_of(row["staged_by"])} for row in batches(engine, here)]
    return render_template(
        "batches.html",
        groups=groups(engine, here),
        batches=found,
        may_stage=bool(me().roles & {"township", "district"}),
    )


@AREA.get("/new")
@allows("township", "district", scope="area")
def new() -> str:
    """Choose the cases of a batch."""
    return _choose("")


@AREA.post("/new")
@allows("township", "district", scope="area")
def stage() -> Response | tuple[str, int]:
    """Stage them. Any that changed meanwhile is named, and nothing is staged."""
    code, effect = _group()
    words = printable(request.form.get("words", "")).strip()[:4000]
    chosen = [_marked(mark) for mark in request.form.getlist("case")[: MOST_IN_BATCH + 1]]
    if not words or not chosen or holds_id(words):
        return _choose(gettext("Choose cases and give the reason they share, without id numbers")), 422
    for case_no, _ in chosen:
        if one_case(site().engine, my_area(), case_no) is None:
            abort(404)
    try:
        batch_id = stage_batch(site(), me(), code, effect, words, chosen)
    except (CaseChanged, MoveRefused) as error:
        text = gettext(
            "Nothing was staged: %(case)s changed since the list was made, or there are more than 50."
        )
        return _choose(text % {"case": error.place}), 409
    return redirect(url_for("batches.one", batch_id=batch_id))


@AREA.get("/<batch_id>")
@allows("township", "district", "supervisor", scope="area")
def one(batch_id: str) -> str:
    """The batch as it would be confirmed: each household, what is recommended, what changed since."""
    batch, cases = _found(batch_id)
    return _preview(batch, cases, "")


@AREA.post("/<batch_id>/confirm")
@allows("district", scope="area")
def confirm(batch_id: str) -> Response | tuple[str, int]:
    """Another person's word for each of them."""
    batch, cases = _found(batch_id)
    try:
        became = confirm_batch(site(), me(), batch, cases, today())
    except OtherPersonNeeded:
        _log_refusal(batch_id)
        text = gettext("Another person has to confirm this batch: you staged it. Nothing was recorded.")
        return _preview(batch, cases, text), 403
    except CaseChanged:
        return _preview(batch, cases, gettext("This batch is ended already. Nothing was recorded.")), 409
    flash(gettext("%(count)s decisions confirmed.") % {"count": len(became["confirmed"])})
    left = [*became["changed"], *became["own_work"]]
    if left:
        flash(gettext("Skipped, to be decided one by one: %(cases)s") % {"cases": "、".join(left)})
    return redirect(url_for("batches.one", batch_id=batch_id))


@AREA.post("/<batch_id>/drop")
@allows("township", "district", scope="area")
def drop(batch_id: str) -> Response:
    """Not to be confirmed as a batch; its cases stay where they are."""
    _found(batch_id)
    try:
        with writing(site().engine) as connection:
            end(connection, batch_id, "dropped", current_user.username)
    except CaseChanged:
        flash(gettext("This batch is ended already. Nothing was recorded."))
    return redirect(url_for("batches.one", batch_id=batch_id))


def _found(batch_id: str) -> tuple[Row, list[Row]]:
    found = one_batch(site().engine, my_area(), batch_id[:32])
    if found is None:
        abort(404)
    return found


def _group() -> tuple[str, str]:
    code, effect = request.values.get("code", ""), request.values.get("effect", "")
    if code not in REASONS or effect not in EFFECTS:
        abort(404)
    return code, effect


def _marked(mark: str) -> tuple[str, int]:
    case_no, _, version = mark.partition("@")
    return case_no[:32], int(version) if version.isdecimal() else -1


def _choose(fault: str) -> str:
    code, effect = _group()
    return render_template(
        "batch_new.html",
        code=code,
        effect=effect,
        rows=[_with_proposal(row) for row in waiting(site().engine, my_area(), code, effect)],
        fault=fault,
        words=request.form.get("words", ""),
        chosen=request.form.getlist("case"),
    )


def _with_proposal(row: Row) -> dict[str, Any]:
    return {**row, "proposal": proposal_of(site().engine, row["case_no"]) or {}}


def _preview(batch: Row, cases: list[Row], fault: str) -> str:
    names = {"staged_by_name": name_of(batch["staged_by"]), "ended_by_name": name_of(batch["ended_by"] or "")}
    return render_template(
        "batch.html",
        batch={**batch, **names},
        cases=[_with_proposal(row) for row in cases],
        fault=fault,
        may_confirm="district" in me().roles and batch["ending"] == "open",
        may_drop=bool(me().roles & {"district", "township"}) and batch["ending"] == "open",
    )


def _log_refusal(batch_id: str) -> None:
    look = Look(username=current_user.username, kind="refused", purpose="batch_confirm", case_no=batch_id)
    add_look(site().engine, look)
