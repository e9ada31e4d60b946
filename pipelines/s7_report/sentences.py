"""Why a household is flagged, in one sentence per reason: numbers with unit, date and source.

Each reason code has one function. A sentence is plain text for the workbook and markup with its
figures in bold for the pages; both come from one message and the same slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from pipelines.base.errors import ContractBroken
from pipelines.s7_report.cases import Case, EvidenceRecord, Row, detail_of
from pipelines.s7_report.identity import agreement, confidence_of
from pipelines.s7_report.labels import CONFIDENCES, PROGRAMMES, REVIEW_REASONS, lenient, source_title, strict
from pipelines.s7_report.masking import mask_name
from pipelines.s7_report.texts import Texts

_EPOCH = date(1970, 1, 1)
# Which tables a reason rests on, for when its records are not named one by one.
TABLES_OF: Mapping[str, tuple[str, ...]] = {
    "vehicle_owned": ("vehicle",),
    "dwellings_over": ("property",),
    "non_residential_owned": ("property",),
    "income_over_standard": ("pension",),
    "amount_above_entitlement": ("pension", "payment"),
    "paid_differs_from_list": ("payment",),
    "member_deceased": ("death",),
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


def why(reason: Reason, t: Texts) -> Sentence:
    """The headline sentence of a flag in one language."""
    code = reason.flag["code"]
    if code not in _WHY:
        what = f"no sentence for the reason [{code}]"
        raise ContractBroken(what, place="report", remedy="add it to sentences.py")
    return _WHY[code](reason, t)


def _count(reason: Reason, t: Texts) -> dict[str, str]:
    return {
        "sources": reason.sources(t) or t.gettext("the register"),
        "value": Figure(t.number(reason.flag["value"] or 0)),
        "limit": Figure(t.number(reason.flag["limit"] or 0)),
    }


def _vehicle_owned(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, living members hold %(value)s counted motor vehicle; at most %(limit)s is allowed.",
        "According to %(sources)s, living members hold %(value)s counted motor vehicles; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _dwellings_over(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, living members hold %(value)s current dwelling; at most %(limit)s is allowed.",
        "According to %(sources)s, living members hold %(value)s current dwellings; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _non_residential_owned(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, living members hold %(value)s shop or office; at most %(limit)s is allowed.",
        "According to %(sources)s, living members hold %(value)s shops or offices; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _income_over_standard(reason: Reason, t: Texts) -> Sentence:
    living, standard = reason.told("living", "living_members"), reason.told("standard", "standard")
    message = t.ngettext(
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s person × %(standard)s).",
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s persons × %(standard)s).",
        living,
    )
    return Sentence(
        message=message,
        slots={
            "sources": reason.sources(t) or t.gettext("the pension registers"),
            "value": Figure(t.yuan(reason.flag["value"] or 0)),
            "limit": Figure(t.yuan(reason.flag["limit"] or 0)),
            "people": t.number(living),
            "standard": t.yuan(standard),
        },
    )


def _amount_above_entitlement(reason: Reason, t: Texts) -> Sentence:
    paid, entitled = reason.flag["value"] or 0, reason.flag["limit"] or 0
    living, income = reason.told("living", "living_members"), reason.told("income", "counted_income")
    slots = {
        "sources": reason.sources(t),
        "people": t.number(living),
        "value": Figure(t.yuan(paid)),
        "limit": Figure(t.yuan(entitled)),
        "income": t.yuan(income),
        "difference": Figure(t.yuan(paid - entitled)),
    }
    if not living:
        none = t.gettext(
            "%(value)s was paid for the month; the registers record no living member, so the entitlement is at most "
            "%(limit)s."
        )
        return Sentence(message=none, slots=slots)
    if not income:
        by_size = t.ngettext(
            "%(value)s was paid for the month; for %(people)s living member the entitlement is at most %(limit)s, "
            "%(difference)s less.",
            "%(value)s was paid for the month; for %(people)s living members the entitlement is at most %(limit)s, "
            "%(difference)s less.",
            living,
        )
        return Sentence(message=by_size, slots=slots)
    by_income = t.ngettext(
        "%(value)s was paid for the month; for %(people)s living member with a counted income of %(income)s a month "
        "according to %(sources)s, the entitlement is at most %(limit)s, %(difference)s less.",
        "%(value)s was paid for the month; for %(people)s living members with a counted income of %(income)s a month "
        "according to %(sources)s, the entitlement is at most %(limit)s, %(difference)s less.",
        living,
    )
    slots["sources"] = slots["sources"] or t.gettext("the pension registers")
    return Sentence(message=by_income, slots=slots)


def _paid_differs_from_list(reason: Reason, t: Texts) -> Sentence:
    paid, listed = reason.flag["value"] or 0, reason.flag["limit"] or 0
    slots = {
        "sources": reason.sources(t) or source_title("payment", t),
        "list": strict(PROGRAMMES, reason.case.household["programme"], t),
        "value": Figure(t.yuan(paid)),
        "limit": Figure(t.yuan(listed)),
        "difference": Figure(t.yuan(abs(paid - listed))),
    }
    if paid > listed:
        more = t.gettext(
            "According to %(sources)s, %(value)s was paid for the month; the %(list)s list states %(limit)s, "
            "%(difference)s less."
        )
        return Sentence(message=more, slots=slots)
    less = t.gettext(
        "According to %(sources)s, %(value)s was paid for the month; the %(list)s list states %(limit)s, "
        "%(difference)s more."
    )
    return Sentence(message=less, slots=slots)


def _member_deceased(reason: Reason, t: Texts) -> Sentence:
    records = [record for record in reason.records if record.table == "death"]
    titles = t.joined(sorted({source_title(record.row["source"], t) for record in records}))
    days = sorted({record.row["death_date"] for record in records})
    if not days and reason.flag["value"] is not None:
        days = [_EPOCH + timedelta(days=reason.flag["value"])]
    message = t.gettext(
        "%(sources)s: %(person)s is recorded as having died on %(date)s. Please verify and update the household."
    )
    return Sentence(
        message=message,
        slots={
            "sources": titles or t.gettext("Death registers"),
            "person": reason.person or t.gettext("a member of the household"),
            "date": Figure(t.joined([t.day(day) for day in days]) or t.gettext("an unstated day")),
        },
    )


def _identity_to_confirm(reason: Reason, t: Texts) -> Sentence:
    reviews = [row for row in reason.case.open_pairs if reason.flag["subject"] in ("", row["member_id"])]
    slots = {
        "person": reason.person or t.gettext("a member of the household"),
        "sources": t.joined(sorted({source_title(row["source"], t) for row in reviews}))
        or t.gettext("the register"),
    }
    if not reviews:
        plain = t.gettext(
            "A record in %(sources)s may be about %(person)s; confirm whether it is the same person."
        )
        return Sentence(message=plain, slots=slots)
    best = max(reviews, key=lambda row: (row["weight"], row["record_id"]))
    agree, differ = agreement(best)
    message = t.gettext(
        "A record in %(sources)s may be about %(person)s: agreeing fields %(agree)s, differing %(differ)s; match confidence "
        "%(confidence)s. %(cause)s; confirm whether it is the same person."
    )
    slots |= {
        "agree": Figure(t.number(agree)),
        "differ": Figure(t.number(differ)),
        "confidence": t.gettext(CONFIDENCES[confidence_of(best)]),
        "cause": lenient(REVIEW_REASONS, best["reason"], t),
    }
    return Sentence(message=message, slots=slots)


_WHY: Mapping[str, Callable[[Reason, Texts], Sentence]] = {
    "vehicle_owned": _vehicle_owned,
    "dwellings_over": _dwellings_over,
    "non_residential_owned": _non_residential_owned,
    "income_over_standard": _income_over_standard,
    "amount_above_entitlement": _amount_above_entitlement,
    "paid_differs_from_list": _paid_differs_from_list,
    "member_deceased": _member_deceased,
    "identity_to_confirm": _identity_to_confirm,
}
