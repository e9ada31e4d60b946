"""Dates and months in the forms registries write them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s2_standardise.calendar import days_since_epoch
from pipelines.s2_standardise.texts import half_width

_OPEN = ("19000101", "99991231", "9999-9-9", "9999-12-31", "1900-1-1", "1900-01-01")
_PACKED = r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})$"
_PARTED = r"^(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})$"
_SERIAL = r"^(?P<serial>[1-6]\d{4})$"
_SERIAL_ZERO = -25569  # Excel's day 0 (1899-12-30) in days since 1970-01-01
_MONTH = r"^(?P<year>(?:19|20)\d{2})-?(?P<month>0[1-9]|1[0-2])$"


def read_dates(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """date32 and a mask of values that are no date in any known form. Open ends become null."""
    plain = half_width(values)
    plain = pc.replace_substring_regex(plain, pattern="[年月/.]", replacement="-")
    plain = pc.replace_substring_regex(plain, pattern="日|[ T].*$", replacement="")
    plain = pc.if_else(pc.is_in(plain, value_set=pa.array(_OPEN)), pa.scalar(None, pa.string()), plain)
    days, known = _parts(plain, _PACKED)
    for found, real in (_parts(plain, _PARTED), _serial(plain)):
        days, known = np.where(real, found, days), known | real
    dates = pa.array(days.astype(np.int32), pa.int32(), mask=~known).cast(pa.date32())
    return dates, pc.and_(pc.is_valid(plain), pa.array(~known))


def read_months(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """`YYYY-MM` texts and a mask of values that are no month."""
    found = pc.extract_regex(half_width(values), pattern=_MONTH)
    months = pc.binary_join_element_wise(pc.struct_field(found, "year"), pc.struct_field(found, "month"), "-")
    return months, pc.and_(pc.is_valid(values), pc.is_null(months))


def _parts(plain: pa.Array, pattern: str) -> tuple[np.ndarray, np.ndarray]:
    found = pc.extract_regex(plain, pattern=pattern)
    year, month, day = (_whole(pc.struct_field(found, name)) for name in ("year", "month", "day"))
    days, real = days_since_epoch(year, month, day)
    return days, real


def _serial(plain: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    serial = _whole(pc.struct_field(pc.extract_regex(plain, pattern=_SERIAL), "serial"))
    return serial + _SERIAL_ZERO, serial > 0


def _whole(texts: pa.Array) -> np.ndarray:
    return np.asarray(texts.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), np.int64)
