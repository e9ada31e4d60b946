"""Calendar arithmetic on whole arrays: year, month, day → days since 1970-01-01."""

from __future__ import annotations

import numpy as np

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_LAST_YEAR = 9998  # 9999 is the registries' word for 'open end'


def days_since_epoch(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days since 1970-01-01 and whether the date exists; days are 0 where it does not."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= 12)
    safe_month = np.where(in_year, month, 1)
    longest = _MONTH_DAYS[safe_month] + (leap & (safe_month == 2))
    real = in_year & (day >= 1) & (day <= longest) & (year >= 1) & (year <= _LAST_YEAR)
    # Days from civil date: years counted from March, so that the leap day is the last of its year.
    shifted = np.where(real, year, 1970) - (np.where(real, month, 1) <= 2)
    era_year = shifted % 400
    month_index = (np.where(real, month, 1) + 9) % 12
    day_of_year = (153 * month_index + 2) // 5 + np.where(real, day, 1) - 1
    day_of_era = era_year * 365 + era_year // 4 - era_year // 100 + day_of_year
    days = (shifted // 400) * 146097 + day_of_era - 719468
    return np.where(real, days, 0).astype(np.int64), np.asarray(real, bool)
