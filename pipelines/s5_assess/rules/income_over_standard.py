"""Counted income of the living members is over standard × living members.

Sources not checked can only raise the sum: "exceeded" is sound without them, "within" is not.
detail in 分 a month: base (contribution bases), disregard (per person), employee, living (persons), resident,
resident_counted, standard, taxed (taxed income, monthly), wage (each member's larger of base and taxed)
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import PROGRAMME_STANDARD, Rule

RULE = Rule(
    code="income_over_standard",
    sentence_zh="家庭成员计入的月收入高于低保标准乘以人数。",
    sentence_en="The living members' counted income is above the standard for that many people.",
    unit="fen_per_month",
    basis=PROGRAMME_STANDARD,
    sources=("income.sources",),
    parameters={"disregard": "income.resident_pension_disregard"},
)
