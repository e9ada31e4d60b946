"""明白卡, the plain-language card for the household: what was found, from where, what happens next, how to answer.

It speaks of findings as questions, names no other person than the household's own members (masked), and never says
what would clear a finding: that would teach evasion.
"""

from __future__ import annotations

from typing import Any

from pipelines.papers.sheet import Issue, Paper, paper
from pipelines.wording.cases import Case
from pipelines.wording.household_page import missing_views
from pipelines.wording.labels import PROGRAMMES, REASONS, strict
from pipelines.wording.masking import mask_name
from pipelines.wording.reason import Reason
from pipelines.wording.sentences import why
from pipelines.wording.texts import Texts

KIND = "card"


def card(case: Case, issue: Issue, t: Texts) -> Paper:
    """The card of one household in one language."""
    head = next(iter(case.members.values()), {})
    body: dict[str, Any] = {
        "title": t.gettext("What the cross-check found about your household"),
        "greeting": t.gettext("To the household of %(name)s") % {"name": mask_name(head.get("name")) or "—"},
        "what": t.gettext(
            "Your household receives %(programme)s. Each month the records of other offices are compared with what the "
            "list says, as you agreed in your authorisation. For %(month)s:"
        )
        % {
            "programme": strict(PROGRAMMES, case.household["programme"], t),
            "month": t.month(issue.period),
        },
        "findings": [
            {
                "title": strict(REASONS, flag["code"], t),
                "sentence": why(Reason(flag=flag, case=case), t).text,
            }
            for flag in case.flags
        ],
        "missing": t.joined([missing.source for missing in missing_views(case, t)]),
        "next": _next(issue, t),
        "words": {
            "findings": t.gettext("What the records say"),
            "no_findings": t.gettext("Nothing needs to be asked."),
            "missing": t.gettext("Not looked at this month:"),
            "next": t.gettext("What happens now"),
            "printed": "",  # this one is the household's own
        },
    }
    return paper(KIND, case.household, body, issue, t)


def _next(issue: Issue, t: Texts) -> list[str]:
    reached = issue.office.reached(t)
    steps = [
        t.gettext("Nothing has been decided, and your payment goes on."),
        t.gettext(
            "Somebody of the village or community will come to see you and ask. Show them what you have on paper."
        ),
        t.gettext(
            "If a record is wrong or speaks of another person, say so: within %(days)s days, by word or in writing."
        )
        % {"days": t.number(issue.office.answer_days)},
        t.gettext(
            "Before anything is reduced or ended you are heard, and you get a written notice that says why and how to object."
        ),
    ]
    return [*steps, t.gettext("Ask here: %(reached)s") % {"reached": reached}] if reached else steps
