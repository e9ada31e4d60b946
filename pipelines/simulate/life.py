"""Deaths and pensions as they truly are, and which death registries know of each death."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.base.period import Period
from pipelines.simulate.assistance import Assisted, Plans
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, chance, some, stream, weighted, whole
from pipelines.simulate.places import Places
from pipelines.simulate.population import People, day_number
from pipelines.simulate.profile import Profile

_DEATHS_PER_PERSON = 0.0118
_COVERAGE = {"police": 0.82, "cremation": 0.62, "medical": 0.70}
_EMPLOYEE_AGE, _RESIDENT_AGE = 56, 60
_EMPLOYEE_SHARE = (0.10, 0.52)
_RESIDENT_SHARE = (0.78, 0.45)
_ASSISTED_RESIDENT_SHARE = 0.75
_STILL_PAID_AFTER_DEATH = 0.15
_DEATH_LEAD_DAYS = 300
ALIVE = 10**6


@dataclass(frozen=True, kw_only=True)
class Deaths:
    """One entry a death. `day` for everyone is ALIVE for the living."""

    person: Ints
    day: Ints
    known_to: dict[str, Bools]

    @property
    def recorded(self) -> Bools:
        return np.logical_or.reduce(list(self.known_to.values()))


@dataclass(frozen=True, kw_only=True)
class Pensions:
    """One entry a pension: amounts in 分 a month."""

    person: Ints
    amount: Ints
    start: Ints


def window_start(period: Period) -> int:
    """Death registries deliver from January of the year before."""
    return day_number(Period(period.year - 1, 1).first_day)


def draw_deaths(people: People, assisted: Assisted, plans: Plans, period: Period, seed: int) -> Deaths:
    """Deaths by age among those not assisted, and one in each household where one is planned."""
    rng = stream(seed, "deaths")
    last = day_number(period.last_day) - 1
    others = _elsewhere(rng, people, assisted, last)
    members = _planned_members(rng, people, assisted, plans)
    person = np.concatenate([others, members])
    day = np.concatenate(
        [
            whole(rng, window_start(period) + 2, last, len(others)),
            whole(rng, last - _DEATH_LEAD_DAYS, last, len(members)),
        ]
    )
    day = np.maximum(day, people.birth[person] + 1)
    order = np.argsort(person)
    known_to = {registry: chance(rng, len(person), share) for registry, share in _COVERAGE.items()}
    return Deaths(person=person[order], day=day[order], known_to=known_to)


def _elsewhere(rng: Rng, people: People, assisted: Assisted, today: int) -> Ints:
    age = people.age(today)
    hazard = np.where(age >= 80, 60, np.where(age >= 60, 16, np.where(age >= 40, 3, 1)))
    hazard = np.where(assisted.household_of == NOBODY, hazard, 0)
    count = round(len(hazard) * _DEATHS_PER_PERSON)
    return some(rng, np.unique(weighted(rng, hazard, 2 * count)), count)


def _planned_members(rng: Rng, people: People, assisted: Assisted, plans: Plans) -> Ints:
    """The oldest member, as a rule; sometimes another."""
    households = np.flatnonzero(plans.member_deceased)
    chosen = np.empty(len(households), dtype=np.int64)
    for row, household in enumerate(households):
        first, size = assisted.first[household], assisted.size[household]
        members = assisted.person[first : first + size]
        oldest = int(np.argmin(people.birth[members]))
        chosen[row] = members[oldest if rng.random() < 0.8 else int(rng.integers(0, size))]
    return chosen


def days_of_death(people: People, deaths: Deaths) -> Ints:
    """For everyone: the day of death, or ALIVE."""
    day = np.full(len(people.home), ALIVE, dtype=np.int64)
    day[deaths.person] = deaths.day
    return day


def draw_employee_pensions(
    places: Places, people: People, assisted: Assisted, plans: Plans, today: int, seed: int
) -> Pensions:
    """Old employees outside assistance, and one member of each household planned to be over the standard."""
    rng = stream(seed, "pension_emp")
    urban = places.is_urban[people.village(np.arange(len(people.home)))].astype(np.int64)
    draws = rng.random(len(people.home)) < np.asarray(_EMPLOYEE_SHARE)[urban]
    others = np.flatnonzero(
        draws & (people.age(today) >= _EMPLOYEE_AGE) & (assisted.household_of == NOBODY)
    )
    households = np.flatnonzero(plans.income_over_standard)
    members = np.asarray([_oldest(people, assisted, row) for row in households], dtype=np.int64)
    floor = np.concatenate(
        [np.zeros(len(others), dtype=np.int64), assisted.standard[households] * assisted.size[households] * 11 // 10]
    )
    person = np.concatenate([others, members])
    amount = np.maximum(whole(rng, 150_000, 470_000, len(person)), floor)
    return _in_order(person, amount, people.birth[person] + 60 * 36525 // 100)


def _oldest(people: People, assisted: Assisted, household: int) -> int:
    first, size = assisted.first[household], assisted.size[household]
    members = assisted.person[first : first + size]
    return int(members[np.argmin(people.birth[members])])


def draw_resident_pensions(
    profile: Profile,
    places: Places,
    people: People,
    assisted: Assisted,
    plans: Plans,
    employee: Pensions,
    today: int,
    seed: int,
) -> Pensions:
    """Everyone else past sixty, as a rule; a quarter of the pensions stay below what is disregarded."""
    rng = stream(seed, "pension_res")
    rows = len(people.home)
    urban = places.is_urban[people.village(np.arange(rows))].astype(np.int64)
    share = np.where(
        assisted.household_of == NOBODY, np.asarray(_RESIDENT_SHARE)[urban], _ASSISTED_RESIDENT_SHARE
    )
    has = (rng.random(rows) < share) & (people.age(today) >= _RESIDENT_AGE)
    has[employee.person] = False
    above = np.asarray(
        [_oldest(people, assisted, row) for row in np.flatnonzero(plans.amount_above_entitlement)], dtype=np.int64
    )
    has[above] = True
    disregard = profile.standards.resident_disregard_fen // 100
    amount = np.where(
        chance(rng, rows, 0.25), whole(rng, 103, disregard, rows), whole(rng, disregard + 7, 280, rows)
    )
    amount[above] = whole(rng, disregard + 120, disregard + 160, len(above))
    person = np.flatnonzero(has)
    return _in_order(person, amount[person] * 100, people.birth[person] + _RESIDENT_AGE * 36525 // 100)


def _in_order(person: Ints, amount: Ints, start: Ints) -> Pensions:
    order = np.argsort(person)
    return Pensions(person=person[order], amount=amount[order], start=start[order])


def without_the_dead(pensions: Pensions, people: People, deaths: Deaths, before: int, seed: int, name: str) -> Pensions:
    """The dead leave the pay list, but some stay on it until someone reports the death."""
    rng = stream(seed, f"{name} after death")
    dead = days_of_death(people, deaths)[pensions.person] < before
    kept = ~dead | chance(rng, len(dead), _STILL_PAID_AFTER_DEATH)
    return Pensions(person=pensions.person[kept], amount=pensions.amount[kept], start=pensions.start[kept])


