"""Why a household is flagged for who its members are, and for what other programmes pay them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from pipelines.base.period import Period
from pipelines.wording.cases import detail_of
from pipelines.wording.codes import words_of
from pipelines.wording.labels import PROGRAMMES, STANDINGS, lenient
from pipelines.wording.reason import Figure, Reason, Sentence
from pipelines.wording.texts import N_, Texts

_EPOCH = date(1970, 1, 1)


def _slots(reason: Reason, t: Texts) -> dict[str, str]:
    return {
        "sources": reason.sources(t) or t.gettext("the register"),
        "person": reason.person or t.gettext("a member of the household"),
    }


def _day_of(reason: Reason, t: Texts) -> str:
    return Figure(t.day(_EPOCH + timedelta(days=reason.flag["value"] or 0)))


def _member_in_custody(reason: Reason, t: Texts) -> Sentence:
    slots = _slots(reason, t) | {"date": _day_of(reason, t)}
    if reason.figure("is_over"):
        over = t.gettext(
            "%(sources)s: %(person)s is recorded as in custody since %(date)s, though the term has run out. Please "
            "confirm whether the person is home."
        )
        return Sentence(message=over, slots=slots)
    message = t.gettext(
        "%(sources)s: %(person)s is recorded as in custody since %(date)s and does not count as living with the family "
        "meanwhile. Please verify and update the household."
    )
    return Sentence(message=message, slots=slots)


def _spouse_not_listed(reason: Reason, t: Texts) -> Sentence:
    message = t.gettext(
        "%(sources)s: %(person)s has been registered as married since %(date)s, and the spouse is not on the household's "
        "list. Please ask where the spouse lives; the register does not tell of a spouse who has died."
    )
    return Sentence(message=message, slots=_slots(reason, t) | {"date": _day_of(reason, t)})


def _hukou_left(reason: Reason, t: Texts) -> Sentence:
    states = detail_of(reason.flag).get("states", [])
    message = t.gettext(
        "%(sources)s: the hukou of %(person)s reads “%(states)s”. Please confirm whether the person still lives with the "
        "family; moving a hukou is not leaving a household."
    )
    words = t.joined([words_of("registered_person", "state", state, t) for state in states])
    return Sentence(message=message, slots=_slots(reason, t) | {"states": words})


_SIGNS: Mapping[str, str] = {
    "contribution": N_("contributions by an employer"),
    "marriage": N_("an entry in the marriage register"),
    "custody": N_("a term in custody"),
}


def _death_disputed(reason: Reason, t: Texts) -> Sentence:
    told = detail_of(reason.flag)
    slots = _slots(reason, t) | {
        "date": Figure(t.day_text(told.get("first", ""))),
        "latest": Figure(t.day_text(told.get("latest", ""))),
        "days": Figure(t.number(reason.flag["value"] or 0)),
    }
    if told.get("kind") != "alive":
        apart = t.gettext(
            "%(sources)s: the recorded days of the death of %(person)s, %(date)s and %(latest)s, are %(days)s days "
            "apart. Please confirm the day."
        )
        return Sentence(message=apart, slots=slots)
    signs = t.joined(
        [
            t.gettext("%(sign)s (%(date)s)")
            % {"sign": lenient(_SIGNS, sign["sign"], t), "date": t.day_text(sign["date"])}
            for sign in told.get("signs", [])
        ]
    )
    alive = t.gettext(
        "%(sources)s: %(person)s is recorded as having died on %(date)s, but there is later %(signs)s. The person may be "
        "alive; please verify before anything else."
    )
    return Sentence(message=alive, slots=slots | {"signs": signs})


def _authorisation_missing(reason: Reason, t: Texts) -> Sentence:
    standing = str(detail_of(reason.flag).get("standing", ""))
    message = t.gettext(
        "%(person)s may not be checked: %(standing)s. Please have the form signed; until then nothing about this person "
        "is looked up."
    )
    return Sentence(message=message, slots=_slots(reason, t) | {"standing": lenient(STANDINGS, standing, t)})


def _head_unclear(reason: Reason, t: Texts) -> Sentence:
    heads = reason.flag["value"] or 0
    if not heads:
        nobody = t.gettext("The list names no head of this household. Please have the list corrected.")
        return Sentence(message=nobody, slots={})
    message = t.gettext(
        "The list names %(value)s heads in this household. Please confirm whether two households share one number, and "
        "have the list corrected."
    )
    return Sentence(message=message, slots={"value": Figure(t.number(heads))})


def _listed_twice(reason: Reason, t: Texts) -> Sentence:
    slots = _slots(reason, t) | {"value": Figure(t.number(reason.flag["value"] or 0))}
    if not (reason.figure("covered") and reason.figure("elsewhere")):
        family = t.gettext(
            "%(sources)s: %(person)s also stands in %(value)s other household of the lists, in one of them as family "
            "that is not covered. Please confirm where the person lives."
        )
        return Sentence(message=family, slots=slots)
    message = t.gettext(
        "%(sources)s: %(person)s is covered here and in %(value)s other household of the lists. Please confirm which one "
        "is right."
    )
    return Sentence(message=message, slots=slots)


def _programme(code: str, t: Texts) -> str:
    return (
        t.gettext(PROGRAMMES[code])
        if code in PROGRAMMES
        else words_of("programme_payment", "programme", code, t)
    )


def _programmes(reason: Reason, t: Texts) -> str:
    return t.joined([_programme(code, t) for code in detail_of(reason.flag).get("programmes", [])])


def _programmes_stacked(reason: Reason, t: Texts) -> Sentence:
    pairs = [pair.split("+") for pair in detail_of(reason.flag).get("pairs", [])]
    both = t.gettext("%(one)s and %(other)s")
    words = [both % {"one": _programme(one, t), "other": _programme(other, t)} for one, other in pairs]
    message = t.gettext(
        "%(sources)s: %(person)s draws %(pairs)s, which may not be had together. Please verify."
    )
    return Sentence(message=message, slots=_slots(reason, t) | {"pairs": Figure(t.joined(words))})


def _paid_after_death(reason: Reason, t: Texts) -> Sentence:
    told = detail_of(reason.flag)
    message = t.gettext(
        "%(sources)s: %(person)s is recorded as having died on %(date)s; %(programmes)s was paid up to %(month)s, "
        "%(days)s days later. Please verify and end the payment."
    )
    slots = _slots(reason, t) | {
        "date": Figure(t.day_text(told.get("died", ""))),
        "month": Figure(t.month(Period.parse(told["last_month"]))),
        "days": Figure(t.number(reason.flag["value"] or 0)),
        "programmes": _programmes(reason, t),
    }
    return Sentence(message=message, slots=slots)


_UNFOUNDED: Mapping[str, str] = {
    "no_certificate": N_(
        "%(sources)s: %(person)s draws %(programmes)s, and no disability certificate was found. Please confirm; the "
        "certificate may be registered elsewhere."
    ),
    "not_valid": N_(
        "%(sources)s: %(person)s draws %(programmes)s, and the disability certificate is no longer valid. Please verify."
    ),
    "level": N_(
        "%(sources)s: %(person)s draws %(programmes)s, and the level of the disability certificate does not carry it. "
        "Please verify."
    ),
}


def _disability_subsidy_unfounded(reason: Reason, t: Texts) -> Sentence:
    kind = str(detail_of(reason.flag).get("kind", "no_certificate"))
    slots = _slots(reason, t) | {"programmes": Figure(_programmes(reason, t))}
    return Sentence(message=t.gettext(_UNFOUNDED[kind]), slots=slots)


def _elder_allowance_early(reason: Reason, t: Texts) -> Sentence:
    told = detail_of(reason.flag)
    message = t.gettext(
        "%(sources)s: the allowance for the very old was paid to %(person)s for %(month)s; the age of %(age)s is reached "
        "on %(date)s, %(days)s days later. Please verify."
    )
    slots = _slots(reason, t) | {
        "month": Figure(t.month(Period.parse(told["first_month"]))),
        "age": t.number(reason.figure("age")),
        "date": Figure(t.day_text(told.get("of_age", ""))),
        "days": Figure(t.number(reason.flag["value"] or 0)),
    }
    return Sentence(message=message, slots=slots)


WHY_OF_MEMBERS: Mapping[str, Callable[[Reason, Texts], Sentence]] = {
    "member_in_custody": _member_in_custody,
    "spouse_not_listed": _spouse_not_listed,
    "hukou_left": _hukou_left,
    "death_disputed": _death_disputed,
    "authorisation_missing": _authorisation_missing,
    "head_unclear": _head_unclear,
    "listed_twice": _listed_twice,
    "programmes_stacked": _programmes_stacked,
    "paid_after_death": _paid_after_death,
    "disability_subsidy_unfounded": _disability_subsidy_unfounded,
    "elder_allowance_early": _elder_allowance_early,
}

# What would clear them, for officers only.
CLEARS_OF_MEMBERS: Mapping[str, str] = {
    "member_in_custody": N_(
        "If the person is home (released, on medical parole or under community correction), the record is to be corrected; "
        "otherwise the query ends once the household's members are updated."
    ),
    "spouse_not_listed": N_(
        "If the spouse has died, lives apart for good, or is added to the household's members, this query would be cleared."
    ),
    "hukou_left": N_(
        "If the person still lives with the family, or is taken off the list, this query would be cleared."
    ),
    "death_disputed": N_(
        "If one of the two registers is corrected, or a visit has shown that the person is alive or has died, this query "
        "would be cleared."
    ),
    "authorisation_missing": N_("Once a valid form is delivered, this query would be cleared."),
    "head_unclear": N_("Once the list names one head of the household, this query would be cleared."),
    "listed_twice": N_("Once the person stands in one household only, this query would be cleared."),
    "programmes_stacked": N_(
        "If one of the two payments ends, or they are found to be two persons', this query would be cleared."
    ),
    "paid_after_death": N_(
        "If the payment has ended, or the person is found to be alive, this query would be cleared."
    ),
    "disability_subsidy_unfounded": N_(
        "If a valid certificate of the right level is shown, or the subsidy has ended, this query would be cleared."
    ),
    "elder_allowance_early": N_(
        "If the birth date on the list is corrected, or the allowance is paid back or ended, this query would be cleared."
    ),
}
