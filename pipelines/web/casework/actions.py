"""States of a case, what may be done in each, by whom, and where it leads.

village check → home visit → township review → hearing (for what lowers or ends aid) → district confirmation → notice →
reply period → closed; an objection in the reply period leads back to a confirmation by somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.wording.texts import N_

Content = Mapping[str, Any]
OPEN_STATES: Mapping[str, str] = {
    "village_check": N_("Awaiting village check"),
    "visit_due": N_("Home visit due"),
    "township_review": N_("Awaiting township review"),
    "hearing": N_("Household to be heard"),
    "district_review": N_("Awaiting district confirmation"),
    "notice_due": N_("Decided, notice to be served"),
    "reply_open": N_("Notice served, reply period open"),
    "objection": N_("Objection under re-check"),
}
CLOSED_STATES: Mapping[str, str] = {
    "withdrawn": N_("Alert withdrawn"),
    "closed_keep": N_("Closed: no change"),
    "closed_raise": N_("Closed: increased"),
    "closed_reduce": N_("Closed: reduced"),
    "closed_suspend": N_("Closed: suspended"),
    "closed_end": N_("Closed: stopped"),
    "closed_remove": N_("Closed: member removed"),
}
STATES: Mapping[str, str] = {**OPEN_STATES, **CLOSED_STATES}
UNDECIDED = ("village_check", "visit_due", "township_review", "hearing", "district_review")
EFFECTS: Mapping[str, str] = {
    "keep": N_("Keep unchanged (query not upheld)"),
    "raise": N_("Increase"),
    "reduce": N_("Reduce"),
    "remove": N_("Remove a member"),
    "suspend": N_("Suspend"),
    "end": N_("Stop"),
}
ADVERSE = frozenset({"reduce", "remove", "suspend", "end"})
# What the ledger calls an effect: a member removed is aid reduced.
IN_LEDGER: Mapping[str, str] = {name: "reduce" if name == "remove" else name for name in EFFECTS}
SYSTEM = "system"  # who made a move nobody made: a new month's data reached the case


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something a person does with a case."""

    name: str
    title: str
    roles: frozenset[str]
    states: frozenset[str]
    needs_other_person: bool = False


def _action(name: str, title: str, roles: str, states: str, *, other: bool = False) -> Action:
    return Action(
        name=name,
        title=title,
        roles=frozenset(roles.split()),
        states=frozenset(states.split()),
        needs_other_person=other,
    )


ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        _action("check", N_("Record the village check"), "village township", "village_check"),
        _action("visit", N_("Record the home visit"), "village township", "visit_due"),
        _action("recommend", N_("Recommend a decision"), "township", "township_review"),
        _action("hear", N_("Record what the household says"), "township district", "hearing"),
        _action("confirm", N_("Confirm the decision"), "district", "district_review", other=True),
        _action("serve", N_("Record service of the notice"), "township district", "notice_due"),
        _action("object", N_("Record an objection"), "village township district", "reply_open"),
        _action("recheck", N_("Re-check after the objection"), "township district", "objection", other=True),
        _action("close", N_("Close the case"), "township district", "reply_open"),
        _action(
            "send_back",
            N_("Return for more information"),
            "township district",
            "township_review hearing district_review",
        ),
        _action("recall", N_("Take back what I submitted"), "village township", " ".join(UNDECIDED)),
        _action("extend", N_("Extend the deadline"), "supervisor district", " ".join(OPEN_STATES)),
        _action("note", N_("Add a note"), "village township district supervisor", " ".join(OPEN_STATES)),
    )
}
_BACK_TO = {
    "township_review": "village_check",
    "hearing": "township_review",
    "district_review": "township_review",
}
# Roles that bring a case on in a state: what it is assigned for.
_SIDE_ACTIONS = ("send_back", "recall", "extend", "note")


def working_roles(state: str) -> frozenset[str]:
    """Who can bring a case of this state on."""
    found: set[str] = set()
    for action in ACTIONS.values():
        if state in action.states and action.name not in _SIDE_ACTIONS:
            found |= action.roles
    return frozenset(found)


def leads_to(action: str, state: str, content: Content) -> str:
    """The state after it. `content` is what its form said."""
    if action in ("check", "hear"):
        return str(content["next"])
    if action in ("recommend", "recheck"):
        return (
            "hearing" if content["effect"] in ADVERSE and not content.get("was_heard") else "district_review"
        )
    if action == "send_back" and "to_state" not in content:
        return _BACK_TO[state]
    if action in ("recall", "close", "send_back"):
        return str(content["to_state"])
    return _AFTER.get(action, state)


_AFTER = {
    "visit": "township_review",
    "confirm": "notice_due",
    "serve": "reply_open",
    "object": "objection",
}
