"""What would clear a flag, for officers only: never for a notice to the household, where it would teach evasion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.wording.cases import detail_of
from pipelines.wording.member_sentences import CLEARS_OF_MEMBERS
from pipelines.wording.reason import Figure, Reason, Sentence
from pipelines.wording.texts import Texts


def clears(reason: Reason, t: Texts) -> Sentence:
    """What would remove the flag, with ≤ exactly as the rule has it."""
    code = reason.flag["code"]
    if code in CLEARS_OF_MEMBERS:
        return Sentence(message=t.gettext(CLEARS_OF_MEMBERS[code]), slots={})
    return _CLEARS[code](reason, t)


def _limit(reason: Reason, t: Texts) -> dict[str, str]:
    return {"limit": Figure(t.number(reason.flag["limit"] or 0))}


def _vehicle_owned(reason: Reason, t: Texts) -> Sentence:
    if not reason.flag["limit"]:
        none = t.gettext(
            "If no counted vehicle belongs to counted members (sold, scrapped, or another person's), "
            "this query would be cleared."
        )
        return Sentence(message=none, slots={})
    message = t.gettext(
        "If no more than %(limit)s counted vehicle belongs to counted members (sold, scrapped, or another person's), "
        "this query would be cleared."
    )
    return Sentence(message=message, slots=_limit(reason, t))


def _dwellings_over(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "If counted members hold no more than %(limit)s current dwelling (the same dwelling counts once), "
        "this query would be cleared."
    )
    return Sentence(message=message, slots=_limit(reason, t))


def _non_residential_owned(reason: Reason, t: Texts) -> Sentence:
    if not reason.flag["limit"]:
        none = t.gettext("If counted members hold no current shop or office, this query would be cleared.")
        return Sentence(message=none, slots={})
    message = t.gettext(
        "If counted members hold no more than %(limit)s current shop or office, this query would be cleared."
    )
    return Sentence(message=message, slots=_limit(reason, t))


def _business_owned(reason: Reason, t: Texts) -> Sentence:
    capital = Figure(t.yuan(reason.figure("capital_from")))
    if not reason.flag["limit"]:
        none = t.gettext(
            "If no counted member has a post or share in a live business with a registered capital of %(capital)s or "
            "more (closed, left, or another person's), this query would be cleared."
        )
        return Sentence(message=none, slots={"capital": capital})
    message = t.gettext(
        "If counted members have a post or share in no more than %(limit)s live business with a registered capital of "
        "%(capital)s or more (closed, left, or another person's), this query would be cleared."
    )
    return Sentence(message=message, slots=_limit(reason, t) | {"capital": capital})


def _financial_assets_over(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "If the counted members' financial assets came to %(limit)s or less (an account of another person's, or money "
        "that does not count), this query would be cleared."
    )
    return Sentence(message=message, slots={"limit": Figure(t.yuan(reason.flag["limit"] or 0))})


def _income_over_standard(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext("If counted income were %(limit)s a month or less, this query would be cleared.")
    limit = Figure(t.yuan(reason.flag["limit"] or 0))
    return Sentence(message=message, slots={"limit": limit})


def _amount_above_entitlement(reason: Reason, t: Texts) -> Sentence:
    materiality = detail_of(reason.flag).get("materiality", 0)
    limit = Figure(t.yuan((reason.flag["limit"] or 0) + materiality))
    message = t.gettext("If the amount paid were %(limit)s or less, this query would be cleared.")
    return Sentence(message=message, slots={"limit": limit})


def _amount_below_entitlement(reason: Reason, t: Texts) -> Sentence:
    materiality = detail_of(reason.flag).get("materiality", 0)
    limit = Figure(t.yuan((reason.flag["limit"] or 0) - materiality))
    message = t.gettext("If the amount paid were %(limit)s or more, this query would be cleared.")
    return Sentence(message=message, slots={"limit": limit})


def _paid_differs_from_list(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "If the list and the payment state the same amount, or a decision explains the difference, "
        "this query would be cleared."
    )
    return Sentence(message=message, slots={})


def _member_deceased(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "If the person is found to be alive, the record is to be corrected; otherwise the query ends "
        "once the household's members are updated."
    )
    return Sentence(message=message, slots={})


def _identity_to_confirm(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "If it is not the same person, this query would be cleared; if it is, the household is checked again "
        "with that record."
    )
    return Sentence(message=message, slots={})


_CLEARS: Mapping[str, Callable[[Reason, Texts], Sentence]] = {
    "vehicle_owned": _vehicle_owned,
    "dwellings_over": _dwellings_over,
    "non_residential_owned": _non_residential_owned,
    "business_owned": _business_owned,
    "financial_assets_over": _financial_assets_over,
    "income_over_standard": _income_over_standard,
    "amount_above_entitlement": _amount_above_entitlement,
    "amount_below_entitlement": _amount_below_entitlement,
    "paid_differs_from_list": _paid_differs_from_list,
    "member_deceased": _member_deceased,
    "identity_to_confirm": _identity_to_confirm,
}
