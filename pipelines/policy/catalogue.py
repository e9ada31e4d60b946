"""Every parameter a pack states, every rule it may put in force. Any other key is a typing error."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pipelines.base.errors import PackInvalid


class Unit(StrEnum):
    """What a value counts. Money is whole 分."""

    FEN = "fen"
    FEN_PER_MONTH = "fen_per_month"
    FEN_PER_PERSON_MONTH = "fen_per_person_month"
    COUNT = "count"
    MONTHS = "months"
    CODES = "codes"


PARAMETERS: Mapping[str, Unit] = {
    # Standards, per person and month; a programme names the one it follows in pack.yaml.
    "income.standard.urban": Unit.FEN_PER_PERSON_MONTH,
    "income.standard.rural": Unit.FEN_PER_PERSON_MONTH,
    # The part of a resident pension that does not count.
    "income.resident_pension_disregard": Unit.FEN_PER_PERSON_MONTH,
    # Over how many months the taxed income of a tax year is spread.
    "income.taxed_months": Unit.MONTHS,
    # Every source the income rule needs, those not connected yet included.
    "income.sources": Unit.CODES,
    "assets.vehicles.limit": Unit.COUNT,
    # First letters of vehicle types, and plate types, that do not count.
    "assets.vehicles.exempt_types": Unit.CODES,
    "assets.vehicles.exempt_plate_types": Unit.CODES,
    # Status letters of a vehicle that is no longer there; one of them in the status is enough.
    "assets.vehicles.gone_status": Unit.CODES,
    "assets.vehicles.sources": Unit.CODES,
    "assets.dwellings.limit": Unit.COUNT,
    "assets.dwellings.sources": Unit.CODES,
    "assets.non_residential.limit": Unit.COUNT,
    "assets.non_residential.sources": Unit.CODES,
    "assets.businesses.limit": Unit.COUNT,
    # Registered capital from which a live business counts, and the posts and shares that tie a person to it.
    "assets.businesses.capital": Unit.FEN,
    "assets.businesses.roles": Unit.CODES,
    "assets.businesses.sources": Unit.CODES,
    # Financial assets a household may have: this many months of the standard for each living member.
    "assets.financial.months": Unit.MONTHS,
    "assets.financial.sources": Unit.CODES,
    # How far a payment may exceed the entitlement before anyone is asked to look.
    "amount.materiality": Unit.FEN_PER_MONTH,
    "amount.sources": Unit.CODES,
    "deaths.sources": Unit.CODES,
}

# Amounts that only a pack with a programme naming them states: `entitlement: [support.basic, support.care_most]`.
PROGRAMME_AMOUNTS: Mapping[str, Unit] = {
    # Basic living of a person in destitute support (特困), and the highest care allowance: full care.
    "support.basic": Unit.FEN_PER_PERSON_MONTH,
    "support.care_most": Unit.FEN_PER_PERSON_MONTH,
}

KNOWN: Mapping[str, Unit] = {**PARAMETERS, **PROGRAMME_AMOUNTS}

RULES: tuple[str, ...] = (
    "vehicle_owned",
    "dwellings_over",
    "non_residential_owned",
    "business_owned",
    "financial_assets_over",
    "income_over_standard",
    "amount_above_entitlement",
    "paid_differs_from_list",
    "member_deceased",
    "identity_to_confirm",
)


def unit_of(path: str) -> Unit:
    """The one unit a parameter may have."""
    if path not in KNOWN:
        raise PackInvalid(
            f"no parameter is called [{path}]", remedy="paths are listed in policy/catalogue.py"
        )
    return KNOWN[path]
