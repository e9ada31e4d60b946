"""A flag with the household it is about, and a sentence with the figures that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from pipelines.wording.cases import Case, EvidenceRecord, Row, detail_of
from pipelines.wording.labels import source_title
from pipelines.wording.masking import mask_name
from pipelines.wording.texts import Texts

# Which tables a reason rests on, for when its records are not named one by one.
TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "vehicle_owned": ("vehicle",),
    "dwellings_over": ("property",),
    "non_residential_owned": ("property",),
    "business_owned": ("business_role", "business"),
    "financial_assets_over": ("bank_balance",),
    "income_over_standard": ("pension", "contribution", "taxed_income"),
    "amount_above_entitlement": ("pension", "contribution", "taxed_income", "payment"),
    "amount_below_entitlement": ("payment", "recipient", "pension", "contribution", "taxed_income"),
    "paid_differs_from_list": ("payment",),
    "member_deceased": ("death",),
    "member_in_custody": ("custody",),
    "spouse_not_listed": ("marriage",),
    "hukou_left": ("registered_person",),
    "death_disputed": ("death", "contribution", "marriage", "custody"),
    "head_unclear": ("recipient",),
    "listed_twice": ("registered_person",),
    "programmes_stacked": ("programme_payment",),
    "paid_after_death": ("programme_payment", "death"),
    "disability_subsidy_unfounded": ("programme_payment", "disability"),
    "elder_allowance_early": ("programme_payment",),
}


class Figure(str):
    """A slot that is a number or an amount: bold on the page."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A message and what fills it."""

    message: str
    slots: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.message % self.slots

    @property
    def html(self) -> Markup:
        bold = Markup("<strong>{}</strong>")
        slots = {key: bold.format(str(v)) if isinstance(v, Figure) else v for key, v in self.slots.items()}
        return escape(self.message) % slots


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A flag with the household it is about."""

    flag: Row
    case: Case

    @property
    def person(self) -> str:
        member = self.case.members.get(self.flag["subject"])
        return mask_name(member["name"]) if member else ""

    def told(self, slot: str, column: str) -> int:
        """A slot of the flag's own sentence; a flag kept from last month speaks of that month's figures."""
        value = self._detail.get(slot)
        return int(self.case.assessed[column] if value is None else value)

    def figure(self, slot: str) -> int:
        """A whole number the flag's detail states; 0 where it states none."""
        return int(self._detail.get(slot) or 0)

    @cached_property
    def _detail(self) -> Mapping[str, Any]:
        return detail_of(self.flag)

    @property
    def was_seen(self) -> bool:
        """Whether this month's data shows it; else the flag stands because nobody could look."""
        key = (self.flag["code"], self.flag["subject"])
        return any(
            (line["rule"], line["subject"]) == key and line["verdict"] in ("exceeded", "to_confirm")
            for line in self.case.lines
        )

    @property
    def records(self) -> list[EvidenceRecord]:
        """The records the reason rests on: those its figures name, else those of its tables."""
        code = self.flag["code"]
        of_subject = [
            record
            for record in self.case.evidence
            if not self.flag["subject"] or not record.member_ids or self.flag["subject"] in record.member_ids
        ]
        named = [record for record in of_subject if code in record.codes]
        return named or [record for record in of_subject if record.table in TABLES_OF.get(code, ())]

    def sources(self, t: Texts) -> str:
        """机动车登记（截至2024年6月6日）、… of the records the reason rests on."""
        latest: dict[str, str] = {}
        for record in self.records:
            source = record.row["source"]
            latest[source] = max(latest.get(source, ""), record.as_of)
        return t.joined([_dated(source, as_of, t) for source, as_of in sorted(latest.items())])


def _dated(source: str, as_of: str, t: Texts) -> str:
    title = source_title(source, t)
    if not as_of:
        return title
    return t.gettext("%(source)s (as of %(date)s)") % {"source": title, "date": t.day_text(as_of)}
