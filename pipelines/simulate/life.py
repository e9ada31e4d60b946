"""Deaths and pensions as they truly are, and which death registries know of each death."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.base.period import Period
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, chance, some, weighted, whole
from pipelines.simulate.population import People, day_number
from pipelines.simulate.scene import Scene

_DEATHS_PER_PERSON = 0.0118
_COVERAGE = {"police": 0.82, "cremation": 0.62, "medical": 0.70}
_EMPLOYEE_AGE, _RESIDENT_AGE = 56, 60
_EMPLOYEE_SHARE = (0.10, 0.52)
_RESIDENT_SHARE = (0.78, 0.45)
_ASSISTED_RESIDENT_SHARE = 0.75
_STILL_PAID_AFTER_DEATH = 0.15
_DEATH_LEAD_DAYS = 300
_OLDEST_DIES = 0.8
_SLIP_DAYS = 45
_AGE_BRACKETS, _HAZARDS = (40, 60, 80), (1, 3, 16, 60)
_BELOW_DISREGARD = 0.25
_PENSION_DAYS = _RESIDENT_AGE * 36525 // 100
_MONTH = 31
ALIVE = 10**6


@dataclass(frozen=True, kw_only=True)
class Deaths:
    """One entry a death. `day` for everyone is ALIVE for the living."""

    person: Ints
    day: Ints
    known_to: dict[str, Bools]
    medical_lag: Ints
    """Days by which the hospital's certificate is late: a slip of the pen, mostly none."""

    @property
    def latest(self) -> Ints:
        """The latest day a registry states."""
        return self.day + np.where(self.known_to["medical"], self.medical_lag, 0)

    @property
    def recorded(self) -> Bools:
        known: Bools = np.logical_or.reduce(list(self.known_to.values()))
        return known


@dataclass(frozen=True, kw_only=True)
class Pensions:
    """One entry a pension: amounts in 分 a month."""

    person: Ints
    amount: Ints
    start: Ints


def window_start(period: Period) -> int:
    """Death registries deliver from January of the year before."""
    return day_number(Period(period.year - 1, 1).first_day)


def draw_deaths(scene: Scene, period: Period) -> Deaths:
    """Deaths by age among those not assisted, and one in each household where one is planned."""
    rng = scene.stream("deaths")
    last = scene.today - 1
    others, members = _elsewhere(rng, scene), _planned_members(rng, scene)
    person = np.concatenate([others, members])
    day = np.concatenate(
        [
            whole(rng, window_start(period) + 2, last, len(others)),
            whole(rng, last - _DEATH_LEAD_DAYS, last, len(members)),
        ]
    )
    day = np.maximum(day, scene.people.birth[person] + 1)
    order = np.argsort(person)
    person, day = person[order], day[order]
    known_to = {registry: chance(rng, len(person), share) for registry, share in _COVERAGE.items()}
    household = scene.assisted.household_of[person]
    disputed = (household != NOBODY) & scene.plans.death_disputed[household]
    known_to = {name: known | (disputed & (name != "cremation")) for name, known in known_to.items()}
    day = np.where(disputed, np.minimum(day, last - _SLIP_DAYS), day)
    lag = np.where(disputed, _SLIP_DAYS, 0)
    return Deaths(person=person, day=day, known_to=known_to, medical_lag=lag)


def _elsewhere(rng: Rng, scene: Scene) -> Ints:
    bracket = np.searchsorted(np.asarray(_AGE_BRACKETS), scene.people.age(scene.today), side="right")
    hazard = np.where(scene.assisted.household_of == NOBODY, np.asarray(_HAZARDS)[bracket], 0)
    count = round(len(hazard) * _DEATHS_PER_PERSON)
    return some(rng, np.unique(weighted(rng, hazard, 2 * count)), count)


