"""Every parameter a pack states, every rule it may put in force. Any other key is a typing error.

PARAMETERS every pack states; RULE_PARAMETERS one that puts the rule in force; OPTIONAL whoever has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pipelines.base.errors import PackInvalid


class Unit(StrEnum):
    """What a value counts. Money is whole 分."""

    FEN = "fen"
    FEN_PER_MONTH = "fen_per_month"
    FEN_PER_PERSON_MONTH = "fen_per_person_month"
    FEN_PER_PERSON_QUARTER = "fen_per_person_quarter"
    FEN_PER_PERSON_YEAR = "fen_per_person_year"
    COUNT = "count"
    MONTHS = "months"
    CODES = "codes"
    PERCENT = "percent"
    YEARS = "years"
    DAYS = "days"
    HUNDREDTH_M2_PER_PERSON = "hundredth_m2_per_person"


# An amount a month may be stated for a quarter or a year.
MONTHS_IN: Mapping[Unit, int] = {
    Unit.FEN_PER_PERSON_MONTH: 1,
    Unit.FEN_PER_PERSON_QUARTER: 3,
    Unit.FEN_PER_PERSON_YEAR: 12,
}

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

# What only a pack that puts the rule in force states.
RULE_PARAMETERS: Mapping[str, Mapping[str, Unit]] = {
    "member_in_custody": {"custody.sources": Unit.CODES},
    "spouse_not_listed": {"population.sources": Unit.CODES, "population.marriage_age": Unit.YEARS},
    "hukou_left": {"population.sources": Unit.CODES},
    # Days by which registries may differ on the day of a death.
    "death_disputed": {"deaths.tolerance": Unit.DAYS},
    # How many households may list a person: the law's one.
    "listed_twice": {"stacking.once": Unit.COUNT},
    # Two programmes joined by +, either way round as stated.
    "programmes_stacked": {"stacking.forbidden": Unit.CODES, "stacking.sources": Unit.CODES},
    # Programmes paid month by month to a person who lives.
    "paid_after_death": {"pay_list.monthly": Unit.CODES, "pay_list.sources": Unit.CODES},
    "disability_subsidy_unfounded": {"disability.care_levels": Unit.CODES, "disability.sources": Unit.CODES},
    "elder_allowance_early": {"elder.age": Unit.YEARS, "elder.sources": Unit.CODES},
}

# What a pack may state. Without it what it governs does not apply.
OPTIONAL: Mapping[str, Unit] = {
    # Statistics that formulas take shares of: disposable income of a resident.
    "income.disposable.urban": Unit.FEN_PER_PERSON_YEAR,
    "income.disposable.rural": Unit.FEN_PER_PERSON_YEAR,
    # What the province requires at least, see FLOORS.
    "income.floor.urban": Unit.FEN_PER_PERSON_MONTH,
    "income.floor.rural": Unit.FEN_PER_PERSON_MONTH,
    "support.floor": Unit.FEN_PER_PERSON_MONTH,
    # Basic living of a person in destitute support (特困), and the highest care allowance: full care. A programme
    # names them: `entitlement: [support.basic, support.care_most]`.
    "support.basic": Unit.FEN_PER_PERSON_MONTH,
    "support.care_most": Unit.FEN_PER_PERSON_MONTH,
    # States of the custody register that take a person out of the household. Not stated: nobody is taken out.
    "custody.states": Unit.CODES,
    # Months after a recorded death for which an employer may still pay contributions; later ones put it in dispute.
    "deaths.late_months": Unit.MONTHS,
    # Kinds of people who may be owed help and are looked for; the age below which somebody is a child.
    "candidates.kinds": Unit.CODES,
    "candidates.child_age": Unit.YEARS,
    # What working costs: this share of the wage or of the standard, the larger, and at most the cap for each earner.
    "income.employment_cost.rate": Unit.PERCENT,
    "income.employment_cost.standard_share": Unit.PERCENT,
    "income.employment_cost.cap": Unit.FEN_PER_PERSON_MONTH,
    # The least contribution base there is: one at the floor says that somebody is insured, not what he earns.
    "income.base_floor": Unit.FEN_PER_MONTH,
    # Of the standard: what is over it and not over this is to be confirmed, not over.
    "income.clearly_above": Unit.PERCENT,
    # Payments of other programmes that do not count. Where it is stated, the others do.
    "income.not_counted": Unit.CODES,
    # So many dwellings are allowed where all of them together have no more than this for each member.
    "assets.dwellings.limit_by_area": Unit.COUNT,
    "assets.dwellings.area_per_head": Unit.HUNDREDTH_M2_PER_PERSON,
    # An individual household business of no more capital may be a kiosk without employees: to be confirmed.
    "assets.businesses.kiosk_capital": Unit.FEN,
    # Kinds of holdings that are no assets: an accident policy the bureau bought for recipients has no value to draw.
    "assets.financial.not_counted": Unit.CODES,
    # Of the materiality: below it an open question about the amount closes; without it, at the materiality.
    "amount.hysteresis": Unit.PERCENT,
    # Months (01 to 12) in which amounts are reviewed, and the materiality between them.
    "amount.review_months": Unit.CODES,
    "amount.between_reviews": Unit.FEN_PER_MONTH,
    # 分类施保: the largest that applies to a covered member is added to the entitlement.
    "supplement.aged.from": Unit.YEARS,
    "supplement.aged.amount": Unit.FEN_PER_PERSON_MONTH,
    "supplement.child.below": Unit.YEARS,
    "supplement.child.amount": Unit.FEN_PER_PERSON_MONTH,
    "supplement.disabled.levels": Unit.CODES,
    "supplement.disabled.amount": Unit.FEN_PER_PERSON_MONTH,
    # 价格临时补贴 while it is paid, for each covered person; `value: null` when it ends. Never income.
    "supplement.price": Unit.FEN_PER_PERSON_MONTH,
    # The next tiers: 低保边缘 in percent of the standard, 刚性支出困难 by the disposable income of a person.
    "tiers.marginal": Unit.PERCENT,
    "tiers.rigid": Unit.FEN_PER_PERSON_MONTH,
    # 单人保: levels of disability with which one person of a marginal household may apply alone; `mental_levels`
    # those of an intellectual or mental disability.
    "tiers.single.levels": Unit.CODES,
    "tiers.single.mental_levels": Unit.CODES,
    # How long a month's raw data and the evidence of its flags stay, from the month's last day. Not stated: for good.
    "retention.raw": Unit.MONTHS,
    "retention.flagged": Unit.MONTHS,
    # 渐退: how long benefits may go on where only the income is over.
    "exit.gradual_months": Unit.MONTHS,
}

# Amount → what it may not be below in any month.
FLOORS: Mapping[str, str] = {
    "income.standard.urban": "income.floor.urban",
    "income.standard.rural": "income.floor.rural",
    "support.basic": "support.floor",
}

_OF_RULES = {path: unit for group in RULE_PARAMETERS.values() for path, unit in group.items()}
KNOWN: Mapping[str, Unit] = {**PARAMETERS, **_OF_RULES, **OPTIONAL}

RULES: tuple[str, ...] = (
    "vehicle_owned",
    "dwellings_over",
    "non_residential_owned",
    "business_owned",
    "financial_assets_over",
    "income_over_standard",
    "amount_above_entitlement",
    "amount_below_entitlement",
    "paid_differs_from_list",
    "member_deceased",
    "member_in_custody",
    "spouse_not_listed",
    "hukou_left",
    "death_disputed",
    "head_unclear",
    "authorisation_missing",
    "listed_twice",
    "programmes_stacked",
    "paid_after_death",
    "disability_subsidy_unfounded",
    "elder_allowance_early",
    "identity_to_confirm",
)


def unit_of(path: str) -> Unit:
    """The one unit a parameter may have."""
    if path not in KNOWN:
        raise PackInvalid(
            f"no parameter is called [{path}]", remedy="paths are listed in policy/catalogue.py"
        )
    return KNOWN[path]
