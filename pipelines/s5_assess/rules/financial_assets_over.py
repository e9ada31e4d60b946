"""Balances of the counted members together are over months × standard × counted members.

detail: accounts (number), kinds: [{amount (分), kind}], counting (persons), months, standard (分 a month)
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="financial_assets_over",
    sentence_zh="家庭成员的金融资产合计超过限额。",
    sentence_en="The counted members' financial assets together are above the limit.",
    unit="fen",
    basis="assets.financial.months",
    sources=("assets.financial.sources",),
    parameters={"months": "assets.financial.months"},
)
