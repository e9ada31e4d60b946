"""What every paper has in common: title, language, office, check code and the words of the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.base.period import Period
from pipelines.papers.code import code_of, qr_svg
from pipelines.papers.office import Office
from pipelines.papers.typesetting import pdf
from pipelines.wording.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Issue:
    """The month and run a paper speaks for. `made_on` is the day of the run's publication, never the clock's."""

    place: str
    period: Period
    run_id: str
    made_on: date
    office: Office


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper ready to be set. `content` is all it says; the code is its digest."""

    kind: str
    household_id: str
    household_no: str
    language: str
    code: str
    content: Mapping[str, Any]
    made_on: date

    def pdf(self) -> bytes:
        return pdf(self.kind, self.content, self.made_on)


def paper(kind: str, household: Mapping[str, Any], body: Mapping[str, Any], issue: Issue, t: Texts) -> Paper:
    """The body in its frame. Code and QR are added last: they are made from all the rest."""
    words = _frame_words(t) | dict(body.get("words", {}))
    said: dict[str, Any] = {
        **body,
        "kind": kind,
        "household_id": household["record_id"],  # not shown: two households' papers may read alike
        "lang": "zh" if t.is_zh else "en",
        "region": "cn" if t.is_zh else "gb",
        "office": {"name": issue.office.named(issue.place, t), "reached": issue.office.reached(t)},
        "made_on": t.day(issue.made_on),
        "run_id": issue.run_id,
        "words": words,
    }
    code = code_of(said)
    url = issue.office.check_url(code)
    return Paper(
        kind=kind,
        household_id=household["record_id"],
        household_no=household["household_no"],
        language=t.language,
        code=code,
        content={**said, "code": code, "check_url": url, "qr": qr_svg(url)},
        made_on=issue.made_on,
    )


def _frame_words(t: Texts) -> dict[str, str]:
    return {
        "printed": t.gettext("For social assistance review in this administrative area only"),
        "qr_alt": t.gettext("QR code of the address where this paper can be checked"),
        "code": t.gettext("Check code"),
        "check_at": t.gettext("Check this paper at"),
        "check_note": t.gettext(
            "The page says whether it is genuine or superseded and shows no personal data."
        ),
    }
