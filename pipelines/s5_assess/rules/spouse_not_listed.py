"""A member's latest marriage still stands and the other party is no member of the household. One line per member.

Only to confirm: the register keeps the marriages of widows, and a divorce may be registered elsewhere.
value: the day of the marriage; detail: event, certificate is in the record
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="spouse_not_listed",
    sentence_zh="婚姻登记显示一名家庭成员已婚，其配偶不在家庭成员名单中。",
    sentence_en="The marriage register records a spouse who is not listed in the household.",
    unit="date",
    basis="population.sources",
    sources=("population.sources",),
    parameters={"least_age": "population.marriage_age"},
    reads_last_day=True,
)
