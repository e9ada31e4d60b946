"""The same city some months earlier: who was on its lists then, so that so many joined and left in between.

People, homes, names and numbers are the later month's. Households that stayed are the same with the same covered
members; those that joined are missing, those that left are other homes of the city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipelines.base.errors import NotFound
from pipelines.simulate.assistance import PROGRAMMES, Assisted, assemble, choose_homes
from pipelines.simulate.draw import NOBODY, Ints, Rng, mask_of, stream
from pipelines.simulate.places import Places
from pipelines.simulate.population import People
from pipelines.simulate.profile import Profile


@dataclass(frozen=True, kw_only=True)
class Turnover:
    """The later month's households that joined, and the earlier month's assistance."""

    joined: Ints
    """Positions among the later month's households."""
    opening: Assisted


def draw_turnover(profile: Profile, places: Places, people: People, closing: Assisted, seed: int) -> Turnover:
    """Exact in households and covered persons for each programme the profile plans turnover for."""
    rng = stream(seed, "turnover")
    joined = [
        _exactly(rng, np.flatnonzero(closing.programme == index), closing.covered, *profile.joins(name))
        for index, name in enumerate(PROGRAMMES)
    ]
    stays = ~mask_of(len(closing.home), np.concatenate(joined))
    urban = places.is_urban[people.homes.village]
    free = np.ones(len(urban), dtype=np.bool_)
    free[closing.home] = False
    home, programme, covered = [closing.home[stays]], [closing.programme[stays]], [closing.covered[stays]]
    for index, name in enumerate(PROGRAMMES):
        cohort = profile.exits(name)
        if cohort is None:
            continue
        homes, count = choose_homes(rng, people.homes, free & (urban == (name == "dibao_urban")), cohort)
        free[homes] = False
        home, covered = [*home, homes], [*covered, count]
        programme = [*programme, np.full(len(homes), index, dtype=np.int64)]
    opening = _assembled(
        rng, profile, people, np.concatenate(home), np.concatenate(programme), np.concatenate(covered)
    )
    return Turnover(joined=np.concatenate(joined), opening=_as_before(opening, closing))


def _assembled(
    rng: Rng, profile: Profile, people: People, home: Ints, programme: Ints, covered: Ints
) -> Assisted:
    order = np.argsort(home)
    standards = np.asarray([profile.standard_fen(name) for name in PROGRAMMES], dtype=np.int64)
    return assemble(rng, people, home[order], programme[order], covered[order], standards=standards)


def _as_before(opening: Assisted, closing: Assisted) -> Assisted:
    """The members of households that stayed are covered in both months or in neither."""
    later = np.zeros(len(closing.household_of), dtype=np.bool_)
    later[closing.person] = closing.is_covered
    stayed = closing.household_of[opening.person] != NOBODY
    return replace(opening, is_covered=np.where(stayed, later[opening.person], opening.is_covered))


def _exactly(rng: Rng, candidates: Ints, covered: Ints, households: int, persons: int) -> Ints:
    """So many of these households with so many covered persons: any draw, then swaps until the persons fit."""
    order = rng.permutation(candidates)
    chosen, rest = order[:households].tolist(), order[households:].tolist()
    missing = persons - int(covered[chosen].sum())
    while missing:
        swap = _swap(chosen, rest, covered, missing)
        if swap is None:
            raise NotFound(
                f"no [{households}] of [{len(candidates)}] households have [{persons}] covered persons"
            )
        mine, other = swap
        missing -= int(covered[rest[other]] - covered[chosen[mine]])
        chosen[mine], rest[other] = rest[other], chosen[mine]
    return np.sort(np.asarray(chosen, dtype=np.int64))


def _swap(chosen: list[int], rest: list[int], covered: Ints, missing: int) -> tuple[int, int] | None:
    """The first household chosen and the first not chosen whose exchange comes one person nearer."""
    step = 1 if missing > 0 else -1
    for mine, household in enumerate(chosen):
        for other, candidate in enumerate(rest):
            if int(covered[candidate] - covered[household]) == step:
                return mine, other
    return None
