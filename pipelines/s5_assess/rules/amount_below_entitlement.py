"""The month's payment is below the least the household is certainly entitled to, by more than materiality.

No line for a household over the income standard, and never from income that nobody reported.
detail in 分 a month: counting, covered, covered_before (persons), ground (basic · full · change), income, materiality,
paid_before, standard, standard_before
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import PROGRAMME_ENTITLEMENT, Rule

RULE = Rule(
    code="amount_below_entitlement",
    sentence_zh="当月发放金额低于确定的最低应发金额。",
    sentence_en="The month's payment is below the least that is certainly due.",
    unit="fen_per_month",
    basis=PROGRAMME_ENTITLEMENT,
    sources=("income.sources", "amount.sources"),
)
