"""Each field of each candidate pair compared: its level. Every distinct pair of values once."""

from __future__ import annotations

import dataclasses
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
from pipelines.s4_link.settings import LEVELS, LinkSettings

Codes = npt.NDArray[np.int8]
_SEX_PLACE = 16
_BIRTH_DIGITS = slice(6, 14)
COMPARED = ("id", "name", "birth_date", "sex", "address")  # what two people's own values say


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Per pair: row numbers, and per field the level by its place in LEVELS."""

    records: Rows
    members: Rows
    of: Mapping[str, Codes]
    distinct: Mapping[str, int]  # how many different pairs of values were compared

    def is_level(self, field: str, levels: frozenset[str]) -> Truths:
        """For each pair: is the field at one of these levels."""
        places = [place for place, level in enumerate(LEVELS[field]) if level in levels]
        found: Truths = np.isin(self.of[field], places)
        return found

    def taken(self, kept: Truths) -> Levels:
        """Only these pairs."""
        of = {field: codes[kept] for field, codes in self.of.items()}
        return dataclasses.replace(self, records=self.records[kept], members=self.members[kept], of=of)

    def counts(self, field: str) -> dict[str, int]:
        """How many pairs are at each level."""
        found = np.bincount(self.of[field], minlength=len(LEVELS[field])).tolist()
        return dict(zip(LEVELS[field], found, strict=True))


@lru_cache(maxsize=1 << 14)
def thousandths_of_log2(whole: int, part: int) -> int:
    """⌊1000 · log2(whole / part)⌋ by whole numbers only: the same on every machine; 0 at the least."""
    if part >= whole:
        return 0
    return (int(whole) ** 1000 // int(part) ** 1000).bit_length() - 1


def levels_of(
    records: People, members: People, pairs: tuple[Rows, Rows], fields: tuple[str, ...] = COMPARED
) -> Levels:
    """The levels of all pairs as the values say them, each distinct pair of values compared once."""
    wanted = sorted({column for field in fields for column in COMPARISONS[field][0]})
    left = records.rows.select(wanted).take(pa.array(pairs[0]))
    right = members.rows.select(wanted).take(pa.array(pairs[1]))
    levels: dict[str, Codes] = {}
    distinct: dict[str, int] = {}
    for field in fields:
        columns, level_of = COMPARISONS[field]
        levels[field], distinct[field] = _distinct_levels(left, right, columns, field, level_of)
    # who stands beside them is known only after the exact links: s4_link.company
    levels["company"] = np.full(len(pairs[0]), LEVELS["company"].index("missing"), dtype=np.int8)
    return Levels(records=pairs[0], members=pairs[1], of=levels, distinct=distinct)


def counted_once(levels: Levels, records: People, members: People, settings: LinkSettings) -> Levels:
    """Birth date and sex read off the id number are the same evidence as the number, not more.

    Agreeing, they add nothing to a level that holds them; read off a damaged number, their
    disagreement is the damage, not a second person.
    """
    left = records.rows.take(pa.array(levels.records))
    right = members.rows.take(pa.array(levels.members))
    inside = levels.is_level("id", settings.id_levels_with_birth)
    found = dict(levels.of)
    for field, shows in (("birth_date", _shows_birth), ("sex", _shows_sex)):
        equal, in_id, missing = (LEVELS[field].index(level) for level in ("equal", "in_id", "missing"))
        own = found[field].copy()
        agrees = own == equal
        differs = np.flatnonzero(~agrees & (own != missing))
        own[agrees & inside] = in_id
        damaged = [
            at for at in differs.tolist() if _is_damage(left, at, shows) or _is_damage(right, at, shows)
        ]
        own[damaged] = in_id
        found[field] = own
    return dataclasses.replace(levels, of=found)


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


COMPARISONS: Mapping[str, tuple[tuple[str, ...], Callable[..., str]]] = {
    "id": (("id_no", "id_state", "id18"), _id),
    "name": (("name_key",), _name),
    "birth_date": (("birth_date",), birth_level),
    "sex": (("sex",), _sex),
    "address": (("place",), _address),
}


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
