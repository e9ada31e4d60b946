"""The hukou register says that a member has moved out or died, and nothing else says he is here. One line per member.

value: 1; detail: states; only to confirm: moving a hukou is not leaving a household
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="hukou_left",
    sentence_zh="户籍登记显示一名家庭成员已迁出或已注销。",
    sentence_en="The household register says that a member has moved out or was struck off.",
    unit="count",
    basis="population.sources",
    sources=("population.sources",),
)
