"""核对报告, the cross-check report of a household: members, what each register said, figures with their basis.

For officers' files. Personal values are masked; what would clear a finding is not printed.
"""

from __future__ import annotations

from typing import Any

from pipelines.papers.sheet import Issue, Paper, paper
from pipelines.wording.cases import Case, Row
from pipelines.wording.household_page import (
    LineView,
    MemberView,
    RecordView,
    line_views,
    member_views,
    missing_views,
    record_views,
)
from pipelines.wording.labels import PROGRAMMES, REASONS, source_title, strict
from pipelines.wording.masking import mask_id, mask_name, safe_text
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.reason import Reason
from pipelines.wording.sentences import why
from pipelines.wording.texts import Texts

KIND = "report"
_MATCHED, _NO_RECORD = "matched", "no_record"


def report(case: Case, issue: Issue, t: Texts) -> Paper:
    """The report of one household in one language."""
    body = {
        "title": t.gettext("Household economic status cross-check report"),
        "subtitle": f"{issue.place} · {t.month(issue.period)}",
        "facts": _facts(case, issue, t),
        "members": {"head": _member_head(t), "rows": [_member_row(view, t) for view in member_views(case)]},
        "findings": [_finding(flag, case, t) for flag in case.flags],
        "figures": {"head": _figure_head(t), "rows": [_figure_row(line, t) for line in line_views(case, t)]},
        "sources": _sources(case, t),
        "more": _left_out(case, t),
        "notes": _notes(issue, t),
        "words": _words(case, t),
    }
    return paper(KIND, case.household, body, issue, t)


def _facts(case: Case, issue: Issue, t: Texts) -> list[list[str]]:
    household = case.household
    head: Row = next(iter(case.members.values()), {})
    return [
        [t.gettext("Household number"), household["household_no"]],
        [t.gettext("Day of the cross-check"), t.day(issue.made_on)],
        [t.gettext("Kind of assistance"), strict(PROGRAMMES, household["programme"], t)],
        [t.gettext("Run"), issue.run_id],
        [t.gettext("Applicant"), mask_name(head.get("name")) or "—"],
        [t.gettext("Id number"), mask_id(head.get("id_no")) or "—"],
        [t.gettext("Township and village"), safe_text(f"{household['town']} {household['village']}")],
        [t.gettext("Suggested next step"), outcome_of(case, t)],
    ]


def _member_head(t: Texts) -> list[str]:
    return [
        t.gettext("Name"),
        t.gettext("Id number"),
        t.gettext("Relation to the head"),
        t.gettext("Covered"),
        t.gettext("Remark"),
    ]


def _member_row(view: MemberView, t: Texts) -> list[str]:
    return [
        view.name or "—",
        view.id_no or "—",
        t.gettext("head") if view.is_head else view.relation or "—",
        t.gettext("yes") if view.is_covered else t.gettext("no"),
        t.gettext("recorded as having died, to be verified") if view.is_recorded_dead else "—",
    ]


def _finding(flag: Row, case: Case, t: Texts) -> dict[str, str]:
    reason = Reason(flag=flag, case=case)
    unseen = t.gettext("This month's data could not show it again. The sentence tells what was found before.")
    return {
        "title": strict(REASONS, flag["code"], t),
        "sentence": why(reason, t).text,
        "note": "" if reason.was_seen else unseen,
    }


def _figure_head(t: Texts) -> list[str]:
    return [
        t.gettext("Rule"),
        t.gettext("Result"),
        t.gettext("Found"),
        t.gettext("Limit"),
        t.gettext("Basis"),
    ]


def _figure_row(line: LineView, t: Texts) -> list[str]:
    since = t.gettext("in force since") + f" {line.valid_from}" if line.valid_from else ""
    unchecked = f"（{t.gettext('not checked:')} {line.missing}）" if line.missing else ""
    return [
        f"{line.title} · {line.person}" if line.person else line.title,
        line.verdict + unchecked,
        line.value,
        line.limit,
        " ".join(part for part in (line.citation, since) if part) or "—",
    ]


def _sources(case: Case, t: Texts) -> list[dict[str, Any]]:
    """Every register that was asked about the household, with what it said; then those that could not be."""
    views = record_views(case, t)
    causes = {missing.source: missing.cause for missing in missing_views(case, t)}
    return [_source(status, views, causes, t) for status in case.statuses]


def _source(status: Row, views: list[RecordView], causes: dict[str, str], t: Texts) -> dict[str, Any]:
    title = source_title(status["source"], t)
    return {
        "title": title,
        "state": _state(status, causes.get(title, ""), t),
        "head": [t.gettext("Person in the record"), t.gettext("What it says"), t.gettext("Used for")],
        "rows": [_record_row(view, t) for view in views if view.source == title],
    }


def _state(status: Row, cause: str, t: Texts) -> str:
    if status["status"] == _MATCHED:
        return t.gettext("Records found; data as of %(day)s") % {"day": t.day_text(status["as_of"])}
    if status["status"] == _NO_RECORD:
        return t.gettext("No record found; data as of %(day)s") % {"day": t.day_text(status["as_of"])}
    if not cause:
        return t.gettext("Not checked")
    return t.gettext("Not checked: %(cause)s") % {"cause": cause}


def _record_row(view: RecordView, t: Texts) -> list[str]:
    said = [f"{label} {value}" for label, value in view.facts]
    return [view.name or "—", ("；" if t.is_zh else "; ").join(said) or "—", view.used_for or "—"]


def _left_out(case: Case, t: Texts) -> str:
    hidden = len(case.evidence) - len(record_views(case, t))
    if hidden <= 0:
        return ""
    return t.ngettext(
        "%(count)s more record is kept with the file.",
        "%(count)s more records are kept with the file.",
        hidden,
    ) % {"count": t.number(hidden)}


def _notes(issue: Issue, t: Texts) -> list[str]:
    reached = issue.office.reached(t)
    notes = [
        t.gettext(
            "A finding is a prompt to look, no determination. Nothing is reduced or ended before the household has been "
            "visited and heard."
        ),
        t.gettext("A register that was not checked says nothing, neither for nor against the household."),
        t.gettext("Whoever doubts an entry tells the office within %(days)s days of receiving it.")
        % {"days": t.number(issue.office.answer_days)},
        t.gettext(
            "The register that made an entry answers for it; an entry that is wrong is corrected there."
        ),
    ]
    return [*notes, reached] if reached else notes


def _words(case: Case, t: Texts) -> dict[str, str]:
    checked = sum(status["status"] in {_MATCHED, _NO_RECORD} for status in case.statuses)
    counted = t.gettext("Checked: %(checked)s of %(all)s registers.") % {
        "checked": t.number(checked),
        "all": t.number(len(case.statuses)),
    }
    return {
        "members": t.gettext("1. The household"),
        "findings": t.gettext("2. What is to be verified"),
        "no_findings": t.gettext("Nothing is to be verified this month."),
        "figures": t.gettext("3. Figures and their basis"),
        "sources": t.gettext("4. What the registers said"),
        "sources_count": counted,
        "notes": t.gettext("Notes"),
    }
