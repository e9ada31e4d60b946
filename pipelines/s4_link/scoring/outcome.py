"""What is made of scored pairs where the caller asks for it: one partner a row, or clusters."""

from __future__ import annotations

import numpy as np

from pipelines.s4_link.scoring.assignment import one_to_one
from pipelines.s4_link.scoring.clusters import clusters
from pipelines.s4_link.scoring.coding import Ints
from pipelines.s4_link.scoring.engine import Scored
from pipelines.s4_link.scoring.learning import probability


def assigned(scored: Scored) -> Ints:
    """The places of the pairs that stay: all of them unless the schema says one to one."""
    if not scored.schema.one_to_one:
        return np.arange(len(scored.left), dtype=np.int64)
    return np.flatnonzero(one_to_one(scored.left, scored.right, scored.totals))


def clustered(scored: Scored) -> Ints:
    """The cluster of each row, named by the smallest row number in it."""
    probable = probability(scored.totals / 1000, scored.model.match_share)
    return clusters(
        scored.rows.count,
        scored.left,
        scored.right,
        scored.totals,
        probable,
        threshold=scored.model.threshold,
    )
