"""What every page is given, and the words of codes a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request, url_for
from flask_security import current_user

from pipelines.web import workdays
from pipelines.web.casework.actions import EFFECTS, STATES
from pipelines.web.casework.timeline import said, timeline
from pipelines.web.context import site
from pipelines.web.policy import CASE_READERS, OFFICERS
from pipelines.web.words import gettext, language, words
from pipelines.wording.labels import OUTCOMES, PROGRAMMES, REASONS, strict
from pipelines.wording.texts import N_

ROLE_TITLES: Mapping[str, str] = {
    "village": N_("Village officer"),
    "township": N_("Township officer"),
    "district": N_("District officer"),
    "supervisor": N_("Supervisor"),
    "engineer": N_("Data engineer"),
    "auditor": N_("Auditor"),
    "admin": N_("Administrator"),
}
BATCH_TITLES: Mapping[str, str] = {
    "open": N_("waits for another person"),
    "confirmed": N_("confirmed"),
    "dropped": N_("dropped"),
}
RESULT_TITLES: Mapping[str, str] = {
    "staged": N_("to be confirmed"),
    "confirmed": N_("confirmed"),
    "changed": N_("skipped: it changed meanwhile"),
    "own_work": N_("skipped: whoever confirmed had prepared it"),
}
SOON_WORKDAYS = 3


def common() -> dict[str, Any]:
    """The bar, the language and the words: on every page, error pages too."""
    is_in = bool(current_user and current_user.is_authenticated)
    zh, en = site().settings.brand
    return {
        "t": words(),
        "brand": zh if language() == "zh" else en,
        "tabs": _tabs() if is_in else [],
        "account": current_user if is_in else None,
        "roles": [gettext(ROLE_TITLES[role.name]) for role in current_user.roles] if is_in else [],
        "other_language": "en" if language() == "zh" else "zh",
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "reason_title": lambda code: strict(REASONS, code, words()),
        "outcome_title": lambda code: strict(OUTCOMES, code, words()),
        "programme_title": lambda code: strict(PROGRAMMES, code, words()),
        "state_title": lambda code: gettext(STATES[code]),
        "effect_title": lambda code: gettext(EFFECTS[code]),
        "batch_title": lambda code: gettext(BATCH_TITLES[code]),
        "result_title": lambda code: gettext(RESULT_TITLES[code]),
        "due_words": due_words,
        "timeline": timeline,
        "said": said,
    }


def _tabs() -> list[tuple[str, str, bool]]:
    """Title, address, and whether it is where the reader is."""
    tabs = [(gettext("Workbench"), url_for("workbench.show"), "workbench")]
    if current_user.role_names & set(CASE_READERS):
        tabs.append((gettext("My queue"), url_for("queue.show"), "queue"))
    if "supervisor" in current_user.role_names:
        tabs.append((gettext("To be assigned"), url_for("assigning.show"), "assigning"))
    if current_user.role_names & set(OFFICERS) - {"village"}:
        tabs.append((gettext("Batches"), url_for("batches.show"), "batches"))
        tabs.append((gettext("Public lists"), url_for("publicity.show"), "publicity"))
        tabs.append((gettext("Phase-out"), url_for("phase_out.show"), "phase_out"))
    at = request.blueprint or ""
    at = "queue" if at in ("cases", "casework") else at
    return [(title, address, name == at) for title, address, name in tabs]


def due_words(due: date) -> tuple[str, str]:
    """How long is left, and whether it presses: late, soon, or nothing."""
    left = workdays.until(workdays.today(), due)
    count = {"days": words().number(abs(left))}
    if left < 0:
        return gettext("%(days)s working days late") % count, "late"
    if left == 0:
        return gettext("due today"), "soon"
    text = gettext("%(days)s working days left") % count
    return text, "soon" if left <= SOON_WORKDAYS else ""
