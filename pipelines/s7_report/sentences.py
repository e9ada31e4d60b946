"""Why a household is flagged, in one sentence per reason: numbers with unit, date and source.

Each reason code has one function. A sentence is plain text for the workbook and markup with its
figures in bold for the pages; both come from one message and the same slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from pipelines.base.errors import ContractBroken
from pipelines.s7_report.identity import agreement, confidence_of
from pipelines.s7_report.labels import CONFIDENCES, PROGRAMMES, REVIEW_REASONS, lenient, source_title, strict
from pipelines.s7_report.reason import Figure, Reason, Sentence
from pipelines.s7_report.texts import Texts

_EPOCH = date(1970, 1, 1)


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


def _business_owned(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, living members have a post or share in %(value)s live business with a registered "
        "capital of %(capital)s or more; at most %(limit)s is allowed.",
        "According to %(sources)s, living members have a post or share in %(value)s live businesses with a registered "
        "capital of %(capital)s or more; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    capital = t.yuan(reason.figure("capital_from"))
    return Sentence(message=message, slots=_count(reason, t) | {"capital": capital})


def _financial_assets_over(reason: Reason, t: Texts) -> Sentence:
    living, standard = reason.told("living", "living_members"), reason.told("standard", "standard")
    message = t.ngettext(
        "According to %(sources)s, the living members' financial assets come to %(value)s, above the limit of "
        "%(limit)s (%(months)s months × %(people)s person × %(standard)s).",
        "According to %(sources)s, the living members' financial assets come to %(value)s, above the limit of "
        "%(limit)s (%(months)s months × %(people)s persons × %(standard)s).",
        living,
    )
    return Sentence(
        message=message,
        slots={
            "sources": reason.sources(t) or t.gettext("the register"),
            "value": Figure(t.yuan(reason.flag["value"] or 0)),
            "limit": Figure(t.yuan(reason.flag["limit"] or 0)),
            "months": t.number(reason.figure("months")),
            "people": t.number(living),
            "standard": t.yuan(standard),
        },
    )


def _income_over_standard(reason: Reason, t: Texts) -> Sentence:
    living, standard = reason.told("living", "living_members"), reason.told("standard", "standard")
    wage = reason.figure("wage")
    slots = {
        "sources": reason.sources(t) or t.gettext("the income registers"),
        "value": Figure(t.yuan(reason.flag["value"] or 0)),
        "limit": Figure(t.yuan(reason.flag["limit"] or 0)),
        "wage": t.yuan(wage),
        "people": t.number(living),
        "standard": t.yuan(standard),
    }
    if wage:
        earned = t.ngettext(
            "According to %(sources)s, the household's counted income is %(value)s a month, of it %(wage)s wages, above "
            "its standard of %(limit)s a month (%(people)s person × %(standard)s).",
            "According to %(sources)s, the household's counted income is %(value)s a month, of it %(wage)s wages, above "
            "its standard of %(limit)s a month (%(people)s persons × %(standard)s).",
            living,
        )
        return Sentence(message=earned, slots=slots)
    message = t.ngettext(
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s person × %(standard)s).",
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s persons × %(standard)s).",
        living,
    )
    return Sentence(message=message, slots=slots)


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
    if reason.figure("fixed"):
        support = t.ngettext(
            "%(value)s was paid for the month; destitute support is at most %(limit)s for %(people)s person (basic "
            "living and the highest care allowance), %(difference)s less.",
            "%(value)s was paid for the month; destitute support is at most %(limit)s for %(people)s persons (basic "
            "living and the highest care allowance), %(difference)s less.",
            living,
        )
        return Sentence(message=support, slots=slots)
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
    slots["sources"] = slots["sources"] or t.gettext("the income registers")
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
    "business_owned": _business_owned,
    "financial_assets_over": _financial_assets_over,
    "income_over_standard": _income_over_standard,
    "amount_above_entitlement": _amount_above_entitlement,
    "paid_differs_from_list": _paid_differs_from_list,
    "member_deceased": _member_deceased,
    "identity_to_confirm": _identity_to_confirm,
}
