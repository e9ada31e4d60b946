"""Counted income of the counted members is over standard × counted members.

Sources not checked can only raise the sum: "exceeded" is sound without them, "within" is not.
detail in 分 a month: base (contribution bases), benefit (other programmes' payments that count), certain (income
without wages that only a base at the floor states), clearly (from where it is clearly above), cost (what working
costs), counting (persons), disregard (per person), employee, resident, resident_counted, standard, taxed (taxed
income, monthly), wage (each member's larger of base and taxed, before cost)
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import PROGRAMME_STANDARD, Rule

RULE = Rule(
    code="income_over_standard",
    sentence_zh="家庭成员计入的月收入高于低保标准乘以人数。",
    sentence_en="The counted members' counted income is above the standard for that many people.",
    unit="fen_per_month",
    basis=PROGRAMME_STANDARD,
    sources=("income.sources",),
)
