"""Each field of each candidate pair compared: a level and a weight. Every distinct pair of values once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.addresses import address_level
from pipelines.s4_link.id_numbers import IdNumber, id_level, is_trusted
from pipelines.s4_link.names import name_level
from pipelines.s4_link.people import People, Rows, Truths
from pipelines.s4_link.settings import FIELDS, LEVELS, LinkSettings

Codes = npt.NDArray[np.int8]
Weights = npt.NDArray[np.int32]
_SEX_PLACE = 16
_BIRTH_DIGITS = slice(6, 14)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Per pair: row numbers, per field the level (its place in LEVELS) and weight, and the sum."""

    records: Rows
    members: Rows
    levels: Mapping[str, Codes]
    weights: Mapping[str, Weights]
    total: Weights
    distinct: Mapping[str, int]

    def is_level(self, field: str, levels: frozenset[str]) -> Truths:
        """For each pair: is the field at one of these levels."""
        places = [place for place, level in enumerate(LEVELS[field]) if level in levels]
        found: Truths = np.isin(self.levels[field], places)
        return found


@dataclass(frozen=True, kw_only=True)
class Frequencies:
    """How many rows of both tables carry a name."""

    rows: int
    counts: Mapping[str, int]

    def weight(self, key: str, cap: int) -> int:
        """1000 × log2(rows / rows with the name), whole and exact, at most the cap."""
        count = max(self.counts.get(key, 1), 1)
        return min(thousandths_of_log2(self.rows, count), cap)


