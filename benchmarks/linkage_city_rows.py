"""The lists and the registry of a city as files: each row about a recipient, a relative or a stranger, some damaged.

Truth and damage stand beside, row by row. The damage is the simulator's; the same seed, the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.linkage_city_people import City, Size, draw_city
from pipelines import reference
from pipelines.s2_standardise.ids import read_ids
from pipelines.simulate import garble, numbers
from pipelines.simulate.draw import Ints, Rng, Texts, chance, stream

ID_KINDS = ("clean", "missing", "typo", "swap", "id15")
NAME_KINDS = ("clean", "homophone", "look_alike", "variant", "space", "lost", "long")
_CHUNK = 500_000
_NEW_NUMBERS = 10_592  # 1999-01-01


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


ROWS = Shares()
LISTS = Shares(
    missing=0.003, slip=0.005, id15=0.0, homophone=0.006, look_alike=0.001, space=0.03, lost=0.35, moved=0.0
)


def write_city(folder: Path, size: Size, shares: Shares = ROWS) -> None:
    """members.parquet, registry.parquet, and for each truth_*.parquet, row by row."""
    city = draw_city(size)
    who = np.flatnonzero(city.is_member)
    rng = stream(size.seed, "linkage-rows")
    who = rng.permutation(who)
    _write(folder, "members", city, who, LISTS, rng, is_list=True)
    count = size.members * size.rows_per_member
    about = chance(rng, count, size.about_members)
    outside = np.flatnonzero(~city.is_member)
    rows = np.where(
        about, who[rng.integers(0, len(who), count)], outside[rng.integers(0, len(outside), count)]
    )
    _write(folder, "registry", city, rows, shares, rng, is_list=False)


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
