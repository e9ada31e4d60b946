"""Citizen id numbers (GB 11643): the standard form, what is wrong with it, and what it still tells.

A failed checksum proves damage; a valid one does not prove the person. The first six digits are the
county where the number was first given: nothing is ever rejected on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s2_standardise.calendar import days_since_epoch
from pipelines.s2_standardise.texts import half_width, rewritten, squeezed

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_X = ord("X") - ord("0")  # the check letter X as a figure
_CHECK = np.array([1, 0, _X, 9, 8, 7, 6, 5, 4, 3, 2], dtype=np.uint8)
_LONG, _SHORT = 18, 15
_DIGITS17 = r"^[0-9]{17}"
_ODD_SIGNS = b"'`*" + bytes(range(0x80, 0x100))  # bytes of apostrophes and of stand-ins for X
_NINE = 9
_MIN_YEAR = 1900
_STATES = (
    "missing",
    "masked",
    "dummy",
    "valid18",
    "valid15",
    "excel_cut",
    "date_wrong",
    "checksum_wrong",
    "malformed",
)
_MISSING, _MASKED, _DUMMY, _VALID18, _VALID15, _CUT, _DATE_WRONG, _SUM_WRONG, _MALFORMED = range(len(_STATES))


@dataclass(frozen=True, kw_only=True)
class IdColumns:
    """The columns an id number becomes; the arrays have one entry a record."""

    id_no: pa.Array
    id_state: pa.Array
    id18: pa.Array
    birth_date: pa.Array
    sex: pa.Array


def read_ids(values: pa.Array) -> IdColumns:
    """Ids of trimmed texts (null = missing)."""
    id_no = _standard_form(values)
    figures, is_long, is_short = _figures(id_no)
    days, real_date = _birth(figures)
    state = _states(id_no, figures, is_long=is_long, is_short=is_short, real_date=real_date)
    valid = (state == _VALID18) | (state == _VALID15)
    has_birth = real_date & (valid | (state == _SUM_WRONG) | (state == _CUT))
    return IdColumns(
        id_no=id_no,
        id_state=pa.array(_STATES, pa.string()).take(pa.array(state)),
        id18=_long_form(id_no, figures, state),
        birth_date=pa.array(days.astype(np.int32), pa.int32(), mask=~has_birth).cast(pa.date32()),
        sex=pa.array(["F", "M"], pa.string()).take(pa.array(figures[16] % 2, mask=~valid)),
    )


def _standard_form(values: pa.Array) -> pa.Array:
    """Half width, upper case, without blanks and apostrophes; ×, * and Cyrillic Х as check letter are X."""
    return rewritten(pc.utf8_upper(squeezed(half_width(values))), _ODD_SIGNS, _plain_signs)


def _plain_signs(values: pa.Array) -> pa.Array:
    plain = pc.replace_substring_regex(values, pattern="^['`‘’]|['`‘’]$", replacement="")
    odd_check = pc.match_substring_regex(plain, _DIGITS17 + "[×✕*Х]$").fill_null(False)
    body = pc.utf8_slice_codeunits(plain, 0, 17)
    return pc.if_else(odd_check, pc.binary_join_element_wise(body, "X", ""), plain)


def _figures(id_no: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Digit values (X is 40), one row a place and one column an id, and which ids are long or 15-digit ones.

    A 15-digit number has century 19 put in and its check letter computed; any other text is all zeros.
    """
    sizes = pc.binary_length(id_no).fill_null(0).to_numpy(zero_copy_only=False)
    figures = np.zeros((_LONG, len(id_no)), dtype=np.uint8)
    where, found = _octets(id_no, sizes, _LONG)
    fits = (found[:17] <= _NINE).all(axis=0) & ((found[17] <= _NINE) | (found[17] == _X))
    is_long = np.zeros(len(id_no), dtype=bool)
    is_long[where[fits]] = True
    figures[:, where[fits]] = found[:, fits]
    where, found = _octets(id_no, sizes, _SHORT)
    fits = (found <= _NINE).all(axis=0)
    is_short = np.zeros(len(id_no), dtype=bool)
    is_short[where[fits]] = True
    century = np.tile(np.array([[1], [9]], dtype=np.uint8), int(fits.sum()))
    body = np.concatenate((found[:6, fits], century, found[6:, fits]))
    figures[:, where[fits]] = np.concatenate((body, _check_figures(body)[np.newaxis]))
    return figures, is_long, is_short


