"""Repeatable chance: every sub-step draws from its own stream, seeded by the city's seed and the step's name.

A new step, or a change inside one, leaves the draws of all other steps as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]
Cells: TypeAlias = NDArray[np.object_]
Rng: TypeAlias = np.random.Generator

NOBODY = -1


def stream(seed: int, name: str) -> Rng:
    """The random stream of one named sub-step."""
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def chance(rng: Rng, rows: int, share: float) -> Bools:
    """A mask over rows in which each row is true with probability `share`."""
    lucky: Bools = rng.random(rows) < share
    return lucky


def whole(rng: Rng, low: int, high: int, rows: int) -> Ints:
    """Whole numbers from low to high, both included."""
    return rng.integers(low, high + 1, rows, dtype=np.int64)


def weighted(rng: Rng, weights: Sequence[float] | NDArray[Any], rows: int) -> Ints:
    """Positions drawn by weight, with replacement."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(steps, rng.random(rows) * steps[-1], side="right").astype(np.int64)
    return found


def some(rng: Rng, candidates: Ints, count: int) -> Ints:
    """`count` of the candidates (all, if there are fewer), without replacement, in ascending order."""
    return np.sort(rng.permutation(candidates)[: max(count, 0)])


def choose(rng: Rng, options: Sequence[str], rows: int) -> Texts:
    """Texts drawn with equal chance."""
    return np.asarray(options)[rng.integers(0, len(options), rows)]


def mask_of(rows: int, positions: Ints) -> Bools:
    """A mask that is true at these positions."""
    mask = np.zeros(rows, dtype=np.bool_)
    mask[positions] = True
    return mask


def objects(values: Texts | Sequence[str]) -> Cells:
    """Texts of any length, so that a damaged value may be longer than the clean one."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return cells
