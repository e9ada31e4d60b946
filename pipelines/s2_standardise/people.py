"""Who a row names: one person, several in fixed columns (slots), or several in one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources.spec import SharedCell

_HARD = "、,，/;；"
_MIN_NAME = 2


@dataclass(frozen=True, kw_only=True)
class People:
    """For each person: the index of the row, the slot within it, name and id as delivered."""

    row: np.ndarray
    slot: np.ndarray
    names: pa.Array
    ids: pa.Array


def split_cells(names: pa.Array, ids: pa.Array, shared: pa.Array, cell: SharedCell) -> People:
    """Several owners in one cell, each with the id that stands in the same place."""
    people = [
        (row, slot, name, number)
        for row, (cell_names, cell_ids, word) in enumerate(
            zip(names.to_pylist(), ids.to_pylist(), shared.to_pylist(), strict=True)
        )
        for slot, (name, number) in enumerate(
            split_owners(cell_names or "", cell_ids or "", shared=(word or "").strip() == cell.shared_value)
        )
    ]
    rows, slots, found_names, found_ids = zip(*people, strict=True) if people else ((), (), (), ())
    return People(
        row=np.array(rows, dtype=np.int64),
        slot=np.array(slots, dtype=np.int32),
        names=pa.array(found_names, pa.string()),
        ids=pa.array(found_ids, pa.string()),
    )


def split_owners(names: str, ids: str, *, shared: bool) -> list[tuple[str | None, str | None]]:
    """(name, id) of each owner. A blank inside one owner's name is noise, between two owners a separator.

    Ids belong to the names in the same place; a single id is the first owner's. When two or more ids do
    not fit the number of names, nobody can say whose they are: names and ids become people of their own.
    """
    numbers = [part.strip() for part in re.split(f"[{_HARD}]", ids)]
    several = shared or len([number for number in numbers if number]) > 1
    if not several:
        return [(names.strip() or None, ids.strip() or None)]
    owners = _owners(names)
    if len(numbers) == len(owners):
        return [(owner, number or None) for owner, number in zip(owners, numbers, strict=True)]
    given = [number for number in numbers if number]
    if len(given) <= 1 and len(numbers) == 1:
        padded: list[str | None] = [*given, *[None] * len(owners)]
        return list(zip(owners, padded, strict=False))
    return [(owner, None) for owner in owners] + [(None, number) for number in given]


def _owners(names: str) -> list[str | None]:
    hard = [part.strip() for part in re.split(f"[{_HARD}]", names)]
    if len(hard) > 1:
        return [part for part in hard if part] or [None]
    soft = _rejoined(names.split())
    return list(soft) if len(soft) > 1 else [names.strip() or None]


def _rejoined(parts: list[str]) -> list[str]:
    """A single character is no name: it is the surname of what follows it, or at the end, of what stands before."""
    owners: list[str] = []
    for part in parts:
        if owners and len(owners[-1]) < _MIN_NAME:
            owners[-1] += part
        else:
            owners.append(part)
    if len(owners) > 1 and len(owners[-1]) < _MIN_NAME:
        last = owners.pop()
        owners[-1] += last
    return owners


def keep_named(people: People) -> People:
    """Without the empty places of a wide row."""
    named = pc.or_(_written(people.names), _written(people.ids)).to_numpy(zero_copy_only=False)
    return People(
        row=people.row[named],
        slot=people.slot[named],
        names=people.names.filter(pa.array(named)),
        ids=people.ids.filter(pa.array(named)),
    )


def _written(values: pa.Array) -> pa.Array:
    return pc.not_equal(pc.utf8_trim_whitespace(values.fill_null("")), "")
