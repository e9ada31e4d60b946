"""Couples, disability, custody and standing payments as they truly are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.base.period import Period
from pipelines.simulate.assistance import PROGRAMMES
from pipelines.simulate.draw import NOBODY, Bools, Ints, Texts, chance, choose, some, weighted, whole
from pipelines.simulate.population import CHILD, FATHER, HEAD, MOTHER, SPOUSE, day_number
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
_STACKED, _MILD, _PAID_ON = 0.25, 0.02, 0.3
_FEW = 6
_NEVER_APPLIED = 0.04
VALID, INSIDE = "有效", "在押"
_STATES = (INSIDE, INSIDE, INSIDE, "社区矫正", "刑满释放", "保外就医")
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
    state: Texts
    """As the register writes it."""

    @property
    def is_valid(self) -> Bools:
        valid: Bools = self.state == VALID
        return valid


@dataclass(frozen=True, kw_only=True)
class Held:
    """One entry a term of a person, whatever became of it; days as everywhere in the city."""

    person: Ints
    start: Ints
    end: Ints
    state: Texts

    def is_inside(self, today: int) -> Bools:
        """Those who do not count as living with the family."""
        inside: Bools = (self.state == INSIDE) & (self.end >= today)
        return inside


@dataclass(frozen=True, kw_only=True)
class StandingPayments:
    """One entry an entitlement; what is not monthly is paid once."""

    person: Ints
    programme: Ints
    amount: Ints
    is_monthly: Bools
    start: Ints
    """Day on or before the end of the first month paid."""
    end: Ints
    """Day on or after the start of the last month paid."""

    def paid(self, month: Period) -> Bools:
        """What is paid for a month that is not the one of yearly payments."""
        first, last = day_number(month.first_day), day_number(month.last_day)
        is_paid: Bools = self.is_monthly & (self.start <= last) & (self.end >= first)
        return is_paid


def draw_couples(scene: Scene) -> Couples:
    """Those who live together are married; some heads without a spouse were married to one another and parted.

    Where a spouse nobody declared is planned, the head is married to somebody of another home.
    """
    rng = scene.stream("couples")
    one, other = (np.concatenate(pair) for pair in zip(_together(scene), _undeclared(scene), strict=True))
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


def _undeclared(scene: Scene) -> tuple[Ints, Ints]:
    """Heads of the planned households, and as many grown-ups of the other sex who live with a parent elsewhere."""
    people, plans = scene.people, scene.plans
    heads = scene.assisted.person[scene.assisted.first[np.flatnonzero(plans.spouse_not_listed)]]
    age = people.age(scene.today)
    free = (people.role == CHILD) & (age >= _GROWN + 10) & (scene.assisted.household_of == NOBODY)
    rng = scene.stream("spouses nobody declared")
    found = [rng.permutation(np.flatnonzero(free & (people.is_male == is_male))) for is_male in (False, True)]
    spouse = [
        found[0 if is_male else 1][place] for place, is_male in enumerate(people.is_male[heads].tolist())
    ]
    return heads, np.asarray(spouse, dtype=np.int64)


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
        state=choose(scene.stream("disability certificates"), (VALID,) * 18 + ("过期", "注销"), len(person)),
    )


def draw_held(scene: Scene) -> Held:
    """People with a term, whatever became of it. A register is slow: some terms that have run out read as running."""
    rng = scene.stream("held")
    assisted = scene.assisted.household_of != NOBODY
    grown = (scene.people.age(scene.today) >= _GROWN) & (scene.people.role != CHILD)
    share = np.where(assisted, _HELD_ASSISTED, _HELD)
    person = np.flatnonzero(grown & (rng.random(len(grown)) < share))
    start = scene.today - whole(rng, 60, 5 * _YEAR, len(person))
    return Held(
        person=person,
        start=start,
        end=start + whole(rng, 200, 8 * _YEAR, len(person)),
        state=choose(rng, _STATES, len(person)),
    )


def draw_payments(scene: Scene, disabled: Disabled, died: Ints) -> StandingPayments:
    """Allowances that no income rule counts: for age, disability, service, land, and once in need.

    Some are paid that should not be: before the age, beside destitute support, without the certificate, after a death.
    """
    rng = scene.stream("payments of other programmes")
    people, everyone = scene.people, len(scene.people.home)
    assisted = scene.assisted.household_of != NOBODY
    villager = ~scene.places.is_urban[people.homes.village]
    farmers = people.homes.first[villager & chance(rng, len(villager), _FARMLAND)]
    of_age = birthday(people.birth, _ELDER_AGE)
    early = some(
        rng, np.flatnonzero(assisted & (of_age > scene.today) & (of_age < scene.today + 2 * _YEAR)), _FEW
    )
    old = np.flatnonzero(of_age <= scene.today)
    poor, severe = _carried(scene, disabled)
    wrongly = some(rng, np.setdiff1d(np.flatnonzero(assisted), disabled.person), _FEW)
    groups = (
        (ELDER, np.concatenate([old, early]), 10_000),
        (LIVING, np.concatenate([poor, wrongly]), 8_000),
        (CARE, severe, 9_000),
        (PREFERENTIAL, np.flatnonzero(chance(rng, everyone, _PREFERENTIAL)), 71_000),
        (FARMLAND, farmers, 21_340),
        (TEMPORARY, some(rng, np.flatnonzero(assisted), round(_TEMPORARY * int(assisted.sum()))), 150_000),
    )
    drawn = [_without_forgotten(scene, code, person) for code, person, _ in groups]
    counts = [len(part) for part in drawn]
    person = np.concatenate(drawn)
    programme = np.repeat([code for code, *_ in groups], counts)
    goes_on = chance(rng, len(person), _PAID_ON)
    is_due = (programme == ELDER) & (of_age[person] <= scene.today)
    return StandingPayments(
        person=person,
        programme=programme,
        amount=np.repeat([amount for *_, amount in groups], counts),
        is_monthly=~np.isin(programme, (FARMLAND, TEMPORARY)),
        start=np.where(is_due, of_age[person], NOBODY),
        end=np.where(goes_on, np.iinfo(np.int64).max, died[person]),
    )


def _without_forgotten(scene: Scene, programme: int, person: Ints) -> Ints:
    """Some of the assisted never heard of an allowance: they are owed it and nobody pays."""
    rng = scene.stream(f"never applied {programme}")
    forgotten = (scene.assisted.household_of[person] != NOBODY) & chance(rng, len(person), _NEVER_APPLIED)
    return person[~forgotten] if programme in (ELDER, LIVING, CARE) else person


def _carried(scene: Scene, disabled: Disabled) -> tuple[Ints, Ints]:
    """Who draws the living and the care subsidy by the certificate; a few beside destitute support, or too mildly disabled."""
    rng = scene.stream("disability subsidies")
    household = scene.assisted.household_of[disabled.person]
    assisted = household != NOBODY
    tekun = assisted & (scene.assisted.programme[household] == PROGRAMMES.index("tekun"))
    stacked = chance(rng, len(tekun), _STACKED)
    mild = chance(rng, len(tekun), _MILD)
    entitled = ~tekun | stacked
    is_severe = np.isin(disabled.level, _SEVERE) | (assisted & mild)
    return disabled.person[assisted & entitled], disabled.person[is_severe & entitled]


def birthday(birth: Ints, years: int) -> Ints:
    """The day a person turns so many years; who is born on 29 February on the 28th in a year without one."""
    when = birth.astype("datetime64[D]")
    month = when.astype("datetime64[M]")
    turned = (month + 12 * years).astype("datetime64[D]") + (when - month.astype("datetime64[D]"))
    last = (month + 12 * years + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    days: Ints = np.minimum(turned, last).astype(np.int64)
    return days
