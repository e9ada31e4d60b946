"""Everyone in the city: homes of related people, with names, birth dates, id numbers and a village.

One row per person in `People`; members of a home stand together, the head first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from pipelines.simulate import names, numbers
from pipelines.simulate.draw import Bools, Ints, Rng, Texts, chance, stream, weighted, whole
from pipelines.simulate.places import Places
from pipelines.simulate.profile import Profile

HEAD, SPOUSE, CHILD, FATHER, MOTHER = range(5)
RELATIONS = ("户主", "配偶", "子女", "父亲", "母亲")
_EPOCH = date(1970, 1, 1)
_YEAR = 365
_OLDEST = 100
_YOUNGEST = 60  # days
_MINORITY_HOMES = 0.012
_TWINS = 0.02
_BOYS, _MALE_HEADS = 0.51, 0.72
_PEOPLE_PER_HOME = 2.6
_LIKE_FATHER = 0.04
_HOME_COUNTY, _CITY_COUNTY = 0.86, 0.95
_FORMER_NUMBERS = 0.015
_LAST_BIRTH_OF_CORRECTED = date(1985, 1, 1)

# (weight in communities, weight in villages, youngest head, oldest head, roles)
_HOMES: tuple[tuple[int, int, int, int, tuple[int, ...]], ...] = (
    (9, 13, 62, 92, (HEAD,)),
    (13, 9, 22, 61, (HEAD,)),
    (10, 12, 60, 86, (HEAD, SPOUSE)),
    (12, 9, 24, 59, (HEAD, SPOUSE)),
    (4, 4, 28, 58, (HEAD, CHILD)),
    (3, 4, 40, 66, (HEAD, MOTHER)),
    (2, 2, 38, 62, (HEAD, FATHER)),
    (20, 13, 27, 58, (HEAD, SPOUSE, CHILD)),
    (3, 3, 40, 60, (HEAD, SPOUSE, MOTHER)),
    (2, 3, 30, 55, (HEAD, CHILD, CHILD)),
    (10, 12, 28, 56, (HEAD, SPOUSE, CHILD, CHILD)),
    (4, 5, 35, 58, (HEAD, SPOUSE, CHILD, MOTHER)),
    (3, 4, 35, 56, (HEAD, SPOUSE, CHILD, FATHER, MOTHER)),
    (3, 4, 34, 56, (HEAD, SPOUSE, CHILD, CHILD, MOTHER)),
    (1, 2, 34, 56, (HEAD, SPOUSE, CHILD, CHILD, FATHER, MOTHER)),
    (1, 1, 34, 56, (HEAD, SPOUSE, CHILD, CHILD, CHILD, FATHER, MOTHER)),
)
_SIZES = np.asarray([len(roles) for *_, roles in _HOMES], dtype=np.int64)
_ROLES = np.asarray([(*roles, *(-1,) * (7 - len(roles))) for *_, roles in _HOMES], dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Homes:
    """One entry a home: its village, house number there, first person and size."""

    village: Ints
    house_no: Ints
    first: Ints
    size: Ints


@dataclass(frozen=True, kw_only=True)
class People:
    """One entry a person. `former` maps the few whose number was corrected to the number before."""

    homes: Homes
    home: Ints
    role: Ints
    is_male: Bools
    birth: Ints
    name: Texts
    id18: Texts
    former: dict[int, str]

    def village(self, person: Ints) -> Ints:
        return self.homes.village[self.home[person]]

    def age(self, on: int) -> Ints:
        """Completed years, near enough for choosing people."""
        return np.maximum(on - self.birth, 0) * 100 // 36525


def day_number(when: date) -> int:
    return (when - _EPOCH).days


def as_date(days: int) -> date:
    return _EPOCH + timedelta(days=int(days))


@dataclass(frozen=True, kw_only=True)
class _Roster:
    """Who stands in which home in which role, before anyone has a name."""

    homes: Homes
    structure: Ints
    home: Ints
    role: Ints

    @property
    def head(self) -> Ints:
        """For everyone: the head of the home."""
        return self.homes.first[self.home]


def draw_people(
    profile: Profile, places: Places, today: int, seed: int, all_since: int | None = None
) -> People:
    """The whole city as it stands on `today` (days since 1970-01-01); everyone was born by `all_since`, if given."""
    rng = stream(seed, "people")
    homes, structure = _draw_homes(rng, profile, places)
    home = np.repeat(np.arange(len(homes.size)), homes.size)
    role = _ROLES[structure[home], np.arange(len(home)) - homes.first[home]]
    roster = _Roster(homes=homes, structure=structure, home=home, role=role)
    is_male = _sexes(rng, roster)
    birth = _births(rng, roster, today, _YOUNGEST if all_since is None else _YOUNGEST + today - all_since)
    code = _counties(rng, places, roster)
    twin = _make_twins(rng, roster, birth)
    code[twin] = code[twin - 1]
    bodies = _bodies(rng, code, birth, is_male)
    return People(
        homes=homes,
        home=home,
        role=role,
        is_male=is_male,
        birth=birth,
        name=_names(rng, roster, is_male, birth),
        id18=numbers.full_numbers(bodies),
        former=_former_numbers(rng, bodies, birth),
    )


def _draw_homes(rng: Rng, profile: Profile, places: Places) -> tuple[Homes, Ints]:
    count = round(profile.residents / _PEOPLE_PER_HOME)
    village = np.sort(weighted(rng, places.weight, count))
    urban = places.is_urban[village]
    structure = np.where(
        urban,
        weighted(rng, [row[0] for row in _HOMES], count),
        weighted(rng, [row[1] for row in _HOMES], count),
    )
    size = _SIZES[structure]
    starts = np.searchsorted(village, np.arange(len(places.weight)))
    house_no = np.arange(count, dtype=np.int64) - starts[village]
    return Homes(village=village, house_no=house_no, first=np.cumsum(size) - size, size=size), structure


def _sexes(rng: Rng, roster: _Roster) -> Bools:
    is_male = chance(rng, len(roster.home), _BOYS)
    is_male[roster.homes.first] = chance(rng, len(roster.homes.first), _MALE_HEADS)
    spouse = roster.role == SPOUSE
    is_male[spouse] = ~is_male[roster.head[spouse]]
    is_male[roster.role == FATHER] = True
    is_male[roster.role == MOTHER] = False
    return is_male


def _births(rng: Rng, roster: _Roster, today: int, least_days: int) -> Ints:
    role, structure, rows = roster.role, roster.structure, len(roster.home)
    youngest = np.asarray([row[2] for row in _HOMES])[structure]
    oldest = np.asarray([row[3] for row in _HOMES])[structure]
    age_days = (
        (youngest + (rng.random(len(structure)) * (oldest - youngest + 1)).astype(np.int64)) * 36525 // 100
    )
    head = (today - age_days - whole(rng, 0, _YEAR - 1, len(structure)))[roster.home]
    gap = np.select(
        [role == SPOUSE, role == CHILD, role == FATHER, role == MOTHER],
        [
            whole(rng, -4 * _YEAR, 4 * _YEAR, rows),
            whole(rng, 21 * _YEAR, 34 * _YEAR, rows),
            -whole(rng, 23 * _YEAR, 32 * _YEAR, rows),
            -whole(rng, 21 * _YEAR, 29 * _YEAR, rows),
        ],
        0,
    )
    birth: Ints = np.maximum(head + gap, today - _OLDEST * _YEAR)
    infants = birth > today - least_days
    birth[infants] = today - whole(rng, least_days, 6 * _YEAR, int(infants.sum()))
    return birth


def _make_twins(rng: Rng, roster: _Roster, birth: Ints) -> Ints:
    """Some second children are born on their sibling's day, in the same county (`birth` is changed)."""
    home, role = roster.home, roster.role
    second = 1 + np.flatnonzero((role[1:] == CHILD) & (role[:-1] == CHILD) & (home[1:] == home[:-1]))
    twin = second[chance(rng, len(second), _TWINS)]
    birth[twin] = birth[twin - 1]
    return twin


