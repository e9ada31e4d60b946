"""Shares of what was found, with their intervals. Whole numbers and fractions throughout."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

_Z_SQUARED = Fraction(38_416, 10_000)
"""1.96 squared: 95 %."""
_GRAIN = 10**9


@dataclass(frozen=True, kw_only=True)
class Share:
    """`hits` of `of`, with the Wilson 95 % interval."""

    hits: int
    of: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.hits, self.of) if self.of else None

    @property
    def interval(self) -> tuple[Fraction, Fraction]:
        """Rounded outward to the billionth; everything is possible where nothing was seen."""
        if not self.of:
            return Fraction(0), Fraction(1)
        part, size = Fraction(self.hits, self.of), self.of
        centre = part + _Z_SQUARED / (2 * size)
        square = _Z_SQUARED * (part * (1 - part) / size + _Z_SQUARED / (4 * size * size))
        root = Fraction(isqrt(int(square * _GRAIN * _GRAIN)) + 1, _GRAIN)
        scale = 1 + _Z_SQUARED / size
        return max((centre - root) / scale, Fraction(0)), min((centre + root) / scale, Fraction(1))


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was found rightly, wrongly, not at all, or left to a person (links only)."""

    found: int = 0
    false: int = 0
    missed: int = 0
    in_review: int = 0

    @property
    def precision(self) -> Share:
        return Share(hits=self.found, of=self.found + self.false)

    @property
    def recall(self) -> Share:
        """Pairs in review count as not found: nothing happens to a household because of them."""
        return Share(hits=self.found, of=self.found + self.missed + self.in_review)
