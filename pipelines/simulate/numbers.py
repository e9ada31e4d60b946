"""Citizen id numbers as arrays: 17 digits as one integer, check characters, 15-digit forms.

All numbers here are synthetic: their county codes start with 73.
"""

from __future__ import annotations

import numpy as np

from pipelines.simulate.draw import Ints, Texts

_WEIGHTS = np.asarray([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_BODY = len(_WEIGHTS)
_COUNTY_UNIT = 10**11
_BIRTH_UNIT = 10**3


def body(county: Ints, birth_days: Ints, sequence: Ints) -> Ints:
    """The first 17 digits as a whole number."""
    return county * _COUNTY_UNIT + compact_dates(birth_days) * _BIRTH_UNIT + sequence


def compact_dates(days: Ints) -> Ints:
    """Days since 1970-01-01 → whole numbers like 19850307."""
    when = days.astype("datetime64[D]")
    months = when.astype("datetime64[M]")
    month_index = months.astype(np.int64)
    day = (when - months.astype("datetime64[D]")).astype(np.int64) + 1
    compact: Ints = (1970 + month_index // 12) * 10_000 + (month_index % 12 + 1) * 100 + day
    return compact


def full_numbers(bodies: Ints) -> Texts:
    """18 characters with the check character of GB 11643."""
    rows = len(bodies)
    digits = np.empty((rows, _BODY), dtype=np.int64)
    rest = bodies.copy()
    for place in range(_BODY - 1, -1, -1):
        digits[:, place] = rest % 10
        rest //= 10
    text = np.empty((rows, _BODY + 1), dtype=np.uint8)
    text[:, :_BODY] = digits + ord("0")
    text[:, _BODY] = _CHECKS[(digits @ _WEIGHTS) % 11]
    return text.view(f"S{_BODY + 1}").ravel().astype(f"U{_BODY + 1}")


def short_form(number: str) -> str:
    """The 15-digit form: no century, no check character."""
    return number[:6] + number[8:17]


def distinct(bodies: Ints) -> Ints:
    """Bodies in which every repeated one is moved to the next free sequence of the same sex."""
    unique = bodies.copy()
    while True:
        order = np.argsort(unique, kind="stable")
        repeats = order[1:][unique[order][1:] == unique[order][:-1]]
        if not len(repeats):
            return unique
        sequence = unique[repeats] % _BIRTH_UNIT
        unique[repeats] += (sequence + 1) % (_BIRTH_UNIT - 2) + 1 - sequence
