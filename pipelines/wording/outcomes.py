"""A household's suggested next step in words, with the cushion an exit for income alone may have."""

from __future__ import annotations

from pipelines.base.period import Period
from pipelines.wording.cases import Case
from pipelines.wording.household_page import person_of
from pipelines.wording.labels import OUTCOMES, TIERS, strict
from pipelines.wording.texts import Texts


def outcome_of(case: Case, t: Texts) -> str:
    """The suggested next step, and what may follow an exit for income alone."""
    assessed = case.assessed
    steps = [strict(OUTCOMES, assessed["outcome"], t)]
    if assessed["next_tier"]:
        steps.append(t.gettext("may be a %(tier)s") % {"tier": strict(TIERS, assessed["next_tier"], t)})
    if assessed["single_persons"]:
        names = t.joined([person_of(case, member) for member in assessed["single_persons"]])
        steps.append(t.gettext("%(names)s could apply alone") % {"names": names})
    if assessed["gradual_until"]:
        until = t.month(Period.parse(assessed["gradual_until"]))
        steps.append(t.gettext("benefits may go on to %(month)s") % {"month": until})
    return ("；" if t.is_zh else "; ").join(steps)
