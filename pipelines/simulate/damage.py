"""How registries write people wrongly: damaged id numbers and names, each with a mark of what was done.

A number suffers at most one change of content, then perhaps one of form (full width, blanks, another X);
likewise a name. The marks go into truth_link, so that every kind of damage can be scored on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from pipelines.simulate import garble
from pipelines.simulate.draw import Bools, Cells, Ints, Rng, chance, objects, whole
from pipelines.simulate.numbers import short_form
from pipelines.simulate.population import People, day_number
from pipelines.simulate.rates import Rates

KINDS = (
    "typo",
    "swap",
    "missing",
    "id15",
    "dummy",
    "excel_cut",
    "relative_id",
    "shared_number",
    "former",
    "x_form",
    "full_width",
    "spaced",
    "name_homophone",
    "name_lookalike",
    "name_variant",
    "name_spaces",
    "name_rare",
    "name_dot",
    "name_cut",
    "name_note",
    "day_off",
    "first_id_only",
    "name_field_cut",
    "unclear_cell",
    "alias",
    "masked",
)
CLEAN = "clean"
_BIT = {kind: 1 << index for index, kind in enumerate(KINDS)}
_NEW_NUMBERS = day_number(date(1999, 1, 1))
_INFANT_DAYS = 365
_MISSING = ("", "", "", "NULL", "-")
_DUMMIES = ("111111111111111111", "000000000000000000", "123456789012345678", "999999999999999999")
_LONG_NAME = 6


@dataclass(frozen=True, kw_only=True)
class Written:
    """Names and id numbers as one delivery writes them, row by row; `marks` are bits of KINDS."""

    names: Cells
    numbers: Cells
    marks: Ints

    def mark(self, rows: Ints | Bools, kind: str) -> None:
        self.marks[rows] |= _BIT[kind]


def bit(kind: str) -> int:
    """The mark of one kind."""
    return _BIT[kind]


def describe(marks: Ints) -> list[str]:
    """`typo+name_spaces` for each row, `clean` where nothing was done."""
    texts = {
        value: "+".join(kind for kind in KINDS if value & _BIT[kind]) or CLEAN
        for value in np.unique(marks).tolist()
    }
    return [texts[value] for value in marks.tolist()]


def write_people(
    people: People, person: Ints, rates: Rates, rng: Rng, *, today: int, number_of: Ints | None = None
) -> Written:
    """The people of these rows as a registry with these rates writes them."""
    bearer = person if number_of is None else number_of
    written = Written(
        names=objects(people.name[person]),
        numbers=objects(people.id18[bearer]),
        marks=np.zeros(len(person), dtype=np.int64),
    )
    written.mark(bearer != person, "shared_number")
    _damage_numbers(written, people, bearer, rates, rng, today=today)
    _damage_forms(written, rates, rng)
    _damage_names(written, rates, rng)
    return written


def _damage_numbers(
    written: Written, people: People, person: Ints, rates: Rates, rng: Rng, *, today: int
) -> None:
    """One change of content a row: the kinds share one draw, so that their rates add up."""
    draw = rng.random(len(person))
    floor = 0.0
    for kind, share, eligible, change in _number_changes(written.numbers, people, person, rng, today=today):
        rate = getattr(rates, share)
        hit = np.flatnonzero((draw >= floor) & (draw < floor + rate) & eligible)
        floor += rate
        _apply(written, hit, kind, written.numbers, change)


_Change: TypeAlias = tuple[str, str, Bools, Callable[[int], str]]


def _number_changes(
    cells: Cells, people: People, person: Ints, rng: Rng, *, today: int
) -> tuple[_Change, ...]:
    """Kind, its rate's name, the rows it can befall, and what becomes of a row's number."""
    born = people.birth[person]
    no_x = np.asarray([not number.endswith("X") for number in cells], dtype=np.bool_)
    corrected = np.isin(person, np.fromiter(people.former, dtype=np.int64, count=len(people.former)))
    all_rows = np.ones(len(person), dtype=np.bool_)
    missing, dummy = list(_MISSING), list(_DUMMIES)
    return (
        ("id15", "id15", born < _NEW_NUMBERS, lambda row: short_form(cells[row])),
        ("excel_cut", "excel_cut", no_x, lambda row: garble.excel_cut(cells[row])),
        ("missing", "missing", all_rows, lambda row: garble.pick(rng, missing)),
        ("missing", "infant_missing", today - born < _INFANT_DAYS, lambda row: ""),
        ("dummy", "dummy", all_rows, lambda row: garble.pick(rng, dummy)),
        ("typo", "typo", all_rows, lambda row: garble.one_digit(rng, cells[row])),
        ("swap", "swap", all_rows, lambda row: garble.swapped(rng, cells[row])),
        ("relative_id", "relative_id", all_rows, lambda row: _relative_number(people, int(person[row]), rng)),
        ("former", "former", corrected, lambda row: people.former[int(person[row])]),
    )


def _apply(written: Written, hit: Ints, kind: str, cells: Cells, change: Callable[[int], str]) -> None:
    """Change the cells, and mark those that are different afterwards."""
    for row in hit.tolist():
        before, after = cells[row], change(row)
        if after == before:
            continue
        cells[row] = after
        written.marks[row] |= _BIT[kind]


def _relative_number(people: People, person: int, rng: Rng) -> str:
    """The number of someone else in the home; one's own where one lives alone."""
    home = int(people.home[person])
    first, size = int(people.homes.first[home]), int(people.homes.size[home])
    others = [other for other in range(first, first + size) if other != person]
    return str(people.id18[others[int(rng.integers(0, len(others)))]]) if others else str(people.id18[person])


