"""Motor vehicles as they truly are: who owns what, and the look-alikes that must not count.

Codes are those real registers of this layout carry; three-wheelers and tractors stand under plate type 02.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines import reference
from pipelines.simulate.assistance import Assisted, Plans
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, some, stream, weighted, whole
from pipelines.simulate.population import CHILD, People
from pipelines.simulate.profile import Profile

_PER_ADULT = 0.31
_TYPES = {  # kind in cars.csv → plate type, vehicle type, use
    "轿车": ("02", "K33", "A"),
    "SUV": ("02", "K33", "A"),
    "MPV": ("02", "K33", "A"),
    "客车": ("02", "K33", "A"),
    "NEV": ("52", "K33", "A"),
    "微面": ("02", "H31", "F"),
    "皮卡": ("02", "H31", "F"),
    "轻型货车": ("02", "H31", "F"),
    "三轮": ("02", "N11", "A"),
    "摩托": ("07", "M21", "A"),
    "拖拉机": ("02", "T11", "A"),
}
_UNCOUNTED = ("三轮", "摩托", "拖拉机")
_STATES = (("A", 70), ("E", 8), ("G", 6), ("Q", 5), ("AG", 4), ("B", 3), ("M", 2), ("K", 1), ("P", 1))
_LIVE = ("A", "A", "A", "A", "G", "Q", "AG", "K")
_GONE = ("E", "E", "M", "B", "P")
GONE_LETTERS = frozenset("BEMP")
UNCOUNTED_PLATES = ("07", "08", "13", "14")
UNCOUNTED_TYPES = ("M", "N1", "T")
_ADULT, _OLDEST_DRIVER = 20, 76


@dataclass(frozen=True, kw_only=True)
class Vehicles:
    """One entry a vehicle. `number_of` is whose id number stands on it: nearly always the owner's."""

    owner: Ints
    number_of: Ints
    plate_type: Texts
    vehicle_type: Texts
    use: Texts
    brand: Texts
    model: Texts
    status: Texts
    first_registered: Ints
    is_mortgaged: Bools

    @property
    def is_counted(self) -> Bools:
        """A car or lorry that is still there."""
        kind = [text.startswith(UNCOUNTED_TYPES) for text in self.vehicle_type.tolist()]
        gone = [not GONE_LETTERS.isdisjoint(text) for text in self.status.tolist()]
        return ~(np.asarray(kind) | np.asarray(gone) | np.isin(self.plate_type, UNCOUNTED_PLATES))


def draw_vehicles(
    profile: Profile, people: People, assisted: Assisted, plans: Plans, today: int, seed: int
) -> Vehicles:
    """Background traffic, then the planned and the misleading vehicles of assisted households and neighbours."""
    rng = stream(seed, "vehicles")
    adult = (people.age(today) >= _ADULT) & (people.age(today) < _OLDEST_DRIVER)
    background = np.flatnonzero(adult & (assisted.household_of == NOBODY) & chance(rng, len(adult), _PER_ADULT))
    count = len(assisted.home)
    traps = profile.traps
    cars = _owners(rng, people, assisted, np.flatnonzero(plans.vehicle_owned))
    slow = _owners(rng, people, assisted, some(rng, np.arange(count), round(traps.motorcycle_or_tractor * count)))
    gone = _owners(rng, people, assisted, some(rng, np.arange(count), round(traps.gone_vehicle * count)))
    shared, strangers = _shared_numbers(rng, people, assisted, round(traps.shared_number * count), adult)
    lookalikes = np.concatenate([namesakes(profile, people, assisted, seed), kin(profile, people, assisted, seed)])
    owner = np.concatenate([background, cars, slow, gone, strangers, lookalikes])
    group = np.repeat(np.arange(6), [len(part) for part in (background, cars, slow, gone, strangers, lookalikes)])
    number_of = owner.copy()
    number_of[group == 4] = shared
    kind = _kinds(rng, group)
    status = _states(rng, group)
    order = rng.permutation(len(owner))
    return _described(rng, owner[order], number_of[order], kind[order], status[order], today)


def _owners(rng: Rng, people: People, assisted: Assisted, households: Ints) -> Ints:
    """The head, or the next member if that is a grown-up."""
    head = assisted.person[assisted.first[households]]
    second = np.minimum(head + 1, len(people.home) - 1)
    other = (assisted.size[households] > 1) & (people.role[second] != CHILD) & chance(rng, len(head), 0.35)
    return np.where(other, second, head)


