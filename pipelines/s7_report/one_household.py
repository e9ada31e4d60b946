"""One household as a terminal shows it: a line a rule, the suggested next step, and why. Names are masked."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.base.period import Period
from pipelines.wording.cases import Case, case_of
from pipelines.wording.data import ReportData
from pipelines.wording.household_page import LineView, line_views, missing_views
from pipelines.wording.labels import PROGRAMMES, strict
from pipelines.wording.outcomes import outcome_of
from pipelines.wording.reason import Reason
from pipelines.wording.sentences import why
from pipelines.wording.texts import Language, Texts, texts


def household_lines(data: ReportData, household_id: str, period: Period, lang: Language) -> list[str]:
    """What the month says of the household, whether or not anything is flagged."""
    t = texts(lang)
    return list(_told(case_of(data, household_id), period, t))


def _told(case: Case, period: Period, t: Texts) -> Iterator[str]:
    household = case.household
    programme = strict(PROGRAMMES, household["programme"], t)
    yield f"{household['record_id']} · {household['household_no']} · {programme} · {t.month(period)}"
    yield f"{t.gettext('Suggested next step')}: {outcome_of(case, t)}"
    yield from (f"  {_line(line, t)}" for line in line_views(case, t))
    yield from (
        f"  {t.gettext('Not checked')}: {missing.source} ({missing.cause})"
        for missing in missing_views(case, t)
    )
    yield from (why(Reason(flag=flag, case=case), t).text for flag in case.flags)


def _line(line: LineView, t: Texts) -> str:
    about = f" {line.person}" if line.person else ""
    figures = t.gettext("%(value)s, limit %(limit)s") % {"value": line.value, "limit": line.limit}
    return f"{line.title}{about}: {line.verdict} ({figures}; {line.parameter} {line.valid_from})"
