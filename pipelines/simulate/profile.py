"""The two cities: household and person counts of the source documents, standards, and how often what is true.

Counts and average top-ups are the documents' (district: 512/664 and 619/844, 467.92 and 473.5 yuan;
prefecture: 6,372/13,385 and 27,543/63,238, 384 and 181.8 yuan in 2015). 特困 (about a tenth of dibao, as in the
country) and everything else is the demo's own and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipelines.base.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class DemoStandards:
    """What the city's demo rules say, in 分. The policy pack states the same figures with citations."""

    urban_fen: int
    rural_fen: int
    support_basic_fen: int
    """特困: basic living, 1.3 × the standard; the care allowance by how far one can look after oneself."""
    support_care_fen: tuple[int, int, int] = (6_000, 30_000, 60_000)
    resident_disregard_fen: int = 12_300
    assets_months: int = 48
    business_capital_fen: int = 10_000_000
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
    amount_below_entitlement: float = 0.012
    paid_differs_from_list: float = 0.015
    member_deceased: float = 0.015
    wage_unreported: float = 0.012
    financial_assets_over: float = 0.012
    business_owned: float = 0.010
    spouse_not_listed: float = 0.008
    hukou_left: float = 0.008
    death_disputed: float = 0.004


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
    flexible_payer: float = 0.04
    assets_at_limit: float = 0.004
    nominal_member: float = 0.02
    cancelled_business: float = 0.015
    capital_below: float = 0.01


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Households and covered persons that join and leave one programme between two simulated months."""

    joined: tuple[int, int]
    left: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One city. `residents` is the scale: registries grow in proportion, assisted households stay exact."""

    name: str
    residents: int
    towns: int
    villages_per_town: int
    urban: Cohort
    rural: Cohort
    tekun: Cohort
    standards: DemoStandards
    planned: Planned = Planned()
    traps: Traps = Traps()
    flows: Mapping[str, Flow] = field(default_factory=dict)
    """Programme → planned turnover, where an earlier month is simulated too."""
    pack: str = ""
    """The policy pack whose standards of the month replace those stated here; see dated.in_month."""
    top_ups: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """From a year on: the average top-up aimed at, urban and rural."""

    def joins(self, programme: str) -> tuple[int, int]:
        """Households and covered persons of the programme that were not yet on the earlier list."""
        return self.flows[programme].joined if programme in self.flows else (0, 0)

    def exits(self, programme: str) -> Cohort | None:
        """Those of the earlier list that are on the later one no more."""
        if programme not in self.flows:
            return None
        households, covered = self.flows[programme].left
        return replace(self.cohort(programme), households=households, covered=covered)

    def cohort(self, programme: str) -> Cohort:
        return {"dibao_urban": self.urban, "dibao_rural": self.rural, "tekun": self.tekun}[programme]

    def standard_fen(self, programme: str) -> int:
        """What the programme's income and asset tests follow; 特困 the urban dibao standard, as in the pack."""
        return self.standards.rural_fen if programme == "dibao_rural" else self.standards.urban_fen


DISTRICT = Profile(
    name="district",
    residents=40_000,
    towns=12,
    villages_per_town=3,
    urban=Cohort(households=512, covered=664, top_up_fen=46_792, uncovered_share=0.18),
    rural=Cohort(households=619, covered=844, top_up_fen=47_350, uncovered_share=0.16),
    tekun=Cohort(households=120, covered=120, top_up_fen=0, uncovered_share=0),
    standards=DemoStandards(urban_fen=81_000, rural_fen=81_000, support_basic_fen=105_300),
    # 282/378 joined and 336/478 left are the documents' (A14); the shares of town and country are the demo's own.
    flows={
        "dibao_urban": Flow(joined=(128, 168), left=(152, 212)),
        "dibao_rural": Flow(joined=(154, 210), left=(184, 266)),
    },
)

PREFECTURE = Profile(
    name="prefecture",
    residents=1_100_000,
    towns=72,
    villages_per_town=6,
    urban=Cohort(households=6_372, covered=13_385, top_up_fen=42_300, uncovered_share=0.18),
    rural=Cohort(households=27_543, covered=63_238, top_up_fen=19_500, uncovered_share=0.16),
    tekun=Cohort(households=3_600, covered=3_600, top_up_fen=0, uncovered_share=0),
    standards=DemoStandards(urban_fen=47_000, rural_fen=31_000, support_basic_fen=61_100),
    pack="demo-prefecture",
    # A27 and A28. Of 2014 the documents name the standards only: the income below them is held to be that of 2015.
    top_ups={2014: (34_400, 15_180), 2015: (38_400, 18_180), 2016: (42_300, 19_500)},
)

PROFILES = {profile.name: profile for profile in (DISTRICT, PREFECTURE)}


def profile_named(name: str) -> Profile:
    """The profile, or NotFound with the names there are."""
    if name not in PROFILES:
        raise NotFound(f"no city profile is called [{name}]", remedy=f"one of: {', '.join(PROFILES)}")
    return PROFILES[name]
