"""A member is in custody on the month's last day and does not count. One line per member found.

value: the term's first day; detail: covered (0 or 1), since, until (empty: open), is_over (the register still says
held and the term has run out: to be confirmed, and the member counts)
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="member_in_custody",
    sentence_zh="登记信息显示一名家庭成员正在服刑或被羁押。",
    sentence_en="A register records that a member of the family is in custody.",
    unit="date",
    basis="custody.sources",
    sources=("custody.sources",),
)