def _damage_forms(written: Written, rates: Rates, rng: Rng) -> None:
    cells = written.numbers
    rows = len(cells)
    ends_in_x = np.asarray([str(number).endswith("X") for number in cells], dtype=np.bool_)
    hit = np.flatnonzero(ends_in_x & chance(rng, rows, rates.x_form))
    _apply(written, hit, "x_form", cells, lambda row: garble.other_x(rng, cells[row]))
    draw = rng.random(rows)
    wide = np.flatnonzero(draw < rates.full_width)
    _apply(written, wide, "full_width", cells, lambda row: garble.full_width(cells[row]))
    spaced = np.flatnonzero((draw >= rates.full_width) & (draw < rates.full_width + rates.spaced))
    _apply(written, spaced, "spaced", cells, lambda row: garble.spaced_number(rng, cells[row]))


def _damage_names(written: Written, rates: Rates, rng: Rng) -> None:
    """Rare characters, dots and length first: what the system cannot hold. Then at most one slip of the pen."""
    cells = written.names
    rows = len(cells)
    rare = np.asarray([garble.has_rare(name) for name in cells], dtype=np.bool_)
    dotted = np.asarray([garble.DOT in name for name in cells], dtype=np.bool_)
    long = np.asarray([len(name) > _LONG_NAME for name in cells], dtype=np.bool_)
    for kind, share, eligible, change in (
        ("name_rare", rates.name_rare, rare, garble.rare_lost),
        ("name_cut", rates.name_cut, long, garble.cut_name),
        ("name_dot", rates.name_dot, dotted, garble.other_dot),
    ):
        hit = np.flatnonzero(eligible & chance(rng, rows, share))
        _apply(written, hit, kind, cells, _on_cell(rng, cells, change))
    draw, floor = rng.random(rows), 0.0
    for kind, share, change in (
        ("name_homophone", rates.name_homophone, garble.homophone),
        ("name_lookalike", rates.name_lookalike, garble.lookalike),
        ("name_variant", rates.name_variant, garble.variant),
        ("name_spaces", rates.name_spaces, garble.spaced_name),
        ("name_note", rates.name_note, garble.noted),
    ):
        hit = np.flatnonzero((draw >= floor) & (draw < floor + share))
        floor += share
        _apply(written, hit, kind, cells, _on_cell(rng, cells, change))


def _on_cell(rng: Rng, cells: Cells, change: Callable[[Rng, str], str]) -> Callable[[int], str]:
    return lambda row: change(rng, cells[row])


def shifted_days(days: Ints, rate: float, rng: Rng, written: Written, latest: int) -> Ints:
    """Dates a day early or late in this share of rows, never after `latest`."""
    hit = chance(rng, len(days), rate)
    shifted = np.minimum(days + np.where(hit, whole(rng, 0, 1, len(days)) * 2 - 1, 0), latest)
    written.mark(shifted != days, "day_off")
    return shifted
