"""Registered businesses and the people in them, and those that look like a recipient's business and are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, choose, some, weighted, whole
from pipelines.simulate.economy import earners
from pipelines.simulate.scene import Scene

INDIVIDUAL, COMPANY, COOPERATIVE = range(3)
OPERATOR, LEGAL_REPRESENTATIVE, SHAREHOLDER, MEMBER = range(4)
_PER_RESIDENT = 0.036
_KINDS = (74, 19, 7)
_LIVE = ("存续", "开业", "在营")
_STATES = (("存续", 49), ("开业", 24), ("在营", 11), ("注销", 23), ("吊销，未注销", 9), ("迁出", 2))
_GONE = ("注销", "吊销，未注销")
_WAN = 1_000_000
_CAPITAL_WAN = ((1, 30), (20, 500), (50, 300))
_OLDEST_DAYS, _YOUNGEST_DAYS = 20 * 365, 120
_ADULT, _OLDEST = 20, 75
UNSTATED = -1


@dataclass(frozen=True, kw_only=True)
class Roles:
    """One entry a post or share of a person in a business."""

    business: Ints
    person: Ints
    role: Ints


@dataclass(frozen=True, kw_only=True)
class Businesses:
    """One entry a business; capital in 分, UNSTATED where the register has none."""

    kind: Ints
    state: Texts
    capital: Ints
    established: Ints
    roles: Roles

    def is_counted(self, least: int) -> Bools:
        """Which roles count: of owners, in a live business with at least this capital."""
        sound = np.isin(self.state, _LIVE) & (self.capital >= least)
        counted: Bools = sound[self.roles.business] & (self.roles.role != MEMBER)
        return counted


def draw_businesses(scene: Scene) -> Businesses:
    """Businesses of people outside assistance, then what was planned and what misleads; each in rows of its own."""
    rng = scene.stream("businesses")
    owner = _outsiders(rng, scene)
    kind = weighted(rng, _KINDS, len(owner))
    letters = np.asarray([state for state, _ in _STATES])
    state = letters[weighted(rng, [weight for _, weight in _STATES], len(owner))].astype("U8")
    capital = _capitals(rng, kind)
    for share, own_kind, own_state, low, high in _special(scene):
        households = share if isinstance(share, np.ndarray) else _drawn(rng, scene, share)
        people = earners(scene, households)
        owner = np.concatenate([owner, people])
        kind = np.concatenate([kind, np.full(len(people), own_kind)])
        state = np.concatenate([state, choose(rng, own_state, len(people))])
        capital = np.concatenate([capital, whole(rng, low, high, len(people)) * 100])
    established = scene.today - whole(rng, _YOUNGEST_DAYS, _OLDEST_DAYS, len(owner))
    return Businesses(
        kind=kind,
        state=state,
        capital=capital,
        established=established,
        roles=_roles(rng, scene, owner, kind),
    )


def _special(scene: Scene) -> tuple[tuple[Ints | float, int, tuple[str, ...], int, int], ...]:
    """Whose (households or a share of them), kind, states, least and most capital in yuan."""
    traps, least = scene.profile.traps, scene.profile.standards.business_capital_fen // 100
    return (
        (np.flatnonzero(scene.plans.business_owned), COMPANY, _LIVE, least, least * 20),
        (traps.nominal_member, COOPERATIVE, _LIVE, least * 5, least * 30),
        (traps.cancelled_business, COMPANY, _GONE, least * 2, least * 20),
        (traps.capital_below, INDIVIDUAL, _LIVE, least - 9_000, least - 1),
    )


def _drawn(rng: Rng, scene: Scene, share: float) -> Ints:
    return some(rng, np.arange(len(scene.assisted.home)), round(share * len(scene.assisted.home)))


def _outsiders(rng: Rng, scene: Scene) -> Ints:
    age = scene.people.age(scene.today)
    free = (age >= _ADULT) & (age < _OLDEST) & (scene.assisted.household_of == NOBODY)
    return some(rng, np.flatnonzero(free), round(_PER_RESIDENT * len(free)))


def _capitals(rng: Rng, kind: Ints) -> Ints:
    low, high = (np.asarray([pair[place] for pair in _CAPITAL_WAN])[kind] for place in (0, 1))
    wan = low + (rng.random(len(kind)) * (high - low + 1)).astype(np.int64)
    return np.where(chance(rng, len(kind), 0.1) & (kind == INDIVIDUAL), UNSTATED, wan * _WAN)


def _roles(rng: Rng, scene: Scene, owner: Ints, kind: Ints) -> Roles:
    """Operators of individual businesses, representatives (often shareholders too), members of co-operatives."""
    business = np.arange(len(owner))
    main = np.asarray([OPERATOR, LEGAL_REPRESENTATIVE, MEMBER])[kind]
    holds = np.flatnonzero((kind == COMPANY) & chance(rng, len(kind), 0.75))
    order = rng.permutation(len(owner) + len(holds))
    return Roles(
        business=np.concatenate([business, holds])[order],
        person=np.concatenate([owner, owner[holds]])[order],
        role=np.concatenate([main, np.full(len(holds), SHAREHOLDER)])[order],
    )
