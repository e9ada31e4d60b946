"""Why a household is flagged for its amount: paid above or below what is due, or not what the list states."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.wording.cases import detail_of
from pipelines.wording.labels import PROGRAMMES, source_title, strict
from pipelines.wording.reason import Figure, Reason, Sentence
from pipelines.wording.texts import N_, Texts

_GROUNDS: Mapping[str, str] = {
    "basic": N_(
        "According to %(sources)s, %(value)s was paid for the month; basic living in destitute support is %(limit)s, "
        "%(difference)s more."
    ),
    "full": N_(
        "According to %(sources)s, %(value)s was paid for the month; the %(list)s list grants the full amount, with the "
        "known income %(limit)s a month, %(difference)s more."
    ),
    "change": N_(
        "According to %(sources)s, %(value)s was paid for the month; after %(before)s the month before and with what has "
        "changed since (standard or members), at least %(limit)s is due, %(difference)s more."
    ),
}


def amount_above_entitlement(reason: Reason, t: Texts) -> Sentence:
    paid, entitled = reason.flag["value"] or 0, reason.flag["limit"] or 0
    counting, income = reason.told("counting", "counting_members"), reason.told("income", "counted_income")
    slots = {
        "sources": reason.sources(t),
        "people": t.number(counting),
        "value": Figure(t.yuan(paid)),
        "limit": Figure(t.yuan(entitled)),
        "income": t.yuan(income),
        "difference": Figure(t.yuan(paid - entitled)),
    }
    if not counting:
        none = t.gettext(
            "%(value)s was paid for the month; the registers record no counted member, so the entitlement is at most "
            "%(limit)s."
        )
        return Sentence(message=none, slots=slots)
    if reason.figure("fixed"):
        support = t.ngettext(
            "%(value)s was paid for the month; destitute support is at most %(limit)s for %(people)s person (basic "
            "living and the highest care allowance), %(difference)s less.",
            "%(value)s was paid for the month; destitute support is at most %(limit)s for %(people)s persons (basic "
            "living and the highest care allowance), %(difference)s less.",
            counting,
        )
        return Sentence(message=support, slots=slots)
    if not income:
        by_size = t.ngettext(
            "%(value)s was paid for the month; for %(people)s counted member the entitlement is at most %(limit)s, "
            "%(difference)s less.",
            "%(value)s was paid for the month; for %(people)s counted members the entitlement is at most %(limit)s, "
            "%(difference)s less.",
            counting,
        )
        return Sentence(message=by_size, slots=slots)
    by_income = t.ngettext(
        "%(value)s was paid for the month; for %(people)s counted member with a counted income of %(income)s a month "
        "according to %(sources)s, the entitlement is at most %(limit)s, %(difference)s less.",
        "%(value)s was paid for the month; for %(people)s counted members with a counted income of %(income)s a month "
        "according to %(sources)s, the entitlement is at most %(limit)s, %(difference)s less.",
        counting,
    )
    slots["sources"] = slots["sources"] or t.gettext("the income registers")
    return Sentence(message=by_income, slots=slots)


def amount_below_entitlement(reason: Reason, t: Texts) -> Sentence:
    paid, due = reason.flag["value"] or 0, reason.flag["limit"] or 0
    ground = detail_of(reason.flag).get("ground")
    return Sentence(
        message=strict(_GROUNDS, str(ground), t),
        slots={
            "sources": reason.sources(t) or source_title("payment", t),
            "list": strict(PROGRAMMES, reason.case.household["programme"], t),
            "value": Figure(t.yuan(paid)),
            "limit": Figure(t.yuan(due)),
            "difference": Figure(t.yuan(due - paid)),
            "before": t.yuan(reason.figure("paid_before")),
        },
    )


def paid_differs_from_list(reason: Reason, t: Texts) -> Sentence:
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
