"""The same person stands in two households of the lists. One line per member and household.

value: households besides this one; detail: covered (0 or 1), elsewhere (covered in another), households.
Covered in both: a duplicate; a family member who only counts elsewhere: to be confirmed.
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="listed_twice",
    sentence_zh="一名家庭成员同时出现在另一户救助家庭中。",
    sentence_en="A member of the household is also listed in another household.",
    unit="count",
    basis="stacking.once",
    sources=(),
)
