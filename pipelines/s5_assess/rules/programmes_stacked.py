"""A covered member draws another programme's payment that may not be had beside this one, or two such payments.

value: forbidden pairs; limit 0; detail: pairs, month
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="programmes_stacked",
    sentence_zh="一名家庭成员同时享受不得叠加的待遇。",
    sentence_en="A member draws benefits that may not be had together.",
    unit="count",
    basis="stacking.forbidden",
    sources=("stacking.sources",),
    parameters={"forbidden": "stacking.forbidden"},
)
