"""The list calls nobody the head of a household, or more than one: perhaps two households share a number.

value: people called head; limit: the one there should be. Only to confirm: the household is assessed all the same.
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="head_unclear",
    sentence_zh="花名册中本户没有户主，或有多名户主。",
    sentence_en="The list names no head of the household, or more than one.",
    unit="count",
    basis="",
    sources=(),
)
