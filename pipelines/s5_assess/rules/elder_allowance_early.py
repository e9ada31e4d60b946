"""The allowance for the aged was paid for a month before the member reached the age. One line per member.

value: days too early, from the last day of the first month paid; limit 0; detail: age, born, first_month
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="elder_allowance_early",
    sentence_zh="一名成员未达到年龄即领取高龄津贴。",
    sentence_en="The allowance for the aged was paid before the age was reached.",
    unit="days",
    basis="elder.age",
    sources=("elder.sources",),
    parameters={"age": "elder.age"},
)
