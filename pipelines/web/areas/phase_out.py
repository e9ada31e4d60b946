"""渐退期: households whose aid goes on for some months after the decision to stop it, with the month it ends."""

from __future__ import annotations

from flask import Blueprint, render_template

from pipelines.base.period import Period
from pipelines.web.context import site
from pipelines.web.policy import allows, my_area
from pipelines.web.store.lists import phasing_out
from pipelines.web.workdays import today

AREA = Blueprint("phase_out", __name__)
_MONTHS = 12


@AREA.get("/phase-out")
@allows("township", "district", "supervisor", scope="area")
def show() -> str:
    """Who is in it, the first to end first."""
    here = Period(today().year, today().month)
    rows = [
        {**row, "left": _months(Period.parse(row["phase_out_until"])) - _months(here)}
        for row in phasing_out(site().engine, my_area())
    ]
    return render_template("phase_out.html", rows=rows)


def _months(period: Period) -> int:
    return period.year * _MONTHS + period.month
