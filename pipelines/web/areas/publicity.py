"""公示: lists put up in a village, with as little in them as will do, and the day they come down."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pipelines.base.site_errors import MoveRefused
from pipelines.web.casework.assigning import me
from pipelines.web.casework.publishing import line_of, put_up_list
from pipelines.web.context import site
from pipelines.web.policy import allows, my_area
from pipelines.web.store.lists import Row, one_list, public_lists, unpublished
from pipelines.web.words import gettext
from pipelines.web.workdays import today
from pipelines.wording.masking import printable

AREA = Blueprint("publicity", __name__, url_prefix="/publicity")


@AREA.get("")
@allows("township", "district", "supervisor", scope="area")
def show() -> str:
    """Decisions to be made public, village by village, and the lists that are up or came down."""
    return _page({})


@AREA.post("")
@allows("township", "district", scope="area")
def put_up() -> Response | tuple[str, int]:
    """A village's decisions on one list, as it is put up."""
    town, village = request.form.get("town", ""), request.form.get("village", "")
    rows = [row for row in _unpublished() if (row["town"], row["village"]) == (town, village)]
    if not rows:
        abort(404)
    place, day = printable(request.form.get("place", "")).strip()[:200], request.form.get("posted_on", "")
    posted_on = _day(day)
    if not place or posted_on is None or posted_on > today():
        return _page({"village": village, "place": place, "posted_on": day}), 422
    until = posted_on + timedelta(days=site().settings.publicity_days)
    try:
        publicity_id = put_up_list(site(), me(), rows, place, posted_on, until)
    except MoveRefused:
        flash(gettext("Somebody put up a list of this village meanwhile. Look again."))
        return redirect(url_for("publicity.show"))
    return redirect(url_for("publicity.one", publicity_id=publicity_id))


@AREA.get("/<publicity_id>")
@allows("township", "district", "supervisor", scope="area")
def one(publicity_id: str) -> str:
    """A list as it was put up: to print."""
    found = one_list(site().engine, my_area(), publicity_id[:32])
    if found is None:
        abort(404)
    return render_template("public_list.html", listed=found, left=(found["until"] - today()).days)


def _unpublished() -> list[Row]:
    return unpublished(site().engine, my_area(), site().settings.publicity_effects)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _page(typed: dict[str, Any]) -> str:
    villages = [
        {"town": town, "village": village, "lines": [line_of(row) for row in rows]}
        for (town, village), rows in groupby(_unpublished(), key=lambda row: (row["town"], row["village"]))
    ]
    return render_template(
        "publicity.html",
        villages=villages,
        lists=public_lists(site().engine, my_area()),
        typed=typed,
        day=today(),
        may_post=bool(me().roles & {"township", "district"}),
    )
