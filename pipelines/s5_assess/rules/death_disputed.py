"""A recorded death that another record contradicts: a later wage, marriage or term, or days far apart.

value: days between the first and the latest; limit: the tolerance; detail: kind (alive or days), signs
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="death_disputed",
    sentence_zh="一名家庭成员的死亡登记与其他登记不一致。",
    sentence_en="The record of a member's death does not agree with another register.",
    unit="days",
    basis="deaths.tolerance",
    sources=("deaths.sources",),
    parameters={"tolerance": "deaths.tolerance"},
)
