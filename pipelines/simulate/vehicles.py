"""Motor vehicles as they truly are: who owns what, and the look-alikes that must not count.

Codes are those real registers of this layout carry; three-wheelers and tractors stand under plate type 02.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines import reference
from pipelines.simulate import lookalikes
from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, some, weighted, whole
from pipelines.simulate.population import CHILD
from pipelines.simulate.scene import Scene

_PER_ADULT = 0.31
_SECOND_OWNS = 0.35
_MORTGAGED = 0.09
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
_LIVE = (("A", 4), ("G", 1), ("Q", 1), ("AG", 1), ("K", 1))
_GONE = (("E", 2), ("M", 1), ("B", 1), ("P", 1))
GONE_LETTERS = frozenset("BEMP")
UNCOUNTED_PLATES = ("07", "08", "13", "14")
UNCOUNTED_TYPES = ("M", "N1", "T")
_ADULT, _OLDEST_DRIVER = 20, 76
_SLOW_TO_FAST = 2
_YOUNGEST_DAYS, _OLDEST_DAYS = 120, 20 * 365


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
        counted: Bools = ~(np.asarray(kind) | np.asarray(gone) | np.isin(self.plate_type, UNCOUNTED_PLATES))
        return counted


@dataclass(frozen=True, kw_only=True)
class _Fleet:
    """Vehicles that came about for one reason."""

    owner: Ints
    number_of: Ints
    kind: Ints
    status: Texts


def draw_vehicles(scene: Scene) -> Vehicles:
    """Background traffic, then what was planned and what misleads."""
    rng = scene.stream("vehicles")
    everyone = np.arange(len(scene.assisted.home))
    slow = some(rng, everyone, round(scene.profile.traps.motorcycle_or_tractor * len(everyone)))
    gone = some(rng, everyone, round(scene.profile.traps.gone_vehicle * len(everyone)))
    alike = np.concatenate([lookalikes.namesakes(scene)[0], lookalikes.kin(scene)[0]])
    fleets = (
        _fleet(rng, _drivers(rng, scene), fast=True, slow=True, states=_STATES),
        _fleet(rng, _owners(rng, scene, np.flatnonzero(scene.plans.vehicle_owned)), fast=True, states=_LIVE),
        _fleet(rng, _owners(rng, scene, slow), slow=True, states=_STATES),
        _fleet(rng, _owners(rng, scene, gone), fast=True, states=_GONE),
        _fleet(rng, alike, fast=True, states=_LIVE),
        _shared_numbers(rng, scene),
    )
    return _described(rng, fleets, scene.today)


def _fleet(
    rng: Rng, owner: Ints, *, states: tuple[tuple[str, int], ...], fast: bool = False, slow: bool = False
) -> _Fleet:
    """Vehicles of these owners: cars, or slow vehicles, or twice as many slow as fast of each model."""
    kinds = reference.table("cars.csv")["kind"].to_pylist()
    weights = [_SLOW_TO_FAST * slow if kind in _UNCOUNTED else int(fast and kind in _TYPES) for kind in kinds]
    letters = np.asarray([state for state, _ in states])
    return _Fleet(
        owner=owner,
        number_of=owner,
        kind=weighted(rng, weights, len(owner)),
        status=letters[weighted(rng, [weight for _, weight in states], len(owner))],
    )


def _outsiders(scene: Scene) -> Bools:
    """Grown-ups who are no members of an assisted household."""
    age = scene.people.age(scene.today)
    free: Bools = (age >= _ADULT) & (age < _OLDEST_DRIVER) & (scene.assisted.household_of == NOBODY)
    return free


def _drivers(rng: Rng, scene: Scene) -> Ints:
    free = _outsiders(scene)
    return np.flatnonzero(free & chance(rng, len(free), _PER_ADULT))


def _owners(rng: Rng, scene: Scene, households: Ints) -> Ints:
    """The head, or the next member if that is a grown-up."""
    people, assisted = scene.people, scene.assisted
    head = assisted.person[assisted.first[households]]
    second = np.minimum(head + 1, len(people.home) - 1)
    grown = (assisted.size[households] > 1) & (people.role[second] != CHILD)
    return np.where(grown & chance(rng, len(head), _SECOND_OWNS), second, head)


def _shared_numbers(rng: Rng, scene: Scene) -> _Fleet:
    """Strangers' vehicles under members' numbers: one number once given to two people."""
    count = round(scene.profile.traps.shared_number * len(scene.assisted.home))
    strangers = rng.permutation(np.flatnonzero(_outsiders(scene)))[:count]
    fleet = _fleet(rng, strangers, fast=True, states=_LIVE)
    return replace(fleet, number_of=some(rng, scene.assisted.person, count))


def _described(rng: Rng, fleets: tuple[_Fleet, ...], today: int) -> Vehicles:
    order = rng.permutation(sum(len(fleet.owner) for fleet in fleets))
    kind = np.concatenate([fleet.kind for fleet in fleets])[order]
    cars = reference.table("cars.csv").select(["brand", "model", "kind"]).to_pylist()
    codes = [_TYPES.get(car["kind"], _TYPES["轿车"]) for car in cars]
    return Vehicles(
        owner=np.concatenate([fleet.owner for fleet in fleets])[order],
        number_of=np.concatenate([fleet.number_of for fleet in fleets])[order],
        plate_type=np.asarray([code[0] for code in codes])[kind],
        vehicle_type=np.asarray([code[1] for code in codes])[kind],
        use=np.asarray([code[2] for code in codes])[kind],
        brand=np.asarray([car["brand"] + "牌" for car in cars])[kind],
        model=np.asarray([car["model"] for car in cars])[kind],
        status=np.concatenate([fleet.status for fleet in fleets])[order],
        first_registered=today - whole(rng, _YOUNGEST_DAYS, _OLDEST_DAYS, len(order)),
        is_mortgaged=chance(rng, len(order), _MORTGAGED),
    )
