"""How registries write money and days, column by column, and names of employers that do not exist."""

from __future__ import annotations

import numpy as np

from pipelines.simulate.draw import Ints, Texts
from pipelines.simulate.places import CITY

_FIRST = "瑞恒鼎汇安盛丰泰"
_SECOND = "达源通顺兴和利康"
_TRADES = ("食品有限公司", "物流有限公司", "商贸有限公司", "装饰工程有限公司", "餐饮店", "汽修厂", "经营部")
_WAN_UNIT = 1_000_000


def iso(days: Ints) -> Texts:
    """2026-10-31"""
    return days.astype("datetime64[D]").astype(str)


def loose_days(days: Ints, by: str) -> list[str]:
    """2007-4-2: months and days without a leading zero."""
    parts = (day.split("-") for day in iso(days).tolist())
    return [f"{year}{by}{int(month)}{by}{int(day)}" for year, month, day in parts]


def yuan(fen: Ints) -> Texts:
    """12.30"""
    whole = np.strings.add((fen // 100).astype(str), ".")
    return np.strings.add(whole, np.strings.zfill((fen % 100).astype(str), 2))


def grouped_yuan(fen: Ints) -> list[str]:
    """69,540.05"""
    return [f"{amount // 100:,}.{amount % 100:02d}" for amount in fen.tolist()]


def wan_yuan(fen: Ints, places: int) -> list[str]:
    """In 万元 with this many decimals; what they cannot hold is left off."""
    cut = 10 ** (6 - places)
    return [f"{amount // _WAN_UNIT}.{amount % _WAN_UNIT // cut:0{places}d}" for amount in fen.tolist()]


def employers(number: Ints) -> Texts:
    """Invented names, the same for the same number."""
    names = np.asarray(
        [f"{CITY}{first}{second}{trade}" for first in _FIRST for second in _SECOND for trade in _TRADES]
    )
    return names[number % len(names)]
