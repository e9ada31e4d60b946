"""The rules there are, by code. Which of them apply is the pack's checklist."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.s5_assess.rules import (
    amount_above_entitlement,
    business_owned,
    dwellings_over,
    financial_assets_over,
    identity_to_confirm,
    income_over_standard,
    member_deceased,
    non_residential_owned,
    paid_differs_from_list,
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
        paid_differs_from_list.RULE,
        member_deceased.RULE,
        identity_to_confirm.RULE,
    )
}

__all__ = ["RULES", "Rule", "bindable"]
