"""What a way of linking answers, and how it is judged: best F1, F1 at its own threshold, clusters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.linkage_files import Labelled

Ids = Any  # a list, an Arrow array or a pandas column of ids: turned into a list only when judged


@dataclass(kw_only=True)
class Answer:
    """Scored pairs by id, which of them the way itself calls matches, and clusters where it makes them.

    A way that gives no scores has one score for all of its pairs.
    """

    left: Ids = field(default_factory=list)
    right: Ids = field(default_factory=list)
    scores: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    own: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    clusters: dict[str, str] | None = None
    candidates: int = 0
    every: tuple[Ids, Ids] | None = None  # all candidates, where the pairs given are fewer


def judged(answer: Answer, file: Labelled) -> dict[str, float]:
    """The figures of one answer."""
    true_pairs = file.true_pairs
    is_true = _truth(answer.left, answer.right, file)
    found = is_true if answer.every is None else _truth(*answer.every, file)
    own = int(answer.own.sum())
    figures = {
        "pairs": answer.candidates or len(is_true),
        "recall_of_blocking": int(found.sum()) / true_pairs,
        "own_f1": 2 * int((is_true & answer.own).sum()) / max(own + true_pairs, 1),
    }
    if len(is_true):
        figures["best_f1"] = best_f1(answer.scores, is_true, true_pairs)
    if answer.clusters is not None:
        figures["cluster_f1"] = cluster_f1(answer.clusters, file.entity, true_pairs)
    return figures


def _truth(left: Ids, right: Ids, file: Labelled) -> npt.NDArray[np.bool_]:
    lists = (list(each.to_pylist() if hasattr(each, "to_pylist") else each) for each in (left, right))
    pairs = zip(*lists, strict=True)
    return np.array([file.entity[a] == file.entity[b] for a, b in pairs], dtype=np.bool_)


def best_f1(scores: npt.NDArray[np.float64], is_true: npt.NDArray[np.bool_], true_pairs: int) -> float:
    """The largest F1 any threshold reaches; equal scores stand or fall together."""
    order = np.argsort(-scores, kind="stable")
    found, pairs = np.cumsum(is_true[order]), np.arange(1, len(order) + 1)
    last = np.append(scores[order][1:] != scores[order][:-1], True)
    return float((2 * found / (pairs + true_pairs))[last].max())


def cluster_f1(clusters: dict[str, str], entity: dict[str, str], true_pairs: int) -> float:
    """F1 of all pairs within clusters. A row in no cluster is alone."""
    both: dict[tuple[str, str], int] = {}
    alone: dict[str, int] = {}
    for row, cluster in clusters.items():
        both[cluster, entity[row]] = both.get((cluster, entity[row]), 0) + 1
        alone[cluster] = alone.get(cluster, 0) + 1
    found = sum(size * (size - 1) // 2 for size in both.values())
    pairs = sum(size * (size - 1) // 2 for size in alone.values())
    return 2 * found / max(pairs + true_pairs, 1)
