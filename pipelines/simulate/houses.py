"""Real property as it truly is: houses, shops, parking places, their owners, and which register holds them.

One entry a piece of property, whatever number of registers and owners it stands under.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, mask_of, some, weighted, whole
from pipelines.simulate.population import SPOUSE
from pipelines.simulate.scene import Scene

USES = ("住宅", "车位", "商业", "办公")
DWELLING, PARKING, SHOP, OFFICE = range(4)
NEW_ONLY, OLD_ONLY, BOTH = range(3)
_OWN_HOME_ELSEWHERE = 0.36
_SECOND_ELSEWHERE = 0.10
_OLD_REGISTER_SHARE = 0.17
_ASSISTED_OWN_HOME = 0.55
_SPOUSES_SHARE = 0.6
_NOT_CURRENT = 0.12
_SECOND_USES = (55, 22, 19, 4)
_OFFICES = 0.2
_TWICE_ELSEWHERE = 0.03
_MORTGAGED = 0.22


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
class _Lots:
    """Pieces of property that came about for one reason, each of one home."""

    home: Ints
    use: Ints
    is_current: Bools
    at_home: Bools


def draw_houses(scene: Scene) -> Houses:
    """What other homes own, then what assisted households own by plan, by trap and ordinarily."""
    rng = scene.stream("houses")
    parts = [*_elsewhere(rng, scene), *_ordinary(rng, scene), *_planned(rng, scene), *_misleading(rng, scene)]
    order = rng.permutation(sum(len(part.home) for part in parts))
    lots = _Lots(
        home=np.concatenate([part.home for part in parts])[order],
        use=np.concatenate([part.use for part in parts])[order],
        is_current=np.concatenate([part.is_current for part in parts])[order],
        at_home=np.concatenate([part.at_home for part in parts])[order],
    )
    return _described(rng, scene, lots)


def _lots(home: Ints, use: int, *, current: bool = True, at_home: bool = False) -> _Lots:
    rows = len(home)
    return _Lots(
        home=home,
        use=np.full(rows, use),
        is_current=np.full(rows, current),
        at_home=np.full(rows, at_home),
    )


def _elsewhere(rng: Rng, scene: Scene) -> list[_Lots]:
    homes = np.setdiff1d(np.arange(len(scene.people.homes.size)), scene.assisted.home)
    own = _lots(homes[chance(rng, len(homes), _OWN_HOME_ELSEWHERE)], DWELLING, at_home=True)
    more = _lots(homes[chance(rng, len(homes), _SECOND_ELSEWHERE)], DWELLING)
    more = replace(more, use=weighted(rng, _SECOND_USES, len(more.home)))
    return [replace(lots, is_current=~chance(rng, len(lots.home), _NOT_CURRENT)) for lots in (own, more)]


def _ordinary(rng: Rng, scene: Scene) -> list[_Lots]:
    """The one dwelling a household may own. Those planned to own two own this one for certain."""
    home = scene.assisted.home
    owns = chance(rng, len(home), _ASSISTED_OWN_HOME) | scene.plans.dwellings_over
    return [_lots(home[owns], DWELLING, at_home=True)]


def _planned(rng: Rng, scene: Scene) -> list[_Lots]:
    home, plans = scene.assisted.home, scene.plans
    shops = _lots(home[plans.non_residential_owned], SHOP)
    offices = chance(rng, len(shops.home), _OFFICES)
    return [
        _lots(home[plans.dwellings_over], DWELLING),
        replace(shops, use=np.where(offices, OFFICE, SHOP)),
    ]


def _misleading(rng: Rng, scene: Scene) -> list[_Lots]:
    home, traps = scene.assisted.home, scene.profile.traps

    def lucky(share: float) -> Ints:
        return some(rng, home, round(share * len(home)))

    return [
        _lots(lucky(traps.historical_dwelling), DWELLING, current=False),
        _lots(lucky(traps.historical_shop), SHOP, current=False),
        _lots(lucky(traps.parking), PARKING),
    ]


def _described(rng: Rng, scene: Scene, lots: _Lots) -> Houses:
    people, rows = scene.people, len(lots.home)
    head = people.homes.first[lots.home]
    second = np.minimum(head + 1, len(people.home) - 1)
    couple = (people.homes.size[lots.home] > 1) & (people.role[second] == SPOUSE)
    shared = couple & chance(rng, rows, _SPOUSES_SHARE)
    register = _registers(rng, scene, lots)
    village, house_no = _where(rng, scene, lots)
    return Houses(
        owner=head,
        co_owner=np.where(shared, second, NOBODY),
        village=village,
        house_no=house_no,
        use=lots.use,
        register=register,
        is_current=lots.is_current,
        area=_areas(rng, lots.use),
        registered=np.where(
            register == NEW_ONLY, scene.today - whole(rng, 90, 13 * 365, rows), _old_days(rng, rows)
        ),
        price_wan=_prices(rng, lots.use),
        is_mortgaged=chance(rng, rows, _MORTGAGED),
    )


def _registers(rng: Rng, scene: Scene, lots: _Lots) -> Ints:
    """Old houses stand in the archive only; some were registered anew and still stand in both."""
    rows = len(lots.home)
    old = chance(rng, rows, _OLD_REGISTER_SHARE) & (lots.use != PARKING)
    is_assisted = mask_of(len(scene.people.homes.size), scene.assisted.home)[lots.home]
    twice = np.where(is_assisted, scene.profile.traps.same_house_in_both_registers, _TWICE_ELSEWHERE)
    both = (rng.random(rows) < twice) & (lots.use == DWELLING) & lots.at_home & lots.is_current
    return np.where(both, BOTH, np.where(old, OLD_ONLY, NEW_ONLY))


def _where(rng: Rng, scene: Scene, lots: _Lots) -> tuple[Ints, Ints]:
    """At home, or in a house of its own somewhere: no two pieces of property share an address."""
    homes, home, at_home = scene.people.homes, lots.home, lots.at_home
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
