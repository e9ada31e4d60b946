"""One partner a row: the heaviest pair first, then whatever both sides still leave free."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.s4_link.scoring.coding import Ints


def one_to_one(left: Ints, right: Ints, totals: Ints) -> npt.NDArray[np.bool_]:
    """Which pairs stay when every row has at most one partner. Of equal totals the first by row number stays."""
    order = np.lexsort((right, left, -totals))
    taken: set[int] = set()
    kept = np.zeros(len(left), dtype=np.bool_)
    for at, a, b in zip(order.tolist(), left[order].tolist(), right[order].tolist(), strict=True):
        if a in taken or b in taken:
            continue
        taken.update((a, b))
        kept[at] = True
    return kept
