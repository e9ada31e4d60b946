"""A monthly payment of another programme for a month after that of the member's death. One line per member.

value: days from the death to the last day of the last month paid; limit 0; detail: programmes, last_month, died.
A death in dispute: to be confirmed.
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="paid_after_death",
    sentence_zh="一名成员去世后仍有补贴发放。",
    sentence_en="An allowance was paid for a month after a member's death.",
    unit="days",
    basis="pay_list.monthly",
    sources=("pay_list.sources",),
    parameters={"monthly": "pay_list.monthly"},
)
