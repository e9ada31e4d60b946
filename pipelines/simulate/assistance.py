"""Which homes are assisted, who in them is covered, and what is planned to be true of each household.

Household and covered-person counts are exact; the families are homes of the city whose size fits.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from pipelines.simulate.draw import NOBODY, Bools, Ints, Rng, Texts, chance, mask_of, some, stream, whole
from pipelines.simulate.places import Places
from pipelines.simulate.population import Homes, People
from pipelines.simulate.profile import Cohort, Planned, Profile

PROGRAMMES = ("dibao_urban", "dibao_rural", "tekun")
_PREFIXES = ("CS", "NC", "TK")
_TEKUN = PROGRAMMES.index("tekun")
_MOST_COVERED = 6
_MOST_MEMBERS = 7
_PENSIONER_AGE = 60
_EMPLOYEE_PENSIONER_AGE = 56
_GROWN = 30


@dataclass(frozen=True, kw_only=True)
class Assisted:
    """Households in the order of their numbers; members stand together, the head first."""

    home: Ints
    programme: Ints
    household_no: Texts
    standard: Ints
    first: Ints
    size: Ints
    covered: Ints
    person: Ints
    household: Ints
    is_covered: Bools
    household_of: Ints
    """For everyone in the city: position of the assisted household, or NOBODY."""

    def count_by_household(self, members: Bools) -> Ints:
        """How many of these members each household has."""
        return np.bincount(self.household[members], minlength=len(self.home)).astype(np.int64)

    def sum_by_household(self, values: Ints) -> Ints:
        """Whole amounts of members added up by household."""
        total = np.zeros(len(self.home), dtype=np.int64)
        np.add.at(total, self.household, values)
        return total


def choose_assisted(profile: Profile, places: Places, people: People, today: int, seed: int) -> Assisted:
    """Homes for each programme, numbered by their place in the city. 特困 are old people who live alone."""
    rng = stream(seed, "assistance")
    urban = places.is_urban[people.homes.village]
    old = people.age(today)[people.homes.first] >= _PENSIONER_AGE
    free = np.ones(len(urban), dtype=np.bool_)
    chosen = []
    for name, eligible in zip(PROGRAMMES, (urban, ~urban, old), strict=True):
        chosen.append(choose_homes(rng, people.homes, eligible & free, profile.cohort(name)))
        free[chosen[-1][0]] = False
    home = np.concatenate([homes for homes, _ in chosen])
    covered = np.concatenate([count for _, count in chosen])
    programme = np.repeat(np.arange(len(PROGRAMMES)), [len(homes) for homes, _ in chosen])
    order = np.argsort(home)
    standards = np.asarray([profile.standard_fen(name) for name in PROGRAMMES], dtype=np.int64)
    return assemble(rng, people, home[order], programme[order], covered[order], standards=standards)


def choose_homes(rng: Rng, homes: Homes, eligible: Bools, cohort: Cohort) -> tuple[Ints, Ints]:
    """As many homes as the cohort has households, and how many people are covered in each."""
    covered = _covered_counts(rng, cohort)
    extra = np.where(
        chance(rng, cohort.households, cohort.uncovered_share), whole(rng, 1, 2, cohort.households), 0
    )
    members = np.minimum(covered + extra, _MOST_MEMBERS)
    home = np.empty(cohort.households, dtype=np.int64)
    for size in range(1, _MOST_MEMBERS + 1):
        rows = np.flatnonzero(members == size)
        found = some(rng, np.flatnonzero(eligible & (homes.size == size)), len(rows))
        if len(found) < len(rows):
            raise ValueError(
                f"the city has only [{len(found)}] homes of [{size}] people, [{len(rows)}] are assisted"
            )
        home[rows] = found
    return home, covered


def _covered_counts(rng: Rng, cohort: Cohort) -> Ints:
    """At least one covered person a household, the rest spread by chance, the total exact."""
    covered = np.ones(cohort.households, dtype=np.int64)
    while (left := cohort.covered - int(covered.sum())) > 0:
        open_places = np.flatnonzero(covered < _MOST_COVERED)
        lucky = rng.permutation(open_places)[: min(left, max(1, len(open_places) // 3))]
        covered[lucky] += 1
    return covered


def assemble(
    rng: Rng, people: People, home: Ints, programme: Ints, covered: Ints, *, standards: Ints
) -> Assisted:
    """Homes in ascending order, with everyone in them."""
    size = people.homes.size[home]
    first = np.cumsum(size) - size
    household = np.repeat(np.arange(len(home)), size)
    person = people.homes.first[home][household] + np.arange(len(household)) - first[household]
    household_of = np.full(len(people.home), NOBODY, dtype=np.int64)
    household_of[person] = household
    number = np.strings.zfill((home * 3 + 27).astype(str), 8)
    return Assisted(
        home=home,
        programme=programme,
        household_no=np.strings.add(np.asarray(_PREFIXES)[programme], number),
        standard=standards[programme],
        first=first,
        size=size,
        covered=covered,
        person=person,
        household=household,
        is_covered=_covered_members(rng, first, household, covered),
        household_of=household_of,
    )


def _covered_members(rng: Rng, first: Ints, household: Ints, covered: Ints) -> Bools:
    """The head and as many others as the household has places, picked by chance."""
    luck = rng.random(len(household))
    luck[first] = -1
    order = np.lexsort((luck, household))
    rank = np.empty(len(household), dtype=np.int64)
    rank[order] = np.arange(len(household)) - first[household[order]]
    is_covered: Bools = rank < covered[household]
    return is_covered


@dataclass(frozen=True, kw_only=True)
class Plans:
    """A mask over households for each thing planned; no household is in two of them."""

    vehicle_owned: Bools
    dwellings_over: Bools
    non_residential_owned: Bools
    income_over_standard: Bools
    amount_above_entitlement: Bools
    amount_below_entitlement: Bools
    paid_differs_from_list: Bools
    member_deceased: Bools
    wage_unreported: Bools
    financial_assets_over: Bools
    business_owned: Bools
    spouse_not_listed: Bools
    hukou_left: Bools
    death_disputed: Bools

    @property
    def any_planned(self) -> Bools:
        masks = [getattr(self, field.name) for field in fields(self)]
        planned: Bools = np.logical_or.reduce(masks)
        return planned


def plan(profile: Profile, people: People, assisted: Assisted, today: int, seed: int) -> Plans:
    """Households for each plan: those with the fewest fitting ones choose first."""
    rng = stream(seed, "plans")
    age = people.age(today)[assisted.person]
    elders = assisted.count_by_household(age >= _PENSIONER_AGE) > 0
    retired = assisted.count_by_household(age >= _EMPLOYEE_PENSIONER_AGE) > 0
    fits = {
        "amount_above_entitlement": elders
        & (assisted.covered == assisted.size)
        & (assisted.programme != _TEKUN),
        "income_over_standard": retired,
        # Nobody draws a pension: what the list calls the full amount is the standard.
        "amount_below_entitlement": ~elders | (assisted.programme == _TEKUN),
        "member_deceased": elders,
        "death_disputed": elders,
        # Nobody in the home can be taken for the spouse.
        "spouse_not_listed": (assisted.size == 1) & (age[assisted.first] >= _GROWN),
    }
    free = np.ones(len(assisted.home), dtype=np.bool_)
    masks: dict[str, Bools] = {}
    for name in (*fits, *(field.name for field in fields(Planned) if field.name not in fits)):
        wanted = round(getattr(profile.planned, name) * len(free))
        candidates = np.flatnonzero(free & fits.get(name, free))
        masks[name] = mask_of(len(free), some(rng, candidates, wanted))
        free &= ~masks[name]
    return Plans(**masks)
