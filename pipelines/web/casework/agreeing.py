"""What the answers of a form must be together, and beside the case: amounts that go the way they are said to, days in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.web.casework.actions import ADVERSE
from pipelines.web.casework.reading import Faults, Values
from pipelines.wording.texts import N_


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the answers are held against. `paid` is 分 a month; None where nothing was paid."""

    today: date
    due: date
    paid: int | None
    names: tuple[str, ...]  # of the person who sends the form
    notice_day: str = ""  # served on, YYYY-MM-DD
    fresh_run: str = ""  # published since the objection came


def disagreements(action: str, values: Values, beside: Beside) -> Faults:
    """What is wrong with answers that are each right by themselves."""
    faults: Faults = {}
    for name in ("day", "told_on", "served_on", "received_on"):
        if (values.get(name) or "") > beside.today.isoformat():
            faults[name] = N_("The day is still to come")
    if action == "visit" and (values["second_officer"] or "").lower() in beside.names:
        faults["second_officer"] = N_("The second officer is somebody else than you")
    if action == "object" and (values["received_on"] or "9") < beside.notice_day:
        faults.setdefault("received_on", N_("The notice was served later than that"))
    if action == "extend" and values["until"] and values["until"] <= beside.due.isoformat():
        faults["until"] = N_("The new deadline is not later than the one there is")
    if action == "recheck" and values["basis"] == "fresh" and not beside.fresh_run:
        faults["basis"] = N_("No run was published since the objection")
    if action == "recheck" and values["basis"] == "unchanged" and beside.fresh_run:
        faults["basis"] = N_("A run was published since the objection: the re-check rests on it")
    if action in ("recommend", "recheck") and values["effect"]:
        faults |= _of_amounts(values, beside.paid or 0)
    return faults


def _of_amounts(values: Values, paid: int) -> Faults:
    effect, after = values["effect"], values["amount_after"]
    faults: Faults = {}
    if effect != "keep" and not values["from_month"]:
        faults["from_month"] = N_("Say from which month it holds")
    if effect in ("raise", "reduce", "remove") and after is None:
        faults["amount_after"] = N_("Enter the amount after the decision")
    if effect == "raise" and after is not None and after <= paid:
        faults["amount_after"] = N_("An increase is more than what is paid now")
    if effect in ("reduce", "remove") and after is not None and after > paid:
        faults["amount_after"] = N_("A reduction is not more than what is paid now")
    if values["phase_out_until"] and effect != "end":
        faults["phase_out_until"] = N_("A phase-out period goes with stopping alone")
    if effect == "end" and (values["phase_out_until"] or "") >= (values["from_month"] or "9"):
        faults["phase_out_until"] = N_("The phase-out period ends before the month aid stops")
    return faults


def settled(values: Values, paid: int | None) -> Values:
    """The answers with what follows from them: the amount before, and after where nobody states one."""
    after = values["amount_after"]
    if values["effect"] in ("keep", None):
        after = paid
    if values["effect"] in ("end", "suspend"):
        after = 0
    return {**values, "amount_before": paid, "amount_after": after, "is_adverse": values["effect"] in ADVERSE}
