"""Chinese personal names compared character by character; string similarity misleads on them.

张伟/张伟华 are two people, 张伟/张玮 is a likely typo: general scores say the opposite.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rapidfuzz.distance import Levenshtein

from pipelines.reference import table

WILDCARD = "?"  # a character some system could not store
_NOTE = re.compile(r"[(\[【（].*?[)\]】）]")
_BLANK = re.compile(r"\s+")
_PINYIN = re.compile(r"[A-Za-z]+")
_RUN = re.compile(r"\?+")
_UNKNOWN = "*＊？□■▢〓\ufffd"
_PRIVATE_USE = (0xE000, 0xF8FF)
_LONG = 6  # longer names are transliterated or minority names; registers cut them
_SHORTEST_CUT = 4
_PARTED, _SHORTEST_PART = 5, 2  # no Han name is so long; its first part alone proves little
_DOTTED = 4  # characters a name with a dot has at least
_SHORTEST_GIVEN = 2  # one shared given character proves nothing about a changed surname


def name_key(name: str | None) -> str:
    """What is left of a name for comparing: no dots, blanks or notes, simplified, unknowns as `?`."""
    if not name:
        return ""
    if name.isalpha() and unicodedata.is_normalized("NFKC", name) and not _PINYIN.search(name):
        return name.translate(_fold())  # nearly every name: nothing to take out
    bare = _BLANK.sub("", _NOTE.sub("", unicodedata.normalize("NFKC", name.strip())))
    folded = bare.translate(_fold())
    known = "".join(WILDCARD if _is_private(char) else char for char in folded)
    if any(char >= "\u3400" for char in known):
        known = _PINYIN.sub(WILDCARD, known)
    return known.upper()


def name_level(left: str, right: str) -> str:
    """How two name keys agree: a level of the `name` comparison."""
    if not left.strip(WILDCARD) or not right.strip(WILDCARD):
        return "missing"
    if WILDCARD in left or WILDCARD in right:
        return "lost_character" if _fits(left, right) else "different"
    if left == right:
        return "equal"
    if len(left) == len(right):
        return _character_level(left, right)
    return _cut_level(left, right) or _long_level(left, right)


def _cut_level(left: str, right: str) -> str:
    """Whether one name is the beginning of the other; empty where it is not, or too short to say so."""
    short, long = sorted((left, right), key=len)
    if not long.startswith(short):
        return ""
    if len(long) > _LONG and len(short) >= _SHORTEST_CUT:
        return "cut_name"
    return "first_part" if len(long) >= _PARTED and len(short) >= _SHORTEST_PART else ""


def _character_level(left: str, right: str) -> str:
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    if len(differing) == 1:
        kind = _confusion(*differing[0])
        if kind:
            return kind
    if left[1:] == right[1:] and len(left) > _SHORTEST_GIVEN:
        return "surname_changed"
    return _long_level(left, right)


def _long_level(left: str, right: str) -> str:
    if min(len(left), len(right)) < _LONG:
        return "different"
    return "long_one_edit" if Levenshtein.distance(left, right, score_cutoff=1) <= 1 else "different"


def _fits(left: str, right: str) -> bool:
    """A wildcard stands for one character; a run of them may be the bytes of one, or of the dot in a long name."""
    return any(_fits_as_is(a, b) for a in _readings(left) for b in _readings(right))


def _readings(key: str) -> tuple[str, ...]:
    dotless = _RUN.sub("", key)
    return (key, _RUN.sub(WILDCARD, key), *([dotless] if len(dotless) >= _DOTTED else ()))


def _fits_as_is(left: str, right: str) -> bool:
    if len(left) != len(right):
        return False
    pairs = list(zip(left, right, strict=True))
    known = [a == b for a, b in pairs if WILDCARD not in (a, b)]
    return bool(known) and all(known) and len(pairs) - len(known) <= 1


def _confusion(a: str, b: str) -> str:
    """Which table says that these two characters are taken for each other; empty when none does."""
    for level, pairs in _confusions():
        if (a, b) in pairs:
            return level
    return ""


@cache
def _confusions() -> tuple[tuple[str, frozenset[tuple[str, str]]], ...]:
    return (
        ("variant", _both_ways(_variant_pairs())),
        ("homophone", _both_ways(_columns("homophones.parquet"))),
        ("look_alike", _both_ways(_columns("shape_confusions.csv"))),
    )


def _columns(name: str) -> Iterable[tuple[str, str]]:
    source = table(name)
    return zip(source["char"].to_pylist(), source["alt"].to_pylist(), strict=True)


def _both_ways(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    both = list(pairs)
    return frozenset(both + [(b, a) for a, b in both])


def _variant_pairs() -> list[tuple[str, str]]:
    """Common substitutes (阎/闫). Traditional forms are folded away before, they are the same character."""
    return [(char, alt) for char, alt, kind in _variants() if kind != "trad"] + [("䶮", "龑")]


def _variants() -> Iterable[tuple[str, str, str]]:
    source = table("trad_variant.csv")
    return zip(*(source[name].to_pylist() for name in ("char", "alt", "type")), strict=True)


@cache
def _fold() -> dict[int, str]:
    """Dots to nothing, traditional to simplified, the known private-use code points to their characters."""
    simplified = {ord(alt): char for char, alt, kind in _variants() if kind == "trad"}
    dots = {ord(char): "" for char in table("middle_dot_variants.csv")["char"].to_pylist() if char}
    unknown = {ord(char): WILDCARD for char in _UNKNOWN}
    return simplified | dots | unknown | _private_use()


def _private_use() -> dict[int, str]:
    source = table("pua_map.csv")
    codes = source["pua_cp936_java_gbk"].to_pylist()
    chars = source["char"].to_pylist()
    return {int(code[2:], 16): char for code, char in zip(codes, chars, strict=True) if code and char}


def _is_private(char: str) -> bool:
    return _PRIVATE_USE[0] <= ord(char) <= _PRIVATE_USE[1]
