"""The people of a city for linkage: homes of relatives, recipients among them, and others who look like recipients.

Names and places are the simulator's; ids are valid, of counties 73…; the same seed, the same people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines.simulate import names, numbers
from pipelines.simulate.draw import Bools, Ints, Rng, Texts, chance, stream, weighted, whole
from pipelines.simulate.places import Places, draw_places
from pipelines.simulate.profile import PREFECTURE

_TODAY = 20_600  # days since 1970-01-01
_PEOPLE_PER_VILLAGE = 2_400
_HEAD, _SPOUSE, _CHILD, _TWIN, _FATHER = range(5)
_HOMES = ((0,), (0, 1), (0, 2), (0, 1, 2), (0, 1, 2, 2), (0, 1, 2, 2, 4))
_HOME_WEIGHTS = (22, 22, 6, 26, 16, 8)


@dataclass(frozen=True, kw_only=True)
class City:
    """Everyone: recipients and the others, with homes of related people."""

    places: Places
    village: Ints
    house_no: Ints
    body: Ints
    birth: Ints
    is_male: Bools
    name: Texts
    home: Ints
    is_member: Bools


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large the city is: at 1, a million recipients, five million people, ten million registry rows."""

    factor: float = 1.0
    seed: int = 7
    rows_per_member: int = 10
    about_members: float = 0.09  # share of the registry's rows
    alike: float = (
        0.001  # outsiders with a recipient's name, birth date and sex, beside those that chance makes
    )

    @property
    def members(self) -> int:
        return round(1_000_000 * self.factor)


