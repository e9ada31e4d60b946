"""A city for linkage: recipients, and a registry in which each row is about one of them, a relative, or a stranger.

Ten rows of the registry for each recipient, nine in a hundred about recipients. Truth and damage stand beside, row
by row. Names, places and damage are the simulator's; ids are valid, of counties 73…; the same seed, the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import reference
from pipelines.s2_standardise.ids import read_ids
from pipelines.simulate import garble, names, numbers
from pipelines.simulate.draw import Bools, Ints, Rng, Texts, chance, stream, weighted, whole
from pipelines.simulate.places import Places, draw_places
from pipelines.simulate.profile import PREFECTURE

ID_KINDS = ("clean", "missing", "typo", "swap", "id15")
NAME_KINDS = ("clean", "homophone", "look_alike", "variant", "space", "lost", "long")
_CHUNK = 500_000
_TODAY = 20_600  # days since 1970-01-01
_NEW_NUMBERS = 10_592  # 1999-01-01
_PEOPLE_PER_VILLAGE = 2_400
_HEAD, _SPOUSE, _CHILD, _TWIN, _FATHER = range(5)
_HOMES = ((0,), (0, 1), (0, 2), (0, 1, 2), (0, 1, 2, 2), (0, 1, 2, 2, 4))
_HOME_WEIGHTS = (22, 22, 6, 26, 16, 8)


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Shares of rows; damage of names is the error model's for a pension or property register."""

    missing: float = 0.01
    slip: float = 0.01
    id15: float = 0.01
    homophone: float = 0.004
    look_alike: float = 0.001
    variant: float = 0.01
    space: float = 0.002
    lost: float = 0.35  # of names with a rare character
    moved: float = 0.12  # as in the simulator: an older address


LISTS = Shares(
    missing=0.003, slip=0.005, id15=0.0, homophone=0.006, look_alike=0.001, space=0.03, lost=0.35, moved=0.0
)


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
    about_members: float = 0.09
    alike: float = (
        0.001  # outsiders with a recipient's name, birth date and sex, beside those that chance makes
    )
    rows: Shares = field(default_factory=Shares)
    lists: Shares = LISTS

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


def write_city(folder: Path, size: Size) -> None:
    """members.parquet, registry.parquet, truth.parquet (one line a registry row), truth_members.parquet."""
    city = draw_city(size)
    who = np.flatnonzero(city.is_member)
    rng = stream(size.seed, "linkage-rows")
    who = rng.permutation(who)
    _write(folder, "members", city, who, size.lists, rng, is_list=True)
    count = size.members * 10
    about = chance(rng, count, size.about_members)
    outside = np.flatnonzero(~city.is_member)
    rows = np.where(
        about, who[rng.integers(0, len(who), count)], outside[rng.integers(0, len(outside), count)]
    )
    _write(folder, "registry", city, rows, size.rows, rng, is_list=False)


