"""入户调查表, the sheet two officers take along: what to ask for each finding, and room for what they see.

It says the questions, not the figures of registers the household has not been shown.
"""

from __future__ import annotations

from typing import Any

from pipelines.papers.sheet import Issue, Paper, paper
from pipelines.wording.cases import Case
from pipelines.wording.household_page import member_views
from pipelines.wording.labels import PROGRAMMES, REASONS, strict
from pipelines.wording.masking import mask_name, safe_text
from pipelines.wording.texts import Texts

KIND = "visit"


def visit(case: Case, issue: Issue, t: Texts) -> Paper:
    """The sheet of one household in one language."""
    household = case.household
    head = next(iter(case.members.values()), {})
    body: dict[str, Any] = {
        "title": t.gettext("Home-visit sheet"),
        "subtitle": f"{issue.place} · {t.month(issue.period)}",
        "facts": [
            [t.gettext("Household number"), household["household_no"]],
            [t.gettext("Kind of assistance"), strict(PROGRAMMES, household["programme"], t)],
            [t.gettext("Applicant"), mask_name(head.get("name")) or "—"],
            [t.gettext("Township and village"), safe_text(f"{household['town']} {household['village']}")],
        ],
        "members": {
            "head": [
                t.gettext("Name"),
                t.gettext("Relation to the head"),
                t.gettext("At home?"),
                t.gettext("Remark"),
            ],
            "rows": [
                [view.name or "—", t.gettext("head") if view.is_head else view.relation or "—", "□", ""]
                for view in member_views(case)
            ],
        },
        "questions": {
            "head": [
                t.gettext("To be asked"),
                t.gettext("What the family says"),
                t.gettext("What was seen or shown"),
            ],
            "rows": [[title, "", ""] for title in _asked(case, t)],
        },
        "observed": {
            "head": [t.gettext("Living conditions"), t.gettext("What was seen or shown")],
            "rows": [[label, ""] for label in _conditions(t)],
        },
        "signatures": [
            t.gettext("First officer"),
            t.gettext("Second officer"),
            t.gettext("Head of the household"),
            t.gettext("Day of the visit"),
        ],
        "words": {
            "members": t.gettext("Who lives here"),
            "questions": t.gettext("What is to be verified"),
            "observed": t.gettext("What was seen"),
            "signatures": t.gettext("Signatures"),
            "manner": t.gettext(
                "Two officers go together, show their cards and say why they come. Photographs only with the family's consent."
            ),
        },
    }
    return paper(KIND, household, body, issue, t)


def _asked(case: Case, t: Texts) -> list[str]:
    return [strict(REASONS, code, t) for code in dict.fromkeys(flag["code"] for flag in case.flags)]


def _conditions(t: Texts) -> list[str]:
    return [
        t.gettext("Dwelling: own, rented, dangerous"),
        t.gettext("Work and income of each grown-up"),
        t.gettext("Illness, disability, care"),
        t.gettext("Schooling of the children"),
        t.gettext("Debts and other hardship"),
    ]