def _shared_numbers(rng: Rng, people: People, assisted: Assisted, count: int, adult: Bools) -> tuple[Ints, Ints]:
    """A stranger's vehicle under a member's number: one number once given to two people."""
    members = some(rng, assisted.person, count)
    free = np.flatnonzero(adult & (assisted.household_of == NOBODY))
    return members, rng.permutation(free)[: len(members)]


def _neighbours(people: People, assisted: Assisted, households: Ints, skip: int) -> Ints:
    """Heads of homes a few doors on, in the same village, who are not assisted themselves; else NOBODY."""
    homes = people.homes
    near = np.minimum(assisted.home[households] + skip, len(homes.size) - 1)
    head = homes.first[near]
    fits = (homes.village[near] == homes.village[assisted.home[households]]) & (assisted.household_of[head] == NOBODY)
    return np.where(fits, head, NOBODY)


def _named_like(profile: Profile, assisted: Assisted, seed: int, name: str, share: float) -> Ints:
    rng = stream(seed, name)
    return some(rng, np.arange(len(assisted.home)), round(share * len(assisted.home)))


def namesakes(profile: Profile, people: People, assisted: Assisted, seed: int) -> Ints:
    """Neighbours who bear exactly an assisted head's name. Each owns a vehicle."""
    households = _named_like(profile, assisted, seed, "namesakes", profile.traps.namesake_neighbour)
    neighbour = _neighbours(people, assisted, households, 3)
    return neighbour[neighbour != NOBODY]


def kin(profile: Profile, people: People, assisted: Assisted, seed: int) -> Ints:
    """Relatives who live elsewhere in the village with a name one character away. Each owns a vehicle."""
    households = _named_like(profile, assisted, seed, "kin", profile.traps.kin_outside)
    relative = _neighbours(people, assisted, households, 5)
    return relative[relative != NOBODY]


def rename_lookalikes(profile: Profile, people: People, assisted: Assisted, seed: int) -> Texts:
    """The names of everyone once namesakes and kin bear theirs."""
    renamed = people.name.copy()
    same = _named_like(profile, assisted, seed, "namesakes", profile.traps.namesake_neighbour)
    neighbour = _neighbours(people, assisted, same, 3)
    heads = assisted.person[assisted.first[same]]
    renamed[neighbour[neighbour != NOBODY]] = people.name[heads[neighbour != NOBODY]]
    alike = _named_like(profile, assisted, seed, "kin", profile.traps.kin_outside)
    relative = _neighbours(people, assisted, alike, 5)
    for person, head in zip(relative.tolist(), assisted.person[assisted.first[alike]].tolist(), strict=True):
        if person != NOBODY and "·" not in people.name[head]:
            renamed[person] = str(people.name[head])[:2] + str(people.name[person])[-1]
    return renamed


def _kinds(rng: Rng, group: Ints) -> Ints:
    """Positions in cars.csv by group: anything on the road, cars only, or slow vehicles only."""
    kinds = reference.table("cars.csv")["kind"].to_pylist()
    slow = np.asarray([kind in _UNCOUNTED for kind in kinds])
    known = np.asarray([kind in _TYPES for kind in kinds])
    anything = weighted(rng, np.where(known, np.where(slow, 2, 1), 0), len(group))
    cars = weighted(rng, known & ~slow, len(group))
    return np.where(group == 0, anything, np.where(group == 2, weighted(rng, slow, len(group)), cars))


def _states(rng: Rng, group: Ints) -> Texts:
    letters = np.asarray([state for state, _ in _STATES])
    anything = letters[weighted(rng, [weight for _, weight in _STATES], len(group))]
    live = np.asarray(_LIVE)[whole(rng, 0, len(_LIVE) - 1, len(group))]
    gone = np.asarray(_GONE)[whole(rng, 0, len(_GONE) - 1, len(group))]
    return np.where(np.isin(group, (0, 2)), anything, np.where(group == 3, gone, live))


def _described(rng: Rng, owner: Ints, number_of: Ints, kind: Ints, status: Texts, today: int) -> Vehicles:
    cars = reference.table("cars.csv").select(["brand", "model", "kind"]).to_pylist()
    codes = [_TYPES.get(car["kind"], ("02", "K33", "A")) for car in cars]
    return Vehicles(
        owner=owner,
        number_of=number_of,
        plate_type=np.asarray([code[0] for code in codes])[kind],
        vehicle_type=np.asarray([code[1] for code in codes])[kind],
        use=np.asarray([code[2] for code in codes])[kind],
        brand=np.asarray([car["brand"] + "牌" for car in cars])[kind],
        model=np.asarray([car["model"] for car in cars])[kind],
        status=status,
        first_registered=today - whole(rng, 120, 20 * 365, len(owner)),
        is_mortgaged=chance(rng, len(owner), 0.09),
    )
