"""A registry records a member's death on or before the month's last day. One line per member found.

value: the earliest recorded day; detail: covered (0 or 1), deaths: [{date, registry}], sources
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="member_deceased",
    sentence_zh="登记信息显示一名家庭成员已经去世。",
    sentence_en="A registry records that a member of the family has died.",
    unit="date",
    basis="deaths.sources",
    sources=("deaths.sources",),
    reads_last_day=True,
)