@lru_cache(maxsize=1 << 14)
def thousandths_of_log2(whole: int, part: int) -> int:
    """⌊1000 · log2(whole / part)⌋ by whole numbers only: the same on every machine."""
    if part >= whole:
        return 0
    return (int(whole) ** 1000 // int(part) ** 1000).bit_length() - 1


def name_frequencies(records: People, members: People, pairs: pa.Array) -> Frequencies:
    """Counts of the record names in `pairs` over the records and members together."""
    wanted = pc.unique(records.rows["name_key"].take(pairs)).drop_null()
    counts: dict[str, int] = {}
    for people in (records, members):
        keys = people.rows["name_key"]
        for entry in pc.value_counts(keys.filter(pc.is_in(keys, wanted))).to_pylist():
            counts[entry["values"]] = counts.get(entry["values"], 0) + entry["counts"]
    return Frequencies(rows=records.rows.num_rows + members.rows.num_rows, counts=counts)


def compare(records: People, members: People, pairs: tuple[Rows, Rows], settings: LinkSettings) -> Compared:
    """Levels and weights of all pairs; birth date and sex inside an id number are counted once, with it."""
    left = records.rows.take(pa.array(pairs[0]))
    right = members.rows.take(pa.array(pairs[1]))
    levels: dict[str, Codes] = {}
    distinct: dict[str, int] = {}
    for field, (columns, level_of) in _COMPARISONS.items():
        levels[field], distinct[field] = _distinct_levels(left, right, columns, field, level_of)
    _count_once(levels, left, right, settings)
    weights = {field: _weights(field, levels[field], settings) for field in FIELDS}
    frequencies = name_frequencies(records, members, pa.array(pairs[0]))
    _weigh_names(weights["name"], levels["name"], left["name_key"], frequencies, settings)
    total: Weights = np.stack([weights[field] for field in FIELDS]).sum(axis=0, dtype=np.int32)
    return Compared(
        records=pairs[0], members=pairs[1], levels=levels, weights=weights, total=total, distinct=distinct
    )


def _distinct_levels(
    left: pa.Table, right: pa.Table, columns: tuple[str, ...], field: str, level_of: Callable[..., str]
) -> tuple[Codes, int]:
    """Run `level_of` once for each distinct pair of values and spread the answers."""
    left_codes, left_values = _coded(left, columns)
    right_codes, right_values = _coded(right, columns)
    both, places = np.unique(left_codes * max(len(right_values), 1) + right_codes, return_inverse=True)
    code = {level: place for place, level in enumerate(LEVELS[field])}
    answers = [
        code[level_of(left_values[pair // len(right_values)], right_values[pair % len(right_values)])]
        for pair in both.tolist()
    ]
    return np.array(answers, dtype=np.int8)[places], len(both)


def _coded(rows: pa.Table, columns: tuple[str, ...]) -> tuple[Rows, list[Any]]:
    """The values of one column (tuples of several) as whole numbers, and what each number stands for."""
    codes = np.zeros(rows.num_rows, dtype=np.int64)
    values: list[tuple[Any, ...]] = [()]
    for column in columns:
        coded = pc.dictionary_encode(rows[column].combine_chunks(), null_encoding="encode")
        own = coded.dictionary.to_pylist() or [None]
        codes = codes * len(own) + np.asarray(coded.indices, dtype=np.int64)
        kept, codes = np.unique(codes, return_inverse=True)
        values = [(*values[code // len(own)], own[code % len(own)]) for code in kept.tolist()]
    return codes, [value[0] if len(columns) == 1 else value for value in values]


def _name(left: str | None, right: str | None) -> str:
    return name_level(left or "", right or "")


def _id(left: tuple[str | None, str, str | None], right: tuple[str | None, str, str | None]) -> str:
    a, b = (IdNumber(text=text or "", state=state, id18=id18 or "") for text, state, id18 in (left, right))
    return id_level(a, b)


def _sex(left: str | None, right: str | None) -> str:
    if not left or not right:
        return "missing"
    return "equal" if left == right else "different"


def _address(left: str | None, right: str | None) -> str:
    return address_level(left or "", right or "")


def birth_level(left: date | None, right: date | None) -> str:
    """How two birth dates agree: a level of the `birth_date` comparison."""
    if left is None or right is None:
        return "missing"
    if left == right:
        return "equal"
    if left.year == right.year and (left.month, left.day) == (right.day, right.month):
        return "parts_swapped"
    parts = zip(left.timetuple()[:3], right.timetuple()[:3], strict=True)
    return "one_part_differs" if sum(a != b for a, b in parts) == 1 else "different"


_COMPARISONS: Mapping[str, tuple[tuple[str, ...], Callable[..., str]]] = {
    "id": (("id_no", "id_state", "id18"), _id),
    "name": (("name_key",), _name),
    "birth_date": (("birth_date",), birth_level),
    "sex": (("sex",), _sex),
    "address": (("place",), _address),
}


def _count_once(levels: dict[str, Codes], left: pa.Table, right: pa.Table, settings: LinkSettings) -> None:
    """Birth date and sex read off the id number are the same evidence as the number, not more.

    Agreeing, they add nothing to a level that holds them; read off a damaged number, their
    disagreement is the damage, not a second person.
    """
    held = [place for place, level in enumerate(LEVELS["id"]) if level in settings.id_levels_with_birth]
    inside = np.isin(levels["id"], held)
    for field, shows in (("birth_date", _shows_birth), ("sex", _shows_sex)):
        equal, in_id, missing = (LEVELS[field].index(level) for level in ("equal", "in_id", "missing"))
        agrees = levels[field] == equal
        differs = np.flatnonzero(~agrees & (levels[field] != missing))
        levels[field][agrees & inside] = in_id
        damaged = [
            at for at in differs.tolist() if _is_damage(left, at, shows) or _is_damage(right, at, shows)
        ]
        levels[field][damaged] = in_id


def _is_damage(side: pa.Table, at: int, shows: Callable[[str, Any], bool]) -> bool:
    """Whether the value at this row only repeats the digits of an invalid or a cut number."""
    if is_trusted(side["id18"][at].as_py()):
        return False
    field = "birth_date" if shows is _shows_birth else "sex"
    return shows(side["id_no"][at].as_py() or "", side[field][at].as_py())


def _shows_birth(number: str, birth: date) -> bool:
    return number[_BIRTH_DIGITS] == birth.strftime("%Y%m%d")


def _shows_sex(number: str, sex: str) -> bool:
    digit = number[_SEX_PLACE : _SEX_PLACE + 1]
    return digit.isdecimal() and ("FM"[int(digit) % 2] == sex)


def _weights(field: str, levels: Codes, settings: LinkSettings) -> Weights:
    table = np.array([settings.fields[field][level] for level in LEVELS[field]], dtype=np.int32)
    return table[levels]


def _weigh_names(
    weights: Weights, levels: Codes, keys: pa.ChunkedArray, frequencies: Frequencies, settings: LinkSettings
) -> None:
    """Agreement on a rare name says more than on a common one."""
    coded = pc.dictionary_encode(keys.combine_chunks(), null_encoding="encode")
    by_key = [frequencies.weight(key or "", settings.name_weight_cap) for key in coded.dictionary.to_pylist()]
    equal = levels == LEVELS["name"].index("equal")
    each = np.array(by_key or [0], dtype=np.int32)[np.asarray(coded.indices, dtype=np.int64)]
    weights[equal] = each[equal]
