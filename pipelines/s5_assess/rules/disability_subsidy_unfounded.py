"""A disability subsidy of the latest month without a certificate that carries it. One line per member and month.

value: subsidies; limit 0; detail: kind (no_certificate: to be confirmed; not_valid, level), programmes
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="disability_subsidy_unfounded",
    sentence_zh="一名成员领取残疾人补贴，但没有相应的有效残疾人证。",
    sentence_en="A member draws a disability subsidy without a certificate that carries it.",
    unit="count",
    basis="disability.care_levels",
    sources=("disability.sources",),
    parameters={"care_levels": "disability.care_levels"},
)
