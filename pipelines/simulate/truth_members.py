"""Which flags and candidates about a single member are right: deaths, custody, marriages, hukou, forms, pay lists.

Nothing of a member who may not be looked up is anybody's to find, nor a death that no registry records.
"""

from __future__ import annotations

import numpy as np

from pipelines.simulate import civil
from pipelines.simulate.assistance import PROGRAMMES
from pipelines.simulate.city import City
from pipelines.simulate.deliver_hukou import left_the_book
from pipelines.simulate.draw import Bools, Ints, mask_of
from pipelines.simulate.population import day_number

_TOLERANCE_DAYS, _MARRIAGE_AGE, _ELDER_AGE = 31, 20, 80
_CARE_LEVELS = (1, 2)
_MONTHS_DELIVERED = (-2, -1, 0)
_ENDS_WITH_LIFE = (civil.ELDER, civil.LIVING, civil.CARE)


def dead(city: City) -> Bools:
    """Members whose death a registry records and who may be looked up there."""
    recorded = city.deaths.person[city.deaths.recorded]
    return _members(city, recorded) & city.consent.is_valid


def counting(city: City) -> Bools:
    """Members who count: neither recorded as dead nor in custody, as far as anybody may look."""
    inside = city.held.person[city.held.is_inside(city.today)]
    return ~dead(city) & ~(_members(city, inside) & city.consent.is_valid)


def member_flags(city: City) -> dict[str, Ints]:
    """Reason code → members, in the order of the lists."""
    seen = counting(city) & city.consent.is_valid
    masks = {
        "member_deceased": dead(city),
        "death_disputed": dead(city) & _members(city, _days_apart(city)),
        "member_in_custody": ~dead(city) & city.consent.is_valid & _members(city, _recorded_inside(city)),
        "spouse_not_listed": seen & _spouse_elsewhere(city, seen),
        "hukou_left": ~dead(city) & city.consent.is_valid & _members(city, left_the_book(city)),
        "authorisation_missing": ~city.consent.is_valid,
        "programmes_stacked": seen
        & city.assisted.is_covered
        & _is_tekun(city)
        & _members(city, _subsidised(city)),
        "paid_after_death": dead(city) & _members(city, _paid_after_death(city)),
        "disability_subsidy_unfounded": seen & _members(city, _unfounded(city)),
        "elder_allowance_early": seen & _members(city, _too_early(city)),
    }
    return {code: np.flatnonzero(mask) for code, mask in masks.items()}


def member_candidates(city: City) -> dict[str, Ints]:
    """Kind → members who are owed an allowance nobody pays; all of the household may be looked up."""
    payments, people = city.payments, city.people
    assisted = city.assisted
    is_open = assisted.count_by_household(city.consent.is_valid) == assisted.size
    asked = counting(city) & is_open[assisted.household]
    paid = payments.paid(city.period)
    has = {
        code: _members(city, payments.person[paid & (payments.programme == code)]) for code in _ENDS_WITH_LIFE
    }
    valid = city.disabled.person[city.disabled.is_valid]
    severe = city.disabled.person[city.disabled.is_valid & np.isin(city.disabled.level, _CARE_LEVELS)]
    aged = np.flatnonzero(civil.birthday(people.birth, _ELDER_AGE) <= city.today)
    barred = _is_tekun(city) & assisted.is_covered
    masks = {
        "elder_allowance_due": asked & _members(city, aged) & ~has[civil.ELDER],
        "disability_living_due": asked
        & assisted.is_covered
        & _members(city, valid)
        & ~barred
        & ~has[civil.LIVING],
        "disability_care_due": asked & _members(city, severe) & ~barred & ~has[civil.CARE],
    }
    return {kind: np.flatnonzero(mask) for kind, mask in masks.items()}


def _members(city: City, person: Ints) -> Bools:
    """Members who are among these people."""
    return mask_of(len(city.people.home), person)[city.assisted.person]


def _days_apart(city: City) -> Ints:
    deaths = city.deaths
    others = deaths.known_to["police"] | deaths.known_to["cremation"]
    apart: Ints = deaths.person[others & deaths.known_to["medical"] & (deaths.medical_lag > _TOLERANCE_DAYS)]
    return apart


