"""Names for many people at once: surnames by frequency, given names by sex and cohort, minority and rare forms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from pipelines import reference
from pipelines.simulate.draw import Bools, Ints, Rng, Texts, chance, weighted, whole

_ONE_CHARACTER = 0.16
_RARE = 0.006
_COHORTS = (1900, 1960, 1980, 2000)
_DOT = "·"
_GROUPS = ("UY", "MG", "TB", "YI")
_GROUP_WEIGHTS = (5, 3, 2, 3)


@dataclass(frozen=True, kw_only=True)
class GivenNames:
    """Two characters a person; the second is empty for one-character names."""

    first: Texts
    second: Texts


def draw_surnames(rng: Rng, rows: int) -> Texts:
    """Surnames by frequency."""
    surnames = reference.table("surnames.csv")
    weights = pc.cast(surnames["tf"], "float64").to_numpy()
    return np.asarray(surnames["surname"].to_pylist())[weighted(rng, weights, rows)]


def draw_given(rng: Rng, is_male: Bools, birth_year: Ints) -> GivenNames:
    """Given characters in fashion when the person was born."""
    first = np.zeros(len(is_male), dtype="U1")
    second = np.zeros(len(is_male), dtype="U1")
    cohort = np.searchsorted(np.asarray(_COHORTS), birth_year, side="right") - 1
    for sex in ("m", "f"):
        for index, year in enumerate(_COHORTS):
            rows = np.flatnonzero((is_male == (sex == "m")) & (cohort == index))
            characters, weights = _given_characters(sex, str(year))
            first[rows] = characters[weighted(rng, weights, len(rows))]
            second[rows] = characters[weighted(rng, weights, len(rows))]
    second[chance(rng, len(second), _ONE_CHARACTER)] = ""
    return GivenNames(first=first, second=second)


def _given_characters(sex: str, cohort: str) -> tuple[Texts, list[float]]:
    rows = [
        row
        for row in reference.table("given_chars_permissive.csv").to_pylist()
        if row["sex"] == sex and row["cohort_from"] == cohort
    ]
    return np.asarray([row["char"] for row in rows]), [float(row["weight"]) for row in rows]


def with_rare_characters(rng: Rng, given: GivenNames) -> GivenNames:
    """A few people carry a character that old systems cannot write."""
    pool = np.asarray(reference.table("rare_chars.csv")["char"].to_pylist())
    rows = np.flatnonzero(chance(rng, len(given.first), _RARE))
    second = given.second.copy()
    second[rows] = pool[whole(rng, 0, len(pool) - 1, len(rows))]
    return GivenNames(first=given.first, second=second)


def draw_minority(rng: Rng, is_male: Bools, group: Ints) -> Texts:
    """Given name, middle dot, a second part: the form GB/T asks for."""
    names = np.zeros(len(group), dtype="U20")
    for index, code in enumerate(_GROUPS):
        for male in (True, False):
            rows = np.flatnonzero((group == index) & (is_male == male))
            own, any_sex = _minority_parts(code, "m" if male else "f"), _minority_parts(code, "")
            given = own[whole(rng, 0, len(own) - 1, len(rows))]
            last = any_sex[whole(rng, 0, len(any_sex) - 1, len(rows))]
            names[rows] = np.strings.add(np.strings.add(given, _DOT), last)
    return names


def minority_groups(rng: Rng, rows: int) -> Ints:
    """Which minority a home belongs to."""
    return weighted(rng, _GROUP_WEIGHTS, rows)


def _minority_parts(group: str, sex: str) -> Texts:
    parts = reference.table("minority_name_parts.csv").to_pylist()
    return np.asarray(
        [row["part"] for row in parts if row["group"] == group and (not sex or row["sex"] in (sex, "u"))]
    )
