"""Values worked out from others in whole numbers: a share of another parameter, a month of a quarter or a year."""

from __future__ import annotations

from pipelines.policy.catalogue import MONTHS_IN, Unit
from pipelines.policy.stated import Formula, Rounding

_WHOLE = 100


def is_convertible(stated: str, wanted: str) -> bool:
    """Whether a value in one unit can be said in the other: amounts a month, a quarter and a year can."""
    return stated == wanted or (stated in MONTHS_IN and wanted in MONTHS_IN)


def divides(number: int, stated: str, wanted: str) -> bool:
    """Whether the amount is a whole number in the other unit."""
    if stated == wanted:
        return True
    return number * MONTHS_IN[Unit(wanted)] % MONTHS_IN[Unit(stated)] == 0


def in_unit(number: int, stated: str, wanted: str, rounding: Rounding | None) -> int:
    """An amount for a quarter or a year as one a month, and the other way round."""
    if stated == wanted:
        return number
    return _rounded(number * MONTHS_IN[Unit(wanted)], MONTHS_IN[Unit(stated)], rounding or "down", 1)


def worked_out(formula: Formula, base: int, base_unit: str, wanted: str) -> int:
    """The share of the base in the wanted unit; rounded once, at the end."""
    above, below = base * formula.percent, _WHOLE
    if base_unit != wanted:
        above, below = above * MONTHS_IN[Unit(wanted)], below * MONTHS_IN[Unit(base_unit)]
    return _rounded(above, below, formula.rounding, formula.to)


def _rounded(above: int, below: int, rounding: Rounding, grain: int) -> int:
    """above / below as a multiple of the grain."""
    below *= grain
    if rounding == "up":
        return -(-above // below) * grain
    if rounding == "half_up":
        return (2 * above + below) // (2 * below) * grain
    return above // below * grain