def _recorded_inside(city: City) -> Ints:
    """Whoever the register calls held, though the term may have run out."""
    inside: Ints = city.held.person[city.held.state == civil.INSIDE]
    return inside


def _spouse_elsewhere(city: City, seen: Bools) -> Bools:
    """Married to somebody outside, and nobody in the home can be taken for the spouse."""
    spouse = _spouses(city)
    assisted, people = city.assisted, city.people
    grown = civil.birthday(people.birth, _MARRIAGE_AGE) <= city.today
    found = np.zeros(len(assisted.person), dtype=np.bool_)
    for member in np.flatnonzero(seen).tolist():
        person = int(assisted.person[member])
        if person not in spouse:
            continue
        first = assisted.first[assisted.household[member]]
        home = assisted.person[first : first + assisted.size[assisted.household[member]]].tolist()
        others = [other for other in home if other != person]
        known = [spouse.get(other) in home and spouse.get(other) != person for other in others]
        may_be = any(
            people.is_male[other] != people.is_male[person] and grown[other] and not is_known
            for other, is_known in zip(others, known, strict=True)
        )
        found[member] = spouse[person] not in home and not may_be
    return found


def _spouses(city: City) -> dict[int, int]:
    """Person → spouse by the latest event of the assisted."""
    couples = city.couples
    assisted = _in_lists(city)
    spouse: dict[int, int] = {}
    events = zip(
        couples.day.tolist(),
        couples.event.tolist(),
        couples.man.tolist(),
        couples.woman.tolist(),
        strict=True,
    )
    for _, event, man, woman in sorted(event for event in events if assisted[event[2]] or assisted[event[3]]):
        for one, other in ((man, woman), (woman, man)):
            if event == civil.DIVORCED:
                spouse.pop(one, None)
            else:
                spouse[one] = other
    return spouse


def _in_lists(city: City) -> Bools:
    return mask_of(len(city.people.home), city.assisted.person)


def _is_tekun(city: City) -> Bools:
    tekun: Bools = city.assisted.programme[city.assisted.household] == PROGRAMMES.index("tekun")
    return tekun


def _subsidised(city: City) -> Ints:
    payments = city.payments
    rows = payments.paid(city.period) & np.isin(payments.programme, (civil.LIVING, civil.CARE))
    return payments.person[rows]


def _paid_after_death(city: City) -> Ints:
    payments, deaths = city.payments, city.deaths
    died = np.full(len(city.people.home), np.iinfo(np.int64).max)
    died[deaths.person] = deaths.latest
    found = [np.empty(0, dtype=np.int64)]
    for months in _MONTHS_DELIVERED:
        month = city.period.shift(months)
        late = day_number(month.first_day) > died[payments.person]
        rows = payments.paid(month) & late & np.isin(payments.programme, _ENDS_WITH_LIFE)
        found.append(payments.person[rows])
    return np.concatenate(found)


def _unfounded(city: City) -> Ints:
    """No valid certificate, or one whose level does not carry the care subsidy."""
    payments, everyone = city.payments, len(city.people.home)
    certificates = city.disabled
    valid = mask_of(everyone, certificates.person[certificates.is_valid])
    severe = mask_of(
        everyone, certificates.person[certificates.is_valid & np.isin(certificates.level, _CARE_LEVELS)]
    )
    is_paid = payments.paid(city.period)
    living = is_paid & np.isin(payments.programme, (civil.LIVING, civil.CARE)) & ~valid[payments.person]
    care = is_paid & (payments.programme == civil.CARE) & ~severe[payments.person]
    unfounded: Ints = payments.person[living | care]
    return unfounded


def _too_early(city: City) -> Ints:
    payments = city.payments
    of_age = civil.birthday(city.people.birth, _ELDER_AGE)
    found = [np.empty(0, dtype=np.int64)]
    for months in _MONTHS_DELIVERED:
        month = city.period.shift(months)
        early = of_age[payments.person] > day_number(month.last_day)
        found.append(payments.person[payments.paid(month) & (payments.programme == civil.ELDER) & early])
    return np.concatenate(found)
