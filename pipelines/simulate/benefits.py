"""What the list grants and what was paid, in 分, calibrated on the average top-up of the source documents.

A clean household is granted no more than standard − known income per head; amounts are whole tens of yuan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.assistance import PROGRAMMES, Plans
from pipelines.simulate.draw import Bools, Ints, chance, choose, stream, weighted, whole
from pipelines.simulate.life import Pensions
from pipelines.simulate.profile import Profile
from pipelines.simulate.scene import Scene

_STEP = 1_000
_LEAST = 6_000
_FULL_SHARE = 0.12
_START_MONTHS = 72
_BEHIND = (3, 9)
_CARE_WEIGHTS = (70, 18, 12)


@dataclass(frozen=True, kw_only=True)
class Benefits:
    """One entry a household: granted for each covered person, granted in all, paid in three months."""

    per_person: Ints
    listed: Ints
    is_full: Bools
    """The list grants the full amount; in the planned households it still states an older one."""
    paid: tuple[Ints, Ints, Ints]
    months_since_start: Ints
    care_level: Ints
    """0 to 2, the more the less one can look after oneself; means something for 特困 only."""


def counted_pensions(profile: Profile, people_count: int, employee: Pensions, resident: Pensions) -> Ints:
    """For everyone: counted pension in 分 a month: employee in full, resident above what is disregarded."""
    counted = np.zeros(people_count, dtype=np.int64)
    np.add.at(counted, employee.person, employee.amount)
    above = np.maximum(resident.amount - profile.standards.resident_disregard_fen, 0)
    np.add.at(counted, resident.person, above)
    return counted


def grant(scene: Scene, employee: Pensions, resident: Pensions) -> Benefits:
    """Amounts as the bureau set them: it knows resident pensions, and nothing of what is to be found."""
    profile, assisted, plans, seed = scene.profile, scene.assisted, scene.plans, scene.seed
    known = counted_pensions(profile, len(assisted.household_of), employee, resident)
    known[employee.person] = 0
    income = assisted.sum_by_household(known[assisted.person])
    most = (assisted.standard * assisted.size - income) // assisted.size // _STEP * _STEP
    most = np.maximum(most, _LEAST)
    # An amount of years ago, ten yuan steps below what it is to be.
    behind = np.where(
        plans.amount_below_entitlement, whole(stream(seed, "amounts behind"), *_BEHIND, len(most)), 0
    )
    per_person = np.where(plans.amount_above_entitlement, assisted.standard, 0)
    per_person = np.where(plans.amount_below_entitlement, assisted.standard - behind * _STEP, per_person)
    care = weighted(stream(seed, "care levels"), _CARE_WEIGHTS, len(assisted.home))
    for index, name in enumerate(PROGRAMMES):
        if name == "tekun":
            mine = assisted.programme == index
            granted = (
                profile.standards.support_basic_fen + np.asarray(profile.standards.support_care_fen)[care]
            )
            too_little = profile.standards.support_basic_fen - behind * _STEP
            per_person[mine] = np.where(plans.amount_below_entitlement, too_little, granted)[mine]
            continue
        rows = np.flatnonzero(assisted.programme == index)
        fixed = (plans.amount_above_entitlement | plans.amount_below_entitlement)[rows]
        aim = profile.cohort(name).top_up_fen * int(assisted.covered[rows].sum())
        aim -= int((per_person[rows] * assisted.covered[rows])[fixed].sum())
        per_person[rows[~fixed]] = _calibrated(
            seed, name, most[rows[~fixed]], assisted.covered[rows[~fixed]], aim
        )
    listed = per_person * assisted.covered
    return Benefits(
        per_person=per_person,
        listed=listed,
        is_full=(per_person == assisted.standard) | plans.amount_below_entitlement,
        paid=_paid(listed, plans, seed),
        months_since_start=whole(stream(seed, "starts"), 0, _START_MONTHS, len(listed)),
        care_level=care,
    )


def _calibrated(seed: int, name: str, most: Ints, covered: Ints, aim: int) -> Ints:
    """Amounts up to the most, whose sum over covered persons is as near `aim` as tens of yuan allow."""
    rng = stream(seed, f"amounts {name}")
    spread = whole(rng, -250, 250, len(most)) * 100
    full = chance(rng, len(most), _FULL_SHARE)

    def granted(level: int) -> Ints:
        drawn = np.clip((most * level // 1000 + spread) // _STEP * _STEP, _LEAST, most)
        return np.where(full, most, drawn)

    low, high = 0, 3_000
    while high - low > 1:
        middle = (low + high) // 2
        fits = int((granted(middle) * covered).sum()) <= aim
        low, high = (middle, high) if fits else (low, middle)
    return _topped_up(granted(low), most, covered, aim)


def _topped_up(amounts: Ints, most: Ints, covered: Ints, aim: int) -> Ints:
    """Ten yuan more for the first households with room, until the sum would pass the aim."""
    left = aim - int((amounts * covered).sum())
    room = amounts + _STEP <= most
    cost = np.cumsum(np.where(room, covered * _STEP, 0))
    topped: Ints = amounts + np.where(room & (cost <= left), _STEP, 0)
    return topped


def _paid(listed: Ints, plans: Plans, seed: int) -> tuple[Ints, Ints, Ints]:
    """The third payment is the month's own. Earlier ones follow the list, a few at an older amount."""
    rng = stream(seed, "payments")
    earlier = np.where(chance(rng, len(listed), 0.04), np.maximum(listed - 2_000, _LEAST), listed)
    change = whole(rng, 3, 20, len(listed)) * _STEP * choose(rng, ("1", "-1"), len(listed)).astype(np.int64)
    changed = np.where(listed + change > 0, listed + change, listed - change)
    month = np.where(plans.paid_differs_from_list, changed, listed)
    return earlier, listed.copy(), month
