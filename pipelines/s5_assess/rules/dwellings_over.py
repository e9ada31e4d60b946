"""Counted members hold more distinct current dwellings than the limit.

Where a place allows more by area, those are within whose dwellings together have no more than that for each member.
detail: area (0.01 m², of all), area_allowed (0.01 m²; 0 where area does not matter), dwellings: [{area (0.01 m²),
registered, sharing, source}], records: registry entries they stand in
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="dwellings_over",
    sentence_zh="家庭成员名下的现有住房套数超过限额。",
    sentence_en="The family's counted members hold more current dwellings than the limit.",
    unit="count",
    basis="assets.dwellings.limit",
    sources=("assets.dwellings.sources",),
    parameters={"limit": "assets.dwellings.limit"},
)