def _octets(id_no: pa.Array, sizes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The ids of so many bytes: their places, and each byte's distance from "0"."""
    where = np.flatnonzero(sizes == size)
    texts = pc.binary_join(
        pa.ListArray.from_arrays(pa.array([0, len(where)], pa.int32()), id_no.take(pa.array(where))), ""
    )
    data = np.frombuffer(texts[0].as_buffer(), dtype=np.uint8) if len(where) else np.zeros(0, np.uint8)
    return where, np.ascontiguousarray(data.reshape(-1, size).T) - np.uint8(ord("0"))


def _check_figures(figures: np.ndarray) -> np.ndarray:
    total = np.zeros(figures.shape[1], dtype=np.int32)
    for weight, column in zip(_WEIGHTS, figures, strict=False):
        total += weight * column.astype(np.int32)
    return _CHECK[total % 11]


def _birth(figures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    wide = figures[6:14].astype(np.int32)
    year = wide[0] * 1000 + wide[1] * 100 + wide[2] * 10 + wide[3]
    days, real = days_since_epoch(year, wide[4] * 10 + wide[5], wide[6] * 10 + wide[7])
    return days, real & (year >= _MIN_YEAR)


def _is_dummy(figures: np.ndarray) -> np.ndarray:
    one_digit = (figures[:17] == figures[0]).all(axis=0)
    counting = (figures[:17] == (np.arange(1, 18) % 10)[:, np.newaxis]).all(axis=0)
    no_birth = (figures[6:14] == np.array([1, 9, 0, 0, 0, 1, 0, 1])[:, np.newaxis]).all(axis=0)
    no_sequence = (figures[14:17] == 0).all(axis=0)
    return np.asarray(one_digit | counting | (no_birth & no_sequence), bool)


def _states(
    id_no: pa.Array, figures: np.ndarray, *, is_long: np.ndarray, is_short: np.ndarray, real_date: np.ndarray
) -> np.ndarray:
    """For each id the place of its state in _STATES."""
    is_number = is_long | is_short
    checks = _check_figures(figures) == figures[17]
    odd = np.flatnonzero(~is_number)
    rest = id_no.take(pa.array(odd))
    # Excel keeps 15 significant digits: the last three become 000, or the cell is written as 4.40106E+17.
    cut = is_long & ~checks & (figures[15:18] == 0).all(axis=0)
    cut[odd] = _matches(rest, r"^[0-9]\.[0-9]+E\+1[0-9]$")
    masked = np.zeros(len(id_no), dtype=bool)
    masked[odd] = _matches(rest, r"^[0-9]+\*{2,}[0-9X]*$")
    missing = np.asarray(pc.is_null(id_no).to_numpy(zero_copy_only=False), bool)
    tests = [
        missing,
        masked,
        is_number & _is_dummy(figures),
        is_long & real_date & checks,
        is_short & real_date,
        cut,
        is_number & ~real_date,
        is_long,
    ]
    return np.select(tests, [np.int8(code) for code in range(_MALFORMED)], default=np.int8(_MALFORMED))


def _matches(values: pa.Array, pattern: str) -> np.ndarray:
    return np.asarray(
        pc.match_substring_regex(values, pattern).fill_null(False).to_numpy(zero_copy_only=False), bool
    )


def _long_form(id_no: pa.Array, figures: np.ndarray, state: np.ndarray) -> pa.Array:
    """The 18 characters of the valid ids: the number itself, or the old one made long."""
    known = pc.if_else(pa.array(state == _VALID18), id_no, pa.scalar(None, pa.string()))
    short = state == _VALID15
    if not short.any():
        return known
    octets = np.ascontiguousarray(figures[:, short].T) + np.uint8(ord("0"))
    return pc.replace_with_mask(
        known, pa.array(short), pa.array(octets.view("S18")[:, 0].astype(str).tolist(), pa.string())
    )