def _planned_members(rng: Rng, scene: Scene) -> Ints:
    """The oldest member, as a rule; sometimes another."""
    households = np.flatnonzero(scene.plans.member_deceased | scene.plans.death_disputed)
    size = scene.assisted.size[households]
    other = scene.assisted.person[scene.assisted.first[households]] + rng.integers(0, size)
    return np.where(chance(rng, len(households), _OLDEST_DIES), _oldest(scene, households), other)


def _oldest(scene: Scene, households: Ints) -> Ints:
    """The oldest member of each of these households."""
    assisted = scene.assisted
    order = np.lexsort((scene.people.birth[assisted.person], assisted.household))
    return assisted.person[order[assisted.first[households]]]


def days_of_death(people: People, deaths: Deaths) -> Ints:
    """For everyone: the day of death, or ALIVE."""
    day = np.full(len(people.home), ALIVE, dtype=np.int64)
    day[deaths.person] = deaths.day
    return day


def draw_employee_pensions(scene: Scene) -> Pensions:
    """Old employees outside assistance, and one member of each household planned to be over the standard."""
    rng = scene.stream("pension_emp")
    people, assisted = scene.people, scene.assisted
    drawn = rng.random(len(people.home)) < _by_kind_of_village(scene, _EMPLOYEE_SHARE)
    old = people.age(scene.today) >= _EMPLOYEE_AGE
    others = np.flatnonzero(drawn & old & (assisted.household_of == NOBODY))
    households = np.flatnonzero(scene.plans.income_over_standard)
    person = np.concatenate([others, _oldest(scene, households)])
    over = assisted.standard[households] * assisted.size[households] * 11 // 10
    least = np.concatenate([np.zeros(len(others), dtype=np.int64), over])
    amount = np.maximum(whole(rng, 150_000, 470_000, len(person)), least)
    return _in_order(person, amount, people.birth[person] + _PENSION_DAYS)


def _by_kind_of_village(scene: Scene, share: tuple[float, float]) -> NDArray[np.float64]:
    """For everyone: the share of villages (first) or communities (second)."""
    homes = scene.people.homes
    urban = scene.places.is_urban[homes.village[scene.people.home]]
    return np.where(urban, share[1], share[0])


def draw_resident_pensions(scene: Scene, employee: Pensions) -> Pensions:
    """Everyone else past sixty, as a rule; a quarter of the pensions stay below what is disregarded."""
    rng = scene.stream("pension_res")
    people, rows = scene.people, len(scene.people.home)
    outside = scene.assisted.household_of == NOBODY
    share = np.where(outside, _by_kind_of_village(scene, _RESIDENT_SHARE), _ASSISTED_RESIDENT_SHARE)
    has = (rng.random(rows) < share) & (people.age(scene.today) >= _RESIDENT_AGE)
    has[employee.person] = False
    above = _oldest(scene, np.flatnonzero(scene.plans.amount_above_entitlement))
    has[above] = True
    disregard = scene.profile.standards.resident_disregard_fen // 100
    low, high = whole(rng, disregard - 20, disregard, rows), whole(rng, disregard + 7, disregard + 157, rows)
    amount = np.where(chance(rng, rows, _BELOW_DISREGARD), low, high)
    amount[above] = whole(rng, disregard + 120, disregard + 160, len(above))
    person = np.flatnonzero(has)
    return _in_order(person, amount[person] * 100, people.birth[person] + _PENSION_DAYS)


def _in_order(person: Ints, amount: Ints, start: Ints) -> Pensions:
    order = np.argsort(person)
    return Pensions(person=person[order], amount=amount[order], start=start[order])


def without_the_dead(scene: Scene, pensions: Pensions, deaths: Deaths, name: str) -> Pensions:
    """Those dead for a month leave the pay list, but some stay on it until someone reports the death."""
    dead = days_of_death(scene.people, deaths)[pensions.person] < scene.today - _MONTH
    kept = ~dead | chance(scene.stream(f"{name} after death"), len(dead), _STILL_PAID_AFTER_DEATH)
    return Pensions(person=pensions.person[kept], amount=pensions.amount[kept], start=pensions.start[kept])
