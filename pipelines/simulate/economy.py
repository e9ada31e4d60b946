"""Wages and accounts as they truly are: who works, what the tax office knows, what lies at banks. Money in 分."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, chance, mask_of, some, weighted, whole
from pipelines.simulate.life import Deaths
from pipelines.simulate.scene import Scene

BANKS = (
    "上海银行",
    "中国工商银行",
    "中国农业银行",
    "中国建设银行",
    "中国银行",
    "中国邮政储蓄银行",
    "招商银行",
    "兴业银行",
    "证券公司",
)
"""The first answers in 万元; the last keeps no deposits."""
_DEPOSIT_BANKS = len(BANKS) - 1
IN_WAN = 0
_WORKING_AGE, _LAST_WORKING_AGE = 18, 60
_INSURED, _FLEXIBLE, _TAXED = 0.42, 0.156, 0.5
_LEAST_BASE, _MOST_BASE, _STEP = 394_500, 1_100_000, 100
_MONTHS = 12
_ACCOUNTS_WEIGHTS = (30, 35, 25, 10)
_MOST_BALANCE = 300_000
_YUAN = 100


@dataclass(frozen=True, kw_only=True)
class Wages:
    """One entry a person who pays contributions (base > 0) or is taxed (taxed > 0, a year's income)."""

    person: Ints
    base: Ints
    is_flexible: Bools
    taxed: Ints

    def counted(self, rows: int) -> Ints:
        """For everyone: the larger of an employee's base and a twelfth of the taxed year."""
        wage = np.zeros(rows, dtype=np.int64)
        wage[self.person] = np.maximum(np.where(self.is_flexible, 0, self.base), self.taxed // _MONTHS)
        return wage


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """One entry an account of a member of an assisted household: nobody else is asked about."""

    person: Ints
    bank: Ints
    balance: Ints


def draw_wages(scene: Scene) -> Wages:
    """Workers outside assistance, wages nobody reported, and assisted people who pay for themselves."""
    rng = scene.stream("wages")
    outside = scene.assisted.household_of == NOBODY
    others = np.flatnonzero(_working(scene) & outside & chance(rng, len(outside), _INSURED))
    hidden = earners(scene, np.flatnonzero(scene.plans.wage_unreported))
    free = np.flatnonzero(~scene.plans.wage_unreported)
    paying = round(scene.profile.traps.flexible_payer * len(scene.assisted.home))
    own_payers = earners(scene, some(rng, free, paying))
    person = np.concatenate([others, hidden, own_payers])
    is_flexible = chance(rng, len(person), _FLEXIBLE)
    is_flexible[len(others) :] = False
    is_flexible[len(others) + len(hidden) :] = True
    base = whole(rng, _LEAST_BASE // _STEP, _MOST_BASE // _STEP, len(person)) * _STEP
    base[is_flexible] = _LEAST_BASE
    known = chance(rng, len(person), _TAXED) & ~is_flexible
    taxed = np.where(known, base * _MONTHS * whole(rng, 80, 130, len(person)) // 100 + 16, 0)
    only_taxed = known & mask_of(len(person), np.arange(len(others), len(others) + len(hidden)))
    base[only_taxed] = 0
    order = np.argsort(person)
    return Wages(person=person[order], base=base[order], is_flexible=is_flexible[order], taxed=taxed[order])


def _working(scene: Scene) -> Bools:
    age = scene.people.age(scene.today)
    working: Bools = (age >= _WORKING_AGE) & (age < _LAST_WORKING_AGE)
    return working


def earners(scene: Scene, households: Ints) -> Ints:
    """The first member of working age; the head where there is none."""
    assisted = scene.assisted
    works = _working(scene)[assisted.person]
    order = np.lexsort((np.arange(len(works)), ~works, assisted.household))
    return assisted.person[order[assisted.first[households]]]


def draw_accounts(scene: Scene, deaths: Deaths) -> Accounts:
    """Small accounts of members, planned fortunes, fortunes of the dead, and sums that are exactly the limit."""
    rng = scene.stream("accounts")
    person = np.repeat(scene.assisted.person, weighted(rng, _ACCOUNTS_WEIGHTS, len(scene.assisted.person)))
    bank = whole(rng, 0, _DEPOSIT_BANKS - 1, len(person))
    balance = whole(rng, 0, _MOST_BALANCE, len(person))
    rich, fortune = _fortunes(rng, scene, deaths)
    rich_bank = whole(rng, 0, _DEPOSIT_BANKS, len(rich))
    person, balance = np.concatenate([person, rich]), np.concatenate([balance, fortune])
    bank = np.concatenate([bank, rich_bank])
    balance = np.where(bank == IN_WAN, balance // _YUAN * _YUAN, balance)
    exact, rest = _at_limit(rng, scene, person, balance)
    person, balance = np.concatenate([person, exact]), np.concatenate([balance, rest])
    bank = np.concatenate([bank, whole(rng, 1, _DEPOSIT_BANKS - 1, len(exact))])
    order = rng.permutation(len(person))
    return Accounts(person=person[order], bank=bank[order], balance=balance[order])


def _limits(scene: Scene) -> Ints:
    """The most each household may have, when everyone in it lives."""
    assisted = scene.assisted
    return assisted.standard * assisted.size * scene.profile.standards.assets_months


def _fortunes(rng: Rng, scene: Scene, deaths: Deaths) -> tuple[Ints, Ints]:
    """More than the limit: heads of planned households, and members whose death leaves it out of account."""
    limits, assisted = _limits(scene), scene.assisted
    households = np.flatnonzero(scene.plans.financial_assets_over)
    dead = deaths.person[(assisted.household_of[deaths.person] != NOBODY) & deaths.recorded]
    person = np.concatenate([assisted.person[assisted.first[households]], dead])
    limit = limits[assisted.household_of[person]]
    return person, limit * whole(rng, 102, 180, len(person)) // 100


def _at_limit(rng: Rng, scene: Scene, person: Ints, balance: Ints) -> tuple[Ints, Ints]:
    """One more account for some heads that brings the household's sum to the limit, not above."""
    assisted, plans = scene.assisted, scene.plans
    free = np.flatnonzero(~plans.financial_assets_over & ~plans.member_deceased & ~plans.death_disputed)
    households = some(rng, free, max(round(scene.profile.traps.assets_at_limit * len(assisted.home)), 1))
    held = np.zeros(len(assisted.home), dtype=np.int64)
    np.add.at(held, assisted.household_of[person], balance)
    return assisted.person[assisted.first[households]], (_limits(scene) - held)[households]
