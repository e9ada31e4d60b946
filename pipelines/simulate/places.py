"""The map of 云岭市, a city that does not exist: counties, towns, villages, and an address for every house.

County codes start with 73, which GB/T 2260 never assigned, so no id number can be a living person's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines import reference
from pipelines.simulate.draw import Bools, Ints, Rng, Texts, choose, stream
from pipelines.simulate.profile import Profile

CITY = "云岭市"
CITY_CODE = "731800"
# No registration office has this letter, so no plate can be a living person's either.
PLATE_PREFIX = "云T"
_COUNTIES = (
    ("731802", "云霁区"),
    ("731803", "北屏区"),
    ("731821", "竹浦县"),
    ("731822", "清坝县"),
    ("731823", "龙栖县"),
    ("731824", "石渡县"),
    ("731825", "安陂县"),
    ("731826", "梅垅县"),
)
_FIRST = "枫栗杉柳桐桂梓槐松榆荷菱苇芦蕨岚岩溪泉潭"
_SECOND = "林坪垭冲湾塘坡岭港洲"
_VILLAGE_FIRST = "上下前后新老大小东西"
_VILLAGE_SECOND = [
    "樟桥",
    "石板",
    "白鹭",
    "马栏",
    "双井",
    "楠木",
    "界牌",
    "油坊",
    "茶亭",
    "杨梅",
    "黄土",
    "三叉",
    "龙潭",
    "乌石",
    "花园",
    "铁炉",
    "水碾",
    "竹篙",
]
_URBAN_SHARE = 0.45
_HOUSES_PER_ROAD = 290


@dataclass(frozen=True, kw_only=True)
class Places:
    """One entry a village or community."""

    county: Texts
    county_code: Ints
    town: Texts
    village: Texts
    is_urban: Bools
    weight: Ints

    def prefix(self, village: Ints) -> Texts:
        """County, town and village of an address."""
        joined = np.strings.add(np.strings.add(self.county, self.town), self.village)
        return joined[village]

    def location(self, village: Ints, house_no: Ints) -> Texts:
        """A house's address in a registry: communities name the road, villages only the number."""
        roads = reference.table("roads.csv")["road"].to_pylist()
        names = np.asarray(roads)
        road = np.where(
            self.is_urban[village], names[(village * 37 + house_no // _HOUSES_PER_ROAD) % len(names)], ""
        )
        number = np.where(self.is_urban[village], house_no % _HOUSES_PER_ROAD + 1, house_no + 1)
        return _numbered(np.strings.add(self.prefix(village), road), number)

    def list_address(self, village: Ints, house_no: Ints) -> Texts:
        """The same house on an assistance list, which leaves the road out."""
        number = np.where(self.is_urban[village], house_no % _HOUSES_PER_ROAD + 1, house_no + 1)
        return _numbered(self.prefix(village), number)


def _numbered(place: Texts, number: Ints) -> Texts:
    return np.strings.add(np.strings.add(place, number.astype(str)), "号")


def draw_places(profile: Profile, seed: int) -> Places:
    """Towns with different names, spread over the counties; streets in the first ones and in county seats."""
    rng = stream(seed, "places")
    towns = rng.permutation([a + b for a in _FIRST for b in _SECOND])[: profile.towns]
    county = np.arange(profile.towns) % len(_COUNTIES)
    urban_towns = np.arange(profile.towns) < round(profile.towns * _URBAN_SHARE)
    suffix = np.where(urban_towns, "街道", choose(rng, ("镇", "镇", "乡"), profile.towns))
    of = np.repeat(np.arange(profile.towns), profile.villages_per_town)
    is_urban = urban_towns[of]
    return Places(
        county=np.asarray([name for _, name in _COUNTIES])[county[of]],
        county_code=np.asarray([int(code) for code, _ in _COUNTIES], dtype=np.int64)[county[of]],
        town=np.strings.add(towns, suffix)[of],
        village=np.strings.add(_village_names(rng, profile), np.where(is_urban, "社区", "村")),
        is_urban=is_urban,
        weight=rng.integers(60, 141, len(of), dtype=np.int64),
    )


def _village_names(rng: Rng, profile: Profile) -> Texts:
    """Names differ within a town; the same name may stand in two towns, as in life."""
    pool = [a + b for a in _VILLAGE_FIRST for b in _VILLAGE_SECOND]
    return np.concatenate([rng.permutation(pool)[: profile.villages_per_town] for _ in range(profile.towns)])
