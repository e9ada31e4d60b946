"""Addresses taken apart: town, village, road and numbers. Any differing number is another house."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

_PROVINCE = re.compile(r"^.{2,7}?(?:省|自治区)")
_CITY = re.compile(r"^.{2,6}?(?:市|自治州|地区)(?=.{2})")
_COUNTY = re.compile(r"^.{1,6}?(?:自治县|县|(?<!社|小|园|山)区)")
_TOWN = re.compile(r"^.{1,8}?(?:街道办事处|街道|镇|乡)")
_VILLAGE = re.compile(r"^(.{1,10}?)(?:社区居民委员会|社区居委会|居民委员会|村民委员会|社区|居委会|村委会|村)")
_ROAD = re.compile(r"^(.{1,10}?(?:大道|大街|路|街|巷|弄|支路))")
_NUMBER = re.compile(r"\d+")
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}(?=[组号栋幢座单室楼层队])")
_DIGITS = {char: index for index, char in enumerate("一二三四五六七八九", start=1)}
_BLANK = re.compile(r"\s+")
_CLOSE_TEXT = 92  # of 100; only for texts no pattern could take apart, and only with the same numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address; empty parts are unknown. `plain` is all of it with figures for numbers."""

    county: str
    town: str
    village: str
    road: str
    numbers: tuple[str, ...]
    plain: str


@lru_cache(maxsize=1 << 16)
def parse_address(text: str) -> Address:
    """`江南区灌溪街道中心桥社区居委会光明北路264号` → 江南区 · 灌溪街道 · 中心桥 · 光明北路 · 264."""
    plain = _CHINESE_NUMBER.sub(_arabic, _BLANK.sub("", text))
    left = plain
    _, left = _take(_PROVINCE, left)
    _, left = _take(_CITY, left)
    county, left = _take(_COUNTY, left)
    town, left = _take(_TOWN, left)
    village, left = _take(_VILLAGE, left)
    road, left = _take(_ROAD, left)
    town = town.replace("办事处", "")
    numbers = tuple(number.lstrip("0") or "0" for number in _NUMBER.findall(left))
    return Address(county=county, town=town, village=village, road=road, numbers=numbers, plain=plain)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    if not found:
        return "", text
    return found[pattern.groups], text[found.end() :]


def _arabic(found: re.Match[str]) -> str:
    """十二 → 12, 三 → 3, 二十 → 20."""
    tens, ten, ones = found[0].rpartition("十")
    if not ten:
        return "".join(str(_DIGITS[char]) for char in found[0] if char in _DIGITS)
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))


def address_level(left: str, right: str) -> str:
    """How two addresses agree: a level of the `address` comparison."""
    if not left or not right:
        return "missing"
    a, b = parse_address(left), parse_address(right)
    if not _is_placed(a) or not _is_placed(b):
        return _text_level(a, b)
    if _differs(a.county, b.county) or _differs(a.town, b.town):
        return "different_place"
    if _differs(a.village, b.village):
        return "other_village" if a.town and b.town else "different_place"
    if not (a.village and b.village):
        return "same_town" if a.town and b.town else "missing"
    return _house_level(a, b)


def _is_placed(address: Address) -> bool:
    return bool(address.town or address.village)


def _differs(left: str, right: str) -> bool:
    return bool(left and right and left != right)


def _house_level(a: Address, b: Address) -> str:
    if not a.numbers or not b.numbers:
        return "same_village"
    if a.numbers != b.numbers or _differs(a.road, b.road):
        return "number_differs"
    return "same_number"


def _text_level(a: Address, b: Address) -> str:
    if a.numbers != b.numbers:
        return "missing"
    return "similar_text" if fuzz.ratio(a.plain, b.plain) >= _CLOSE_TEXT else "different_place"
