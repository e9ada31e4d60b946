"""Real property as it truly is: houses, shops and parking places, their owners, and which register holds them.

One entry a piece of property, whatever number of registers and owners it stands under.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.assistance import Assisted, Plans
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, some, stream, weighted, whole
from pipelines.simulate.population import SPOUSE, People
from pipelines.simulate.profile import Profile

USES = ("住宅", "车位", "商业", "办公")
DWELLING, PARKING, SHOP, OFFICE = range(4)
NEW_ONLY, OLD_ONLY, BOTH = range(3)
_OWN_HOME_ELSEWHERE = 0.36
_SECOND_ELSEWHERE = 0.10
_OLD_REGISTER_SHARE = 0.17
_ASSISTED_OWN_HOME = 0.55
_SPOUSES_SHARE = 0.6
_NOT_CURRENT = 0.12


@dataclass(frozen=True, kw_only=True)
class Houses:
    """`co_owner` is NOBODY for sole ownership; `house_no` is the place within the village."""

    owner: Ints
    co_owner: Ints
    village: Ints
    house_no: Ints
    use: Ints
    register: Ints
    is_current: Bools
    area: Texts
    registered: Ints
    price_wan: Texts
    is_mortgaged: Bools


@dataclass(frozen=True, kw_only=True)
class _Share:
    """Homes that own one more piece of property of a kind."""

    home: Ints
    use: Ints
    is_current: Bools
    at_home: bool


def draw_houses(profile: Profile, people: People, assisted: Assisted, plans: Plans, today: int, seed: int) -> Houses:
    """What other homes own, then what assisted households own by plan, by trap and ordinarily."""
    rng = stream(seed, "houses")
    parts = [*_elsewhere(rng, people, assisted), *_ordinary(rng, assisted, plans), *_planned(rng, assisted, plans)]
    parts += _misleading(rng, profile, assisted)
    home = np.concatenate([part.home for part in parts])
    at_home = np.repeat([part.at_home for part in parts], [len(part.home) for part in parts])
    use = np.concatenate([part.use for part in parts])
    is_current = np.concatenate([part.is_current for part in parts])
    order = rng.permutation(len(home))
    return _described(
        rng, profile, people, assisted, (home[order], at_home[order], use[order], is_current[order]), today
    )


def _part(home: Ints, use: int, *, current: bool = True, at_home: bool = False) -> _Share:
    rows = len(home)
    return _Share(home=home, use=np.full(rows, use), is_current=np.full(rows, current), at_home=at_home)


def _elsewhere(rng: Rng, people: People, assisted: Assisted) -> list[_Share]:
    homes = np.setdiff1d(np.arange(len(people.homes.size)), assisted.home)
    own = homes[chance(rng, len(homes), _OWN_HOME_ELSEWHERE)]
    more = homes[chance(rng, len(homes), _SECOND_ELSEWHERE)]
    use = weighted(rng, (55, 22, 19, 4), len(more))
    return [
        _Share(home=own, use=np.full(len(own), DWELLING), is_current=~chance(rng, len(own), _NOT_CURRENT), at_home=True),
        _Share(home=more, use=use, is_current=~chance(rng, len(more), _NOT_CURRENT), at_home=False),
    ]


def _ordinary(rng: Rng, assisted: Assisted, plans: Plans) -> list[_Share]:
    """The one dwelling a household may own. Those planned to own two own this one for certain."""
    owns = chance(rng, len(assisted.home), _ASSISTED_OWN_HOME) | plans.dwellings_over
    return [_part(assisted.home[owns], DWELLING, at_home=True)]


def _planned(rng: Rng, assisted: Assisted, plans: Plans) -> list[_Share]:
    shops = assisted.home[plans.non_residential_owned]
    use = np.where(chance(rng, len(shops), 0.8), SHOP, OFFICE)
    return [
        _part(assisted.home[plans.dwellings_over], DWELLING),
        _Share(home=shops, use=use, is_current=np.ones(len(shops), dtype=np.bool_), at_home=False),
    ]


def _misleading(rng: Rng, profile: Profile, assisted: Assisted) -> list[_Share]:
    count, traps = len(assisted.home), profile.traps

    def lucky(share: float) -> Ints:
        return assisted.home[some(rng, np.arange(count), round(share * count))]

    return [
        _part(lucky(traps.historical_dwelling), DWELLING, current=False),
        _part(lucky(traps.historical_shop), SHOP, current=False),
        _part(lucky(traps.parking), PARKING),
    ]


def _described(
    rng: Rng,
    profile: Profile,
    people: People,
    assisted: Assisted,
    drawn: tuple[Ints, Bools, Ints, Bools],
    today: int,
) -> Houses:
    home, at_home, use, is_current = drawn
    head = people.homes.first[home]
    second = np.minimum(head + 1, len(people.home) - 1)
    couple = (people.homes.size[home] > 1) & (people.role[second] == SPOUSE)
    shared = couple & chance(rng, len(home), _SPOUSES_SHARE)
    register = _registers(rng, profile, assisted.household_of[head] != NOBODY, use, at_home, is_current)
    old = register != NEW_ONLY
    village, house_no = _where(rng, people, home, at_home)
    return Houses(
        owner=head,
        co_owner=np.where(shared, second, NOBODY),
        village=village,
        house_no=house_no,
        use=use,
        register=register,
        is_current=is_current,
        area=_areas(rng, use),
        registered=np.where(old, _old_days(rng, len(home)), today - whole(rng, 90, 13 * 365, len(home))),
        price_wan=_prices(rng, use),
        is_mortgaged=chance(rng, len(home), 0.22),
    )


def _registers(rng: Rng, profile: Profile, is_assisted: Bools, use: Ints, at_home: Bools, is_current: Bools) -> Ints:
    """Old houses stand in the archive only; some were registered anew and still stand in both."""
    old = chance(rng, len(use), _OLD_REGISTER_SHARE) & (use != PARKING)
    twice = np.where(is_assisted, profile.traps.same_house_in_both_registers, 0.03)
    both = (rng.random(len(use)) < twice) & (use == DWELLING) & at_home & is_current
    return np.where(both, BOTH, np.where(old, OLD_ONLY, NEW_ONLY))


def _where(rng: Rng, people: People, home: Ints, at_home: Bools) -> tuple[Ints, Ints]:
    """At home, or in a house of its own somewhere: no two pieces of property share an address."""
    homes = people.homes
    villages = int(homes.village.max()) + 1
    village = np.where(at_home, homes.village[home], whole(rng, 0, villages - 1, len(home)))
    taken = np.bincount(homes.village, minlength=villages)
    house_no = homes.house_no[home].copy()
    away = np.flatnonzero(~at_home)
    order = away[np.argsort(village[away], kind="stable")]
    starts = np.searchsorted(village[order], village[order])
    house_no[order] = taken[village[order]] + np.arange(len(order)) - starts
    return village, house_no


def _areas(rng: Rng, use: Ints) -> Texts:
    hundredths = np.where(use == PARKING, 1300, whole(rng, 4_200, 16_800, len(use)))
    return _two_places(hundredths)


def _two_places(hundredths: Ints) -> Texts:
    fraction = np.strings.zfill((hundredths % 100).astype(str), 2)
    return np.strings.add(np.strings.add((hundredths // 100).astype(str), "."), fraction)


def _prices(rng: Rng, use: Ints) -> Texts:
    """In 万元 with four places; two in five are blank."""
    yuan = np.where(use == PARKING, 71_500, whole(rng, 180_000, 1_150_000, len(use)))
    fraction = np.strings.zfill((yuan % 10_000).astype(str), 4)
    text = np.strings.add(np.strings.add((yuan // 10_000).astype(str), "."), fraction)
    return np.where(chance(rng, len(use), 0.4), "", text)


def _old_days(rng: Rng, rows: int) -> Ints:
    first, last = np.datetime64("1992-01-01"), np.datetime64("2009-06-30")
    return whole(rng, int(first.astype(np.int64)), int(last.astype(np.int64)), rows)


