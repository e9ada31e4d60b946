"""The two cities: household and person counts of the source documents, standards, and how often what is true.

Counts and average top-ups are the documents' (district: 512/664 and 619/844, 467.92 and 473.5 yuan;
prefecture: 6,372/13,385 and 27,543/63,238). Everything else is the demo's own and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.base.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class DemoStandards:
    """What the city's demo rules say, in 分. The policy pack states the same figures with citations."""

    urban_fen: int
    rural_fen: int
    resident_disregard_fen: int = 12_300
    materiality_fen: int = 1_000


@dataclass(frozen=True, kw_only=True)
class Cohort:
    """One programme: exact households and covered persons, and the average top-up aimed at."""

    households: int
    covered: int
    top_up_fen: int
    uncovered_share: float
    """Share of households with family members who live there and are not covered."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Shares of assisted households in which something is true that must be flagged."""

    vehicle_owned: float = 0.025
    dwellings_over: float = 0.015
    non_residential_owned: float = 0.010
    income_over_standard: float = 0.020
    amount_above_entitlement: float = 0.018
    paid_differs_from_list: float = 0.015
    member_deceased: float = 0.015


@dataclass(frozen=True, kw_only=True)
class Traps:
    """Shares of assisted households with something that looks like a flag and must not become one."""

    motorcycle_or_tractor: float = 0.08
    gone_vehicle: float = 0.03
    historical_dwelling: float = 0.04
    historical_shop: float = 0.01
    parking: float = 0.02
    same_house_in_both_registers: float = 0.10
    namesake_neighbour: float = 0.02
    kin_outside: float = 0.02
    shared_number: float = 0.008


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One city. `residents` is the scale: registries grow in proportion, assisted households stay exact."""

    name: str
    residents: int
    towns: int
    villages_per_town: int
    urban: Cohort
    rural: Cohort
    standards: DemoStandards
    planned: Planned = Planned()
    traps: Traps = Traps()

    def cohort(self, programme: str) -> Cohort:
        return self.urban if programme == "dibao_urban" else self.rural

    def standard_fen(self, programme: str) -> int:
        return self.standards.urban_fen if programme == "dibao_urban" else self.standards.rural_fen


DISTRICT = Profile(
    name="district",
    residents=40_000,
    towns=12,
    villages_per_town=3,
    urban=Cohort(households=512, covered=664, top_up_fen=46_792, uncovered_share=0.18),
    rural=Cohort(households=619, covered=844, top_up_fen=47_350, uncovered_share=0.16),
    standards=DemoStandards(urban_fen=81_000, rural_fen=81_000),
)

PREFECTURE = Profile(
    name="prefecture",
    residents=1_100_000,
    towns=72,
    villages_per_town=6,
    urban=Cohort(households=6_372, covered=13_385, top_up_fen=42_300, uncovered_share=0.18),
    rural=Cohort(households=27_543, covered=63_238, top_up_fen=19_500, uncovered_share=0.16),
    standards=DemoStandards(urban_fen=47_000, rural_fen=31_000),
)

PROFILES = {profile.name: profile for profile in (DISTRICT, PREFECTURE)}


def profile_named(name: str) -> Profile:
    """The profile, or NotFound with the names there are."""
    if name not in PROFILES:
        raise NotFound(f"no city profile is called [{name}]", remedy=f"one of: {', '.join(PROFILES)}")
    return PROFILES[name]
