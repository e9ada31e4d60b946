"""Households drawn for people to review: each stratum in proportion to its size, the same for the same run and seed.

A stratum is a programme, flagged or not flagged. Within it the order is a digest keyed with the seed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from pipelines.base.errors import NotFound
from pipelines.run.month import Run

Stratum: TypeAlias = tuple[str, bool]
_CLOSED = "closed"
_LEAST = 1


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A household of the month and what the run says of it."""

    household_id: str
    household_no: str
    programme: str
    town: str
    village: str
    outcome: str
    codes: tuple[str, ...]

    @property
    def stratum(self) -> Stratum:
        return self.programme, bool(self.codes)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was drawn, and how many households each stratum has in all."""

    run_id: str
    month: str
    seed: str
    asked: int
    sizes: dict[Stratum, int]
    drawn: tuple[Listed, ...]


def draw_households(run: Run, *, count: int, seed: str) -> Sample:
    """At least one household a stratum, else in proportion; in the order of the household numbers."""
    if count < 1:
        raise NotFound("a sample needs at least one household", place=f"--n {count}")
    strata: dict[Stratum, list[Listed]] = defaultdict(list)
    for household in listed_households(run):
        strata[household.stratum].append(household)
    sizes = {stratum: len(strata[stratum]) for stratum in sorted(strata)}
    shares = allotted(sizes, count)
    chosen = [one for stratum in sizes for one in _first(strata[stratum], seed, shares[stratum])]
    return Sample(
        run_id=run.run_id,
        month=str(run.period),
        seed=seed,
        asked=count,
        sizes=sizes,
        drawn=tuple(sorted(chosen, key=lambda one: (one.household_no, one.household_id))),
    )


def listed_households(run: Run) -> list[Listed]:
    """Every household of the month, with the reason codes of its open flags."""
    codes: dict[str, set[str]] = defaultdict(set)
    for row in run.read("flag", "flag").select(["household_id", "code", "state"]).to_pylist():
        if row["state"] != _CLOSED:
            codes[row["household_id"]].add(row["code"])
    assessed = run.read("assess", "assessed_household").select(["household_id", "outcome"]).to_pylist()
    outcomes = {row["household_id"]: row["outcome"] for row in assessed}
    return [
        Listed(
            household_id=row["record_id"],
            household_no=row["household_no"],
            programme=row["programme"],
            town=row["town"],
            village=row["village"],
            outcome=outcomes[row["record_id"]],
            codes=tuple(sorted(codes[row["record_id"]])),
        )
        for row in run.read("compose", "household").to_pylist()
    ]


def allotted(sizes: dict[Stratum, int], count: int) -> dict[Stratum, int]:
    """In proportion by largest remainders, one for each stratum at least, all of it at most."""
    whole = sum(sizes.values())
    wanted = min(count, whole)
    shares = {stratum: size * wanted // whole for stratum, size in sizes.items()}
    left = wanted - sum(shares.values())
    by_remainder = sorted(sizes, key=lambda stratum: (-(sizes[stratum] * wanted % whole), stratum))
    more = Counter(by_remainder[:left])
    return {stratum: max(_LEAST, shares[stratum] + more[stratum]) for stratum in sizes}


def _first(households: list[Listed], seed: str, count: int) -> list[Listed]:
    key = blake2b(seed.encode(), digest_size=32).digest()

    def place(one: Listed) -> tuple[bytes, str]:
        return blake2b(one.household_id.encode(), key=key, digest_size=16).digest(), one.household_id

    return sorted(households, key=place)[:count]
