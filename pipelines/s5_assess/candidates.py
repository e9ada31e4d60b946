"""Who may be owed help and does not have it (应保未保). A candidate is a question for an officer, never a decision.

Which kinds are looked for is the pack's `candidates.kinds`; each needs parameters the pack then states. Nothing is
looked up for it: only what was asked of the registries about the members of the lists, and last month's lists.
Rejected applicants and temporary-aid cases who are on no list are not linked to anybody, so they cannot be found here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from pipelines.base.errors import PackInvalid
from pipelines.base.period import Period
from pipelines.contracts.assessed import CANDIDATE
from pipelines.policy import Pack
from pipelines.s5_assess.engine import Engine

KINDS = "candidates.kinds"
# Kind → the parameter its line cites.
_CITES: Mapping[str, str] = {
    "elder_allowance_due": "elder.age",
    "disability_living_due": "stacking.forbidden",
    "disability_care_due": "disability.care_levels",
    "orphan_of_fact": "candidates.child_age",
    "recent_exit": KINDS,
}
_TEXTS = pa.list_(pa.string())
_BASIS = pa.schema(
    [
        ("elder_age", pa.int64()),
        ("child_age", pa.int64()),
        ("disability_care_levels", _TEXTS),
        ("stacking_forbidden", _TEXTS),
    ]
)


def candidates(engine: Engine, policy: Pack, period: Period, said: Mapping[str, object]) -> pa.Table:
    """CANDIDATE of the month; none where the pack looks for none."""
    if not policy.states(KINDS, period):
        return CANDIDATE.empty()
    kinds = policy.value(KINDS, period).codes
    for kind in kinds:
        if kind not in _CITES:
            raise PackInvalid(
                f"no kind of candidate is called [{kind}]", place=KINDS, remedy=f"one of: {', '.join(_CITES)}"
            )
    engine.add("kind_basis", _cited(kinds, policy, period))
    engine.add("basis", _basis(policy, period))
    return engine.select("candidate", last_day=period.last_day, **said)


def _cited(kinds: list[str], policy: Pack, period: Period) -> pa.Table:
    parameters = {kind: policy.value(_CITES[kind], period) for kind in kinds}
    return pa.table(
        {
            "kind": pa.array(kinds, pa.string()),
            "parameter": pa.array([one.path for one in parameters.values()], pa.string()),
            "valid_from": pa.array([one.valid_from for one in parameters.values()], pa.string()),
            "citation": pa.array([one.cited for one in parameters.values()], pa.string()),
        }
    )


def _basis(policy: Pack, period: Period) -> pa.Table:
    row = {
        "elder_age": _number(policy, "elder.age", period),
        "child_age": _number(policy, "candidates.child_age", period),
        "disability_care_levels": _codes(policy, "disability.care_levels", period),
        "stacking_forbidden": _codes(policy, "stacking.forbidden", period),
    }
    return pa.Table.from_pylist([row], schema=_BASIS)


def _number(policy: Pack, path: str, period: Period) -> int | None:
    return policy.value(path, period).number if policy.states(path, period) else None


def _codes(policy: Pack, path: str, period: Period) -> list[str]:
    return policy.value(path, period).codes if policy.states(path, period) else []
