"""Tests of two values, each a small named function run over distinct pairs of values, never over rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA as OneTurn
from rapidfuzz.distance import JaroWinkler, Levenshtein
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from pipelines.s4_link.scoring.coding import NONE, Codes, Column
from pipelines.s4_link.scoring.keys import KEYS
from pipelines.s4_link.scoring.schema import Call

Truths = npt.NDArray[np.bool_]
Synonyms = Mapping[str, frozenset[str]]
Test = Callable[[Column, Codes, Codes, int, Synonyms], Truths]
_HUNDRED = 100


def holds(call: Call, column: Column, left: Codes, right: Codes, synonyms: Synonyms) -> Truths:
    """For each pair of value codes: does the test hold."""
    if call.name.startswith(SAME):
        return _same_key(Call(name=call.name[len(SAME) :], number=call.number), column, left, right)
    return TESTS[call.name](column, left, right, call.number, synonyms)


def is_known(name: str) -> bool:
    return name in TESTS or (name.startswith(SAME) and name[len(SAME) :] in KEYS)


def _same_key(call: Call, column: Column, left: Codes, right: Codes) -> Truths:
    """Both values have the key, and it is the same (`same_year`, `same_first(3)`, `same_soundex`)."""
    keys = column.single(call)
    found: Truths = (keys[left] == keys[right]) & (keys[left] != NONE)
    return found


def _equal(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    found: Truths = left == right
    return found


def _jaro_winkler(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    texts = column.texts
    scores = cpdist(texts[left], texts[right], scorer=JaroWinkler.similarity, score_cutoff=number / _HUNDRED)
    found: Truths = scores > 0
    return found


def _edits(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """At most so many insertions, deletions or substitutions."""
    texts = column.texts
    found: Truths = (
        cpdist(texts[left], texts[right], scorer=Levenshtein.distance, score_cutoff=number) <= number
    )
    return found


def _typos(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """At most so many edits, two neighbours exchanged counting as one."""
    texts = column.texts
    found: Truths = cpdist(texts[left], texts[right], scorer=OneTurn.distance, score_cutoff=number) <= number
    return found


def _similar(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """rapidfuzz ratio of at least so many hundredths."""
    texts = column.texts
    found: Truths = cpdist(texts[left], texts[right], scorer=ratio, score_cutoff=number) > 0
    return found


def _begins(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """One value is how the other begins, over at least so many characters: a cut value, an initial."""
    first = column.single(Call(name="first", number=1))
    found: Truths = first[left] == first[right]
    at = np.flatnonzero(found)
    texts = np.array([value.rstrip(".") for value in column.values] or [""], dtype=object)
    pairs = zip(texts[left[at]].tolist(), texts[right[at]].tolist(), strict=True)
    found[at] = [
        (a.startswith(b) and len(b) >= number) or (b.startswith(a) and len(a) >= number) for a, b in pairs
    ]
    return found


def _within(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """Both are whole numbers at most so far apart."""
    values = np.array([_whole(value) for value in column.values] or [np.nan])
    with np.errstate(invalid="ignore"):
        found: Truths = np.abs(values[left] - values[right]) <= number
    return found


def _years_within(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    values = np.array([_whole(value[:4]) for value in column.values] or [np.nan])
    with np.errstate(invalid="ignore"):
        found: Truths = np.abs(values[left] - values[right]) <= number
    return found


def _whole(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() else np.nan


def _date_parts(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """At least so many of year, month and day are equal."""
    calls = [Call(name=part, number=0) for part in ("year", "month", "day")]
    equal = [_same_key(call, column, left, right) for call in calls]
    found: Truths = np.sum(equal, axis=0) >= number
    return found


def _day_month_swapped(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    turned = np.array([_turned(value) for value in column.values], dtype=object)
    plain = np.array([value.replace("-", "").replace("/", "") for value in column.values], dtype=object)
    found: Truths = turned[left] == plain[right]
    return found


def _turned(text: str) -> str:
    """A date's digits with month and day exchanged; never equal to a plain value when there is no date."""
    digits = text.replace("-", "").replace("/", "")
    return digits[:4] + digits[6:8] + digits[4:6] if len(digits) == len("yyyymmdd") else "no date"


def _synonym(column: Column, left: Codes, right: Codes, number: int, synonyms: Synonyms) -> Truths:
    """The schema lists the two values together (thomas, tom)."""
    texts = column.texts
    pairs = zip(texts[left].tolist(), texts[right].tolist(), strict=True)
    nobody: frozenset[str] = frozenset()
    return np.array([b in synonyms.get(a, nobody) for a, b in pairs], dtype=np.bool_)


SAME = "same_"
TESTS: Mapping[str, Test] = {
    "equal": _equal,
    "jaro_winkler": _jaro_winkler,
    "edits": _edits,
    "typos": _typos,
    "similar": _similar,
    "begins": _begins,
    "within": _within,
    "years_within": _years_within,
    "date_parts": _date_parts,
    "day_month_swapped": _day_month_swapped,
    "synonym": _synonym,
}
TESTS_WITH_NUMBER = frozenset(
    {"jaro_winkler", "edits", "typos", "similar", "begins", "within", "years_within", "date_parts"}
)
