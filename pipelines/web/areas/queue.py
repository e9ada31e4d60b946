"""待办: open cases of one's area, most urgent first; the filters are the URL."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_security import current_user

from pipelines.web import workdays
from pipelines.web.casework.actions import OPEN_STATES, working_roles
from pipelines.web.context import site
from pipelines.web.policy import CASE_READERS, allows, my_area
from pipelines.web.showing import SOON_WORKDAYS
from pipelines.web.store.queue import Cursor, Wanted, count_up_to, page_of, tallies, towns
from pipelines.web.workdays import today
from pipelines.wording.labels import OUTCOMES, PROGRAMMES, REASONS

AREA = Blueprint("queue", __name__)
_DUE = ("late", "soon")
_WHOSE = ("turn", "mine", "nobody")


@AREA.get("/queue")
@allows(*CASE_READERS, scope="area")
def show() -> str:
    """One page of the queue. A filter nobody knows is no filter."""
    here, wanted = my_area(), _wanted()
    engine = site().engine
    page = page_of(engine, here, wanted, _cursor(), site().settings.page_rows)
    counts = tallies(engine, here)
    kept = _kept(wanted)
    return render_template(
        "queue.html",
        page=page,
        wanted=wanted,
        due=_known("due", _DUE),
        whose=_known("whose", _WHOSE),
        states=list(OPEN_STATES),
        count=count_up_to(engine, here, wanted),
        reasons=[(code, counts[code]) for code in REASONS if code in counts],
        outcomes=list(OUTCOMES),
        programmes=list(PROGRAMMES),
        towns=towns(engine, here),
        is_filtered=bool(kept),
        before=_address(kept, ("before", page.before)),
        after=_address(kept, ("after", page.after)),
    )


def my_turn() -> tuple[str, ...]:
    """The states in which whoever is signed in can bring a case on."""
    return tuple(state for state in OPEN_STATES if working_roles(state) & current_user.role_names)


def _wanted() -> Wanted:
    whose = _known("whose", _WHOSE)
    return Wanted(
        codes=tuple(code for code in REASONS if code in request.args.getlist("code")),
        outcome=_known("outcome", list(OUTCOMES)),
        programme=_known("programme", list(PROGRAMMES)),
        town=request.args.get("town", "")[:100],
        due_by={
            "late": workdays.before(today()),
            "soon": workdays.after(today(), SOON_WORKDAYS),
        }.get(request.args.get("due", "")),
        number=request.args.get("number", "").strip().upper()[:32],
        state=_known("state", list(OPEN_STATES)),
        states=my_turn() if whose == "turn" else (),
        held_by={
            "turn": ("", current_user.username),
            "mine": (current_user.username,),
            "nobody": ("",),
        }.get(whose, ()),
    )


def _known(name: str, values: Sequence[str]) -> str:
    given = request.args.get(name, "")
    return given if given in values else ""


def _cursor() -> Cursor | None:
    for name, is_backward in (("before", True), ("after", False)):
        if given := request.args.get(name, ""):
            return Cursor.parse(given, is_backward=is_backward)
    return None


def _kept(wanted: Wanted) -> list[tuple[str, str]]:
    """The filters as they stand in the URL, in a fixed order."""
    single = (
        ("outcome", wanted.outcome),
        ("programme", wanted.programme),
        ("town", wanted.town),
        ("due", _known("due", _DUE)),
        ("number", wanted.number),
        ("state", wanted.state),
        ("whose", _known("whose", _WHOSE)),
    )
    return [("code", code) for code in wanted.codes] + [(name, value) for name, value in single if value]


def _address(kept: list[tuple[str, str]], mark: tuple[str, str]) -> str:
    return "?" + urlencode([*kept, mark]) if mark[1] else ""
