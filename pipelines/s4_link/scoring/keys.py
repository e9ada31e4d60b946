"""Small named functions that make a value a key part: the same key, the same block (or the same level)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import combinations

_WORD = re.compile(r"[^\W_]+")
_NOT_DIGIT = re.compile(r"\D+")
_YEAR, _MONTH, _DAY = slice(0, 4), slice(4, 6), slice(6, 8)
_DATE_DIGITS = 8
_SOUNDS = {letter: code for code, group in enumerate(
    ("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1) for letter in group}  # fmt: skip
_SOUNDEX = 4
_SHORT_WORD = 3  # shorter words (of, le, dr) hold no name

KeyOf = Callable[[str, int], tuple[str, ...]]


def words(text: str) -> tuple[str, ...]:
    """The runs of letters and digits, in order, each once."""
    return tuple(dict.fromkeys(_WORD.findall(text.lower())))


def soundex(text: str) -> str:
    """American Soundex of the first word's Latin letters: letter and three figures."""
    letters = [letter for letter in text.lower() if "a" <= letter <= "z"]
    if not letters:
        return ""
    codes = [_SOUNDS.get(letter, 0) for letter in letters]
    kept, last = [], codes[0]
    for letter, code in zip(letters[1:], codes[1:], strict=True):
        if code and code != last:
            kept.append(str(code))
        if letter not in "hw":
            last = code
    return (letters[0] + "".join(kept) + "000")[:_SOUNDEX]


def date_digits(text: str) -> str:
    """yyyymmdd of a date written year first; empty when it has another number of digits."""
    digits = _NOT_DIGIT.sub("", text)
    return digits if len(digits) == _DATE_DIGITS else ""


def _one(key: Callable[[str, int], str]) -> KeyOf:
    """A function with one answer; an empty answer is no key."""

    def answers(text: str, number: int) -> tuple[str, ...]:
        found = key(text, number)
        return (found,) if found else ()

    return answers


def _date_part(part: slice) -> KeyOf:
    return _one(lambda text, _: date_digits(text)[part])


def _long_words(text: str, least: int) -> tuple[str, ...]:
    return tuple(word for word in words(text) if len(word) >= (least or _SHORT_WORD))


def _word_pairs(text: str, least: int) -> tuple[str, ...]:
    """Every two words of the text, in alphabetical order."""
    return tuple(" ".join(two) for two in combinations(sorted(_long_words(text, least)), 2))


def _deletions(text: str, _: int) -> tuple[str, ...]:
    """The text, and the text without any one character: two texts one edit apart share one of them."""
    return tuple(dict.fromkeys((text, *(text[:at] + text[at + 1 :] for at in range(len(text))))))


def _postcode_area(text: str, _: int) -> str:
    """A British outward code: `tq13 8df` → `tq13`."""
    return text.split(" ", maxsplit=1)[0]


KEYS: Mapping[str, KeyOf] = {
    "exact": _one(lambda text, _: text),
    "lower": _one(lambda text, _: text.lower().strip()),
    "first": _one(lambda text, number: text[:number]),
    "last": _one(lambda text, number: text[-number:]),
    "cut": _one(lambda text, number: text[:-number] if len(text) > number else ""),
    "year": _date_part(_YEAR),
    "month": _date_part(_MONTH),
    "day": _date_part(_DAY),
    "month_day": _one(lambda text, _: date_digits(text)[4:]),
    "year_month": _one(lambda text, _: date_digits(text)[:6]),
    "year_day": _one(lambda text, _: date_digits(text)[:4] + date_digits(text)[6:]),
    "soundex": _one(lambda text, _: soundex(text)),
    "word": _long_words,
    "word_sound": lambda text, least: tuple(
        dict.fromkeys(soundex(word) for word in _long_words(text, least))
    ),
    "word_pair": _word_pairs,
    "sorted_words": _one(lambda text, _: " ".join(sorted(words(text)))),
    "digits": _one(lambda text, _: _NOT_DIGIT.sub("", text)),
    "postcode_area": _one(_postcode_area),
    "deletions": _deletions,
}
NEEDS_NUMBER = frozenset({"first", "last", "cut"})
