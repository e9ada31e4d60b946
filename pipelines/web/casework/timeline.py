"""The course of a case in words: who did what when, and what their form said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.base.period import Period
from pipelines.web.casework.actions import ACTIONS, EFFECTS, STATES, SYSTEM
from pipelines.web.casework.forms import FORMS, Field
from pipelines.web.words import gettext, words
from pipelines.wording.masking import safe_words
from pipelines.wording.texts import N_

_OTHER_TITLES = {
    "assign": N_("Assigned"),
    "posted": N_("Made public"),
    "renewed": N_("Data of a new run"),
    "withdrawn": N_("Alert withdrawn"),
}
_NOT_SHOWN = ("next", "template")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item of the timeline. `said` are label and answer."""

    title: str
    by: str
    at: datetime
    said: Sequence[tuple[str, str]]
    to_state: str
    picture: str


def timeline(moves: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Newest first."""
    return [_entry(move) for move in reversed(moves)]


def _entry(move: Mapping[str, Any]) -> Entry:
    action, content = move["action"], move["content"]
    title = ACTIONS[action].title if action in ACTIONS else _OTHER_TITLES[action]
    state = STATES[move["to_state"]] if move["from_state"] != move["to_state"] else ""
    return Entry(
        title=gettext(title),
        by=gettext("the system") if move["made_by"] == SYSTEM else (move["display_name"] or move["made_by"]),
        at=move["made_at"],
        said=said(action, content),
        to_state=gettext(state) if state else "",
        picture=content.get("picture") or "",
    )


def said(action: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a form said, label by label. Numbers of persons that slipped into words are blacked out."""
    if action == "assign":
        return [(gettext("To"), content["to"] or gettext("nobody"))]
    if action == "posted":
        until = words().day(date.fromisoformat(content["until"]))
        return [(gettext("Place"), safe_words(content["place"])), (gettext("Until"), until)]
    found = [
        (gettext(field.label), _answer(field, content[field.name]))
        for field in FORMS.get(action, ())
        if field.name not in _NOT_SHOWN and field.kind != "picture" and content.get(field.name) is not None
    ]
    if action == "confirm" and content.get("proposal"):
        effect = EFFECTS[content["proposal"]["effect"]]
        found.insert(0, (gettext("Decision"), gettext(effect)))
    return found


def _answer(field: Field, value: Any) -> str:
    t = words()
    if field.kind == "choice":
        return gettext(dict(field.choices).get(value, value))
    if field.kind == "money":
        return t.yuan(value)
    if field.kind == "month":
        return t.month(Period.parse(value))
    if field.kind == "day":
        return t.day(date.fromisoformat(value))
    return safe_words(str(value))
