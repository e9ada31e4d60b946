"""Dated rules of a place: `load_pack(jurisdiction).value(path, period)` → amount with its citation."""

from __future__ import annotations

from pipelines.policy.checks import check_in_force
from pipelines.policy.model import Pack, Parameter, RuleInForce, Step, load_pack, pack_names, read_pack

__all__ = [
    "Pack",
    "Parameter",
    "RuleInForce",
    "Step",
    "check_in_force",
    "load_pack",
    "pack_names",
    "read_pack",
]
