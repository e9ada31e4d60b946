"""The rules there are, by code. Which of them apply is the pack's checklist."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.s5_assess.rules import (
    amount_above_entitlement,
    amount_below_entitlement,
    authorisation_missing,
    business_owned,
    death_disputed,
    disability_subsidy_unfounded,
    dwellings_over,
    elder_allowance_early,
    financial_assets_over,
    head_unclear,
    hukou_left,
    identity_to_confirm,
    income_over_standard,
    listed_twice,
    member_deceased,
    member_in_custody,
    non_residential_owned,
    paid_after_death,
    paid_differs_from_list,
    programmes_stacked,
    spouse_not_listed,
    vehicle_owned,
)
from pipelines.s5_assess.rules.rule import Rule, bindable

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        vehicle_owned.RULE,
        dwellings_over.RULE,
        non_residential_owned.RULE,
        business_owned.RULE,
        financial_assets_over.RULE,
        income_over_standard.RULE,
        amount_above_entitlement.RULE,
        amount_below_entitlement.RULE,
        paid_differs_from_list.RULE,
        member_deceased.RULE,
        member_in_custody.RULE,
        spouse_not_listed.RULE,
        hukou_left.RULE,
        death_disputed.RULE,
        head_unclear.RULE,
        authorisation_missing.RULE,
        listed_twice.RULE,
        programmes_stacked.RULE,
        paid_after_death.RULE,
        disability_subsidy_unfounded.RULE,
        elder_allowance_early.RULE,
        identity_to_confirm.RULE,
    )
}

__all__ = ["RULES", "Rule", "bindable"]