def _write(
    folder: Path, file: str, city: City, person: Ints, shares: Shares, rng: Rng, *, is_list: bool
) -> None:
    writers: list[pq.ParquetWriter] = []
    for start in range(0, len(person), _CHUNK):
        tables = _rows(city, person[start : start + _CHUNK], shares, rng, start, is_list=is_list)
        if not writers:
            paths = (folder / f"{file}.parquet", folder / f"truth_{file}.parquet")
            writers = [
                pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
                for path, table in zip(paths, tables, strict=True)
            ]
        for writer, table in zip(writers, tables, strict=True):
            writer.write_table(table, row_group_size=_CHUNK // 4)
    for writer in writers:
        writer.close()


def _rows(
    city: City, person: Ints, shares: Shares, rng: Rng, start: int, *, is_list: bool
) -> tuple[pa.Table, pa.Table]:
    count = len(person)
    name, name_kind = _written_names(city.name[person], shares, rng)
    number, id_kind = _written_numbers(city, person, shares, rng)
    read = read_ids(number)
    moved = chance(rng, count, shares.moved)
    lives = np.where(moved, rng.integers(0, len(city.home), count), person)
    columns = {
        "record_id": _keyed("P" if is_list else "city/0#", np.arange(start, start + count)),
        "source": pa.repeat(pa.scalar("city"), count),
        "name": name,
        "id_no": read.id_no,
        "id_state": read.id_state,
        "id18": read.id18,
        "birth_date": pa.array(city.birth[person].astype(np.int32), pa.int32()).cast(pa.date32()),
        "sex": pa.array(np.where(city.is_male[person], "M", "F")),
        "address": _addresses(city, lives, is_list=is_list),
    }
    if is_list:
        village = city.village[person]
        columns["household_id"] = _keyed("H", city.home[person])
        columns["town"] = pa.array(city.places.town).take(pa.array(village))
        columns["village"] = pa.array(city.places.village).take(pa.array(village))
    truth = {
        "person": pa.array(person),
        "is_member": pa.array(city.is_member[person]),
        "id_kind": pa.array(id_kind.astype(np.int8)),
        "name_kind": pa.array(name_kind.astype(np.int8)),
        "moved": pa.array(moved),
    }
    return pa.table(columns), pa.table(truth)


def _keyed(letter: str, values: Ints) -> pa.Array:
    return pc.binary_join_element_wise(letter, pa.array(values).cast(pa.string()), "")


def _written_names(clean: Texts, shares: Shares, rng: Rng) -> tuple[pa.Array, Ints]:
    cells = clean.tolist()
    kinds = np.zeros(len(cells), dtype=np.int64)
    draw, floor = rng.random(len(cells)), 0.0
    for kind, change in (
        ("homophone", garble.homophone),
        ("look_alike", garble.lookalike),
        ("variant", garble.variant),
        ("space", garble.spaced_name),
    ):
        share = getattr(shares, kind)
        for row in np.flatnonzero((draw >= floor) & (draw < floor + share)).tolist():
            written = change(rng, cells[row])
            if written != cells[row]:
                cells[row], kinds[row] = written, NAME_KINDS.index(kind)
        floor += share
    rare = "[" + "".join(reference.table("rare_chars.csv")["char"].to_pylist()) + "]"
    has_rare = np.asarray(pc.match_substring_regex(pa.array(clean.tolist()), rare), dtype=np.bool_)
    for row in np.flatnonzero(has_rare & (kinds == 0) & (rng.random(len(cells)) < shares.lost)).tolist():
        cells[row], kinds[row] = garble.rare_lost(rng, cells[row]), NAME_KINDS.index("lost")
    long = np.flatnonzero((np.strings.str_len(clean) > 5) & (kinds == 0))
    kinds[long] = NAME_KINDS.index("long")
    return pa.array(cells), kinds


def _written_numbers(city: City, person: Ints, shares: Shares, rng: Rng) -> tuple[pa.Array, Ints]:
    clean = numbers.full_numbers(city.body[person])
    cells = clean.tolist()
    kinds = np.zeros(len(cells), dtype=np.int64)
    old = city.birth[person] < _NEW_NUMBERS
    draw = rng.random(len(cells))
    kinds[draw < shares.missing] = ID_KINDS.index("missing")
    slip = (draw >= shares.missing) & (draw < shares.missing + shares.slip)
    kinds[slip] = np.where(
        chance(rng, int(slip.sum()), 1 / 3), ID_KINDS.index("swap"), ID_KINDS.index("typo")
    )
    # only people born before 1999 ever had fifteen digits: their share is raised, so that it holds for all rows
    share = shares.id15 / max(float(old.mean()), 0.01)
    top = shares.missing + shares.slip
    kinds[old & (draw >= top) & (draw < top + share)] = ID_KINDS.index("id15")
    for row in np.flatnonzero(kinds).tolist():
        cells[row] = _damaged(ID_KINDS[kinds[row]], cells[row], rng)
    return pa.array(cells, pa.string()), kinds


def _damaged(kind: str, number: str, rng: Rng) -> str | None:
    if kind == "missing":
        return None
    if kind == "id15":
        return numbers.short_form(number)
    return garble.one_digit(rng, number) if kind == "typo" else garble.swapped(rng, number)


def _addresses(city: City, person: Ints, *, is_list: bool) -> pa.Array:
    """Town, village, road or group, and number; the lists leave the road out, as in the simulator."""
    places, village, house = city.places, city.village[person], city.house_no[person]
    urban = places.is_urban[village]
    roads = pa.array(reference.table("roads.csv")["road"].to_pylist())
    road = roads.take(pa.array((village * 37 + house // 290) % len(roads)))
    group = pc.binary_join_element_wise(pa.array(house // 40 + 1).cast(pa.string()), "组", "")
    between = pc.if_else(pa.array(urban), pa.scalar("") if is_list else road, group)
    prefix = pa.array(np.strings.add(np.strings.add(places.county, places.town), places.village).tolist())
    number = pa.array(np.where(urban, house % 290 + 1, house + 1)).cast(pa.string())
    return pc.binary_join_element_wise(prefix.take(pa.array(village)), between, number, "号", "")
