"""The month's payment is not the amount the list states.

detail in 分: listed, paid
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="paid_differs_from_list",
    sentence_zh="当月发放金额与花名册所列金额不一致。",
    sentence_en="The month's payment is not the amount the list states.",
    unit="fen_per_month",
    basis="amount.sources",
    sources=("amount.sources",),
)
