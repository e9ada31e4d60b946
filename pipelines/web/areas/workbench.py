"""工作台: what presses, and which month is shown."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template
from flask_security import current_user
from sqlalchemy import select

from pipelines.web import workdays
from pipelines.web.areas.queue import my_turn
from pipelines.web.context import site
from pipelines.web.policy import CASE_READERS, allows, my_area
from pipelines.web.showing import SOON_WORKDAYS
from pipelines.web.store.accounts import ROLES
from pipelines.web.store.queue import Wanted, count_up_to, page_of, tallies
from pipelines.web.store.schema import PROJECTED
from pipelines.web.workdays import today
from pipelines.wording.labels import REASONS

AREA = Blueprint("workbench", __name__)
_MOST_URGENT = 5


@AREA.get("/")
@allows(*ROLES, scope="account")
def show() -> str:
    """The workbench. Who sees no cases is told what the site shows and nothing of a household."""
    if not current_user.role_names & set(CASE_READERS):
        return render_template("workbench.html", shown=_shown(), area=None)
    here, day = my_area(), today()
    engine = site().engine
    states = my_turn()
    turn = Wanted(states=states, held_by=("", current_user.username)) if states else Wanted()
    late = count_up_to(engine, here, replace(turn, due_by=workdays.before(day)))
    soon = count_up_to(engine, here, replace(turn, due_by=workdays.after(day, SOON_WORKDAYS)))
    mine = count_up_to(engine, here, Wanted(held_by=(current_user.username,)))
    counts = tallies(engine, here)
    return render_template(
        "workbench.html",
        shown=_shown(),
        area=here,
        late=late,
        soon=soon,
        whose="turn" if states else None,
        mine=mine,
        total=counts.get("", 0),
        reasons=[(code, counts[code]) for code in REASONS if code in counts],
        urgent=page_of(engine, here, turn, None, _MOST_URGENT).rows,
    )


def _shown() -> dict[str, object] | None:
    query = select(PROJECTED).where(PROJECTED.c.jurisdiction == site().settings.where.jurisdiction)
    with site().engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return dict(row) if row else None
