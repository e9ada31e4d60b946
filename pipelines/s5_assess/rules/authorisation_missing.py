"""A member may not be looked up: no form, one that ran out, was withdrawn, or bears another name or number.

value: 1; detail: standing. Work for the office, nothing against the family: the outcome does not change.
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="authorisation_missing",
    sentence_zh="一名家庭成员没有有效的核对授权书。",
    sentence_en="There is no valid authorisation to check a member of the household.",
    unit="count",
    basis="",
    sources=(),
)