def draw_city(size: Size) -> City:
    """Homes in villages; twins, fathers and sons, namesakes and neighbours' numbers among them."""
    rng = stream(size.seed, "linkage-city")
    people = size.members * 5
    places = _places(people, size.seed)
    roles = np.array([(*home, *(-1,) * (6 - len(home))) for home in _HOMES])
    sizes = np.array([len(home) for home in _HOMES])
    shape = weighted(rng, _HOME_WEIGHTS, people // 2)
    shape = shape[: int(np.searchsorted(np.cumsum(sizes[shape]), people))]
    size_of = sizes[shape]
    first = np.cumsum(size_of) - size_of
    home = np.repeat(np.arange(len(shape)), size_of)
    role = roles[shape[home], np.arange(len(home)) - first[home]]
    village_of = np.sort(weighted(rng, places.weight, len(shape)))
    house_of = np.arange(len(shape)) - np.searchsorted(village_of, village_of)
    is_member = _assisted(rng, size_of, size.members)[home]
    head = first[home]
    is_male, birth = _persons(rng, role, head)
    twin = _twins(rng, role, birth, is_male)
    county = _counties(rng, places, village_of[home])
    county[twin] = county[twin - 1]
    body = numbers.body(county, birth, whole(rng, 1, 499, len(home)) * 2 - is_male)
    name = _names(rng, role, head, is_male, birth, twin)
    _hard_negatives(rng, first, village_of, is_member, name, birth, body, is_male, size.alike)
    return City(
        places=places,
        village=village_of[home],
        house_no=house_of[home],
        body=numbers.distinct(body),
        birth=birth,
        is_male=is_male,
        name=name,
        home=home,
        is_member=is_member,
    )


def _places(people: int, seed: int) -> Places:
    villages = max(people // _PEOPLE_PER_VILLAGE, 8)
    towns = max(min(villages // 12, 160), 4)
    profile = replace(PREFECTURE, residents=people, towns=towns, villages_per_town=max(villages // towns, 2))
    return draw_places(profile, seed)


def _assisted(rng: Rng, sizes: Ints, members: int) -> Bools:
    """Whole homes, until the recipients are complete."""
    order = rng.permutation(len(sizes))
    chosen = order[np.cumsum(sizes[order]) <= members]
    assisted = np.zeros(len(sizes), dtype=np.bool_)
    assisted[chosen] = True
    return assisted


def _persons(rng: Rng, role: Ints, head: Ints) -> tuple[Bools, Ints]:
    is_male = chance(rng, len(role), 0.51)
    is_male[role == _HEAD] = chance(rng, int((role == _HEAD).sum()), 0.72)
    spouse = role == _SPOUSE
    is_male[spouse] = ~is_male[head[spouse]]
    is_male[role == _FATHER] = True
    age = whole(rng, 26 * 365, 88 * 365, len(role))[head]
    gap = np.select(
        [role == _SPOUSE, role == _CHILD, role == _FATHER],
        [
            whole(rng, -1400, 1400, len(role)),
            whole(rng, 7700, 12400, len(role)),
            -whole(rng, 8400, 11600, len(role)),
        ],
        0,
    )
    birth = _TODAY - age + gap
    # the oldest are spread over years: a day and county have 499 numbers for each sex
    old = birth < _TODAY - 95 * 365
    birth[old] = _TODAY - whole(rng, 60 * 365, 95 * 365, int(old.sum()))
    young = birth > _TODAY - 60
    birth[young] = _TODAY - whole(rng, 60, 2000, int(young.sum()))
    return is_male, birth


def _twins(rng: Rng, role: Ints, birth: Ints, is_male: Bools) -> Ints:
    second = 1 + np.flatnonzero((role[1:] == _CHILD) & (role[:-1] == _CHILD))
    twin = second[chance(rng, len(second), 0.04)]
    birth[twin] = birth[twin - 1]
    is_male[twin] = np.where(chance(rng, len(twin), 0.7), is_male[twin - 1], is_male[twin])
    return twin


def _counties(rng: Rng, places: Places, village: Ints) -> Ints:
    """Mostly the home county's number, some from elsewhere."""
    outside = 730_000 + whole(rng, 1, 16, len(village)) * 100 + whole(rng, 21, 30, len(village))
    return np.where(chance(rng, len(village), 0.9), places.county_code[village], outside).astype(np.int64)


def _names(rng: Rng, role: Ints, head: Ints, is_male: Bools, birth: Ints, twin: Ints) -> Texts:
    """Children bear the head's surname; twins differ in one character; a few sons have their father's name."""
    given = names.draw_given(rng, is_male, numbers.compact_dates(birth) // 10_000)
    given = names.with_rare_characters(rng, given)
    first, second = given.first, given.second
    first[twin] = first[twin - 1]
    same = twin[(second[twin] == second[twin - 1]) | (second[twin] == "")]
    first[same] = np.roll(first, 7)[same]
    surname = names.draw_surnames(rng, len(role))
    family = (role == _CHILD) | (role == _FATHER)
    surname[family] = surname[head[family]]
    son = np.flatnonzero((role == _CHILD) & is_male & is_male[head] & chance(rng, len(role), 0.01))
    first[son], second[son] = first[head[son]], second[head[son]]
    text = np.strings.add(np.strings.add(surname, first), second).astype("U12")
    minority = np.flatnonzero(chance(rng, len(role), 0.012))
    group = names.minority_groups(rng, len(minority))
    text[minority] = names.draw_minority(rng, is_male[minority], group).astype("U12")
    return text


def _hard_negatives(
    rng: Rng,
    first: Ints,
    village: Ints,
    is_member: Bools,
    name: Texts,
    birth: Ints,
    body: Ints,
    is_male: Bools,
    share: float,
) -> None:
    """Outsiders who look like a recipient: in the village, of the same day, or with the next number."""
    near = np.minimum(np.arange(len(first)) + 3, len(first) - 1)
    fits = is_member[first] & ~is_member[first[near]] & (village == village[near])
    draw = rng.random(len(first))
    namesake, neighbour = (np.flatnonzero(fits & (draw >= low) & (draw < low + 0.02)) for low in (0.0, 0.02))
    name[first[near[namesake]]] = name[first[namesake]]
    other = first[near[neighbour]]
    for values in (birth, is_male):
        values[other] = values[first[neighbour]]
    body[other] = body[first[neighbour]] + 2
    members, outside = np.flatnonzero(is_member), np.flatnonzero(~is_member)
    count = round(len(members) * share)
    alike, like = rng.choice(outside, count, replace=False), rng.choice(members, count, replace=False)
    alike = alike[~np.isin(alike, other)]
    like = like[: len(alike)]
    name[alike], birth[alike], is_male[alike] = name[like], birth[like], is_male[like]
    body[alike] = body[alike] // 10**11 * 10**11 + body[like] % 10**11
