"""Counted members hold more counted vehicles than the limit.

detail: vehicles: [{first_registered, plate_type, vehicle_type}]
"""

from __future__ import annotations

from pipelines.s5_assess.rules.rule import Rule

RULE = Rule(
    code="vehicle_owned",
    sentence_zh="家庭成员名下的机动车数量超过限额。",
    sentence_en="The family's counted members hold more motor vehicles than the limit.",
    unit="count",
    basis="assets.vehicles.limit",
    sources=("assets.vehicles.sources",),
    parameters={"limit": "assets.vehicles.limit"},
)
