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
from pipelines.s2_standardise.texts import half_width, squeezed

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECK = np.array([ord(c) for c in "10X98765432"], dtype=np.int64)
_LONG, _SHORT = 18, 15
_DIGITS17 = r"^[0-9]{17}"
_MIN_YEAR = 1900


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
    is_long = _matches(id_no, r"^[0-9]{17}[0-9X]$")
    is_short = _matches(id_no, r"^[0-9]{15}$")
    long = _expanded(id_no, is_long, is_short)
    figures = _figures(long)
    days, real_date = _birth(figures)
    checks = _check_letters(figures) == figures[:, 17] + ord("0")
    dummy = _is_dummy(figures)
    state = _states(
        id_no, is_long=is_long, is_short=is_short, real_date=real_date, checks=checks, dummy=dummy
    )
    valid = (state == "valid18") | (state == "valid15")
    has_birth = real_date & np.isin(state, ["valid18", "valid15", "checksum_wrong", "excel_cut"])
    sex = np.where(figures[:, 16] % 2 == 1, "M", "F")
    return IdColumns(
        id_no=id_no,
        id_state=pa.array(state.tolist(), pa.string()),
        id18=pc.if_else(pa.array(valid), pa.array(long.tolist(), pa.string()), pa.scalar(None, pa.string())),
        birth_date=pa.array(days, pa.int32(), mask=~has_birth).cast(pa.date32()),
        sex=pa.array(sex.tolist(), pa.string(), mask=~valid),
    )


def _standard_form(values: pa.Array) -> pa.Array:
    """Half width, upper case, without blanks and apostrophes; ×, * and Cyrillic Х as check letter are X."""
    plain = pc.utf8_upper(squeezed(half_width(values)))
    plain = pc.replace_substring_regex(plain, pattern="^['`‘’]|['`‘’]$", replacement="")
    odd_check = _matches(plain, _DIGITS17 + "[×✕*Х]$")
    body = pc.utf8_slice_codeunits(plain, 0, 17)
    return pc.if_else(pa.array(odd_check), pc.binary_join_element_wise(body, "X", ""), plain)


def _matches(values: pa.Array, pattern: str) -> np.ndarray:
    return np.asarray(
        pc.match_substring_regex(values, pattern).fill_null(False).to_numpy(zero_copy_only=False), bool
    )


def _expanded(id_no: pa.Array, is_long: np.ndarray, is_short: np.ndarray) -> np.ndarray:
    """18 characters for long and 15-digit numbers (century 19 put in, check letter computed), else zeros."""
    texts = np.where(is_long | is_short, id_no.fill_null("").to_numpy(zero_copy_only=False), "0" * _LONG)
    texts = texts.astype(f"U{_LONG}")
    if is_short.any():
        short = texts[is_short].astype(f"U{_SHORT}")
        widened = [f"{text[:6]}19{text[6:]}0" for text in short.tolist()]
        letters = _check_letters(_figures(np.array(widened, dtype=f"U{_LONG}")))
        texts[is_short] = [f"{text[:17]}{chr(letter)}" for text, letter in zip(widened, letters, strict=True)]
    return texts


def _figures(texts: np.ndarray) -> np.ndarray:
    """Digit values, one row an id (the check letter X is 40)."""
    points = np.ascontiguousarray(texts).view(np.uint32).reshape(len(texts), _LONG)
    return points.astype(np.int64) - ord("0")


def _check_letters(figures: np.ndarray) -> np.ndarray:
    return _CHECK[(figures[:, :17] @ _WEIGHTS) % 11]


def _birth(figures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    year = figures[:, 6:10] @ np.array([1000, 100, 10, 1])
    month = figures[:, 10:12] @ np.array([10, 1])
    day = figures[:, 12:14] @ np.array([10, 1])
    days, real = days_since_epoch(year, month, day)
    return days, real & (year >= _MIN_YEAR)


def _is_dummy(figures: np.ndarray) -> np.ndarray:
    body = figures[:, :17]
    one_digit = (body == body[:, :1]).all(axis=1)
    counting = (body == np.arange(1, 18) % 10).all(axis=1)
    no_birth = (figures[:, 6:14] == np.array([1, 9, 0, 0, 0, 1, 0, 1])).all(axis=1)
    no_sequence = (figures[:, 14:17] == 0).all(axis=1)
    return np.asarray(one_digit | counting | (no_birth & no_sequence), bool)


def _states(
    id_no: pa.Array,
    *,
    is_long: np.ndarray,
    is_short: np.ndarray,
    real_date: np.ndarray,
    checks: np.ndarray,
    dummy: np.ndarray,
) -> np.ndarray:
    missing = np.asarray(pc.is_null(id_no).to_numpy(zero_copy_only=False), bool)
    # Excel keeps 15 significant digits: the last three become 000, or the cell is written as 4.40106E+17.
    cut = (is_long & ~checks & _matches(id_no, "000$")) | _matches(id_no, r"^[0-9]\.[0-9]+E\+1[0-9]$")
    masked = _matches(id_no, r"^[0-9]+\*{2,}[0-9X]*$")
    return np.select(
        [
            missing,
            masked,
            (is_long | is_short) & dummy,
            is_long & real_date & checks,
            is_short & real_date,
            cut,
            (is_long | is_short) & ~real_date,
            is_long,
        ],
        [
            "missing",
            "masked",
            "dummy",
            "valid18",
            "valid15",
            "excel_cut",
            "date_wrong",
            "checksum_wrong",
        ],
        default="malformed",
    )
