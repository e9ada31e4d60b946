"""The month's payment is above the most the household can be entitled to, by more than materiality.

No line for a household over the income standard: its income is the question.
detail in 分 a month: covered (persons), fixed (what each gets at most whatever the income; 0 where the income
decides), income, counting (persons), materiality, standard, supplement
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import PROGRAMME_ENTITLEMENT, Rule

RULE = Rule(
    code="amount_above_entitlement",
    sentence_zh="当月发放金额高于按已知收入计算的最高应发金额。",
    sentence_en="The month's payment is above the most that known income allows.",
    unit="fen_per_month",
    basis=PROGRAMME_ENTITLEMENT,
    sources=("income.sources", "amount.sources"),
)
