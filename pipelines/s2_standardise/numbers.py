"""Decimal texts to whole numbers: 元 and 万元 to 分, m² to 0.01 m². No float on the way."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s2_standardise.texts import half_width, squeezed

_DECIMAL = r"^(?P<sign>-?)(?P<whole>\d{1,12})(?:\.(?P<part>\d{1,8}))?$"
_GLUED = r"^[¥￥]|,|元$|万元$|m2$|m²$|平方米$"

DECIMALS = {"count": 0, "fen": 0, "yuan": 2, "area": 2, "wan_yuan": 6}


def read_numbers(values: pa.Array, kind: str) -> tuple[pa.Array, pa.Array]:
    """int64 in the unit of the kind, and a mask of values that are no such number.

    A value with more decimals than the unit holds (12.345 元) is no such number: it is not rounded.
    """
    places = DECIMALS[kind]
    plain = pc.replace_substring_regex(squeezed(half_width(values)), pattern=_GLUED, replacement="")
    found = pc.extract_regex(plain, pattern=_DECIMAL)
    part = pc.utf8_rpad(pc.coalesce(pc.struct_field(found, "part"), pa.scalar("")), places, padding="0")
    kept = pc.utf8_slice_codeunits(part, 0, places)
    rest_is_zero = pc.match_substring_regex(pc.utf8_slice_codeunits(part, places), "^0*$")
    digits = pc.binary_join_element_wise(
        pc.struct_field(found, "sign"), pc.struct_field(found, "whole"), kept, ""
    )
    exact = pc.if_else(rest_is_zero, digits, pa.scalar(None, pa.string()))
    numbers = exact.cast(pa.int64())
    return numbers, pc.and_(pc.is_valid(values), pc.is_null(numbers))


def read_by_unit(values: pa.Array, words: pa.Array, units: dict[str, str]) -> tuple[pa.Array, pa.Array]:
    """分 where each row names its own unit (one bank of many answers in 万元); an unnamed unit is no number."""
    found = pa.nulls(len(values), pa.int64())
    for word, kind in units.items():
        here = pc.equal(half_width(words), word).fill_null(False)
        mine = pc.if_else(here, values, pa.scalar(None, pa.string()))
        found = pc.coalesce(found, read_numbers(mine, kind)[0])
    return found, pc.and_(pc.is_valid(values), pc.is_null(found))
