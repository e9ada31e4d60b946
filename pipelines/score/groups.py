"""Groups of persons that must not fare worse than the others: by name, by rare characters, by place."""

from __future__ import annotations

import pyarrow as pa

_SHORTEST, _LONGEST_HAN = 2, 4
_PLACES = {"CS": "urban", "NC": "rural"}


def groups_of(persons: pa.Table) -> dict[str, tuple[str, ...]]:
    """The groups of each person of the truth."""
    columns = (persons[name].to_pylist() for name in ("person_key", "name", "household_no"))
    return {
        person: (_name_group(name), *_character_group(name), _place_group(household))
        for person, name, household in zip(*columns, strict=True)
    }


def _name_group(name: str) -> str:
    if "·" in name or len(name) > _LONGEST_HAN:
        return "minority name"
    return "name of two characters" if len(name) == _SHORTEST else "name of three or four characters"


def _character_group(name: str) -> tuple[str, ...]:
    """Characters outside GB 2312 are those that old systems lose."""
    try:
        name.replace("·", "").encode("gb2312")
    except UnicodeEncodeError:
        return ("rare character",)
    return ()


def _place_group(household_no: str) -> str:
    return _PLACES.get(household_no[:2], "other programme")
