"""Why a household is flagged, in one sentence per reason: numbers with unit, date and source.

Each reason code has one function. A sentence is plain text for the workbook and markup with its
figures in bold for the pages; both come from one message and the same slots.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from pipelines.base.errors import ContractBroken
from pipelines.wording.amount_sentences import (
    amount_above_entitlement,
    amount_below_entitlement,
    paid_differs_from_list,
)
from pipelines.wording.identity import agreement, confidence_of
from pipelines.wording.labels import CONFIDENCES, REVIEW_REASONS, lenient, source_title
from pipelines.wording.member_sentences import WHY_OF_MEMBERS
from pipelines.wording.reason import Figure, Reason, Sentence
from pipelines.wording.texts import Texts

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
        "According to %(sources)s, counted members hold %(value)s counted motor vehicle; at most %(limit)s is allowed.",
        "According to %(sources)s, counted members hold %(value)s counted motor vehicles; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _dwellings_over(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, counted members hold %(value)s current dwelling; at most %(limit)s is allowed.",
        "According to %(sources)s, counted members hold %(value)s current dwellings; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _non_residential_owned(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, counted members hold %(value)s shop or office; at most %(limit)s is allowed.",
        "According to %(sources)s, counted members hold %(value)s shops or offices; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    return Sentence(message=message, slots=_count(reason, t))


def _business_owned(reason: Reason, t: Texts) -> Sentence:
    message = t.ngettext(
        "According to %(sources)s, counted members have a post or share in %(value)s live business with a registered "
        "capital of %(capital)s or more; at most %(limit)s is allowed.",
        "According to %(sources)s, counted members have a post or share in %(value)s live businesses with a registered "
        "capital of %(capital)s or more; at most %(limit)s is allowed.",
        reason.flag["value"] or 0,
    )
    capital = t.yuan(reason.figure("capital_from"))
    return Sentence(message=message, slots=_count(reason, t) | {"capital": capital})


def _financial_assets_over(reason: Reason, t: Texts) -> Sentence:
    counting, standard = reason.told("counting", "counting_members"), reason.told("standard", "standard")
    message = t.ngettext(
        "According to %(sources)s, the counted members' financial assets come to %(value)s, above the limit of "
        "%(limit)s (%(months)s months × %(people)s person × %(standard)s).",
        "According to %(sources)s, the counted members' financial assets come to %(value)s, above the limit of "
        "%(limit)s (%(months)s months × %(people)s persons × %(standard)s).",
        counting,
    )
    return Sentence(
        message=message,
        slots={
            "sources": reason.sources(t) or t.gettext("the register"),
            "value": Figure(t.yuan(reason.flag["value"] or 0)),
            "limit": Figure(t.yuan(reason.flag["limit"] or 0)),
            "months": t.number(reason.figure("months")),
            "people": t.number(counting),
            "standard": t.yuan(standard),
        },
    )


def _income_over_standard(reason: Reason, t: Texts) -> Sentence:
    counting, standard = reason.told("counting", "counting_members"), reason.told("standard", "standard")
    wage = reason.figure("wage")
    slots = {
        "sources": reason.sources(t) or t.gettext("the income registers"),
        "value": Figure(t.yuan(reason.flag["value"] or 0)),
        "limit": Figure(t.yuan(reason.flag["limit"] or 0)),
        "wage": t.yuan(wage),
        "people": t.number(counting),
        "standard": t.yuan(standard),
        "certain": t.yuan(reason.figure("certain")),
        "clearly": t.yuan(reason.figure("clearly")),
    }
    if not _is_certain(reason):
        return _income_to_confirm(slots, reason, t)
    if wage:
        earned = t.ngettext(
            "According to %(sources)s, the household's counted income is %(value)s a month, of it %(wage)s wages, above "
            "its standard of %(limit)s a month (%(people)s person × %(standard)s).",
            "According to %(sources)s, the household's counted income is %(value)s a month, of it %(wage)s wages, above "
            "its standard of %(limit)s a month (%(people)s persons × %(standard)s).",
            counting,
        )
        return Sentence(message=earned, slots=slots)
    message = t.ngettext(
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s person × %(standard)s).",
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s a month (%(people)s persons × %(standard)s).",
        counting,
    )
    return Sentence(message=message, slots=slots)


def _is_certain(reason: Reason) -> bool:
    """A flag of before there was such a doubt states neither figure: it was certain."""
    return not reason.figure("clearly") or reason.figure("certain") > reason.figure("clearly")


def _income_to_confirm(slots: Mapping[str, str], reason: Reason, t: Texts) -> Sentence:
    """Over the standard by a wage nobody states, or by little."""
    if reason.figure("certain") <= (reason.flag["limit"] or 0):
        by_base = t.gettext(
            "According to %(sources)s, the household's counted income may be %(value)s a month, above its standard of "
            "%(limit)s; a part of it is a wage that only the least contribution base states. Without it the income is "
            "%(certain)s. Please confirm the wage."
        )
        return Sentence(message=by_base, slots=slots)
    little = t.gettext(
        "According to %(sources)s, the household's counted income is %(value)s a month, above its standard of "
        "%(limit)s but not clearly (from %(clearly)s on). Please confirm the income."
    )
    return Sentence(message=little, slots=slots)


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
    "amount_above_entitlement": amount_above_entitlement,
    "amount_below_entitlement": amount_below_entitlement,
    "paid_differs_from_list": paid_differs_from_list,
    "member_deceased": _member_deceased,
    **WHY_OF_MEMBERS,
    "identity_to_confirm": _identity_to_confirm,
}