def _counties(rng: Rng, places: Places, roster: _Roster) -> Ints:
    """The county that first gave the number: mostly home, some from the city, some from elsewhere."""
    rows = len(roster.home)
    own = places.county_code[roster.homes.village[roster.home]]
    draw = rng.random(rows)
    inside = places.county_code[whole(rng, 0, len(places.county_code) - 1, rows)]
    outside = 730_000 + whole(rng, 1, 16, rows) * 100 + whole(rng, 21, 30, rows)
    return np.where(draw < _HOME_COUNTY, own, np.where(draw < _CITY_COUNTY, inside, outside)).astype(np.int64)


def _bodies(rng: Rng, code: Ints, birth: Ints, is_male: Bools) -> Ints:
    sequence = whole(rng, 1, 499, len(code)) * 2 - is_male
    return numbers.distinct(numbers.body(code, birth, sequence))


def _former_numbers(rng: Rng, bodies: Ints, birth: Ints) -> dict[int, str]:
    """Numbers given twice or wrongly and corrected later: another sequence, as old registries still hold it."""
    corrected = chance(rng, len(bodies), _FORMER_NUMBERS) & (birth < day_number(_LAST_BIRTH_OF_CORRECTED))
    people = np.flatnonzero(corrected)
    sequence = (bodies[people] % 1000 + 2 * whole(rng, 50, 300, len(people))) % 998
    moved = bodies[people] - bodies[people] % 1000 + np.where(sequence == 0, 998, sequence)
    fresh = ~np.isin(moved, bodies)
    return dict(zip(people[fresh].tolist(), numbers.full_numbers(moved[fresh]).tolist(), strict=True))


def _names(rng: Rng, roster: _Roster, is_male: Bools, birth: Ints) -> Texts:
    home, homes = roster.home, roster.homes
    given = names.draw_given(rng, is_male, numbers.compact_dates(birth) // 10_000)
    head_given = given.first[roster.head]
    like_father = (roster.role == CHILD) & is_male & chance(rng, len(home), _LIKE_FATHER)
    given.first[like_father] = head_given[like_father]
    given = names.with_rare_characters(rng, given)
    surname = _surnames(rng, roster, is_male)
    text = np.strings.add(np.strings.add(surname, given.first), given.second).astype("U20")
    minority = np.flatnonzero(chance(rng, len(homes.size), _MINORITY_HOMES)[home])
    group = names.minority_groups(rng, len(homes.size))[home[minority]]
    text[minority] = names.draw_minority(rng, is_male[minority], group)
    return text


def _surnames(rng: Rng, roster: _Roster, is_male: Bools) -> Texts:
    """Children carry the father's surname, fathers the head's, spouses and mothers their own."""
    role, head = roster.role, roster.head
    own = names.draw_surnames(rng, len(role))
    second = np.minimum(head + 1, len(role) - 1)
    husband = np.where((role[second] == SPOUSE) & ~is_male[head], second, head)
    return np.select([role == CHILD, role == FATHER], [own[husband], own[head]], own)
