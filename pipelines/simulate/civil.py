"""Couples, disability, custody and standing payments as they truly are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draw import NOBODY, Bools, Ints, chance, some, weighted, whole
from pipelines.simulate.population import CHILD, FATHER, HEAD, MOTHER, SPOUSE
from pipelines.simulate.scene import Scene

MARRIED, DIVORCED, REISSUED = range(3)
_YEAR = 365
_DIVORCED_SHARE, _REISSUED_SHARE = 0.35, 0.015
_DISABLED, _DISABLED_ASSISTED = 0.02, 0.14
_SEVERE = (1, 2)
_LEVEL_WEIGHTS = (15, 30, 30, 25)
_CATEGORY_WEIGHTS = (12, 10, 2, 50, 10, 12, 4)
_HELD, _HELD_ASSISTED = 0.0012, 0.006
_PREFERENTIAL, _TEMPORARY, _FARMLAND = 0.003, 0.02, 0.5
_ELDER_AGE = 80
_OLD_ENOUGH_TO_PART, _GROWN = 30, 18
ELDER, LIVING, CARE, PREFERENTIAL, FARMLAND, TEMPORARY = range(6)


@dataclass(frozen=True, kw_only=True)
class Couples:
    """One entry a registered event of a couple."""

    man: Ints
    woman: Ints
    event: Ints
    day: Ints


@dataclass(frozen=True, kw_only=True)
class Disabled:
    """One entry a certificate; category from 0, level from 1."""

    person: Ints
    category: Ints
    level: Ints


@dataclass(frozen=True, kw_only=True)
class StandingPayments:
    """One entry an entitlement; what is not monthly is paid once."""

    person: Ints
    programme: Ints
    amount: Ints
    is_monthly: Bools


def draw_couples(scene: Scene) -> Couples:
    """Those who live together are married; some heads without a spouse were married to one another and parted."""
    rng = scene.stream("couples")
    one, other = _together(scene)
    left, right = _parted(scene)
    day = scene.people.birth[np.concatenate([one, left])]
    late = np.maximum(day, scene.people.birth[np.concatenate([other, right])])
    wed = np.minimum(late + whole(rng, 20 * _YEAR, 28 * _YEAR, len(late)), scene.today - 400)
    split = np.minimum(wed[len(one) :] + whole(rng, 300, 15 * _YEAR, len(left)), scene.today - 60)
    again = np.flatnonzero(chance(rng, len(one), _REISSUED_SHARE))
    first = np.concatenate([one, left, left, one[again]])
    second = np.concatenate([other, right, right, other[again]])
    is_first_male = scene.people.is_male[first]
    counts = (len(wed), len(left), len(again))
    order = rng.permutation(len(first))
    return Couples(
        man=np.where(is_first_male, first, second)[order],
        woman=np.where(is_first_male, second, first)[order],
        event=np.repeat((MARRIED, DIVORCED, REISSUED), counts)[order],
        day=np.concatenate([wed, split, np.full(len(again), scene.today - 90)])[order],
    )


def _together(scene: Scene) -> tuple[Ints, Ints]:
    """Heads with their spouses, fathers with mothers of the same home."""
    role, home = scene.people.role, scene.people.home
    same = home[1:] == home[:-1]
    pairs = ((role[:-1] == HEAD) & (role[1:] == SPOUSE)) | ((role[:-1] == FATHER) & (role[1:] == MOTHER))
    first = np.flatnonzero(same & pairs)
    return first, first + 1


def _parted(scene: Scene) -> tuple[Ints, Ints]:
    """Men and women of like age who head homes without a spouse."""
    people = scene.people
    head = people.homes.first
    following = np.minimum(head + 1, len(people.home) - 1)
    alone = head[(people.role[following] != SPOUSE) & (people.age(scene.today)[head] >= _OLD_ENOUGH_TO_PART)]
    alone = some(scene.stream("divorces"), alone, round(len(alone) * _DIVORCED_SHARE))
    alone = alone[np.argsort(people.birth[alone], kind="stable")]
    men, women = alone[people.is_male[alone]], alone[~people.is_male[alone]]
    count = min(len(men), len(women))
    return men[:count], women[:count]


def draw_disabled(scene: Scene) -> Disabled:
    """More common among assisted people."""
    rng = scene.stream("disabled")
    assisted = scene.assisted.household_of != NOBODY
    person = np.flatnonzero(rng.random(len(assisted)) < np.where(assisted, _DISABLED_ASSISTED, _DISABLED))
    return Disabled(
        person=person,
        category=weighted(rng, _CATEGORY_WEIGHTS, len(person)),
        level=weighted(rng, _LEVEL_WEIGHTS, len(person)) + 1,
    )


def draw_held(scene: Scene) -> Ints:
    """People with a term, whatever became of it."""
    rng = scene.stream("held")
    assisted = scene.assisted.household_of != NOBODY
    grown = (scene.people.age(scene.today) >= _GROWN) & (scene.people.role != CHILD)
    return np.flatnonzero(grown & (rng.random(len(grown)) < np.where(assisted, _HELD_ASSISTED, _HELD)))


def draw_payments(scene: Scene, disabled: Disabled) -> StandingPayments:
    """Allowances that no income rule counts: for age, disability, service, land, and once in need."""
    rng = scene.stream("payments of other programmes")
    people, everyone = scene.people, len(scene.people.home)
    assisted = scene.assisted.household_of != NOBODY
    villager = ~scene.places.is_urban[people.homes.village]
    farmers = people.homes.first[villager & chance(rng, len(villager), _FARMLAND)]
    groups = (
        (ELDER, np.flatnonzero(people.age(scene.today) >= _ELDER_AGE), 10_000),
        (LIVING, disabled.person[assisted[disabled.person]], 8_000),
        (CARE, disabled.person[np.isin(disabled.level, _SEVERE)], 9_000),
        (PREFERENTIAL, np.flatnonzero(chance(rng, everyone, _PREFERENTIAL)), 71_000),
        (FARMLAND, farmers, 21_340),
        (TEMPORARY, some(rng, np.flatnonzero(assisted), round(_TEMPORARY * int(assisted.sum()))), 150_000),
    )
    counts = [len(person) for _, person, _ in groups]
    programme = np.repeat([code for code, *_ in groups], counts)
    return StandingPayments(
        person=np.concatenate([person for _, person, _ in groups]),
        programme=programme,
        amount=np.repeat([amount for *_, amount in groups], counts),
        is_monthly=~np.isin(programme, (FARMLAND, TEMPORARY)),
    )
