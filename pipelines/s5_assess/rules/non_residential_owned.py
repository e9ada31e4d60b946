"""Counted members hold more distinct current shops and offices than the limit.

detail: properties: [{area (0.01 m²), registered, sharing, source, use}]
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="non_residential_owned",
    sentence_zh="家庭成员名下的商铺、办公用房数量超过限额。",
    sentence_en="The family's counted members hold more shops or offices than the limit.",
    unit="count",
    basis="assets.non_residential.limit",
    sources=("assets.non_residential.sources",),
    parameters={"limit": "assets.non_residential.limit"},
)
